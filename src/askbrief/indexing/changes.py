"""What of the files given is new: each is looked up and, where it may have changed, read.

Nothing is written to the database here, so that what a run would do can be told before it is done.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from askbrief import fetch, formats
from askbrief.errors import SourceError
from askbrief.formats import CollectionItem, DocumentRef, Fields, FoundFile, LeftOut, Skipped, UnreadableRef
from askbrief.indexing import file_state as on_disk
from askbrief.indexing.run_report import Account, Change, Skips, What
from askbrief.storage.db import collection_state, documents
from askbrief.storage.db.collection_state import CollectionState
from askbrief.storage.db.database import Database
from askbrief.storage.db.documents import StoredDocument
from askbrief.text.text_fragment import is_web
from askbrief.types import Document, FileState, Progress

KEPT = "; what the index held of it is kept"

OFTEN = 100
"""Documents of one file between two words of progress."""


@dataclass(frozen=True, slots=True)
class New:
    """A document that is not what the index holds of it; ``state`` as of its file, if it is one by itself."""

    document: Document
    location: str
    state: FileState = None


def lying_no_more(
    database: Database, wanted: Iterable[FoundFile | Skipped], folders: Iterable[Path]
) -> dict[str, StoredDocument]:
    """What the index holds of files in ``folders`` that are not there any more, by its ids."""
    there = {on_disk.location(each.path) for each in wanted if isinstance(each, FoundFile)}
    return {known.id: known for path in folders for known in on_disk.gone(database, path, there)}


def by_text(gone: Iterable[StoredDocument]) -> dict[str, list[str]]:
    """The sources of documents by the digests of their texts."""
    found: dict[str, list[str]] = {}
    for known in gone:
        found.setdefault(known.sha256, []).append(known.source)
    return found


class Incoming:
    """The documents of a run. ``touched`` is told of a document whose file was written, but holds the same;
    ``given`` are the fields of records that were named; ``before`` is the index that is started over;
    ``gone`` are the documents that are gone from where they lay, by the digest of their text.

    ``finished`` are the containers that were read to their ends: once what came of them is stored, they may
    be noted, and what they hold no more be taken out. ``interrupted`` tells that somebody broke off while
    pages were fetched.
    """

    def __init__(
        self,
        database: Database,
        account: Account,
        progress: Progress,
        *,
        touched: Callable[[str, FileState], None] = lambda id_, state: None,
        given: Mapping[str, str],
        before: Database | None = None,
        gone: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.database = database
        self.account = account
        self.progress = progress
        self.finished: list[CollectionState] = []
        self.interrupted = False
        self._touched = touched
        self._given = dict(given)
        self._before = before
        self._gone = dict(gone or {})

    def documents(self, wanted: Sequence[FoundFile | Skipped]) -> Iterator[New]:
        """What has to be stored, in the order of the files."""
        for number, each in enumerate(wanted):
            self.progress("reading", number, len(wanted))
            if isinstance(each, Skipped) and each.intended:
                self.account.note(Change("excluded", each.source, why=each.why))
            elif isinstance(each, Skipped):
                self._skip(each.source, f"{each.source}: {each.why}")
            elif each.path == formats.STDIN_PATH:
                yield from self._piped()
            elif formats.is_collection(each.path.name):
                yield from self._many(each)
            else:
                yield from self._one(each)

    def run_through(self, wanted: Sequence[FoundFile | Skipped]) -> None:
        """Take account of all that would be done, and do nothing."""
        there = {new.location for new in self.documents(wanted)}
        if self._before is not None:
            gone = [each.source for each in documents.below(self._before, "") if each.location not in there]
        else:
            gone = [*self.left(), *(source for each in self.finished for source in self.lost(each).values())]
        for source in gone:
            self.account.note(Change("removed", source))

    def pages(self, coming: Iterable[Document | fetch.Skipped]) -> Iterator[New]:
        """What has to be stored of pages, as long as nobody breaks off: what has come by then took its time,
        and is not to be lost."""
        try:
            for each in coming:
                document = self._unfetched(each) if isinstance(each, fetch.Skipped) else each
                if document is not None:
                    yield from self._page(document)
        except KeyboardInterrupt:
            if self._before is not None:
                raise
            self.interrupted = True

    def held_pages(self) -> Iterator[Document]:
        """The pages that the index which is started over held: no page is fetched but by its address."""
        if self._before is not None:
            held = (known.id for known in documents.below(self._before, "") if is_web(known.location))
            for id_ in held:
                yield documents.whole(self._before, id_)

    def left(self) -> list[str]:
        """The sources that are gone and, as far as this run has met, lie nowhere else."""
        return [source for named in self._gone.values() for source in named]

    def lost(self, container: CollectionState) -> dict[str, str]:
        """Ids and sources of what a container that was read to its end holds no more."""
        return collection_state.gone(self.database, container.location)

    # -- a page

    def _unfetched(self, each: fetch.Skipped) -> Document | None:
        """Tell of a page that has not come. When starting over, what was held of it is given."""
        if each.state == "unchanged":
            self.account.tally["unchanged"] += 1
            return None
        held = self._held(each.source)
        self._skip(each.source, f"{each.why}{KEPT if held else ''}")
        return held

    def _page(self, document: Document) -> Iterator[New]:
        before = documents.at(self.database, location=document.source)
        if before is not None and on_disk.same(before, document):
            self.account.tally["unchanged"] += 1
            return
        self._change(before, document)
        yield New(document, document.source)

    # -- a file

    def _one(self, each: FoundFile) -> Iterator[New]:
        location, state = each.location or on_disk.location(each.path), on_disk.state(each.path)
        before = documents.at(self.database, location=location)
        if before is not None and state is not None and before.state == state:
            self.account.tally["unchanged"] += 1
            return
        document = self._read(each, location, before.source if before else self._name(each.source, location))
        if document is None:
            return
        if before is not None and on_disk.same(before, document):
            self._touched(before.id, state)
            self.account.tally["unchanged"] += 1
            return
        self._change(before, document)
        yield New(document, location, state)

    def _read(self, each: FoundFile, location: str, name: str) -> Document | None:
        """The document in a file. When starting over, one that can't be read any more is kept as it was."""
        try:
            return formats.read(each.path, name)
        except SourceError as error:
            held = self._held(location)
            if held is None or os.path.lexists(each.path):
                self._skip(each.source, f"{error}{KEPT if held else ''}")
            return held

    def _held(self, location: str) -> Document | None:
        """What the index that is started over held of the file at ``location``."""
        known = None if self._before is None else documents.at(self._before, location=location)
        return None if known is None or self._before is None else documents.whole(self._before, known.id)

    def _name(self, source: str, location: str) -> str:
        """The source name, or the whole path where another file that still exists has that name already."""
        other = documents.at(self.database, source=source)
        taken = other is not None and os.path.exists(collection_state.file_of(other.location))  # noqa: PTH110
        return location if taken else source

    def _change(self, before: StoredDocument | None, document: Document) -> None:
        """Tell what has become of a document: it is new, it was changed, or it lay elsewhere before."""
        elsewhere = self._gone.get(document.sha256)
        was = elsewhere.pop() if elsewhere and before is None else None
        what: What = "changed" if before is not None else "moved" if was else "added"
        sign = next(iter(formats.garbled(document.text)), None)
        self.account.note(Change(what, document.source, was, garbled=sign))

    def _skip(self, source: str, why: str) -> None:
        self.account.skipped.append(Skipped(source, why))

    # -- a file that holds many documents

    def _many(self, each: FoundFile) -> Iterator[New]:
        location, state = on_disk.location(each.path), on_disk.state(each.path)
        before = collection_state.known(self._before or self.database, location)
        fields = self._given or (before.fields if before else {})
        again = self._before is not None or before is None or before.fields != fields
        if not again and before is not None and state is not None and before.state == state:
            self.account.tally["unchanged"] += collection_state.count(self.database, location)
            self.account.skipped += [Skipped(*told) for told in before.skipped]
            return
        name = before.source if before else self._name(each.source, location)
        skips = Skips(name)
        container = CollectionState(location, name, state, fields)
        try:
            yield from self._members(
                formats.read_collection(each.path, name, Fields.parse(fields)), container, skips
            )
        except SourceError as error:
            skips.met = True
            yield from self._kept(each, location, str(error))
        else:
            self.finished.append(replace(container, skipped=tuple(map(astuple, skips.told()))))
        self.account.skipped += skips.told()

    def _piped(self) -> Iterator[New]:
        """What comes from standard input, beside what came from there before."""
        container, skips = (
            CollectionState(collection_state.STDIN, formats.STDIN, None, self._given),
            Skips(formats.STDIN),
        )
        try:
            yield from self._members(formats.read_stdin(Fields.parse(self._given)), container, skips)
        except SourceError as error:
            skips.met = True
            self._skip(formats.STDIN, str(error))
        collection_state.unsee(self.database, container.location)
        self.account.skipped += skips.told()

    def _members(
        self, members: Iterable[CollectionItem], container: CollectionState, skips: Skips
    ) -> Iterator[New]:
        for number, member in enumerate(members, 1):
            if number % OFTEN == 0:
                self.progress("reading documents", number, 0)
            skips.met = True
            if isinstance(member, LeftOut):
                skips.leave_out(member)
                continue
            part = self._part(container, member)
            if part is None:
                skips.add(member.part, "it is there twice")
            elif isinstance(member, UnreadableRef):
                skips.add(part, member.why)
            else:
                yield from self._member(container, part, member, skips)

    def _part(self, container: CollectionState, member: DocumentRef | UnreadableRef) -> str | None:
        """What a document is called within its file: not as one that was met before; None where neither of
        its names is left."""
        for part in (member.part, member.other):
            if collection_state.see(self.database, collection_state.member(container.location, part)):
                return part
        return None

    def _member(
        self, container: CollectionState, part: str, member: DocumentRef, skips: Skips
    ) -> Iterator[New]:
        location = collection_state.member(container.location, part)
        before = documents.at(self.database, location=location)
        source = before.source if before else self._name(f"{container.source}#{part}", location)
        try:
            document = member.read(source)
        except SourceError as error:
            skips.add(part, str(error).removeprefix(f"{source} "))
            return
        if before is not None and on_disk.same(before, document):
            self.account.tally["unchanged"] += 1
            return
        self._change(before, document)
        yield New(document, location)

    def _kept(self, each: FoundFile, location: str, why: str) -> Iterator[New]:
        """What is done where a file can't be read, or not to its end: what was held of the rest stays, and
        when starting over, is taken over."""
        rest = collection_state.held(self._before, location) if self._before else iter(())
        kept = [known for known in rest if not collection_state.seen(self.database, known.location)]
        if not kept or os.path.lexists(each.path):
            self._skip(each.source, f"{why}{'; what the index held of the rest is kept' if kept else ''}")
        for known in kept:
            self.account.note(Change("added", known.source))
            if self._before is not None:
                yield New(documents.whole(self._before, known.id), known.location)
        collection_state.unsee(self.database, location)
