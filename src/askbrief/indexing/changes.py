"""What of the given sources has changed: each is looked up and, if it may have changed, read.

Nothing is written to the database here, so that a run can be previewed.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from askbrief import fetch, formats
from askbrief.errors import SourceError
from askbrief.formats import FoundFile, LeftOut, Skipped
from askbrief.index_records import FileState, StoredDocument
from askbrief.indexing import file_state
from askbrief.indexing.agency_items import AgencyItems
from askbrief.indexing.run_report import Change, CollectionReport, RunReport, What
from askbrief.indexing.web import ReadPage
from askbrief.protocols import StoredDocuments
from askbrief.storage.db import collection_state
from askbrief.storage.db.seen_locations import SeenLocations
from askbrief.text.text_fragment import is_web
from askbrief.types import Document, Progress

STAYS = "; what the index has of it stays"


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document that differs from what is stored; ``state`` is its file's, if it has a file of its own."""

    document: Document
    location: str
    state: FileState = None


@dataclass(slots=True)
class Comparison:
    """What sources are compared with, and where differences are reported.

    ``fields`` name what holds the text and so on of records. ``before`` is the index that a rebuild starts
    over; its preview compares with that alone. ``missing`` are the documents that are no longer where they
    were, by the digest of their text: what turns up elsewhere has moved. ``touched`` is called with the id
    and the new state of a file that was written to but holds the same document. ``seen`` is where documents
    of collections were met.
    """

    documents: StoredDocuments
    report: RunReport
    progress: Progress
    fields: Mapping[str, str]
    before: StoredDocuments | None = None
    missing: dict[str, list[StoredDocument]] = field(default_factory=dict)
    touched: Callable[[str, FileState], None] = lambda id_, state: None
    seen: SeenLocations = field(default_factory=SeenLocations)
    items: AgencyItems = field(init=False)

    def __post_init__(self) -> None:
        self.items = AgencyItems(self.documents)

    def stored(self, *, location: str | None = None, source: str | None = None) -> StoredDocument | None:
        """What is stored at a location, or under a source name; nothing in the preview of a rebuild."""
        if self.before is self.documents:
            return None
        return self.documents.at(location=location, source=source)

    def previous(self, location: str) -> Document | None:
        """The document at a location in the index that is started over."""
        if self.before is None:
            return None
        stored = self.before.at(location=location)
        return None if stored is None else self.before.document(stored.id)

    def members(self, location: str) -> Iterator[StoredDocument]:
        """Each stored document of the file at ``location``."""
        return self.documents.between(*collection_state.bounds(location))

    def count(self, location: str) -> int:
        """How many documents of the file at ``location`` are stored."""
        return self.documents.count_between(*collection_state.bounds(location))

    def gone(self, location: str) -> dict[str, str]:
        """Ids and sources of the stored documents of the file at ``location`` that were not met."""
        return {each.id: each.source for each in self.members(location) if each.location not in self.seen}

    def free_name(self, source: str, location: str) -> str:
        """The source name, or the whole path if another file that still exists has that name."""
        other = self.stored(source=source)
        taken = other is not None and os.path.exists(collection_state.split(other.location)[0])  # noqa: PTH110
        return location if taken else source

    def unchanged(self, stored: StoredDocument | None, document: Document) -> bool:
        """Whether a document is what is stored; then it is counted."""
        same = stored is not None and file_state.same(stored, document)
        self.report.counts["unchanged"] += same
        return same

    def changed(self, stored: StoredDocument | None, document: Document) -> None:
        """Report a document that is new, was changed, or was elsewhere before."""
        elsewhere = self.missing.get(document.sha256)
        was = elsewhere.pop().source if elsewhere and stored is None else None
        what: What = "changed" if stored is not None else "moved" if was else "added"
        sign = next(iter(formats.garbled(document.text)), None)
        self.report.add(Change(what, document.source, was, garbled=sign))
        self.report.skipped += self.items.add(document)

    def skip(self, source: str, why: str) -> None:
        """Report a source that is skipped."""
        self.report.skipped.append(Skipped(source, why))


