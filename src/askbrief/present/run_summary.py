"""What a run of the indexer did, on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief.present.json_contracts import COUNTED

if TYPE_CHECKING:
    from askbrief.indexing.run_report import Summary


def run_summary(summary: Summary, index: object) -> str:
    """As "index: 2 added; 9 passages embedded in 0.3 s; now 5 documents, 40 sentences, 21 passages"."""
    embedded = f"{number(summary.encoded, 'passage')} embedded in {summary.seconds:.1f} s"
    holds = (number(getattr(summary, f"{noun}s"), noun) for noun in ("document", "sentence", "passage"))
    return f"{index}: {counts(summary)}; {embedded}; now {', '.join(holds)}"


def number(count: int, noun: str) -> str:
    """As "1 document" or "2 documents"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def counts(summary: Summary) -> str:
    """As "2 added, 1 skipped"; "no changes" if all counts are 0."""
    counted = {name: getattr(summary, name) for name in COUNTED} | {"skipped": len(summary.skipped)}
    return ", ".join(f"{count} {name}" for name, count in counted.items() if count) or "no changes"
