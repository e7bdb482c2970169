"""Updated stories: what a later version of a cited document, or a correction in it, says instead.

A later version is dated or numbered after the document, and is a copy of it, an update of it by its words or
headline, or has the same identifier of an agency. What a later version says instead is cited first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from askbrief.text import are_versions, sketch
from askbrief.text import near_copies as copies
from askbrief.text.words import bare_answer, words
from askbrief.types import Citation, Document, Hit, Sentence, Source

LONGEST = 50_000
"""Characters of a text that may be a story; longer ones have no versions."""

LATEST = 30
"""Days within which a story is updated."""

MOST_SAID = 160
"""Characters of a sentence of the later version that are shown."""

_BEFORE = re.compile(
    r"(?:\W*(?:UPDATE|WRAPUP|CORRECT(?:ED|ION|S)|REFILE|RECASTS?|RPT|LEAD|ADDS?|Updated?|Correct(?:ed|ion|s)|Lead)"
    r"\s*(?P<number>\d{1,2})?\s*[-–—:]+\s*)+"
)
_AFTER = re.compile(
    r"\s*[\[(](?:(?P<number>\d{1,2})(?:st|nd|rd|th)\s+)?"
    r"(?:lead|ld|updated?|corrected|correction|writethru)\b[^\])]{0,20}[\])]\W*$",
    re.IGNORECASE,
)
"""What agencies write before or after the headline of a later version: "UPDATE 1-", "(2nd lead)"."""


_CORRECTION = re.compile(r"\W*(?:correct(?:ion|ed)|clarification|editor['’]s note|amended)\b", re.IGNORECASE)
_EARLIER = re.compile(
    r"[^.!?]*\b(?:(?:earlier|previous|original) (?:version|story|report)|misstated|incorrectly|wrongly)\b"
    r".*?[.!?][”\"’']*(?:\s+|$)",
    re.IGNORECASE | re.DOTALL,
)
"""A paragraph that corrects a story, and the sentence in it that repeats what was wrong."""


class Edition(NamedTuple):
    """What sorts the versions of a story: the day, then the number of the version on it."""

    day: str
    number: int


class Change(NamedTuple):
    """What a later version says instead: the answer or the sentence there, the citation of it if it was read,
    and how the version is called."""

    said: str
    citation: Citation | None
    version: str


class Stories:
    """Finds later versions: ``hits`` are those of the question, ``copied`` gives the passages of a document's
    copies, ``document`` the document with an id."""

    def __init__(
        self,
        hits: Sequence[Hit],
        copied: Callable[[str], Sequence[tuple[Hit, bool]]],
        document: Callable[[str], Document],
    ) -> None:
        self._hits = hits
        self._copied = copied
        self._document = document
        self._known: dict[tuple[str, str], bool] = {}

    def change(self, citation: Citation, known: Sequence[Citation]) -> Change | None:
        """What the newest version that has the cited statement, or a correction below it, says instead; None
        if nothing does.

        ``known`` are the citations among which that of the newest version may be.
        """
        if citation.answer is None:
            return None
        return self._in_later_version(citation, known) or self._corrected(citation, known)

    def _corrected(self, citation: Citation, known: Sequence[Citation]) -> Change | None:
        """What a correction in the document itself says instead, if it names the cited answer as wrong."""
        document = self._document(citation.document.id)
        for start, end in document.paragraphs:
            text = document.text[start:end]
            wrong = _EARLIER.search(text) if _CORRECTION.match(text) else None
            if wrong is None or wrong.end() == len(text):
                continue
            right = start + wrong.end()
            outside = not start <= citation.start < end
            if start <= citation.start < right or (outside and _has(wrong[0], citation)):
                later = (c for c in known if c.document.id == document.id and right <= c.start < end)
                instead = next(later, None)
                said = instead.answer.text if instead and instead.answer else text[wrong.end() :]
                return Change(_shortened(said), instead, "a correction of the story")
        return None

    def _in_later_version(self, citation: Citation, known: Sequence[Citation]) -> Change | None:
        for hit, sentence in self._counterparts(citation):
            text = hit.slice(sentence.start, sentence.end)
            if _says(text, citation):
                return None
            instead = next((each for each in known if _cites(each, hit.document, sentence)), None)
            said = instead.answer.text if instead and instead.answer else _shortened(text)
            return Change(said, instead, _called(hit.document, citation.document))
        return None

    def _counterparts(self, citation: Citation) -> Iterator[tuple[Hit, Sentence]]:
        """The sentences of later versions that were made from the cited ones, those of the newest first."""
        for hit in self._later(citation.document):
            for sentence in hit.sentences:
                if copies.alike(hit.slice(sentence.start, sentence.end), citation.text):
                    yield hit, sentence

    def _later(self, cited: Source) -> list[Hit]:
        """The passages of later versions of a document, those of the newest first."""
        own = self._edition(cited)
        copied = [hit for hit, _ in self._copied(cited.id)]
        ids = {hit.document.id for hit in copied} | {cited.id}
        others = [hit for hit in self._hits if hit.document.id not in ids]
        found = [hit for hit in copied if self._follows(hit.document, own)]
        found += [
            hit for hit in others if self._follows(hit.document, own) and self._updates(hit.document, cited)
        ]
        return sorted(found, key=lambda hit: self._edition(hit.document), reverse=True)

    def _follows(self, other: Source, own: Edition) -> bool:
        """Whether a document is of a later edition, and not too late. Only days are compared."""
        try:
            days = (date.fromisoformat(other.date or "") - date.fromisoformat(own.day)).days
        except ValueError:
            return False
        return 0 <= days <= LATEST and self._edition(other) > own

    def _edition(self, source: Source) -> Edition:
        """The edition; the number of an agency's version comes before that in the headline."""
        number = self._document(source.id).details.get("version", "")
        return Edition(source.date or "", int(number)) if number.isdecimal() else edition(source)

    def _updates(self, later: Source, earlier: Source) -> bool:
        pair = later.id, earlier.id
        if pair not in self._known:
            self._known[pair] = is_update(self._document(later.id), self._document(earlier.id))
        return self._known[pair]


