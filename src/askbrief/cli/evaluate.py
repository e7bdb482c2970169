"""askbrief eval: gold questions and the measures of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askbrief.cli import terminal
from askbrief.cli.shared_options import AsJson, IndexFolder, Passages, ReaderName, folder, option, reader_name
from askbrief.options import PASSAGES

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from askbrief.evaluate.gold import Question

GOLD = Path("eval/gold.jsonl")
RESULTS = Path("eval/results")


class Half(StrEnum):
    """Which half of a set that has two: the one that is worked on, or the one for final figures alone."""

    dev = "dev"
    held_out = "held_out"


class Task(StrEnum):
    """What is evaluated: retrieval and reading, or reading alone."""

    ask = "ask"
    read = "read"


def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="Gold questions: askbrief's JSON lines, or SQuAD JSON.")
    ] = GOLD,
    task: Annotated[
        Task, option("--task", "Ask the archive, or read each question's own paragraph.")
    ] = Task.ask,
    half: Annotated[
        Half, option("--half", "Of a set in two halves, the one for work or the one for final figures.")
    ] = Half.dev,
    index: IndexFolder = None,
    json: AsJson = False,
    rows: Annotated[bool, option("--rows", "Include a row for each question.")] = False,
    save: Annotated[
        bool, option("--save", "Also write the result to eval/results/, named by commit.")
    ] = False,
    k: Passages = PASSAGES,
    reader: ReaderName = None,
) -> None:
    """Measure answers against gold questions.

    Each measure has a 95% bootstrap interval. Questions in askbrief's own form are put to the index; the
    contexts of SQuAD JSON are indexed together in a temporary index. `--task read` needs no index, except
    with `--reader none`.
    """
    from rich.progress import track

    from askbrief.evaluate import archive, report
    from askbrief.evaluate import gold as golds

    known = golds.half(golds.load(gold), half)
    out = terminal.console(errors=True)

    def watch(questions: Sequence[Question]) -> Iterable[Question]:
        return track(questions, "asking", console=out, transient=True, disable=not out.is_terminal)

    where, name = folder(index), reader_name(reader)
    if task is Task.read:
        outcome, model, used = archive.read(known, watch, where, name)
    else:
        outcome, model, used = archive.ask(known, watch, where, name, k)
    made = report.result(outcome, known, model=model, reader=used, rows=rows)
    if json:
        terminal.as_json(made)
    else:
        terminal.console().print(tables(made))
    if save:
        terminal.note(f"written: {report.write(made, RESULTS)}")


def tables(made: Mapping[str, Any]) -> RenderableType:
    """The result as tables: measures with intervals, then kinds and rows if it has them."""
    from rich.console import Group

    tables = [_metrics_table(made)]
    if "kinds" in made:
        tables.append(_kinds_table(made["kinds"]))
    if "rows" in made:
        tables.append(_rows_table(made["rows"]))
    return Group(*tables)


def _metrics_table(made: Mapping[str, Any]) -> Table:
    """Measures, values and intervals."""
    from rich.table import Table

    title = f"{made['task']}: {made['n']} questions of {made['gold']['name']}"
    table = Table("measure", title=title, title_justify="left")
    for heading in ("value", "95% interval"):
        table.add_column(heading, justify="right")
    for name, figure in made["metrics"].items():
        digits = 1 if "_ms_" in name else 3
        value, low, high = (f"{figure[key]:.{digits}f}" for key in ("value", "low", "high"))
        table.add_row(name, value, f"{low} – {high}")
    return table


def _kinds_table(kinds: Mapping[str, Mapping[str, float]]) -> Table:
    """A row for each kind; measures that no kind has are left out."""
    from rich.table import Table

    from askbrief.evaluate.report import OF_KINDS

    names = [name for name in OF_KINDS if any(name in of_kind for of_kind in kinds.values())]
    table = Table("kind")
    for heading in ("n", *names):
        table.add_column(heading, justify="right")
    for kind, of_kind in kinds.items():
        table.add_row(kind, str(of_kind["n"]), *(_cell(of_kind, name) for name in names))
    return table


def _cell(values: Mapping[str, float], name: str) -> str:
    """A value as text, blank if the measure does not apply."""
    return f"{values[name]:.3f}" if name in values else ""


def _rows_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """A row for each question, with its answer beside the gold answers."""
    from rich.table import Table
    from rich.text import Text

    table = Table("question", "confidence", "answer", "gold", "F1", "sentence@1")
    for row in rows:
        values = (_cell(row["values"], name) for name in ("f1", "sentence@1"))
        said = row["answer"] if row["answered"] else "(not found)"
        right = " | ".join(row["gold"]) or "(not in the archive)"
        table.add_row(Text(row["question"]), f"{row['confidence']:.2f}", Text(said), Text(right), *values)
    return table
