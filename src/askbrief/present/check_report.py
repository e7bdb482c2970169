"""The check of a draft as a report in Markdown, and as one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from askbrief.present.citation_place import parts
from askbrief.present.markdown_text import markdown_text
from askbrief.present.run_summary import number
from askbrief.visible_text import visible_lines

if TYPE_CHECKING:
    from askbrief.check import Checked, Reason
    from askbrief.check.align import Difference

LABELS = ("exact", "unconfirmed", "altered", "misattributed", "absent")
REASONS: dict[Reason, str] = {
    "not quoted": "the archive has the words, but not as a quotation",
    "partly quoted": "the archive has the words, but only a part of them as a quotation",
    "speaker not established": "the archive has the words, but doesn't establish that this speaker said them",
}
"""Why a quotation is unconfirmed, for a reader."""

REPORT_BEGINS = "# Quotations of "
"""How a report begins, so that a command knows one."""


def check_summary(checked: Sequence[Checked]) -> str:
    """As "3 quotations: 2 exact, 1 absent."."""
    if not checked:
        return "No quotation: the draft has no quotation marks and no block quotes."
    counts: Counter[str] = Counter(one.label for one in checked)
    by_label = ", ".join(f"{counts[label]} {label}" for label in LABELS if counts[label])
    unpaired = sum(one.unpaired for one in checked)
    marks = f" {unpaired} with a quotation mark that has no partner." if unpaired else ""
    return f"{number(len(checked), 'quotation')}: {by_label}.{marks}"


def check_report(checked: Sequence[Checked], name: str, numbers: str = "line") -> str:
    """The report in Markdown on the draft called ``name``: a section for each quotation. ``numbers`` is what
    its quotations are numbered by."""
    head = [f"{REPORT_BEGINS}{markdown_text(name)}", check_summary(checked)]
    sections = [part for number, one in enumerate(checked, 1) for part in _section(number, one, numbers)]
    return visible_lines("\n\n".join([*head, *sections]) + "\n")


def _section(number: int, one: Checked, numbers: str) -> Iterator[str]:
    yield f"## {number}. {numbers.capitalize()} {one.line}: {one.label}"
    yield _quoted(one.text)
    yield f"In the draft: {markdown_text(one.speaker) if one.speaker else 'no named speaker'}."
    if one.reason:
        yield f"Unconfirmed: {REASONS[one.reason]}."
    if one.unpaired:
        yield "One of its quotation marks has no partner: it may begin or end elsewhere."
    if one.match is None:
        yield "The archive has nothing similar."
        return
    if one.difference:
        yield f"Difference: {_difference(one.difference)}"
        yield "(Bold: only in the draft. Struck through: only in the archive.)"
    said = f"said by {markdown_text(one.said_by)}" if one.said_by else "by no named speaker"
    about = one.match.document
    dated = f", {about.date}" if about.date else ""
    yield f"In the archive, {said}, in “{markdown_text(about.title)}”{dated}:"
    yield _quoted(one.match.text)
    yield f"{markdown_text(', '.join(parts(one.match)))}, document `{about.id}`."


def _difference(pieces: Sequence[Difference]) -> str:
    """The draft's words in bold and the archive's struck through, where they differ."""
    return " ".join(_piece(piece) for piece in pieces)


def _piece(piece: Difference) -> str:
    draft, archive = markdown_text(piece.draft), markdown_text(piece.archive)
    if piece.change in ("kept", "allowed"):
        return draft or archive
    return " ".join([f"~~{archive}~~"] * bool(archive) + [f"**{draft}**"] * bool(draft))


def _quoted(text: str) -> str:
    return "> " + markdown_text(text)