def is_update(later: Document, earlier: Document) -> bool:
    """Whether one document is a version of another that is dated before it."""
    guid = later.details.get("guid")
    if guid and guid == earlier.details.get("guid"):
        return True
    if max(len(later.text), len(earlier.text)) > LONGEST:
        return False
    new, old = _headline(later.title), _headline(earlier.title)
    marked = edition(Source.of(later)).number > 0
    same = marked and bool(old) and (new.startswith(old) or copies.alike(new, old))
    return same or are_versions(sketch(later.text), sketch(earlier.text))


def edition(source: Source) -> Edition:
    """The day of a document, and the number of its version by its headline."""
    found = _BEFORE.match(source.title) or _AFTER.search(source.title)
    return Edition(source.date or "", int(found["number"] or 1) if found else 0)


def _headline(title: str) -> str:
    """The words of a headline, without what agencies add to that of a later version."""
    return copies.core(_AFTER.sub("", _BEFORE.sub("", title, count=1)))


def _says(text: str, citation: Citation) -> bool:
    """Whether a sentence of a later version has the cited answer, or differs in no number and no name."""
    return _has(text, citation) or copies.claims(text) == copies.claims(citation.text)


def _has(text: str, citation: Citation) -> bool:
    """Whether a text has the words of the cited answer."""
    answer = bare_answer(citation.answer.text) if citation.answer else ""
    return f" {answer} " in f" {' '.join(words(text))} "


def _cites(citation: Citation, document: Source, sentence: Sentence) -> bool:
    touches = citation.start < sentence.end and sentence.start < citation.end
    return citation.document.id == document.id and touches


def _called(later: Source, earlier: Source) -> str:
    if later.date == earlier.date or later.date is None:
        return f"the later version “{later.title}”"
    day = date.fromisoformat(later.date)
    year = "" if (earlier.date or "")[:4] == later.date[:4] else f", {day.year}"
    return f"the version of {day:%B} {day.day}{year}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_SAID else line[:MOST_SAID].rsplit(" ", 1)[0] + "…"
