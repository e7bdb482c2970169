"""WACZ: the WARC files of one crawl in a ZIP, with indexes that aren't needed to read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from askbrief.errors import SourceError
from askbrief.formats.collections.archives import ArchivedFile, zip_files
from askbrief.formats.collections.compression import decompressed, uncompressed
from askbrief.formats.collections.items import (
    OTHER_FORMATS,
    CollectionItem,
    LeftOut,
    OpenCollection,
    unreadable,
)
from askbrief.formats.collections.warc import Crawl

RECORDS = frozenset({".warc", ".arc", ".wet"})
OWN = frozenset({"pages", "indexes", "logs", "fuzzy", "datapackage.json", "datapackage-digest.json"})
"""What else a WACZ consists of (WACZ 1.1.1): it describes the records."""


def pages(collection: OpenCollection) -> Iterator[CollectionItem]:
    """The pages of all WARC files in it, each named by its address.

    Raises:
        SourceError: it isn't a ZIP, or holds no WARC file.
    """
    crawl = Crawl(collection.budget, collection.fields)
    any_ = False
    for number, file in enumerate(zip_files(collection.stream, collection.budget), 1):
        inner, suffix = uncompressed(file.name), PurePosixPath(uncompressed(file.name)).suffix.lower()
        if suffix in RECORDS:
            any_ = True
            yield from _records(crawl, file, number, collection, compressed=inner != file.name)
        elif file.name.split("/")[0] not in OWN:
            yield LeftOut(OTHER_FORMATS, suffix)
    if not any_:
        hint = "export the crawl again, or leave it out"
        raise SourceError(f"{collection.name} has no WARC file", hint=hint)
    yield from crawl.texts()


def _records(
    crawl: Crawl, file: ArchivedFile, number: int, collection: OpenCollection, *, compressed: bool
) -> Iterator[CollectionItem]:
    """The pages in one of the files; if it is damaged, those of the others are read nevertheless."""
    assert file.open is not None  # noqa: S101 — a ZIP has no devices
    try:
        stream = file.open()
        if compressed:
            stream = collection.budget.stream(decompressed(stream, file.name))
        yield from crawl.pages(stream)
    except Exception as error:  # the same as of a WARC by itself: libraries raise anything
        collection.budget.require()
        why = " ".join(str(error).split()) or type(error).__name__
        yield unreadable(file.name, f"file {number}", f"it is damaged ({why})", "save it again")
