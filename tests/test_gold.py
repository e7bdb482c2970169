"""The gold questions hold together: every span slices, every answer lies in its evidence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "eval" / "gold.jsonl"
FIELDS = {"question", "answerable", "answers", "evidence", "document", "kind"}
ANSWERABLE = {
    *("who", "what", "when", "where", "why", "how_many", "yes_no"),
    *("said", "paraphrase", "split", "misspelt"),
}
UNANSWERABLE = {"wrong_person", "wrong_place", "missing_detail", "wrong_relation", "unrelated"}
KIRBY = "what did Kirby say about Kharkiv"


def load() -> list[dict[str, Any]]:
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def text_of(document: str) -> str:
    return (ROOT / document).read_bytes().decode("utf-8")


def evidence_texts(row: dict[str, Any]) -> list[str]:
    text = text_of(row["document"])
    return [text[start:end] for start, end in row["evidence"]]


ROWS = load()
EACH = pytest.mark.parametrize("row", ROWS, ids=[row["question"] for row in ROWS])
ANSWERED = [row for row in ROWS if row["answerable"]]
EACH_ANSWERED = pytest.mark.parametrize("row", ANSWERED, ids=[row["question"] for row in ANSWERED])


@EACH
def test_fields_have_their_types(row: dict[str, Any]) -> None:
    assert set(row) == FIELDS
    assert isinstance(row["answerable"], bool)
    assert row["question"] == row["question"].strip() != ""
    assert all(isinstance(answer, str) and answer for answer in row["answers"])
    assert len(set(row["answers"])) == len(row["answers"])
    assert all(len(span) == 2 and all(type(offset) is int for offset in span) for span in row["evidence"])


@EACH
def test_kind_agrees_with_answerable(row: dict[str, Any]) -> None:
    assert row["kind"] in (ANSWERABLE if row["answerable"] else UNANSWERABLE)
    assert bool(row["answers"]) == bool(row["evidence"]) == row["answerable"]


@EACH_ANSWERED
def test_evidence_is_whole_sentences_in_order(row: dict[str, Any]) -> None:
    text, reached = text_of(row["document"]), 0
    for start, end in row["evidence"]:
        assert reached <= start < end <= len(text)
        sentence = text[start:end]
        assert sentence == sentence.strip()
        assert "\n" not in sentence
        assert start == 0 or text[start - 1] in " \n"
        assert end == len(text) or text[end] in " \n"
        at_line_end = end == len(text) or text[end] == "\n"
        assert at_line_end or sentence.endswith((".", ".”", '."'))
        reached = end


@EACH_ANSWERED
def test_every_answer_lies_in_the_evidence(row: dict[str, Any]) -> None:
    sentences = evidence_texts(row)
    for answer in row["answers"]:
        assert any(answer in sentence for sentence in sentences), answer


def test_split_questions_need_more_than_one_sentence() -> None:
    split = [row for row in ROWS if row["kind"] == "split"]
    assert all(len(row["evidence"]) >= 2 for row in split)


def test_no_question_is_asked_twice() -> None:
    keys = [re.sub(r"\W+", " ", row["question"].casefold()).strip() for row in ROWS]
    assert len(set(keys)) == len(keys)


def test_there_are_enough_of_each() -> None:
    assert len(ROWS) >= 80
    assert len(ROWS) - len(ANSWERED) >= 25
    assert {row["kind"] for row in ROWS} == ANSWERABLE | UNANSWERABLE


def test_every_paragraph_is_asked_about() -> None:
    cited = {(row["document"], start) for row in ANSWERED for start, _ in row["evidence"]}
    for document in {row["document"] for row in ROWS}:
        start = 0
        for line in text_of(document).splitlines(keepends=True):
            assert not line.strip() or (document, start) in cited, line
            start += len(line)


def test_kirby_on_kharkiv_is_answered_by_all_three_sentences() -> None:
    (row,) = [row for row in ROWS if row["question"] == KIRBY]
    heads = [sentence.split(",")[0][:20] for sentence in evidence_texts(row)]
    assert heads == ["However", "“The Russians really", "“Their advance on Kh"]
