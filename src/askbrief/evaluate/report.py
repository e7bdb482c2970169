"""A run as the JSON result of the contract, as tables for a terminal, and as a file named by commit."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from askbrief.errors import StorageError
from askbrief.evaluate.gold import GoldSet

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from askbrief.evaluate.rows import Row
    from askbrief.evaluate.run import Outcome

Result: TypeAlias = dict[str, Any]

DIGITS = 6
ORDER = (
    "recall@1", "recall@5", "recall@10", "mrr@10", "sentence@1", "sentence@3", "exact", "f1", "HasAns_f1",
    "NoAns_f1", "best_f1", "citation_precision", "citation_recall", "auroc_no_answer",
    "answered_when_answerable", "refused_when_unanswerable", "ece", "latency_ms_p50", "latency_ms_p95",
)  # fmt: skip
OF_KINDS = ("sentence@1", "f1", "refused_when_unanswerable")


def result(
    outcome: Outcome,
    gold: GoldSet,
    *,
    model: str | None = None,
    reader: str | None = None,
    rows: bool = False,
) -> Result:
    """The run as ``{"task", "n", "gold", "model", "reader", "metrics", "thresholds", "kinds", "rows"}``.

    ``metrics`` maps names to ``{"value", "low", "high"}``; ``kinds`` (only where questions have a kind)
    gives each kind's ``n`` and the means of some measures; ``rows``, one a question, come on request.
    """
    made: Result = {
        "task": outcome.task,
        "n": len(outcome.rows),
        "gold": {"name": gold.name, "sha256": gold.sha256},
        "model": model,
        "reader": reader,
        "metrics": {name: _rounded({**outcome.metrics[name]}) for name in ORDER if name in outcome.metrics},
    }
    if outcome.thresholds:
        made["thresholds"] = _rounded(outcome.thresholds)
    if kinds := _kinds(outcome.rows):
        made["kinds"] = kinds
    if rows:
        made["rows"] = [asdict(row) for row in outcome.rows]
    return made


def _rounded(figures: Mapping[str, Any]) -> dict[str, float]:
    """Figures as they are written down."""
    return {name: round(figure, DIGITS) for name, figure in figures.items()}


def _kinds(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    """How many questions each kind has, and the means of the measures that apply to it."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row.kind:
            groups.setdefault(row.kind, []).append(row)
    return {kind: {"n": len(group)} | _of_kind(group) for kind, group in sorted(groups.items())}


def _of_kind(rows: list[Row]) -> dict[str, float]:
    """Means over the rows of one kind."""
    columns = {name: [row.values[name] for row in rows if name in row.values] for name in OF_KINDS}
    return _rounded({name: sum(values) / len(values) for name, values in columns.items() if values})


def render(made: Result) -> RenderableType:
    """The result as tables for ``rich``: measures with intervals, then kinds and rows where it has them."""
    from rich.console import Group

    tables = [_metrics_table(made)]
    if "kinds" in made:
        tables.append(_kinds_table(made["kinds"]))
    if "rows" in made:
        tables.append(_rows_table(made["rows"]))
    return Group(*tables)


def _metrics_table(made: Result) -> Table:
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
    """A row a kind; measures that no kind has are left out."""
    from rich.table import Table

    names = [name for name in OF_KINDS if any(name in of_kind for of_kind in kinds.values())]
    table = Table("kind")
    for heading in ("n", *names):
        table.add_column(heading, justify="right")
    for kind, of_kind in kinds.items():
        table.add_row(kind, str(of_kind["n"]), *(_cell(of_kind, name) for name in names))
    return table


def _cell(values: Mapping[str, float], name: str) -> str:
    """A value as it stands in a table, blank where the measure does not apply."""
    return f"{values[name]:.3f}" if name in values else ""


def _rows_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """A row a question, with what was said beside what is right."""
    from rich.table import Table
    from rich.text import Text

    table = Table("question", "confidence", "answer", "gold", "F1", "sentence@1")
    for row in rows:
        values = (_cell(row["values"], name) for name in ("f1", "sentence@1"))
        said = row["answer"] if row["answered"] else "(not found)"
        right = " | ".join(row["gold"]) or "(not in the archive)"
        table.add_row(Text(row["question"]), f"{row['confidence']:.2f}", Text(said), Text(right), *values)
    return table


def write(made: Result, folder: Path, name: str | None = None) -> Path:
    """Writes a result to ``<name>-<commit>.json`` in ``folder`` and gives the path.

    ``name`` is ``<task>-<gold's name>`` unless told. The commit that stands in the name and in the file is
    that of the repository around the folder, marked as uncommitted where ``src/`` differs from it, and left
    out where there is none. Raises ``StorageError``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        commit = commit_of(folder)
        stem = name or f"{made['task']}-{Path(made['gold']['name']).stem}"
        path = folder / f"{stem}{f'-{commit}' if commit else ''}.json"
        content = json.dumps({**made, "commit": commit}, ensure_ascii=False, indent=1)
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{folder}: the result can't be written: {error.strerror}") from error
    return path


def commit_of(folder: Path) -> str | None:
    """Short name of the commit around a folder, ``-uncommitted`` where ``src/`` is not as committed."""
    commit = _git(folder, "rev-parse", "--short", "HEAD")
    if not commit:
        return None
    return f"{commit}-uncommitted" if _git(folder, "status", "--porcelain", "--", ":/src") else commit


def _git(folder: Path, *words: str) -> str | None:
    """What git prints, or nothing where git, the repository or its first commit is absent."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, "-C", str(folder), *words], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None
