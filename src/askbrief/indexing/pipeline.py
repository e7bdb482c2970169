"""One run of the writer: what has changed is cut, embedded in batches and committed, and search files follow.

Each batch is a transaction; an interrupted run keeps what it committed, and the next run continues there.
Keywords follow each commit; vectors and the manifest follow the last.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief import fetch, formats, quotes
from askbrief.errors import SourceError
from askbrief.formats import FoundFile, Skipped
from askbrief.index_records import PreparedDocument, StoredDocument
from askbrief.indexing import pace
from askbrief.indexing.changes import (
    ChangedDocument,
    Comparison,
    changed_files,
    changed_page,
    missing_documents,
    no_longer_on_page,
    previous_pages,
)
from askbrief.indexing.collection_changes import CollectionChanges
from askbrief.indexing.embedding import REPORTED, IndexModel
from askbrief.indexing.run_report import Change, RunReport, Summary
from askbrief.indexing.web import ReadPage
from askbrief.options import IndexOptions
from askbrief.protocols import RunWriter
from askbrief.storage.stores import Written
from askbrief.text import group_passages, rules_fingerprint, split_sentences

if TYPE_CHECKING:
    from askbrief.types import Vectors

BATCH = 2048
"""Most passages that are embedded and committed together."""

PATIENCE = 10.0
"""Seconds in which something is committed, so that an interruption loses little; half of them are to read,
which may be slow."""

EMBEDDED = PATIENCE - 2 * REPORTED
"""Seconds from which on what is embedded by then is committed."""

PASSAGE_TOKENS = 200
"""Most tokens in a passage: it is read with its question in one window, and is shown as one."""

SPECIAL_TOKENS = 2

REQUOTED = 500
"""Documents whose quotations or sentences are found again in one commit, if the rules have changed."""


@contextmanager
def run(written: Written, options: IndexOptions, report: RunReport | None = None) -> Iterator[Run]:
    """A run, with the model that embeds for it; that is released at the end."""
    model = IndexModel(written.documents, options, anew=options.rebuild)
    with closing(model):
        writer = written.writer(model, anew=options.rebuild)
        yield Run(writer, model, options, report or RunReport())


class Changes:
    """The changed documents of a run, in the order of the sources.

    ``interrupted`` is true if the user broke off while pages were fetched. ``gone`` are the ids and sources
    of documents that pages no longer hold: once the pages are stored, they can be deleted.
    """

    def __init__(self, compared: Comparison) -> None:
        self.collections = CollectionChanges(compared)
        self.interrupted = False
        self.gone: dict[str, str] = {}
        self._compared = compared

    def of_files(self, wanted: Sequence[FoundFile | Skipped]) -> Iterator[ChangedDocument]:
        """The changed documents of files."""
        for each in changed_files(self._compared, wanted):
            if each.path == formats.STDIN_PATH:
                yield from self.collections.of_stdin()
            elif formats.is_collection_file(each.path):
                yield from self.collections.of_file(each)
            else:
                yield from self.collections.of_document(each)

    def of_pages(self, pages: Iterable[ReadPage | fetch.SkippedPage]) -> Iterator[ChangedDocument]:
        """The changed documents of pages until the user breaks off: what has come by then took its time, and
        isn't lost."""
        try:
            for page in pages:
                yield from changed_page(self._compared, page)
                if isinstance(page, ReadPage) and self._compared.before is None:
                    self.gone |= no_longer_on_page(self._compared, page)
        except KeyboardInterrupt:
            if self._compared.before is not None:
                raise
            self.interrupted = True

    def preview(self, wanted: Sequence[FoundFile | Skipped]) -> None:
        """Report what a run would change, without changing anything."""
        there = {changed.location for changed in self.of_files(wanted)}
        if before := self._compared.before:
            gone = [each.source for each in before.below("") if each.location not in there]
        else:
            missing = chain.from_iterable(self._compared.missing.values())
            deleted = (self._compared.gone(each.location).values() for each in self.collections.finished)
            gone = [*(each.source for each in missing), *chain.from_iterable(deleted)]
        for source in gone:
            self._compared.report.add(Change("removed", source))


