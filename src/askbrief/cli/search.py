"""askbrief search: every place with these words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import (
    AsJson,
    Format,
    IndexFolder,
    Since,
    SourceGlob,
    SpeakerName,
    StoreUrl,
    Until,
    archive_at,
    opened,
    option,
)
from askbrief.options import SHOWN
from askbrief.query.parse import parsed
from askbrief.types import Facet, Facets, SearchHit, SearchPlace, SearchResult
from askbrief.visible_text import on_one_line, visible

if TYPE_CHECKING:
    from rich.text import Text

MOST_PLACES = 3
"""Places of a document that are shown on a terminal; ``--json`` and the formats have all."""
BAR = 30
"""Characters of the longest bar of a facet."""
MOST_BARS = 10
"""Sources and speakers that are shown."""


def search(
    query: Annotated[
        list[str],
        typer.Argument(
            help='Words, "exact phrases", flood*, "bank rates"~5, AND, OR, NOT, parentheses, '
            "speaker:NAME, source:GLOB, date:2024-01..2024-03. Quote the query for the shell.",
            metavar="QUERY",
        ),
    ],
    limit: Annotated[int, typer.Option("-n", "--limit", help="Number of documents.", metavar="N")] = SHOWN,
    offset: Annotated[int, option("--offset", "Leave out so many documents at the beginning.", "N")] = 0,
    sort: Annotated[
        str, option("--sort", "Order: relevance, date (newest first) or oldest.", "ORDER")
    ] = "relevance",
    count: Annotated[bool, option("--count", "Print only the number of matching documents.")] = False,
    facets: Annotated[
        bool, option("--facets", "Also count the matching documents by month, source and speaker.")
    ] = False,
    since: Since = None,
    until: Until = None,
    source: SourceGlob = None,
    speaker: SpeakerName = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
    csv: Annotated[bool, option("--csv", "Print CSV, a row for each place.")] = False,
    format: Format = None,  # noqa: A002 — the option's name
) -> int:
    """Find every place that has these words, exactly.

    AND is between words by default and holds within a document; beside speaker:, words count only in what
    that speaker says. Case and accents don't matter. Exit 0 if there is a match, 1 if there is none.
    """
    from askbrief.options import SearchOptions

    present.require_format(format)
    text = " ".join(query)
    options = SearchOptions(0 if count else limit, offset, sort, facets, since, until, source, speaker)  # type: ignore[arg-type]
    parsed(text)  # before anything is loaded
    with opened(archive_at(index, store)) as archive:
        found = archive.search_with(text, options)
    if json:
        terminal.as_json(present.search(found))
    elif format or csv:
        terminal.put(present.exported(present.of_search(found), format or "csv"))
    elif count:
        print(found.total)
    else:
        _print(found)
    if found.facets and not json and not format and not csv:
        _print_facets(found.facets)
    if found.note:
        terminal.note(f"note: {visible(found.note)}")
    return 0 if found.total else 1


def _print(found: SearchResult) -> None:
    """Print each document with the sentences that match, and how many there are."""
    out = terminal.console()
    for number, hit in enumerate(found.hits, found.offset + 1):
        if number > found.offset + 1:
            out.print()
        _print_hit(number, hit)
    if not found.total:
        terminal.note("no match")
        return
    last = found.offset + len(found.hits)
    shown = f"{found.offset + 1}–{last} of " if found.hits and len(found.hits) < found.total else ""
    more = f"; `--offset {last}` continues" if found.hits and last < found.total else ""
    terminal.note(f"{shown}{present.number(found.total, 'document')}{more}")


def _print_hit(number: int, hit: SearchHit) -> None:
    from rich.text import Text

    out, document = terminal.console(), hit.document
    about = " · ".join(filter(None, (f"“{document.title}”", document.day, document.source)))
    out.print(Text.assemble((f"[{number}] ", "dim"), (on_one_line(about), "bold")))
    shown = _best(hit.places) if out.is_terminal else hit.places
    for place in shown:
        where = present.place(place).removeprefix(f"{document.source}, ")
        said = f" – {place.speaker}" if place.speaker else ""
        out.print(Text("    ").append(marked(place)))
        out.print(Text(f"    {on_one_line(where + said)}", style="dim"))
    if len(shown) < len(hit.places):
        left = len(hit.places) - len(shown)
        out.print(Text(f"    … and {left} more; `askbrief show {document.id}` has all", style="dim"))


def _best(places: Sequence[SearchPlace]) -> list[SearchPlace]:
    """The places with most different words that match, in their order."""

    def words(place: SearchPlace) -> set[str]:
        return {place.text[a - place.start : b - place.start].casefold() for a, b in place.marks}

    ranked = sorted(range(len(places)), key=lambda n: (-len(words(places[n])), n))
    return [places[n] for n in sorted(ranked[:MOST_PLACES])]


def marked(place: SearchPlace) -> Text:
    """The sentence on one line, with the words that match marked."""
    from rich.text import Text

    text, end = Text(), place.start
    for start, stop in place.marks:
        text.append(on_one_line(place.text[end - place.start : start - place.start]))
        text.append(on_one_line(place.text[start - place.start : stop - place.start]), style="bold green")
        end = stop
    return text.append(on_one_line(place.text[end - place.start :]))


def _print_facets(facets: Facets) -> None:
    """Print bars, each as long as its count is in proportion to the longest."""
    from rich.text import Text

    out = terminal.console()
    for name, values in (
        ("month", facets.months),
        ("source", facets.sources[:MOST_BARS]),
        ("speaker", facets.speakers[:MOST_BARS]),
    ):
        if not values:
            continue
        out.print(Text(f"\nby {name}", style="bold"))
        width = max(len(each.value) for each in values)
        for each in values:
            out.print(Text(f"{on_one_line(each.value):<{width}}  {_bar(each, values)} {each.count}"))


def _bar(facet: Facet, values: Sequence[Facet]) -> str:
    return "█" * max(1, round(BAR * facet.count / max(each.count for each in values)))
