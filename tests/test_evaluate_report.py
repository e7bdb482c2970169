"""Results keep the contract's form, show as tables, and are written under the commit's name."""

import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from askbrief.cli.evaluate import tables
from askbrief.errors import StorageError
from askbrief.evaluate import report
from askbrief.evaluate.gold import GoldSet, Question
from askbrief.evaluate.rows import Row
from askbrief.evaluate.run import Outcome

ROWS = (
    Row("who?", "who", True, True, 0.9, "Kirby [sic]", ("Kirby",), {"f1": 2 / 3, "sentence@1": 1.0}),
    Row("who else?", "who", True, False, 0.2, "", ("Macron",), {"f1": 0.0, "sentence@1": 0.0}),
    Row("who sang?", "near", False, False, 0.1, "", (), {"f1": 1.0, "refused_when_unanswerable": 1.0}),
)
METRICS = {
    "latency_ms_p50": {"value": 12.34, "low": 10.0, "high": 14.0},
    "f1": {"value": 5 / 9, "low": 0.0, "high": 1.0},
    "recall@1": {"value": 0.5, "low": 0.1, "high": 0.9},
}
GOLD = GoldSet("gold.jsonl", "ab" * 32, (Question("1", "who?", (), (), False),))
OUTCOME = Outcome("ask", ROWS, METRICS, {"best_f1": 0.4})  # type: ignore[arg-type]


def test_result_keeps_the_contract() -> None:
    made = report.result(OUTCOME, GOLD, model="minilm", reader="none")
    assert json.loads(json.dumps(made)) == {
        "task": "ask",
        "n": 3,
        "gold": {"name": "gold.jsonl", "sha256": "ab" * 32},
        "model": "minilm",
        "reader": "none",
        "metrics": {
            "recall@1": {"value": 0.5, "low": 0.1, "high": 0.9},
            "f1": {"value": 0.555556, "low": 0.0, "high": 1.0},
            "latency_ms_p50": {"value": 12.34, "low": 10.0, "high": 14.0},
        },
        "thresholds": {"best_f1": 0.4},
        "kinds": {
            "near": {"n": 1, "f1": 1.0, "refused_when_unanswerable": 1.0},
            "who": {"n": 2, "sentence@1": 0.5, "f1": 0.333333},
        },
    }
    assert list(made["metrics"]) == ["recall@1", "f1", "latency_ms_p50"]


def test_rows_come_on_request() -> None:
    (row, *_) = report.result(OUTCOME, GOLD, rows=True)["rows"]
    assert row["question"] == "who?"
    assert row["values"] == {"f1": 2 / 3, "sentence@1": 1.0}
    assert "kinds" not in report.result(Outcome("read", (), {}), GOLD)


def test_render_shows_figures_kinds_and_rows() -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(tables(report.result(OUTCOME, GOLD, rows=True)))
    shown = console.export_text()
    for words in (
        "ask: 3 questions of gold.jsonl",
        "0.556",
        "0.000 – 1.000",
        "12.3",
        "10.0 – 14.0",
        "near",
    ):
        assert words in shown
    for words in ("Kirby [sic]", "(not found)", "(not in the archive)"):
        assert words in shown
    assert " nan " not in shown


def git(folder: Path, *words: str) -> str:
    names = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", str(folder), *names, *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_written_under_the_name_of_the_commit(tmp_path: Path) -> None:
    made = report.result(OUTCOME, GOLD)
    code = tmp_path / "src" / "code.py"
    code.parent.mkdir()
    code.write_text("1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert report.write(made, tmp_path / "no-commit-yet").name == "ask-gold.json"
    git(tmp_path, "commit", "-qm", "x")
    commit = git(tmp_path, "rev-parse", "--short", "HEAD")

    path = report.write(made, tmp_path / "eval" / "results")
    assert path == tmp_path / "eval" / "results" / f"ask-gold-{commit}.json"
    assert json.loads(path.read_text()) == json.loads(json.dumps(made)) | {"commit": commit}
    assert report.write(made, path.parent, "cold-ask").name == f"cold-ask-{commit}.json"

    code.write_text("2\n")
    assert report.write(made, path.parent).name == f"ask-gold-{commit}-uncommitted.json"


def test_each_half_of_a_set_has_a_result_of_its_own(tmp_path: Path) -> None:
    halves = [report.result(OUTCOME, replace(GOLD, half=half)) for half in ("dev", "held_out")]
    names = [report.write(made, tmp_path).name for made in halves]
    assert names == ["ask-gold-dev.json", "ask-gold-held_out.json"]
    assert [made["gold"]["half"] for made in halves] == ["dev", "held_out"]


def test_written_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert report.write(report.result(OUTCOME, GOLD), tmp_path).name == "ask-gold.json"


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file can't be written"):
        report.write(report.result(OUTCOME, GOLD), tmp_path / "file")
