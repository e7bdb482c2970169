"""The operations on an index: update, preview, remove, compact; each is a run of the writer."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from askbrief import fetch, formats
from askbrief.errors import SourceError
from askbrief.formats import FoundFile, Skipped
from askbrief.indexing import web
from askbrief.indexing.changes import Comparison, missing_documents
from askbrief.indexing.embedding import IndexModel
from askbrief.indexing.pipeline import Changes, Run, run
from askbrief.indexing.run_report import RunReport, Summary
from askbrief.options import DEFAULTS, IndexOptions
from askbrief.protocols import StoredDocuments
from askbrief.storage.db import collection_state, quotations
from askbrief.storage.document_lookup import named
from askbrief.storage.folder_documents import FolderDocuments
from askbrief.storage.lock import writing
from askbrief.storage.search import manifest as manifests
from askbrief.storage.stores import FolderStore, Store, store_at
from askbrief.storage.writer import FolderWriter
from askbrief.text.text_fragment import is_web

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
"""The beginning of an address, of any kind."""


def index(where: Path | Store, given: Iterable[str | Path], options: IndexOptions) -> Summary:
    """``preview`` if ``options.dry_run``, else ``update``; what begins with http:// or https:// is a web
    address."""
    names = [os.fspath(each) for each in given]
    for name in filter(_SCHEME.match, names):
        fetch.parse_address(name)  # raises for ftp:// and its like
    paths = [Path(name) for name in names if not is_web(name)]
    run = preview if options.dry_run else update
    return run(_store(where), paths, [name for name in names if is_web(name)], options)


def _store(where: Path | Store) -> Store:
    return store_at(where) if isinstance(where, Path) else where


def update(
    where: Path | Store, paths: Sequence[Path], urls: Sequence[str] = (), options: IndexOptions = DEFAULTS
) -> Summary:
    """Bring the archive kept ``where`` up to date with the files among and under ``paths``, with the pages at
    ``urls``, and with those that feeds and sitemaps among them name, within ``options.limits``.

    Files that haven't changed are neither cut nor embedded again, nor are such pages fetched.
    ``options.rebuild`` starts over, in one transaction: with ``paths`` and ``urls`` or, without any, with the
    documents that the index holds. A collection remembers its own ``options.fields``. Paths that a pattern of
    ``options.exclude`` matches are not looked at; what the index has of them stays.

    Raises IndexMismatch if the index was made with another model, IndexLocked, StorageError, ModelError,
    FetchError if one of ``urls`` may not be fetched, and SourceError if ``paths`` hold no file at all.
    """
    started = time.perf_counter()
    store, report = _store(where), RunReport(changes=[] if options.listed else None)
    anew, paths = options.rebuild and not (paths or urls), formats.expand(paths)
    wanted = [] if anew else _wanted(paths, options.exclude, urls)
    with (
        store.writing(fresh=options.rebuild and not anew) as written,
        run(written, options, report) as running,
    ):
        limits = options.limits or fetch.FetchLimits()
        pages = None if anew else web.documents(urls, store.folder, running.page, limits, options.progress)
        if options.rebuild:
            running.rebuild(_stored(written.documents) if anew else wanted, pages)
        else:
            running.update(wanted, [path for path in paths if path.is_dir()], pages or ())
        return running.finish(started)


def preview(
    where: Path | Store, paths: Sequence[Path], urls: Sequence[str] = (), options: IndexOptions = DEFAULTS
) -> Summary:
    """What ``update`` would do, with a list of it. Files are read, but no model is; no page is fetched, and
    nothing is written.

    Raises as ``update``, except for other writers and missing models.
    """
    started = time.perf_counter()
    report, paths = RunReport(changes=[]), formats.expand(paths)
    wanted = _wanted(paths, options.exclude, urls) if paths or urls else []
    unfetched = "a page is fetched only in earnest: leave --dry-run out"
    wanted += [Skipped(url, unfetched, intended=True) for url in urls]
    with _store(where).looked_at() as stored:
        compared = Comparison(stored, report, options.progress, options.fields)
        if options.rebuild:
            compared.before = stored
            wanted = wanted or list(_stored(stored))
        else:
            compared.missing = missing_documents(stored, wanted, [path for path in paths if path.is_dir()])
        Changes(compared).preview(wanted)
        return report.summary(stored.stats(), started)


def _wanted(paths: Sequence[Path], exclude: Sequence[str], urls: Sequence[str]) -> list[FoundFile | Skipped]:
    """The files among ``paths``, and what is left out. Raises SourceError if there is none, and no
    ``urls``."""
    wanted = list(formats.find(paths, exclude))
    if not urls and all(isinstance(each, Skipped) and each.intended for each in wanted):
        other = next((each.why for each in wanted if isinstance(each, Skipped) and each.kind), None)
        left = f": {other}" if other else ": all that is there is excluded" if wanted else ""
        raise SourceError(
            f"nothing to index: no file of a known kind among the paths given{left}",
            hint="name the files themselves",
        )
    return wanted


def remove(where: Path | Store, names: Iterable[str]) -> Summary:
    """Remove the documents called ``names`` (id, source, or a unique end of either)."""
    started, store = time.perf_counter(), _store(where)
    store.require()
    with store.writing() as written, run(written, DEFAULTS) as running:
        every = written.documents.listed()
        ids = {named(every, name, store.location).id for name in names}
        running.writer.delete(ids)
        running.report.counts["removed"] = len(ids)
        running.writer.forget_collections()
        return running.finish(started)


def compact(folder: Path, options: IndexOptions = DEFAULTS) -> tuple[int, int]:
    """Rebuild the search files and reclaim disk space; the bytes of the index before and after.

    Nothing is embedded again.
    """
    FolderStore(folder).require()
    with writing(folder) as database:
        before = manifests.size(folder)
        model = IndexModel(FolderDocuments(folder, database), options)
        options.progress("reclaiming space", 0, 1)
        writer = FolderWriter(folder, database, model, anew=True)
        Run(writer, model, options, RunReport()).requote()
        quotations.forget_speakers(database)
        database.vacuum()
        options.progress("reclaiming space", 1, 1)
        writer.finish(options.progress)
    return before, manifests.size(folder)


def _stored(stored: StoredDocuments) -> list[FoundFile]:
    """All files that the index has documents of."""
    found: dict[str, FoundFile] = {}
    none = True
    for known in stored.below(""):
        none = False
        if is_web(known.location):
            continue
        file, part = collection_state.split(known.location)
        if file == collection_state.STDIN:
            found[known.location] = FoundFile(Path(file), known.source, known.location)
            continue
        source = known.source.removesuffix(f"#{part}") if part else known.source
        found.setdefault(file, FoundFile(Path(file), source))
    if none:
        raise SourceError("nothing to index: the index holds no document", hint="name files and folders")
    return list(found.values())
