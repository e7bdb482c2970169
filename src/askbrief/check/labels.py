"""The quotations of a draft to their labels: search, compare, choose the match that speaks best for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from askbrief.answering.compose import cite
from askbrief.check.align import Alignment, Difference, aligned, differences, likeness, occurrences
from askbrief.check.attributions import Attribution
from askbrief.check.draft import Quoted, quoted
from askbrief.check.lookup import Archive, Stretch, stretches
from askbrief.check.pattern import Pattern
from askbrief.english.names import NameMatcher
from askbrief.types import Citation, Extent, Span

Label: TypeAlias = Literal["exact", "altered", "misattributed", "absent"]

ALTERED = 0.6
"""Least similarity of a quotation with its original; chosen on the dev half of ``benchmarks/checking.py``."""
NEAR = 0.7
"""From this similarity, nearly these words of the same speaker are a better match than these of another."""
ALIGNED = 4
"""Stretches, those whose letters agree best, with which a quotation is aligned word by word."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a draft with its label.

    ``text`` is what stands within the marks, as written; ``line`` where it begins, counted from 1;
    ``speaker`` the fullest form of the name that the draft gives, None where it gives none. ``match`` cites
    the original, and its ``answer`` is the very words; its ``speaker`` is who says them there. Of an original
    that runs over several paragraphs the one that holds most of it is cited. ``difference`` has the
    whole of an altered quotation, piece by piece beside its original, and nothing of any other.
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
    attribution: Attribution
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
    """Every quotation of ``draft`` (text or Markdown), in order, labelled against ``archive``.

    Never raises for what a draft holds; raises the errors of a damaged index.
    """
    known: dict[tuple[str, str | None], Checked] = {}
    found = []
    for quotation in quoted(draft, archive.speaks):
        same = (quotation.text, quotation.speaker)
        if same not in known:
            known[same] = _checked(quotation, archive)
        found.append(replace(known[same], line=quotation.line))
    return tuple(found)


def _checked(quotation: Quoted, archive: Archive) -> Checked:
    best = _best(quotation, archive)
    if best is None:
        return Checked(quotation.text, quotation.line, "absent", quotation.speaker, None)
    label: Label = "altered"
    if best.exact:
        label = "exact" if best.fits else "misattributed"
    told: tuple[Difference, ...] = ()
    if label == "altered":
        told = differences(best.place.steps, quotation.readable, best.stretch.document.text)
    return Checked(quotation.text, quotation.line, label, quotation.speaker, _citation(best), told)


def _best(quotation: Quoted, archive: Archive) -> _Match | None:
    """The match that speaks best for a quotation; what is surely its original ends the search."""
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


def _exact(quotation: Quoted, stretch: Stretch, names: NameMatcher) -> Iterator[_Match]:
    for place in occurrences(quotation.pattern, stretch.words):
        yield _match(stretch, place, quotation.speaker, names, exact=True)


def _nearest(quotation: Quoted, around: Sequence[Stretch], names: NameMatcher) -> Iterator[_Match]:
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
    """The sentences that hold the match, of the one paragraph that holds most of it, with who says them."""
    start, end = _within_paragraph(match)
    cited = cite(match.stretch.hit, Span(0, start, end, round(match.place.similarity, 4)))
    return replace(cited, speaker=match.attribution.name)


def _within_paragraph(match: _Match) -> Extent:
    place = match.place
    held: dict[int, list[Extent]] = {}
    for sentence in match.stretch.sentences:
        start, end = max(place.start, sentence.start), min(place.end, sentence.end)
        if start < end:
            held.setdefault(sentence.paragraph, []).append((start, end))
    most = max(held.values(), key=lambda extents: extents[-1][1] - extents[0][0])
    return most[0][0], most[-1][1]
