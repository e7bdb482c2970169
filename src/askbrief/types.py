"""The records that travel through askbrief.

Offsets everywhere count Unicode characters in the document's text, and every extent is half open:
``text[start:end]``. Paragraphs, and sentences within a paragraph, are numbered from 1, as people count.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as _date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:  # numpy is imported by the stages that compute, never by the command line
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]


class Shown:
    """What can be written down as JSON, as its command does with ``--json``, and is shown in notebooks."""

    __slots__ = ()

    def to_json(self) -> str:
        """The JSON that the command prints, on one line."""
        return str(_presenter().as_json(self))

    def _repr_markdown_(self) -> str:
        return str(_presenter().as_markdown(self))


def _presenter() -> Any:
    """What writes records down is above them, and imported when it is asked for."""
    return import_module("askbrief.present.records")


Extent: TypeAlias = tuple[int, int]
"""Start and end of a piece of a document's text, in characters, half open."""


Origin: TypeAlias = Literal[
    "front matter", "field", "metadata", "feed", "address", "path", "text", "file", "capture"
]
"""What tells the date of a document: YAML above Markdown, a record's field, what a format keeps of itself, a
feed, the page's address, the file's path, a line of the text, when the file was made, or, as a last resort,
when a crawler captured the page."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the archive, decoded, with where its paragraphs lie.

    Of plain text and Markdown, ``text`` is the decoded file itself, never a cleaned copy, so that a citation
    can be checked with one slice; of every other format it is what the format's reader took out of the file.
    ``sha256`` is the digest of ``text`` as UTF-8. ``paragraphs`` are in order, do not overlap, and leave out
    what is not prose (blank lines, markup fences, front matter, headings that a reader took out of markup).
    ``pages`` is where each page of a paged document begins in ``text``, empty for documents without pages.
    ``language`` is the code of one that is not written in English (ISO 639-1), None for one that is.
    ``date`` is as precise as it is known (ISO 8601: ``2024-05-03``, ``2024-05`` or ``2024``), and ``dated``
    what told it; None where that was not kept. ``details`` are what an agency says of an item beside that:
    its ``guid``, version, status, slug, dateline, urgency and embargo, as far as they are given. ``times`` is
    where each cue of a recording begins in ``text``, and when, in milliseconds.
    """

    id: str
    source: str
    title: str
    text: str
    sha256: str
    paragraphs: tuple[Extent, ...]
    date: str | None = None
    url: str | None = None
    author: str | None = None
    site: str | None = None
    pages: tuple[int, ...] = ()
    language: str | None = None
    dated: Origin | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    times: tuple[tuple[int, int], ...] = ()


Precision: TypeAlias = Literal["day", "month", "year"]


def precision(date: str) -> Precision:
    """How precise an ISO date is."""
    return "day" if len(date) == len("2024-05-03") else "month" if len(date) == len("2024-05") else "year"


def days_of(date: str) -> tuple[str, str]:
    """The first and the last day that an ISO date may be. Raises ValueError for what is none."""
    first = _date.fromisoformat(f"{date}-01-01"[:10])
    match precision(date):
        case "day":
            last = first
        case "month":
            last = first.replace(day=monthrange(first.year, first.month)[1])
        case "year":
            last = first.replace(month=12, day=31)
    return first.isoformat(), last.isoformat()


def page_of(pages: Sequence[int], start: int) -> int | None:
    """The number, from 1, of the page with the character at ``start``; None without pages.

    It is the number that opens the page in a viewer (``file.pdf#page=3``), whatever is printed on it. What
    comes before the first page is on it.
    """
    return max(1, bisect_right(pages, start)) if pages else None


def time_of(times: Sequence[tuple[int, int]], start: int) -> str | None:
    """When the cue begins in which the character at ``start`` stands, as 00:01:04.500; None without cues."""
    if not times:
        return None
    place = bisect_right(times, start, key=lambda cue: cue[0])
    return time_code(times[max(place, 1) - 1][1])


def time_code(milliseconds: int) -> str:
    """A time as 00:01:04.500."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def seconds_of(time: str) -> int:
    """The whole seconds of a time code (00:01:04.500, 1:04)."""
    total = 0
    for part in time.partition(".")[0].split(":"):
        total = 60 * total + int(part)
    return total


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place: its extent, its paragraph, its number there, and who speaks, if named."""

    start: int
    end: int
    paragraph: int
    number: int
    speaker: str | None = None


