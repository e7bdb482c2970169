"""The library's public face: an Index that is built, added to, asked and looked into."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from askbrief.answering.alias_file import AliasFile
from askbrief.answering.one_question import Reading
from askbrief.answering.session import Session
from askbrief.errors import IndexClosed
from askbrief.index_records import Status
from askbrief.options import PASSAGES, SHOWN, AskOptions, IndexOptions, SearchOptions, no_progress
from askbrief.protocols import IndexReader
from askbrief.storage.document_lookup import named
from askbrief.storage.reader import FolderReader
from askbrief.types import (
    Answer,
    Document,
    Hit,
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


class Index:
    """An archive, opened to be asked. Methods may be called from several threads.

    >>> Index.build(["seeds"], "index").ask("what did Kirby say about Kharkiv").citations  # doctest: +SKIP
    """

    def __init__(self, archive: IndexReader, reader: str | None = None, folder: Path | None = None) -> None:
        """Ask any archive that fills ``protocols.IndexReader``; ``reader`` is as in ``open``. Only an index
        in a ``folder`` can be written to."""
        self._archive = archive
        self._folder = folder
        self._lock = threading.Lock()
        self._session = Session.begin(archive, reader, AliasFile(folder))
        self._closed = False

    # -- building

    @classmethod
    def open(cls, folder: str | Path, *, reader: str | None = None) -> Index:
        """The index in ``folder``, at its newest revision. Raises the ``errors.Index*``.

        ``reader`` names the reading model: the one that ships if None, any question-answering model by its
        Hugging Face name or folder, or "none" for a baseline without a reading model.
        """
        return cls(FolderReader.open(Path(folder)), reader, Path(folder))

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
        return operations.index(Path(folder), paths, options)

    def add(self, *paths: str | Path) -> Summary:
        """Add or update the files among and under ``paths``; this index sees them at once."""
        summary = self.update(paths, self.folder)
        self._reopen()
        return summary

    def remove(self, *names: str) -> Summary:
        """Remove the documents called ``names``: ids, sources, or a unique end of either."""
        from askbrief.indexing import operations

        summary = operations.remove(self.folder, names)
        self._reopen()
        return summary

    def compact(self) -> tuple[int, int]:
        """Rebuild the search files and reclaim disk space; the bytes of the index before and after."""
        from askbrief.indexing import operations

        self._archive.close()
        try:
            return operations.compact(self.folder)
        finally:
            self._reopen()

    @property
    def folder(self) -> Path:
        """The folder of the index. Raises TypeError for an archive that isn't in one."""
        if self._folder is None:
            raise TypeError(f"the archive {self._archive.location} is not an index in a folder")
        return self._folder

    def _reopen(self) -> None:
        from askbrief.storage.lock import checkpoint

        with self._lock:
            self._archive.close()
            checkpoint(self.folder)  # while the old revision was open, the writer could not
            self._replace(FolderReader.open(self.folder))

    def _replace(self, archive: IndexReader) -> None:
        """Go on with another revision; the one before is closed by now."""
        self._archive = archive
        self._session = self._session.of(archive)

    def refresh(self) -> bool:
        """Answer from the newest revision from now on; whether there was a newer one. Until then an open
        index answers from one revision, whatever others commit, so that its answers fit one another."""
        with self._lock:
            newest = self._archive.newest()
            if newest is None:
                return False
            self._archive.close()
            self._replace(newest)
        return True

    def close(self) -> None:
        """Release files and threads; whatever is asked from then on raises IndexClosed."""
        with self._lock:
            self._closed = True
            self._session.close()
            self._archive.close()

    def _require_open(self) -> None:
        if self._closed:
            raise IndexClosed(f"the index in {self._archive.location} is closed", hint="open it again")

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
        self._require_open()
        with self._lock:
            return self._session.reading(question, options, earlier)

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
        with self._lock:
            return self._session.archive.retrieve(
                validated_question(question), k, self._session.archive.filter(options)
            )

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

        found = search(self._archive, query, options, self._session.archive.called)
        if found.total:
            return found
        return replace(found, note=self._session.nothing_passes(options.asked))

    def read(self, question: str, text: str) -> tuple[str, float]:
        """The words of ``text`` that answer best, and the probability that any do; nothing is retrieved."""
        with self._lock:
            return read_text(self._session.models.reader, question, text)

    def check(self, text: str) -> tuple[Checked, ...]:
        """Every quotation of a draft, text or Markdown, labelled against the archive; see ``askbrief.check``.

        Raises IndexMissing for an empty archive.
        """
        from askbrief.check import Archive, check

        with self._lock:
            self._session.archive.require_documents()
            speaks = lambda name: bool(self._session.archive.called(name))  # noqa: E731
            return check(text, Archive(self._archive, speaks, self._session.archive.names))

    @property
    def reader(self) -> str:
        """The name of the reader."""
        return self._session.models.reader.name

    @property
    def threshold(self) -> float:
        """The least probability at which the archive is said to answer."""
        return self._session.models.reader.threshold

    # -- looking

    def documents(self) -> list[Source]:
        """Every document of the archive, in the order of source names."""
        return self._archive.documents()

    def show(self, name: str, *, exact: bool = False) -> tuple[Document, tuple[Sentence, ...]]:
        """The document called ``name`` and its sentences: by its id, its source or a unique end of either;
        if ``exact``, by its id alone. Raises NotFound."""
        id_ = name if exact else self._named(name)
        return self._archive.document(id_), self._archive.sentences(id_)

    def _named(self, name: str) -> str:
        return named(self._archive.documents(), name, self._archive.location).id

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
        with self._lock:
            return verify.verify(given, self._archive, self._session.archive.names, sources=sources)

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
        from askbrief.english.stemming import stems

        wanted = self._session.archive.filter(
            AskOptions(since=since, until=until, source=source, speaker=speaker)
        )
        id_ = None if document is None else self._named(document)
        asked = stems(about or "")
        return [each for each in self._archive.quotations(wanted, id_) if asked <= stems(each.within)]

    def filter_notes(self, options: AskOptions) -> list[str]:
        """Why no document passes the filter of some options, or how many it leaves out because they have no
        date; empty if there is nothing to say."""
        with self._lock:
            notes = (self._session.nothing_passes(options) or self._session.undated(options),)
        return [note for note in notes if note]

    def speakers(self) -> list[Speaker]:
        """Who is quoted, most often first; forms of one name are one if the archive leaves no doubt."""
        from askbrief.english.merged_speakers import merged

        return merged(self._archive.speakers(), self._session.archive.names, self._archive.documents_quoting)

    @property
    def revision(self) -> int:
        """The number of the revision that is asked; it grows with every commit."""
        return self._archive.stats().revision

    def status(self, *, verify: bool = False) -> Status:
        """What the index holds, and whether it is intact; ``verify`` reads every byte of it."""
        return self._archive.status(verify=verify)
