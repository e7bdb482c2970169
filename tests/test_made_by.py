"""An index that other versions of the libraries have made: what they did otherwise is made anew, and said."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from askbrief.errors import IndexOutdated, ModelError
from askbrief.index_records import ModelCard
from askbrief.indexing import pipeline
from askbrief.storage.reader import FolderReader
from askbrief.storage.search import files, keywords, made_by, manifest
from askbrief.storage.search.files import SearchFiles
from askbrief.storage.search.vectors import VectorIndex
from askbrief.text import sentence_rules
from askbrief.text.sentences import split_sentences
from askbrief.types import Sentence
from conftest import Archive, Cli
from test_derive import MODEL, Town, encode, filled

OLD = "0.1.0"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path, 3)
    for _ in range(8):
        made.change()
    return made


def as_if_made_by(folder: Path, **other: str) -> None:
    """Let an index say that other libraries have made it."""
    path = folder / manifest.MANIFEST
    data = json.loads(path.read_text())
    data["made_by"] |= {name.replace("_", "-"): value for name, value in other.items()}
    path.write_text(json.dumps(data))


def with_stems_of_another_library(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search files whose keywords are other words than the library makes now: whole words, no stems."""
    import tantivy

    def plain() -> tantivy.TextAnalyzer:
        return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()

    def forget() -> None:
        keywords.stems_digest.cache_clear()
        keywords._shared_analyzer.cache_clear()

    with monkeypatch.context() as other:
        other.setattr(keywords, "_analyzer", plain)
        forget()
        town.finish()
    forget()
    as_if_made_by(town.folder, tantivy=OLD)


def found(folder: Path, question: str) -> int:
    opened = FolderReader.open(folder)
    try:
        return len(opened.search_text(question, 100))
    finally:
        opened.close()


def test_keywords_with_other_stems_are_derived_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with_stems_of_another_library(town, monkeypatch)
    with pytest.warns(IndexOutdated, match=r"by tantivy 0\.1\.0 \(now .*rebuilt in memory") as said:
        assert found(town.folder, "wolves ferry")  # the index has “wolves”, the question asks for “wolv”
    assert len(said) == 1
    vectors = manifest.read(town.folder)
    written = SearchFiles(town.folder, town.database)
    assert written.fault
    assert "tantivy 0.1.0" in written.fault
    written.finish(MODEL, encode)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found(town.folder, "wolves ferry")
    after = manifest.read(town.folder)
    assert vectors
    assert after
    assert after.vectors == vectors.vectors  # they are as they were
    assert after.keywords != vectors.keywords
    assert SearchFiles(town.folder, town.database).fault is None


def test_an_index_that_does_not_say_what_made_it_is_not_trusted(town: Town) -> None:
    town.finish()
    path = town.folder / manifest.MANIFEST
    data = json.loads(path.read_text())
    del data["made_by"]
    path.write_text(json.dumps(data))
    with pytest.warns(IndexOutdated, match="tantivy of an unknown version"):
        assert found(town.folder, "wolves ferry")


def test_another_version_that_does_the_same_changes_nothing(town: Town) -> None:
    town.finish()
    as_if_made_by(town.folder, tantivy=OLD, faiss_cpu=OLD, tokenizers=OLD)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found(town.folder, "wolves ferry")
    assert SearchFiles(town.folder, town.database).fault is None


def test_vectors_that_another_faiss_does_not_find_are_derived_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "EXACT", 200)
    filled(town, 600).finish()
    now = manifest.read(town.folder)
    assert now
    assert now.vectors.probes
    broken = VectorIndex.exact([], MODEL.dimension)
    broken.save(town.folder / now.vectors.file)
    as_if_made_by(town.folder, faiss_cpu=OLD)
    data = json.loads((town.folder / manifest.MANIFEST).read_text())
    card = manifest.card(town.folder / now.vectors.file)
    data["files"][now.vectors.file] = {"bytes": card.bytes, "sha256": card.sha256}
    (town.folder / manifest.MANIFEST).write_text(json.dumps(data))
    opened = FolderReader.open(town.folder)
    with pytest.warns(IndexOutdated, match=r"by faiss-cpu 0\.1\.0"):
        assert len(opened.search_dense(encode(["wolves ferry"])[0], 5)) == 5
    opened.close()
    written = SearchFiles(town.folder, town.database)
    written.finish(MODEL, encode)
    assert written.fault
    assert "faiss-cpu 0.1.0" in written.fault
    assert FolderReader.open(town.folder).search_dense(encode(["wolves ferry"])[0], 5)


