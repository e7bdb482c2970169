"""The library's public face: an Index that is built, added to, asked and looked into."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from askbrief.answering.alias_file import AliasFile
from askbrief.answering.one_question import Reading
from askbrief.answering.session import Session
from askbrief.errors import IndexClosed
from askbrief.index_records import Stats, Status
from askbrief.options import DEFAULTS, PASSAGES, SHOWN, AskOptions, IndexOptions, SearchOptions, no_progress
from askbrief.protocols import IndexReader
from askbrief.storage.document_lookup import named
from askbrief.storage.reader import log_size
from askbrief.storage.search.manifest import size as index_size
from askbrief.storage.stores import FolderStore, Store, store_at
from askbrief.types import (
    Answer,
    Document,
    Hit,
    ListPlace,
    Progress,
    Quoted,
    SearchOrder,
    SearchResult,
    Sentence,
    Source,
    Speaker,
)

if TYPE_CHECKING:
    from askbrief.check import Checked
    from askbrief.fetch import FetchLimits
    from askbrief.indexing.run_report import Summary
    from askbrief.read import Calibrated
    from askbrief.verify import Verification


def read_text(reader: Calibrated, question: str, text: str) -> tuple[str, float]:
    """The words of ``text`` that answer best, and the probability that any do; no index is needed."""
    from askbrief.question import validated_question
    from askbrief.text import split_sentences

    question = validated_question(question)
    sentences = split_sentences(text, [(0, len(text))])
    spans = reader.alone(question, Hit(Source("", "", "", None, ""), 0, len(text), text, sentences, 1.0))
    return (text[spans[0].start : spans[0].end], spans[0].score) if spans else ("", 0.0)


MOST_LOG = 128_000_000
"""Bytes of the write-ahead log from which on any call moves on to the newest revision by itself: a log that
is read can't be emptied."""


class _Opened:
    """A revision with its session, closed by its last user once another has taken its place."""

    def __init__(self, archive: IndexReader, session: Session) -> None:
        self.archive = archive
        self.session = session
        self.users = 0
        self.retired = False


