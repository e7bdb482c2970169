"""Questions in parts, questions that lean on the one before, and topics."""

from __future__ import annotations

import pytest

from askbrief.question.antecedents import Asked
from askbrief.question.colloquial import in_plain_words
from askbrief.question.comparison import about, alternatives
from askbrief.question.follow_up import in_full, leans, part_in_full
from askbrief.question.intent import wants_list
from askbrief.question.office import asked_office, is_of_another
from askbrief.question.parts import parts
from askbrief.question.topic import asked_topic, keywords


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who won the Hollin vote and by how much?", ("Who won the Hollin vote?", "by how much?")),
        ("when and where did the envoys meet", ("when did the envoys meet?", "where did the envoys meet?")),
        (
            "How many people died in the Hollin fire and how many were hurt?",
            ("How many people died in the Hollin fire?", "how many were hurt in the Hollin fire?"),
        ),
        ("Who resigned, and why?", ("Who resigned?", "why?")),
        ("Who resigned, when, and why?", ("Who resigned?", "when?", "why?")),
        ("Did the quay close and, if so, when?", ("Did the quay close?", "when?")),
        ("Did the quay close? And if so, when?", ("Did the quay close?", "when?")),
        ("Which firm bought Ostra? What did it pay?", ("Which firm bought Ostra?", "What did it pay?")),
        (
            "How many people died and how many were hurt when the mast fell?",
            ("How many people died when the mast fell?", "how many were hurt when the mast fell?"),
        ),
    ],
)
def test_two_questions_in_one(question: str, asked: tuple[str, ...]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "What did the union and the council say?",
        "Who sold arms and ammunition?",
        "research and who pays for it",
        "Which report tells who came and who left?",
        "Does the report say who came and how people live there?",
        "What does Marsh say about who pays and who doesn't, and why, and when, and where?",
        "Who said that he came and that what he saw was true?",
        "",
        "and",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("before", "answer", "question", "full"),
    [
        (
            "What did Marsh say about Hollin?",
            None,
            "and what did he say about Ostra?",
            "what did Marsh say about Ostra?",
        ),
        (
            "who won the vote in Hollin?",
            "Ada Brandt",
            "What did she promise?",
            "What did Ada Brandt promise?",
        ),
        ("Who is the mayor of Hollin?", None, "what does he think?", "what does the mayor of Hollin think?"),
        ("Who bought Ostra?", "Velair", "what did they pay for it?", "what did Velair pay for Ostra?"),
        ("How many people live in Hollin?", "12", "what about Ostra?", "How many people live in Ostra?"),
        ("Where was the summit held?", "Lisbon", "who else was there?", "who else was in Lisbon?"),
        (
            "Why did Ada Brandt resign?",
            None,
            "When was her successor named?",
            "When was Ada Brandt’s successor named?",
        ),
        ("When did Ostra close its port?", "on Monday", "why?", "why Ostra close its port"),
        ("what did marsh say about taxes", None, "when did he say it?", "when did marsh say taxes?"),
        ("Who runs Ostra?", "Ada Brandt", "How large is the army?", "How large is the army?"),
    ],
)
def test_a_question_that_leans_on_the_one_before(
    before: str, answer: str | None, question: str, full: str
) -> None:
    assert in_full(question, [Asked(before, answer)]) == full


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and what about Ostra?", True),
        ("why?", True),
        ("what did he say?", True),
        ("who else was there?", True),
        ("What did Marsh say about his plan?", False),
        ("When does the ferry leave its port?", False),
        ("What did he say about Kyiv?", True),
        ("What did they pay?", True),
        ("When does the ferry sail?", False),
    ],
)
def test_leans(question: str, expected: bool) -> None:
    assert leans(question) is expected


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("anything on the floods?", "the floods"),
        ("Is there any news about Ada Brandt?", "Ada Brandt"),
        ("latest on the Hollin strike", "the Hollin strike"),
        ("what's new on Ostra", "Ostra"),
        ("what happened to the quay?", "the quay"),
        ("tell me about the harbour loan", "the harbour loan"),
        ("floods latest", "floods"),
        ("anything on it?", None),
        ("What did Marsh say about the floods?", None),
        ("How high was the flood?", None),
    ],
)
def test_topics(question: str, topic: str | None) -> None:
    assert asked_topic(question) == topic


