"""What was checked as records for JSON, and as a report in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import regex

from askbrief.check.align import Difference
from askbrief.check.labels import Checked
from askbrief.types import Citation

NONE = "No quotation: nothing stands within quotation marks."
LABELS = ("exact", "altered", "misattributed", "absent")

_MARKUP = regex.compile(r"[\\`*_{}\[\]<>#|~]")
_AT_START = regex.compile(r"^(\s*\d+)([.)])|^(\s*)([-+=])", regex.MULTILINE)


def records(checked: Sequence[Checked]) -> dict[str, Any]:
    """What ``check --json`` prints; ``difference`` only where a quotation is altered."""
    made = [asdict(one) for one in checked]
    for one in made:
        if one["label"] != "altered":
            del one["difference"]
    return {"quotations": made}


def summary(checked: Sequence[Checked]) -> str:
    """How many quotations there are of each label, in a line."""
    if not checked:
        return NONE
    counts: Counter[str] = Counter(one.label for one in checked)
    told = ", ".join(f"{counts[label]} {label}" for label in LABELS if counts[label])
    return f"{len(checked)} quotation{'s' * (len(checked) > 1)}: {told}."


def place(citation: Citation) -> str:
    """Where a citation stands, as people say it."""
    first, last = citation.sentences
    sentences = f"sentence {first}" if first == last else f"sentences {first}–{last}"
    return f"{citation.document.source}, paragraph {citation.paragraph}, {sentences}"


def markdown(checked: Sequence[Checked], name: str) -> str:
    """The report on the draft called ``name``: a section a quotation, each with its citation."""
    head = [f"# Quotations of {_plain(name)}", summary(checked)]
    sections = [part for number, one in enumerate(checked, 1) for part in _section(number, one)]
    return "\n\n".join([*head, *sections]) + "\n"


def _section(number: int, one: Checked) -> Iterator[str]:
    yield f"## {number}. Line {one.line}: {one.label}"
    yield _quoted(one.text)
    yield f"In the draft: {_plain(one.speaker) if one.speaker else 'said by nobody who is named'}."
    if one.match is None:
        yield "The archive has nothing like it."
        return
    if one.difference:
        yield f"Difference: {_difference(one.difference)}"
    said = f"said by {_plain(one.match.speaker)}" if one.match.speaker else "by no named speaker"
    about = one.match.document
    dated = f", {about.date}" if about.date else ""
    yield f"In the archive, {said}, in “{_plain(about.title)}”{dated}:"
    yield _quoted(one.match.text)
    yield f"{_plain(place(one.match))}, characters {one.match.start}–{one.match.end}, document `{about.id}`."


def _difference(pieces: Sequence[Difference]) -> str:
    """What the draft has struck in and left out: added words underlined, the archive's struck through."""
    return " ".join(_piece(piece) for piece in pieces)


def _piece(piece: Difference) -> str:
    draft, archive = _plain(piece.draft), _plain(piece.archive)
    if piece.change in ("kept", "allowed"):
        return draft or archive
    return " ".join([f"~~{archive}~~"] * bool(archive) + [f"**{draft}**"] * bool(draft))


def _quoted(text: str) -> str:
    return "> " + _plain(text)


def _plain(text: str) -> str:
    """The text as Markdown that reads as it stands, on one line."""
    escaped = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    return _AT_START.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", escaped)
