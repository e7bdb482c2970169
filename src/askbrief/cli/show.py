"""askbrief show: a document with its paragraphs and sentences numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import AsJson, IndexFolder, StoreUrl, archive_at, opened
from askbrief.errors import NotFound, OptionError
from askbrief.types import seconds_of, time_of
from askbrief.visible_text import on_one_line, visible

if TYPE_CHECKING:
    from askbrief.api import Index
    from askbrief.types import Document, Sentence

Shown: TypeAlias = "tuple[Document, tuple[Sentence, ...]]"

_TIME = re.compile(r"#t=((?:\d{1,3}:){0,2}\d{1,6})(?:\.\d*)?$")
_PLACE = re.compile(r"(.+?):(\d{1,9})(?::(\d{1,9}))?")


def show(
    document: Annotated[
        str,
        typer.Argument(
            help="Id, source name, or a unique end of either; `:9` or `:9:1` marks a place in it, `#t=64` a "
            "second of a recording.",
            metavar="DOCUMENT[:PARAGRAPH[:SENTENCE]]",
        ),
    ],
    context: Annotated[
        int | None,
        typer.Option(
            "-C", "--context", help="Print only so many paragraphs around the place.", metavar="N", min=0
        ),
    ] = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
) -> None:
    """Print a document with numbered paragraphs and sentences.

    The numbers are those of citations. Recordings have the time of each sentence beside it.
    """
    from askbrief.formats import garbled
    from askbrief.quotes import LONGEST

    with opened(archive_at(index, store)) as archive:
        (found, sentences), place = _find(archive, document)
    if not place and (time := _TIME.search(document)) and found.times:
        place = _spoken_at(found, sentences, seconds_of(time[1]))
    marked = tuple(s for s in sentences if place and (s.paragraph, s.number)[: len(place)] == place)
    if place and not marked:
        last = sentences[-1]
        raise NotFound(
            f"{found.source} has no {':'.join(map(str, place))}",
            hint=f"its last sentence is {last.paragraph}:{last.number}",
        )
    if context is not None:
        if not marked:
            raise OptionError("`-C` needs a place", hint="name one, as in `askbrief show DOCUMENT:9 -C 2`")
        near = range(marked[0].paragraph - context, marked[-1].paragraph + context + 1)
        sentences = tuple(each for each in sentences if each.paragraph in near)
    signs = garbled(found.text)
    if json:
        terminal.as_json(present.shown(found, sentences, len(signs)))
        return
    _print(found, sentences, marked)
    if len(found.text) > LONGEST:
        name = on_one_line(found.source)
        terminal.note(f"note: only the first {LONGEST:,} characters of {name} are searched for quotations")
    if signs:
        terminal.note(
            f"note: {on_one_line(found.source)} was decoded wrongly before it was indexed: it has "
            f"{visible(repr(signs[0]))}, and {len(signs)} such signs in all"
        )


def _find(archive: Index, name: str) -> tuple[Shown, tuple[int, ...]]:
    """The document, and the paragraph and sentence after its name; a source name may itself end so."""
    place = _PLACE.fullmatch(name)
    try:
        return archive.show(name), ()
    except NotFound:
        if place is None and _TIME.search(name):
            return archive.show(_TIME.sub("", name)), ()
        if place is None:
            raise
    return archive.show(place[1]), tuple(int(number) for number in place.groups()[1:] if number)


def _spoken_at(document: Document, sentences: Sequence[Sentence], second: int) -> tuple[int, ...]:
    """The paragraph and sentence that is spoken at a second, the last that has begun by then."""
    starts = [start for start, time in document.times if time < 1000 * (second + 1)] or [0]
    begun = [s for s in sentences if s.start <= starts[-1]] or sentences[:1]
    return begun[-1].paragraph, begun[-1].number


def _print(document: Document, sentences: Sequence[Sentence], marked: Sequence[Sentence]) -> None:
    """Print paragraphs with a line for each sentence; a sign marks a sentence without colours too."""
    from rich.text import Text

    out = terminal.console()
    out.print(visible(document.title), style="bold")
    date = f"{document.date} (from its {document.dated})" if document.dated else document.date
    about = (document.id, document.source, date, f"sha256 {document.sha256[:12]}…")
    more = (document.author, document.site, document.url, document.language)
    details = [f"{name} {value}" for name, value in document.details.items()]
    for line in filter(None, (" · ".join(filter(None, parts)) for parts in (about, more, details))):
        out.print(on_one_line(line), style="dim")
    paragraph = 0
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            out.print()
        sign, style = (">", "not dim bold green") if sentence in marked else (" ", "not dim")
        time = time_of(document.times, sentence.start)
        at = f"{time.partition('.')[0]}  " if time else ""
        label = Text(f"{sign}{f'{sentence.paragraph}:{sentence.number}':>6}  {at}", style="dim")
        out.print(label.append(visible(document.text[sentence.start : sentence.end]), style=style))
