"""Records to text: what every command prints, and where."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.types import Answer, Citation, Document, Quoted, Sentence, Source, Speaker, precision

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from askbrief.storage.status import Status
    from askbrief.verify import Checked, Report

SYMBOLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {
    127: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}
"""Control characters to the signs that Unicode has for them, or to its replacement character."""

ON_ONE_LINE = SYMBOLS | {
    **{code: 0x2400 + code for code in (9, 10)},
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}
"""Those, and what would break a line or show it in another order than it is in."""

MOST_NAMED = 3
"""Copies that are named; of more, their number tells."""

UNITS = ("bytes", "KB", "MB", "GB", "TB")


def console(*, errors: bool = False) -> Console:
    """A console that neither wraps nor decorates what goes into a pipe."""
    from rich.console import Console

    terminal = (sys.stderr if errors else sys.stdout).isatty()
    return Console(stderr=errors, highlight=False, markup=False, emoji=False, soft_wrap=not terminal)


def note(line: str) -> None:
    """A line for people, on standard error."""
    print(line, file=sys.stderr)


def error(message: str, hint: str | None = None) -> None:
    """An error and its remedy, a line each, on standard error."""
    for label, line in (("error", message), ("hint", hint)):
        if line:
            note(f"{label}: {' '.join(line.split())}")


def as_json(record: Any, *, lines: bool = False) -> None:
    """Print a record as JSON: one line where ``lines``, indented otherwise."""
    value = asdict(record) if is_dataclass(record) and not isinstance(record, type) else record
    print(json.dumps(value, ensure_ascii=False, indent=None if lines else 2), flush=lines)


def answer(found: Answer) -> None:
    """Print an answer for people: each cited sentence, and under it where it stands."""
    out = console()
    if not found.answered:
        out.print("The archive does not say.", style="bold")
        if found.citations:
            out.print("Nearest passages, which do not answer:\n", style="dim")
    for number, citation in enumerate(found.citations):
        if number:
            out.print()
        out.print(_quoted(citation))
        out.print(_place(citation, found.answered), style="dim")
        if citation.copies:
            out.print(_copies(citation), style="dim")
    if found.sources > 1:
        out.print(f"\n{found.sources} independent sources", style="bold")
    if found.note:
        note(f"note: {visible(found.note)}")


def _quoted(citation: Citation) -> Text:
    """The cited text, as it stands, with the answering words marked."""
    from rich.text import Text

    if citation.answer is None:
        return Text(visible(citation.text))
    start, end = citation.answer.start - citation.start, citation.answer.end - citation.start
    before, within, after = citation.text[:start], citation.text[start:end], citation.text[end:]
    return Text.assemble(visible(before), (visible(within), "bold green"), visible(after))


def visible(text: str) -> str:
    """The text for a terminal: control characters, which could steer it, as their symbols."""
    return text.replace("\r\n", "\n").translate(SYMBOLS)


def on_one_line(text: str) -> str:
    """As ``visible``, on one line and in its order, for what may hold the name of a file."""
    return text.translate(ON_ONE_LINE)


def _place(citation: Citation, answered: bool) -> Text:
    """Who speaks in which document, and under it where: source, page, paragraph, sentences, characters, and
    the link that opens a web page there."""
    from rich.text import Text

    first, last = citation.sentences
    sentences = f"sentence {first}" if first == last else f"sentences {first}–{last}"
    about = (
        _voice(citation),
        f"“{citation.document.title}”",
        citation.document.date,
    )
    place = (
        on_one_line(citation.document.source),
        citation.page and f"page {citation.page}",
        f"paragraph {citation.paragraph}, {sentences}",
        f"characters {citation.start}–{citation.end}",
        f"{citation.score:.0%} likely" if answered else None,
    )
    told = [" · ".join(part for part in parts if part) for parts in (about, place)]
    lines = (f"    {line}" for line in (*told, citation.link) if line)
    text = Text(visible("\n".join(lines)))
    if address := _address(citation):
        text.highlight_words([on_one_line(citation.document.source)], f"link {address}")
    return text


def _address(citation: Citation) -> str | None:
    """What a terminal may open: the page at the passage, or the file where it lies as its name says."""
    if citation.link:
        return citation.link
    file = Path(citation.document.source).absolute()
    page = f"#page={citation.page}" if citation.page else ""
    return f"{file.as_uri()}{page}" if file.is_file() else None


def _voice(citation: Citation) -> str | None:
    """Who says so, where it is not the archive itself: the name, or else the words that stand for it."""
    speech = citation.speech
    verb = speech.polarity if speech else "said"
    if citation.speaker:
        return f"{verb} by {citation.speaker}"
    if speech is None:
        return None
    return (
        f"{verb} by “{' '.join(speech.by.split())}”" if speech.by else f"{verb} by somebody who is not named"
    )


COLOURS = {"intact": "green", "moved": "yellow", "changed": "red", "gone": "bold red"}


def report(found: Report) -> None:
    """Print what has become of citations for people: each with its words and why, then how many are what."""
    out = console()
    for citation in found.citations:
        for line in _verdict(citation):
            out.print(line)
    for fault in found.faults:
        out.print(visible(fault), style="red")
    states = Counter[str](citation.state for citation in found.citations)
    told = ", ".join(f"{states[state]} {state}" for state in COLOURS if states[state]) or "nothing is cited"
    out.print(told, style="bold")


def _verdict(citation: Checked) -> Iterator[Text]:
    """One citation's lines: its state and place, its words, why, and what stands there now in full."""
    from rich.text import Text

    place = f"{on_one_line(citation.document.source)} · characters {citation.start}–{citation.end}"
    yield Text.assemble((f"{citation.state:<9}", COLOURS[citation.state]), visible(place))
    yield Text(f"         {visible(citation.text)}")
    yield Text(f"         {visible(citation.why)}", style="dim")
    if citation.found and citation.found.text != citation.text:
        yield Text.assemble("    now  ", visible(citation.found.text))


