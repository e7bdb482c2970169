"""Questions about who said what: told from others, put to whom they name, and refused where all is silent."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from askbrief import Index
from askbrief.english.names import KnownNames, NameMatcher
from askbrief.question import as_speaker_question
from askbrief.read.hit_sentences import hit_sentences
from askbrief.read.speaker_reader import described
from askbrief.types import Hit, Sentence, Source
from conftest import write

NAMES = (
    "Michael Howard", "Howard", "Steve Green", "Paul LeClerc", "White House", "Theresa May", "Rick May",
    "Willy De Clercq", "Cormac Murphy O'Connor", "Emmanuel Macron", "Sadako Ogata", "J. Ruiz", "Jan Žižka",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "who", "topic"),
    [
        ("what did Kirby say about Kharkiv", "Kirby", "Kharkiv"),
        ("What did the mayor of Ulm say on parking?", "mayor of Ulm", "parking"),
        ("What else did Lee say about it becoming law?", "Lee", "it becoming law"),
        ("did Macron mention NATO?", "Macron", "NATO"),
        ("Does Lee ever mention that rents rise?", "Lee", "rents rise"),
        ("has Lee commented on the rents", "Lee", "the rents"),
        ("Did Ann Lee say anything about the rents?", "Ann Lee", "the rents"),
        ("what is Putin's view of the talks about gas", "Putin", "the talks about gas"),
        ("What is Lee's position on Tom's plan for buses?", "Lee", "Tom's plan for buses"),
        ("Lee’s opinion of the rents", "Lee", "the rents"),
        ("what are the views of Ann Lee on rents?", "Ann Lee", "rents"),
        ("What is the view of Ann Lee?", "Ann Lee", ""),
        ("How does Lee see the rents?", "Lee", "the rents"),
        ("does Lee believe that rents will fall", "Lee", "rents will fall"),
        ("What did the lawyer say?", "lawyer", ""),
        ("what does Lee think the court will do", "Lee", "the court will do"),
        ("Who said that the advance is over?", None, "the advance is over"),
        ("who else has said rents fall", None, "rents fall"),
        ("Which senator expects lower rents?", None, "expects lower rents"),
        ("who blamed the weather for it", None, "blamed the weather for it"),
    ],
)
def test_who_is_asked_about_what(question: str, who: str | None, topic: str) -> None:
    asked = as_speaker_question(question)
    assert asked
    assert (asked.who, asked.topic) == (who, topic)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("what does Lee think the court will do", True),
        ("what does Lee want to buy", True),
        ("what does Lee think about the court", False),
        ("does Lee think the court will do it", False),
    ],
)
def test_one_thing_in_what_somebody_said(question: str, short: bool) -> None:
    asked = as_speaker_question(question)
    assert asked
    assert asked.short is short


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("Which judge said that rents fall?", "judge"),
        ("which Norland trade minister said rents fall", "Norland trade minister"),
        ("Who said that rents fall?", ""),
    ],
)
def test_what_whoever_is_asked_for_is(question: str, office: str) -> None:
    asked = as_speaker_question(question)
    assert asked
    assert (asked.who, asked.office) == (None, office)


@pytest.mark.parametrize(
    "question",
    [
        "When was the election?",
        "what does the article say about Crimea",
        "what did he say about it",
        "Which countries joined the coalition?",
        "Did the ferry sail?",
        "Who won?",
        "What did Lee announce?",
        "What president did Lee describe as weak in talk?",
        "According to Lee, how many came?",
        "",
    ],
)
def test_questions_for_other_things(question: str) -> None:
    assert as_speaker_question(question) is None


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("Howard", ["Michael Howard", "Howard"]),
        ("michael howard", ["Michael Howard", "Howard"]),
        ("Tory leader Michael Howard", ["Michael Howard", "Howard"]),
        ("James Howard", ["Howard"]),
        ("May", ["Theresa May", "Rick May"]),
        ("Prime Minister Theresa May", ["Theresa May"]),
        ("theresa may", ["Theresa May"]),
        ("De Clercq", ["Willy De Clercq"]),
        ("Cardinal O'Connor", ["Cormac Murphy O'Connor"]),
        ("the White House", ["White House"]),
        ("Steve Green of the police", ["Steve Green"]),
        ("Juan Ruiz", ["J. Ruiz"]),
        ("jan žižka", ["Jan Žižka"]),
        ("Makron", ["Emmanuel Macron"]),
        ("Sadako", ["Sadako Ogata"]),
        ("Ann Green", []),
        ("Stoltenberg", []),
        ("the president", []),
    ],
)
def test_who_is_meant(who: str, names: list[str]) -> None:
    assert NameMatcher().find(who, KnownNames(NAMES)) == names


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "speaker", "words"),
    [
        (
            "what did Kirby say about Kharkiv",
            "John Kirby",
            ["stalled out up there", "all but over", "thwart"],
        ),
        ("did Macron mention NATO?", "Emmanuel Macron", ["NATO membership"]),
        ("what is Putin's view of Ukraine's leaders", "Vladimir Putin", ["lost their legitimacy"]),
        ("What did president macron say about surrender?", "Emmanuel Macron", ["come through surrender"]),
    ],
)
def test_what_somebody_said(seeds_index: Path, question: str, speaker: str, words: list[str]) -> None:
    with Index.open(seeds_index) as index:
        found = index.ask(question)
    assert found.answered
    assert {citation.speaker for citation in found.citations} == {speaker}
    assert all(any(word in citation.text for citation in found.citations) for word in words)
    scores = [citation.score for citation in found.citations]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did the White House say about aid to Ukraine?", "thwart Russian advances"),
        ("what did Ukraine's top commander say?", "signed paperwork"),
        ("what does Macron say peace will not come through", "surrender"),
    ],
)
def test_what_a_body_or_an_office_said_and_one_thing_that_somebody_did(
    seeds_index: Path, question: str, words: str
) -> None:
    with Index.open(seeds_index) as index:
        found = index.ask(question)
    assert found.answered
    assert words in found.citations[0].text
    assert found.citations[0].speech


def test_a_sentence_leads_by_its_distance_from_what_others_say() -> None:
    text = "Rents rise."
    hits = [Hit(Source("1", "", "a", None, ""), 0, len(text), text, (Sentence(0, 11, 1, 1, "Lee"),), 0.0)]
    said = hit_sentences(hits)
    vectors = {"rents": (1.0, 0.0), text: (0.8, 0.6), "Rents fall.": (0.6, 0.8), "Rents!": (1.0, 0.0)}
    embedder: Any = SimpleNamespace(embed=lambda texts: np.array([vectors[one] for one in texts]))
    reader: Any = SimpleNamespace(candidates=lambda question, hits: [])
    for rivals, lead in (([], 0.8), (["Rents fall."], 0.2), (["Rents fall.", "Rents!"], -0.2)):
        (row,) = described("rents", said, rivals, hits, reader, embedder, {})
        assert row["lead"] == pytest.approx(lead)


@pytest.mark.model
def test_who_said_it(seeds_index: Path) -> None:
    with Index.open(seeds_index) as index:
        found = index.ask("Who said that the Russians have stalled?")
    assert found.answer == "Kirby"
    assert found.citations[0].speaker == "John Kirby"


@pytest.mark.model
def test_the_office_that_is_asked_for_comes_before_others(tmp_path: Path) -> None:
    brief = (
        "Mayor Bob Ray said that the pier must close.\n\nJudge Ann Lee came. The pier, she said, closes.\n"
    )
    Index.update([write(tmp_path / "news", {"pier.txt": brief})], tmp_path / "index")
    with Index.open(tmp_path / "index") as index:
        said = {who: index.ask(f"{who} said that the pier must close?") for who in ("Who", "Which judge")}
    assert said["Who"].citations[0].speaker == "Bob Ray"
    assert [each.speaker for each in said["Which judge"].citations] == ["Ann Lee"]


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "what did Kirby say about Odesa",
        "what did Stoltenberg say about NATO",
        "did Kirby mention the elections",
        "what is Zelenskiy's view of the instructors",
    ],
)
def test_what_somebody_never_said_is_refused_though_others_did(seeds_index: Path, question: str) -> None:
    with Index.open(seeds_index) as index:
        assert not index.ask(question).answered


@pytest.mark.model
def test_a_speaker_in_the_question_and_a_filter_are_both_kept(seeds_index: Path) -> None:
    with Index.open(seeds_index) as index:
        assert index.ask("what did Kirby say about Kharkiv", speaker="kirby").answered
        assert not index.ask("what did Kirby say about Kharkiv", speaker="Macron").answered
        assert not index.ask("what did Kirby say about Kharkiv", since="2030-01-01").answered
