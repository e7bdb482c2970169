"""The stages after training: export, calibrate, evaluate, card. Each reads and writes one folder."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from training.base import load_tokenizer
from training.calibrate import Calibration, fit, read_calibration
from training.card import write_card
from training.checkpoint import averaged
from training.decode import read
from training.evaluate import draw, evaluate, with_wrong_passages, write_report
from training.export import export, onnx_scorer

# What users ask: questions that their passage answers, near misses, and passages that only share the
# subject.
CALIBRATED_ON = ("squad_wiki", "shifts_new_wiki", "squad2_like")


def export_run(run: Path, out: Path) -> None:
    """Export the averaged weights of a run's checkpoint, with the tokenizer, into `out`."""
    whole, small = export(averaged(run), out)
    load_tokenizer().save(str(out / "tokenizer.json"))
    step = torch.load(run / "checkpoint.pt", weights_only=True)["progress"]["step"]
    sizes = {"step": step, "float32_bytes": whole.stat().st_size, "int8_bytes": small.stat().st_size}
    (out / "export.json").write_text(json.dumps(sizes) + "\n")


def calibrate_export(out: Path, data: Path, count: int | None = None) -> Calibration:
    """Fit and write the calibration of the exported int8 reader."""
    scorer = onnx_scorer(out / "reader.onnx")
    questions = [q for name in CALIBRATED_ON for q in draw(data / "dev" / f"{name}.json", count)]
    own = [q for q in questions if q.answers][: len(questions) // 3]
    questions += [q for q in with_wrong_passages(own, data) if not q.answers]
    calibration, quality = fit(questions, read(questions, load_tokenizer(), scorer))
    calibration.write(out / "calibration.json")
    (out / "calibration_quality.json").write_text(json.dumps(quality, indent=1) + "\n")
    return calibration


def evaluate_export(out: Path, data: Path, count: int | None = None) -> dict[str, float]:
    """Write the scores of the int8 reader; give how much F1 it loses against its float32 form, a set."""
    calibration = read_calibration(out / "calibration.json")
    small = evaluate(onnx_scorer(out / "reader.onnx"), data, calibration, count)
    write_report(small, out / "evaluation.json")
    whole = evaluate(onnx_scorer(out / "reader.float32.onnx"), data, calibration, count, rounds=2)
    lost = {name: round(whole[name][1]["f1"]["value"] - small[name][1]["f1"]["value"], 4) for name in small}
    (out / "int8_loss.json").write_text(json.dumps(lost, indent=1) + "\n")
    return lost


def finish(run: Path, out: Path, data: Path, count: int | None = None) -> None:
    """Do all stages after training."""
    export_run(run, out)
    calibrate_export(out, data, count)
    evaluate_export(out, data, count)
    write_card(out, run)
