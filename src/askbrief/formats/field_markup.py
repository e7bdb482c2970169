"""Markup in the strings of records: HTML, a few inline tags, or character references alone.

A string says nowhere whether it is HTML. It is taken for HTML if it has a tag that begins a block, the end of
an inline element, or a character reference that HTML knows. Whatever else looks like a tag stays as it is:
“<orla@example.org>” is an address.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from askbrief.formats.document import Block
from askbrief.formats.markup import INLINE, UNSHOWN
from askbrief.formats.shown_words import fragment_blocks

_BLOCKS = (
    "p|br|div|li|ul|ol|dl|dt|dd|h[1-6]|hr|section|article|aside|header|footer|main|table|thead|tbody|tr|td|th"
    "|blockquote|pre|figure|figcaption|img|details|summary|caption|center|address|form|nav|html|head|body"
)
_KNOWN = "|".join([_BLOCKS, *sorted(INLINE | UNSHOWN), "picture", "source", "video", "audio", "embed"])
_BLOCK = re.compile(rf"<(?:{_BLOCKS})\b[^<>]*>", re.IGNORECASE)
_INLINE_END = re.compile(rf"</(?:{'|'.join(sorted(INLINE))})\s*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|([A-Za-z]\w{1,30}));")
_NO_TAG = re.compile(rf"<(?!/?(?:{_KNOWN}|[a-z]+[:-][\w:-]+)[\s/>]|!)", re.IGNORECASE)
_WINDOWS = re.compile(r"&#(?:1[2-5]\d|[xX][89][0-9a-fA-F]);")
"""References to Windows-1252, which browsers read as such."""
_SHORTCODE = re.compile(r"\[/?(?:embed|gallery|audio|video|playlist)\b[^\[\]\n]*\]", re.IGNORECASE)
"""What WordPress puts a picture or recording in the place of: ``[gallery ids="1,2"]``."""
_EMBEDDED = re.compile(r"\[(embed|audio|video)\b[^\[\]\n]*\][^\[\]\n]*\[/\1\]", re.IGNORECASE)
_CAPTION = re.compile(r"\[(wp_)?caption\s[^\[\]\n]*\](.*?)\[/\1?caption\]", re.DOTALL | re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_PARAGRAPHS = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)

_LINE_END = "\ufdd0"
"""Stands for a line end while inline markup is read: HTML has none, and no text has this noncharacter."""


def is_marked_up(text: str) -> bool:
    """Whether a string has markup that is to be decoded."""
    if "<" not in text and "&" not in text:
        return False
    return bool(
        _BLOCK.search(text) or _INLINE_END.search(text) or _has_reference(text) or "<![CDATA[" in text
    )


def decoded(text: str) -> str | list[Block]:
    """A string without its markup: its blocks if the markup makes any, else the text with its line ends."""
    if "[" in text:
        text = _without_shortcodes(text)
    if not is_marked_up(text):
        return text
    text = _unwrapped(text)
    if _BLOCK.search(text):
        if not _PARAGRAPHS.search(text):  # blank lines end paragraphs, as in the editors of blogs
            text = _BLANK_LINE.sub("<p>", text)
        return [Block(_unescaped(each.text), each.prose, each.quoted) for each in _blocks(text)]
    held = text.replace("\r\n", "\n").replace("\n", _LINE_END)
    return _unescaped("\n".join(each.text for each in _blocks(held)).replace(_LINE_END, "\n"))


def blocks(text: str) -> list[Block]:
    """The blocks of a string; the lines of one without blocks."""
    found = decoded(text)
    return [Block(line) for line in found.splitlines()] if isinstance(found, str) else found


def one_line(text: str) -> str:
    """A string on one line, without its markup."""
    found = decoded(text) if is_marked_up(text) else text
    words = found if isinstance(found, str) else " ".join(each.text for each in found)
    return " ".join(words.split())


def _blocks(text: str) -> list[Block]:
    text = _WINDOWS.sub(lambda found: html.unescape(found[0]), text)
    return fragment_blocks(_NO_TAG.sub("&lt;", text))


def _without_shortcodes(text: str) -> str:
    """The text without what WordPress writes for pictures and recordings, whose captions are paragraphs."""
    text = _CAPTION.sub(
        lambda found: f"<p>{found[2]}</p>" if is_marked_up(found[2]) else f"\n\n{found[2]}\n\n", text
    )
    return _SHORTCODE.sub("", _EMBEDDED.sub("", text))


def _unwrapped(text: str) -> str:
    """The markup within a CDATA section, or within markup that was escaped as a whole."""
    text = _CDATA.sub(r"\1", text)
    if "&lt;/" in text and not (_BLOCK.search(text) or _INLINE_END.search(text)):
        return html.unescape(text)
    return text


def _unescaped(text: str) -> str:
    """The text with its references decoded that were escaped twice."""
    return html.unescape(text) if _has_reference(text) else text


def _has_reference(text: str) -> bool:
    return any(not found[1] or f"{found[1]};" in html5 for found in _REFERENCE.finditer(text))
