"""JATS (ANSI/NISO Z39.96, 1.3): an article of a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.document import About, composed
from askbrief.formats.ooxml import attribute
from askbrief.formats.xml_markup import Vocabulary, line, remove, text_blocks
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

WORDS = Vocabulary(
    {
        "title": "h2", "label": "h2", "bold": "b", "italic": "i", "disp-quote": "blockquote", "list": "ul",
        "list-item": "li", "def-list": "dl", "def-item": "div", "term": "dt", "def": "dd", "break": "br",
        "verse-line": "p", "speech": "div", "preformat": "pre", "attrib": "p", "ext-link": "a",
        "xref": "span",
    },
    frozenset({"fn", "fn-group", "ref-list", "disp-formula", "tex-math", "graphic", "media", "object-id",
               "supplementary-material", "table-wrap-foot", "permissions", "alt-text", "long-desc", "email"}),
)  # fmt: skip
"""A label of a section is shown with its title, and not cited."""


def read(root: _Element, source: str) -> Document:
    """The document of the root element ``article``: abstract and body, without notes and references.

    Raises:
        SourceError: it has no text, or is an article of another vocabulary.
    """
    if root.find("front") is None and root.find("front-stub") is None:
        raise SourceError(
            f"{source} is XML of a kind that isn't read (its <article> is not that of JATS)",
            hint="convert it to text or HTML, or leave it out",
        )
    about = _about(root)
    for reference in list(root.iter("xref")):
        if attribute(reference, "ref-type") in {"bibr", "fn", "table-fn"} and _is_raised(reference):
            remove(reference)
    parts = [*root.iterfind("front/article-meta/abstract"), *root.iterfind("body")]
    return composed(source, [block for part in parts for block in text_blocks(part, WORDS)], about)


def _is_raised(reference: _Element) -> bool:
    """Whether the mark of a note or reference stands above the line: its figure would be glued to a word."""
    parent = reference.getparent()
    return next(reference.iter("sup"), None) is not None or (parent is not None and parent.tag == "sup")


def _about(root: _Element) -> About:
    meta = root.find("front/article-meta")
    if meta is None:
        return About()
    names = [
        " ".join(filter(None, (line(name.find("given-names")), line(name.find("surname")))))
        for name in meta.iterfind("contrib-group/contrib/name")
    ]
    doi = next(
        (line(each) for each in meta.iterfind("article-id") if attribute(each, "pub-id-type") == "doi"), None
    )
    days = [
        [each.findtext(part) or "" for part in ("year", "month", "day")] for each in meta.iterfind("pub-date")
    ]
    written = max(days, key=lambda day: sum(map(bool, day)), default=[])
    number = "-".join(part if len(part) == 4 else part.zfill(2) for part in written if part.isdecimal())
    site = line(root.find("front/journal-meta/journal-title-group/journal-title"))
    url = f"https://doi.org/{doi}" if doi else None
    return About(
        line(meta.find("title-group/article-title")), number or None, ", ".join(names) or None, site, url
    )
