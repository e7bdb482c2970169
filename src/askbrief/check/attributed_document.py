"""Whose words an extent of a document is, and whether it is quoted there: what its quotations, its marks and
its sentences say of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Literal, TypeAlias

import regex

from askbrief.check.draft_markup import block_quotes, prose
from askbrief.check.folded_words import FoldedWord, folded_words
from askbrief.check.said_by import SaidBy, confirms, said_by
from askbrief.english.names import NameMatcher
from askbrief.english.quote_marks import find_marked
from askbrief.english.reporting import ENGLISH
from askbrief.types import Document, Extent, Quotation, Sentence

Quoted: TypeAlias = Literal["quoted", "partly quoted", "not quoted"]
"""Whether a document has words as a quotation."""

_TURN = regex.compile(r"[*_]{0,3}(\p{Lu}[\w.'’-]*+(?:\s[\p{Lu}(][\w.'’()-]*+){0,5})[*_]{0,3}:[*_]{0,3}\s")


class AttributedDocument:
    """A document with the quotations in it, which are found when they are first needed."""

    def __init__(self, document: Document, sentences: Sequence[Sentence]) -> None:
        self.content = document
        self.text = document.text
        self.sentences = tuple(sentences)

    @cached_property
    def words(self) -> tuple[FoldedWord, ...]:
        """The words of the text in the form in which they are compared."""
        return folded_words(self.text)

    @cached_property
    def _quotations(self) -> tuple[Quotation, ...]:
        from askbrief.quotes import quotations

        return quotations(self.text, self.sentences)

    @cached_property
    def _turns(self) -> dict[int, tuple[str, Extent]]:
        """By paragraph, the name before the colon that opens it, as in a transcript, and what follows."""
        from askbrief.quotes.document_names import DocumentNames

        extents = enumerate(self.content.paragraphs, 1)
        found = [(number, _TURN.match(self.text, *extent), extent[1]) for number, extent in extents]
        labels = [
            (n, label, end) for n, label, end in found if label and label[1].lower() not in ENGLISH.captions
        ]
        names = DocumentNames(self.text) if labels else None
        named = [(n, names and names.person(label[1].split()), label.end(), end) for n, label, end in labels]
        return {number: (name, (start, end)) for number, name, start, end in named if name}

    @cached_property
    def _quoted(self) -> tuple[Extent, ...]:
        """What is within quotation marks, in block quotes, in turns of a transcript, or else direct speech:
        what a signature follows, or an answer in an interview."""
        marked = find_marked(self.text, self.content.paragraphs, every=True)
        return (
            *((one.first, one.last) for found in marked for one in found),
            *((q.start, q.end) for q in self._quotations if q.kind == "direct"),
            *(block_quotes(self.text, prose(self.text)) if ">" in self.text else ()),
            *(said for _, said in self._turns.values()),
        )

    def quoted(self, extents: Sequence[Extent]) -> Quoted:
        """Whether all letters and figures of the extents are quoted in the document."""
        near = [q for q in self._quoted if any(_shared(q, extent) for extent in extents)]
        places = (at for extent in extents for at in range(*extent) if self.text[at].isalnum())
        inside = {any(start <= at < end for start, end in near) for at in places}
        return "partly quoted" if len(inside) > 1 else "quoted" if True in inside else "not quoted"

    def attribution(self, extent: Extent) -> SaidBy:
        """Whose words those of ``extent`` are.

        In a quotation: its speaker, or whoever is quoted in it there. Else the speaker of the sentence that
        reports them, else the one whose turn the paragraph is in a transcript, else nobody.
        """
        quotation = widest(self._quotations, extent)
        if quotation and (quotation.name or quotation.speaker):
            return said_by(self.text, quotation, extent)
        touched = [s for s in self.sentences if _shared((s.start, s.end), extent)]
        turn = self._turns.get(touched[0].paragraph) if touched else None
        name = next((s.speaker for s in touched if s.speaker), turn and turn[0])
        return SaidBy(name)

    def said_by(self, speaker: SaidBy, names: NameMatcher) -> list[Extent]:
        """The extents of the quotations whose named speaker is ``speaker``."""
        return [
            (q.start, q.end)
            for q in self._quotations
            if q.name and confirms(SaidBy(q.name, role=q.role), speaker, names) == "yes"
        ]


class Overlapping:
    """Quotations in the order of their starts, looked up by the extents that they share something with."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self._quotations = quotations
        self._furthest = list(accumulate((one.end for one in quotations), max))

    def of(self, extent: Extent) -> Sequence[Quotation]:
        """All that may share a character with an extent."""
        first = bisect_right(self._furthest, extent[0])
        return self._quotations[first : bisect_left(self._quotations, extent[1], key=lambda one: one.start)]


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
