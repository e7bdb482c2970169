"""The questions on who said what hold together, and none of the articles' text stands in the file."""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from askbrief.formats import text as plain
from askbrief.text import split_sentences
from askbrief.types import Answer, Citation, Sentence, Source

ROOT = Path(__file__).parents[1]
CORPORA = ROOT.parent / "shared" / "data" / "corpora"
FIELDS = {"question", "answerable", "speaker", "document", "evidence", "kind"}
ANSWERABLE = {"said_about", "who_said", "mentioned", "view"}
TRAP = "wrong_speaker"
LONGEST_QUESTION = 20
"""Words; a sentence of an article would have more."""
LONGEST_RUN = 5
"""Words that a question may have in a row as an article has them: names and terms, not phrases."""

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(ROOT / "benchmarks")
    voices: Any = importlib.import_module("voices")

SETS: dict[str, list[dict[str, Any]]] = {
    name: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for name, path in voices.GOLD.items()
}
EACH_SET = pytest.mark.parametrize("rows", SETS.values(), ids=SETS)
ROWS = [row for rows in SETS.values() for row in rows]
EACH = pytest.mark.parametrize("row", ROWS, ids=[row["question"] for row in ROWS])
DOCUMENTS = sorted({row["document"] for row in ROWS})
EACH_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS)
needs_corpora = pytest.mark.skipif(
    not CORPORA.is_dir(), reason="the articles are in ../shared/data/corpora, which is not here"
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@EACH
def test_fields_have_their_types(row: dict[str, Any]) -> None:
    assert set(row) == (FIELDS | {"cue"} if row["answerable"] else FIELDS)
    assert isinstance(row["answerable"], bool)
    assert row["question"] == row["question"].strip() != ""
    assert isinstance(row["document"], str)
    assert all(len(span) == 2 and all(type(offset) is int for offset in span) for span in row["evidence"])


@EACH
def test_the_answerable_name_a_speaker_and_traps_none(row: dict[str, Any]) -> None:
    answerable = row["answerable"]
    assert row["kind"] in ANSWERABLE if answerable else row["kind"] == TRAP
    assert bool(row["speaker"]) == bool(row["evidence"]) == answerable
    assert row.get("cue") in ({"name", "role", "pronoun", "none"} if answerable else {None})


@EACH
def test_a_question_is_no_sentence_of_an_article(row: dict[str, Any]) -> None:
    assert len(words(row["question"])) <= LONGEST_QUESTION


@EACH
def test_who_said_does_not_give_the_speaker_away(row: dict[str, Any]) -> None:
    if row["kind"] == "who_said":
        assert words(row["speaker"])[-1] not in words(row["question"])
    elif row["answerable"]:
        assert set(words(row["speaker"])) & set(words(row["question"]))


def test_no_question_is_asked_twice() -> None:
    keys = [" ".join(words(row["question"])) for row in ROWS]
    assert len(set(keys)) == len(keys)


@EACH_SET
def test_there_are_enough_of_each(rows: list[dict[str, Any]]) -> None:
    kinds = Counter(row["kind"] for row in rows)
    assert set(kinds) == ANSWERABLE | {TRAP}
    assert min(kinds.values()) >= 15
    assert kinds[TRAP] >= 20
    assert sum(kinds[kind] for kind in ANSWERABLE) >= 40
    assert sum(row.get("cue") in {"role", "pronoun", "none"} for row in rows) >= 10
    documents = {row["document"] for row in rows}
    assert Counter(document.partition("/")[0] for document in documents) == {
        "bbc_news": 15,
        "reuters21578": 15,
    }


@EACH_SET
def test_some_are_asked_without_a_question_mark_and_some_in_lower_case(rows: list[dict[str, Any]]) -> None:
    assert sum("?" not in row["question"] for row in rows) >= 15
    assert sum(row["question"][0].islower() for row in rows) >= 15


def test_the_held_out_articles_are_others() -> None:
    dev, held_out = ({row["document"] for row in rows} for rows in SETS.values())
    assert not dev & held_out


@needs_corpora
@EACH_DOCUMENT
def test_a_document_is_indexed_as_the_offsets_count_it(document: str) -> None:
    text = voices.text_of(CORPORA, document)
    assert plain.read(text.encode("utf-8"), document).text == text


@needs_corpora
@EACH_DOCUMENT
def test_evidence_begins_and_ends_with_sentences(document: str) -> None:
    text = voices.text_of(CORPORA, document)
    cut = sentences(text, document)
    starts, ends = {sentence.start for sentence in cut}, {sentence.end for sentence in cut}
    for row in of(document):
        reached = 0
        for start, end in row["evidence"]:
            assert reached <= start < end <= len(text), row["question"]
            assert start in starts, row["question"]
            assert end in ends, row["question"]
            reached = end


@needs_corpora
@EACH_DOCUMENT
def test_the_document_names_its_speakers(document: str) -> None:
    held = set(words(voices.text_of(CORPORA, document)))
    for row in of(document):
        assert set(words(row["speaker"] or "")) <= held, row["question"]


@needs_corpora
@EACH_DOCUMENT
def test_no_question_repeats_a_phrase_of_an_article(document: str) -> None:
    text = f" {' '.join(words(voices.text_of(CORPORA, document)))} "
    for row in ROWS:
        asked = words(row["question"])
        for n in range(len(asked) - LONGEST_RUN):
            assert f" {' '.join(asked[n : n + LONGEST_RUN + 1])} " not in text, row["question"]


def of(document: str) -> list[dict[str, Any]]:
    """The questions whose gold names this document."""
    return [row for row in ROWS if row["document"] == document]


def sentences(text: str, document: str) -> tuple[Sentence, ...]:
    """The sentences of a document as the index cuts them."""
    return split_sentences(text, plain.read(text.encode("utf-8"), document).paragraphs)


# -- judging


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        ("Michael Howard", "Michael Howard"),
        ("Mr Howard", "Michael Howard"),
        ("howard", "Michael Howard"),
        ("Sir John Stevens", "John Stevens"),
        ("MP Michael Mates", "Michael Mates"),
        ("Goldsmith", "Lord Goldsmith"),
        ("David Mizrahi", "David T. Mizrahi"),
        ("Cardinal Cormac Murphy O’Connor", "Cormac Murphy O'Connor"),
        ("Wyn Jones", "Ieuan Wyn Jones"),
        ("Dharyono", "Dharyono Kertosastro"),
        ("Agriculture Undersecretary Daniel Amstutz", "Daniel Amstutz"),
    ],
)
def test_names_of_one_person(named: str, wanted: str) -> None:
    assert voices.same_person(named, wanted)
    assert voices.same_person(wanted, named)


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        (None, "Michael Howard"),
        ("", "Michael Howard"),
        ("Mr", "Michael Howard"),
        ("Sarah Mukherjee", "Pranab Mukherjee"),
        ("Sir John Bourn", "John Stevens"),
        ("Azmat Begg", "Moazzam Begg"),
        ("Michael Howard", "Howard Michael"),
        ("May", "Edward Markey"),
    ],
)
def test_names_of_two_people(named: str | None, wanted: str) -> None:
    assert not voices.same_person(named, wanted)


