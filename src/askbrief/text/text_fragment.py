"""Links that open a web page at the cited words, by text fragments.

The syntax is ``#:~:text=[prefix-,]start[,end][,-suffix]`` of the WICG's "URL Fragment Text Directives"
(https://wicg.github.io/scroll-to-text-fragment/). A browser goes to the first match: in either case, of
complete words, each part within one block of the page; only white space may separate a part from its context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from askbrief.types import Answer, Citation, seconds_of

LONGEST = 300
"""Most characters of a text that is given in full, as in Chrome; a longer one is given by its ends."""

ENDS = (5, 10, 20)
"""Words of either end of a range: the first number that makes the passage unique on the page is used."""

AROUND = (2, 4, 8, 16, 32)
"""Words of context, if the passage alone is not unique."""

_DIRECTIVE = ":~:"
_BLOCKS = re.compile(r"\n\s*\n| \| (?:[^|:\n]{1,60}: )?")
"""Separators of blocks; “ | ” separates the cells of a table row, with the heading of its column, which
isn't beside the cell on the page."""
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


def link(url: str, text: str, before: str = "", after: str = "") -> str:
    """``url`` with a text fragment for ``text``, which is between ``before`` and ``after`` on the page.

    A text of one paragraph is given in full up to ``LONGEST`` characters; a longer one, or one of several
    paragraphs, by its first and last words. Context is added only if the page has more than one match; if no
    context makes it unique, the longest is used. A fragment of ``url`` is kept, without its text directive.
    """
    if not text.strip():
        return url
    page = _Page.of(text, before, after)
    parts = _Parts("", "", "", "")
    for parts in _attempts(text, before, after):
        if page.only_match(parts):
            break
    base, _, fragment = url.partition("#")
    return f"{base}#{fragment.partition(_DIRECTIVE)[0]}{_DIRECTIVE}text={parts}"


def linked(answer: Answer, text_of: Callable[[str], str]) -> Answer:
    """The answer with links in its citations of web pages; ``text_of`` returns the text of a document id.

    The link to a recording has the time of the passage (W3C, "Media Fragments URI 1.0").
    """
    return replace(answer, citations=tuple(_linked(citation, text_of) for citation in answer.citations))


def is_web(source: str) -> bool:
    """Whether a document's source is the address of a web page."""
    return source.lower().startswith(("http://", "https://"))


def _linked(citation: Citation, text_of: Callable[[str], str]) -> Citation:
    url = citation.document.url or citation.document.source
    if not is_web(url):
        return citation
    if citation.time:
        return replace(citation, link=f"{url.partition('#')[0]}#t={seconds_of(citation.time)}")
    text = text_of(citation.document.id)
    before, after = text[: citation.start], text[citation.end :]
    return replace(citation, link=link(url, citation.text, before, after))


def _attempts(text: str, before: str, after: str) -> Iterator[_Parts]:
    """Directives for a passage, the shortest first: with more of its words, then with more context."""
    blocks = [block.split() for block in _BLOCKS.split(text) if block.strip()]
    prefix, suffix = _line(before, -1), _line(after, 0)
    start, end = "", ""
    for start, end in _ends(blocks):
        yield _Parts("", start, end, "")
    for count in AROUND:
        left, right = " ".join(prefix[-count:]), " ".join(suffix[:count])
        yield _Parts(left, start, end, "")
        yield _Parts("", start, end, right)
        yield _Parts(left, start, end, right)


def _ends(blocks: list[list[str]]) -> Iterator[tuple[str, str]]:
    """More and more of the first and last words; for a short text all words, and no end."""
    first = " ".join(blocks[0])
    if len(blocks) == 1 and (len(first) <= LONGEST or len(blocks[0]) == 1):
        yield first, ""
        return
    most = len(blocks[0]) // 2 if len(blocks) == 1 else max(ENDS)  # the two must not overlap
    for count in ENDS:
        taken = min(count, most)
        yield " ".join(blocks[0][:taken]), " ".join(blocks[-1][-taken:])


def _line(text: str, place: int) -> list[str]:
    """The words of the first line that is not blank (``place`` 0) or of the last (-1), and there of one cell.

    A part must lie within one block, and a line is never in two blocks.
    """
    lines = text.strip().splitlines() or [""]
    return _CELLS.split(lines[place])[place].split()


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
