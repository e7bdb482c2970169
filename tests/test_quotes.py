"""Who speaks: the seed article in full, the shapes of attribution in news, and silence where unsure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from askbrief.formats import read, text
from askbrief.quotes import quotations, with_speakers
from askbrief.text.sentences import split_sentences
from askbrief.types import Sentence

SEED = Path(__file__).parents[1] / "seeds" / "000_0d06cd820be1c650.txt"
NAMED = {
    (1, 1): "Emmanuel Macron",
    (2, 1): "Emmanuel Macron",
    (3, 1): "Emmanuel Macron",
    (8, 1): "John Kirby",
    (9, 1): "John Kirby",
    (9, 2): "John Kirby",
    (10, 1): "Emmanuel Macron",
    (11, 1): "Emmanuel Macron",
    (12, 1): "Emmanuel Macron",
    (13, 1): "Emmanuel Macron",
    (14, 1): "Vladimir Putin",
    (15, 1): "Vladimir Putin",
    (16, 1): "Vladimir Putin",
    (17, 1): "Vladimir Putin",
    (19, 1): "Volodymyr Zelenskiy",
}


def voices(written: str) -> list[str | None]:
    found = split_sentences(written, tuple(text.paragraphs(written)))
    return [sentence.speaker for sentence in with_speakers(found, quotations(written, found))]


def voice(sentence: str, before: str = "") -> str | None:
    """Who speaks in a sentence that stands alone in its paragraph, after another paragraph."""
    return voices(f"{before}\n\n{sentence}\n")[-1]


def test_every_sentence_of_the_seed_article() -> None:
    document = read(SEED, "seed")
    found = split_sentences(document.text, document.paragraphs)
    told = with_speakers(found, quotations(document.text, found))
    assert {(one.paragraph, one.number): one.speaker for one in told if one.speaker} == NAMED


@pytest.mark.parametrize(
    "sentence",
    [
        "“It is over,” Ann Lee said.",
        "“It is over,” said Ann Lee, the minister.",
        "“It is over,” said the party’s deputy leader Ann Lee on Friday.",
        "''It is over,'' said Ms. Ann Lee.",
        'Then she paused. "It is over," Ann Lee told reporters.',
        "The war is over, according to Ann Lee.",
        "Prime Minister Ann Lee has repeatedly denied that it is over.",
        "White House spokeswoman Ann Lee told reporters that it is over.",
        "Ann Lee, a spokeswoman for the White House, said it was over.",
        "The minister’s lawyer, Ann Lee, said it was over.",
        "Sen. Ann Lee (D-Wash.) said it was over.",
        "Ann Lee of the Pentagon said it was over.",
        "In a speech to Congress, Ann Lee praised the army, adding that it was over.",
        "Officials had been told to wait, Ann Lee said.",
        "BERLIN, May 3 (Wire) - Ann Lee said it was over.",
        "“Bob Ray said it was over,” Ann Lee claimed.",
    ],
)
def test_named_source(sentence: str) -> None:
    assert voice(sentence) == "Ann Lee"


@pytest.mark.parametrize(
    "sentence",
    [
        "He said that Ann Lee was late.",
        "The minister said Ann Lee had told her so.",
        "Russia responded by saying that it was over.",
        "Ann Lee was told that it was over.",
        "Ann Lee did not say that it was over.",
        "Ann Lee’s lawyer said it was over.",
        "A lawyer for Ann Lee said it was over.",
        "According to a friend of Ann Lee, it was over.",
        "“Ann Lee said it was over.”",
        "Democrats and Republicans said it was over.",
        "Monday said nothing.",
        "On Sunday, he defended Ann Lee's views, saying it was over.",
        "The Ann Lee claims were dropped in the states.",
    ],
)
def test_unknown_rather_than_wrong(sentence: str) -> None:
    assert voice(sentence) is None


@pytest.mark.parametrize("short", ["Lee", "Mr. Lee", "President Lee"])
def test_the_fullest_name_of_the_document(short: str) -> None:
    assert voice(f"“It is over,” {short} said.", "President John F. Lee came to Berlin.") == "John F. Lee"


@pytest.mark.parametrize(
    "opener",
    [
        "On Monday",
        "Earlier this year",
        "Late last night",
        "Late Monday",
        "Two years ago",
        "In London",
        "In March last year",
    ],
)
def test_when_and_where_are_no_part_of_who_speaks(opener: str) -> None:
    assert voice(f"{opener} the Bank of England said it would wait.") == "Bank of England"


def test_an_article_in_capitals() -> None:
    assert voice("MAYOR ANN LEE SAID IT WAS OVER.") == "ANN LEE"
    assert voice("“IT IS OVER,” SEN. ANN LEE SAID.") == "ANN LEE"


def test_an_ambiguous_surname_is_of_one_person_only_if_nearly_all_full_names_are() -> None:
    before = "Hillary Clinton and Bill Clinton came. Hillary Clinton went."
    assert voice("“It is over,” Clinton said.", before) == "Clinton"
    assert voice("“It is over,” Clinton said.", f"{before} Hillary Clinton slept.") == "Hillary Clinton"


def test_a_quotation_goes_on_in_the_same_voice() -> None:
    assert voices("“It is over,” Ann Lee said. “We go home. We are glad.” The crowd went home.") == [
        "Ann Lee", "Ann Lee", "Ann Lee", None,
    ]  # fmt: skip
    assert voices("“We go home. We are glad,” Ann Lee said.") == ["Ann Lee", "Ann Lee"]
    assert voices("“It is over,” Ann Lee said.\n\n“Who knows?”\n") == ["Ann Lee", "Ann Lee"]
    assert voices("“Who knows?” Ann Lee asked.\n\n“I do.”\n") == ["Ann Lee", None]
    assert voices("“It is over,” Ann Lee said.\n\n“We go.” The crowd went home.\n") == ["Ann Lee", None, None]


WORDS = [
    "said",
    "Ann",
    "Lee",
    "The",
    "saying",
    "and",
    "according",
    "to",
    "who",
    "’s",
    "Mr.",
    "Jr.",
    "was",
    "told",
    "of",
    "x",
]


@given(st.lists(st.sampled_from([*"“”\"'’«»(),.-—: \n", *(f"{word} " for word in WORDS)])))
@example(["The ", "The ", ":"])
@example(["So ", "from ", ":"])
def test_odd_marks_never_raise(parts: list[str]) -> None:
    written = "".join(parts)
    found = [Sentence(0, len(written), 1, 1)]
    (one,) = with_speakers(found, quotations(written, found))
    assert (one.start, one.end) == (0, len(written))
    assert one.speaker is None or set(one.speaker.split()) <= {"Ann", "Lee", "Jr."}
