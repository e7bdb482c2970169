"""askbrief index: files, folders and pages into the index, once or as they change."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.index_options import (
    AllowPrivate,
    DateField,
    Device,
    DryRun,
    Exclude,
    IdField,
    Model,
    Paths,
    Rebuild,
    Report,
    TextField,
    TitleField,
    UrlField,
    Watch,
    Workers,
)
from askbrief.cli.shared_options import IndexFolder, StoreUrl, archive_at, located
from askbrief.cli.watch import watch_paths
from askbrief.errors import IndexMissing, SourceError
from askbrief.visible_text import on_one_line

if TYPE_CHECKING:
    from askbrief.indexing.run_report import Summary
    from askbrief.options import IndexOptions
    from askbrief.storage.stores import Store

SEEDS = Path("seeds")

REPORT_BEGINS = '{\n  "index": '
"""How the report begins that ``--report`` writes."""


def index(
    paths: Paths = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    rebuild: Rebuild = False,
    model: Model = None,
    device: Device = None,
    workers: Workers = 1,
    allow_private: AllowPrivate = False,
    text_field: TextField = None,
    title_field: TitleField = None,
    date_field: DateField = None,
    url_field: UrlField = None,
    id_field: IdField = None,
    exclude: Exclude = None,
    dry_run: DryRun = False,
    report: Report = None,
    watch: Watch = False,
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
    from askbrief.storage.stores import store_at

    where = archive_at(index, store)
    archive = store_at(located(where))
    wanted = _paths(paths, archive, rebuild)
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
    code = _update(wanted, archive, report, options)
    if watch and not dry_run:
        again = replace(options, model=None, rebuild=False)
        watch_paths(wanted, where, partial(_update, wanted, archive, report, again))
    return code


def _paths(given: list[str] | None, archive: Store, rebuild: bool) -> list[str]:
    """The paths as given; none to rebuild an index from its own documents; else the seeds."""
    if given:
        return given
    if rebuild:
        with suppress(IndexMissing):
            archive.require()
            return []
    if not SEEDS.exists():
        raise SourceError("no path given and no seeds/ here", hint="name the files and folders to index")
    return [str(SEEDS)]


def _update(wanted: list[str], archive: Store, report: Path | None, options: IndexOptions) -> int:
    from askbrief.indexing import operations

    with terminal.progress() as progress:
        summary = operations.index(archive, wanted, replace(options, progress=progress))
    if report is not None:
        made = present.index_run(summary, archive.location, dry_run=options.dry_run)
        terminal.write_file(report, f"{present.to_json(made)}\n")
    if options.dry_run:
        _print_preview(summary)
        print(f"{archive.location}: would be {present.counts(summary)}; nothing was written", flush=True)
    else:
        _print_notes(summary)
        print(present.run_summary(summary, archive.location), flush=True)
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
        terminal.note(
            f"note: newer rules split the sentences of {present.number(summary.resplit, 'document')} again"
        )
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
