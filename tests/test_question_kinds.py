"""Questions of each kind put to an archive: topics, follow-ups, offices, several at once, the newest."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.read.neural.passage_reader import enumerates
from askbrief.read.neural.span_decoding import Candidate
from askbrief.types import Answer, Hit, Sentence, Source
from conftest import Archive, Cli, write

OFFICES = {
    "2024-01-10-budget.txt": (
        "Budget agreed\n\nFinance minister Cole Marsh said on Wednesday that Ostra’s budget was agreed.\n"
    ),
    "2024-03-02-shadow.txt": (
        "Opposition objects\n\nThe shadow finance minister, Ines Vogt, said that the budget was too large.\n"
    ),
    "2024-06-01-new.txt": (
        "New minister\n\nFinance minister Ada Brandt said on Saturday that the budget would be smaller.\n"
    ),
}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Index:
    root = tmp_path_factory.mktemp("offices")
    return Index.build([write(root / "news", OFFICES)], root / "index", model=str(tiny_model))


@pytest.fixture(scope="module")
def briefs(made: Archive) -> Index:
    return Index.open(made.index)


def verbatim(index: Index, found: Answer) -> None:
    for citation in (*found.citations, *(c for part in found.parts for c in part.citations)):
        text = index.show(citation.document.id)[0].text
        assert text[citation.start : citation.end] == citation.text


@pytest.mark.parametrize(
    "question", ["anything on the harbour of Varna?", "harbour Varna", "tell me about the harbour"]
)
def test_a_topic_gets_a_digest(briefs: Index, question: str) -> None:
    found = briefs.ask(question)
    assert found.answered
    assert found.citations[0].document.source.endswith("harbour.txt")
    verbatim(briefs, found)


@pytest.mark.parametrize("question", ["anything on the Eurovision contest?", "volcano eruption ash"])
def test_a_topic_that_the_archive_lacks_is_refused(briefs: Index, question: str) -> None:
    found = briefs.ask(question)
    assert not found.answered
    assert not found.digest


def test_a_digest_has_one_sentence_of_each_document_the_newest_first(offices: Index) -> None:
    found = offices.ask("any news on the budget?")
    dates = [citation.document.date for citation in found.citations]
    assert found.digest
    assert offices.reading("any news on the budget?").spans == ()  # nothing was read for it
    assert dates == ["2024-06-01", "2024-03-02", "2024-01-10"]


def test_a_digest_leaves_out_what_only_mentions_its_topic(tmp_path: Path, tiny_model: Path) -> None:
    stories = {
        "2024-05-01-ferry.txt": "Ferry sinks\n\nThe ferry sank off Varna on Monday.\n",
        "2024-05-02-ferry.txt": "UPDATE 1-Ferry sinks\n\nThe ferry sank off Varna on Monday; two drowned.\n",
        "2024-06-01-mayor.txt": (
            "Holm to run for mayor\n\nEdda Holm will run for mayor in May.\n\n"
            "The poll was held in April.\n\nHolm once worked on a ferry.\n"
        ),
    }
    index = Index.build([write(tmp_path / "news", stories)], tmp_path / "index", model=str(tiny_model))
    found = index.ask("anything on the ferry?")
    assert found.digest
    assert [citation.document.date for citation in found.citations] == ["2024-05-02"]  # the newest copy
    only = index.ask("anything on Holm?")
    assert [citation.document.date for citation in only.citations] == ["2024-06-01"]


def test_a_follow_up_takes_its_names_from_the_question_before(briefs: Index) -> None:
    before = briefs.ask("What did Petra Ilieva say about the pier?")
    found = briefs.ask("and what did she say about the cost?", before=before)
    assert found.question == "and what did she say about the cost?"
    assert found.understood == "what did Petra Ilieva say about the cost?"
    assert all(citation.speaker == "Petra Ilieva" for citation in found.citations if found.answered)


def test_a_follow_up_takes_its_names_from_all_earlier_answers(briefs: Index) -> None:
    earlier = [briefs.ask("What did Petra Ilieva say about the pier?")]
    earlier.append(briefs.ask("What did Bruno Weber say about the wolves?"))
    found = briefs.ask("and what did she say about the cost?", before=earlier)
    assert found.understood == "what did Petra Ilieva say about the cost?"
    assert briefs.ask("and what did he say?", before=earlier).understood == "what did Bruno Weber say?"
    assert briefs.ask("and what did he say?", before=earlier[:1]).understood is None
    assert briefs.ask("and what did she say?", before=tuple(earlier)).understood is not None


def test_the_prompt_remembers_all_earlier_answers(
    made: Archive, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(
        [
            "What did Petra Ilieva say?",
            "What did Bruno Weber see?",
            "and what did she say about the cost?",
            "",
        ]
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    ran = cli("ask", "--index", made.index)
    assert "understood as: what did Petra Ilieva say about the cost?" in ran.err


@pytest.mark.parametrize(
    "question", ["asdf qwer zxcv", "blargh flonk?", "What did Blargh say about flonk?", "who is zzyzx qwrtp"]
)
def test_words_that_the_archive_does_not_know_are_refused(briefs: Index, question: str) -> None:
    found = briefs.ask(question, threshold=0.0)
    assert not found.answered
    assert found.confidence == 0
    assert found.citations
    assert briefs.reading(question).spans == ()


@pytest.mark.parametrize(
    "question",
    [
        "Ilyeva?",  # a misspelt name
        "harbors?",  # another spelling
        "wolfs",
        "blargh in Varna?",
        "what did blargh cost",  # a common word of English
    ],
)
def test_a_question_with_a_known_word_is_read(briefs: Index, question: str) -> None:
    reading = briefs.reading(question)
    assert reading.spans or reading.answer.digest


def test_an_alias_is_a_known_word(tmp_path: Path, tiny_model: Path) -> None:
    index = Index.build([write(tmp_path / "news", RAIN)], tmp_path / "index", model=str(tiny_model))
    assert index.reading("who is Zorp Qwix").spans == ()
    (tmp_path / "index" / "aliases.toml").write_text('[people]\n"Hollin" = ["Zorp Qwix"]\n', "utf-8")
    assert index.reading("who is Zorp Qwix").spans


def test_a_question_that_stands_by_itself_takes_nothing(briefs: Index) -> None:
    before = briefs.ask("What did Petra Ilieva say about the pier?")
    alone = briefs.ask("Why was the bridge at St. Gallen closed?")
    after = briefs.ask("Why was the bridge at St. Gallen closed?", before=before)
    assert after.understood is None
    assert dataclasses.replace(after, elapsed_ms={}) == dataclasses.replace(alone, elapsed_ms={})


def test_two_questions_in_one_are_answered_or_refused_each(briefs: Index) -> None:
    found = briefs.ask("Why was the bridge at St. Gallen closed and how tall is the tower of Pisa?")
    first, second = found.parts
    assert first.question == "Why was the bridge at St. Gallen closed?"
    assert found.answered is (first.answered or second.answered)
    assert not second.answered
    assert found.citations == (first.citations if first.answered else first.citations + second.citations)
    verbatim(briefs, found)


def test_the_spans_of_all_parts_lie_in_their_hits(briefs: Index) -> None:
    reading = briefs.reading("Why was the bridge at St. Gallen closed and what did Petra Ilieva say?")
    assert len(reading.answer.parts) == 2
    for span in reading.spans:
        hit = reading.hits[span.hit]
        assert hit.start <= span.start < span.end <= hit.end


def test_the_holder_of_an_office_is_the_newest_and_not_the_shadow(offices: Index) -> None:
    found = offices.ask("Who is the finance minister?")
    assert found.answered
    dates = [citation.document.date for citation in found.citations]
    assert dates[0] == "2024-06-01"
    assert "2024-03-02" not in dates
    assert found.answer is not None
    assert "Ada Brandt" in found.answer


def test_a_refusal_marks_the_nearest_words_and_says_how_near(briefs: Index, made: Archive, cli: Cli) -> None:
    found = briefs.ask("Who won the Eurovision contest in Varna?")
    assert not found.answered
    assert found.answer is None
    assert all(citation.answer is not None for citation in found.citations)
    verbatim(briefs, found)
    ran = cli("ask", "Who won the Eurovision contest in Varna?", "--index", made.index)
    assert ran.out.startswith("The archive does not say.")


def test_citations_are_numbered_and_parts_have_headings(made: Archive, cli: Cli) -> None:
    ran = cli("ask", "Why was the bridge closed and what did Petra Ilieva say?", "--index", made.index)
    assert "Why was the bridge closed?" in ran.out
    assert "what did Petra Ilieva say?" in ran.out
    assert "[1] " in ran.out


def test_names_that_the_question_lacks_speak_for_a_sentence_of_a_list() -> None:
    text = "Six factories of Leda closed. They were Leda Garments, Marsh Hats, Ostra Hats and Pell Landmark."
    first, second = Sentence(0, 29, 1, 1, None), Sentence(30, len(text), 1, 2, None)
    hit = Hit(Source("1", "Six factories close", "a.txt", None, ""), 0, len(text), text, (first, second), 1.0)
    question = "Which factories of Leda closed?"
    none, four = (
        enumerates(question, hit, Candidate(0, number, s.start, s.end, 0, 0, 0, 0))
        for number, s in enumerate((first, second))
    )
    assert none < 0 < four


RAIN = {
    "2024-06-01-may.txt": "Wet May\n\nRainfall in Hollin in May was 91 millimetres, experts said.\n",
    "2024-07-01-june.txt": "Dry June\n\nRainfall in Hollin in June was 12 millimetres, experts said.\n",
}


STORM = {
    "2024-03-01-storm.txt": (
        "Storm\n\nThe storm came on Monday.\n\nIn the north, 412 homes were lost, officials said.\n\n"
        "The south lost 97 homes and two bridges.\n"
    )
}


def test_each_side_of_a_comparison_is_cited_or_refused(tmp_path: Path, tiny_model: Path) -> None:
    index = Index.build([write(tmp_path / "news", STORM)], tmp_path / "index", model=str(tiny_model))
    found = index.ask("Did the north or the south lose more homes?", threshold=0.0)
    asked = [part.question for part in found.parts]
    assert asked == ["How many homes did the north lose?", "How many homes did the south lose?"]
    for part, own, other in zip(found.parts, ("north", "south"), ("south", "north"), strict=True):
        assert part.answered
        assert all(own in one.text or other not in one.text for one in part.citations)
    missing = index.ask("Did the north or the valley lose more homes?", threshold=0.0)
    assert [part.answered for part in missing.parts] == [True, False]
    assert missing.answered
    verbatim(index, found)


def test_a_comparison_cites_both_figures_and_claims_no_winner(tmp_path: Path, tiny_model: Path) -> None:
    index = Index.build([write(tmp_path / "news", RAIN)], tmp_path / "index", model=str(tiny_model))
    found = index.ask("Was rainfall in Hollin higher in May or in June?", threshold=0.0)
    assert len(found.parts) == 2
    assert {"91", "12"} <= {word for citation in found.citations for word in citation.text.split()}
    assert found.answer not in ("May", "June", "in May", "in June")
    verbatim(index, found)
