"""TEI (P5): a text with its header, as editions, corpora and parliaments keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief.formats.document import About, composed
from askbrief.formats.ooxml import attribute
from askbrief.formats.xml_markup import Vocabulary, line, text_blocks
from askbrief.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

WORDS = Vocabulary(
    {
        "head": "h2", "ab": "p", "l": "p", "seg": "span", "u": "p", "list": "ul", "item": "li", "row": "tr",
        "cell": "td", "lb": "br", "hi": "span", "said": "span", "cit": "blockquote", "stage": "h2",
        "opener": "p", "closer": "p", "salute": "span", "signed": "span", "byline": "h2", "trailer": "h2",
    },
    frozenset({"note", "pb", "cb", "fw", "corr", "expan", "reg", "del", "gap", "figure", "figDesc", "index",
               "anchor",
               "milestone", "vocal", "kinesic", "incident", "desc", "standOff", "listBibl"}),
)  # fmt: skip
"""Of an error and its correction, an abbreviation and its expansion, what the source has is read."""


def read(root: _Element, source: str) -> Document:
    """The document of the root element ``TEI``, without notes and page numbers.

    Raises:
        SourceError: it has no text.
    """
    about = _about(root)
    for speaker in list(root.iter("speaker")):
        _into_speech(speaker)
    for broken in root.iter("lb"):
        if attribute(broken, "break") == "no":  # within a word
            broken.tag = "anchor"
    for choice in root.iter("choice"):  # the spaces in it are of its layout
        choice.text = None
        for each in choice:
            each.tail = None
    parts = [part for name in ("front", "body", "back") for part in root.iterfind(f"text/{name}")]
    parts = parts or list(root.iterfind("text"))
    return composed(source, [block for part in parts for block in text_blocks(part, WORDS)], about)


def _into_speech(speaker: _Element) -> None:
    """Write who speaks before the words, as in a transcript."""
    speech, name = speaker.getnext(), line(speaker)
    parent = speaker.getparent()
    if speech is not None and name and parent is not None:
        speech.text = f"{name.rstrip('.:')}: {(speech.text or '').lstrip()}"
        parent.remove(speaker)


def _about(root: _Element) -> About:
    header = root.find("teiHeader/fileDesc")
    if header is None:
        return About()
    titles = list(header.iterfind("titleStmt/title"))
    main = next((each for each in titles if attribute(each, "type") == "main"), titles[0] if titles else None)
    names = filter(None, (line(each) for each in header.iterfind("titleStmt/author")))
    dates = [*header.iterfind("sourceDesc//date"), *header.iterfind("publicationStmt/date")]
    days = (attribute(each, "when") or attribute(each, "when-iso") or line(each) for each in dates)
    return About(line(main), next(filter(None, days), None), ", ".join(names) or None,
                 line(header.find("publicationStmt/publisher")))  # fmt: skip
