"""Wikitext of MediaWiki: the article without its markup.

A template is a program whose output the text has not. Those on lines of their own are left out; a paragraph
with one in its sentences is shown with the template as it is written, and not cited, unless it only marks
words up.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.decoding import decode
from askbrief.formats.document import About, Block, composed
from askbrief.formats.format import Format
from askbrief.formats.shown_words import fragment_blocks
from askbrief.formats.unreadable import require_size
from askbrief.types import Document

if TYPE_CHECKING:
    from mwparserfromhell.nodes import Node, Tag, Template
    from mwparserfromhell.wikicode import Wikicode

LARGEST = 20_000_000
"""Bytes."""

WORDS = {"w": (2, 1), "nowrap": (1,), "lang": (2,), "nobr": (1,), "abbr": (1,), "small": (1,), "ill": (1,)}
"""Templates that only mark words up, and the numbers of the parameters with these words."""
UNSEEN = frozenset(
    {"cite", "citation", "sfn", "efn", "refn", "ref", "cn", "citation needed", "clarify", "anchor"}
)
"""Templates that add notes to a sentence, and no words."""
LEFT_OUT_TAGS = frozenset({"ref", "references", "gallery", "math", "timeline", "imagemap", "score", "table"})
NO_TEXT = ("file:", "image:", "category:", "media:")
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around a template whose words are not known."""
_ALONE = re.compile(rf"^\s*(?:{_OPEN}[^{_CLOSE}]*{_CLOSE}\s*)+$", re.MULTILINE)
_ENDS = frozenset(
    {
        "references",
        "external links",
        "see also",
        "further reading",
        "notes",
        "sources",
        "sister links",
        "related news",
    }
)


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of wikitext.

    Raises:
        SourceError: it can't be decoded, or has no text.
    """
    import mwparserfromhell

    require_size(data, LARGEST, source)
    code = mwparserfromhell.parse(decode(data, source))
    day = next((_parameter(each, 1) for each in code.ifilter_templates() if _name(each) == "date"), None)
    found: list[Block] = []
    for section in code.get_sections(flat=True, include_lead=True):
        heads = section.filter_headings()
        if heads and heads[0].title.strip_code().strip().lower() in _ENDS:
            continue
        found += _blocks(_ALONE.sub("", _html(section)))
    if not found:
        raise SourceError(f"{source} has no text beside its templates", hint="leave it out")
    whole = composed(source, found, About(day=day))
    cited = tuple(extent for extent in whole.paragraphs if "{{" not in whole.text[slice(*extent)])
    if not cited:
        raise SourceError(f"{source} has a template in each of its paragraphs", hint="save its page as HTML")
    return replace(whole, paragraphs=cited)


def _blocks(text: str) -> list[Block]:
    """The blocks of a section."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n|(?=<h2>)|(?<=</h2>)|(?=<li>)", text):
        found += fragment_blocks(part.translate({ord(_OPEN): None, ord(_CLOSE): None}).replace("\n", " "))
    return found


def _html(code: Wikicode) -> str:
    return "".join(_node(each) for each in code.nodes)


def _node(node: Node) -> str:
    """A node as HTML."""
    from html import escape

    from mwparserfromhell import nodes

    if isinstance(node, nodes.Text):
        return escape(str(node.value), quote=False)
    if isinstance(node, nodes.HTMLEntity):
        return str(node)
    if isinstance(node, nodes.Heading):
        return f"\n\n<h2>{_html(node.title)}</h2>\n\n"
    if isinstance(node, nodes.Wikilink):
        title = str(node.title).strip()
        if title.lower().startswith(NO_TEXT):
            return ""
        return escape(title.lstrip(":"), quote=False) if node.text is None else _html(node.text)
    if isinstance(node, nodes.ExternalLink):
        return (
            escape(str(node.url))
            if node.title is None and not node.brackets
            else _html(node.title)
            if node.title
            else ""
        )
    if isinstance(node, nodes.Template):
        return _template(node)
    return _tag(node) if isinstance(node, nodes.Tag) else ""


def _tag(node: Tag) -> str:
    tag = str(node.tag).strip().lower()
    inside = _html(node.contents) if node.contents is not None else ""
    if tag in LEFT_OUT_TAGS:
        return ""
    if tag in {"li", "dt", "dd"} and not inside:
        return "\n\n<li>"
    if tag in {"sub", "sup", "s", "del", "b", "i", "blockquote", "poem", "pre", "br"}:
        return f"<{tag}>{inside}</{tag}>" if tag != "br" else "<br>"
    return inside


def _template(node: Template) -> str:
    """The words that a template marks up; a mark where it would add words of its own."""
    from html import escape

    name = _name(node)
    for number in WORDS.get(name, ()):
        if node.has(str(number)):
            return _html(node.get(str(number)).value)
    if name in UNSEEN or name.split(" ")[0] in UNSEEN:
        return ""
    return f"{_OPEN}{escape(' '.join(str(node).split()), quote=False)}{_CLOSE}"


def _name(node: Template) -> str:
    return str(node.name).strip().lower()


def _parameter(node: Template, number: int) -> str | None:
    return str(node.get(str(number)).value.strip_code()).strip() if node.has(str(number)) else None


FORMAT = Format(read, (".wiki", ".mediawiki", ".wikitext"), ("text/x-wiki",), text=True)
