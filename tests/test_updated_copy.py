"""Updated stories: what a later version says is cited first, and what it supersedes says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from askbrief.answering.compose import Policy, compose, ranked, updated
from askbrief.answering.superseded import Stories, edition, is_update
from askbrief.question import asked_day
from askbrief.types import Answer, AnswerText, Citation, Document, Hit, Sentence, Source, Span

FIRST = "A ferry hit the pier at Oster on Sunday and injured seven passengers, the coast guard said."
SECOND = "A ferry hit the pier at Oster on Sunday and injured nine passengers, the coast guard said."
REST = (
    " The ferry, built in 1994, had 240 people on board. It was on its way from Lund to Oster in calm"
    " weather, and its captain had sailed the route for 11 years. The harbour was closed for the night,"
    " and divers looked at the hull in the morning. The company that runs the line has four such ferries"
    " and carried 900,000 people."
)


def hit(name: str, text: str, date: str | None, title: str = "Ferry hits pier", group: int | None = 1) -> Hit:
    source = Source(name, title, f"{name}.txt", date, "0")
    end = text.index(".") + 1
    return Hit(source, 0, len(text), text, (Sentence(0, end, 1, 1),), 1.0, duplicate_group=group)


def answered(hits: list[Hit], words: dict[str, str], scores: dict[str, float]) -> Answer:
    """The answer to a question, if the words are read in the documents with these scores."""
    spans = []
    for number, each in enumerate(hits):
        start = each.text.index(words[each.document.id])
        spans.append(Span(number, start, start + len(words[each.document.id]), scores[each.document.id]))
    found = compose("how many were injured?", hits, spans, Policy(0.5))
    copies = {each.document.id: [(h, True) for h in hits if h is not each] for each in hits}
    stories = Stories(
        hits, lambda id_: copies[id_] if hits[0].duplicate_group else [], lambda id_: document(hits, id_)
    )
    return updated(found, hits, ranked(hits, spans), stories)


def document(hits: list[Hit], id_: str, **details: str) -> Document:
    (found,) = (each for each in hits if each.document.id == id_)
    about = found.document
    return Document(id_, about.source, about.title, found.text, "0", (), about.date, details=details)


def pair(**later: Any) -> list[Hit]:
    kept: dict[str, Any] = {"date": "2024-06-04", "title": "Ferry hits pier", "group": 1} | later
    return [hit("old", FIRST + REST, "2024-06-03", group=kept["group"]), hit("new", SECOND + REST, **kept)]


WORDS = {"old": "seven passengers", "new": "nine passengers"}


@pytest.mark.parametrize("new", [0.9, 0.5])
def test_the_later_version_is_cited_first_and_the_earlier_says_so(new: float) -> None:
    found = answered(pair(), WORDS, {"old": 0.8, "new": new})
    assert [c.document.id for c in found.citations] == ["new", "old"]
    assert found.answer == "nine passengers"
    assert found.confidence == new
    assert [c.superseded for c in found.citations] == [
        None,
        "superseded: the version of June 4 says “nine passengers”",
    ]


def test_what_the_reader_passed_over_is_said_in_the_words_of_the_sentence() -> None:
    found = answered(pair(), WORDS, {"old": 0.8, "new": 0.1})
    assert [c.document.id for c in found.citations] == ["old"]
    assert found.citations[0].superseded == f"superseded: the version of June 4 says “{SECOND}”"


def test_what_a_later_version_repeats_is_not_superseded() -> None:
    words = {"old": "the coast guard", "new": "the coast guard"}
    found = answered(pair(), words, {"old": 0.8, "new": 0.7})
    assert [c.superseded for c in found.citations] == [None, None]
    assert found.citations[0].document.id == "old"


@pytest.mark.parametrize("date", ["2024-06-03", "2024-06-02", "2024-09-01", "2024-06", None])
def test_only_a_later_day_supersedes(date: str | None) -> None:
    found = answered(pair(date=date), WORDS, {"old": 0.8, "new": 0.7})
    assert not any(c.superseded for c in found.citations if c.document.id == "old")


def test_of_one_day_the_number_of_the_version_decides() -> None:
    hits = pair(date="2024-06-03", title="UPDATE 2-Ferry hits pier")
    found = answered(hits, WORDS, {"old": 0.8, "new": 0.7})
    assert found.citations[1].superseded == (
        "superseded: the later version “UPDATE 2-Ferry hits pier” says “nine passengers”"
    )


def test_an_update_with_many_new_figures_is_known_by_its_words() -> None:
    found = answered(pair(group=None), WORDS, {"old": 0.8, "new": 0.7})
    assert found.citations[0].document.id == "new"
    assert found.citations[1].superseded


CORRECTED = (
    "The line lost its licence after four of its six boats failed.\n\n"
    "Correction, June 5: An earlier version of this said four boats failed. The coast guard found three."
)


@pytest.mark.parametrize("place", ["four of its", "four boats failed"])
def test_a_correction_below_a_story_supersedes_what_it_names(place: str) -> None:
    text = CORRECTED
    start, note = text.index(place), text.index("Correction")
    source = Source("a", "Licence", "a.txt", "2024-06-03", "0")
    told = Citation(
        text, start, start + 4, 1, (1, 1), AnswerText("four", start, start + 4), None, 0.9, source
    )
    found = Document("a", "a.txt", "Licence", text, "0", ((0, note - 2), (note, len(text))), "2024-06-03")
    stories = Stories([], lambda _: [], lambda _: found)
    change = stories.change(told, [])
    assert change
    assert (change.said, change.version) == ("The coast guard found three.", "a correction of the story")
    assert stories.change(replace(told, start=0, answer=AnswerText("six", 0, 3)), []) is None


def test_two_reports_in_one_form_are_no_versions() -> None:
    form = (
        "Shares in Oster closed {0} percent higher on {1}, led by banks, as {2} stocks rose and {3} fell{4}."
    )
    rest = " The index of the exchange ended at {0} points, after {1} the day before, in trade of {2} kroner."
    texts = [
        form.format(1.2, "Monday", 34, 20, "") + rest.format(4012, 3964, "2.1 bn"),
        form.format(0.7, "Tuesday", 31, 22, "") + rest.format(4040, 4012, "1.8 bn"),
    ]
    hits = [hit("a", texts[0], "2024-06-03", "Shares rise"), hit("b", texts[1], "2024-06-04", "Shares rise")]
    assert not is_update(document(hits, "b"), document(hits, "a"))


def test_one_identifier_makes_versions_of_any_words() -> None:
    hits = [hit("a", "Seven were hurt.", "2024-06-03"), hit("b", "Nobody was, after all.", "2024-06-04")]
    old, new = (document(hits, name, guid="urn:newsml:x") for name in "ab")
    assert is_update(new, old)
    assert not is_update(replace(new, details={"guid": "urn:newsml:y"}), old)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Ferry hits pier", 0),
        ("UPDATE 3-Ferry hits pier", 3),
        ("CORRECTED-UPDATE 2-Ferry hits pier", 2),
        ("Update: Ferry hits pier", 1),
        ("Ferry hits pier (2nd lead)", 2),
        ("Ferry hits pier [corrected]", 1),
        ("Lead poisoning hits pier", 0),
        ("Update on the pier", 0),
    ],
)
def test_the_number_of_a_version_is_in_its_headline(title: str, number: int) -> None:
    assert edition(Source("1", title, "s", "2024-06-03", "0")).number == number


@pytest.mark.parametrize(
    ("question", "day", "topic"),
    [
        ("What happened on June 4?", "2024-06-04", None),
        ("what happened in Oster on 4 June 2024?", "2024-06-04", "Oster"),
        ("On June 4th, what happened?", "2024-06-04", None),
        ("What was in the news on 2023-06-04?", "2023-06-04", None),
        ("What happened on June 5?", None, None),
        ("what happened on the 4th of June, 2020?", None, None),
    ],
)
def test_questions_for_the_news_of_a_day(question: str, day: str | None, topic: str | None) -> None:
    asked = asked_day(question)
    assert asked
    assert asked.among(["2023-06-04", "2024-06-04", "2024-06", None]) == day
    assert asked.topic == topic


@pytest.mark.parametrize(
    "question", ["What happened to the ferry?", "When did the ferry hit the pier?", "June 4"]
)
def test_other_questions_ask_for_no_day(question: str) -> None:
    assert asked_day(question) is None
