"""Whose words an extent of a document is: what its quotations, its marks and its sentences say of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import regex

from askbrief.check.speakers import SaidBy, confirms, said_by
from askbrief.english.names import NameMatcher
from askbrief.english.quote_marks import marked_extents
from askbrief.types import Document, Extent, Quotation, Sentence

_TURN = regex.compile(r"[*_]{0,3}(\p{Lu}[\w.'’-]*+(?:\s[\p{Lu}(][\w.'’()-]*+){0,5})[*_]{0,3}:[*_]{0,3}\s")


class AttributedDocument:
    """A document with the quotations in it, which are found when they are first needed."""

    def __init__(self, document: Document, sentences: Sequence[Sentence]) -> None:
        self.content = document
        self.text = document.text
        self.sentences = tuple(sentences)

    @cached_property
    def _quotations(self) -> tuple[Quotation, ...]:
        from askbrief.quotes import quotations

        return quotations(self.text, self.sentences)

    @cached_property
    def _marked(self) -> tuple[Extent, ...]:
        return marked_extents(self.text)

    def attribution(self, extent: Extent) -> SaidBy:
        """Whose words those of ``extent`` are.

        In a quotation: its speaker, or whoever is quoted in it there. Else the speaker of the sentence that
        reports them, else the one whose turn the paragraph is in a transcript, else only the reporter.
        """
        quotation = widest(self._quotations, extent)
        if quotation and (quotation.name or quotation.speaker):
            return said_by(self.text, quotation, extent)
        touched = [s for s in self.sentences if _shared((s.start, s.end), extent)]
        name = next((s.speaker for s in touched if s.speaker), None) or self._turn(touched)
        within = sum(_shared(marks, extent) for marks in self._marked)
        return SaidBy(name, reported=bool(name) or 2 * within > extent[1] - extent[0])

    def said_by(self, speaker: SaidBy, names: NameMatcher) -> list[Extent]:
        """The extents of the quotations whose named speaker is ``speaker``."""
        return [
            (q.start, q.end)
            for q in self._quotations
            if q.name and confirms(SaidBy(q.name, role=q.role), speaker, names) == "yes"
        ]

    def _turn(self, touched: Sequence[Sentence]) -> str | None:
        """The name before the colon that opens the paragraph, as in a transcript."""
        if not touched:
            return None
        start, end = self.content.paragraphs[touched[0].paragraph - 1]
        found = _TURN.match(self.text, start, end)
        return found[1] if found else None


def widest(quotations: Iterable[Quotation], extent: Extent) -> Quotation | None:
    """The quotation that shares most with ``extent``; one within marks that holds half of it goes first."""

    def rank(quotation: Quotation) -> tuple[bool, int]:
        shared = _shared((quotation.start, quotation.end), extent)
        return quotation.kind != "indirect" and 2 * shared >= extent[1] - extent[0], shared

    sharing = [q for q in quotations if _shared((q.start, q.end), extent)]
    return max(sharing, key=rank, default=None)


def _shared(one: Extent, other: Extent) -> int:
    """How many characters two extents share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