@pytest.mark.parametrize("question", ["harbour loan", "Ada Brandt", "Hollin ferry strike pay"])
def test_keywords(question: str) -> None:
    assert keywords(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "who is he",
        "Is the port open",
        "port open?",
        "list of ministers",
        "the",
        "one two three four five six seven",
    ],
)
def test_no_keywords(question: str) -> None:
    assert keywords(question) is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who is the finance minister?", "finance minister"),
        ("who is Hollin's mayor", "mayor"),
        ("Who was the deputy governor of the bank?", "deputy governor"),
        ("who's the shadow chancellor now", "shadow chancellor"),
        ("Who is Ada Brandt?", None),
        ("Who is winning?", None),
        ("What is the mayor called?", None),
    ],
)
def test_an_office_whose_holder_is_asked_for(question: str, words: str | None) -> None:
    office = asked_office(question)
    assert (office.words if office else None) == words


@pytest.mark.parametrize(
    ("asked", "sentence", "another"),
    [
        ("Who is the finance minister?", "Finance minister Ada Brandt said so.", False),
        ("Who is the finance minister?", "The shadow finance minister, Ada Brandt, said so.", True),
        ("Who is the finance minister?", "Former Ostran finance minister Ada Brandt said so.", True),
        ("Who is the finance minister?", "Ada Brandt, deputy to finance minister Cole Marsh, left.", False),
        ("Who is the deputy mayor?", "Deputy mayor Ada Brandt said so.", False),
        ("Who is the mayor?", "Ada Brandt said so.", False),
    ],
)
def test_an_office_of_somebody_who_does_not_hold_it(asked: str, sentence: str, another: bool) -> None:
    office = asked_office(asked)
    assert office is not None
    assert is_of_another(office, sentence) is another


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Who coughed up two million quid?", "Who paid two million pounds?"),
        ("Telly boss QUITS", "television boss QUITS"),
        ("Did Bloke Ltd of Loo Street go bust?", "Did Bloke Ltd of Loo Street go bankrupt?"),
        ("When did the vote begin?", "When did the vote begin?"),
    ],
)
def test_colloquial_words(question: str, plain: str) -> None:
    assert in_plain_words(question) == plain


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which towns were flooded?", True),
        ("names of the ships that sank", True),
        ("which small coastal towns were flooded", True),
        ("On what terms did they settle?", False),
        ("What did Mrs Vogt earn?", False),
        ("Which business was sold?", False),
        ("What takes six weeks?", False),
        ("what causes floods", False),
        ("What causes were found?", True),
        ("what needs did the town have", True),
    ],
)
def test_lists(question: str, expected: bool) -> None:
    assert wants_list(question) is expected


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("Who spent more, Leda or Ostra?", ("Leda", "Ostra")),
        ("Was rainfall higher in May or in June?", ("in May", "in June")),
        ("where did sales drop further after the ban, New Hollin or Pell", ("New Hollin", "Pell")),
        ("Was rainfall in Hollin higher in May or in June?", ("in May", "in June")),
        ("Did the north or the south lose more homes?", ("the north", "the south")),
        ("is Hollin or Pell the larger", ("Hollin", "Pell")),
        ("Which is bigger Hollin or Pell?", ("Hollin", "Pell")),
        ("Which of Leda or Ostra is older?", ("Leda", "Ostra")),
        ("Did the prime minister or the chancellor speak longer?", ("the prime minister", "the chancellor")),
        ("Will trains or buses be cheaper", ("trains", "buses")),
        ("Did she say more or less?", None),
        ("Did he resign or was he sacked later?", None),
        ("Did the boat or the ferry arrive?", None),
        ("Was the summit in Hollin or Pell?", None),
        ("Did the minister speak in Hollin or in Pell?", None),
        ("Who is the member, Ada or Cole?", None),
        ("Did Leda lose more in May than in June, or less?", None),
        ("Is it better?", None),
    ],
)
def test_comparisons(question: str, compared: tuple[str, str] | None) -> None:
    assert alternatives(question) == compared


def test_a_comparison_asks_about_each_thing() -> None:
    assert about("Who spent more, Leda or Ostra?", "Leda") == "Who spent more, Leda?"
    assert about("Was rainfall higher in May or in June?", "in June") == "Was rainfall higher, in June?"


