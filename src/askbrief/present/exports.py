"""What was found, in the forms that others work with: Markdown with footnotes, CSV, or a page of HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from askbrief.errors import OptionError
from askbrief.present.check_report import check_summary
from askbrief.present.citation_place import parts, speech
from askbrief.present.markdown_text import inline_text, markdown_text
from askbrief.present.run_summary import number
from askbrief.types import Answer, Citation, Extent, Quoted, SearchPlace, SearchResult, Source
from askbrief.visible_text import visible_lines

if TYPE_CHECKING:
    from askbrief.check import Checked

FORMATS = ("markdown", "csv", "html")

Cell: TypeAlias = str | int | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes what begins so for a formula; texts of an archive are anybody's."""

_PLACED = ("title", "date", "source", "document", "paragraph", "sentence", "start", "end", "link")
"""The columns of every place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One verbatim text with its footnote.

    ``marks`` are extents of ``text``; ``lead`` is a word or two before it, ``heading`` what is above it and
    all that follow until the next. ``row`` is what CSV has of it.
    """

    text: str
    note: str
    row: tuple[Cell, ...]
    marks: tuple[Extent, ...] = ()
    lead: str = ""
    heading: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """Entries under a title and a line that sums them up; ``columns`` name the cells of their rows."""

    title: str
    summary: str
    columns: tuple[str, ...]
    entries: tuple[Entry, ...]


def require_format(name: str | None) -> None:
    """Raise OptionError for the name of no format; None is allowed."""
    if name is not None and name not in FORMATS:
        raise OptionError(f"format is {name!r}", hint=f"formats are {', '.join(FORMATS)}")


def exported(export: Export, name: str) -> str:
    """An export in one of the ``FORMATS``, with control characters as symbols. Raises OptionError."""
    require_format(name)
    return visible_lines(_WRITTEN[name](export))


# -- what is exported


def of_answers(answers: Sequence[Answer]) -> Export:
    """The citations of one or several answers; of a question that the archive doesn't answer, none."""
    answered = sum(each.answered for each in answers)
    columns = ("question", "answered", "confidence", "answer", "text", "speaker", *_PLACED)
    title = answers[0].question if len(answers) == 1 else number(len(answers), "question")
    entries = tuple(entry for each in answers for entry in _of_answer(each, len(answers) > 1))
    if len(answers) > 1:
        summary = f"{answered} of {len(answers)} answered by the archive."
    else:
        summary = "" if answered else "The archive does not say."
    return Export(title, summary, columns, entries)


def _of_answer(found: Answer, headed: bool) -> Iterator[Entry]:
    heading = found.question if headed else ""
    told = (found.question, "yes" if found.answered else "no", found.confidence, found.answer)
    if not found.answered:
        if headed:
            yield Entry(
                "",
                "",
                (*told, *(None,) * (len(_PLACED) + 2)),
                lead="The archive does not say.",
                heading=heading,
            )
        return
    for place, cited in enumerate(found.citations):
        marks = ((cited.answer.start - cited.start, cited.answer.end - cited.start),) if cited.answer else ()
        yield Entry(
            cited.text,
            _note(cited, speech(cited), f"{cited.score:.0%} likely"),
            (*told, cited.text, cited.speaker, *_placed(cited.document, cited, cited.link)),
            marks,
            heading="" if place else heading,
            link=cited.link,
        )


def of_search(found: SearchResult) -> Export:
    """Every place of the documents that a search gives."""
    columns = ("text", "speaker", *_PLACED)
    entries = tuple(
        Entry(
            place.text,
            _note(place, f"said by {place.speaker}" if place.speaker else None),
            (place.text, place.speaker, *_placed(hit.document, place, place.link)),
            tuple((start - place.start, end - place.start) for start, end in place.marks),
            heading=hit.document.title if place is hit.places[0] else "",
            link=place.link,
        )
        for hit in found.hits
        for place in hit.places
    )
    shown = "" if found.total == len(found.hits) else f", {len(found.hits)} of them here"
    return Export(f"Search for {found.query}", f"{number(found.total, 'document')}{shown}.", columns, entries)


def of_quotations(found: Sequence[Quoted]) -> Export:
    """Quotations, each with the sentences that it is in."""
    columns = ("speaker", "role", "quotation", "kind", "polarity", *_PLACED)
    entries = []
    for quoted in found:
        q = quoted.quotation
        who = ", ".join(part for part in (q.name or quoted.speaker, q.role) if part) or "unknown"
        words = f"“{quoted.text}”" if q.kind == "direct" else quoted.text
        row = (q.name or quoted.speaker, q.role, quoted.text, q.kind, q.polarity)
        verb = "" if q.polarity == "said" else f" ({q.polarity})"
        entries.append(
            Entry(
                words,
                _note(quoted, None),
                (*row, *_placed(quoted.document, quoted, None)),
                lead=f"{who}{verb}:",
            )
        )
    return Export("Quotations", f"{number(len(found), 'quotation')}.", columns, tuple(entries))


