"""What a tool found, in words: verbatim texts, each with who speaks, the date and the place.

A verbatim text stands on lines of its own, exactly as in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from askbrief import present
from askbrief.mcp_server.document_uri import document_uri
from askbrief.types import Answer, Citation, Document, Extent, Quoted, SearchPlace, Source, Speaker

if TYPE_CHECKING:
    from askbrief.check import Checked
    from askbrief.types import SearchHit, SearchResult
    from askbrief.verify import Verification

REFUSED = "The archive does not say."
NEAREST = "None of these passages answers the question; they are the nearest ones:"


def answer(found: Answer) -> str:
    """An answer with its citations, or that the archive does not say, and the nearest passages."""
    return _joined([*_answered(found), _note(found.note)])


def _answered(found: Answer) -> Iterator[str]:
    if found.understood:
        yield f"Understood as: {found.understood}"
    if len(found.parts) > 1:
        for part in found.parts:
            yield f"Question: {part.question}"
            yield from _answered(part)
        return
    yield _head(found)
    yield from _numbered(_cited(citation) for citation in found.citations)


def _head(found: Answer) -> str:
    if not found.answered:
        return f"{REFUSED} {NEAREST}" if found.citations else REFUSED
    probability = f"probability that this is right: {found.confidence:g}"
    if found.answer is None or found.digest:
        return f"The archive has these passages ({probability}):"
    return f"The archive answers “{found.answer}” ({probability}):"


def _cited(citation: Citation) -> str:
    more = []
    if citation.copies:
        more.append(f"also in {citation.copies} copies of the document")
    if citation.superseded:
        more.append(f"a later version has instead: {citation.superseded}")
    return _verbatim(spoken(citation), citation, citation.text, more)


def spoken(cited: Citation | SearchPlace) -> str:
    """Who says a text, as "said by John Kirby"."""
    if isinstance(cited, SearchPlace):
        return f"said by {cited.speaker}" if cited.speaker else "no named speaker"
    return present.speech(cited) or "the document's own words"


def _verbatim(
    who: str, cited: Citation | SearchPlace | Quoted, text: str, more: Sequence[str] = (), label: str = ""
) -> str:
    """A text with who speaks, the date and the title above it, and its place below."""
    at = cited.quotation if isinstance(cited, Quoted) else cited
    about = cited.document
    head = " · ".join(_line(part) for part in (label, who, dated(about), about.title) if part)
    where = "; ".join((*present.parts(cited), document_uri(about.id, (at.start, at.end))))
    return "\n".join(
        (head, text, f"({_line(where)})", *(_line(f"{each[:1].upper()}{each[1:]}") for each in more))
    )


def dated(document: Source) -> str:
    """The day of a document, as it is shown."""
    return document.day or "undated"


def quotations(found: Sequence[Quoted], more: str | None, notes: Iterable[str]) -> str:
    """Quotations, with who is quoted and how."""
    items = _numbered(_verbatim(_quoted_by(each), each, each.text) for each in found)
    head = f"{len(found)} quotations:" if found else "No matching quotations."
    return _joined([head, *items, *map(_note, notes), _more(more)])


def _quoted_by(quoted: Quoted) -> str:
    q = quoted.quotation
    who = ", ".join(part for part in (q.name or quoted.speaker, q.role) if part) or "an unnamed speaker"
    verb = "attitude of" if q.polarity == "attitude" else f"{q.polarity} by"
    return f"{verb} {who} ({q.kind} quotation)"


def speakers(found: Sequence[Speaker], more: str | None, notes: Iterable[str]) -> str:
    """A line for each speaker."""
    lines = "\n".join(map(_counted, found)) or "No matching speakers: the archive quotes nobody of that kind."
    return _joined([lines, *map(_note, notes), _more(more)])


def _counted(speaker: Speaker) -> str:
    who = ", ".join(part for part in (speaker.name, speaker.role) if part)
    days = " to ".join(dict.fromkeys(day for day in (speaker.since, speaker.until) if day)) or "undated"
    forms = [form for form in speaker.forms if form != speaker.name]
    also = f"; also as {', '.join(forms)}" if forms else ""
    return _line(f"- {who}: {speaker.quotations} quotations in {speaker.documents} documents, {days}{also}")


def search(found: SearchResult, places: int) -> str:
    """Every document that matches, with at most ``places`` of its sentences."""
    count = f"{found.total} documents match" if found.total != 1 else "1 document matches"
    head = f"{count} {found.query}" + (f"; from number {found.offset + 1} on:" if found.offset else "")
    next_ = found.offset + len(found.hits)
    more = f"There are more: call again with offset {next_}." if next_ < found.total else ""
    numbered = _numbered((_hit(hit, places) for hit in found.hits), found.offset)
    return _joined([_line(head), *numbered, _note(found.note), more])


def _hit(hit: SearchHit, places: int) -> str:
    if not hit.places:
        about = hit.document
        return (
            f"{_line(f'{dated(about)} · {about.title}')}\n({_line(about.source)}; {document_uri(about.id)})"
        )
    shown = [_verbatim(spoken(place), place, place.text) for place in hit.places[:places]]
    rest = len(hit.places) - len(shown)
    return "\n".join([*shown, *([f"{rest} more places in this document"] if rest else [])])


def document(shown: Document, extent: Extent, next_: int | None) -> str:
    """Characters of a document, verbatim, below what it is."""
    start, end = extent
    about = Source.of(shown)
    head = _line(f"{dated(about)} · {shown.title}")
    characters = f"characters {start}–{end} of {len(shown.text)}"
    place = f"({_line(f'{shown.source}; {characters}; {document_uri(shown.id, extent)}')})"
    more = f"It goes on: call again with start {next_}." if next_ is not None else ""
    return _joined([f"{head}\n{place}", shown.text[start:end], more])


def check(found: Sequence[Checked]) -> str:
    """Each quotation of a draft with its label, and what the archive has."""
    return _joined([present.check_summary(found), *_numbered(map(_labelled, found))])


def _labelled(one: Checked) -> str:
    by = f"attributed to {one.speaker}" if one.speaker else "attributed to nobody by name"
    lines = [f"line {one.line}: {one.label}, {_line(by)}", one.text]
    if one.reason:
        lines.append(f"Unconfirmed: {present.REASONS[one.reason]}")
    if one.unpaired:
        lines.append("One of its quotation marks has no partner: it may begin or end elsewhere")
    if one.match is None:
        return "\n".join([*lines, "The archive has nothing similar."])
    said = f"said by {one.said_by}" if one.said_by else spoken(one.match)
    return "\n".join([*lines, _verbatim(said, one.match, one.match.text, label="In the archive")])


def verification(report: Verification) -> str:
    """What has become of each citation."""
    lines = []
    for each in report.citations:
        lines.append(f"{each.state}: {_line(each.why)}\n{each.text}")
        if each.found and each.found.text != each.text:
            lines[-1] += f"\nThere is now:\n{each.found.text}"
    head = "All citations are intact." if report.intact else "Not all citations are intact."
    return _joined(
        [head if report.citations else "There are no citations.", *_numbered(lines), *report.faults]
    )


def status(state: dict[str, Any]) -> str:
    """What the index holds, on one line."""
    counts = ", ".join(f"{state[name]} {name}" for name in ("documents", "sentences", "passages"))
    whole = "intact" if state["whole"] else f"not intact: {state['fault']}"
    return _line(f"The archive has {counts}; revision {state['revision']}; {whole}")


def _numbered(texts: Iterable[str], after: int = 0) -> Iterator[str]:
    return (f"[{number}] {text}" for number, text in enumerate(texts, after + 1))


def _note(note: str | None) -> str:
    return f"Note: {_line(note)}" if note else ""


def _more(cursor: str | None) -> str:
    return f"There are more: call again with cursor {cursor}" if cursor else ""


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _line(text: str) -> str:
    """A text on one line: only verbatim texts may have several."""
    return " ".join(text.split())
