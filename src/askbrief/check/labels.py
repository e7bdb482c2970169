"""Label the quotations of a draft: search, compare, and choose the best match for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from askbrief.answering.compose import cite
from askbrief.check.align import Alignment, Difference, aligned, differences, likeness, occurrences
from askbrief.check.attributed_document import Quoted
from askbrief.check.draft import DraftQuotation, draft_quotations
from askbrief.check.lookup import Archive, CandidatePassage, Stretch, stretches
from askbrief.check.said_by import Confirmed, SaidBy, confirms
from askbrief.english.names import NameMatcher
from askbrief.types import Citation, Extent, Span

if TYPE_CHECKING:
    from askbrief.types import Vectors

Label: TypeAlias = Literal["exact", "unconfirmed", "altered", "misattributed", "absent"]

Reason: TypeAlias = Literal["not quoted", "partly quoted", "speaker not established"]
"""Why a quotation is unconfirmed: the archive has its words, but not as a quotation, or only a part of them
as one, or it doesn't establish that the draft's speaker said them."""

LABELS: dict[Confirmed, Label] = {"yes": "exact", "unknown": "unconfirmed", "no": "misattributed"}
"""The label of words that the archive has as a quotation, by whether it confirms the speaker."""
ALTERED = 0.6
"""Least similarity of an altered quotation; chosen on the dev half of ``benchmarks/checking.py``."""
NEAR = 0.7
"""From this similarity on, nearly the words by the same speaker match better than the words by another."""
CERTAIN = 6
"""Rank of a match that no other can exceed: the words as a quotation of the draft's speaker."""
UNQUOTED = 5
"""Rank of the same words if the archive confirms the speaker, but not all of them are a quotation."""
OWN = 3
"""Rank of nearly the words by the draft's speaker."""
REPORTERS = 1
"""Rank of the same words if nobody says them; other similar words have rank 0."""
RANKS: dict[Confirmed, int] = {"yes": CERTAIN, "unknown": 4, "no": 2}
"""Ranks of the same words otherwise, by whether the archive confirms the speaker."""
CONFIRMED = 0.01
"""By how much a match of the draft's speaker goes before another that is as similar."""
ALIGNED = 4
"""Stretches that a quotation is aligned with word by word: those whose letters agree best."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation of a draft with its label.

    ``text`` is between the quotation marks, as written; ``line``, counted from 1, is where it begins;
    ``unpaired`` is true if one of its marks has no partner, so that it may begin or end elsewhere.
    ``speaker`` is the fullest form of the name in the draft, else the words there for an office (“the
    mayor”), None if it gives neither. ``said_by`` is who says the words in the archive, as far as it says:
    a name, else its words for the speaker; None if it gives nobody. ``reason`` is why a quotation is
    unconfirmed, None for other labels. ``match`` cites the original: its
    ``answer`` is the quoted words, its ``speaker`` their speaker if they have a name. If the original runs
    over several paragraphs, the one with most of it is cited. ``difference`` compares all words of an altered
    quotation with the original; it is empty for other labels.
    """

    text: str
    line: int
    label: Label
    speaker: str | None
    match: Citation | None
    difference: tuple[Difference, ...] = ()
    said_by: str | None = None
    unpaired: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    """A place of the archive that a quotation may come from, whether it is one there, who says the words, and
    whether that is the draft's speaker."""

    stretch: Stretch
    place: Alignment
    quoted: Quoted
    said_by: SaidBy
    confirmed: Confirmed
    exact: bool

    @property
    def rank(self) -> tuple[int, float]:
        """How good a match this is: the same words of the same speaker first, and those of an unknown
        speaker before those of another."""
        confirmed, similarity = self.confirmed == "yes", self.place.similarity
        if not self.exact:
            return (OWN if confirmed and similarity >= NEAR else 0), similarity + CONFIRMED * confirmed
        if self.quoted == "quoted" or self.confirmed == "no":
            return RANKS[self.confirmed], similarity
        if confirmed:
            return UNQUOTED, similarity
        return RANKS["unknown"] if self.said_by.shown else REPORTERS, similarity

    @property
    def label(self) -> Label:
        """The label of a quotation that comes from here."""
        if not self.exact:
            return "altered"
        label = LABELS[self.confirmed]
        return "unconfirmed" if label == "exact" and self.quoted != "quoted" else label

    @property
    def reason(self) -> Reason | None:
        """Why a quotation that comes from here is unconfirmed."""
        if self.label != "unconfirmed":
            return None
        return "speaker not established" if self.quoted == "quoted" else self.quoted


def check(draft: str, archive: Archive) -> tuple[Checked, ...]:
    """The quotations of ``draft`` (text or Markdown), in order, labelled against ``archive``.

    Raises the errors of a damaged index, but none for any draft.
    """
    quotations = draft_quotations(draft, archive.speaks)
    distinct = {(one.text, one.said_by): one for one in reversed(quotations)}
    searches = {same: _Search(one) for same, one in distinct.items()}
    for search in searches.values():
        search.by_words(archive)
    open_ = [search for search in searches.values() if not search.certain]
    if open_:
        for search, vector in zip(open_, archive.embedded([s.quotation for s in open_]), strict=True):
            search.by_meaning(archive, vector)
    known = {same: _checked(distinct[same], search.best) for same, search in searches.items()}
    labelled = ((one, known[one.text, one.said_by]) for one in quotations)
    return tuple(replace(label, line=one.line, unpaired=one.unpaired) for one, label in labelled)