class Run:
    """One run: cuts what has changed, embeds it in batches, and gives it to the writer."""

    def __init__(
        self, writer: RunWriter, model: IndexModel, options: IndexOptions, report: RunReport
    ) -> None:
        self.writer = writer
        self.model = model
        self.options = options
        self.report = report
        self.compared = Comparison(
            writer, report, options.progress, options.fields, touched=writer.note_state
        )

    def finish(self, started: float) -> Summary:
        """Bring the search files up to date, and sum up what was done since ``started``."""
        repaired = self.writer.finish(self.options.progress)
        return self.report.summary(
            self.writer.stats(), started, encoded=self.model.encoded, repaired=repaired
        )

    def page(self, name: str) -> str | None:
        """The sha256 of the text that is stored of a page; None if none is, or in a rebuild."""
        stored = None if self.options.rebuild else self.writer.at(location=name)
        return None if stored is None else stored.sha256

    def update(
        self,
        wanted: Sequence[FoundFile | Skipped],
        folders: Sequence[Path],
        pages: Iterable[ReadPage | fetch.SkippedPage],
    ) -> None:
        """Store what has changed of ``wanted`` and ``pages``, and delete what is missing from ``folders``."""
        missing = self.compared.missing = missing_documents(self.writer, wanted, folders)
        ids = {each.id for each in chain.from_iterable(missing.values())}
        self._store(wanted, pages)
        if ids:
            self.writer.delete(ids)
            self.writer.forget_collections()
            for each in chain.from_iterable(missing.values()):  # the others have moved
                self.report.add(Change("removed", each.source))
        self.requote()
        self.resplit()

    def rebuild(
        self, wanted: Sequence[FoundFile | Skipped], pages: Iterable[ReadPage | fetch.SkippedPage] | None
    ) -> None:
        """Start over in one transaction, with ``wanted`` and ``pages``; with the pages that the index has if
        there are None."""
        with self.writer.as_committed() as before, self.writer.transaction():
            self.writer.clear()
            self.writer.set_sentence_rules(rules_fingerprint())
            self.compared.before = before
            self._store(wanted, previous_pages(before) if pages is None else pages)
            if not self.writer.stats().documents:  # leaves the transaction, and the index as it was
                what, why = f"{len(wanted)} files" if wanted else "the pages", self.report.skipped[0].why
                raise SourceError(
                    f"nothing was indexed of {what} and the index is kept: {why}",
                    hint="check the paths, then rebuild",
                )

    def requote(self) -> None:
        """Find the quotations of documents again that other rules, or none, found."""
        behind = self.writer.quoted_by_older(quotes.RULES)
        for begin in range(0, len(behind), REQUOTED):
            with self.writer.transaction():
                for number, id_ in enumerate(behind[begin : begin + REQUOTED], begin):
                    self.options.progress("finding quotations", number, len(behind))
                    sentences = self.writer.sentences(id_)
                    found = quotes.quotations(self.writer.document(id_).text, sentences)
                    spoken = quotes.with_speakers(sentences, found)
                    self.writer.requote(id_, spoken, found, quotes.RULES)
        if behind:
            self.options.progress("finding quotations", len(behind), len(behind))

    def resplit(self) -> None:
        """Split documents into sentences again if other rules did; passages that stay as they are aren't
        embedded again. Nothing is done if it isn't known which rules split them."""
        now, before = rules_fingerprint(), self.writer.sentence_rules()
        if before is not None and before != now:
            every = list(self.writer.below(""))
            for begin in range(0, len(every), REQUOTED):
                self._resplit(every, begin)
            if every:
                self.options.progress("splitting sentences", len(every), len(every))
        if before != now:
            self.writer.set_sentence_rules(now)

    def _resplit(self, every: Sequence[StoredDocument], begin: int) -> None:
        batch = []
        for number, each in enumerate(every[begin : begin + REQUOTED], begin):
            self.options.progress("splitting sentences", number, len(every))
            before = self.writer.sentences(each.id)
            document = self.writer.document(each.id)
            after = split_sentences(document.text, document.paragraphs)
            if [(s.start, s.end) for s in before] != [(s.start, s.end) for s in after]:
                batch.append(self._cut(ChangedDocument(document, each.location, each.state)))
        if batch:
            self._commit(batch, pace.now())
            self.report.counts["resplit"] += len(batch)

    def _store(
        self, wanted: Sequence[FoundFile | Skipped], pages: Iterable[ReadPage | fetch.SkippedPage]
    ) -> None:
        found = Changes(self.compared)
        batch: list[PreparedDocument] = []
        passages, begun = 0, pace.now()
        for changed in chain(found.of_files(wanted), found.of_pages(pages)):
            batch.append(self._cut(changed))
            if len(batch) == 1:  # the first of all waits for the model
                begun = pace.now()
            passages += len(batch[-1].passages)
            if passages >= BATCH or pace.now() - begun > PATIENCE / 2:
                self._commit(batch, begun)
                self._note(found)
                batch, passages = [], 0
        if batch:
            self._commit(batch, begun)
        self._note(found)
        if gone := self.compared.items.withdrawn():
            self.writer.delete(gone)
            self.report.skipped += (Skipped(why.split()[0], why, intended=True) for why in gone.values())
        if found.interrupted:
            raise KeyboardInterrupt

    def _note(self, found: Changes) -> None:
        """Note the collections that were read to their ends, and delete what they and pages no longer
        hold."""
        self._delete(found.gone)
        found.gone.clear()
        for collection in found.collections.finished:
            self._delete(self.compared.gone(collection.location))
            self.writer.note_collection(collection)
            self.compared.seen.forget(collection.location)
        found.collections.finished.clear()

    def _delete(self, gone: Mapping[str, str]) -> None:
        """Delete documents, of which the ids and sources are given, and report it."""
        if gone:
            self.writer.delete(gone)
        for source in gone.values():
            self.report.add(Change("removed", source))

    def _cut(self, changed: ChangedDocument) -> PreparedDocument:
        """A changed document cut into sentences and passages, without their vectors."""
        import numpy as np

        document = changed.document
        found = split_sentences(document.text, document.paragraphs)
        limit = min(PASSAGE_TOKENS, self.model.card.window - SPECIAL_TOKENS)
        passages = group_passages(document.text, found, self.model.tokens, limit)
        quotations = quotes.quotations(document.text, found)
        if len(document.text) > quotes.LONGEST:
            why = (
                f"{document.source}: only its first {quotes.LONGEST:,} characters are searched for quotations"
            )
            self.report.skipped.append(Skipped(document.source, why, intended=True))
        texts = (document.text[p.start : p.end] for p in passages)
        return PreparedDocument(
            document,
            changed.location,
            quotes.with_speakers(found, quotations),
            passages,
            tuple(hashlib.sha256(text.encode()).digest()[:16] for text in texts),
            np.empty((0, 0), dtype=np.float32),
            changed.state,
            quotations,
            quotes.RULES,
        )

    def _commit(self, batch: Sequence[PreparedDocument], begun: float) -> None:
        """Embed the passages of ``batch`` that are new, and store its documents: together, or those whose
        passages are embedded once that takes long. The batch was ``begun`` at that time."""
        texts = {
            digest: each.document.text[passage.start : passage.end]
            for each in batch
            for passage, digest in zip(each.passages, each.digests, strict=True)
        }
        waiting = deque(batch)
        known: dict[bytes, Vectors] = {}
        for some in self.model.passages(texts):
            known.update(some)
            if pace.now() - begun > EMBEDDED and self._add_embedded(waiting, known):
                begun = pace.now()
        self._add_embedded(waiting, known)

    def _add_embedded(self, waiting: deque[PreparedDocument], known: Mapping[bytes, Vectors]) -> bool:
        """Store the first of some documents, up to one with a passage whose vector isn't known; whether there
        were any."""
        ready = []
        while waiting and all(digest in known for digest in waiting[0].digests):
            ready.append(_with_vectors(waiting.popleft(), known))
        if ready:
            self.writer.add(ready)
        return bool(ready)


def _with_vectors(cut: PreparedDocument, known: Mapping[bytes, Vectors]) -> PreparedDocument:
    import numpy as np

    if not cut.digests:  # items that were withdrawn have no passages
        return cut
    return replace(cut, vectors=np.stack([known[digest] for digest in cut.digests]).astype(np.float32))
