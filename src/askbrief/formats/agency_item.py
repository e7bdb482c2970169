"""Items of news agencies: what NITF, NewsML-G2 and ninjs say of one beside its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from askbrief.formats.document import About, Block, composed
from askbrief.types import Document

WITHDRAWN = frozenset({"withheld", "canceled", "cancelled", "killed"})
"""The statuses of items from which nothing may be answered."""


def status(value: str) -> str:
    """The name of a publishing status, without its vocabulary: “stat:canceled”, the address of a code."""
    return value.strip().rpartition(":")[2].rpartition("/")[2].lower()


def agency_item(
    source: str, blocks: Iterable[Block], about: About, details: Mapping[str, str | None]
) -> Document:
    """The document of an item. One that is withheld or cancelled keeps its title and details, and no text.

    Raises:
        SourceError: it has no text.
    """
    kept = {name: " ".join(value.split()) for name, value in details.items() if value and value.strip()}
    if kept.get("status") not in WITHDRAWN:
        return replace(composed(source, blocks, about), details=kept)
    title = about.title or f"{kept['status']} item"
    return replace(composed(source, [Block(title)], about), paragraphs=(), details=kept)