def test_the_vector_of_a_question_is_compared_if_versions_differ() -> None:
    before = made_by.made_now({}, encode, same_model=True)
    assert made_by.other_vector(before, encode) is None
    other = before | {"onnxruntime": OLD}
    assert made_by.other_vector(other, encode) is None
    fault = made_by.other_vector(other, lambda texts: -encode(texts))
    assert fault
    assert "onnxruntime 0.1.0" in fault

    def at_hand(_: list[str]) -> np.ndarray:
        raise ModelError("the model is not at hand")

    assert made_by.made_now(before, at_hand, same_model=True) == before
    assert made_by.VECTOR not in made_by.made_now(before, at_hand, same_model=False)


def test_the_command_line_says_it_in_one_line_and_a_run_makes_it_right(
    archive: Archive, cli: Cli, tiny_model: Path
) -> None:
    as_if_made_by(archive.index, stems="0", tantivy=OLD)
    asked = cli("ask", "Who owns the harbour?", "--index", archive.index, "--reader", "none")
    (line,) = [line for line in asked.err.splitlines() if "tantivy" in line]
    assert line.startswith("note: the keywords were made by tantivy 0.1.0 (now ")
    assert f"`askbrief compact --index {archive.index}`" in line
    indexed = cli("index", archive.files, "--index", archive.index, "--model", tiny_model)
    assert "note: the keywords were made by tantivy 0.1.0" in indexed.err
    assert "were rebuilt from the database" in indexed.err
    assert "tantivy" not in cli("ask", "Who owns it?", "--index", archive.index, "--reader", "none").err


def test_what_a_manifest_says_of_itself(made: Archive) -> None:
    now = manifest.read(made.index)
    assert now
    assert isinstance(now.model, ModelCard)
    assert set(now.made_by) == {*made_by.LIBRARIES, made_by.STEMS, made_by.WORDS, made_by.VECTOR}


def test_sentences_that_other_rules_split_are_split_anew(
    archive: Archive, cli: Cli, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--index", archive.index, "--model", tiny_model)
    before = cli("show", "harbour.txt", "--index", archive.index, "--json").json
    with monkeypatch.context() as other:
        whole = lambda text, paragraphs: tuple(  # noqa: E731
            Sentence(start, end, number, 1) for number, (start, end) in enumerate(paragraphs, 1)
        )
        other.setattr(pipeline, "split_sentences", whole)
        other.setattr(pipeline, "rules_fingerprint", lambda: "other")
        assert "split the sentences of 1 document again" in cli("index", archive.files, *where).err
        merged = cli("show", "harbour.txt", "--index", archive.index, "--json").json
        assert len(merged["paragraphs"][1]["sentences"]) == 1
    ran = cli("index", archive.files, *where)
    assert "newer rules split the sentences of" in ran.err
    after = cli("show", "harbour.txt", "--index", archive.index, "--json").json
    assert after == before
    assert "sentences anew" not in cli("index", archive.files, *where).err
    assert cli("status", "--verify", "--index", archive.index).code == 0


def test_rules_that_split_otherwise_have_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    now = sentence_rules.rules_fingerprint()
    assert now == sentence_rules.rules_fingerprint()
    monkeypatch.setattr(
        sentence_rules, "split_sentences", lambda text, paragraphs: split_sentences(text, paragraphs)[1:]
    )
    assert sentence_rules.rules_fingerprint() != now
