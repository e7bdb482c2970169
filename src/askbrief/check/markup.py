"""A draft without its markup: what is no prose becomes spaces, so that every offset stays."""

from __future__ import annotations

import re

import regex

_BLANKED = re.compile(r"[^\r\n]")
_COMMENT = regex.compile(r"<!--.*?(?:-->|\Z)", regex.DOTALL)
_FENCE = regex.compile(
    r"^[ >\t]*(?P<fence>`{3,}|~{3,})[^`\n]*\n(?s:.*?)(?:^[ >\t]*(?P=fence)[`~]*[ \t]*\r?$|\Z)",
    regex.MULTILINE,
)
_CODE = regex.compile(  # two ticks that two apostrophes follow on are marks of a quotation
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
_HIDDEN = (_COMMENT, _FENCE, _DEFINITION, _IMAGE, _NOTE, _TAG, _MARKER)


def prose(draft: str) -> str:
    """The draft with all but its prose blanked: front matter, code, comments, tags, addresses of links,
    definitions, notes, images, markers of block quotes. As long as the draft, with its line ends; plain text
    comes back as it is but for what reads as one of these.
    """
    from askbrief.formats.markdown import front_matter

    begins = front_matter(draft)[2]
    text = _blank(draft[:begins]) + draft[begins:]
    named = {name.casefold() for name in _DEFINITION.findall(text)}
    text = _FENCE.sub(_whole, text)
    text = _CODE.sub(_whole, text)
    for hidden in _HIDDEN:
        text = hidden.sub(_whole, text)
    text = _LINK.sub(_link, text)
    if named:
        text = _references(text, named)
    return _ESCAPE.sub(" ", text)


def _blank(text: str) -> str:
    return _BLANKED.sub(" ", text)


def _whole(found: regex.Match[str]) -> str:
    return _blank(found[0])


def _link(found: regex.Match[str]) -> str:
    """A link's words, where they stand."""
    return f" {found['words']}{_blank(found[3])}"


def _references(text: str, named: set[str]) -> str:
    """The text with links to what is defined elsewhere in it, [words][name] or [name], as their words."""

    def plain(found: regex.Match[str]) -> str:
        name = found[2] or found[1]
        return f" {found[1]}{_blank(found[0][len(found[1]) + 1 :])}" if name.casefold() in named else found[0]

    return regex.sub(r"\[([^\[\]\n]{1,200})\](?:\[([^\[\]\n]{0,200})\])?", plain, text)
