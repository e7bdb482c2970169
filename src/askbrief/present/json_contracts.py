"""Each command's result as the plain dict that ``--json`` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from askbrief.types import (
    Answer,
    Document,
    Quoted,
    SearchResult,
    Sentence,
    Source,
    Speaker,
    precision,
    time_code,
)

if TYPE_CHECKING:
    from askbrief.check import Checked
    from askbrief.index_records import Status
    from askbrief.indexing.run_report import Summary
    from askbrief.verify import Verification

Json: TypeAlias = dict[str, Any]

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters that JSON lets through, ends of lines, and overrides of the order of writing."""

COUNTED = ("added", "changed", "moved", "unchanged", "removed", "excluded")
"""The counts of a run of the indexer."""


def to_json(document: object, *, lines: bool = False) -> str:
    """A document as JSON text, in Unicode: one line if ``lines``, indented otherwise. What could control a
    terminal or end a line is escaped: it reads as the same text."""
    return _UNSAFE.sub(
        lambda found: f"\\u{ord(found[0]):04x}",
        json.dumps(document, ensure_ascii=False, indent=None if lines else 2),
    )


def answer(found: Answer) -> Json:
    """What ``ask --json`` prints."""
    return asdict(found)


def shown(document: Document, sentences: Sequence[Sentence], garbled: int = 0) -> Json:
    """What ``show --json`` prints; ``garbled`` counts the signs of wrong decoding in the text."""
    paragraphs: list[Json] = [{"start": a, "end": b, "sentences": []} for a, b in document.paragraphs]
    for each in sentences:
        paragraphs[each.paragraph - 1]["sentences"].append({"start": each.start, "end": each.end})
    date = document.date
    about = asdict(Source.of(document)) | {
        "author": document.author,
        "site": document.site,
        "pages": list(document.pages),
        "details": dict(document.details),
        "times": [{"start": start, "time": time_code(time)} for start, time in document.times],
        "garbled": garbled,
        "dated": {"from": document.dated, "precision": precision(date)} if date else None,
    }
    return {"document": about, "text": document.text, "paragraphs": paragraphs}


def quotation(quoted: Quoted) -> Json:
    """One quotation of ``quotes --json``; ``speaker`` is None if the document names nobody."""
    q = quoted.quotation
    start, end = q.speaker or (None, None)
    words = {"text": quoted.speaker, "start": start, "end": end}
    named = q.name or q.role or q.speaker
    return {
        "text": quoted.text,
        "start": q.start,
        "end": q.end,
        "kind": q.kind,
        "polarity": q.polarity,
        "cue": {"text": quoted.cue, "start": q.cue[0], "end": q.cue[1]},
        "speaker": {"name": q.name, "role": q.role, **words} if named else None,
        "document": asdict(quoted.document),
        "paragraph": q.paragraph,
        "sentences": list(q.sentences),
    }


def search(found: SearchResult) -> Json:
    """What ``search --json`` prints: the document of a place is that of its hit."""
    made = asdict(found)
    for hit in made["hits"]:
        for place in hit["places"]:
            del place["document"]
    return made


def speaker(counted: Speaker) -> Json:
    """One speaker of ``speakers --json``."""
    return asdict(counted)


def check(checked: Sequence[Checked]) -> Json:
    """What ``check --json`` prints; ``difference`` only for an altered quotation."""
    made = [asdict(each) for each in checked]
    for each in made:
        if each["label"] != "altered":
            del each["difference"]
    return {"quotations": made}


def verification(report: Verification) -> Json:
    """What ``verify --json`` prints."""
    return asdict(report)


def status(state: Status, listed: Sequence[Source] | None = None) -> Json:
    """What ``status --json`` prints, with the documents in ``listed`` if it is given."""
    made = asdict(state)
    made["model"] = state.model.name if state.model else None
    made["agreement"] = state.model.agreement if state.model else None
    if listed is not None:
        made["listed"] = [asdict(source) for source in listed]
    return made


def index_run(summary: Summary, index: object, *, dry_run: bool) -> Json:
    """What ``index --report`` writes: what was done, or would be."""
    changes = [{key: value for key, value in asdict(each).items() if value} for each in summary.changes or ()]
    return {
        "index": str(index),
        "dry_run": dry_run,
        **{name: getattr(summary, name) for name in (*COUNTED, "encoded", "garbled")},
        "changes": changes,
        "skipped": [{"source": each.source, "why": each.why} for each in summary.skipped],
        "left_out": [{"source": each.source, "why": each.why} for each in summary.left_out],
    }
