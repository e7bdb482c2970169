"""From a model to files: the ONNX graph, int8, calibration, scores, the card."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from town import RECIPE, TEXTS, tiny_reader, write_sets
from training.base import LOW, load_tokenizer
from training.calibrate import fit, read_calibration, threshold
from training.checkpoint import save, state_of
from training.decode import LONGEST_SPAN, WINDOW, Guess, Window, best_span, pad, read, windows
from training.evaluate import metrics
from training.export import export, onnx_scorer
from training.questions import Question, read_questions

from training import stages


def batch() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    questions = [
        Question("a", "Who closed it?", TEXTS[0], "x", ()),
        Question("b", "When?", TEXTS[1], "x", ()),
    ]
    parts = [part for n, question in enumerate(questions) for part in windows(n, question, load_tokenizer())]
    return pad([part.ids for part in parts], [part.prefix for part in parts])


def test_the_graph_gives_what_the_model_gives(tmp_path: Path) -> None:
    tiny = tiny_reader()
    whole, small = export(tiny, tmp_path)
    ids, types, mask = batch()
    with torch.inference_mode():
        expected = [part.numpy() for part in tiny(*(torch.from_numpy(array) for array in (ids, types, mask)))]
    for got, wanted in zip(onnx_scorer(whole)(ids, types, mask), expected, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-5)
    starts, _, answerable = onnx_scorer(small)(ids, types, mask)
    assert small.stat().st_size < whole.stat().st_size / 2
    np.testing.assert_allclose(starts, expected[0], atol=0.1)
    np.testing.assert_allclose(answerable, expected[2], atol=0.1)


def test_padding_changes_nothing(tmp_path: Path) -> None:
    tiny = tiny_reader()
    scorer = onnx_scorer(export(tiny, tmp_path)[0])
    ids, types, mask = batch()
    count = int(mask[0].sum())
    alone = scorer(ids[:1, :count], types[:1, :count], mask[:1, :count])
    padded = scorer(ids, types, mask)
    np.testing.assert_allclose(alone[0][0], padded[0][0, :count], atol=1e-5)
    assert alone[2][0] == pytest.approx(padded[2][0], abs=1e-5)


def test_only_the_passage_and_cls_can_be_chosen(tmp_path: Path) -> None:
    tiny = tiny_reader()
    ids, types, mask = batch()
    starts = onnx_scorer(export(tiny, tmp_path)[0])(ids, types, mask)[0]
    allowed = (types * mask).astype(bool) & (ids != 102)
    allowed[:, 0] = True
    assert (starts[~allowed] == LOW).all()
    assert (starts[allowed] > LOW).all()


def test_windows_cover_the_context_and_overlap() -> None:
    question = Question("a", "Who closed it?", " ".join(TEXTS * 20), "x", ())
    parts = list(windows(0, question, load_tokenizer()))
    assert len(parts) > 2
    assert all(len(part.ids) <= WINDOW for part in parts)
    for one, other in pairwise(parts):
        assert other.offsets[0][0] < one.offsets[-1][0]
    assert parts[-1].offsets[-1][1] == len(question.context)


@given(st.integers(0, 1000), st.integers(1, 60))
def test_the_best_span_is_the_best_of_all(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    starts, ends = random.normal(size=count + 4), random.normal(size=count + 4)
    offsets = np.stack([np.arange(count), np.arange(count) + 1], axis=1)
    window = Window(0, np.zeros(count + 4), 3, offsets)
    guess = best_span(window, "x" * count, starts, ends, 0.0)
    best = max(
        starts[3 + i] + ends[3 + j] for i in range(count) for j in range(i, min(count, i + LONGEST_SPAN))
    )
    assert guess.score == pytest.approx(best)
    assert guess.margin == pytest.approx(best - starts[0] - ends[0])
    assert guess.log_probability < 0
    assert guess.text == "x" * (guess.end - guess.start)


def test_reading_takes_the_window_with_the_answer() -> None:
    context = " ".join([*TEXTS[1:] * 20, "The answer is zebra.", *TEXTS[1:] * 20])
    zebra = load_tokenizer().encode("zebra", add_special_tokens=False).ids[0]

    def scorer(ids: np.ndarray, _: np.ndarray, __: np.ndarray) -> tuple[np.ndarray, ...]:
        scores = np.where(ids == zebra, 5.0, 0.0)
        return scores, scores, np.zeros(len(ids))

    (guess,) = read([Question("a", "What?", context, "x", ())], load_tokenizer(), scorer)
    assert guess.text == "zebra"
    assert context[guess.start : guess.end] == "zebra"


def test_the_measures_of_guesses() -> None:
    # Margins of any sign; the second and fourth question have no answer.
    golds, texts = ["the toll", "", "a red bridge", ""], ["toll", "x", "red ferry", "y"]
    questions = [Question(str(n), "?", "", "x", ((0, gold),) if gold else ()) for n, gold in enumerate(golds)]
    guesses = [Guess(text, 0, 1, 1.0 - n, 0.0, 0.0, 0.0) for n, text in enumerate(texts)]
    every = np.arange(4)
    found = metrics(questions, guesses, None)
    assert found["exact"](every) == 0.5
    assert found["f1"](every) == pytest.approx(0.75)
    assert found["auroc_margin"](every) == 0.75
    # Answering the first alone: it is right, both others without an answer are refused, the third is lost.
    assert found["best_f1_margin"](every) == pytest.approx(0.75)
    # Without the first, refusing all is best; the third is drawn twice.
    assert found["best_f1_margin"](np.array([1, 2, 2, 3])) == 0.5
    assert np.isnan(found["f1"](np.array([1, 3])))
    assert metrics(questions[::2], guesses[::2], None).keys() == {"f1", "exact"}


def test_the_threshold_reaches_its_precision() -> None:
    sure, right = np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.array([1, 1, 0, 1, 0], dtype=bool)
    assert threshold(sure, right, 0.75) == 0.6
    assert threshold(sure, right, 0.9) == 0.8
    assert threshold(sure, ~right, 0.9) == 1.0


def test_calibration_tells_right_from_wrong(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    questions, guesses = [], []
    for number in range(600):
        margin = float(random.normal(0, 3))
        is_right = random.random() < 1 / (1 + np.exp(-margin))
        questions.append(
            Question(str(number), "?", f"context {number}", "x", ((0, "yes"),) if is_right else ())
        )
        guesses.append(Guess("yes", 0, 3, margin, 0.0, 0.0, 0.0))
    calibration, quality = fit(questions, guesses)
    error = quality["expected_calibration_error"]
    assert isinstance(error, float)
    assert error < 0.1
    calibration.write(tmp_path / "calibration.json")
    again = read_calibration(tmp_path / "calibration.json")
    np.testing.assert_allclose(again.confidence(guesses), calibration.confidence(guesses))


def test_finishing_a_run_writes_all_that_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A random reader is never right; so any answer to what has one counts.
    monkeypatch.setattr("training.calibrate.RIGHT", 0.0)
    data = write_sets(tmp_path / "data")
    run, out = tmp_path / "run", tmp_path / "out"
    run.mkdir()
    save(state_of(tiny_reader(), RECIPE), run)
    (run / "recipe.json").write_text(json.dumps(asdict(RECIPE)))
    stages.finish(run, out, data)
    report = json.loads((out / "evaluation.json").read_text())
    assert report["squad2_like"]["n"] == len(list(read_questions(data / "dev" / "squad2_like.json")))
    assert {"f1", "auroc_confidence"} <= set(report["squad_wiki_wrong_passage"]["metrics"])
    card = (out / "MODEL_CARD.md").read_text()
    assert "squad2_unanswerable" in card
    assert {"reader.onnx", "tokenizer.json", "calibration.json"} <= {path.name for path in out.iterdir()}