def _copies(citation: Citation) -> Text:
    """Which copies of the document have the same words, the earliest first."""
    from rich.text import Text

    named = ", ".join(
        on_one_line(copy.source) + (f" ({copy.date})" if copy.date else "")
        for copy in citation.also_in[:MOST_NAMED]
    )
    copies = "1 copy" if citation.copies == 1 else f"{citation.copies} copies"
    more = ", …" if citation.copies > MOST_NAMED else ""
    return Text(visible(f"    also in {copies}: {named}{more}"))


def document(shown: Document, sentences: tuple[Sentence, ...], marked: tuple[Sentence, ...] = ()) -> None:
    """Print a document's paragraphs with their numbers, its sentences apart from one another; before those
    that are marked stands a sign, also where there are no colours."""
    from rich.text import Text

    out = console()
    out.print(visible(shown.title), style="bold")
    date = f"{shown.date} (from its {shown.dated})" if shown.dated else shown.date
    about = (shown.id, on_one_line(shown.source), date, f"sha256 {shown.sha256[:12]}…")
    more = (shown.author, shown.site, shown.url, shown.language)
    for line in filter(None, (" · ".join(filter(None, parts)) for parts in (about, more))):
        out.print(visible(line), style="dim")
    paragraph = 0
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            out.print()
        sign, style = (">", "not dim bold green") if sentence in marked else (" ", "not dim")
        label = Text(f"{sign}{f'{sentence.paragraph}:{sentence.number}':>6}  ", style="dim")
        out.print(label.append(visible(shown.text[sentence.start : sentence.end]), style=style))


