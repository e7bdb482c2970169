"""askbrief index and compact: files into the index, once or as they come and go."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askbrief.cli import output
from askbrief.cli.options import IndexFolder, folder
from askbrief.errors import AskbriefError, SourceError, StorageError
from askbrief.text.text_fragment import is_web

if TYPE_CHECKING:
    from rich.progress import TaskID

    from askbrief.indexing.pipeline import Summary
    from askbrief.indexing.run_report import Change

SEEDS = Path("seeds")

COUNTED = ("added", "changed", "moved", "unchanged", "removed", "excluded")

QUIET_MS, BURST_MS = 300, 5000
"""Milliseconds without a change after which watched files are read, and after which they are in any case."""


def _field(role: str) -> Any:
    """An option that names the field of records in JSON or CSV that holds their text, or whatever it is."""
    return typer.Option(
        f"--{role}-field", help=f"Field of JSON or CSV records that holds the {role}.", metavar="NAME"
    )


def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, and http(s) addresses of pages, feeds and sitemaps (default: seeds/).",
            metavar="PATH|URL...",
        ),
    ] = None,
    index: IndexFolder = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start over: with PATHs, or with all that the index holds.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="A SentenceTransformer, by name or folder.", metavar="NAME")
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="What encodes, by PyTorch's name, such as cuda:1.", metavar="NAME")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that encode.", metavar="N")] = 1,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from private and local addresses too.")
    ] = False,
    text_field: Annotated[str | None, _field("text")] = None,
    title_field: Annotated[str | None, _field("title")] = None,
    date_field: Annotated[str | None, _field("date")] = None,
    url_field: Annotated[str | None, _field("url")] = None,
    id_field: Annotated[str | None, _field("id")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(help="Leave out what this fits, as of a .gitignore; may be repeated.", metavar="GLOB"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be done, and why not; do nothing.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write what is done to this file, as JSON.", metavar="FILE")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and follow files as they come and go, until Ctrl-C.")
    ] = False,
) -> int:
    """Bring the index up to date with files, folders and pages; only what has changed is encoded.

    What is gone from a folder that is given is taken out, and what moved within is known again. Files of many
    documents are read too: JSON and CSV, mailboxes, WARC, ZIP and tar. A .askbriefignore file in a folder
    names what is left out of it, as a .gitignore does; - reads standard input, one text or JSON lines. Of a
    feed or a sitemap the pages that it names are fetched: by the rules of robots.txt, one after the other,
    and again only where they have changed. No proxy is used, whatever the environment says: each address is
    checked and then connected to.
    """
    from askbrief.fetch import Limits

    wanted = _paths(paths, folder(index), rebuild)
    limits = Limits(allow_private=allow_private)
    given = {"text": text_field, "title": title_field, "date": date_field, "url": url_field, "id": id_field}
    fields = {role: name for role, name in given.items() if name}
    how = {"device": device, "workers": workers, "limits": limits, "fields": fields, "exclude": exclude or ()}
    update = partial(_update, wanted, folder(index), report, dry_run=dry_run, **how)
    code = update(model=model, rebuild=rebuild)
    if watch and not dry_run:
        _follow([path for path in wanted if not is_web(path)], update)
    return code


def _update(wanted: list[str], where: Path, report: Path | None, **how: Any) -> int:
    from askbrief.api import Index

    with _progress() as progress:
        summary = Index.update(wanted, where, listed=report is not None, progress=progress, **how)
    if report is not None:
        _write(report, reported(summary, where, dry_run=how["dry_run"]))
    if how["dry_run"]:
        return _foretold(summary, where)
    if summary.mended:
        output.note(f"note: {summary.mended}; the search files were made anew from the database")
    for each in summary.skipped:
        output.note(f"{'note' if each.intended else 'skipped'}: {output.on_one_line(each.why)}")
    if summary.first_garbled:
        output.note(f"note: {output.on_one_line(garbled(summary.garbled, summary.first_garbled))}")
    print(told(summary, where), flush=True)
    return 2 if any(not each.intended for each in summary.skipped) else 0


def _foretold(summary: Summary, where: Path) -> int:
    """Print what would be done, a line each."""
    for each in summary.changes or ():
        more = f" from {each.was}" if each.was else f": {each.why}" if each.why else ""
        more += f" (decoded wrongly before: {each.garbled!r})" if each.garbled else ""
        print(output.on_one_line(f"{each.what:<8} {each.source}{more}"))
    for skipped in summary.skipped:
        print(output.on_one_line(f"{'note' if skipped.intended else 'skipped':<8} {skipped.why}"))
    print(f"{where}: would be {done(summary)}; nothing was written", flush=True)
    return 2 if any(not each.intended for each in summary.skipped) else 0


def garbled(count: int, first: Change) -> str:
    """That texts were decoded wrongly before they came here, in one line."""
    more = f", and so were {count - 1} more" if count > 1 else ""
    return (
        f"{first.source} was decoded wrongly before (it has {first.garbled!r}){more}: "
        "cited as it stands; for better words, save it anew from where it came"
    )


def reported(summary: Summary, where: Path, *, dry_run: bool) -> dict[str, Any]:
    """What was done, or would be, as ``--report`` writes it."""
    counts = {name: getattr(summary, name) for name in COUNTED}
    changes = [{key: value for key, value in asdict(each).items() if value} for each in summary.changes or ()]
    skipped, left_out = (
        [{"source": each.source, "why": each.why} for each in summary.skipped if each.intended == intended]
        for intended in (False, True)
    )
    return {
        "index": str(where), "dry_run": dry_run, **counts, "encoded": summary.encoded,
        "garbled": summary.garbled,
        "changes": changes, "skipped": skipped, "left_out": left_out,
    }  # fmt: skip


def _write(path: Path, told: dict[str, Any]) -> None:
    try:
        path.write_text(f"{json.dumps(told, ensure_ascii=False, indent=2)}\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path} can't be written: {error.strerror}; name another file") from error


def _follow(wanted: list[str], update: Callable[[], int]) -> None:
    """Update the index after each burst of changes; what goes wrong is told, and the next burst tried."""
    from watchfiles import watch

    if not wanted or "-" in wanted:
        raise SourceError("nothing to watch: name files and folders")
    bursts = watch(*wanted, debounce=BURST_MS, step=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True)
    with suppress(KeyboardInterrupt):  # the way that it ends; what was committed is kept
        for number, changed in enumerate(bursts):
            if not number:  # the system tells of changes since before the first
                output.note("note: watching for changes; Ctrl-C stops")
            try:
                if changed:
                    update()
            except AskbriefError as error:
                output.error(error.message, error.hint)


def compact(index: IndexFolder = None) -> None:
    """Make the search files anew and give the room of what is gone back to the disk."""
    from askbrief.indexing import operations as build

    with _progress() as progress:
        before, after = build.compact(folder(index), progress=progress)
    print(f"{folder(index)}: {output.size(before)} before, {output.size(after)} now")


def _paths(given: list[str] | None, where: Path, rebuild: bool) -> list[str]:
    """What to index: as given; to rebuild an index without a word, what it holds; else the seeds."""
    if given or (rebuild and (where / "askbrief.db").exists()):
        return given or []
    if not SEEDS.exists():
        raise SourceError("no path given and no seeds/ here: name the files and folders to index")
    return [str(SEEDS)]


def told(summary: Summary, where: Path) -> str:
    """What a run of the writer did, in one line."""
    return (
        f"{where}: {done(summary)}; {summary.encoded} passages encoded in {summary.seconds:.1f} s; now "
        f"{summary.documents} documents, {summary.sentences} sentences, {summary.passages} passages"
    )


def done(summary: Summary) -> str:
    """What was done, counted."""
    counts = {name: getattr(summary, name) for name in COUNTED} | {
        "skipped": sum(not each.intended for each in summary.skipped)
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to do"


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the terminal while the index is written; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda doing, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    # Documents are read in bursts, so that speed is taken over minutes.
    with Progress(
        *columns, console=output.console(errors=True), transient=True, speed_estimate_period=300
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(doing, total=None, rate="")
            task = bar.tasks[bar.task_ids.index(tasks[doing])]
            rate = f"{task.speed:.0f}/s" if task.speed else ""
            bar.update(tasks[doing], completed=done, total=total if total > 1 else None, rate=rate)

        yield show
