"""Links that open a web page at the cited words: text fragments, as browsers read them.

The form is ``#:~:text=[prefix-,]start[,end][,-suffix]`` of the WICG's "URL Fragment Text Directives"
(https://wicg.github.io/scroll-to-text-fragment/). A browser goes to the first place that matches: letters of
either case, whole words, each part within one block of the page; only white space may stand between a part
and its context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from askbrief.types import Answer, Citation

LONGEST = 300
"""Characters of a text that is written out, as in Chrome; a longer one is told by its ends."""

ENDS = (5, 10, 20)
"""Words of either end of a range: the first number that tells the passage from the rest of the page."""

AROUND = (2, 4, 8, 16, 32)
"""Words of context, where the passage alone is not told from the rest."""

_DIRECTIVE = ":~:"
_BLOCKS = re.compile(r"\n\s*\n| \| ")
"""What stands between blocks: the cells of a table's row too, which are written with “ | ” between them."""
_CELLS = re.compile(r" \|(?: |$)")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The four parts of a directive, in the page's words; empty where left out."""

    prefix: str
    start: str
    end: str
    suffix: str

    def __str__(self) -> str:
        told = (
            f"{_encoded(self.prefix)}-" if self.prefix else "",
            _encoded(self.start),
            _encoded(self.end),
            f"-{_encoded(self.suffix)}" if self.suffix else "",
        )
        return ",".join(part for part in told if part)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's words in one case, a space between them, and where in them the passage lies."""

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

    def tells(self, parts: _Parts) -> bool:
        """Whether no place but the passage begins as ``parts`` do, and none ends so before it does."""
        first = self.start - self._length(parts.prefix, self.text[: self.start])
        last = self.end + self._length(parts.suffix, self.text[self.end :])
        if not parts.end:
            return self._once(first, last)
        opened = self.start + len(_folded(parts.start))
        closing = self.text[self.end - len(_folded(parts.end)) : last]
        after = next(_places(self.text, closing, opened), -1)
        return self._once(first, opened) and after + len(closing) == last

    def _length(self, context: str, beside: str) -> int:
        """Characters that a context takes, with the space between it and the passage."""
        spaced = beside[-1:] == " " or beside[:1] == " "
        return len(_folded(context)) + spaced if context else 0

    def _once(self, start: int, end: int) -> bool:
        """Whether what stands there stands nowhere before, nor behind the passage."""
        words = self.text[start:end]
        behind = _places(self.text, words, max(start, self.end - len(words)) + 1)
        return next(_places(self.text, words), None) == start and next(behind, None) is None


def link(url: str, text: str, before: str = "", after: str = "") -> str:
    """``url`` with the text fragment that leads to ``text``, which stands between ``before`` and ``after``.

    A text of one paragraph is written out up to ``LONGEST`` characters; one that is longer, or of several
    paragraphs, is told by its first words and its last. Context is added only where the page has more than
    one such place; where no context tells it from the others, all that may be added is. The fragment that
    ``url`` has is kept, a directive in it is not.
    """
    if not text.strip():
        return url
    page = _Page.of(text, before, after)
    parts = _Parts("", "", "", "")
    for parts in _attempts(text, before, after):
        if page.tells(parts):
            break
    base, _, fragment = url.partition("#")
    return f"{base}#{fragment.partition(_DIRECTIVE)[0]}{_DIRECTIVE}text={parts}"


def linked(answer: Answer, text_of: Callable[[str], str]) -> Answer:
    """The answer with links in its citations of web pages; ``text_of`` gives a document's text by its id."""
    return replace(answer, citations=tuple(_linked(citation, text_of) for citation in answer.citations))


def is_web(source: str) -> bool:
    """Whether a document's source is the address of a web page."""
    return source.lower().startswith(("http://", "https://"))


def _linked(citation: Citation, text_of: Callable[[str], str]) -> Citation:
    url = citation.document.url or citation.document.source
    if not is_web(url):
        return citation
    text = text_of(citation.document.id)
    before, after = text[: citation.start], text[citation.end :]
    return replace(citation, link=link(url, citation.text, before, after))


def _attempts(text: str, before: str, after: str) -> Iterator[_Parts]:
    """Directives for a passage, the shortest first: more of its own words, then more of those around it."""
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
    """The first words and the last, more and more of them; all of a short text, and no end."""
    whole = " ".join(blocks[0])
    if len(blocks) == 1 and (len(whole) <= LONGEST or len(blocks[0]) == 1):
        yield whole, ""
        return
    most = len(blocks[0]) // 2 if len(blocks) == 1 else max(ENDS)  # the two must not overlap
    for count in ENDS:
        taken = min(count, most)
        yield " ".join(blocks[0][:taken]), " ".join(blocks[-1][-taken:])


def _line(text: str, place: int) -> list[str]:
    """The words of the first line that is not blank, or of the last, and of one cell of it: a part lies
    within one block, and a line of a page never lies in two."""
    lines = text.strip().splitlines() or [""]
    return _CELLS.split(lines[place])[place].split()


def _encoded(part: str) -> str:
    """A part, percent-encoded: all that is no letter or digit, ``-``, ``,`` and ``&`` included."""
    return quote(part, safe="").replace("-", "%2D")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _places(text: str, words: str, start: int = 0) -> Iterator[int]:
    """Where ``words`` stand in ``text`` from ``start``, as whole words."""
    at = text.find(words, start)
    while at >= 0:
        if _bounded(text, at) and _bounded(text, at + len(words)):
            yield at
        at = text.find(words, at + 1)


def _bounded(text: str, at: int) -> bool:
    """Whether no word goes on over this place."""
    return not (text[at - 1 : at].isalnum() and text[at : at + 1].isalnum())
