"""askbrief index: files, folders and pages into the index, once or as they change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import IndexFolder, folder, option
from askbrief.cli.terminal import on_one_line
from askbrief.errors import AskbriefError, SourceError

if TYPE_CHECKING:
    from askbrief.indexing.run_report import Summary
    from askbrief.options import IndexOptions

SEEDS = Path("seeds")

REPORT_BEGINS = '{\n  "index": '
"""How the report begins that ``--report`` writes."""

FIELD = "Field of JSON or CSV records with the {}."

MOST_NAMED = 3
"""Changed files that are named; of more, only the number is shown."""
QUIET_MS, BURST_MS = 300, 5000
"""Milliseconds without a change after which watched files are read, and after which they are in any case."""


def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, and http(s) addresses of pages, feeds and sitemaps; `-` reads standard "
            "input, one text or JSON lines (default: seeds/).",
            metavar="PATH|URL...",
        ),
    ] = None,
    index: IndexFolder = None,
    rebuild: Annotated[
        bool, option("--rebuild", "Rebuild from PATHs, or from the documents already indexed.")
    ] = False,
    model: Annotated[
        str | None, option("--model", "SentenceTransformer for embedding, by name or folder.", "NAME")
    ] = None,
    device: Annotated[
        str | None,
        option(
            "--device",
            "PyTorch device for embedding, e.g. cuda:1. Without it, the default model runs in int8 on the "
            "CPU, others on the best device.",
            "NAME",
        ),
    ] = None,
    workers: Annotated[int, option("--workers", "Number of embedding processes, with PyTorch.", "N")] = 1,
    allow_private: Annotated[
        bool, option("--allow-private", "Also fetch from private and local addresses.")
    ] = False,
    text_field: Annotated[str | None, option("--text-field", FIELD.format("text"), "NAME")] = None,
    title_field: Annotated[str | None, option("--title-field", FIELD.format("title"), "NAME")] = None,
    date_field: Annotated[str | None, option("--date-field", FIELD.format("date"), "NAME")] = None,
    url_field: Annotated[str | None, option("--url-field", FIELD.format("url"), "NAME")] = None,
    id_field: Annotated[str | None, option("--id-field", FIELD.format("id"), "NAME")] = None,
    exclude: Annotated[
        list[str] | None,
        option("--exclude", "Exclude paths matching this .gitignore-style pattern (repeatable).", "GLOB"),
    ] = None,
    dry_run: Annotated[
        bool, option("--dry-run", "List the changes and skipped files without writing anything.")
    ] = False,
    report: Annotated[
        Path | None, option("--report", "Write what was done to this file, as JSON.", "FILE")
    ] = None,
    watch: Annotated[bool, option("--watch", "Keep running and index changes until Ctrl-C.")] = False,
) -> int:
    """Index files, folders and web pages, or bring the index up to date.

    Only new and changed documents are embedded. Files deleted from a given folder are removed from the index;
    moved files are recognised. Files of many documents are read too: JSON and CSV, mailboxes, WARC, ZIP and
    tar. A .askbriefignore file in a folder excludes paths as a .gitignore does.

    The pages that a feed or a sitemap names are fetched one after the other, following robots.txt, and again
    only if they have changed. Proxy settings are ignored: each address is checked, then connected to. Exit 2
    if anything was skipped.
    """
    from askbrief.fetch import FetchLimits
    from askbrief.options import IndexOptions

    where = folder(index)
    wanted = _paths(paths, where, rebuild)
    given = {"text": text_field, "title": title_field, "date": date_field, "url": url_field, "id": id_field}
    options = IndexOptions(
        model=model,
        rebuild=rebuild,
        device=device,
        workers=workers,
        limits=FetchLimits(allow_private=allow_private),
        fields={role: name for role, name in given.items() if name},
        exclude=exclude or (),
        listed=report is not None,
        dry_run=dry_run,
    )
    if report:
        terminal.require_report(report, REPORT_BEGINS)
    code = _update(wanted, where, report, options)
    if watch and not dry_run:
        again = replace(options, model=None, rebuild=False)
        _watch(wanted, index, partial(_update, wanted, where, report, again))
    return code


def _paths(given: list[str] | None, index: Path, rebuild: bool) -> list[str]:
    """The paths as given; none to rebuild an index from its own documents; else the seeds."""
    if given or (rebuild and (index / "askbrief.db").exists()):
        return given or []
    if not SEEDS.exists():
        raise SourceError("no path given and no seeds/ here", hint="name the files and folders to index")
    return [str(SEEDS)]


def _update(wanted: list[str], index: Path, report: Path | None, options: IndexOptions) -> int:
    from askbrief.indexing import operations

    with terminal.progress() as progress:
        summary = operations.index(index, wanted, replace(options, progress=progress))
    if report is not None:
        made = present.index_run(summary, index, dry_run=options.dry_run)
        terminal.write_file(report, f"{present.to_json(made)}\n")
    if options.dry_run:
        _print_preview(summary)
        print(f"{index}: would be {present.counts(summary)}; nothing was written", flush=True)
    else:
        _print_notes(summary)
        print(present.run_summary(summary, index), flush=True)
    return 2 if summary.skipped else 0


def _print_preview(summary: Summary) -> None:
    """Print a line for each change that would be made."""
    for each in summary.changes or ():
        more = f" from {each.was}" if each.was else f": {each.why}" if each.why else ""
        more += f" (decoded wrongly before: {each.garbled!r})" if each.garbled else ""
        print(on_one_line(f"{each.what:<8} {each.source}{more}"))
    for what, skipped in [("skipped", summary.skipped), ("note", summary.left_out)]:
        for one in skipped:
            print(on_one_line(f"{what:<8} {one.why}"))


def _print_notes(summary: Summary) -> None:
    """Print what was repaired and skipped, and which texts are garbled."""
    if summary.repaired:
        terminal.note(f"note: {summary.repaired}; the search files were rebuilt from the database")
    if summary.resplit:
        terminal.note(f"note: newer rules split sentences anew (in documents: {summary.resplit})")
    for each in summary.skipped:
        terminal.note(f"skipped: {on_one_line(each.why)}")
    for each in summary.left_out:
        terminal.note(f"note: {on_one_line(each.why)}")
    if first := summary.first_garbled:
        more = f", and so were {summary.garbled - 1} more" if summary.garbled > 1 else ""
        terminal.note(
            f"note: {on_one_line(first.source)} was decoded wrongly before (it has "
            f"{on_one_line(repr(first.garbled))}){more}: it is cited as it is; for better text, save it "
            "again from its source"
        )


def _note_changed(paths: Iterable[str]) -> None:
    """Print the time and the files that changed."""
    names = sorted({os.path.relpath(path) for path in paths})
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    named = ", ".join(names[:MOST_NAMED])
    terminal.note(on_one_line(f"{datetime.now().astimezone():%H:%M:%S} changed: {named}{more}"))


def _watch(wanted: list[str], named: Path | None, update: Callable[[], int]) -> None:
    """Update the index after each burst of changes; an error is printed, and the next burst tried."""
    from watchfiles import watch

    from askbrief.text.text_fragment import is_web

    paths = [path for path in wanted if not is_web(path)]
    if not paths or terminal.STDIN in paths:
        raise SourceError("nothing to watch", hint="name files and folders")
    bursts = watch(*paths, debounce=BURST_MS, step=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True)
    for number, changed in enumerate(bursts):
        if not number:  # the system reports changes since before the first
            terminal.note("note: watching for changes; Ctrl-C stops")
        try:
            if changed:
                _note_changed(path for _, path in changed)
                update()
        except AskbriefError as error:
            terminal.error(error.message, terminal.for_index(error.hint, named))