Kind: TypeAlias = Literal["direct", "mixed", "indirect"]
"""Whether words are within marks, in part, or in the reporter's own."""

Polarity: TypeAlias = Literal["said", "denied", "asked", "attitude"]
"""What the cue says of its content: that the speaker says, denies or asks it, or only what the speaker thinks
of it: hopes for it, opposes it."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a document has somebody say: where its content, its cue and the words for its speaker stand.

    ``start`` and ``end`` bound the content; of a direct quotation, the words between its marks. One that its
    cue interrupts is two. ``speaker`` is where the words are that name who speaks (“Kirby”, “He”), None if
    none do; ``name`` is the fullest form of that name in the document, None if it is not sure, and
    ``role`` the words beside it for the office. ``sentences`` are the first and last numbers within
    ``paragraph``, of all the sentences that the content touches.
    """

    start: int
    end: int
    kind: Kind
    polarity: Polarity
    cue: Extent
    speaker: Extent | None
    name: str | None
    role: str | None
    paragraph: int
    sentences: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quoted(Shown):
    """A quotation with its document, and with its words as they are there: those of the content, of the
    cue, for the speaker, and of all the sentences that it touches."""

    quotation: Quotation
    document: Source
    text: str
    cue: str
    speaker: str | None
    within: str

    @classmethod
    def of(cls, quotation: Quotation, document: Source, text: str, within: Extent) -> Quoted:
        """With the words cut out of the document's ``text``."""
        speaker = None if quotation.speaker is None else text[slice(*quotation.speaker)]
        content = text[quotation.start : quotation.end]
        return cls(quotation, document, content, text[slice(*quotation.cue)], speaker, text[slice(*within)])


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whom the archive quotes: the fullest name, all its forms, one of the roles that are given,
    how many quotations in how many documents, and the first and the last of their days."""

    name: str
    forms: tuple[str, ...]
    role: str
    quotations: int
    documents: int
    since: str | None
    until: str | None


Ranking: TypeAlias = list[tuple[int, float]]
"""Passage ids with scores, best first."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences, ``sentences[first:last]`` of its document, that is embedded as one."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation says of the document that it cites; ``language`` only of one that is not English.
    ``dated`` is what told the date: of “capture”, it is the day on which a crawler saved the page."""

    id: str
    title: str
    source: str
    date: str | None
    sha256: str
    url: str | None = None
    language: str | None = None
    dated: Origin | None = None

    @classmethod
    def of(cls, document: Document) -> Source:
        """What a citation says of a document."""
        about = (document.id, document.title, document.source, document.date, document.sha256)
        return cls(*about, document.url, document.language, document.dated)

    @property
    def day(self) -> str | None:
        """The date as it is shown: one of capture is said to be that."""
        return f"captured {self.date}" if self.dated == "capture" else self.date


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval returned, with the scores that brought it up.

    ``text`` is ``document_text[start:end]``; ``sentences`` carry offsets into the document.
    ``cosine`` is the similarity of question and passage vectors, ``bm25`` the keyword score (0 if
    the passage was not found by keywords), ``score`` what ranking was done by. Documents that are copies of
    one another share a ``duplicate_group``; None if that isn't known. ``pages`` is where the pages of the
    document begin, ``times`` its cues.
    """

    document: Source
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    score: float
    cosine: float = 0.0
    bm25: float = 0.0
    duplicate_group: int | None = None
    pages: tuple[int, ...] = ()
    times: tuple[tuple[int, int], ...] = ()

    def slice(self, start: int, end: int) -> str:
        """The document's text from ``start`` to ``end``, as far as the hit holds it."""
        return self.text[start - self.start : end - self.start]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a hit's text that may answer: extent in the document, and how probably it is right."""

    hit: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The answering words inside a citation."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speech:
    """That a citation is somebody's words, and not the archive's own: how they are given, whether they are
    said, denied or asked, and the words there for who speaks (“Kirby”, “he”, “the ministry”)."""

    kind: Kind
    polarity: Polarity
    by: str | None


