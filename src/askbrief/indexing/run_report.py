"""What a run has met, counted and listed: documents that change, and files that are skipped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from askbrief.formats import LeftOut, Skipped

FEW = 3
"""Documents of one file that are named where they are skipped; of more, their number is told."""

What: TypeAlias = Literal["added", "changed", "moved", "removed", "excluded"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a document, or of a file or folder that the user excludes; ``was`` is the source name
    that one had which moved, ``why`` what excludes it, ``garbled`` a sign that its text was decoded wrongly
    before."""

    what: What
    source: str
    was: str | None = None
    why: str | None = None
    garbled: str | None = None


@dataclass(slots=True)
class Account:
    """What a run has met so far, counted; ``changes`` lists it, where that is wanted, and ``first_garbled``
    is the first that was decoded wrongly before."""

    tally: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    changes: list[Change] | None = None
    first_garbled: Change | None = None

    def told(self) -> dict[str, Any]:
        """What of a run's summary it makes up."""
        changes = None if self.changes is None else tuple(self.changes)
        skipped = tuple(each for each in self.skipped if not each.intended)
        left_out = tuple(each for each in self.skipped if each.intended)
        return {
            **self.tally, "skipped": skipped, "left_out": left_out, "changes": changes,
            "first_garbled": self.first_garbled,
        }  # fmt: skip

    def note(self, change: Change) -> None:
        """Count a document, and list it."""
        self.tally[change.what] += 1
        if change.garbled:
            self.tally["garbled"] += 1
            self.first_garbled = self.first_garbled or change
        if self.changes is not None:
            self.changes.append(change)


class Skips:
    """What of one container is skipped: the first few by name, and how many more."""

    def __init__(self, name: str) -> None:
        self.met = False
        self._name = name
        self._first: list[Skipped] = []
        self._count = 0
        self._left_out: dict[str, Counter[str]] = {}

    def leave_out(self, each: LeftOut) -> None:
        """Count something that is no document."""
        self._left_out.setdefault(each.what, Counter())[each.detail] += 1

    def add(self, part: str, why: str) -> None:
        """Skip one of its documents."""
        self._count += 1
        if len(self._first) < FEW:
            source = f"{self._name}#{part}"
            self._first.append(Skipped(source, f"{source}: {why}"))

    def told(self) -> tuple[Skipped, ...]:
        """What was skipped, and what was left out because it is no document."""
        if not self.met:
            return (Skipped(self._name, f"{self._name} holds no document that can be read: leave it out"),)
        more = self._count - len(self._first)
        rest = (
            [Skipped(self._name, f"{self._name}: {more} more of its documents were skipped")] if more else []
        )
        for what, details in self._left_out.items():
            counts = [f"{count:,} {detail}".strip() for detail, count in details.most_common(FEW)]
            counts += [f"{len(details) - FEW} more kinds"] if len(details) > FEW else []
            why = f"{self._name}: left out {what} ({', '.join(counts)})"
            rest.append(Skipped(self._name, why, intended=True))
        return (*self._first, *rest)
