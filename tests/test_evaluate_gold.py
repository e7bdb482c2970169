"""Files of gold questions are read in both forms, and bad ones refused by name and line."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief import Index
from askbrief.errors import GoldError
from askbrief.evaluate.archive import of_archive
from askbrief.evaluate.gold import GoldPlace, documents, half, load, with_texts
from conftest import Archive

GOOD: dict[str, Any] = {
    "question": "Who spoke?",
    "answerable": True,
    "answers": ["Kirby", "John Kirby"],
    "evidence": [[0, 12], [20, 31]],
    "document": "seeds/a.txt",
    "kind": "who",
}
UNANSWERABLE = {"question": "Who sang?", "answerable": False, "answers": [], "evidence": [], "kind": "near"}
TEXT = "Oxford is old. The Isis runs there; the Isis is the Thames."


def squad(*qas: dict[str, Any], context: str = TEXT) -> dict[str, Any]:
    return {
        "version": "x",
        "data": [{"title": "Oxford", "paragraphs": [{"context": context, "qas": [*qas]}]}],
    }


def qa(*answers: tuple[str, int], **more: object) -> dict[str, Any]:
    return {
        "id": "q1",
        "question": "Which river?",
        "answers": [{"text": text, "answer_start": start} for text, start in answers],
        **more,
    }


def written(folder: Path, *lines: object, name: str = "gold.jsonl") -> Path:
    path = folder / name
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_lines_become_questions(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, "", UNANSWERABLE)
    gold = load(path)
    who, sang = gold.questions
    assert gold.name == "gold.jsonl"
    assert gold.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert gold.contexts == ()
    assert who.answers == ("Kirby", "John Kirby")
    assert who.evidence == (GoldPlace("seeds/a.txt", 0, 12), GoldPlace("seeds/a.txt", 20, 31))
    assert who.targets == ((who.evidence[0],), (who.evidence[1],))
    assert (who.id, who.kind, who.document) == ("gold:1", "who", "seeds/a.txt")
    assert (sang.id, sang.answerable, sang.answers, sang.targets) == ("gold:3", False, (), ())


NEWS = {
    "question": "Who spoke and where?",
    "answerable": True,
    "answers": [["a.txt", 0, 5], ["b.txt", 3, 9]],
    "evidence": [["a.txt", 0, 12], ["b.txt", 0, 10]],
    "kind": "two",
    "half": "dev",
}
TEXTS = {"a.txt": "Kirby spoke. At noon.", "b.txt": "In Oxford."}


def test_answers_and_evidence_may_be_places_of_several_documents(tmp_path: Path) -> None:
    (question,) = load(written(tmp_path, NEWS)).questions
    assert question.evidence == (GoldPlace("a.txt", 0, 12), GoldPlace("b.txt", 0, 10))
    assert documents([question]) == {"a.txt", "b.txt"}
    assert question.answers == ()
    assert with_texts([question], TEXTS)[0].answers == ("Kirby", "Oxford")


def test_a_digest_tells_that_the_archive_has_other_words(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"Kirby spoke.\nIn Oxford.").hexdigest()[:16]
    (question,) = load(written(tmp_path, NEWS | {"sha256": digest})).questions
    assert with_texts([question], TEXTS)[0].answers
    with pytest.raises(GoldError, match="other words"):
        with_texts([question], TEXTS | {"b.txt": "At Oxford."})


def test_documents_are_called_as_the_archive_calls_them(tmp_path: Path, made: Archive) -> None:
    name = "2024-05-02-harbour.txt"  # a unique end of the source name
    record = {
        "question": "Who said when they would rebuild?",
        "answerable": True,
        "answers": [[name, 17, 24]],
        "evidence": [[name, 17, 85]],
    }
    questions = load(written(tmp_path, record)).questions
    with Index.open(made.index) as index:
        (question,) = of_archive(questions, index)
        document, _ = index.show(name)
        assert document.source != name
        assert question.answers == (document.text[17:24],)
        assert question.evidence == (GoldPlace(document.source, 17, 85),)
        with pytest.raises(GoldError, match="another archive"):
            of_archive([replace(question, document="none.txt")], index)


def test_one_half_of_a_set(tmp_path: Path) -> None:
    known = load(written(tmp_path, NEWS, NEWS | {"half": "held_out", "question": "Who?"}))
    held_out = half(known, "held_out")
    assert ([question.text for question in held_out.questions], held_out.half) == (["Who?"], "held_out")
    alone = load(written(tmp_path, GOOD))
    assert half(alone, "held_out") == alone


def test_form_is_told_by_content_not_name(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD, name="gold.json")).questions[0].text == "Who spoke?"
    minified = written(tmp_path, squad(qa(("Isis", 19))), name="squad.jsonl")
    pretty = tmp_path / "pretty.txt"
    pretty.write_text("\ufeff" + json.dumps(squad(qa(("Isis", 19))), indent=1), encoding="utf-8")
    assert load(minified).questions == load(pretty).questions


def test_squad_answers_are_alternatives_at_their_places(tmp_path: Path) -> None:
    content = squad(qa(("Isis", 19), ("the Isis", 36), ("Isis", 19)), qa(question="When?", id="q2"))
    which, when = load(written(tmp_path, content)).questions
    assert which.answers == ("Isis", "the Isis")
    assert which.evidence == (GoldPlace("context-000001", 19, 23), GoldPlace("context-000001", 36, 44))
    assert which.targets == (which.evidence,)
    assert (when.id, when.answerable, when.evidence, when.targets) == ("q2", False, (), ())


def test_identical_contexts_are_kept_once(tmp_path: Path) -> None:
    content = squad(qa(("Isis", 19)))
    content["data"] *= 2
    content["data"] += squad(qa(("old", 0)), context="An old text.")["data"]
    gold = load(written(tmp_path, content))
    assert [context.text for context in gold.contexts] == [TEXT, "An old text."]
    assert [question.document for question in gold.questions] == [
        *("context-000001", "context-000001", "context-000002")
    ]
    assert gold.contexts[0].title == "Oxford"


@pytest.mark.parametrize(
    ("answer", "extent"),
    [
        (("Isis", 39), (40, 44)),  # a start that is off by one goes to the nearest place
        (("Isis", -1), (19, 23)),
        (("Cherwell", 3), (0, len(TEXT))),  # loose answers are somewhere in the context
    ],
)
def test_misplaced_answers_are_found(
    tmp_path: Path, answer: tuple[str, int], extent: tuple[int, int]
) -> None:
    (question,) = load(written(tmp_path, squad(qa(answer)))).questions
    assert question.evidence == (GoldPlace("context-000001", *extent),)
    assert question.answers == (answer[0],)


@given(st.data())
def test_stated_starts_are_kept_wherever_they_are_right(data: st.DataObject) -> None:
    from askbrief.evaluate.gold import _locate

    text = data.draw(st.text(alphabet="ab .", min_size=1, max_size=30))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert _locate(text[start:end], start, text) == (start, end)
    near = data.draw(st.integers(-5, 40))
    found = _locate(text[start:end], near, text)
    assert text[slice(*found)] == text[start:end]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([GOOD, "{"], "line 2 isn't JSON"),
        ([GOOD, "", "[]"], "line 3 isn't a JSON object"),
        ([{"answerable": True}], "line 1: 'question' is missing or isn't a text"),
        ([GOOD | {"question": " "}], "line 1: 'question' is empty"),
        ([GOOD | {"answerable": "yes"}], "line 1: 'answerable' is missing or isn't true or false"),
        ([GOOD | {"answers": "Kirby"}], "line 1: 'answers' is missing or isn't a list"),
        ([GOOD | {"answers": ["Kirby", ""]}], "line 1: 'answers' must be texts that aren't empty"),
        ([GOOD | {"answers": []}], "line 1 is answerable, so it needs"),
        ([GOOD | {"evidence": []}], "line 1 is answerable, so it needs"),
        ([GOOD | {"document": None}], "or no 'document' is given"),
        ([GOOD | {"evidence": [[5, 5]]}], "line 1: 'evidence' has [5, 5]"),
        ([GOOD | {"evidence": [[-1, 5]]}], "line 1: 'evidence' has [-1, 5]"),
        ([GOOD | {"evidence": [[0, 5, 9]]}], "line 1: 'evidence' has [0, 5, 9]"),
        ([GOOD | {"evidence": [["0", "5"]]}], "line 1: 'evidence' has"),
        ([UNANSWERABLE | {"answers": ["Kirby"]}], "line 1 is unanswerable, so"),
        (["who spoke?"], "line 1 isn't JSON"),
        (['{"data": 1', "}}"], "line 2 isn't JSON"),
        (["[" * 100_000], "line 1 can't be read as JSON"),
        (["[]"], "is neither JSON lines"),
        (["\n"], "has no questions"),
        ([{"data": []}], "has no questions"),
        ([{"data": {}}], "'data' is missing or isn't a list"),
        ([{"data": ["x"]}], "data[0] isn't a JSON object"),
        ([{"data": [{"title": "x"}]}], "data[0]: 'paragraphs' is missing or isn't a list"),
        ([squad(context=" ")], "data[0].paragraphs[0]: 'context' is empty"),
        ([squad(qa(), {"id": "q2"})], "data[0].paragraphs[0].qas[1]: 'question' is missing or isn't a text"),
        ([squad(qa(("Isis", 19), (3, 1)))], "qas[0].answers[1]: 'text' is missing or isn't a text"),  # type: ignore[arg-type]
    ],
)
def test_bad_files_are_told_in_one_line(tmp_path: Path, lines: list[object], told: str) -> None:
    path = written(tmp_path, *lines)
    with pytest.raises(GoldError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert told in message
    assert "\n" not in message


def test_files_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b"\n\xff\xfe")
    with pytest.raises(GoldError, match=r"gold\.jsonl: line 2 isn't UTF-8"):
        load(path)
    with pytest.raises(GoldError, match=r"absent\.jsonl can't be read: No such file"):
        load(tmp_path / "absent.jsonl")
    with pytest.raises(GoldError, match="can't be read"):
        load(tmp_path)
