"""Markdown: headings, paragraphs, list items and table rows by CommonMark's rules, cited as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from askbrief.formats.decoding import decode
from askbrief.formats.document import LONGEST_HEADLINE, About, document, line_extents, shortened, trimmed
from askbrief.formats.format import Format
from askbrief.types import Document, Extent

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_LINE = 4000
"""Of a longer line the parser sees only the ends: block structure doesn't depend on what is between."""
LONGEST_FRONT_MATTER = 1 << 16

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
_MARKERS = re.compile(
    r"(?:[ \t]*+(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*+"  # quotations and list items around the block
    r"(?:[ \t]*+(?:#{1,6}(?=[ \t])|\[[ xX]\](?=[ \t])|\|))?"  # heading, task or table row
)
_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(\s*(?:[\w-]+[ \t]*:|#).*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE
)


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a Markdown file; its text is the Markdown as written.

    YAML front matter is no paragraph; its title and date are used.

    Raises:
        SourceError: the bytes are not text, or hold no prose.
    """
    text = decode(data, source)
    title, day, start = front_matter(text)
    blocks = list(_blocks(text, start))
    title = title or next((title for _, title in blocks if title), None)
    extents = [extent for extent, _ in blocks]
    return document(source, text, extents, About(title, day), dated="front matter")


def front_matter(text: str) -> tuple[str | None, str | None, int]:
    """Title and date in YAML front matter, as written, and where the Markdown after it begins."""
    found = _FRONT_MATTER.match(text, 0, LONGEST_FRONT_MATTER)
    if not found:
        return None, None, 0
    fields = _fields(found[1])
    title = fields.get("title")
    line = " ".join(str(title).split()) if isinstance(title, str | int | float) else ""
    day = fields.get("date")  # a datetime is a date too, in its own time zone
    return line or None, str(day) if isinstance(day, str | int | date) else None, found.end()


def _fields(written: str) -> dict[str, object]:
    """The fields of the YAML, names in lower case; empty if it is malformed."""
    import yaml

    try:
        fields = yaml.safe_load(written)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError):  # date: 2024-13-45
        return {}
    return {str(name).lower(): value for name, value in fields.items()} if isinstance(fields, dict) else {}


def _blocks(text: str, start: int) -> Iterator[tuple[Extent, str | None]]:
    """The extent of each block of prose from ``start`` on, with its title if it is a heading."""
    written = _LINE.findall(text)
    lines = line_extents(written)
    sketch = [_sketch(line) if end > start else "\n" for line, (_, end) in zip(written, lines, strict=True)]
    tokens = _parser("normalize", "block").parse("".join(sketch))
    for token, inside in zip(tokens, tokens[1:] + tokens[-1:], strict=True):
        if token.type in {"heading_open", "paragraph_open", "tr_open"} and token.map:
            first, last = token.map
            last -= token.markup in {"=", "-"}  # the line under a heading
            extent = _prose(text, lines[first][0], lines[last - 1][1], token)
            if extent:
                yield extent, _plain(inside.content) if token.type == "heading_open" else None


def _sketch(line: str) -> str:
    if len(line) > LONGEST_LINE:
        line = line[: LONGEST_LINE // 2] + line[-LONGEST_LINE // 2 :]
    return line.lstrip("\ufeff")


def _prose(text: str, start: int, end: int, token: Token) -> Extent | None:
    """The block without its opening and closing markers."""
    markers = _MARKERS.match(text, start + (text[start] == "\ufeff"), end)
    extent = trimmed(text, markers.end() if markers else start, end)
    if not extent:
        return None
    closing = "|" if token.type == "tr_open" else "#" if token.markup.startswith("#") else ""
    kept = text[slice(*extent)].rstrip(closing) if closing else ""
    if closing == "|" or (kept and kept[-1].isspace()):
        return trimmed(text, extent[0], extent[0] + len(kept))
    return extent


def _plain(content: str) -> str:
    """The words of a heading, without emphasis, links and code marks."""
    inline = _parser("block", "inline").parseInline(content[:LONGEST_LINE])[0].children or []
    parts = (" " if part.type.endswith("break") else part.content for part in inline)
    words = " ".join("".join(parts).split())
    return words if len(words) <= LONGEST_HEADLINE else shortened(words)


@cache
def _parser(*rules: str) -> MarkdownIt:
    """CommonMark with tables; indented text is prose, not code, because news is pasted with indents."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("code")
    parser.core.ruler.enableOnly(rules)
    return parser


FORMAT = Format(read, (".md", ".markdown"), ("text/markdown", "text/x-markdown"), text=True, trusted=True)
