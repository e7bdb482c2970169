"""The other parts of a Word document that belong to its text: footnotes, endnotes, and inserted documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats import rtf
from askbrief.formats.decoding import decode
from askbrief.formats.document import Block
from askbrief.formats.markup import blocks, parsed
from askbrief.formats.ooxml import Parts, attribute
from askbrief.formats.text_paragraphs import paragraphs

if TYPE_CHECKING:
    from lxml.etree import _Element

NOTES = {"footnoteReference": ("footnotes", "footnote"), "endnoteReference": ("endnotes", "endnote")}
"""The part that has a note, and what the note is called in it, by what refers to it."""

_MARKUP = re.compile(rb"<(?:!doctype html|html|body|head|p|div|table)\b", re.IGNORECASE)


def related(parts: Parts, main: str) -> dict[str, tuple[str, str]]:
    """The kind and the name of each part that a part refers to, by the id of the reference."""
    folder, _, name = main.rpartition("/")
    found: dict[str, tuple[str, str]] = {}
    for each in parts.optional_tree(f"{folder}/_rels/{name}.rels").iter("Relationship"):
        target = attribute(each, "Target")
        place = target[1:] if target.startswith("/") else f"{folder}/{target}"
        if attribute(each, "TargetMode") != "External":
            found[attribute(each, "Id")] = (attribute(each, "Type").rpartition("/")[2], place)
    return found


def append_notes(body: _Element, parts: Parts, main: str) -> None:
    """Add the footnotes, then the endnotes, to the end of a document, in the order of their references."""
    for reference, (kind, name) in NOTES.items():
        wanted = [attribute(each, "id") for each in body.iter(reference)]
        place = next((place for what, place in related(parts, main).values() if what == kind), "")
        notes = {attribute(each, "id"): each for each in parts.optional_tree(place).iter(name)}
        body.extend(notes.pop(each) for each in wanted if each in notes)


def insert_chunks(body: _Element, parts: Parts, main: str, read_docx: Callable[[bytes], list[Block]]) -> None:
    """Put the documents that a document refers to into their places, as elements of HTML.

    Word merges them when it saves; other programs write them and leave it at that.

    Raises:
        SourceError: one is missing, or can't be read.
    """
    from lxml import etree

    places = related(parts, main)
    for chunk in list(body.iter("altChunk")):
        _, place = places.get(attribute(chunk, "id"), ("", ""))
        try:
            found = _chunk_blocks(parts.read(place), parts.source, read_docx)
        except SourceError as error:
            raise SourceError(
                f"{parts.source} holds another document that can't be read ({place or 'missing'})",
                hint="open it in Word and save it, which makes one document of them",
            ) from error
        chunk.tag = "div"
        for block in found:
            name = "blockquote" if block.quoted else "p" if block.prose else "h1"
            element = etree.SubElement(chunk, name)
            first, *rest = block.text.split("\n")
            element.text = first
            for line in rest:
                etree.SubElement(element, "br").tail = line


def _chunk_blocks(data: bytes, source: str, read_docx: Callable[[bytes], list[Block]]) -> list[Block]:
    """The blocks of an inserted document, which is of the format that its bytes show."""
    if data.startswith(b"PK"):
        return read_docx(data)
    if rtf.is_rtf(data):
        return rtf.blocks(data, source)
    if data[:2000].lower().lstrip().startswith((b"mime-version:", b"from:", b"content-type:")):
        data = next(_pages(data), b"")
    text = decode(data, source)
    if _MARKUP.search(data[:100_000]):
        return blocks(parsed(text, source))
    return [Block(text[start:end]) for start, end in paragraphs(text)]


def _pages(data: bytes) -> Iterator[bytes]:
    """The pages of HTML in an MHT file."""
    for part in message_from_bytes(data, policy=policy.default).walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml", "text/plain"}:
            content = part.get_payload(decode=True)
            yield content if isinstance(content, bytes) else b""
