"""What a filter leaves out that its user may not expect: documents without a date, or everything."""

from __future__ import annotations

from collections.abc import Collection

from askbrief.options import AskOptions
from askbrief.types import FilterFit


def why_nothing(options: AskOptions, fit: FilterFit, names: Collection[str] | None) -> str | None:
    """Why no document passes a filter, and what there is; None if any passes. ``names`` are those by which
    the archive knows the speaker who is wanted, None if nobody is."""
    if not fit.named:
        there = f"; there {_are(fit.documents)}, as {fit.example}" if fit.example else ""
        return f"no document from {options.source}{there}"
    if not fit.passing:
        return "; ".join(filter(None, (f"no document{_when(options)}", _others(fit), _undated(fit))))
    if names is not None and not names:
        return f"the archive quotes nobody called {options.speaker}"
    return None


def left_out(options: AskOptions, fit: FilterFit) -> str | None:
    """How many documents a filter by date leaves out because they have none; None if it leaves out none."""
    if not fit.undated or not (options.since or options.until):
        return None
    given = " and ".join(f"`--{n}`" for n in ("since", "until") if getattr(options, n))
    was = "was" if fit.undated == 1 else "were"
    return f"{_undated(fit)} and {was} left out by {given}"


def _when(options: AskOptions) -> str:
    """The days that are wanted, and from which documents."""
    days = (f" {word} {day}" for word, day in (("since", options.since), ("until", options.until)) if day)
    return f"{f' from {options.source}' if options.source else ''}{''.join(days)}"


def _others(fit: FilterFit) -> str | None:
    if fit.first is None:
        return None
    span = fit.first if fit.first == fit.last else f"{fit.first} to {fit.last}"
    return f"the dates go from {span}" if fit.first != fit.last else f"the only date is {span}"


def _undated(fit: FilterFit) -> str | None:
    if not fit.undated:
        return None
    return "1 document has no date" if fit.undated == 1 else f"{fit.undated:,} documents have no date"


def _are(count: int) -> str:
    return "is 1 document" if count == 1 else f"are {count:,} documents"
