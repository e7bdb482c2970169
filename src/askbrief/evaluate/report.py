"""A run as the JSON document that ``eval --json`` prints, and as a file named by commit."""

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
    from askbrief.evaluate.rows import Row
    from askbrief.evaluate.run import Outcome

Result: TypeAlias = dict[str, Any]

DIGITS = 6
ORDER = (
    "recall@1", "recall@5", "recall@10", "mrr@10", "sentence@1", "sentence@3", "exact", "f1", "HasAns_f1",
    "NoAns_f1", "best_f1", "citation_precision", "citation_recall", "auroc_no_answer",
    "answered_when_answerable", "refused_when_unanswerable", "right_first", "precision_when_answered", "ece",
    "latency_ms_p50", "latency_ms_p95",
)  # fmt: skip
OF_KINDS = ("sentence@1", "right_first", "f1", "answered_when_answerable", "refused_when_unanswerable")


def result(
    outcome: Outcome,
    gold: GoldSet,
    *,
    model: str | None = None,
    reader: str | None = None,
    rows: bool = False,
) -> Result:
    """The run as ``{"task", "n", "gold", "model", "reader", "metrics", "thresholds", "kinds", "rows"}``.

    ``metrics`` maps names to ``{"value", "low", "high"}``; ``kinds`` (only if questions have a kind) has each
    kind's ``n`` and the means of some measures; ``rows``, one for each question, are there on request.
    """
    made: Result = {
        "task": outcome.task,
        "n": len(outcome.rows),
        "gold": {"name": gold.name, "sha256": gold.sha256} | ({"half": gold.half} if gold.half else {}),
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
    """Figures with the digits that are kept."""
    return {name: round(figure, DIGITS) for name, figure in figures.items()}


def _kinds(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    """The number of questions of each kind, and the means of the measures that apply to it."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row.kind:
            groups.setdefault(row.kind, []).append(row)
    return {kind: {"n": len(group)} | _of_kind(group) for kind, group in sorted(groups.items())}


def _of_kind(rows: list[Row]) -> dict[str, float]:
    """Means over the rows of one kind."""
    columns = {name: [row.values[name] for row in rows if name in row.values] for name in OF_KINDS}
    return _rounded({name: sum(values) / len(values) for name, values in columns.items() if values})


def write(made: Result, folder: Path, name: str | None = None) -> Path:
    """Write a result to ``<name>-<commit>.json`` in ``folder``, and return the path.

    ``name`` defaults to ``<task>-<gold's name>``, with the half of a gold set that has two. The commit is
    that of the repository around the folder, with "-uncommitted" if ``src/`` differs from it; left out if
    there is none. Raises StorageError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        commit = commit_of(folder)
        stem = name or "-".join(_named(made))
        path = folder / f"{stem}{f'-{commit}' if commit else ''}.json"
        content = json.dumps({**made, "commit": commit}, ensure_ascii=False, indent=1)
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{folder} can't be written: {error.strerror}", hint="check the folder and the disk"
        ) from error
    return path


def _named(made: Result) -> list[str]:
    """The task of a result, its gold questions, and which half of them."""
    gold = made["gold"]
    return [made["task"], Path(gold["name"]).stem, *([gold["half"]] if gold.get("half") else [])]


def commit_of(folder: Path) -> str | None:
    """The short name of the commit around a folder, with "-uncommitted" if ``src/`` differs from it."""
    commit = _git(folder, "rev-parse", "--short", "HEAD")
    if not commit:
        return None
    return f"{commit}-uncommitted" if _git(folder, "status", "--porcelain", "--", ":/src") else commit


def _git(folder: Path, *words: str) -> str | None:
    """What git prints; None if git, the repository or its first commit is missing."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, "-C", str(folder), *words], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None
