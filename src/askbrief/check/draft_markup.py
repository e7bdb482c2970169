"""Replace the markup of a draft with spaces, so that offsets stay the same."""

from __future__ import annotations

import re

import regex

from askbrief.english.quote_marks import MARK
from askbrief.types import Extent

_BLANKED = re.compile(r"[^\r\n]")
_COMMENT = regex.compile(r"<!--.*?(?:-->|\Z)", regex.DOTALL)
_FENCE = regex.compile(
    r"^[ >\t]*(?P<fence>`{3,}|~{3,})[^`\n]*\n(?s:.*?)(?:^[ >\t]*(?P=fence)[`~]*[ \t]*\r?$|\Z)",
    regex.MULTILINE,
)
_CODE = regex.compile(  # two backticks that two apostrophes close are quotation marks
    r"(?<!`)(?P<ticks>`++)(?:(?!\n[ \t\r]*\n|'').){1,2000}?(?<!`)(?P=ticks)(?!`)", regex.DOTALL
)
_TITLE = r"""(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*"""
_DEFINITION = regex.compile(
    rf"^[ >]{{0,8}}\[(?!\^)([^\]\n]{{1,200}})\]:[ \t]*(?:<[^<>\n]*>|\S*[/.#]\S*){_TITLE}\r?$", regex.MULTILINE
)
_TARGET = rf"\([ ]*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*){_TITLE}\)"
_IMAGE = regex.compile(rf"!\[[^\]\n]{{0,500}}\]{_TARGET}")
_LINK = regex.compile(rf"(?<!\\)(\[)(?P<words>(?:[^\[\]]|\[[^\[\]]*\]){{0,1000}})(\]{_TARGET})")
_NOTE = regex.compile(r"\[\^[^\]\s]{1,80}\]")
_TAG = regex.compile(r"</?[A-Za-z][^<>]{0,500}>")
_MARKER = regex.compile(r"^[ \t]*(?:>[ \t]?)+", regex.MULTILINE)
_ESCAPE = regex.compile(r"\\(?=[!-/:-@\[-`{-~])")
_QUOTED_LINES = regex.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|\Z))+", regex.MULTILINE)
_QUOTED_ELEMENT = regex.compile(
    r"<blockquote\b[^<>]{0,500}>(?P<inside>.*?)(?:</blockquote\s*>|\Z)", regex.DOTALL | regex.IGNORECASE
)
_PARAGRAPH = regex.compile(r"[^\s](?:[^\n]|\n(?!\s*\n))*(?<=\S)")
_SIGNATURE = regex.compile(r"[*_\s]*(?:[—–―]|--?\s)|\[!\w+\]|#")
_SIGNED = regex.compile(r"\n[*_\s]*(?:[—–―]|--?\s)")
_AT_EDGE = regex.compile(rf"^(?:{MARK.pattern}|[‘'])|(?:{MARK.pattern})$")
_HIDDEN = (_COMMENT, _FENCE, _DEFINITION, _IMAGE, _NOTE, _TAG, _MARKER)


def prose(draft: str) -> str:
    """The draft with everything but its prose replaced with spaces: front matter, code, comments, tags, link
    addresses, definitions, notes, images, block quote markers. It has the draft's length and line ends.
    """
    from askbrief.formats.markdown import front_matter

    begins = front_matter(draft)[2]
    text = _blank(draft[:begins]) + draft[begins:]
    named = {name.casefold() for name in _DEFINITION.findall(text)}
    text = _FENCE.sub(_blanked, text)
    text = _CODE.sub(_blanked, text)
    for hidden in _HIDDEN:
        text = hidden.sub(_blanked, text)
    text = _LINK.sub(_link, text)
    if named:
        text = _references(text, named)
    return _ESCAPE.sub(" ", text)


def blocks(draft: str) -> list[Extent]:
    """The extents of block quotes, in Markdown (“> …”) and HTML, with their markup, in order."""
    written = _FENCE.sub(_blanked, _COMMENT.sub(_blanked, draft))
    found = [block.span() for block in _QUOTED_LINES.finditer(written)]
    return sorted([*found, *(block.span("inside") for block in _QUOTED_ELEMENT.finditer(written))])


def block_quotes(draft: str, readable: str) -> list[Extent]:
    """The extents of the paragraphs of block quotes, without markup.

    A paragraph that has a quotation mark at either end is left to the marks, and one that begins with a dash
    is a signature. ``readable`` is the prose of the draft.
    """
    found: list[Extent] = []
    for start, end in blocks(draft):
        for paragraph in _PARAGRAPH.finditer(readable, start, end):
            words = _SIGNED.split(paragraph[0], maxsplit=1)[0].rstrip()
            if not _SIGNATURE.match(words) and not _AT_EDGE.search(words.strip("*_ \t")):
                found.append((paragraph.start(), paragraph.start() + len(words)))
    return found


def _blank(text: str) -> str:
    return _BLANKED.sub(" ", text)


def _blanked(found: regex.Match[str]) -> str:
    return _blank(found[0])


def _link(found: regex.Match[str]) -> str:
    """The words of a link, at their offsets."""
    return f" {found['words']}{_blank(found[3])}"


def _references(text: str, named: set[str]) -> str:
    """The text with each reference link, [words][name] or [name], replaced with its words."""

    def plain(found: regex.Match[str]) -> str:
        name = found[2] or found[1]
        return f" {found[1]}{_blank(found[0][len(found[1]) + 1 :])}" if name.casefold() in named else found[0]

    return regex.sub(r"\[([^\[\]\n]{1,200})\](?:\[([^\[\]\n]{0,200})\])?", plain, text)