def _checked(quotation: DraftQuotation, best: _Match | None) -> Checked:
    written = (quotation.text, quotation.line)
    if best is None:
        return Checked(*written, "absent", quotation.speaker, None)
    difference: tuple[Difference, ...] = ()
    if not best.exact:
        difference = differences(best.place.steps, quotation.readable, best.stretch.document.text)
    cited, said_by = _citation(best), best.said_by.shown
    return Checked(*written, best.label, quotation.speaker, cited, difference, said_by, reason=best.reason)


@dataclass
class _Search:
    """The search for a quotation, with its best match so far."""

    quotation: DraftQuotation
    best: _Match | None = None
    seen: set[int] = field(default_factory=set)

    @property
    def certain(self) -> bool:
        """Whether the best match is certainly the original, which ends the search."""
        return self.best is not None and self.best.rank[0] == CERTAIN

    def by_words(self, archive: Archive) -> None:
        """Search by words, until the best match is certain."""
        for found in archive.by_words(self.quotation, self.seen):
            self._compare(archive, found)
            if self.certain:
                break

    def by_meaning(self, archive: Archive, vector: Vectors) -> None:
        """Search by the embedding of the quotation."""
        self._compare(archive, archive.by_meaning(vector, self.seen))

    def _compare(self, archive: Archive, found: Sequence[CandidatePassage]) -> None:
        """Compare the quotation with the passages found; the best match of all is kept."""
        quotation, names = self.quotation, archive.names
        around = stretches(archive, found, len(quotation.text))
        matches = [match for stretch in around for match in _exact(quotation, stretch, names)]
        if not matches:
            matches += _nearest(quotation, around, names, self.best)
        elif all(match.rank[0] < OWN for match in matches):
            matches += _own(quotation, around, names)
        known = [self.best] if self.best else []
        self.best = max([*known, *matches], key=lambda match: match.rank, default=None)


def _match(
    quotation: DraftQuotation, stretch: Stretch, place: Alignment, names: NameMatcher, *, exact: bool
) -> _Match:
    """A match; words that come from several speakers are as little confirmed as the least of them."""
    parts = place.parts or ((place.start, place.end),)
    said = [stretch.document.attribution(part) for part in parts]
    confirmed = [confirms(one, quotation.said_by, names) for one in said]
    least = max(range(len(said)), key=lambda n: ("yes", "unknown", "no").index(confirmed[n]))
    quoted = stretch.document.quoted(parts)
    return _Match(stretch, place, quoted, said[least], confirmed[least], exact)


def _exact(quotation: DraftQuotation, stretch: Stretch, names: NameMatcher) -> Iterator[_Match]:
    for place in occurrences(quotation.pattern, stretch.words, stretch.line):
        yield _match(quotation, stretch, place, names, exact=True)


def _nearest(
    quotation: DraftQuotation, around: Sequence[Stretch], names: NameMatcher, best: _Match | None
) -> Iterator[_Match]:
    """The places that have nearly the words of a quotation, as far as they may be better than ``best``."""
    likely = sorted(around, key=lambda stretch: -likeness(quotation.pattern, stretch.line))
    for stretch in likely[:ALIGNED]:
        place = aligned(quotation.pattern, stretch.words, stretch.line, _worth(best))
        if place and place.similarity >= ALTERED:
            match = _match(quotation, stretch, place, names, exact=False)
            best = match if best is None or match.rank > best.rank else best
            yield match


def _worth(best: _Match | None) -> float:
    """The similarity from which on nearly the same words may be a better match than ``best``."""
    if best is None:
        return ALTERED
    nearer = best.rank[1] - CONFIRMED if best.rank[0] == 0 else NEAR
    return max(ALTERED, min(NEAR, nearer))


def _own(quotation: DraftQuotation, around: Sequence[Stretch], names: NameMatcher) -> Iterator[_Match]:
    """What the draft's speaker says in nearly the words of a quotation that is another's."""
    for stretch in around:
        for start, end in stretch.document.said_by(quotation.said_by, names):
            inside = [word for word in stretch.words if start <= word.start and word.end <= end]
            place = aligned(quotation.pattern, inside, least=NEAR) if inside else None
            if place and NEAR <= place.similarity < 1:
                yield _match(quotation, stretch, place, names, exact=False)


def _citation(match: _Match) -> Citation:
    """The sentences of the match, in the paragraph that has most of it, with their speaker."""
    start, end = _within_paragraph(match)
    cited = cite(match.stretch.hit, Span(0, start, end, round(match.place.similarity, 4)))
    return replace(cited, speaker=match.said_by.name)


def _within_paragraph(match: _Match) -> Extent:
    place = match.place
    by_paragraph: dict[int, list[Extent]] = {}
    for sentence in match.stretch.sentences:
        start, end = max(place.start, sentence.start), min(place.end, sentence.end)
        if start < end:
            by_paragraph.setdefault(sentence.paragraph, []).append((start, end))
    most = max(by_paragraph.values(), key=lambda extents: extents[-1][1] - extents[0][0])
    return most[0][0], most[-1][1]
