"""From a model to files: the ONNX graph, int8, calibration, scores, the card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper
from onnxruntime.quantization import quantize_dynamic
from town import RECIPE, TEXTS, tiny_mpnet, tiny_reader, write_sets
from training.archive import put, thinned
from training.base import LOW, SEP, load_tokenizer
from training.calibrate import (
    CHOSEN,
    FITTED,
    FOLDS,
    MEASURED,
    Sample,
    best,
    best_first,
    calibrate,
    shifted,
    threshold,
)
from training.card import RECIPES
from training.checkpoint import save, state_of
from training.decode import Guess, read, torch_scorer
from training.evaluate import metrics
from training.export import export
from training.graph import Graph
from training.model import Reader, start_from
from training.publish import publish
from training.questions import Question, read_questions
from training.recipe import Recipe, write_recipe
from training.shipped import weights_of
from training.smooth import factors_of

from askbrief.onnx_runtime import PROVIDERS, runtime
from askbrief.packaged import LARGE_READER, READER
from askbrief.read.logistic import Logistic, probability
from askbrief.read.neural.passage_reader import FEATURES, PassageReader
from askbrief.read.neural.reading_model import (
    CARD,
    GRAPH,
    TOKENIZER,
    ReadingModel,
    plain_card,
    read_card,
    write_card,
)
from askbrief.read.neural.span_decoding import Candidate, Scores
from askbrief.read.neural.windows import Window, windows
from training import stages

ASKED = [
    Question("a", "Who closed it?", TEXTS[0], "x", ()),
    Question("b", "When?", TEXTS[1], "x", ()),
]


def parts() -> list[Window]:
    found = [windows(load_tokenizer(), asked.text, [asked.context], 128, 32) for asked in ASKED]
    return [window for windows_ in found for window in windows_]


def exported(tiny: Reader, folder: Path) -> tuple[ReadingModel, ReadingModel]:
    """The float32 and the int8 form of a model, as they are run."""
    models = []
    for graph in export(tiny, folder, parts()):
        own = folder / graph.stem
        own.mkdir()
        graph.replace(own / GRAPH)
        load_tokenizer().save(str(own / TOKENIZER))
        write_card(plain_card("tiny", 128, 32), own / CARD)
        models.append(ReadingModel(own))
    return models[0], models[1]


@pytest.mark.parametrize("tiny", [tiny_reader(), tiny_mpnet()], ids=["bert", "mpnet"])
def test_the_graph_gives_what_the_model_gives(tiny: Reader, tmp_path: Path) -> None:
    whole, small = exported(tiny, tmp_path)
    for got, rounded, window in zip(whole.score(parts()), small.score(parts()), parts(), strict=True):
        ids, types = torch.from_numpy(window.ids)[None], torch.from_numpy(window.types)[None]
        with torch.inference_mode():
            starts, ends, answerable = (
                part[0].numpy() for part in tiny(ids, types, torch.ones_like(ids))[:3]
            )
        np.testing.assert_allclose(got.starts, starts, atol=1e-5)
        np.testing.assert_allclose(got.ends, ends, atol=1e-5)
        assert got.answerable == pytest.approx(float(answerable), abs=1e-5)
        np.testing.assert_allclose(rounded.starts, starts, atol=0.1)
        assert rounded.answerable == pytest.approx(float(answerable), abs=0.1)
        allowed = (window.types == 1) & (window.ids != SEP)
        allowed[0] = True
        assert (got.starts[~allowed] == LOW).all()
        assert (got.starts[allowed] > LOW).all()


def test_an_exported_reader_gives_its_weights_back(tmp_path: Path) -> None:
    tiny = tiny_reader()
    with torch.no_grad():
        for bias in (tiny.span.bias, tiny.answerable.bias):
            bias.normal_()  # as any step of training makes it; onnxruntime leaves out an addition of zero
    whole, small = export(tiny, tmp_path, parts())
    exact, near = weights_of(whole), weights_of(small)
    assert exact.keys() == near.keys() == tiny.state_dict().keys()
    for name, tensor in tiny.state_dict().items():
        np.testing.assert_array_equal(exact[name], tensor.numpy(), err_msg=name)
        step = np.abs(tensor.numpy()).max() / 63
        if name.startswith("encoder.encoder.") and tensor.ndim == 2:
            step *= 4  # factors make the steps of a few channels larger
        np.testing.assert_allclose(near[name], tensor.numpy(), atol=step, err_msg=name)


def test_an_exported_mpnet_reader_goes_on_as_it_was(tmp_path: Path) -> None:
    tiny = tiny_mpnet()
    whole, _ = export(tiny, tmp_path, parts())
    again = start_from(whole.replace(tmp_path / GRAPH).parent, 0.0)
    for one, other in zip(torch_scorer(tiny)(parts()), torch_scorer(again)(parts()), strict=True):
        np.testing.assert_allclose(one.starts, other.starts, atol=1e-5)
        np.testing.assert_allclose(one.ends, other.ends, atol=1e-5)
        assert one.answerable == pytest.approx(other.answerable, abs=1e-5)


def test_factors_spare_int8_what_a_large_channel_costs() -> None:
    random = np.random.default_rng(0)
    states, matrix = random.normal(size=(64, 32)), random.normal(size=(32, 16))
    states[:, 3] *= 40
    factors = factors_of(np.abs(states).max(axis=0), matrix)

    def rounded(values: np.ndarray, axis: int | None) -> np.ndarray:
        step = np.abs(values).max(axis=axis, keepdims=True) / 127
        return np.asarray(np.round(values / step) * step)

    def lost(factors: np.ndarray) -> float:
        product = rounded(states * factors, None) @ rounded(matrix / factors[:, None], 0)
        return float(np.abs(product - states @ matrix).mean())

    assert np.exp(np.log(factors).mean()) == pytest.approx(1)
    assert lost(factors) < lost(np.ones(32)) / 2


def test_int8_is_less_than_half_as_large(tmp_path: Path) -> None:
    whole, small = export(tiny_reader(), tmp_path, parts())
    assert small.stat().st_size < whole.stat().st_size / 2


def test_a_batch_gives_what_its_rows_give_alone() -> None:
    score = torch_scorer(tiny_reader())
    both = score(parts())
    for scores, window in zip(both, parts(), strict=True):
        (alone,) = score([window])
        np.testing.assert_allclose(scores.starts, alone.starts, atol=0.05)
        assert len(scores.starts) == len(window.ids)


def test_reading_takes_the_window_with_the_answer() -> None:
    context = " ".join([*TEXTS[1:] * 20, "The answer is zebra.", *TEXTS[1:] * 20])
    zebra = load_tokenizer().encode("zebra", add_special_tokens=False).ids[0]

    def scorer(windows: Sequence[Window]) -> list[Scores]:
        scores = [np.where(window.ids == zebra, 5, 0).astype(np.float32) for window in windows]
        return [Scores(one, one, 0.0) for one in scores]

    (guess,) = read([Question("a", "What?", context, "x", ())], load_tokenizer(), scorer)
    assert guess.text == "zebra"
    assert guess.best
    assert context[guess.best.start : guess.best.end] == "zebra"


def guess(text: str, margin: float) -> Guess:
    return Guess(text, Candidate(0, 0, 0, 1, margin, margin, 0.0, 0.0))


def test_the_measures_of_guesses() -> None:
    # Margins of any sign; the second and fourth question have no answer.
    golds, texts = ["the toll", "", "a red bridge", ""], ["toll", "x", "red ferry", "y"]
    questions = [Question(str(n), "?", "", "x", ((0, gold),) if gold else ()) for n, gold in enumerate(golds)]
    guesses = [guess(text, 1.0 - n) for n, text in enumerate(texts)]
    every = np.arange(4)
    found = metrics(questions, guesses)
    assert found["exact"](every) == 0.5
    assert found["f1"](every) == pytest.approx(0.75)
    assert found["auroc_margin"](every) == 0.75
    # Answering the first alone: it is right, both others without an answer are refused, the third is lost.
    assert found["best_f1_margin"](every) == pytest.approx(0.75)
    # Without the first, refusing all is best; the third is drawn twice.
    assert found["best_f1_margin"](np.array([1, 2, 2, 3])) == 0.5
    assert np.isnan(found["f1"](np.array([1, 3])))
    assert metrics(questions[::2], guesses[::2]).keys() == {"f1", "exact"}


def test_the_threshold_reaches_its_precision_on_other_questions() -> None:
    random = np.random.default_rng(0)
    fit = Logistic({"margin": 1.0}, 0.0)

    def drawn(count: int) -> list[Sample]:
        # Surer than it should be, as a fit may be on questions that it didn't see.
        margins = random.normal(0, 2, count)
        rights = random.random(count) < 1 / (1 + np.exp(1 - margins))
        return [
            Sample({"margin": float(margin)}, bool(right), CHOSEN)
            for margin, right in zip(margins, rights, strict=True)
        ]

    others = drawn(100_000)
    kept = []
    for _ in range(20):
        least = threshold(drawn(400), fit, 0.75)
        kept.append(np.mean([one.right for one in others if probability(fit.logit(one.row)) >= least]))
    assert np.mean(kept) == pytest.approx(0.75, abs=0.02)
    assert threshold([replace(one, right=False) for one in others[:400]], fit, 0.75) == 1.0


def test_calibration_tells_right_from_wrong() -> None:
    random = np.random.default_rng(0)

    def sample(number: int, margin: float, right: bool) -> Sample:
        row = dict.fromkeys(FEATURES, 0.0) | {"margin": margin}
        return Sample(row, right, number % FOLDS)

    margins = random.normal(0, 3, 3000)
    samples = [
        sample(number, float(margin), bool(random.random() < 1 / (1 + np.exp(-margin))))
        for number, margin in enumerate(margins)
    ]
    among = [[one, sample(number, -9.0, False)] for number, one in enumerate(samples)]
    card, quality = calibrate(plain_card("x", 384, 128), samples, among, 0.8)
    for name in ("alone", "among", "each"):
        told = quality[name]
        assert isinstance(told, dict)
        assert told["expected_calibration_error"] < 0.06
    assert card.precision == 0.8
    assert card.sure is not None
    sure = [probability(card.sure.logit(one.row)) for one in samples if one.fold == MEASURED]
    right = [one.right for one in samples if one.fold == MEASURED]
    answered = [is_right for is_right, share in zip(right, sure, strict=True) if share >= card.threshold]
    assert sum(answered) / len(answered) == pytest.approx(0.8, abs=0.07)
    assert card.among.weights["margin"] == pytest.approx(1, abs=0.3)


def test_what_was_found_early_is_put_first_of_several() -> None:
    random = np.random.default_rng(0)

    def question(fold: int) -> list[Sample]:
        # What answers was found early; what doesn't looks as well to the reader, and came late.
        answered = random.random() < 0.6
        masses, ranks = random.normal(0, 1, 4), (0.5 * random.random() if answered else 1.5, 2.0, 2.0, 2.0)
        return [
            Sample({"mass": float(mass), "rank": rank}, answered and not number, fold)
            for number, (mass, rank) in enumerate(zip(masses, ranks, strict=True))
        ]

    fit = best_first([question(FITTED) for _ in range(600)], ("mass", "rank"))
    others = [question(MEASURED) for _ in range(600)]
    firsts = [best(samples, fit) for samples in others]
    found = [one.right for one, samples in zip(firsts, others, strict=True) if samples[0].right]
    assert np.mean(found) > 0.9
    assert np.mean([max(samples, key=lambda one: one.row["mass"]).right for samples in others]) < 0.3
    sure = np.array([probability(fit.logit(one.row)) for one in firsts])
    right = np.array([one.right for one in firsts])
    assert sure.mean() == pytest.approx(right.mean(), abs=0.05)
    assert sure[right].mean() > sure[~right].mean() + 0.5


def test_what_is_right_in_an_archive_lies_in_its_own_context(tmp_path: Path) -> None:
    data = write_sets(tmp_path)
    questions = list(read_questions(data / "dev" / "squad_wiki.json"))
    puts = list(
        put(PassageReader(exported(tiny_reader(), tmp_path)[0]), questions, [data / "train/squad_wiki.json"])
    )
    assert [one.question for one in puts] == [
        questions[0],
        *questions[2:],
    ]  # of two without an answer there, one
    for one in puts:
        golds = [text for _, text in one.question.answers]
        for candidate, right in zip(one.found, one.right, strict=True):
            words = one.hits[candidate.text].text[candidate.start : candidate.end]
            if right:
                assert any(word in words or words in word for word in golds)
    assert any(any(one.right) for one in puts)


def test_of_the_questions_put_to_an_archive_a_third_at_most_has_no_answer_there() -> None:
    places = [Question(f"{n}", "Where?", f"context {n % 4}", "x", ((0, "c"),)) for n in range(12)]
    near = [Question(f"near {n}", "Where?", "context 1", "x", ()) for n in range(3)]
    asked = thinned([*near, *places], {"context 1", "context 2"})
    assert asked == [*near, *(one for one in places if one.context in ("context 1", "context 2"))]
    assert thinned(places, {"context 1", "context 2", "context 3"}) == places
    assert thinned(near, set()) == []


def test_finishing_a_run_writes_all_that_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A random reader is hardly ever right, so other things count as right. All contexts are for all uses.
    monkeypatch.setattr("training.archive._answers", lambda question, *_: question.text.startswith("Who"))
    monkeypatch.setattr("training.calibrate.RIGHT", 0.0)
    monkeypatch.setattr("training.calibrate.FOLDS", 1)
    monkeypatch.setattr("training.calibrate.CHOSEN", 0)
    monkeypatch.setattr("training.calibrate.MEASURED", 0)
    monkeypatch.setattr("training.stages.DISTRACTORS", ("squad_wiki",))
    data = write_sets(tmp_path / "data")
    run, alone, teacher, out = (tmp_path / name for name in ("run", "alone", "teacher", "out"))
    write_recipe(Recipe(base="somewhere/larger", steps=7, rate=7e-5), teacher)
    recipe = replace(RECIPE, teacher=str(teacher))
    for folder, own in ((run, recipe), (alone, RECIPE)):
        write_recipe(own, folder)
        save(state_of(tiny_reader(), own), folder)
    stages.finish([run, alone], out, data)
    report = json.loads((out / "evaluation.json").read_text())
    assert report["squad2_like"]["n"] == len(list(read_questions(data / "dev" / "squad2_like.json")))
    assert {"f1", "auroc_confidence"} <= set(report["squad_wiki_wrong_passage"]["metrics"])
    card = (out / "MODEL_CARD.md").read_text()
    assert "squad2_unanswerable" in card
    assert "| teacher | larger, 7 steps at 7e-05 |  |" in card
    assert f"| soft weight | {recipe.soft_weight} |  |" in card
    assert "| one of | 2 | 2 |" in card
    assert str(tmp_path) not in card + (out / RECIPES).read_text()
    assert (out / "reliability.svg").read_text().startswith("<?xml")
    assert {GRAPH, TOKENIZER, CARD} <= {path.name for path in out.iterdir()}
    assert read_card(out / CARD).precision == stages.PRECISION
    for name in (READER, LARGE_READER):
        written = publish(out, name, tmp_path, tmp_path)
        assert json.loads(written.read_text())["evaluation"] == report
    small, large = ReadingModel(tmp_path / READER).card, ReadingModel(tmp_path / LARGE_READER).card
    assert small == replace(read_card(out / CARD), name="askbrief-small")
    assert large == replace(small, name="askbrief-large", tokenizer=f"../{READER}/{TOKENIZER}")
    assert not (tmp_path / LARGE_READER / TOKENIZER).exists()
    (out / TOKENIZER).write_text((out / TOKENIZER).read_text() + " ")
    publish(out, LARGE_READER, tmp_path, tmp_path)
    assert ReadingModel(tmp_path / LARGE_READER).card.tokenizer == TOKENIZER


def test_a_token_with_large_states_takes_nothing_from_the_others_in_int8(tmp_path: Path) -> None:
    matrix = np.random.default_rng(0).normal(size=(64, 16)).astype(np.float32)
    states = np.random.default_rng(1).normal(size=(1, 8, 64)).astype(np.float32)
    states[0, 0] *= 200
    lost = {}
    for name in ("product", "product_by_token"):
        graph = Graph({}, {"matrix": np.ones(64, dtype=np.float32)})
        out = getattr(graph, name)("states", "matrix", matrix)
        body = helper.make_graph(
            graph.nodes,
            name,
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "tokens", 64])],
            [helper.make_tensor_value_info(out, TensorProto.FLOAT, ["batch", "tokens", 16])],
            list(graph.constants.values()),
        )
        rounded = tmp_path / f"{name}.onnx"
        quantize_dynamic(
            helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), rounded
        )
        session = runtime().InferenceSession(rounded.read_bytes(), providers=PROVIDERS)
        found = session.run(None, {"states": states})[0]
        lost[name] = np.abs(found - states @ matrix)[0, 1:].mean()
    assert lost["product_by_token"] < 0.1 * lost["product"]


def test_a_fit_is_shifted_to_be_right_about_other_samples() -> None:
    fit = Logistic({"margin": 1.0, "lead": 0.5}, 2.0)
    random = np.random.default_rng(0)
    rows = [{"margin": float(m), "lead": float(n)} for m, n in random.normal(0, 2, (2000, 2))]
    seen = [
        Sample(row, bool(random.random() < probability(fit.logit(row) / 2 - 1)), MEASURED) for row in rows
    ]
    found = shifted(fit, seen)
    assert found.weights["margin"] / found.weights["lead"] == pytest.approx(2, abs=0.01)
    assert found.weights["margin"] == pytest.approx(0.5, abs=0.1)
    assert found.bias == pytest.approx(0, abs=0.2)
    assert shifted(fit, []) is fit