@dataclass(frozen=True, slots=True)
class Citation(Shown):
    """Whole sentences of one paragraph, verbatim, with where they are and what in them answers.

    ``sentences`` are the first and last sentence numbers within ``paragraph``. ``link`` opens a web page at
    the passage; None if the document isn't a web page. ``page`` is the one on which the first sentence
    begins, counted from 1; None if the document has no pages. ``copies`` is how many other documents,
    copies of this one, hold the same sentences, and ``also_in`` which: the earliest first, undated ones last.
    ``superseded`` says what a later version of the document has instead, None if none is known to differ.
    ``time`` is when in a recording the cue begins in which the first sentence does, None for a document that
    is no recording.
    ``speech`` says that somebody is quoted in them, ``speaker`` who, if the document names them.
    """

    text: str
    start: int
    end: int
    paragraph: int
    sentences: tuple[int, int]
    answer: AnswerText | None
    speaker: str | None
    score: float
    document: Source
    speech: Speech | None = None
    link: str | None = None
    page: int | None = None
    copies: int = 0
    also_in: tuple[Source, ...] = ()
    superseded: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Answer(Shown):
    """What the archive says on a question; if ``answered`` is false, the nearest passages instead.

    ``sources`` is how many independent documents are cited for the same ``answer``: copies of one document
    are one, and so are documents that share the sentence. ``note`` says what to bear in mind, if anything.
    ``understood`` is the question in full if it leant on the one before. ``digest`` is true if the question
    only named a topic, on which the citations are a sentence each of several documents. ``parts`` are the
    answers to each question of a question that asks several. ``searched`` is how many documents pass the
    filter, None without one; if it is 0, ``note`` says why, and nothing was looked for. ``search`` is a
    query of exact search for the question's words, if it isn't answered.
    """

    question: str
    answered: bool
    confidence: float
    answer: str | None
    citations: tuple[Citation, ...]
    elapsed_ms: dict[str, float] = field(default_factory=dict)
    sources: int = 0
    note: str | None = None
    understood: str | None = None
    digest: bool = False
    parts: tuple[Answer, ...] = ()
    searched: int | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages may be found; None leaves a side open. Dates are ISO days, both inclusive; a document
    of which only the month or the year is known passes if all its days do, one without a date does not.

    ``source`` is a glob over source names; ``names`` are whole names, one of which must be the speaker's: if
    there are none, nothing passes.
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None
    names: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.source) or self.names is not None


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A place in a list of documents by date, undated ones last: that of a document, which may be gone."""

    date: str | None
    source: str


@dataclass(frozen=True, slots=True)
class FilterFit:
    """How many documents pass a filter, names of speakers aside, and what there is otherwise.

    ``named`` have a source name that passes; of these, ``undated`` have no date, and the others are from
    ``first`` to ``last`` (ISO, as they are stored). ``example`` is the source name of one of all
    ``documents``, of one like the wanted if there is any.
    """

    documents: int
    passing: int
    named: int
    undated: int
    first: str | None
    last: str | None
    example: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """A document that a query of exact search matches, and how well its words do (summed BM25)."""

    document: Source
    score: float


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """A sentence in which a query matches: verbatim, with its place, who says it, and the words that match as
    extents of the document's text.

    ``sentences`` are its number within ``paragraph``, twice, as a citation has the first and the last.
    ``page``, ``time`` and ``link`` are those of a citation.
    """

    text: str
    start: int
    end: int
    paragraph: int
    sentences: tuple[int, int]
    marks: tuple[Extent, ...]
    speaker: str | None
    document: Source
    page: int | None = None
    time: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that matches, and all places in it that do, in order; none, if the query has no words."""

    document: Source
    score: float
    places: tuple[SearchPlace, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the documents that match have a value: a month, a source, a speaker. ``query`` is the
    clause that, added to the query, leaves just those; None if no clause does, as for documents without a
    date."""

    value: str
    count: int
    query: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """The documents that match, counted by month (in order, those without a date last), by source and by who
    says the words that match (most first)."""

    months: tuple[Facet, ...]
    sources: tuple[Facet, ...]
    speakers: tuple[Facet, ...]


SearchOrder: TypeAlias = Literal["relevance", "date", "oldest"]
"""Best first, newest first, or oldest first; documents without a date come last."""


@dataclass(frozen=True, slots=True)
class SearchResult(Shown):
    """What exact search found: how many documents match in ``total``, and those from ``offset`` on that were
    asked for. ``facets`` are None if they were not asked for; ``note`` says why a filter lets nothing
    through."""

    query: str
    total: int
    offset: int
    hits: tuple[SearchHit, ...]
    facets: Facets | None = None
    note: str | None = None
    elapsed_ms: float = 0.0


Progress: TypeAlias = Callable[[str, int, int], None]
"""Progress callback (activity, done, total)."""
