"""Check a result against the floors pinned in ``eval/baseline.json``; a floor is lowered only on purpose.

Usage: python -m askbrief.evaluate.gate RESULT.json [--baseline FILE] [--pin] [--allow-lower]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askbrief.errors import AskbriefError, GoldError, StorageError

UNPINNED = ("ece", "latency_ms_p50", "latency_ms_p95")
"""Measures without a floor: less is better, or they depend on the machine."""

_FIRST_LINE = (__doc__ or "").partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Failure:
    """A floor that a result does not reach; for the metric "gold", the pinned and the actual digest."""

    metric: str
    floor: float | str
    value: float | str | None


def compare(result: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[Failure]:
    """How a result falls short of a baseline: other questions, or a measure that is missing or too low."""
    digest, pinned = result["gold"]["sha256"], baseline["gold"]
    values = [(metric, floor, _value(result, metric)) for metric, floor in baseline["floors"].items()]
    short = [Failure(*each) for each in values if each[2] is None or each[2] < each[1]]
    return ([] if digest == pinned else [Failure("gold", pinned, digest)]) + short


def pin(result: Mapping[str, Any], path: Path, *, allow_lower: bool = False) -> dict[str, float]:
    """Write a result's values, rounded down to two decimals, as the new floors, and return them.

    Raises AskbriefError if a floor would fall or vanish, unless ``allow_lower``.
    """
    figures = {name: figure for name, figure in result["metrics"].items() if name not in UNPINNED}
    floors = {name: _floor(figure["value"]) for name, figure in figures.items()}
    old = read_baseline(path)["floors"] if path.exists() else {}
    for metric, floor in old.items():
        if not allow_lower and floors.get(metric, -math.inf) < floor:
            to = f"fall to {floors[metric]}" if metric in floors else "vanish"
            raise AskbriefError(
                f"{path}: floor {floor} of {metric} would {to}", hint="pass `--allow-lower` if intended"
            )
    content = json.dumps({"gold": result["gold"]["sha256"], "floors": floors}, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{path} can't be written: {error.strerror}", hint="check its folder and the disk"
        ) from error
    return floors


def read_baseline(path: Path) -> dict[str, Any]:
    """``{"gold": sha256, "floors": {metric: floor}}``. Raises GoldError if the file has another form."""
    match _read(path):
        case {"gold": str() as gold, "floors": dict() as floors} if all(map(_is_number, floors.values())):
            return {"gold": gold, "floors": floors}
    raise GoldError(f"{path} isn't a baseline", hint="rewrite it with `--pin`")


def read_result(path: Path) -> dict[str, Any]:
    """A result as ``askbrief eval`` writes it. Raises GoldError if the file has another form."""
    content = _read(path)
    match content:
        case {"gold": {"sha256": str()}, "metrics": dict() as metrics} if isinstance(content, dict):
            figures = [f for f in metrics.values() if isinstance(f, dict) and _is_number(f.get("value"))]
            if len(figures) == len(metrics):
                return content
    raise GoldError(
        f"{path} isn't a result of `askbrief eval --json`", hint="write it with `askbrief eval --json`"
    )


def _read(path: Path) -> object:
    """The value of a JSON file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GoldError(f"{path} can't be read: {error.strerror}", hint="check the path") from error
    except ValueError as error:
        raise GoldError(f"{path} isn't JSON: {error}", hint="write it with `askbrief eval --json`") from error


def _is_number(value: object) -> bool:
    """Whether a JSON value is a finite number and not a boolean."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _value(result: Mapping[str, Any], metric: str) -> float | None:
    """A measure's value; None if the result does not have it."""
    value: float | None = result["metrics"].get(metric, {}).get("value")
    return value


def _floor(value: float) -> float:
    """Rounded down to two decimals; 0.29 stays 0.29, although 100 * 0.29 is below 29."""
    return math.floor(round(value * 100, 6)) / 100


def lines(result: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str]:
    """A line for each measure, beginning with ``ok`` or ``FAIL``; the gold's digest comes first."""
    failures = {failure.metric: failure for failure in compare(result, baseline)}
    gold = failures.get("gold")
    made = [f"FAIL gold: sha256 {gold.value}, pinned {gold.floor}" if gold else "ok   gold: as pinned"]
    for metric, floor in baseline["floors"].items():
        value = _value(result, metric)
        shown = "missing" if value is None else f"{value:.4f}"
        made.append(f"{'FAIL' if metric in failures else 'ok  '} {metric}: {shown}, floor {floor}")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each measure; return 0 if every floor is reached, 1 if not, 2 for an error."""
    parser = argparse.ArgumentParser(prog="python -m askbrief.evaluate.gate", description=_FIRST_LINE)
    parser.add_argument("result", type=Path, help="output of askbrief eval --json or --save")
    parser.add_argument("--baseline", type=Path, default=Path("eval/baseline.json"))
    parser.add_argument("--pin", action="store_true", help="first pin the values as the new floors")
    parser.add_argument("--allow-lower", action="store_true", help="let --pin lower a floor or drop it")
    options = parser.parse_args(arguments)
    try:
        result = read_result(options.result)
        if options.pin:
            pin(result, options.baseline, allow_lower=options.allow_lower)
        baseline = read_baseline(options.baseline)
    except AskbriefError as error:
        print(f"gate: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines(result, baseline)))
    return int(bool(compare(result, baseline)))


if __name__ == "__main__":
    sys.exit(main())
