"""Gold questions put to an index, or read against their own contexts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from askbrief.answering.compose import ranked
from askbrief.api import Index, read_text
from askbrief.errors import GoldError, NotFound
from askbrief.evaluate import gold
from askbrief.evaluate.gold import Context, GoldPlace, GoldSet, Question
from askbrief.evaluate.rows import Ranked
from askbrief.evaluate.run import Outcome, run_ask, run_read
from askbrief.options import AskOptions
from askbrief.settings import NO_READER

Evaluated: TypeAlias = tuple[Outcome, str | None, str]
"""The outcome, and the names of the embedding model and of the reader."""


Watch: TypeAlias = Callable[[Sequence[Question]], Iterable[Question]]
"""Wraps the questions to show progress."""


def ask(known: GoldSet, watch: Watch, folder: Path, reader: str | None, k: int) -> Evaluated:
    """Ask the index in ``folder`` each question, or, for SQuAD, a temporary index of all contexts."""
    with _index(known, folder, reader) as index:
        questions = known.questions
        if not known.contexts:
            questions = of_archive(questions, index)
        return run_ask(watch(questions), partial(put, index, k)), _model(index), index.reader


def of_archive(questions: Sequence[Question], index: Index) -> tuple[Question, ...]:
    """The questions with the texts of their answers, and with documents called as the index calls them.

    Raises GoldError if the index lacks a document or has another text.
    """
    try:
        documents = {name: index.show(name)[0] for name in gold.documents(questions)}
    except NotFound as error:
        raise GoldError(
            f"the questions are about another archive: {error.message}",
            hint="index the documents that they are about, and name that index with `--index`",
        ) from error
    known = gold.with_texts(questions, {name: document.text for name, document in documents.items()})
    return gold.with_sources(known, {name: document.source for name, document in documents.items()})


def read(known: GoldSet, watch: Watch, folder: Path, reader: str | None) -> Evaluated:
    """Read each question against its own context; the lexical reader takes its embedder from the index."""
    from askbrief.read import passage_reader

    if reader == NO_READER:
        with Index.open(folder, reader=reader) as index:
            outcome = run_read(watch(known.questions), known.contexts, index.read, threshold=index.threshold)
            return outcome, _model(index), reader
    reads = passage_reader(reader)
    outcome = run_read(
        watch(known.questions), known.contexts, partial(read_text, reads), threshold=reads.threshold
    )
    return outcome, None, reads.name


@contextmanager
def _index(known: GoldSet, folder: Path, reader: str | None) -> Iterator[Index]:
    """The index to ask: the one in ``folder``, or a temporary one of the contexts."""
    if not known.contexts:
        with Index.open(folder, reader=reader) as index:
            yield index
        return
    with tempfile.TemporaryDirectory(prefix="askbrief-eval-") as scratch:
        made = Path(scratch) / "index"
        Index.update(_files(known.contexts, Path(scratch) / "contexts"), made)
        with Index.open(made, reader=reader) as index:
            yield index


def _files(contexts: Iterable[Context], folder: Path) -> list[Path]:
    """A file for each context, named by its id, as the gold questions name it."""
    folder.mkdir()
    for context in contexts:
        (folder / context.id).write_text(context.text, encoding="utf-8", newline="")
    return [folder / context.id for context in contexts]


def _model(index: Index) -> str | None:
    model = index.status().model
    return model.name if model else None


def put(index: Index, k: int, question: str) -> Ranked:
    """An answer with everything that it was chosen from."""
    reading = index.reading(question, AskOptions(k=k))
    best = [GoldPlace(c.document.source, c.start, c.end) for c in ranked(reading.hits, reading.spans)]
    rest = [GoldPlace(hit.document.source, s.start, s.end) for hit in reading.hits for s in hit.sentences]
    passages = tuple(GoldPlace(hit.document.source, hit.start, hit.end) for hit in reading.hits)
    return Ranked(reading.answer, passages, tuple(best + rest))
