"""What all formats share: the Document record made from its parts, with its title and date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import NamedTuple

from askbrief.errors import SourceError
from askbrief.formats.dates import find_date, first_lines, placed_date, written_date
from askbrief.formats.language import foreign
from askbrief.text import is_web
from askbrief.types import Document, Extent, Origin

LONGEST_HEADLINE = 120
"""A first line is a headline up to this many characters."""
LONGEST_OPENING = 80
"""Without a headline, this much of the opening is the title."""

LONGEST_PARAGRAPH = 10_000_000
"""Characters. A longer one is no prose (a book has a million), and would take hours to embed."""

INVISIBLE = "\ufeff\u200b\u2060\u00ad"
BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace() or c < " ") + INVISIBLE
"""Trimmed from a paragraph's ends: spaces, controls, byte order mark, zero-width characters."""


class Block(NamedTuple):
    """A paragraph from markup; or a heading, which is shown but not cited, if it is not ``prose``.

    ``quoted``: it is in a block quote.
    """

    text: str
    prose: bool = True
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """The metadata of a file; ``day`` is when it was published, ``made`` when the file was made, in any form
    that ``dates.written_date`` reads."""

    title: str | None = None
    day: str | None = None
    author: str | None = None
    site: str | None = None
    url: str | None = None
    made: str | None = None


def document(
    source: str,
    text: str,
    paragraphs: Iterable[Extent],
    about: About = About(),
    *,
    pages: Sequence[int] = (),
    dated: Origin = "metadata",
) -> Document:
    """The record of one text, with its language if that isn't English. A missing title is made from the
    opening, and a missing date by ``dates``. ``dated`` is where ``about.day`` comes from.

    Raises:
        SourceError: no paragraph holds a letter or a digit.
    """
    kept = tuple(paragraphs)
    if not kept:
        state = "has no prose" if text.strip(BLANK) else "is empty"
        raise SourceError(f"{source} {state}", hint="put text into it, or leave it out")
    longest = max(end - start for start, end in kept)
    if longest > LONGEST_PARAGRAPH:
        raise SourceError(
            f"{source} has a paragraph of {longest:,} characters; at most {LONGEST_PARAGRAPH:,} are read",
            hint="break it into lines or paragraphs, or leave it out",
        )
    title, day, author, site, url, made = (cleaned(value or "", " ") or None for value in astuple(about))
    date, origin = find_date((day, dated), url, source, first_lines(text), made)
    return Document(
        id=identity(source),
        source=source,
        title=title or opening(text, kept[0]),
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        paragraphs=kept,
        date=date,
        url=url,
        author=author,
        site=site,
        pages=tuple(pages),
        language=foreign(text, kept[0][0]),
        dated=origin,
    )


def renamed(document: Document, source: str) -> Document:
    """The same document under another source name."""
    return replace(document, source=source, id=identity(source))


def completed(document: Document, url: str, captured: str) -> Document:
    """The document of a page that somebody captured, with the address and, as a last resort, the day of that
    if it has none itself; both as they were noted."""
    address = document.url or (url if is_web(url) else None)
    dates: tuple[tuple[str | None, Origin | None], ...] = (
        (document.date, document.dated),
        (placed_date(address or ""), "address"),
        (written_date(captured), "capture"),
    )
    date, dated = next((each for each in dates if each[0]), (None, None))
    return replace(document, url=address, date=date, dated=dated)


def identity(source: str) -> str:
    """The id of the document of a source."""
    return sha256(source.encode()).hexdigest()[:12]


def composed(
    source: str,
    blocks: Iterable[Block],
    about: About,
    pages: Iterable[tuple[int, int]] = (),
    dated: Origin = "metadata",
) -> Document:
    """The record of a text made of blocks, with blank lines between them.

    A heading that ends like a sentence is prose: many pages mark up their first paragraph as one. ``pages``
    is where each page begins: the number of the block, from 0, and the offset in its text.

    Raises:
        SourceError: no block holds a letter or a digit.
    """
    kept = [(cleaned(block.text), block.prose) for block in blocks]
    kept = [(words, prose or words.endswith((".", ".”", '."'))) for words, prose in kept]
    starts = list(accumulate((len(words) + 2 if words else 0 for words, _ in kept), initial=0))
    text = "\n\n".join(words for words, _ in kept if words)
    extents = [
        extent
        for (words, prose), start in zip(kept, starts, strict=False)
        if prose and words and (extent := trimmed(text, start, start + len(words)))
    ]
    begins = [min(starts[block] + offset, len(text)) for block, offset in pages]
    return document(source, text, extents, about, pages=begins, dated=dated)


def headed(blocks: Sequence[Block], about: About) -> About:
    """What a file says of itself, with the heading that it begins with as its title, if it states none."""
    first = next((block for block in blocks if cleaned(block.text)), None)
    if about.title or first is None or first.prose:
        return about
    heading = cleaned(first.text, " ")
    fits = len(heading) <= LONGEST_HEADLINE and not ends_sentence(heading)
    return replace(about, title=heading) if fits else about


def cleaned(text: str, line_end: str = "\n") -> str:
    """Without what can't be stored or seen: controls, surrogates, soft hyphens, repeated blanks."""
    lines = (" ".join(line.split()) for line in text.translate(_UNSEEN).splitlines())
    return line_end.join(filter(None, lines)).strip(BLANK)


_UNSEEN = dict.fromkeys([*range(9), *range(14, 28), 0x7F, 0xAD, 0xFEFF, *range(0xD800, 0xE000)])


def trimmed(text: str, start: int, end: int) -> Extent | None:
    """The extent without blanks at its ends; None if it has no letter and no digit."""
    piece = text[start:end]
    if not any(map(str.isalnum, piece)):
        return None
    end = start + len(piece.rstrip(BLANK))
    return end - len(piece[: end - start].lstrip(BLANK)), end


def opening(text: str, first: Extent) -> str:
    """A title from the first paragraph: itself if it reads as a headline, else its first words."""
    line = " ".join(text[first[0] : min(first[1], first[0] + 4 * LONGEST_HEADLINE)].split())
    if len(line) <= LONGEST_HEADLINE and not ends_sentence(line):
        return line.rstrip(" ;,")
    return shortened(line)


def shortened(line: str) -> str:
    """At most 80 characters of a line, cut at a word, with an ellipsis if it was cut."""
    if len(line) <= LONGEST_OPENING:
        return line
    words = line[: LONGEST_OPENING + 1]
    cut = words.rfind(" ")
    return words[: cut if cut > LONGEST_OPENING // 2 else LONGEST_OPENING].rstrip(" ,;:–—-") + "…"


def ends_sentence(line: str) -> bool:
    """Whether a line ends in sentence-final punctuation, ignoring closing quotation marks and brackets."""
    return line[-8:].rstrip(BLANK + "\"'”’»)]").endswith((".", "!", "?", "…", "。", "！", "？", "؟", "।"))


def line_extents(lines: Iterable[str]) -> list[Extent]:
    """The extent of each line with its break, for lines that were split with their breaks kept."""
    return list(pairwise(accumulate(map(len, lines), initial=0)))