def cited(*citations: tuple[int, str | None], answered: bool = True) -> Answer:
    """An answer that cites pieces of ten characters of one document: where each starts and who speaks."""
    source = Source("1", "", "news/a/b.txt", None, "")
    made = (Citation("x" * 10, at, at + 10, 1, (1, 1), None, name, 0.9, source) for at, name in citations)
    return Answer("?", answered, 0.9, "x", tuple(made))


VOICE = voices.Voice("?", True, "Ann Lee", "a/b.txt", ((0, 10), (50, 60)), "view", "name")


def test_a_right_reply_is_right_in_everything() -> None:
    values = voices.judge(VOICE, cited((50, "Ann Lee"), (0, "Lee")))
    assert values.pop("wrongly_refused") == 0.0
    assert set(values.values()) == {1.0}


def test_speaker_and_evidence_are_judged_apart() -> None:
    values = voices.judge(VOICE, cited((20, "Ann Lee"), (0, None)))
    assert (values["speaker@1"], values["evidence@1"], values["both@1"]) == (1.0, 0.0, 0.0)
    assert values["every_speaker"] == 0.0
    values = voices.judge(VOICE, cited((0, "Bob Lee")))
    assert (values["speaker@1"], values["evidence@1"], values["both@1"]) == (0.0, 1.0, 0.0)


def test_a_refusal_is_wrong_for_the_answerable_and_right_for_a_trap() -> None:
    refusal = cited((0, "Ann Lee"), answered=False)
    values = voices.judge(VOICE, refusal)
    assert values == {"speaker@1": 0.0, "evidence@1": 0.0, "both@1": 0.0, "wrongly_refused": 1.0}
    trap = voices.Voice("?", False, None, "a/b.txt", (), TRAP)
    assert voices.judge(trap, refusal) == {"refused": 1.0}
    assert voices.judge(trap, cited((0, "Ann Lee"))) == {"refused": 0.0}


def test_a_story_is_named_by_its_file_and_id() -> None:
    assert voices.name_of("reuters21578/full/reuters-000.json#144") == "reuters21578/full/reuters-000/144.txt"
    assert voices.name_of("bbc_news/tech/236.txt") == "bbc_news/tech/236.txt"