def of_check(checked: Sequence[Checked], name: str, numbers: str) -> Export:
    """The quotations of the draft called ``name``, with their labels and the archive's words."""
    columns = (numbers, "label", "speaker", "quotation", "archive", "archive speaker", *_PLACED)
    entries = []
    for each in checked:
        match = each.match
        original = match.answer.text if match and match.answer else None
        row = (each.line, each.label, each.speaker, each.text, original, each.said_by)
        placed = _placed(match.document, match, match.link) if match else (None,) * len(_PLACED)
        said = f"“{original}” {f'said by {each.said_by}' if each.said_by else 'by no named speaker'}"
        note = _note(match, said) if match else "the archive has nothing similar"
        lead = f"{numbers} {each.line}, {each.label}:"
        entries.append(
            Entry(f"“{each.text}”", note, (*row, *placed), lead=lead, link=match.link if match else None)
        )
    return Export(f"Quotations of {name}", check_summary(checked), columns, tuple(entries))


def _note(at: Citation | Quoted | SearchPlace, *more: str | None) -> str:
    document = at.document
    told = (more[0] if more else None, f"“{document.title}”", document.day, *parts(at), *more[1:])
    return ", ".join(part for part in told if part)


def _placed(document: Source, at: Citation | Quoted | SearchPlace, link: str | None) -> tuple[Cell, ...]:
    """The cells of ``_PLACED``."""
    place = at.quotation if isinstance(at, Quoted) else at
    first, last = place.sentences
    sentences = str(first) if first == last else f"{first}–{last}"
    return (
        *(document.title, document.date, document.source, document.id),
        *(place.paragraph, sentences, place.start, place.end, link or document.url),
    )


# -- in which form


def _markdown(export: Export) -> str:
    head = [f"# {markdown_text(export.title)}", markdown_text(export.summary)]
    body: list[str] = []
    notes: list[str] = []
    for entry in export.entries:
        if entry.heading:
            body.append(f"## {markdown_text(entry.heading)}")
        lead = f"{inline_text(entry.lead)} " if entry.lead else ""
        if not entry.text:
            body.append(lead.strip())
            continue
        notes.append(
            f"[^{len(notes) + 1}]: {inline_text(entry.note)}{f' <{entry.link}>' if entry.link else ''}"
        )
        marked = _marked(entry, inline_text, "**", "**")
        body.append(f"> {lead}{' '.join(marked.split())}[^{len(notes)}]")
    footnotes = ["\n".join(notes)] if notes else []
    return "\n\n".join(part for part in (*head, *body, *footnotes) if part) + "\n"


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as RFC 4180 has them, under their names."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _csv(export: Export) -> str:
    return csv_table(export.columns, (entry.row for entry in export.entries))


def _cell(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula has an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }}
blockquote {{ margin: 1rem 0; padding-left: 1rem; border-left: .2rem solid; overflow-wrap: anywhere }}
ol {{ font-size: .875rem; overflow-wrap: anywhere }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def _html(export: Export) -> str:
    """A page of its own, without scripts and without anything that is fetched."""
    body = [f"<p>{escape(export.summary)}</p>"] if export.summary else []
    notes: list[str] = []
    for entry in export.entries:
        if entry.heading:
            body.append(f"<h2>{escape(entry.heading)}</h2>")
        lead = f"{escape(entry.lead)} " if entry.lead else ""
        if not entry.text:
            body.append(f"<p>{lead.strip()}</p>")
            continue
        n = len(notes) + 1
        source = f' <a href="{escape(entry.link)}">source</a>' if entry.link else ""
        back = f'<a href="#r{n}" aria-label="Back to the text of note {n}">↩</a>'
        notes.append(f'<li id="n{n}">{escape(entry.note)}{source} {back}</li>')
        reference = f'<sup><a id="r{n}" href="#n{n}" aria-label="Note {n}">{n}</a></sup>'
        body.append(
            f"<blockquote>{lead}{_marked(entry, escape, '<mark>', '</mark>')}{reference}</blockquote>"
        )
    footnotes = ["<h2>Notes</h2>", "<ol>", *notes, "</ol>"] if notes else []
    return _PAGE.format(title=escape(export.title), body="\n".join([*body, *footnotes]))


def _marked(entry: Entry, safe: Callable[[str], str], before: str, after: str) -> str:
    """The text with its marks, everything else made ``safe``."""
    pieces, end = [], 0
    for start, stop in entry.marks:
        pieces += [safe(entry.text[end:start]), before, safe(entry.text[start:stop]), after]
        end = stop
    return "".join([*pieces, safe(entry.text[end:])])


_WRITTEN: dict[str, Callable[[Export], str]] = {"markdown": _markdown, "csv": _csv, "html": _html}
