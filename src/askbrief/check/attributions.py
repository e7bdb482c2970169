"""Whose words a piece of a document is: what its quotations, its marks and its sentences say of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from askbrief.check.names import named_in, same_person
from askbrief.english.quote_marks import marked_extents
from askbrief.types import Document, Extent, Quotation, Sentence

_TURN = regex.compile(r"[*_]{0,3}(\p{Lu}[\w.'’-]*+(?:\s[\p{Lu}(][\w.'’()-]*+){0,5})[*_]{0,3}:[*_]{0,3}\s")


@dataclass(frozen=True, slots=True)
class Mouth:
    """Who says a piece of a document: ``name`` where it is sure, ``role`` their office; ``reported`` is
    false of words that are the reporter's alone, said by nobody."""

    name: str | None
    role: str | None = None
    reported: bool = True

    def may_be(self, speaker: str | None) -> bool:
        """Whether these may be the words of ``speaker``; where no name is known, they may be anyone's."""
        if speaker is None:
            return True
        if self.name is None:
            return self.reported
        return same_person(speaker, self.name) or named_in(speaker, self.role)


class Voices:
    """A document with the quotations in it, found when they are first asked for."""

    def __init__(self, document: Document, sentences: Sequence[Sentence]) -> None:
        self.document = document
        self.sentences = tuple(sentences)

    @cached_property
    def _quotations(self) -> tuple[Quotation, ...]:
        from askbrief.quotes import quotations

        return quotations(self.document.text, self.sentences)

    @cached_property
    def _marked(self) -> tuple[Extent, ...]:
        return marked_extents(self.document.text)

    def mouth(self, extent: Extent) -> Mouth:
        """Whose words those of ``extent`` are.

        Within marks: whom the quotation that they are in names, else whom its sentence does. Outside of
        marks: whom they are told of, else the speaker whose turn the paragraph is in a transcript, else
        nobody but the reporter.
        """
        quotation = widest(self._quotations, extent)
        if quotation and (quotation.name or quotation.speaker):
            return Mouth(quotation.name, quotation.role)
        touched = [s for s in self.sentences if _shared((s.start, s.end), extent)]
        name = next((s.speaker for s in touched if s.speaker), None) or self._turn(touched)
        within = sum(_shared(marks, extent) for marks in self._marked)
        return Mouth(name, reported=bool(name) or 2 * within > extent[1] - extent[0])

    def said_by(self, speaker: str | None) -> list[Extent]:
        """The extents of the quotations whose speaker may be ``speaker``."""
        named = [q for q in self._quotations if speaker and q.name]
        return [(q.start, q.end) for q in named if Mouth(q.name, q.role).may_be(speaker)]

    def _turn(self, touched: Sequence[Sentence]) -> str | None:
        """The name before the colon that opens the paragraph, as in a transcript."""
        if not touched:
            return None
        start, end = self.document.paragraphs[touched[0].paragraph - 1]
        found = _TURN.match(self.document.text, start, end)
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
