"""Links that open a web page at the cited words, by text fragments.

The syntax is ``#:~:text=[prefix-,]start[,end][,-suffix]`` of the WICG's "URL Fragment Text Directives"
(https://wicg.github.io/scroll-to-text-fragment/). A browser goes to the first match: in either case, of
complete words, each part within one block of the page; only white space may separate a part from its context.

Chromium looks for a part up to the next line break, floated letter, inline block, button, ruby, aside or
words for screen readers alone; only the two ends of a range may have one between them. Of these borders, the
text of a document shows lines alone. So a passage is told by few first and last words, each within a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import quote

from askbrief.types import Answer, Citation, Source, seconds_of

ENDS = ((2, 1), (3, 1), (4, 2), (6, 6), (10, 10), (20, 20))
"""First and last words of a range: the fewest that make the passage unique on the page are used. The first
tell where it is, the last only how far it goes; each word more may be beyond a border."""

LEAST = 10
"""Fewest characters of two first words: shorter ones may also be in what a document leaves out of a page."""

SHORT = 6
"""A passage of fewer words in one line is given in full."""

LONGEST = 300
"""Most characters of a passage that is given in full since its ends are not unique."""

AROUND = (2, 4, 8, 16, 32)
"""Words of context, if the passage alone is not unique."""

_DIRECTIVE = ":~:"
_LINE = r"\n| \| (?:[^|:\n]{1,60}: )?"
_LINES = re.compile(_LINE)
"""Separators of lines; “ | ” separates the cells of a table row, with the heading of its column, which isn't
beside the cell on the page."""
_MARKS = re.compile(rf"{_LINE}|[\"“”«»„‟]|(?<!\w)['‘‚‹]|['’›](?!\w)|(?<!\S)\S{{0,40}}[\^⁰¹²³⁴-⁹]\S*")
"""The same, and what the page may not have as text: the marks of ``<q>``, which the browser adds, powers."""
_UNSURE = re.compile(rf"{_MARKS.pattern}|(?<!\S)[^\w\s]+(?!\S)|[.,;:!?…]+(?=[\"'“”’)\s]*\Z)")
"""The same, bullets and dashes, and the last period, before which a link may end."""
_OPENS_ARTICLE = 3
"""Paragraphs before the article at most: title, standfirst and byline."""
_SENTENCE_END = re.compile(r"""[.!?…]["'”’)]*\s*\Z""")
_BLOCKS = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\w")
_CELLS = re.compile(r" \|(?: [^|:\n]{1,60}:)?(?: |$)")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The four parts of a directive, in the page's words; empty if omitted."""

    prefix: str
    start: str
    end: str
    suffix: str

    def __str__(self) -> str:
        parts = (
            f"{_encoded(self.prefix)}-" if self.prefix else "",
            _encoded(self.start),
            _encoded(self.end),
            f"-{_encoded(self.suffix)}" if self.suffix else "",
        )
        return ",".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's words in one case with single spaces, and the extent of the passage in them."""

    text: str
    start: int
    end: int

    @classmethod
    def of(cls, text: str, before: str, after: str) -> _Page:
        """The page with the passage ``text`` between ``before`` and ``after``."""
        head = _folded(before) + " " * (before[-1:].isspace() or text[:1].isspace())
        tail = " " * (text[-1:].isspace() or after[:1].isspace()) + _folded(after)
        passage = _folded(text)
        return cls(head + passage + tail, len(head), len(head) + len(passage))

    def only_match(self, parts: _Parts) -> bool:
        """Whether ``parts`` match the passage, nothing else, and nothing shorter."""
        first = self.start - self._length(parts.prefix, self.text[: self.start])
        last = self.end + self._length(parts.suffix, self.text[self.end :])
        if not parts.end:
            return self._once(first, last)
        opened = self.start + len(_folded(parts.start))
        closing = self.text[self.end - len(_folded(parts.end)) : last]
        after = next(_places(self.text, closing, opened), -1)
        return self._once(first, opened) and after + len(closing) == last

    def _length(self, context: str, beside: str) -> int:
        """The number of characters of a context, with the space between it and the passage."""
        spaced = beside[-1:] == " " or beside[:1] == " "
        return len(_folded(context)) + spaced if context else 0

    def _once(self, start: int, end: int) -> bool:
        """Whether the text of this extent occurs neither before it nor after the passage."""
        words = self.text[start:end]
        behind = _places(self.text, words, max(start, self.end - len(words)) + 1)
        return next(_places(self.text, words), None) == start and next(behind, None) is None


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage in pieces that ``borders`` do not cross, and its surroundings."""

    pieces: list[str]
    text: str
    before: str
    after: str
    borders: re.Pattern[str]

    @classmethod
    def of(cls, text: str, before: str, after: str, borders: re.Pattern[str], skip: int = 0) -> _Passage:
        """The passage without what ``borders`` match at its ends, and without its first ``skip`` words."""
        edges = [0, *(edge for found in borders.finditer(text) for edge in found.span()), len(text)]
        spans = [span for span in zip(edges[::2], edges[1::2], strict=True) if _WORD.search(text, *span)]
        if not spans:
            return cls([text], text, before, after, borders)
        first, end = spans[0][0], spans[-1][1]
        words = list(re.finditer(r"\S+", text[first : spans[0][1]]))
        if skip < len(words):
            first += words[skip].start()
        pieces = [text[first : spans[0][1]], *(text[slice(*span)] for span in spans[1:])]
        return cls(pieces, text[first:end], before + text[:first], text[end:] + after, borders)

    @property
    def page(self) -> _Page:
        """The page that the passage is on."""
        return _Page.of(self.text, self.before, self.after)

    def ranges(self) -> Iterator[_Parts]:
        """More and more of the first and last words; at last all words of a line, and no end."""
        first, last = self.pieces[0].split(), self.pieces[-1].split()
        alone = len(self.pieces) == 1
        if not alone or len(first) >= SHORT:
            most = len(first) // 2 if alone else len(first) + len(last)  # the two must not overlap
            for opening, closing in ENDS:
                start = " ".join(first[: min(opening, most)]).rstrip(",;:")
                if len(start) >= LEAST or opening > ENDS[0][0]:
                    yield _Parts("", start, " ".join(last[-min(closing, most) :]), "")
        if alone and (len(self.text) <= LONGEST or len(first) == 1):
            yield _Parts("", " ".join(first), "", "")

    def contexts(self) -> Iterator[_Parts]:
        """The ranges with more and more of the words around them."""
        prefix, suffix = (
            self.borders.split(line)[place].split()
            for line, place in ((_line(self.before, -1), -1), (_line(self.after, 0), 0))
        )
        for parts, count in product(self.ranges(), AROUND):
            left, right = " ".join(prefix[-count:]), " ".join(suffix[:count])
            yield replace(parts, prefix=left)
            yield replace(parts, suffix=right)
            yield replace(parts, prefix=left, suffix=right)


def link(url: str, text: str, before: str = "", after: str = "") -> str:
    """``url`` with a text fragment for ``text``, which is between ``before`` and ``after`` on the page.

    A passage is given by its first and last words, the fewest that are unique on the page, without quotation
    marks around it and, where an article begins, without the first word, which may have a drop cap. If these
    are not unique, the words around it are added, up to a quotation mark, which the browser may have added;
    then the marks, and words beyond them; all of them if nothing makes it unique. A fragment of ``url`` is
    kept, without its text directive.
    """
    if not text.strip():
        return url
    base, _, fragment = url.partition("#")
    return f"{base}#{fragment.partition(_DIRECTIVE)[0]}{_DIRECTIVE}text={_parts(text, before, after)}"


def _parts(text: str, before: str, after: str) -> _Parts:
    """The shortest directive that matches the passage alone; the longest if none does."""
    surely = _Passage.of(text, before, after, _UNSURE, skip=_has_drop_cap(text, before))
    marked = _Passage.of(text, before, after, _MARKS)
    lined = _Passage.of(text, before, after, _LINES)
    parts = _Parts("", text, "", "")
    for passage, tried in (
        (surely, surely.ranges()),
        (marked, marked.contexts()),
        (lined, lined.ranges()),
        (lined, lined.contexts()),
    ):
        page = passage.page
        for parts in tried:
            if page.only_match(parts):
                return parts
    return parts


def _has_drop_cap(text: str, before: str) -> bool:
    """Whether the passage may begin with a letter of its own: it opens the article, or follows a heading."""
    blocks = [block for block in _BLOCKS.split(before) if block.strip()]
    opens = not blocks or not _BLOCKS.split(before)[-1].strip()
    begins = len(blocks) <= _OPENS_ARTICLE or not _SENTENCE_END.search(blocks[-1])
    return opens and begins and len(text.split()) > SHORT and not _CELLS.search(text)


def linked(answer: Answer, text_of: Callable[[str], str]) -> Answer:
    """The answer with links in its citations of web pages; ``text_of`` returns the text of a document id.

    The link to a recording has the time of the passage (W3C, "Media Fragments URI 1.0").
    """
    return replace(answer, citations=tuple(_linked(citation, text_of) for citation in answer.citations))


def is_web(source: str) -> bool:
    """Whether a document's source is the address of a web page."""
    return source.lower().startswith(("http://", "https://"))


