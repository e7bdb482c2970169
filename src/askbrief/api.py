"""The library's front door: an Index that is built, added to, asked and looked into."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from askbrief.answering.session import Asking, Reading
from askbrief.settings import PASSAGES
from askbrief.storage.db.schema import EVERYTHING, Filter
from askbrief.storage.reader import Store
from askbrief.text.text_fragment import is_web
from askbrief.types import Answer, Document, Hit, Quoted, Sentence, Source, Speaker

if TYPE_CHECKING:
    from askbrief.check import Checked
    from askbrief.fetch import Limits
    from askbrief.indexing.embedding import Progress
    from askbrief.indexing.pipeline import Summary
    from askbrief.read import Calibrated
    from askbrief.storage.status import Status
    from askbrief.verify import Report


def read_text(reader: Calibrated, question: str, text: str) -> tuple[str, float]:
    """The words of ``text`` that answer best, and the probability that any do; no index is needed."""
    from askbrief.question import validated_question
    from askbrief.text import split_sentences

    question = validated_question(question)
    sentences = split_sentences(text, [(0, len(text))])
    spans = reader.alone(question, Hit(Source("", "", "", None, ""), 0, len(text), text, sentences, 1.0))
    return (text[spans[0].start : spans[0].end], spans[0].score) if spans else ("", 0.0)


class Index:
    """An archive on disk. ``ask`` may be called from several threads; nothing but the writers changes it.

    >>> Index.build(["seeds"], "index").ask("what did Kirby say about Kharkiv").citations  # doctest: +SKIP
    """

    def __init__(self, folder: Path, store: Store, reader: str | None = None) -> None:
        self.folder = folder
        self._store = store
        self._lock = threading.Lock()
        self._asking = Asking(store, reader)

    # -- making one

    @classmethod
    def open(cls, folder: str | Path, *, reader: str | None = None) -> Index:
        """The index in ``folder``, at its newest revision. Raises the ``errors.Index*``.

        ``reader`` names what reads: the reader that ships where None, any question-answering model by its
        Hugging Face name or folder, or "none" for sentence scoring.
        """
        return cls(Path(folder), Store.open(Path(folder)), reader)

    @classmethod
    def build(
        cls,
        paths: Iterable[str | Path],
        folder: str | Path,
        *,
        model: str | None = None,
        rebuild: bool = False,
        progress: Progress | None = None,
    ) -> Index:
        """An index in ``folder`` of the files among and under ``paths``, made or brought up to date."""
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
        limits: Limits | None = None,
        fields: Mapping[str, str] | None = None,
        exclude: Sequence[str] = (),
        listed: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Summary:
        """As ``build``, but gives what was done, each file that was skipped with the reason included.

        A path that begins with http:// or https:// is fetched, within ``limits``; of a feed or a sitemap,
        the pages that it names. ``device`` is PyTorch's name of what encodes (the best at hand where None),
        ``workers`` how many processes do. ``fields`` name what holds ``text``, ``title``, ``date``,
        ``url`` and ``id`` of the records of JSON and CSV, where they do not go by usual names. ``exclude``
        are patterns, as of a ``.gitignore``, of what is left out. ``listed`` lists each change in the
        summary; ``dry_run`` tells what would be done of files, and does nothing.
        """
        from askbrief import fetch
        from askbrief.indexing import operations as build
        from askbrief.indexing.embedding import Encoding, silent

        given = [os.fspath(path) for path in paths]
        files = [Path(path) for path in given if not is_web(path)]
        urls = [path for path in given if is_web(path)]
        how: dict[str, Any] = {"rebuild": rebuild, "fields": fields or {}, "exclude": exclude}
        how |= {"urls": urls, "progress": progress or silent}
        if dry_run:
            return build.preview(Path(folder), files, **how)
        how |= {"limits": limits or fetch.Limits(), "encoding": Encoding(model, device, workers)}
        return build.update(Path(folder), files, listed=listed, **how)

    def add(self, *paths: str | Path) -> Summary:
        """Add or update the files among and under ``paths``; this index sees them at once."""
        summary = self.update(paths, self.folder)
        self._reopen()
        return summary

    def remove(self, *names: str) -> Summary:
        """Take out the documents called ``names``: ids, sources, or a unique end of either."""
        from askbrief.indexing import operations as build

        summary = build.remove(self.folder, names)
        self._reopen()
        return summary

    def compact(self) -> tuple[int, int]:
        """Make the search files anew and give room back; the bytes that the index took, and takes."""
        from askbrief.indexing import operations as build

        self._store.close()
        try:
            return build.compact(self.folder)
        finally:
            self._reopen()

    def _reopen(self) -> None:
        from askbrief.storage.lock import fold

        with self._lock:
            self._store.close()
            fold(self.folder)  # the old revision, while it was open, kept the writer from it
            self._replace(Store.open(self.folder))

    def _replace(self, store: Store) -> None:
        """Go on with another revision; the one before is closed by now."""
        self._store = store
        self._asking = self._asking.of(store)

    def refresh(self) -> bool:
        """Answer from the newest revision from now on; whether there was a newer one. Until then an open
        index answers from one revision, whatever others commit, so that its answers fit one another."""
        with self._lock:
            newest = Store.open(self.folder)
            if newest.database.stamp() == self._store.database.stamp():
                newest.close()
                return False
            self._store.close()
            self._replace(newest)
        return True

    def close(self) -> None:
        """Let go of the files."""
        self._asking.close()
        self._store.close()

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
    ) -> Answer:
        """What the archive says on ``question``, cited; ``answered`` is false where it says nothing.

        ``k`` passages are read. ``since`` and ``until`` are ISO days, both inclusive; ``source`` is a glob
        over source names; ``speaker`` keeps what is attributed to whom it names, in any form of the
        name. ``threshold`` is the least probability, 0 to 1, at which to answer; without one, the reader's.

        Raises QuestionError for a question that can't be asked, and the errors of a damaged index.
        """
        wanted = Filter(since, until, source, self._named(speaker))
        return self.reading(question, k=k, wanted=wanted, threshold=threshold).answer

    def reading(
        self,
        question: str,
        *,
        k: int = PASSAGES,
        wanted: Filter = EVERYTHING,
        threshold: float | None = None,
    ) -> Reading:
        """As ``ask``, with everything that was retrieved and read on the way."""
        with self._lock:
            return self._asking.reading(question, k, wanted, threshold)

    def hits(self, question: str, *, k: int = PASSAGES, wanted: Filter = EVERYTHING) -> list[Hit]:
        """The ``k`` passages that are nearest to ``question``, best first; nothing is read in them."""
        from askbrief.question import validated_question

        with self._lock:
            return self._asking.retrieve(validated_question(question), k, wanted)

    def read(self, question: str, text: str) -> tuple[str, float]:
        """The words of ``text`` that answer best, and the probability that any do; nothing is retrieved."""
        with self._lock:
            return read_text(self._asking.reader, question, text)

    def check(self, text: str) -> tuple[Checked, ...]:
        """Every quotation of a draft, text or Markdown, labelled against the archive; see ``askbrief.check``.

        Raises IndexMissing where the archive holds nothing.
        """
        from askbrief.check import Archive, check

        with self._lock:
            store = self._store
            self._asking.require_documents()
            archive = Archive(
                store,
                vector=lambda words: store.encoder.embed([words])[0],
                whole=self._whole,
                speaks=lambda name: bool(self._asking.called(name)),
                names=self._asking.names,
            )
            return check(text, archive)

    @property
    def reader(self) -> str:
        """What reads, by its name."""
        return self._asking.reader.name

    @property
    def threshold(self) -> float:
        """The least probability at which the archive is said to answer."""
        return self._asking.reader.threshold

    # -- looking

    def documents(self) -> list[Source]:
        """Every document of the archive, in the order of source names."""
        return self._store.database.sources()

    def show(self, name: str) -> tuple[Document, tuple[Sentence, ...]]:
        """The document called ``name`` (id, source, or a unique end of either) and its sentences."""
        return self._whole(self._store.database.find(name).id)

    def _whole(self, id_: str) -> tuple[Document, tuple[Sentence, ...]]:
        return self._store.database.document(id_), self._store.database.sentences(id_)

    def verify(self, answer: Answer | Sequence[Answer] | str | bytes) -> Report:
        """What has become of the citations of ``answer``: of one or several, or of the JSON that
        ``ask --json`` printed of them.

        Each is looked up in the index and in its source file. Raises AnswerError for JSON of another form.
        """
        from askbrief import verify

        given = verify.load(answer, "the answer") if isinstance(answer, str | bytes) else answer
        given = (given,) if isinstance(given, Answer) else given
        with self._lock:
            return verify.verify(given, self._store.database)

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

        ``speaker`` is any form of a name; of ``about``, every word that carries matter stands, in some form,
        in the sentences that a quotation touches. Raises IndexMismatch for an index of an older askbrief.
        """
        from askbrief.english.stemming import stems
        from askbrief.storage.db import quotations as quoted

        id_ = None if document is None else self._store.database.find(document).id
        wanted = Filter(since, until, source, self._named(speaker))
        found = quoted.quotations(self._store.database, wanted, id_)
        asked = stems(about or "")
        return [each for each in found if asked <= stems(each.within)]

    def speakers(self) -> list[Speaker]:
        """Who is quoted, most often first; forms of one name are one where the archive leaves no doubt."""
        from askbrief.english.speakers import merged
        from askbrief.storage.db import quotations as quoted

        database = self._store.database
        return merged(quoted.voices(database), self._asking.names, partial(quoted.spoken_in, database))

    def _named(self, speaker: str | None) -> tuple[str, ...] | None:
        """The names by which the archive knows a speaker; None if nobody is wanted."""
        return None if speaker is None else tuple(self._asking.called(speaker))

    def status(self, *, verify: bool = False) -> Status:
        """What the index holds, and whether all of it is there; ``verify`` reads every byte of it."""
        from askbrief.storage.status import status

        return status(self._store, verify=verify)