def missing_documents(
    documents: StoredDocuments, wanted: Iterable[FoundFile | Skipped], folders: Iterable[Path]
) -> dict[str, list[StoredDocument]]:
    """What is stored of files in ``folders`` that are no longer there, by the digests of its texts."""
    there = {file_state.location(each.path) for each in wanted if isinstance(each, FoundFile)}
    missing = {each.id: each for path in folders for each in file_state.missing(documents, path, there)}
    found: dict[str, list[StoredDocument]] = {}
    for each in missing.values():  # each once, though one folder may be inside another
        found.setdefault(each.sha256, []).append(each)
    return found


def changed_document(
    compared: Comparison, stored: StoredDocument | None, found: ChangedDocument
) -> Iterator[ChangedDocument]:
    """The document of a file, if it has changed."""
    document = found.document
    if compared.unchanged(stored, document):
        assert stored  # noqa: S101 — it is the same as what is stored
        compared.touched(stored.id, found.state)
        return
    if by := compared.items.withdrawn_by(document):
        why = f"{document.source} is left out: it was withdrawn by {by}"
        compared.report.skipped.append(Skipped(document.source, why, intended=True))
        return
    compared.changed(stored, document)
    yield found


def unread_file(
    compared: Comparison, each: FoundFile, location: str, error: SourceError
) -> Iterator[ChangedDocument]:
    """What the index that is started over has of a file that can't be read, which is reported."""
    previous = compared.previous(location)
    if previous is None or os.path.lexists(each.path):
        compared.skip(each.source, f"{error}{STAYS if previous else ''}")
    if previous is not None:
        yield from changed_document(compared, None, ChangedDocument(previous, location))


def changed_page(compared: Comparison, page: ReadPage | fetch.SkippedPage) -> Iterator[ChangedDocument]:
    """The documents on a page that have changed, its own one last: once that is stored, all of them are.

    In a rebuild, what the index has of a page that didn't come.
    """
    if isinstance(page, fetch.SkippedPage):
        for document in _unfetched(compared, page):
            yield from _changed_on_page(compared, document)
        return
    for document in (*page.others, page.document):
        yield from _changed_on_page(compared, document)
    report = CollectionReport(page.document.source)
    report.any = True
    for each in page.left_out:
        report.leave_out(LeftOut("attachments of messages", each))
    compared.report.skipped += report.skipped()


def no_longer_on_page(compared: Comparison, page: ReadPage) -> dict[str, str]:
    """Ids and sources of the documents that are stored of a page besides its own, and not on it any more."""
    on_it = {each.source for each in page.others}
    stored = compared.documents.between(*_inside(page.document.source))
    return {each.id: each.source for each in stored if each.location not in on_it}


def _inside(page: str) -> tuple[str, str]:
    """Between which two locations lie the documents that a page holds besides its own."""
    return f"{page}#", f"{page}$"  # $ comes right after #


def _changed_on_page(compared: Comparison, document: Document) -> Iterator[ChangedDocument]:
    stored = compared.stored(location=document.source)
    if not compared.unchanged(stored, document):
        compared.changed(stored, document)
        yield ChangedDocument(document, document.source)


def _unfetched(compared: Comparison, page: fetch.SkippedPage) -> list[Document]:
    """What an index that is started over has of a page that was not fetched."""
    if page.state == "unchanged":
        others = compared.documents.between(*_inside(page.source))
        compared.report.counts["unchanged"] += 1 + sum(1 for _ in others)
        return []
    before = compared.before
    own = compared.previous(page.source)
    compared.skip(page.source, f"{page.why}{STAYS if own else ''}")
    if before is None or own is None:
        return []
    others = before.between(*_inside(page.source))
    return [*(before.document(each.id) for each in others), own]


def previous_pages(before: StoredDocuments) -> Iterator[ReadPage]:
    """The pages that an index holds: a rebuild fetches none but those it is given."""
    for id_ in [each.id for each in before.below("") if is_web(each.location)]:
        yield ReadPage(before.document(id_))


def changed_files(compared: Comparison, wanted: Sequence[FoundFile | Skipped]) -> Iterator[FoundFile]:
    """The files among ``wanted``, with progress; what is skipped or excluded is reported."""
    for number, each in enumerate(wanted):
        compared.progress("reading", number, len(wanted))
        if isinstance(each, FoundFile):
            yield each
        elif each.kind == "format":
            compared.report.skipped.append(each)
        elif each.intended:
            compared.report.add(Change("excluded", each.source, why=each.why))
        else:
            compared.skip(each.source, f"{each.source}: {each.why}")
    if wanted:
        compared.progress("reading", len(wanted), len(wanted))
