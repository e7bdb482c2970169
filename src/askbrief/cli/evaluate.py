"""askbrief eval: gold questions put to the archive, or to a reader, and what came of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from askbrief.cli import output
from askbrief.cli.options import AsJson, IndexFolder, ReaderName, folder
from askbrief.cli.options import reader as named
from askbrief.settings import NO_READER, PASSAGES

if TYPE_CHECKING:
    from askbrief.api import Index
    from askbrief.evaluate.gold import Context, GoldSet, Question
    from askbrief.evaluate.rows import Ranked
    from askbrief.evaluate.run import Outcome

About: TypeAlias = dict[str, str | None]
"""The names of the model and of the reader that a result is of."""

GOLD = Path("eval/gold.jsonl")
RESULTS = Path("eval/results")


class Task(StrEnum):
    """What is evaluated: the whole way, or reading alone."""

    ask = "ask"
    read = "read"


def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="Gold questions: askbrief's JSON lines, or SQuAD JSON.")
    ] = GOLD,
    task: Annotated[
        Task, typer.Option(help="Ask the archive, or read each question's own paragraph.")
    ] = Task.ask,
    index: IndexFolder = None,
    json: AsJson = False,
    rows: Annotated[bool, typer.Option("--rows", help="Give every question's row too.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Write eval/results/, named by commit.")] = False,
    k: Annotated[int, typer.Option("-k", help="Passages to read.", min=1, metavar="N")] = PASSAGES,
    reader: ReaderName = None,
) -> None:
    """Measure answers against gold questions, with 95% bootstrap intervals.

    Questions in askbrief's form are put to the index; for SQuAD JSON all its contexts are indexed together,
    apart from any index of yours. To read takes no index, but with --reader none.
    """
    from askbrief.evaluate import gold as golds
    from askbrief.evaluate import report

    known = golds.load(gold)
    if task is Task.read:
        outcome, about = _read(known, folder(index), named(reader))
    else:
        outcome, about = _ask(known, folder(index), named(reader), k)
    made = report.result(outcome, known, **about, rows=rows)
    if json:
        output.as_json(made)
    else:
        output.console().print(report.render(made))
    if save:
        output.note(f"written: {report.write(made, RESULTS)}")


@contextmanager
def _archive(known: GoldSet, where: Path, reader: str | None) -> Iterator[Index]:
    """The index to ask: the one at hand, or one made of the contexts for the time of the run."""
    from askbrief.api import Index

    if not known.contexts:
        with Index.open(where, reader=reader) as archive:
            yield archive
        return
    with tempfile.TemporaryDirectory(prefix="askbrief-eval-") as scratch:
        files, made = _written(known.contexts, Path(scratch) / "contexts"), Path(scratch) / "index"
        Index.update(files, made)
        with Index.open(made, reader=reader) as archive:
            yield archive


def _written(contexts: Iterable[Context], where: Path) -> list[Path]:
    """A file for each context, named by its id, as the gold questions name it."""
    where.mkdir()
    for context in contexts:
        (where / context.id).write_text(context.text, encoding="utf-8", newline="")
    return [where / context.id for context in contexts]


def _ask(known: GoldSet, where: Path, reader: str | None, k: int) -> tuple[Outcome, About]:
    from askbrief.evaluate import gold as golds
    from askbrief.evaluate.run import run_ask

    with _archive(known, where, reader) as archive:
        if not known.contexts:
            sources = {question.document for question in known.questions if question.document}
            golds.check(known.questions, {source: archive.show(source)[0].text for source in sources})
        outcome = run_ask(_watched(known.questions), lambda question: _ranked(archive, question, k))
        model = archive.status().model
        return outcome, {"model": model.name if model else None, "reader": archive.reader}


def _watched(questions: tuple[Question, ...]) -> Iterable[Question]:
    """The questions, with a bar on a terminal."""
    from rich.progress import track

    console = output.console(errors=True)
    return track(questions, "asking", console=console, transient=True, disable=not console.is_terminal)


def _ranked(archive: Index, question: str, k: int) -> Ranked:
    """An answer with all that it was chosen from."""
    from askbrief.answering import compose as answer
    from askbrief.evaluate.gold import Place
    from askbrief.evaluate.rows import Ranked, RankedSentence

    reading = archive.reading(question, k=k)
    best = answer.ranked(reading.hits, reading.spans)
    weighed = [RankedSentence(c.document.source, c.start, c.end, c.score) for c in best]
    rest = [
        RankedSentence(hit.document.source, s.start, s.end, 0.0)
        for hit in reading.hits
        for s in hit.sentences
    ]
    passages = tuple(Place(hit.document.source, hit.start, hit.end) for hit in reading.hits)
    return Ranked(reading.answer, passages, tuple(weighed + rest))


def _read(known: GoldSet, where: Path, reader: str | None) -> tuple[Outcome, About]:
    """Each question read against its own context; sentence scoring takes its encoder from the index."""
    from askbrief.api import Index, read_text
    from askbrief.evaluate.run import run_read
    from askbrief.read import passage_reader

    asked = _watched(known.questions)
    if reader == NO_READER:
        with Index.open(where, reader=reader) as archive:
            model = archive.status().model
            outcome = run_read(asked, known.contexts, archive.read, threshold=archive.threshold)
            return outcome, {"model": model.name if model else None, "reader": reader}
    reads = passage_reader(reader)
    outcome = run_read(asked, known.contexts, partial(read_text, reads), threshold=reads.threshold)
    return outcome, {"model": None, "reader": reads.name}
