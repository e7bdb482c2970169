"""Files and pages into an index, and out of it: what may be done to one, each a run of the writer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from askbrief import fetch, formats
from askbrief.errors import IndexMissing, SourceError
from askbrief.formats import FoundFile, Skipped
from askbrief.indexing import web as pages
from askbrief.indexing.changes import Incoming, by_text, lying_no_more
from askbrief.indexing.embedding import IndexModel
from askbrief.indexing.pipeline import Summary, run
from askbrief.indexing.run_report import Account
from askbrief.options import DEFAULTS, IndexOptions
from askbrief.storage.db import collection_state, documents, quotations
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.lock import writing
from askbrief.storage.lookup import named
from askbrief.storage.search import manifest as manifests
from askbrief.storage.writer import FolderWriter
from askbrief.text.text_fragment import is_web

NOWHERE = Path(":memory:")
"""SQLite's name for a database that is not on disk."""


def update(
    folder: Path, paths: Sequence[Path], urls: Sequence[str] = (), options: IndexOptions = DEFAULTS
) -> Summary:
    """Bring the index in ``folder`` up to date with the files among and under ``paths``, with the pages at
    ``urls``, and with those that feeds and sitemaps among them name, within ``options.limits``.

    Files that haven't changed are neither cut nor embedded again, nor are such pages fetched.
    ``options.rebuild`` starts over, in one transaction: with ``paths`` and ``urls`` or, without any, with the
    documents that the index holds. A collection remembers its own ``options.fields``. Paths that a pattern of
    ``options.exclude`` matches are not looked at; what the index has of them stays.

    Raises IndexMismatch if the index was made with another model, IndexLocked, StorageError, ModelError,
    FetchError if one of ``urls`` may not be fetched, and SourceError if ``paths`` hold no file at all.
    """
    started = time.perf_counter()
    account = Account(changes=[] if options.listed else None)
    anew, paths = options.rebuild and not (paths or urls), formats.expand(paths)
    wanted = [] if anew else _wanted(paths, options.exclude, urls)
    with (
        writing(folder, fresh=options.rebuild and not anew) as database,
        run(folder, database, options, account) as running,
    ):
        limits = options.limits or fetch.Limits()
        coming = None if anew else pages.documents(urls, folder, running.page, limits, options.progress)
        folders = [path for path in paths if path.is_dir()]
        running.take(_stored(database) if anew else wanted, folders, coming)
        return running.finish(started)


def preview(
    folder: Path, paths: Sequence[Path], urls: Sequence[str] = (), options: IndexOptions = DEFAULTS
) -> Summary:
    """What ``update`` would do, with a list of it. Files are read, but no model is; no page is fetched, and
    nothing is written.

    Raises as ``update``, except for other writers and missing models.
    """
    started = time.perf_counter()
    account, paths = Account(changes=[]), formats.expand(paths)
    wanted = _wanted(paths, options.exclude, urls) if paths or urls else []
    unfetched = "a page is fetched only in earnest: leave --dry-run out"
    wanted += [Skipped(url, unfetched, intended=True) for url in urls]
    given, progress = options.fields, options.progress
    with closing(_as_it_is(folder)) as held:
        if options.rebuild:
            with closing(Database.create(NOWHERE)) as empty:
                incoming = Incoming(empty, account, progress, given=given, before=held)
                incoming.run_through(wanted or _stored(held))
        else:
            gone = lying_no_more(held, wanted, [path for path in paths if path.is_dir()])
            incoming = Incoming(held, account, progress, given=given, gone=by_text(gone.values()))
            incoming.run_through(wanted)
        seconds = time.perf_counter() - started
        return Summary(**account.told(), **asdict(held.stats()), seconds=seconds)


def _as_it_is(folder: Path) -> Database:
    """The database of ``folder``, to be looked at; an empty one where there is none."""
    return Database.open(folder / FILE) if (folder / FILE).is_file() else Database.create(NOWHERE)


def _wanted(paths: Sequence[Path], exclude: Sequence[str], urls: Sequence[str]) -> list[FoundFile | Skipped]:
    """What there is to read among ``paths``, and what is left out; nothing may be there where there are
    ``urls``."""
    wanted = list(formats.find(paths, exclude))
    if not urls and all(isinstance(each, Skipped) and each.intended for each in wanted):
        left = ": all that is there is excluded" if wanted else "; files of other kinds are read when named"
        raise SourceError(f"nothing to index: no file of a known kind among the paths given{left}")
    return wanted


def remove(folder: Path, names: Iterable[str]) -> Summary:
    """Take the documents called ``names`` (id, source, or a unique end of either) out of the index."""
    started = time.perf_counter()
    _require_index(folder)
    with writing(folder) as database, run(folder, database, DEFAULTS) as running:
        every = documents.listed(database)
        ids = {named(every, name, str(folder)).id for name in names}
        running.writer.delete(ids)
        running.account.tally["removed"] = len(ids)
        collection_state.forget(database)
        return running.finish(started)


def compact(folder: Path, options: IndexOptions = DEFAULTS) -> tuple[int, int]:
    """Make the search files anew and give the room of what is gone back to the disk.

    Gives the bytes that the index took before and takes now. Nothing is encoded again.
    """
    _require_index(folder)
    with writing(folder) as database:
        before = manifests.size(folder)
        model = IndexModel(folder, database, options)
        options.progress("giving room back", 0, 1)
        quotations.forget_speakers(database)
        database.vacuum()
        FolderWriter(folder, database, model, options.progress, anew=True).finish()
    return before, manifests.size(folder)


def _require_index(folder: Path) -> None:
    if not (folder / FILE).is_file():
        raise IndexMissing(f"no index in {folder}: name one with --index")


def _stored(database: Database) -> list[FoundFile]:
    """All files that the index holds documents of."""
    found: dict[str, FoundFile] = {}
    none = True
    for known in documents.below(database, ""):
        none = False
        if is_web(known.location):
            continue
        file, part = collection_state.file_of(known.location), collection_state.part_of(known.location)
        if file == collection_state.STDIN:
            found[known.location] = FoundFile(Path(file), known.source, known.location)
            continue
        source = known.source.removesuffix(f"#{part}") if part else known.source
        found.setdefault(file, FoundFile(Path(file), source))
    if none:
        raise SourceError("nothing to index: the index holds no document, so name files and folders")
    return list(found.values())
