"""What ships, put in its place: the weights into the package, the reports beside the other results."""

from __future__ import annotations

import filecmp
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from askbrief.packaged import LARGE_READER, READER, packaged
from askbrief.read.neural.reading_model import CARD, GRAPH, TOKENIZER, read_card, write_card
from training.card import CARD_FOR_PEOPLE, RECIPES, commit

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "eval" / "results"
READERS = packaged(READER).parent
NAMES = {READER: "askbrief-small", LARGE_READER: "askbrief-large"}
REPORTS = ("evaluation", "calibration", "int8_loss")


def publish(folder: Path, name: str, readers: Path = READERS, results: Path = RESULTS) -> Path:
    """Copy an export into the package and write its reports, named by commit; give the file of the latter.

    The large reader's tokenizer is left out if it is the small one's.
    """
    package, small = readers / name, readers / READER / TOKENIZER
    package.mkdir(exist_ok=True)
    for file in (GRAPH, TOKENIZER, RECIPES, CARD_FOR_PEOPLE):
        shutil.copyfile(folder / file, package / file)
    card = replace(read_card(folder / CARD), name=NAMES[name])
    if name != READER and filecmp.cmp(small, package / TOKENIZER, shallow=False):
        (package / TOKENIZER).unlink()
        card = replace(card, tokenizer=f"../{READER}/{TOKENIZER}")
    write_card(card, package / CARD)
    reports = {report: json.loads((folder / f"{report}.json").read_text()) for report in REPORTS}
    facts = {"name": name, "commit": commit(), "date": datetime.now(UTC).date().isoformat()}
    path = results / f"{name}-{commit()}.json"
    path.write_text(json.dumps({**facts, **reports}, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(folder / "reliability.svg", path.with_suffix(".svg"))
    return path
