"""Who holds an office: of which country, now or before, and by the newest document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.english.countries import country, forms, named, without
from askbrief.english.lexicon import load
from askbrief.question.office import asked_office
from conftest import write


@pytest.mark.parametrize("words", ["France", "french", "France’s", "the French", "FRANCE'S"])
def test_a_country_is_a_name_a_possessive_or_a_demonym(words: str) -> None:
    assert country(words) == "France"


@pytest.mark.parametrize("words", ["Hollin", "the", "", "finance"])
def test_no_country(words: str) -> None:
    assert country(words) is None


def test_countries_of_a_text() -> None:
    text = (
        "The French and Germans met U.S. envoys in South Korea; turkey was served, and us Poles' ‘Dutch’ gin."
    )
    counted = {"France": 1, "Germany": 1, "United States": 1, "South Korea": 1, "Netherlands": 1}
    assert named(text) == counted
    assert without("French South Korean envoys") == "  envoys"


def test_no_word_is_of_two_countries() -> None:
    every = [form for name in load("countries") for form in forms(name)]
    assert len(every) == len({form.casefold() for form in every}) > 400


@pytest.mark.parametrize(
    ("question", "words", "of", "land", "present"),
    [
        ("who is the French foreign minister", "foreign minister", "", "France", True),
        ("who was the Prime Minister of France?", "Prime Minister", "France", "France", False),
        ("who is Britain's chancellor", "chancellor", "Britain's", "United Kingdom", True),
        ("who's the ex-mayor of Hollin now", "former mayor", "Hollin", None, False),
        ("who is the former German finance minister", "former finance minister", "", "Germany", False),
        ("who is the current South Korean president", "president", "", "South Korea", True),
    ],
)
def test_what_an_office_is_of(question: str, words: str, of: str, land: str | None, present: bool) -> None:
    office = asked_office(question)
    assert office is not None
    assert office.alone
    assert (office.words, office.of, office.country, office.present) == (words, of, land, present)


def test_an_office_whose_holder_something_else_tells() -> None:
    office = asked_office("Who is the minister who resigned?")
    assert office is not None
    assert not office.alone


NEWS = {
    "2023-01-10-budget.txt": (
        "Budget agreed\n\nFrench Finance Minister Bruno Roux said on Tuesday that the budget was agreed.\n"
    ),
    "2024-01-10-talks.txt": (
        "Talks in Paris\n\nFrance's new finance minister, Claire Dumas, met German officials on Wednesday. "
        "Finance minister Dumas said that Germany, Germany alone and no one but Germany would pay.\n"
    ),
    "2024-02-10-loans.txt": (
        "Britain borrows\n\nBritain will borrow more, Chancellor Ines Vogt told British reporters. "
        "The shadow chancellor, Tom Hale, objected. Former chancellor Ann Pell disagreed.\n"
    ),
    "2024-03-02-envoys.txt": (
        "Envoys meet\n\nThe acting French foreign minister, Guy Noir, met the deputy foreign minister, "
        "Lea Blanc. French foreign minister Marc Leroy was absent.\n"
    ),
    "2022-05-02-cabinet.txt": (
        "Cabinet of May\n\nJean Petit, the prime minister of France, resigned. "
        "Ex-prime minister Luc Merle was glad.\n"
    ),
    "2024-05-02-cabinet.txt": (
        "New cabinet\n\nAnne Grand was named Prime Minister of France on Monday. Paul Vieux, who was prime "
        "minister until 2019, welcomed it.\n"
    ),
    "2024-05-03-quay.txt": (
        "Quays closed\n\nThe mayor of Hollin, Ada Brandt, closed the quay. "
        "The mayor of Pell, Cole Marsh, did not.\n"
    ),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Index]:
    root = tmp_path_factory.mktemp("holders")
    files = write(root / "news", NEWS)
    with Index.build([files], root / "index", model=str(tiny_model)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "holders"),
    [
        ("who is the finance minister", ["Claire Dumas", "Bruno Roux"]),
        ("who is the French finance minister?", ["Claire Dumas", "Bruno Roux"]),
        ("who was France's finance minister", ["Bruno Roux"]),
        ("who is the chancellor of Britain", ["Ines Vogt"]),
        ("who was the UK chancellor", ["Ann Pell"]),
        ("who is the shadow chancellor", ["Tom Hale"]),
        ("Who is the French foreign minister?", ["Marc Leroy"]),
        ("who is the acting foreign minister of France", ["Guy Noir"]),
        ("who is the Prime Minister of France", ["Anne Grand", "Jean Petit"]),
        ("who was the prime minister of France", ["Paul Vieux", "Luc Merle", "Jean Petit"]),
        ("who is the mayor of Pell", ["Cole Marsh"]),
        ("who is Hollin's mayor now?", ["Ada Brandt"]),
        ("who is the PM of France?", ["Anne Grand", "Jean Petit"]),
    ],
)
def test_who_holds_an_office(index: Index, question: str, holders: list[str]) -> None:
    found = index.ask(question)
    assert found.answered
    named_ = [citation.answer.text for citation in found.citations if citation.answer]
    dates = [citation.document.date or "" for citation in found.citations]
    assert sorted(named_) == sorted(holders)
    assert named_[0] == found.answer == holders[0]
    assert dates == sorted(dates, reverse=True)
    for citation in found.citations:
        text = index.show(citation.document.id)[0].text
        assert text[citation.start : citation.end] == citation.text


@pytest.mark.parametrize(
    "question",
    ["Who is the German finance minister?", "who was Italy's foreign minister", "who is the Irish PM"],
)
def test_an_office_of_a_country_that_the_archive_does_not_know(index: Index, question: str) -> None:
    found = index.ask(question)
    assert not found.answered
    assert found.citations


def test_a_period_limits_whose_office_it_is(index: Index) -> None:
    found = index.ask("who is the French finance minister", until="2023-12-31")
    assert found.answer == "Bruno Roux"


def test_newer_documents_are_searched_until_none_names_a_holder(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askbrief.answering.office_holders.PASSAGES", 2)
    news = {
        f"2024-0{month}-01-port.txt": f"Port\n\nPort master {name} said so.\n{'Boats sank. ' * month * 9}\n"
        for month, name in enumerate(("Ada Brandt", "Ines Vogt", "Tom Hale", "Ann Pell", "Cole Marsh"), 1)
    }
    with Index.build([write(tmp_path / "news", news)], tmp_path / "index", model=str(tiny_model)) as opened:
        assert opened.ask("who is the port master?").answer == "Cole Marsh"
