"""Who speaks where a reader takes it for granted: attitudes, offices, bodies, quotations that go on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from askbrief.formats import text
from askbrief.quotes import quotations
from askbrief.text.sentences import split_sentences
from askbrief.types import Quotation, Sentence
from growth import assert_linear


def found(written: str) -> tuple[Quotation, ...]:
    return quotations(written, split_sentences(written, tuple(text.paragraphs(written))))


def told(written: str) -> list[tuple[str | None, str]]:
    """Each quotation as who speaks and what."""
    return [(one.name, written[one.start : one.end]) for one in found(written)]


def voice(sentence: str, before: str = "") -> tuple[str | None, str | None]:
    """Name and role of the last quotation of a sentence that stands below another paragraph."""
    last = found(f"{before}\n\n{sentence}\n")[-1]
    return last.name, last.role


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("Ann Lee called the plans a disgrace.", "the plans a disgrace"),
        ("Ann Lee described the plans as reckless.", "the plans as reckless"),
        ("Ann Lee accused the port of hiding it.", "the port of hiding it"),
        ("Ann Lee compared the ferry to a raft.", "the ferry to a raft"),
        ("Ann Lee blamed the weather for the delay.", "the weather for the delay"),
        ("Ann Lee welcomed the new harbour.", "the new harbour"),
        ("Ann Lee has long backed a second bridge.", "a second bridge"),
        ("Ann Lee rejected the offer after a long night.", "the offer"),
        ("Ann Lee called for an inquiry.", "an inquiry"),
        ("Ann Lee expects the ferry to sail before June.", "the ferry to sail before June"),
        ("Ann Lee fears that the ferry is lost.", "the ferry is lost"),
        ("Ann Lee hopes to sail, saying nothing of the cost.", "to sail"),
        ("Ann Lee thinks the crew was tired.", "the crew was tired"),
        ("Ann Lee, editor of Harbour News, expects a late spring.", "a late spring"),
        ("Ann Lee, the chairwoman, who has led the yard since May, expects a late spring.", "a late spring"),
        ("Sailors met Ann Lee, who wants a second bridge.", "a second bridge"),
    ],
)
def test_attitudes_are_their_holders(sentence: str, content: str) -> None:
    assert ("Ann Lee", content) in told(sentence)
    assert {one.kind for one in found(sentence)} == {"indirect"}


@pytest.mark.parametrize(
    "sentence",
    [
        "A competition called the Silver Oar was held.",
        "Ann Lee called Bob Ray up on the stage at noon and left, backing away.",
        "The crew backed away from the pier.",
        "I want a boat.",
        "The ferry is expected to sail.",
        "It was opposed by the council.",
        "Ann Lee refused to comment.",
        "A liberal think tank closed.",
    ],
)
def test_no_attitude(sentence: str) -> None:
    assert [content for _, content in told(sentence) if "Bob Ray" not in content] == []


def test_who_closes_a_sentence_speaks_all_of_it() -> None:
    assert told("The port wants a second bridge and backs the toll, Ann Lee said.") == [
        ("Ann Lee", "The port wants a second bridge and backs the toll")
    ]


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Ann Lee supports the toll.", "supports"),
        ("Ann Lee does not support the toll.", "does not support"),
        ("Ann Lee never wanted the toll.", "never wanted"),
        ("Ann Lee opposes the toll.", "opposes"),
        ("Ann Lee does not oppose the toll.", "does not oppose"),
        ("Ann Lee rejected the offer.", "rejected"),
        ("Ann Lee doubts that the toll will last.", "doubts"),
    ],
)
def test_an_attitude_is_neither_said_nor_denied(sentence: str, cue: str) -> None:
    (one,) = found(sentence)
    assert (one.name, one.polarity, sentence[slice(*one.cue)]) == ("Ann Lee", "attitude", cue)


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("In a statement Bank of England governor Ann Lee said so.", "Ann Lee", "Bank of England governor"),
        ("MP Ann Lee said it was late.", "Ann Lee", "MP"),
        ("Ann Lee MP said it was late.", "Ann Lee", None),
        ("Judge Ann Lee QC said it was late.", "Ann Lee", "Judge"),
        ("Chief Constable Ann Lee said it was late.", "Ann Lee", "Chief Constable"),
        ("Fisheries Undersecretary Ann Lee said it was late.", "Ann Lee", "Fisheries Undersecretary"),
        ("“It is late,” said the harbour master’s lawyer, Ann Lee, on Friday.", "Ann Lee", None),
        ("“It is late,” said the minister, Ann Lee, on Friday.", "Ann Lee", "minister"),
        ("The union’s leader, Ann Lee, said it was late.", "Ann Lee", "leader"),
        ("Office for Coastal Trade chairwoman Ann Lee said it was late.", "Ann Lee", None),
        ("It came a day after Treasury Secretary Ann Lee said it was late.", "Ann Lee", "Treasury Secretary"),
        ("Treasury Secretary Ann Lee on Sunday said it was late.", "Ann Lee", "Treasury Secretary"),
        ("The Minister of Trade and Industry Ann Lee said it was late.", "Ann Lee", None),
        ("“It is late,” Rep. Ann Lee, D-Ohio, the chairwoman of the panel said at noon.", "Ann Lee", None),
        ("And the Gazette’s Ann Lee, with the fleet in Seaton, Norland said it was late.", "Ann Lee", None),
        ("Of a plan that some officials say is costly, Ann Lee said it was late.", "Ann Lee", None),
    ],
)  # fmt: skip
def test_names_and_the_offices_beside_them(sentence: str, name: str, role: str | None) -> None:
    given, office = voice(sentence)
    assert given == name
    assert role is None or office == role


def test_a_possessive_before_a_surname() -> None:
    before = "Nick Edwards of Harding Marsh sells ships."
    assert voice("“The price is wrong,” Harding Marsh’s Edwards said.", before)[0] == "Nick Edwards"
    assert voice("“The price is wrong,” the bank’s Edwards said.")[0] is None


def test_a_surname_that_is_a_nation() -> None:
    assert (
        voice("The ITA’s German said it was late.", "Michael German of the ITA came.")[0] == "Michael German"
    )
    assert voice("The German said it was late.", "A German came.")[0] is None


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("The Bank of Norland said rates would rise.", "Bank of Norland", None),
        ("A Coastal Agency spokesman said it was late.", "Coastal Agency", "spokesman"),
        ("A spokesman for the Coastal Agency said it was late.", "Coastal Agency", "spokesman"),
        ("Coastal Agency officials said it was late.", "Coastal Agency", "officials"),
        ("According to the NCA, it was late.", "NCA", None),
        ("The Pentagon said it was late.", "Pentagon", None),
        ("French officials said it was late.", None, None),
        ("US officials said it was late.", None, None),
        ("The ministry said it was late.", None, None),
        ("Ann Lee’s Coastal Agency critics said it was late.", None, None),
    ],
)
def test_bodies(sentence: str, name: str | None, role: str | None) -> None:
    assert voice(sentence) == (name, role)


def test_what_a_body_is_called_by() -> None:
    before = "The Coastal Ministry said fleets must wait."
    assert voice("The ministry said it was late.", before)[0] == "Coastal Ministry"
    assert voice("It added that fleets were safe.", before)[0] == "Coastal Ministry"
    assert voice("He added that fleets were safe.", before)[0] is None
    two = "The Coastal Ministry and the Foreign Ministry met."
    assert voice("The ministry said it was late.", two)[0] is None


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("Mr Lee said it was late. Mr Ray was angry at Mr Poe.", None),
        ("Mr Lee said it was late. Mr Ray was angry at Ms Poe.", "Ray"),
        ("Mr Lee and Mr Ray met in the harbour.", None),
        ("Mr Lee said it was late, and Mr Ray said it was early.", "Ray"),
        ("Tom Lee met Carol Ray in the harbour.", "Tom Lee"),
    ],
)
def test_whom_he_means_after_several_names(before: str, name: str | None) -> None:
    assert voice("He said the talks went well.", before)[0] == name


@pytest.mark.parametrize(
    "written",
    [
        "“We sail. We are late. It is cold,” Ann Lee said.",
        '"We sail. We are late. It is cold," Ann Lee said.',
        'Ann Lee said: "We sail. "We are late. It is cold."',
        "“We sail.\n\n“We are late.\n\n“It is cold,” Ann Lee said.",
        "Ann Lee said: “We sail.\n\n“We are late.\n\n“It is cold.”",
        "Ann Lee said the fleet was ready. “We sail. We are late. It is cold.”",
    ],
)
def test_a_quotation_that_goes_on_is_one_voice(written: str) -> None:
    spoken = [(name, content) for name, content in told(written) if "fleet" not in content]
    assert {name for name, _ in spoken} == {"Ann Lee"}
    words = " ".join(content for _, content in spoken)
    assert [words.count(part) for part in ("We sail", "We are late", "It is cold")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("“Nothing was decided,” said a FERA spokesman.", "FERA", "spokesman"),
        ("“He will come,” said a Corvo official, who declined to be named.", None, None),
        ("“It makes no money,” said FERA director of planning, Bob Ray.", "Bob Ray", None),
        ("“I'm not sure,” said Fenwick Partners (Asia) analyst Bob Ray.", "Bob Ray", "analyst"),
        ("“It rose,” said Senator Ann Lee (D-Wash.) on Friday.", "Ann Lee", "Senator"),
        ("“It is unfair,” Ann Lee, president and chief operating officer said.", "Ann Lee", None),
        ("On top of the deal with Tanzania Mr Brown said the port would pay.", "Brown", None),
        ("Ann Lee was plain: “The port will pay.”", "Ann Lee", None),
    ],
)
def test_a_name_in_an_office_is_not_who_speaks(sentence: str, name: str | None, role: str | None) -> None:
    (one,) = found(sentence)
    assert (one.name, one.role) == (name, role)


def test_a_day_before_the_verb_is_no_part_of_a_name() -> None:
    one = found("Corvo Inc said it would sell. Corvo today said it agreed.")[-1]
    assert one.speaker == (30, 35)


@pytest.mark.parametrize(
    "unnamed", ["A spokesman for the Northern Phono Industry", "A diver from Varna", "An official in Varna"]
)
def test_he_is_the_unnamed_man_who_spoke_last(unnamed: str) -> None:
    before = "Tom Lee opened the new pier in May."
    assert voice(f"{unnamed} said it was due. “Work is going on,” he said.", before) == (None, None)


@pytest.mark.parametrize(
    ("sentence", "name", "content"),
    [
        ("Lawyer Una Roy quoted Ida Marsh as saying: “I slept badly.”", "Ida Marsh", "I slept badly."),
        ("The Courier quoted prosecutor Bob Ray as saying it was late.", "Bob Ray", "it was late"),
        ("Bob Ray was quoted by the Courier as saying it was late.", "Bob Ray", "it was late"),
        ("The Courier cited her as saying it was late.", None, "it was late"),
        ("According to Bob Crane, Tim Finn had told him: “It is over.”", "Tim Finn", "It is over."),
        ("According to Bob Crane, the pier is unsafe.", "Bob Crane", "the pier is unsafe"),
    ],
)
def test_words_passed_on_are_of_who_said_them(sentence: str, name: str | None, content: str) -> None:
    assert told(sentence) == [(name, content)]


@pytest.mark.parametrize("tag", ["she said", "the Courier reported", "she said, and left"])
def test_a_tag_after_an_announced_quotation_names_nobody_else(tag: str) -> None:
    before = "Jane Hutt left in May."
    written = f"{before}\n\nKisrty Williams, for the tenants, added: “It will serve no purpose,” {tag}.\n"
    assert told(written) == [("Kisrty Williams", "It will serve no purpose,")]


@pytest.mark.parametrize("name", ["Theresa May", "Abe Long", "Bob Will", "Ann Still"])
def test_a_surname_may_be_an_auxiliary_or_an_adverb(name: str) -> None:
    assert told(f"The spokesman {name} said it was late.") == [(name, "it was late")]


def test_an_office_may_hold_an_owner_in_the_plural() -> None:
    assert voice("Ann Lee, the head of the nurses' union, said it was late.") == (
        "Ann Lee",
        "head of the nurses' union",
    )


def test_a_headlines_word_is_no_first_name() -> None:
    assert (
        voice("French prodigy Gael Marsh won. Marsh said he was glad.", "Prodigy Marsh wins")[0]
        == "Gael Marsh"
    )
    assert voice("Joy Marsh won with joy. Marsh said she was glad.", "Joy Marsh wins")[0] == "Joy Marsh"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Ann Lee said it was a step in the right direction but she told the Courier: “It is late.”",
            [("Ann Lee", "it was a step in the right direction"), ("Ann Lee", "It is late.")],
        ),
        (
            "Asked whether the pier would hold Ann Lee said: “It is late.”",
            [(None, "whether the pier would hold"), ("Ann Lee", "It is late.")],
        ),
        (
            "By contrast, Ann Lee of Fenwick Inc said the pier had not sunk as others have argued.",
            [("Ann Lee", "the pier had not sunk as others have argued")],
        ),
        (
            "But after the port had agreed to the plan, Ann Lee said it was late.",
            [(None, "to the plan"), ("Ann Lee", "it was late")],
        ),
        ("Ann Lee gave Bob Ray the prize of the best supporting actor in a play that won.", []),
    ],
)
def test_each_clause_has_its_own_voice(sentence: str, expected: list[tuple[str | None, str]]) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize(("asks", "name"), [("Bob Ray asked", "Bob Ray"), ("she asked", "Ann Lee")])
def test_a_quotation_of_several_sentences_is_told_once(asks: str, name: str) -> None:
    written = (
        f"Ann Lee said it was a “mess”. “I hope they come to see it soon. If they can't, who can?” {asks}."
    )
    assert told(written) == [
        ("Ann Lee", "it was a “mess”"),
        (name, "I hope they come to see it soon. If they can't, who can?"),
    ]


def test_a_relative_clause_ends_where_its_sentence_goes_on() -> None:
    assert told("Ann Lee, who says the ferry is late, warned that it was cold.") == [
        ("Ann Lee", "the ferry is late"),
        ("Ann Lee", "it was cold"),
    ]


def test_an_attitude_ends_where_the_main_clause_begins() -> None:
    assert told("As Bob Ray pushed for a toll, Ann Lee told reporters it was late.") == [
        ("Bob Ray", "a toll"),
        ("Ann Lee", "it was late"),
    ]


@pytest.mark.parametrize("unit", ["who backed the plan, ", "Lee, the chair said ", "does not want to, "])
def test_long_sentences_take_linear_time(unit: str) -> None:
    def work(times: int) -> Callable[[], object]:
        written = unit * times
        return lambda: quotations(written, [Sentence(0, len(written), 1, 1)])

    assert_linear(work, 400, 4_000)


def test_another_voice_ends_a_quotation() -> None:
    written = "“We sail,” Ann Lee said. Bob Ray said the fleet was late. “It is cold out there.”"
    assert told(written)[-1] == ("Bob Ray", "It is cold out there.")


def test_a_question_is_not_the_next_speakers() -> None:
    written = "“We sail,” said Ann Lee, a skipper. “Who else can?” “It is cold,” said Bob Ray, a cook."
    assert ("Ann Lee", "Who else can?") in told(written)


@pytest.mark.parametrize(
    "headline", ["Lee backs second bridge", "LEE SEES LATE SPRING", "Ferry lost, says Lee"]
)
def test_a_headline_is_no_speech(headline: str) -> None:
    assert told(f"{headline}\n\nAnn Lee came.\n") == []


@pytest.mark.parametrize(
    "signed", ["Reuter", "REUTER 3", "(Reporting by Ann Lee; Editing by Bob Ray)", "-- Ann Lee"]
)
def test_a_sign_off_is_no_speech(signed: str) -> None:
    assert told(f"The fleet sailed at noon.\n\n{signed}\n") == []


def declared(line: str, sentence: str) -> str:
    """What a new process prints of a sentence's quotations if ``line`` declares a verb."""
    program = """
import sys
from askbrief.english import lexicon

_, line, sentence = sys.argv
lexicon.load("reporting")["verbs"]["yodel"] = line
from askbrief.quotes import quotations
from askbrief.types import Sentence

for one in quotations(sentence, (Sentence(0, len(sentence), 1, 1),)):
    print(one.name, one.polarity)
"""
    command = [sys.executable, "-c", program, line, sentence]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("line", "sentence", "polarity"),
    [
        ("said speech", "Ann Lee yodels that it is late.", "said"),
        ("denied speech", "Ann Lee yodeled that it is late.", "denied"),
        ("asked speech telling", "Ann Lee yodeled reporters whether it is late.", "asked"),
        ("said speech | yodels yodelled yodelling", "Ann Lee yodelled that it is late.", "said"),
        ("denied stance", "Ann Lee yodeled claims of fraud.", "denied"),
        ("said stance +at +only", "Ann Lee yodels at the toll.", "attitude"),
    ],
)
def test_a_reporting_verb_is_one_line_of_data(line: str, sentence: str, polarity: str) -> None:
    assert found(sentence) == ()
    assert declared(line, sentence) == f"Ann Lee {polarity}\n"


def test_an_unknown_kind_of_verb_is_reported() -> None:
    assert re.search(r"ValueError: .*yodel .*loudly", declared("said loudly", "Ann Lee yodels."))
