"""Other models as readers: exported once, scored as by torch, refused in one line where they can't be."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest

from askbrief import Index
from askbrief.errors import AskbriefError, ModelError, StorageError
from askbrief.onnx_runtime import optimise
from askbrief.packaged import LARGE_READER, READER, packaged
from askbrief.read import passage_reader
from askbrief.read.neural import hub
from askbrief.read.neural import reader_export as export
from askbrief.read.neural.reading_model import ReadingModel
from askbrief.read.neural.windows import windows
from askbrief.types import Hit, Sentence, Source
from conftest import NEWS, WORDS, Archive, Cli, assert_line, vocabulary

QUESTION = "what will it cost to rebuild the pier?"
SENTENCES = ("The harbour of Varna reopened.", "  It will cost\n4.5 million euros 🙂, she said.", "Wolves!")
TEXT = " ".join(SENTENCES)


def save(folder: Path, kind: str, seed: int = 1, **changed: Any) -> Path:
    """A question-answering model of one layer with random weights, and its tokenizer, in ``folder``."""
    import torch
    import transformers

    tokenizer = wordpieces() if kind in {"Bert", "DistilBert"} else byte_pairs()
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    if kind == "DistilBert":
        small = {"dim": 32, "n_layers": 1, "n_heads": 2, "hidden_dim": 64}
    torch.manual_seed(seed)
    settings = {"vocab_size": len(tokenizer), "max_position_embeddings": 256, **small, **changed}
    model = getattr(transformers, f"{kind}ForQuestionAnswering")(
        getattr(transformers, f"{kind}Config")(**settings)
    )
    model.qa_outputs.weight.data.mul_(20)  # so that scores are apart
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def wordpieces() -> Any:
    from transformers import BertTokenizer

    return BertTokenizer(vocab=vocabulary(), model_max_length=128)


def byte_pairs() -> Any:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import RobertaTokenizer

    trained = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator([WORDS], vocab_size=400, special_tokens=special, show_progress=False)
    told: Any = json.loads(trained.to_str())["model"]
    merges: Any = [tuple(pair) for pair in told["merges"]]
    return RobertaTokenizer(vocab=told["vocab"], merges=merges)


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("readers") / "bert", "Bert")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, the test's own and empty."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: folder / name)
    return folder / "askbrief" / "readers"


def kept(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if path.suffix != ".lock")


def hit(text: str) -> Hit:
    """A hit in the middle of a document, with its sentences."""
    ends = [text.index(sentence) + len(sentence) for sentence in SENTENCES]
    starts = [text.index(sentence.strip()) for sentence in SENTENCES]
    own = tuple(Sentence(40 + s, 40 + e, 1, n) for n, (s, e) in enumerate(zip(starts, ends, strict=True), 1))
    return Hit(Source("d", "t", "s", None, ""), 40, 40 + len(text), text, own, 1.0, 0.5)


# -- what is exported


@pytest.mark.parametrize(
    ("kind", "inputs", "settings", "window"),
    [
        ("Bert", 3, {}, 128),
        ("DistilBert", 2, {}, 128),
        ("Roberta", 2, {"max_position_embeddings": 202}, 200),
        ("Roberta", 2, {"max_position_embeddings": 514}, 384),
    ],
)
def test_an_export_scores_as_its_model(
    tmp_path: Path, kind: str, inputs: int, settings: dict[str, Any], window: int
) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    folder = save(tmp_path / "model", kind, **settings)
    reader = ReadingModel(export.exported(str(folder)))
    assert (reader.card.name, reader.card.window, reader.card.overlap) == (str(folder), window, window // 3)
    assert len(reader._inputs) == inputs
    model = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for text in ("Wolves.", TEXT, "The bridge was closed because of rust. " * 99):
        given = {"truncation": "only_second", "max_length": window, "return_tensors": "pt"}
        with torch.no_grad():
            expected = model(**tokenizer(QUESTION, text, **given))
        first = windows(reader.tokenizer, QUESTION, [text], window, window // 3)[:1]
        (scores,) = reader.score(first)
        assert scores.starts == pytest.approx(expected.start_logits[0].numpy(), abs=1e-4)
        assert scores.ends == pytest.approx(expected.end_logits[0].numpy(), abs=1e-4)
        assert np.ptp(scores.starts) > 0.05
        assert scores.answerable == 0


def test_the_graph_takes_several_windows_at_once_and_padding(bert: Path) -> None:
    import onnxruntime

    folder = export.exported(str(bert))
    assert sorted(path.name for path in folder.iterdir()) == [
        "card.json",
        "reader.bin",
        "reader.onnx",
        "tokenizer.json",
    ]
    session = onnxruntime.InferenceSession(str(folder / "reader.onnx"))
    names = [given.name for given in session.get_inputs()]
    assert set(names) == set(hub.INPUTS)
    one = {name: np.ones((1, 9), dtype=np.int64) for name in names}
    two = {name: np.ones((2, 12), dtype=np.int64) for name in names}
    two["attention_mask"][0, 9:] = 0
    alone, beside = session.run(None, one)[0], session.run(None, two)[0]
    assert beside.shape == (2, 12)
    assert beside[0, :9] == pytest.approx(alone[0], abs=1e-4)


@pytest.mark.parametrize("kind", ["Bert", "Roberta"])
@pytest.mark.parametrize("repeated", [1, 40])
def test_spans_are_of_sentences_and_never_blank(tmp_path: Path, kind: str, repeated: int) -> None:
    reader = passage_reader(str(save(tmp_path / "model", kind)))
    found = hit(TEXT + "\n\n  and no more" * repeated)
    spans = reader.read(QUESTION, [found, found])
    assert sorted(span.hit for span in spans) == [0, 0, 0, 1, 1, 1]
    for span in spans:
        text = found.text[span.start - found.start : span.end - found.start]
        assert found.start <= span.start < span.end <= found.end
        assert text == text.strip() != ""
        assert 0 <= span.score <= 1


def test_blanks_that_a_tokenizer_counts_to_words_are_left_out() -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    pieces = ["▁", *(f"▁{word}" for word in ("who", "Wolves", "came", "back"))]
    tokenizer = Tokenizer(models.Unigram([("<s>", 0.0), *((piece, -1.0) for piece in pieces)], 0, False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A", "<s> $A $B:1", [("<s>", 0)])
    (window,) = windows(tokenizer, "who", ["Wolves came  back"], 128, 42)
    assert window.offsets[window.opens].tolist() == [[0, 6], [7, 11], [13, 17]]
    assert (window.opens == window.closes).all()
    assert windows(tokenizer, "who", ["   "], 128, 42)[0].opens.any() == np.False_


# -- once


def test_what_was_exported_is_given_without_torch(bert: Path) -> None:
    program = (
        "import sys\nfrom askbrief.read.neural.reader_export import exported\nprint(exported(sys.argv[1]))\n"
        "print({'torch', 'transformers', 'onnxruntime'} & set(sys.modules))"
    )
    ran = [
        subprocess.run([sys.executable, "-c", program, bert], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    places, loaded = zip(*(each.stdout.splitlines() for each in ran), strict=True)
    assert places[0] == places[1]
    assert "torch" in loaded[0]
    assert loaded[1] == "set()"
    assert [each.stderr for each in ran] == ["", ""]


def test_a_second_choice_exports_nothing(bert: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = export.exported(str(bert))
    monkeypatch.setattr(export, "_export", lambda name, folder: pytest.fail("exported again"))
    assert export.exported(str(bert)) == first
    assert export.exported(os.path.relpath(bert)) == first
    assert kept(cache) == [first]
    assert first.name.startswith("bert-")


def test_a_changed_folder_is_exported_anew(tmp_path: Path) -> None:
    folder = save(tmp_path / "model", "Bert", seed=1)
    one = export.exported(str(folder))
    save(folder, "Bert", seed=2)
    other = export.exported(str(folder))
    assert one != other
    (window,) = windows(ReadingModel(one).tokenizer, QUESTION, [TEXT], 128, 42)
    before, after = (ReadingModel(place).score([window])[0].starts for place in (one, other))
    assert np.abs(before - after).max() > 0.05


def test_an_export_that_was_killed_counts_for_nothing(
    bert: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: Any) -> None:
        given[1].write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(export, "optimise", killed)
        with pytest.raises(KeyboardInterrupt):
            export.exported(str(bert))
    assert kept(cache) == []
    (lock,) = cache.iterdir()
    lock.with_suffix(".part").mkdir()  # what is left where nothing could be tidied
    (lock.with_suffix(".part") / "card.json").write_text("{}")
    lock.with_suffix("").mkdir()
    assert kept(cache) != [export.exported(str(bert))]
    assert [path.name for path in kept(cache)] == [lock.stem]


def test_a_folder_that_holds_a_reader_is_taken_as_it_is(cache: Path) -> None:
    assert [passage_reader(str(folder)).name for folder in (packaged(READER), packaged(LARGE_READER))] == [
        "askbrief-small",
        "askbrief-large",
    ]
    assert not cache.exists()


def test_the_shipped_reader_needs_no_export() -> None:
    program = (
        "import sys\nfrom askbrief.read import passage_reader\npassage_reader(None)\n"
        "assert not {'torch', 'transformers', 'askbrief.read.neural.reader_export'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# -- models of the hub


def test_of_the_hub_only_what_is_needed_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    asked: list[object] = []

    def download(_: str, **patterns: object) -> str:
        asked.append(patterns["allow_patterns"])
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert hub.fetched("somebody/model") == tmp_path
    assert len(asked) == 2
    assert asked[1] == "*.bin"
    (tmp_path / "model.safetensors").touch()
    hub.fetched("somebody/model")
    assert len(asked) == 3


def test_a_name_of_the_hub_is_exported_once(
    bert: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hub, "fetched", lambda name: bert)
    reader = passage_reader("somebody/model")
    assert reader.name == "somebody/model"
    assert reader.threshold == 0.5
    monkeypatch.delattr(hub, "fetched")
    assert passage_reader("somebody/model").name == "somebody/model"
    assert [path.name.rpartition("-")[0] for path in kept(cache)] == ["somebody-model"]


# -- what can't be a reader


def refused(name: str | Path, *told: str, kind: type[AskbriefError] = ModelError) -> None:
    """An error of one line that tells of ``told`` and of the option, and that leaves nothing behind."""
    with pytest.raises(kind) as caught:
        export.exported(str(name))
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 500 + len(str(name))
    for part in (*told, "--reader"):
        assert part in message
    readers = platformdirs.user_cache_path("askbrief") / "readers"
    assert not readers.exists() or kept(readers) == []


@pytest.mark.parametrize(
    "name",
    ["nobody/nothing", "nothing", "../elsewhere", "", "a b c", "x" * 300, "~nobody/x", "a\0b", "\udcff"],
)
def test_a_name_that_is_no_model(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(name, "reader", "is not a local folder")


def spoil(change: Callable[[Path], object], told: str, name: str) -> Any:
    return pytest.param(change, told, id=name)


def without(*names: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def configured(name: str = "config.json", **changed: Any) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        told = json.loads((folder / name).read_text()) | changed
        (folder / name).write_text(json.dumps(told))

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        spoil(without("config.json"), "can't be loaded", "nothing"),
        spoil(without("model.safetensors"), "can't be loaded", "no weights"),
        spoil(without("tokenizer.json", "tokenizer_config.json"), "tokenizer", "no tokenizer"),
        spoil(lambda folder: (folder / "model.safetensors").write_bytes(b"x"), "can't be loaded", "garbage"),
        spoil(configured(model_type="vit"), "models of type vit do not extract answers", "of another kind"),
        spoil(configured(model_type="lxmert"), "can't be", "that needs pictures"),
        spoil(configured(num_hidden_layers=2), "not trained", "weights that are not there"),
        spoil(configured(hidden_size=64), "can't be loaded", "weights of another shape"),
        spoil(configured("tokenizer_config.json", model_max_length=64), "64 tokens", "a small window"),
        spoil(
            configured("tokenizer_config.json", model_input_names=["input_ids", "bbox"]),
            "bbox",
            "more inputs",
        ),
        spoil(
            configured("tokenizer_config.json", tokenizer_class="TokenizersBackend", cls_token="[MASK]"),  # noqa: S106
            "no answer",
            "no first token",
        ),
    ],
)
def test_a_folder_that_is_no_reader(
    bert: Path, tmp_path: Path, change: Callable[[Path], object], told: str
) -> None:
    folder = shutil.copytree(bert, tmp_path / "model")
    change(folder)
    refused(folder, str(folder), told)


def test_a_model_that_was_not_trained_to_mark_answers(tmp_path: Path) -> None:
    from transformers import AutoModel

    folder = save(tmp_path / "model", "Bert")
    AutoModel.from_pretrained(folder).save_pretrained(folder)
    refused(folder, "not trained", "qa_outputs")


def test_no_remote_code_is_trusted(bert: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bert, tmp_path / "model")
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n")
    remote = {"AutoConfig": "evil.Evil", "AutoModelForQuestionAnswering": "evil.Evil"}
    configured(model_type="evil", auto_map=remote)(folder)
    refused(folder, "can't be loaded")
    assert not (tmp_path / "ran").exists()


def test_an_export_that_disagrees_is_refused(bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in (0.5, float("nan")):
        monkeypatch.setattr(export, "disagreement", lambda *_, wrong=wrong: wrong)
        refused(bert, "scores of its export")


def test_a_model_that_can_not_be_traced_is_refused(
    bert: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from torch import Tensor, fft
    from transformers import BertForQuestionAnswering

    was = BertForQuestionAnswering.forward

    def forward(self: Any, input_ids: Tensor, **others: Tensor) -> Any:
        found = was(self, input_ids=input_ids, **others)
        found.start_logits = fft.fftn(found.start_logits).real
        return found

    monkeypatch.setattr(BertForQuestionAnswering, "forward", forward)
    refused(bert, "can't be exported to ONNX", "fft")
    assert capfd.readouterr() == ("", "")


def test_a_full_disk_is_told(bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for module, name in ((export, "write_card"), (export, "optimise"), (hub, "load")):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, full)
            refused(bert, "No space left", kind=StorageError)


def test_a_cache_that_can_not_be_written_is_told(cache: Path, bert: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="can't be written") as caught:
        export.exported(str(bert))
    assert "\n" not in str(caught.value)


def test_a_graph_that_can_not_be_optimised(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"bad")
    for graph in (b"bad", tmp_path / "bad.onnx"):
        with pytest.raises(ModelError, match="can't be exported"):
            optimise(graph, tmp_path / "out.onnx", "out.bin")
    assert capfd.readouterr() == ("", "")


# -- asking


def test_asking_with_another_reader_cites_verbatim(made: Archive, bert: Path) -> None:
    with Index.open(made.index, reader=str(bert)) as index:
        assert index.reader == str(bert)
        answer = index.ask(QUESTION, threshold=0.0)
        assert answer.answered
        for citation in answer.citations:
            document, _ = index.show(citation.document.id)
            assert document.text[citation.start : citation.end] == citation.text
            assert citation.text in NEWS[Path(citation.document.source).name]
            assert citation.answer is not None
            assert document.text[citation.answer.start : citation.answer.end] == citation.answer.text != ""


def test_a_reader_that_is_none_is_one_line_of_the_command(made: Archive, cli: Cli) -> None:
    ran = cli("ask", QUESTION, "--index", made.index, "--reader", "nobody/nothing")
    assert_line(ran, "nobody/nothing", "--reader")
