"""The news set holds together: fields, kinds, halves, and its places in the stories if these are there."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from askbrief.evaluate.gold import documents, half, load
from askbrief.formats.decoding import decode

ROOT = Path(__file__).parents[1]
SET = ROOT / "eval" / "newsroom.jsonl"
CORPORA = ROOT.parent / "shared" / "data" / "corpora"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
NEAR_MISSES = {"near_person", "near_relation", "near_detail", "near_time", "presupposition"}


def test_every_question_has_its_fields_and_is_asked_once() -> None:
    fields = {"question", "answerable", "kind", "answers", "evidence", "half"}
    for row in ROWS:
        assert set(row) == fields | ({"sha256"} if row["answerable"] else set()), row["question"]
    assert len({row["question"].casefold() for row in ROWS}) == len(ROWS) >= 300


def test_a_third_is_unanswerable_and_half_of_these_are_near_misses() -> None:
    unanswerable = [row for row in ROWS if not row["answerable"]]
    assert 0.3 <= len(unanswerable) / len(ROWS) <= 0.4
    near = sum(row["kind"] in NEAR_MISSES for row in unanswerable)
    assert near / len(unanswerable) >= 0.5


def test_the_halves_have_as_many_of_each_kind() -> None:
    dev, held_out = (
        Counter(row["kind"] for row in ROWS if row["half"] == name) for name in ("dev", "held_out")
    )
    assert all(abs(dev[kind] - held_out[kind]) <= 1 for kind in dev | held_out)
    known = load(SET)
    assert len(half(known, "dev").questions) + len(half(known, "held_out").questions) == len(ROWS)


def test_answers_lie_within_evidence() -> None:
    for row in ROWS:
        for document, start, end in row["answers"]:
            assert any(d == document and a <= start < end <= b for d, a, b in row["evidence"]), row[
                "question"
            ]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the stories of the news corpora aren't here")
def test_evidence_on_text_files_has_the_words_it_was_written_for() -> None:
    named = {d for d in documents(load(SET).questions) if "#" not in d}
    texts = {name: decode((CORPORA / name).read_bytes(), name) for name in named}
    for row in ROWS:
        if row["evidence"] and all(document in texts for document, _, _ in row["evidence"]):
            pieces = [texts[document][start:end] for document, start, end in row["evidence"]]
            digest = hashlib.sha256("\n".join(pieces).encode()).hexdigest()
            assert digest.startswith(row["sha256"]), row["question"]