def _linked(citation: Citation, text_of: Callable[[str], str]) -> Citation:
    address = page_address(citation.document)
    if address is None:
        return citation
    text = "" if citation.time else text_of(citation.document.id)
    opened = link_to(citation.document, text, citation.start, citation.end, citation.time)
    return replace(citation, link=opened)


def page_address(document: Source) -> str | None:
    """The address of a document that is a web page; None for any other."""
    url = document.url or document.source
    return url if is_web(url) else None


def link_to(document: Source, text: str, start: int, end: int, time: str | None) -> str | None:
    """What opens a web page at an extent of its ``text``, or a recording at a time; None if the document is
    not on the web."""
    url = page_address(document)
    if url is None:
        return None
    if time:
        return f"{url.partition('#')[0]}#t={seconds_of(time)}"
    return link(url, text[start:end], text[:start], text[end:])


def _line(text: str, place: int) -> str:
    """The text of the first line that is not blank (``place`` 0) or of the last (-1), and there of one cell.

    A part must lie within one block, and a line is never in two blocks.
    """
    lines = text.strip().splitlines() or [""]
    return _CELLS.split(lines[place])[place]


def _encoded(part: str) -> str:
    """A part, percent-encoded, including ``-``, ``,`` and ``&``."""
    return quote(part, safe="").replace("-", "%2D")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _places(text: str, words: str, start: int = 0) -> Iterator[int]:
    """The offsets of ``words`` in ``text`` from ``start`` on, at word boundaries."""
    at = text.find(words, start)
    while at >= 0:
        if _bounded(text, at) and _bounded(text, at + len(words)):
            yield at
        at = text.find(words, at + 1)


def _bounded(text: str, at: int) -> bool:
    """Whether this offset is not inside a word."""
    return not (text[at - 1 : at].isalnum() and text[at : at + 1].isalnum())
