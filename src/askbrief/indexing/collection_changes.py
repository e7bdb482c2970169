"""What of collections (files that hold many documents) has changed, read as streams."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator
from dataclasses import astuple, replace

from askbrief import formats
from askbrief.errors import SourceError
from askbrief.formats import CollectionItem, DocumentRef, Fields, FoundFile, LeftOut, Skipped
from askbrief.index_records import CollectionState
from askbrief.indexing import file_state
from askbrief.indexing.changes import ChangedDocument, Comparison, changed_document, unread_file
from askbrief.indexing.run_report import Change, CollectionReport
from askbrief.storage.db import collection_state

OFTEN = 10
"""Documents of one collection between two calls of the progress callback."""


class CollectionChanges:
    """The changed documents of collections, and of files of one document that may hold others.

    ``finished`` are the collections that were read to their ends: once their documents are stored, they can
    be noted, and what they no longer hold be deleted.
    """

    def __init__(self, compared: Comparison) -> None:
        self.finished: list[CollectionState] = []
        self._compared = compared

    def of_file(self, each: FoundFile) -> Iterator[ChangedDocument]:
        """The changed documents of a collection on disk."""
        compared = self._compared
        location, state = file_state.location(each.path), file_state.state(each.path)
        before = (compared.before or compared.documents).collection(location)
        fields = dict(compared.fields) or (before.fields if before else {})
        same = before is not None and before.fields == fields and before.state == state
        if same and state is not None and compared.before is None:
            self._unchanged(location, before)
            return
        name = before.source if before else compared.free_name(each.source, location)
        report, collection = CollectionReport(name), CollectionState(location, name, state, fields)
        try:
            items = formats.read_collection(each.path, name, Fields.parse(fields))
            yield from self._documents(items, collection, report)
        except SourceError as error:
            report.any = True
            yield from self._broken_off(each, location, str(error))
            compared.report.skipped += report.skipped()
        else:
            self._finish(collection, report)

    def of_document(self, each: FoundFile) -> Iterator[ChangedDocument]:
        """The changed documents in a file of one document: those inside it first, since its own state shows
        the next run that all of them are stored."""
        compared = self._compared
        location, state = each.location or file_state.location(each.path), file_state.state(each.path)
        stored = compared.stored(location=location)
        before = (compared.before or compared.documents).collection(location)
        if stored is not None and state is not None and stored.state == state:
            compared.report.counts["unchanged"] += 1
            self._unchanged(location, before)
            return
        name = stored.source if stored else compared.free_name(each.source, location)
        try:
            contents = formats.read_all(each.path, name)
        except SourceError as error:
            yield from unread_file(compared, each, location, error)
            return
        report, collection = CollectionReport(name), CollectionState(location, name, state, {})
        report.any = True
        yield from self._documents(formats.items_inside(contents), collection, report)
        if before or report.skipped() or compared.seen.any_in(location):
            self._finish(collection, report)
        yield from changed_document(compared, stored, ChangedDocument(contents.document, location, state))

    def of_stdin(self) -> Iterator[ChangedDocument]:
        """The changed documents from standard input; what came from there before stays."""
        compared = self._compared
        collection = CollectionState(collection_state.STDIN, formats.STDIN, None, dict(compared.fields))
        report = CollectionReport(formats.STDIN)
        try:
            items = formats.read_stdin(Fields.parse(dict(compared.fields)))
            yield from self._documents(items, collection, report)
        except SourceError as error:
            report.any = True
            compared.skip(formats.STDIN, str(error))
        compared.seen.forget(collection.location)
        compared.report.skipped += report.skipped()

    def _unchanged(self, location: str, before: CollectionState | None) -> None:
        """Count the documents of a file that was not written to, and report again what was skipped of it."""
        report = self._compared.report
        report.counts["unchanged"] += self._compared.count(location)
        report.skipped += [Skipped(*values) for values in (before.skipped if before else ())]

    def _finish(self, collection: CollectionState, report: CollectionReport) -> None:
        """Report what was skipped of a file that was read to its end, and let the state be noted."""
        skipped = report.skipped()
        self._compared.report.skipped += skipped
        self.finished.append(replace(collection, skipped=tuple(map(astuple, skipped))))

    def _documents(
        self, items: Iterable[CollectionItem], collection: CollectionState, report: CollectionReport
    ) -> Iterator[ChangedDocument]:
        number = 0
        for number, item in enumerate(items, 1):
            if number % OFTEN == 0:
                self._compared.progress("reading documents", number, 0)
            report.any = True
            if isinstance(item, LeftOut):
                report.leave_out(item)
                continue
            part = self._free_part(collection, item)
            if part is None:
                report.skip(item.part, "it is there twice")
            else:
                yield from self._document(collection, part, item, report)
        if number >= OFTEN:
            self._compared.progress("reading documents", number, number)

    def _free_part(self, collection: CollectionState, item: DocumentRef) -> str | None:
        """The name of a document within its file that none before has; None if both of its names are
        taken."""
        for part in (item.part, item.other):
            if self._compared.seen.add(collection_state.member(collection.location, part)):
                return part
        return None

    def _document(
        self, collection: CollectionState, part: str, item: DocumentRef, report: CollectionReport
    ) -> Iterator[ChangedDocument]:
        compared, location = self._compared, collection_state.member(collection.location, part)
        stored = compared.stored(location=location)
        source = stored.source if stored else compared.free_name(f"{collection.source}#{part}", location)
        try:
            document = item.read(source)
        except SourceError as error:
            report.skip(part, str(error).removeprefix(f"{source} "))
            return
        if compared.items.withdrawn_by(document):
            report.leave_out(LeftOut("items that were withdrawn", document.details["guid"]))
        elif not compared.unchanged(stored, document):
            compared.changed(stored, document)
            yield ChangedDocument(document, location)

    def _broken_off(self, each: FoundFile, location: str, why: str) -> Iterator[ChangedDocument]:
        """What stays of a file that can't be read to its end; a rebuild takes it over."""
        compared, before = self._compared, self._compared.before
        rest = before.between(*collection_state.bounds(location)) if before else iter(())
        stays = [known for known in rest if known.location not in compared.seen]
        if not stays or os.path.lexists(each.path):
            compared.skip(each.source, f"{why}{'; what the index has of the rest stays' if stays else ''}")
        for known in stays:
            compared.report.add(Change("added", known.source))
            if before is not None:
                yield ChangedDocument(before.document(known.id), known.location)
        compared.seen.forget(location)
