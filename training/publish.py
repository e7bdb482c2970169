"""What ships, put in its place: the weights into the package, the reports beside the other results."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from askbrief.read.neural.reading_model import CARD, GRAPH, TOKENIZER
from training.card import CARD_FOR_PEOPLE, RECIPES, commit

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "askbrief" / "data" / "reader"
LARGE = ROOT / "src" / "askbrief" / "data" / "large_reader"
RESULTS = ROOT / "eval" / "results"
REPORTS = ("evaluation", "calibration", "int8_loss")


def publish(folder: Path, package: Path = PACKAGE, results: Path = RESULTS) -> Path:
    """Copy an export into the package and write its reports, named by commit; give the file of the latter."""
    package.mkdir(exist_ok=True)
    for name in (GRAPH, TOKENIZER, CARD, RECIPES, CARD_FOR_PEOPLE):
        shutil.copyfile(folder / name, package / name)
    told = {name: json.loads((folder / f"{name}.json").read_text()) for name in REPORTS}
    facts = {"name": package.name, "commit": commit(), "date": datetime.now(UTC).date().isoformat()}
    path = results / f"{package.name}-{commit()}.json"
    path.write_text(json.dumps({**facts, **told}, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(folder / "reliability.svg", path.with_suffix(".svg"))
    return path
