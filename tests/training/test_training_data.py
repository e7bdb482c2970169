"""Preparation: answers on tokens, negatives without the answer, passes that repeat."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from town import TEXTS, write_sets
from training.base import load_tokenizer
from training.batches import LENGTHS, bucket, collate
from training.mix import Example, _examples, assemble, draw_pass, mistype
from training.negatives import PassagePool
from training.prepare import STRANGERS, encode_contexts, load_prepared, prepare, tidy, token_span


def test_answers_lie_on_their_tokens(tmp_path: Path) -> None:
    data = write_sets(tmp_path / "data")
    prepare(data, tmp_path / "prepared", ["squad_wiki", "squad2_unanswerable"])
    items, contexts = load_prepared(tmp_path / "prepared")
    first = next(item for item in items if item.question.startswith("Who said"))
    part = slice(contexts.bounds[first.context], contexts.bounds[first.context + 1])
    starts, ends = contexts.starts[part], contexts.ends[part]
    texts = {TEXTS[0][starts[a] : ends[b]] for a, b in first.spans}
    assert texts == {"Mayor Ines Toll", "Ines Toll"}


def test_negatives_never_hold_the_answer(tmp_path: Path) -> None:
    data = write_sets(tmp_path / "data")
    prepare(data, tmp_path / "prepared", ["squad_wiki"])
    items, _ = load_prepared(tmp_path / "prepared")
    closed = next(item for item in items if item.question.startswith("When was the bridge"))
    assert closed.negatives
    assert all("Monday" not in TEXTS[number] for number in closed.negatives)
    assert not next(item for item in items if not item.spans).negatives


def test_negatives_come_from_each_kind_of_text(tmp_path: Path) -> None:
    data = write_sets(tmp_path / "data")
    tweets = [f"Stuck at the bridge, number {number} in the queue!" for number in range(STRANGERS + 1)]
    told = {"question": "Where?", "id": "t", "is_impossible": True, "answers": []}
    paragraphs = [{"context": text, "qas": [told]} for text in [*tweets, "Closed on Monday, the bridge."]]
    (data / "train" / "tweetqa.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    prepare(data, tmp_path / "prepared", ["squad_wiki", "tweetqa"])
    items, _ = load_prepared(tmp_path / "prepared")
    closed = next(item for item in items if item.question.startswith("When was the bridge"))
    articles = [number for number in closed.negatives if number < len(TEXTS)]
    strangers = [number for number in closed.negatives if number >= len(TEXTS)]
    assert articles
    assert len(strangers) == STRANGERS
    assert len(TEXTS) + len(tweets) not in strangers  # it holds the answer


def test_preparing_again_does_nothing_until_the_data_changes(tmp_path: Path) -> None:
    data = write_sets(tmp_path / "data")
    prepare(data, tmp_path / "prepared", ["squad_wiki"])
    stamp = tmp_path / "prepared" / "items.jsonl"
    stamp.write_text("kept")
    prepare(data, tmp_path / "prepared", ["squad_wiki"])
    assert stamp.read_text() == "kept"
    (data / "train" / "squad_wiki.json").write_bytes((data / "dev" / "squad_wiki.json").read_bytes())
    prepare(data, tmp_path / "prepared", ["squad_wiki"])
    assert stamp.read_text() != "kept"


@pytest.mark.parametrize(
    ("answer", "bare"),
    [("six weeks.", "six weeks"), ("Ines Toll, ", "Ines Toll"), ("in the U.S.", "in the U.S."), ("J.", "J.")],
)
def test_tidy_keeps_abbreviations(answer: str, bare: str) -> None:
    assert tidy(answer) == bare


@given(st.integers(0, 60), st.integers(1, 60))
def test_a_span_covers_the_answer(start: int, length: int) -> None:
    text = TEXTS[0]
    contexts = encode_contexts(load_tokenizer(), [text])
    answer = text[start : start + length]
    span = token_span(start, answer, contexts.starts, contexts.ends)
    bare = tidy(answer)
    if span is None:
        assert not bare
        return
    begin, end = int(contexts.starts[span[0]]), int(contexts.ends[span[1]])
    place = start + answer.find(bare)
    assert begin <= place
    assert end >= place + len(bare)
    assert not text[end:].startswith(bare[-1:] * 2)


def test_the_pool_knows_whole_words_only() -> None:
    pool = PassagePool(["the ferry holds 240 people", "flight 2401 was late"], [0, 1])
    assert pool.without(["240"], [0, 1], own=9) == [1]
    assert pool.search("Which flight was late?", 2)[0] == 1


@given(st.integers(0, 10_000), st.integers(300, 900))
def test_windows_of_long_contexts_keep_or_leave_whole_answers(seed: int, length: int) -> None:
    context = np.arange(1000, 1000 + length)
    first = Random(seed).randint(0, length - 20)  # noqa: S311
    spans = [(first, first + 12)]
    for example in _examples([7, 8, 9], context, spans, Random(seed)):  # noqa: S311
        inside = set(range(1000 + first, 1000 + first + 13)) & set(example.ids.tolist())
        if example.answerable:
            (start, end) = example.spans[0]
            assert example.ids[start] == 1000 + first
            assert example.ids[end] == 1000 + first + 12
        else:
            assert not inside
        assert len(example.ids) <= 384


def test_the_same_pass_is_drawn_again(tmp_path: Path) -> None:
    data = write_sets(tmp_path / "data")
    prepare(data, tmp_path / "prepared", ["squad_wiki", "squad2_unanswerable"])
    items, contexts = load_prepared(tmp_path / "prepared")
    once, again, other = (
        [example.ids.tolist() for example in draw_pass(items, contexts, load_tokenizer(), 1, number)]
        for number in (0, 0, 1)
    )
    assert once == again
    assert once != other


def test_buckets_have_fixed_shapes() -> None:
    random = np.random.default_rng(0)
    examples = [assemble([5], random.integers(1000, 2000, n), []) for n in random.integers(3, 370, 300)]
    groups = list(bucket(examples, 768))
    assert groups
    for group in groups:
        rows, length = collate(group).input_ids.shape
        assert length in LENGTHS
        assert rows == 768 // length


def test_collate_marks_the_passage_and_all_answers() -> None:
    example = assemble([5, 6], np.array([1001, 1002, 1003]), [(0, 1), (2, 2)])
    batch = collate([example, Example(example.ids, example.prefix, ((0, 0),))])
    assert batch.token_type_ids[0, :9].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 0]
    assert batch.spans[0, :2].tolist() == [[4, 5], [6, 6]]
    assert batch.known.sum(1).tolist() == [2, 1]


@given(st.text("abcdef gh", max_size=40), st.integers(0, 1000))
def test_a_typing_error_changes_one_letter_at_most(text: str, seed: int) -> None:
    changed = mistype(text, Random(seed))  # noqa: S311
    assert abs(len(changed) - len(text)) <= 1
    assert len(changed.split(" ")) == len(text.split(" "))
