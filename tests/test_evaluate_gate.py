"""The gate fails in every way that it should, and floors fall only on purpose."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from askbrief.errors import AskbriefError, GoldError, StorageError
from askbrief.evaluate import gate

SHA = "ab" * 32
BASELINE = {"gold": SHA, "floors": {"f1": 0.5, "sentence@1": 0.9}}


def result(sha256: str = SHA, **metrics: float) -> dict[str, Any]:
    figures = {
        name.replace("_at_", "@"): {"value": value, "low": 0, "high": 1} for name, value in metrics.items()
    }
    return {"task": "ask", "gold": {"name": "gold.jsonl", "sha256": sha256}, "metrics": figures}


def saved(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_a_result_on_its_floors_passes() -> None:
    assert gate.compare(result(f1=0.5, sentence_at_1=1.0, exact=0.0), BASELINE) == []


@pytest.mark.parametrize(
    ("made", "failure"),
    [
        (result(f1=0.4999, sentence_at_1=0.9), gate.Failure("f1", 0.5, 0.4999)),
        (result(f1=0.5), gate.Failure("sentence@1", 0.9, None)),
        (result("cd" * 32, f1=0.5, sentence_at_1=0.9), gate.Failure("gold", SHA, "cd" * 32)),
    ],
)
def test_each_way_to_fail(made: dict[str, Any], failure: gate.Failure) -> None:
    assert gate.compare(made, BASELINE) == [failure]


def test_pin_rounds_down_and_leaves_out_what_has_no_floor(tmp_path: Path) -> None:
    path = tmp_path / "eval" / "baseline.json"
    made = result(f1=0.5789, exact=0.29, recall_at_1=1.0, ece=0.1, latency_ms_p50=12.0, latency_ms_p95=40.0)
    assert gate.pin(made, path) == {"f1": 0.57, "exact": 0.29, "recall@1": 1.0}
    assert gate.read_baseline(path) == {"gold": SHA, "floors": {"f1": 0.57, "exact": 0.29, "recall@1": 1.0}}
    assert gate.compare(made, gate.read_baseline(path)) == []


def test_floors_rise_freely_and_fall_only_on_purpose(tmp_path: Path) -> None:
    path = saved(tmp_path / "baseline.json", BASELINE)
    with pytest.raises(
        AskbriefError, match=r"floor 0\.9 of sentence@1 would fall to 0\.89; pass `--allow-lower"
    ):
        gate.pin(result(f1=0.8, sentence_at_1=0.899), path)
    with pytest.raises(AskbriefError, match=r"floor 0\.9 of sentence@1 would vanish"):
        gate.pin(result(f1=0.8), path)
    assert gate.read_baseline(path) == BASELINE
    gate.pin(result("cd" * 32, f1=0.8, sentence_at_1=0.9), path)
    assert gate.read_baseline(path) == {"gold": "cd" * 32, "floors": {"f1": 0.8, "sentence@1": 0.9}}
    gate.pin(result(f1=0.1), path, allow_lower=True)
    assert gate.read_baseline(path) == {"gold": SHA, "floors": {"f1": 0.1}}


def test_a_baseline_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="can't be written"):
        gate.pin(result(f1=0.1), tmp_path / "file" / "baseline.json")


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"gold": 1, "floors": {}}', '{"gold": "a", "floors": {"f1": NaN}}']
)
def test_bad_baselines_are_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(GoldError, match=r"baseline\.json isn't"):
        gate.read_baseline(path)


@pytest.mark.parametrize(
    "content", [[], {"metrics": {}}, result() | {"metrics": {"f1": 0.5}}, result(f1=float("nan"))]
)
def test_bad_results_are_told(tmp_path: Path, content: object) -> None:
    with pytest.raises(GoldError, match=r"isn't a result of `askbrief eval --json`"):
        gate.read_result(saved(tmp_path / "result.json", content))


def test_command_tells_a_line_a_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = str(saved(tmp_path / "baseline.json", BASELINE))
    bad = str(saved(tmp_path / "bad.json", result("cd" * 32, f1=0.4)))
    good = str(saved(tmp_path / "good.json", result(f1=0.6, sentence_at_1=0.95)))

    assert gate.main([bad, "--baseline", base]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"FAIL gold: sha256 {'cd' * 32}, pinned {SHA}",
        "FAIL f1: 0.4000, floor 0.5",
        "FAIL sentence@1: missing, floor 0.9",
    ]
    assert gate.main([good, "--baseline", base]) == 0
    assert gate.main([good, "--baseline", base, "--pin"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "ok   f1: 0.6000, floor 0.6",
        "ok   sentence@1: 0.9500, floor 0.95",
    ]
    assert gate.main([bad, "--baseline", base, "--pin"]) == 2
    assert "would fall to 0.4" in capsys.readouterr().err
    assert gate.main([bad, "--baseline", base, "--pin", "--allow-lower"]) == 0
    assert gate.main([str(tmp_path / "absent.json")]) == 2


def test_command_as_a_process(tmp_path: Path) -> None:
    base = saved(tmp_path / "baseline.json", BASELINE)
    bad = saved(tmp_path / "bad.json", result(f1=0.4, sentence_at_1=0.95))
    command = [sys.executable, "-m", "askbrief.evaluate.gate", str(bad), "--baseline", str(base)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[1] == "FAIL f1: 0.4000, floor 0.5"