@pytest.mark.parametrize(
    ("question", "thing", "asked"),
    [
        ("Did the north or the south lose more homes?", "the north", "How many homes did the north lose?"),
        ("Has Leda or Ostra spent more on ferries?", "Ostra", "How much has Ostra spent on ferries?"),
        ("Which is bigger, Hollin or Pell?", "Pell", "How big is Pell?"),
        ("is Hollin or Pell the larger?", "Pell", "How large is Pell?"),
        ("were prices or wages higher in May?", "wages", "How high were wages in May?"),
        ("is Hollin or Pell the larger town?", "Pell", "is Pell the larger town?"),
    ],
)
def test_a_comparison_asks_for_the_figure_of_each_thing(question: str, thing: str, asked: str) -> None:
    assert about(question, thing) == asked


TALKS = (
    Asked("What did Petra Ilieva say about the pier?", "it would be rebuilt"),
    Asked("What did Bruno Weber see?", "wolves"),
)


@pytest.mark.parametrize(
    ("turns", "question", "full"),
    [
        (TALKS, "and what did she say about the cost?", "what did Petra Ilieva say about the cost?"),
        (TALKS, "what did he say?", "what did Bruno Weber say?"),
        (TALKS, "and what about her?", "What did Petra Ilieva see?"),
        ((Asked("Did John Hale meet Bill Reed?"),), "what did he say?", "what did he say?"),
        ((Asked("Did John Hale meet Ann Reed?"),), "what did he say?", "what did John Hale say?"),
        (
            (Asked("What did the mayor say?", "no", "Petra Ilieva"),),
            "and what did she want?",
            "what did the mayor want?",
        ),
        (
            (Asked("What did the mayor say?", "no", "Petra Ilieva"),),
            "What did he want?",
            "What did he want?",
        ),
        (
            (
                Asked("Where is the reservoir?", "Trento"),
                Asked("How many boats were lost in Varna?", "11"),
            ),
            "and there?",
            "How many boats were lost in Trento?",
        ),
        ((Asked("How many boats were lost in Varna?", "11"),), "in Pell?", "in Pell?"),
        (
            (Asked("How many boats were lost in Varna?", "11"),),
            "and in Pell?",
            "How many boats were lost in Pell?",
        ),
        (
            (Asked("Who resigned in France?", "Marc Leroy"),),
            "what happened there?",
            "what happened in France?",
        ),
        ((Asked("Who resigned in France?", "Marc Leroy"),), "is there a ferry?", "is there a ferry?"),
        (
            (Asked("Which factories of Leda closed?"),),
            "how many of them?",
            "how many factories of Leda closed",
        ),
        (
            (Asked("Did the refugees reach Hollin?"),),
            "how many of them were hurt?",
            "how many of the refugees were hurt?",
        ),
        (
            (
                Asked("What did the World Health Organization find?"),
                Asked("Who is Ann Lee?", "a doctor"),
            ),
            "when did it say that?",
            "when did the World Health Organization say that?",
        ),
        ((Asked("Which firm bought Ostra?", "Velair"),), "What did it pay?", "What did Velair pay?"),
        ((Asked("Did Velair Ltd buy Ostra Ltd?"),), "What did it pay?", "What did it pay?"),
        (
            (Asked("When did the Varna tunnel open?"),),
            "what did it cost?",
            "what did the Varna tunnel cost?",
        ),
        ((Asked("when did it open?"),), "what did it cost?", "what did it cost?"),
        ((Asked("Who is the mayor of Hollin?", "Ada Brandt"),), "what did he say?", "what did he say?"),
        ((Asked("Who is the mayor of Hollin?", "Ada Brandt"),), "who died there?", "who died in Hollin?"),
        ((Asked("Who were the buyers of the Savoy in London?"),), "who sold it?", "who sold Savoy?"),
    ],
)
def test_a_question_that_leans_on_any_earlier_one(turns: tuple[Asked, ...], question: str, full: str) -> None:
    assert in_full(question, turns) == full


@pytest.mark.parametrize(
    ("first", "part", "full"),
    [
        ("How much did the bridge cost?", "who paid?", "who paid, the bridge?"),
        ("when did the ferry sink?", "how many drowned?", "how many drowned, the ferry?"),
        ("Who won the Hollin vote?", "by what margin?", "by what margin won the Hollin vote"),
        ("Who won?", "who lost?", "who lost?"),
        ("when did it open?", "what did it cost?", "what did it cost?"),
        (
            "When did the council close the quay?",
            "what did it cost?",
            "what did it cost, council close the quay?",
        ),
        ("Where is the reservoir?", "how deep is it?", "how deep is the reservoir?"),
    ],
)
def test_a_part_takes_its_subject_from_the_first(first: str, part: str, full: str) -> None:
    assert part_in_full(part, Asked(first)) == full
