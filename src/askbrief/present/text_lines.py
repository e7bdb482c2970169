"""Results as a line of text: the place of a citation or a quotation, who said it, what a run did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.present.json_contracts import COUNTED
from askbrief.text.numbering import numbered
from askbrief.types import Citation, Quoted

if TYPE_CHECKING:
    from askbrief.indexing.run_report import Summary


def parts(cited: Citation | Quoted) -> list[str]:
    """The source name; the page, if there are pages; paragraph and sentences; characters."""
    at = cited.quotation if isinstance(cited, Quoted) else cited
    page = cited.page if isinstance(cited, Citation) else None
    return [
        cited.document.source,
        *([f"page {page}"] if page else []),
        numbered(at.paragraph, at.sentences),
        f"characters {at.start}–{at.end}",
    ]


def place(citation: Citation) -> str:
    """The place on one line, without the characters."""
    return ", ".join(parts(citation)[:-1])


def speech(citation: Citation) -> str | None:
    """Who says the words of a citation, as "denied by John Kirby"; None for the archive itself."""
    verb = citation.speech.polarity if citation.speech else "said"
    if citation.speaker:
        return f"{verb} by {citation.speaker}"
    if citation.speech is None:
        return None
    by = citation.speech.by
    return f"{verb} by “{' '.join(by.split())}”" if by else f"{verb} by an unnamed speaker"


def run_summary(summary: Summary, index: Path) -> str:
    """As "index: 2 added; 9 passages embedded in 0.3 s; now 5 documents, 40 sentences, 21 passages"."""
    return (
        f"{index}: {counts(summary)}; {summary.encoded} passages embedded in {summary.seconds:.1f} s; now "
        f"{summary.documents} documents, {summary.sentences} sentences, {summary.passages} passages"
    )


def counts(summary: Summary) -> str:
    """As "2 added, 1 skipped"; "no changes" if all counts are 0."""
    counted = {name: getattr(summary, name) for name in COUNTED} | {"skipped": len(summary.skipped)}
    return ", ".join(f"{count} {name}" for name, count in counted.items() if count) or "no changes"
