"""The report of a run: documents that change, and sources that are skipped."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

from askbrief.formats import OTHER_FORMATS, LeftOut, Skipped, passed_over
from askbrief.index_records import Stats

FEW = 3
"""Skipped documents of one collection that are named; of more, their number is reported."""

What: TypeAlias = Literal["added", "changed", "moved", "removed", "excluded"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a document, or to a path that the user excludes; ``was`` is the former source name of
    one that moved, ``why`` what excludes it, ``garbled`` a sign that its text was decoded wrongly before."""

    what: What
    source: str
    was: str | None = None
    why: str | None = None
    garbled: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the writer did.

    ``skipped`` are the sources that could not be indexed, with the reasons, ``left_out`` what isn't a
    document. ``changes`` lists what was done, if a list was asked for. ``repaired`` says what of the search
    files was damaged and made anew. ``garbled`` counts documents that were decoded wrongly before, of which
    ``first_garbled`` is the first. ``resplit`` counts those whose sentences newer rules have split anew.
    """

    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    removed: int = 0
    encoded: int = 0
    excluded: int = 0
    garbled: int = 0
    resplit: int = 0
    first_garbled: Change | None = None
    skipped: tuple[Skipped, ...] = ()
    left_out: tuple[Skipped, ...] = ()
    changes: tuple[Change, ...] | None = None
    repaired: str | None = None
    documents: int = 0
    sentences: int = 0
    passages: int = 0
    revision: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class RunReport:
    """What a run has done so far; ``changes`` lists it, if a list is wanted, and ``first_garbled`` is the
    first document that was decoded wrongly before."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    changes: list[Change] | None = None
    first_garbled: Change | None = None

    def summary(
        self, stored: Stats, started: float, *, encoded: int = 0, repaired: str | None = None
    ) -> Summary:
        """The sum of a run that ``started`` at that value of ``time.perf_counter``."""
        return Summary(
            **self.counts,
            **asdict(stored),
            encoded=encoded,
            first_garbled=self.first_garbled,
            skipped=tuple(each for each in self.skipped if not each.intended),
            left_out=tuple(each for each in self.skipped if each.intended),
            changes=None if self.changes is None else tuple(self.changes),
            repaired=repaired,
            seconds=time.perf_counter() - started,
        )

    def add(self, change: Change) -> None:
        """Count a change, and list it."""
        self.counts[change.what] += 1
        if change.garbled:
            self.counts["garbled"] += 1
            self.first_garbled = self.first_garbled or change
        if self.changes is not None:
            self.changes.append(change)


class CollectionReport:
    """What of one collection is skipped: the first few documents by name, and how many more."""

    def __init__(self, name: str) -> None:
        self.any = False
        self._name = name
        self._first: list[Skipped] = []
        self._count = 0
        self._left_out: dict[str, Counter[str]] = {}

    def leave_out(self, each: LeftOut) -> None:
        """Count something that isn't a document."""
        self._left_out.setdefault(each.what, Counter())[each.detail] += 1

    def skip(self, part: str, why: str) -> None:
        """Skip one of its documents."""
        self._count += 1
        if len(self._first) < FEW:
            source = f"{self._name}#{part}"
            self._first.append(Skipped(source, f"{source}: {why}"))

    def skipped(self) -> tuple[Skipped, ...]:
        """What was skipped, and what was left out because it isn't a document."""
        if not self.any:
            return (Skipped(self._name, f"{self._name} holds no document that can be read: leave it out"),)
        more = self._count - len(self._first)
        rest = (
            [Skipped(self._name, f"{self._name}: {more} more of its documents were skipped")] if more else []
        )
        for what, details in self._left_out.items():
            if what == OTHER_FORMATS:
                why = f"{self._name}: {passed_over(details)}"
                rest.append(Skipped(self._name, why, intended=True))
                continue
            counts = [f"{count:,} {detail}".strip() for detail, count in details.most_common(FEW)]
            counts += [f"{len(details) - FEW} more kinds"] if len(details) > FEW else []
            why = f"{self._name}: left out {what} ({', '.join(counts)})"
            rest.append(Skipped(self._name, why, intended=True))
        return (*self._first, *rest)