class Index:
    """An archive, opened to be asked.

    Methods may be called from several threads, which are answered at the same time by one set of models; each
    call sees one revision from its beginning to its end, whatever ``refresh`` or ``close`` does meanwhile.

    >>> Index.build(["seeds"], "index").ask("what did Kirby say about Kharkiv").citations  # doctest: +SKIP
    """

    def __init__(self, archive: IndexReader, reader: str | None = None, store: Store | None = None) -> None:
        """Ask any archive that fills ``protocols.IndexReader``; ``reader`` is as in ``open``. Only one in a
        ``store`` can be written to."""
        self._store = store
        folder = self._folder = store.folder if isinstance(store, FolderStore) else None
        self._location = archive.location
        self._lock = threading.Lock()
        self._moving = threading.Lock()
        self._closed = False
        self._opened = _Opened(archive, Session.begin(archive, reader, AliasFile(folder)))

    @contextmanager
    def _now(self) -> Iterator[_Opened]:
        """The revision of a call, kept open until it ends. Raises IndexClosed."""
        self._let_go_of_the_log()
        with self._lock:
            if self._closed:
                hint = "open it again with `Index.open`"
                raise IndexClosed(f"the index in {self._location} is closed", hint=hint)
            opened = self._opened
            opened.users += 1
        try:
            yield opened
        finally:
            self._leave(opened, 1)

    def _leave(self, opened: _Opened, users: int) -> None:
        with self._lock:
            opened.users -= users
            last, closed = opened.retired and not opened.users, self._closed
        if last:
            opened.archive.close()
            if closed:
                opened.session.close()

    def _let_go_of_the_log(self) -> None:
        if self._folder is not None and log_size(self._folder) > MOST_LOG and not self._closed:
            self.refresh()

    # -- building

    @classmethod
    def open(cls, folder: str | Path, *, reader: str | None = None) -> Index:
        """The index in ``folder``, at its newest revision. Raises the ``errors.Index*``.

        In place of a folder, the URL of a PostgreSQL database names the archive that is kept there, as text
        (``"postgresql://host/news"``); so it does for ``build`` and ``update``.
        ``reader`` names the reading model: the one that ships if None, any question-answering model by its
        Hugging Face name or folder, or "none" for a baseline without a reading model.
        """
        store = store_at(folder)
        return cls(store.reader(), reader, store)

    @classmethod
    def build(
        cls,
        paths: Iterable[str | Path],
        folder: str | Path,
        *,
        model: str | None = None,
        rebuild: bool = False,
        progress: Progress = no_progress,
    ) -> Index:
        """An index in ``folder`` of the files among and under ``paths``, created or brought up to date."""
        cls.update(paths, folder, model=model, rebuild=rebuild, progress=progress)
        return cls.open(folder)

    @staticmethod
    def update(
        paths: Iterable[str | Path],
        folder: str | Path,
        *,
        model: str | None = None,
        rebuild: bool = False,
        device: str | None = None,
        workers: int = 1,
        limits: FetchLimits | None = None,
        fields: Mapping[str, str] | None = None,
        exclude: Sequence[str] = (),
        listed: bool = False,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> Summary:
        """As ``build``, but gives what was done, including each file that was skipped, with the reason.

        A path that begins with http:// or https:// is fetched; of a feed or a sitemap, the pages that it
        names. The options are those of ``IndexOptions``. Raises OptionError.
        """
        from askbrief.indexing import operations

        options = IndexOptions(
            model, rebuild, device, workers, limits, fields or {}, exclude, listed, dry_run, progress
        )
        return operations.index(store_at(folder), paths, options)

    def add(self, *paths: str | Path) -> Summary:
        """Add or update the files among and under ``paths``; this index sees them at once."""
        from askbrief.indexing import operations

        summary = operations.index(self._writable, paths, DEFAULTS)
        self._reopen()
        return summary

    def remove(self, *names: str) -> Summary:
        """Remove the documents called ``names``: ids, sources, or a unique end of either."""
        from askbrief.indexing import operations

        summary = operations.remove(self._writable, names)
        self._reopen()
        return summary

    def compact(self) -> tuple[int, int]:
        """Rebuild the search files and reclaim disk space; the bytes of the index before and after."""
        from askbrief.indexing import operations

        before, _ = operations.compact(self.folder)
        self._reopen()
        return before, index_size(self.folder)

    @property
    def folder(self) -> Path:
        """The folder of the index. Raises TypeError for an archive that isn't in one."""
        if self._folder is None:
            raise TypeError(f"the archive {self._location} is not an index in a folder")
        return self._folder

    @property
    def _writable(self) -> Store:
        if self._store is None:
            raise TypeError(f"the archive {self._location} is not in a store that can be written to")
        return self._store

    def _reopen(self) -> None:
        from askbrief.storage.lock import checkpoint

        self._move(always=True)
        if self._folder is not None:
            self._move()  # lets go of the log, which the writer could not empty
            checkpoint(self._folder)

    def refresh(self) -> bool:
        """Answer from the newest revision from now on; whether there was a newer one. Until then an open
        index answers from one revision, whatever others commit, so that its answers fit one another; but it
        moves on by itself once it keeps 128 MB of the write-ahead log from being emptied."""
        moved = self._move()
        if moved:
            self._move()  # now that the old revision is let go of, the log can be too
        return moved

    def _move(self, *, always: bool = False) -> bool:
        """Answer from the newest revision, if there is a newer one; calls that began before go on."""
        with self._moving:
            with self._lock:
                if self._closed:
                    raise IndexClosed(f"the index in {self._location} is closed", hint="open it again")
                before = self._opened
            newest = self._writable.reader() if always else before.archive.newest()
            if newest is None:
                return False
            with self._lock:
                self._opened = _Opened(newest, before.session.of(newest))
                before.retired = True
            self._leave(before, 0)
            return True

    def close(self) -> None:
        """Release files and threads, as soon as calls of other threads have ended; any later call raises
        IndexClosed."""
        with self._moving:
            with self._lock:
                if self._closed:
                    return
                self._closed = self._opened.retired = True
            self._leave(self._opened, 0)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- asking

    def ask(
        self,
        question: str,
        *,
        k: int = PASSAGES,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
        threshold: float | None = None,
        before: Answer | Sequence[Answer] | None = None,
    ) -> Answer:
        """What the archive says on ``question``, cited; ``answered`` is false if it says nothing.

        The options are those of ``AskOptions``. ``before`` are one or several earlier answers, oldest first,
        from which a follow-up takes what it leaves out ("and what did he say?"). Raises QuestionError for a
        question that can't be asked, OptionError, and the errors of a damaged index.
        """
        options = AskOptions(k, since, until, source, speaker, threshold)
        return self.reading(question, options, before).answer

    def reading(
        self,
        question: str,
        options: AskOptions = AskOptions(),  # noqa: B008 — frozen
        before: Answer | Sequence[Answer] | None = None,
    ) -> Reading:
        """As ``ask``, with everything that was retrieved and read for the answer."""
        earlier = (before,) if isinstance(before, Answer) else tuple(before or ())
        with self._now() as now:
            return now.session.reading(question, options, earlier)

    def hits(
        self,
        question: str,
        *,
        k: int = PASSAGES,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
    ) -> list[Hit]:
        """The ``k`` passages nearest to ``question``, best first, without reading them."""
        from askbrief.question import validated_question

        options = AskOptions(k, since, until, source, speaker)
        with self._now() as now:
            view = now.session.archive
            return view.retrieve(validated_question(question), k, view.filter(options))

    def search(
        self,
        query: str,
        *,
        limit: int = SHOWN,
        offset: int = 0,
        sort: SearchOrder = "relevance",
        facets: bool = False,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
    ) -> SearchResult:
        """Every document with the words of ``query``, exactly as they are there, and every place in it.

        A query has words, “exact phrases”, beginnings (``flood*``), words near one another
        (``"bank rates"~5``), AND, OR, NOT, parentheses, and the fields ``speaker:``, ``source:`` and
        ``date:``; ``docs/search.md`` explains them. The options are those of ``SearchOptions``. Raises
        QueryError, OptionError, and IndexMismatch for an index of an older askbrief.
        """
        options = SearchOptions(limit, offset, sort, facets, since, until, source, speaker)
        return self.search_with(query, options)

    def search_with(self, query: str, options: SearchOptions) -> SearchResult:
        """As ``search``, with the options in one record."""
        from askbrief.exact_search import search

        with self._now() as now:
            found = search(now.archive, query, options, now.session.archive.called)
            if found.total:
                return found
            return replace(found, note=now.session.nothing_passes(options.asked))

    def read(self, question: str, text: str) -> tuple[str, float]:
        """The words of ``text`` that answer best, and the probability that any do; nothing is retrieved."""
        with self._now() as now:
            return read_text(now.session.models.reader, question, text)

    def check(self, text: str) -> tuple[Checked, ...]:
        """Every quotation of a draft, text or Markdown, labelled against the archive; see ``askbrief.check``.

        Raises IndexMissing for an empty archive.
        """
        from askbrief.check import Archive, check

        with self._now() as now:
            view = now.session.archive
            view.require_documents()
            speaks = lambda name: bool(view.called(name))  # noqa: E731
            return check(text, Archive(now.archive, speaks, view.names))

    @property
    def reader(self) -> str:
        """The name of the reader."""
        with self._now() as now:
            return now.session.models.reader.name

    @property
    def threshold(self) -> float:
        """The least probability at which the archive is said to answer."""
        with self._now() as now:
            return now.session.models.reader.threshold

    # -- looking

    def documents(self, start: str = "", limit: int | None = None) -> list[Source]:
        """The documents of the archive in the order of source names: all, or at most ``limit`` from the
        source name ``start`` on."""
        with self._now() as now:
            return now.archive.documents(start, limit)

    def show(self, name: str, *, exact: bool = False) -> tuple[Document, tuple[Sentence, ...]]:
        """The document called ``name`` and its sentences: by its id, its source or a unique end of either;
        if ``exact``, by its id alone. Raises NotFound."""
        with self._now() as now:
            id_ = name if exact else _named(now.archive, name)
            return now.archive.document(id_), now.archive.sentences(id_)

    def verify(
        self, answer: Answer | Sequence[Answer] | str | bytes, *, sources: bool = True
    ) -> Verification:
        """What has become of the citations of ``answer``: of one or several, or of the JSON that
        ``ask --json`` printed of them.

        Each is looked up in the index and in its source file; without ``sources``, no file is opened, which
        an answer could name. Raises AnswerError for JSON of another form.
        """
        from askbrief import verify

        given = verify.load(answer, "the answer") if isinstance(answer, str | bytes) else answer
        given = (given,) if isinstance(given, Answer) else given
        with self._now() as now:
            return verify.verify(given, now.archive, now.session.archive.names, sources=sources)

    def quotations(
        self,
        *,
        speaker: str | None = None,
        about: str | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        document: str | None = None,
    ) -> list[Quoted]:
        """Who is quoted with what, by date and place; of one ``document`` by its id, source or end of either.

        ``speaker`` is any form of a name; every content word of ``about`` must be, in some form, in the
        sentences that a quotation touches. Raises OptionError, and IndexMismatch for an index of an older
        askbrief.
        """
        options = AskOptions(since=since, until=until, source=source, speaker=speaker)
        return list(self.each_quotation(options, about=about, document=document))

    def each_quotation(
        self,
        options: AskOptions,
        *,
        about: str | None = None,
        document: str | None = None,
        start: ListPlace | None = None,
        exact: bool = False,
    ) -> Iterator[Quoted]:
        """As ``quotations``, one by one, from the document at ``start`` on: what isn't taken isn't read. If
        ``exact``, ``document`` is an id and nothing else."""
        from askbrief.english.stemming import stems

        asked = stems(about or "")
        with self._now() as now:
            id_ = document if exact or document is None else _named(now.archive, document)
            found = now.archive.quotations(now.session.archive.filter(options), id_, start)
            yield from (each for each in found if asked <= stems(each.within))

    def quotation_count(
        self, options: AskOptions, *, document: str | None = None, exact: bool = False
    ) -> int:
        """How many ``quotations`` there are, without reading them."""
        with self._now() as now:
            id_ = document if exact or document is None else _named(now.archive, document)
            return now.archive.quotation_count(now.session.archive.filter(options), id_)

    def filter_notes(self, options: AskOptions) -> list[str]:
        """Why no document passes the filter of some options, or how many it leaves out because they have no
        date; empty if there is nothing to say."""
        with self._now() as now:
            notes = (now.session.nothing_passes(options) or now.session.undated(options),)
        return [note for note in notes if note]

    def speakers(
        self,
        *,
        name: str | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
    ) -> list[Speaker]:
        """Who is quoted, most often first; forms of one name are one if the archive leaves no doubt.

        With ``name``, those with these letters in a form of their name. The others count what documents of
        some days or sources have; a speaker goes by the fullest name of all. Raises OptionError.
        """
        from askbrief.english.merged_speakers import merged, with_name

        options = AskOptions(since=since, until=until, source=source)
        with self._now() as now:
            wanted = now.session.archive.filter(options)
            counted = partial(now.archive.documents_quoting, wanted=wanted)
            found = merged(now.archive.speakers(wanted), now.session.archive.people(), counted)
            return with_name(found, name or "")

    @property
    def revision(self) -> int:
        """The number of the revision that is asked; it grows with every commit."""
        return self.stats().revision

    def stats(self) -> Stats:
        """How much the archive holds, and its revision."""
        with self._now() as now:
            return now.archive.stats()

    def status(self, *, verify: bool = False) -> Status:
        """What the index holds, and whether it is intact; ``verify`` reads every byte of it."""
        with self._now() as now:
            return now.archive.status(verify=verify)


def _named(archive: IndexReader, name: str) -> str:
    return named(archive.documents(), name, archive.location).id