def paragraphs(shown: Document, sentences: tuple[Sentence, ...], garbled: int = 0) -> dict[str, Any]:
    """A document as ``show --json`` prints it; ``garbled`` is how many signs it has of wrong decoding."""
    found: list[dict[str, Any]] = [{"start": a, "end": b, "sentences": []} for a, b in shown.paragraphs]
    for sentence in sentences:
        found[sentence.paragraph - 1]["sentences"].append({"start": sentence.start, "end": sentence.end})
    about = asdict(Source.of(shown)) | {
        "author": shown.author,
        "site": shown.site,
        "pages": list(shown.pages),
        "garbled": garbled,
        "dated": {"from": shown.dated, "precision": precision(shown.date)} if shown.date else None,
    }
    return {"document": about, "text": shown.text, "paragraphs": found}


def quotation(quoted: Quoted) -> dict[str, Any]:
    """A quotation as ``quotes --json`` prints it; ``speaker`` is null where the document names nobody."""
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


def quotations(found: list[Quoted]) -> None:
    """Print quotations for people: who, what, and where it stands."""
    from rich.text import Text

    out = console()
    for quoted in found:
        q = quoted.quotation
        who = ", ".join(part for part in (q.name or quoted.speaker, q.role) if part) or "unknown"
        marks = "“”" if q.kind == "direct" else ("", "")
        said = "" if q.polarity == "said" else f" [{q.polarity}]"
        out.print(Text(visible(f"{who}{said}:"), style="bold"))
        out.print(Text(visible(f"    {marks[0]}{' '.join(quoted.text.split())}{marks[1]}")))
        first, last = q.sentences
        sentences = f"sentence {first}" if first == last else f"sentences {first}–{last}"
        place = (
            quoted.document.date,
            on_one_line(quoted.document.source),
            f"paragraph {q.paragraph}, {sentences}",
            f"characters {q.start}–{q.end}",
            q.kind,
        )
        out.print(Text(visible("    " + " · ".join(part for part in place if part)), style="dim"))
    if not found:
        note("no quotation that fits")


def speakers(found: list[Speaker]) -> None:
    """Print who is quoted, as a table."""
    from rich.table import Table

    table = Table("speaker", "role", box=None, pad_edge=False, header_style="dim")
    for name in ("quotations", "documents"):
        table.add_column(name, justify="right")
    table.add_column("days")
    for each in found:
        days = " – ".join(dict.fromkeys(day for day in (each.since, each.until) if day))
        row = (each.name, each.role, str(each.quotations), str(each.documents), days)
        table.add_row(*map(visible, row))
    console().print(table)


def size(count: int) -> str:
    """A number of bytes, as people say it."""
    power = 0
    while power < len(UNITS) - 1 and count >= 999.5 * 1000**power:  # what would be rounded to 1000
        power += 1
    return f"{count / 1000**power:.3g} {UNITS[power]}"


def status(state: Status, listed: list[Source] | None) -> dict[str, Any]:
    """The state of an index as ``status --json`` prints it; ``model`` is its name."""
    made = asdict(state)
    made["model"] = state.model.name if state.model else None
    made["agreement"] = state.model.agreement if state.model else None
    if listed is not None:
        made["listed"] = [asdict(source) for source in listed]
    return made


def _whole(state: Status) -> str:
    if not state.whole:
        return f"no: {state.fault}; run `askbrief index`"
    return "yes" if state.verified else "yes, by sizes and structure; --verify reads every byte"


def print_status(state: Status, listed: list[Source] | None) -> None:
    """Print the state of an index for people."""
    out = console()
    model = f"{state.model.name} (sha256 {state.model.sha256[:12]}…)" if state.model else "none yet"
    for name, value in (
        ("index", state.index),
        ("documents", state.documents),
        ("sentences", state.sentences),
        ("passages", state.passages),
        ("model", model),
        ("revision", state.revision),
        ("size", size(state.bytes)),
        ("whole", _whole(state)),
    ):
        out.print(f"{name:<10} {value}")
    for source in listed or []:
        out.print(
            visible(f"{source.id}  {source.date or '-':<10}  {on_one_line(source.source)}  {source.title}")
        )
