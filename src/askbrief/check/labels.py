"""Label the quotations of a draft: search, compare, and choose the best match for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from askbrief.answering.compose import cite
from askbrief.check.align import Alignment, Difference, aligned, differences, likeness, occurrences
from askbrief.check.attributed_document import ExtentSpeaker
from askbrief.check.draft import DraftQuotation, draft_quotations
from askbrief.check.lookup import Archive, Stretch, stretches
from askbrief.check.pattern import Pattern
from askbrief.english.names import NameMatcher
from askbrief.types import Citation, Extent, Span

Label: TypeAlias = Literal["exact", "altered", "misattributed", "absent"]

ALTERED = 0.6
"""Least similarity of an altered quotation; chosen on the dev half of ``benchmarks/checking.py``."""
NEAR = 0.7
"""From this similarity on, nearly the words by the same speaker match better than the words by another."""
ALIGNED = 4
"""Stretches that a quotation is aligned with word by word: those whose letters agree best."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a draft with its label.

    ``text`` is between the quotation marks, as written; ``line``, counted from 1, is where it begins.
    ``speaker`` is the fullest form of the name in the draft, None if it names nobody. ``match`` cites the
    original: its
    ``answer`` is the quoted words, its ``speaker`` their speaker in the archive. If the original runs over
    several paragraphs, the one with most of it is cited. ``difference`` compares all words of an altered
    quotation with the original; it is empty for other labels.
    """

    text: str
    line: int
    label: Label
    speaker: str | None
    match: Citation | None
    difference: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """A place of the archive that a quotation may come from, who says the words there, and whether that may
    be the draft's speaker."""

    stretch: Stretch
    place: Alignment
    attribution: ExtentSpeaker
    fits: bool
    exact: bool

    def rank(self, speaker: str | None) -> tuple[int, float]:
        """How good a match this is: the same words of the same speaker first, and those of an unknown
        speaker before those of another."""
        known = speaker is None or self.attribution.name is not None
        sure = self.fits and self.attribution.reported and known
        if self.exact:
            return (5 if sure else 4 if self.fits else 2), self.place.similarity
        return (3 if self.fits and self.place.similarity >= NEAR else 1), self.place.similarity + 0.01 * sure


def check(draft: str, archive: Archive) -> tuple[Checked, ...]:
    """The quotations of ``draft`` (text or Markdown), in order, labelled against ``archive``.

    Raises the errors of a damaged index, but none for any draft.
    """
    known: dict[tuple[str, str | None], Checked] = {}
    found = []
    for quotation in draft_quotations(draft, archive.speaks):
        same = (quotation.text, quotation.speaker)
        if same not in known:
            known[same] = _checked(quotation, archive)
        found.append(replace(known[same], line=quotation.line))
    return tuple(found)


def _checked(quotation: DraftQuotation, archive: Archive) -> Checked:
    best = _best(quotation, archive)
    if best is None:
        return Checked(quotation.text, quotation.line, "absent", quotation.speaker, None)
    label: Label = "altered"
    if best.exact:
        label = "exact" if best.fits else "misattributed"
    difference: tuple[Difference, ...] = ()
    if label == "altered":
        difference = differences(best.place.steps, quotation.readable, best.stretch.document.text)
    return Checked(quotation.text, quotation.line, label, quotation.speaker, _citation(best), difference)


def _best(quotation: DraftQuotation, archive: Archive) -> _Match | None:
    """The best match for a quotation; one that is certainly its original ends the search."""
    speaker = quotation.speaker
    best: _Match | None = None
    for hits in archive.searches(quotation):
        around = stretches(archive, hits, len(quotation.text))
        matches = [match for stretch in around for match in _exact(quotation, stretch, archive.names)]
        if not matches:
            matches += _nearest(quotation, around, archive.names)
        elif speaker and not any(match.fits for match in matches):
            matches += _own(quotation.pattern, speaker, around, archive.names)
        for match in matches:
            if best is None or match.rank(speaker) > best.rank(speaker):
                best = match
        if best and best.rank(speaker)[0] == 5:
            break
    return best


def _match(
    stretch: Stretch, place: Alignment, speaker: str | None, names: NameMatcher, *, exact: bool
) -> _Match:
    attribution = stretch.document.attribution((place.start, place.end))
    return _Match(stretch, place, attribution, attribution.may_be(speaker, names), exact)


def _exact(quotation: DraftQuotation, stretch: Stretch, names: NameMatcher) -> Iterator[_Match]:
    for place in occurrences(quotation.pattern, stretch.words):
        yield _match(stretch, place, quotation.speaker, names, exact=True)


def _nearest(quotation: DraftQuotation, around: Sequence[Stretch], names: NameMatcher) -> Iterator[_Match]:
    """The places that have nearly the words of a quotation."""
    likely = sorted(around, key=lambda stretch: -likeness(quotation.pattern, stretch.words))
    for stretch in likely[:ALIGNED]:
        place = aligned(quotation.pattern, stretch.words)
        if place and place.similarity >= ALTERED:
            yield _match(stretch, place, quotation.speaker, names, exact=False)


def _own(pattern: Pattern, speaker: str, around: Sequence[Stretch], names: NameMatcher) -> Iterator[_Match]:
    """What the draft's speaker says in nearly the words of a quotation that is another's."""
    for stretch in around:
        for start, end in stretch.document.said_by(speaker, names):
            inside = [word for word in stretch.words if start <= word.start and word.end <= end]
            place = aligned(pattern, inside) if inside else None
            if place and NEAR <= place.similarity < 1:
                yield _match(stretch, place, speaker, names, exact=False)


def _citation(match: _Match) -> Citation:
    """The sentences of the match, in the paragraph that has most of it, with their speaker."""
    start, end = _within_paragraph(match)
    cited = cite(match.stretch.hit, Span(0, start, end, round(match.place.similarity, 4)))
    return replace(cited, speaker=match.attribution.name)


def _within_paragraph(match: _Match) -> Extent:
    place = match.place
    by_paragraph: dict[int, list[Extent]] = {}
    for sentence in match.stretch.sentences:
        start, end = max(place.start, sentence.start), min(place.end, sentence.end)
        if start < end:
            by_paragraph.setdefault(sentence.paragraph, []).append((start, end))
    most = max(by_paragraph.values(), key=lambda extents: extents[-1][1] - extents[0][0])
    return most[0][0], most[-1][1]
