"""Quotations: the seed article in full, the shapes that news gives them, and odd marks that never raise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief.formats import read, text
from askbrief.quotes import quotations
from askbrief.text.sentences import split_sentences
from askbrief.types import Quotation

SEED = Path(__file__).parents[1] / "seeds" / "000_0d06cd820be1c650.txt"
MACRON, KIRBY, PUTIN = "Emmanuel Macron", "John Kirby", "Vladimir Putin"
SEED_QUOTATIONS = [
    (
        "indirect",
        MACRON,
        "he wants to finalize the creation of a coalition of military instructors for Ukraine and begin "
        "Kyiv's EU accession talks by the end of the month",
    ),
    (
        "indirect",
        MACRON,
        "several of France’s partners had already agreed to take part in the coalition of instructors",
    ),
    (
        "direct",
        MACRON,
        "We will use the days to come to finalize the largest possible coalition to implement Ukraine's "
        "demand,",
    ),
    (
        "indirect",
        None,
        "he had signed paperwork allowing French military instructors to soon access Ukrainian training "
        "centers",
    ),
    ("mixed", None, "they would be a “legitimate target” for Russian armed forces"),
    (
        "mixed",
        KIRBY,
        "because of a recent infusion of U.S. aid, the Ukrainians have been able to “thwart Russian "
        "advances,” particularly around Kharkiv",
    ),
    ("direct", KIRBY, "The Russians really have kind of stalled out up there, basically,"),
    (
        "direct",
        KIRBY,
        "Their advance on Kharkiv is all but over because they ran into the first line of defenses of "
        "the Ukrainian armed forces and basically stopped, if not pulled back some units.",
    ),
    (
        "mixed",
        MACRON,
        "France “continues to support Ukraine in all areas, including on the European level by seeking "
        "to have the effective launch of membership negotiations by the end of the month.”",
    ),
    ("mixed", MACRON, 'France also wants an "irreversible path" to NATO membership for Ukraine'),
    ("indirect", MACRON, "France is on the side of peace"),
    ("indirect", MACRON, "it would not come through surrender"),
    (
        "direct",
        MACRON,
        "We are for peace, according to international law, which allows the people who are attacked to "
        "defend themselves,",
    ),
    (
        "mixed",
        PUTIN,
        "Russia is “ready for talks” with conditions, including taking into account the “realities of today”",
    ),
    ("mixed", PUTIN, "Ukraine’s leaders “have lost their legitimacy,”"),
    ("direct", PUTIN, "It seems like we are dealing with the usurpation of power,"),
    (
        "indirect",
        PUTIN,
        "whether Zelenskiy has the legitimacy to negotiate on Ukraine's behalf because his five-year "
        "term in office was supposed to end on May 20",
    ),
    (
        "indirect",
        "Volodymyr Zelenskiy",
        "his legitimacy is recognized and determined by the Ukrainian people",
    ),
    ("mixed", "Volodymyr Zelenskiy", "Putin's legitimacy “is recognized only by comrade Putin.\""),
]


def extracted(written: str) -> list[Quotation]:
    return list(quotations(written, split_sentences(written, tuple(text.paragraphs(written)))))


def told(written: str) -> list[tuple[str, str | None, str]]:
    return [(one.kind, one.name, written[one.start : one.end]) for one in extracted(written)]


def only(written: str) -> Quotation:
    (one,) = extracted(written)
    return one


def test_every_quotation_of_the_seed_article() -> None:
    document = read(SEED, "seed")
    found = quotations(document.text, split_sentences(document.text, document.paragraphs))
    assert [(one.kind, one.name, document.text[one.start : one.end]) for one in found] == SEED_QUOTATIONS


def test_cue_speaker_and_role_of_the_seed_article() -> None:
    written = read(SEED, "seed").text
    first, *_, added, also, surrender, peace = [one for one in extracted(written) if one.name == MACRON]
    assert (written[slice(*first.cue)], first.role) == ("says", "French President")
    assert added.speaker
    assert (written[slice(*added.cue)], written[slice(*added.speaker)]) == ("added", "He")
    assert (added.paragraph, added.sentences) == (11, (1, 1))
    assert also.cue < surrender.cue
    assert peace.speaker
    assert written[slice(*peace.speaker)] == "he"
    kirby = next(one for one in extracted(written) if one.name == KIRBY)
    assert kirby.role == "White House National Security Council spokesman"
    assert [one.polarity for one in extracted(written)].count("asked") == 1


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("“It is over,” Ann Lee said.", "It is over,"),
        ('"It is over," Ann Lee said.', "It is over,"),
        ("''It is over,'' Ann Lee said.", "It is over,"),
        ("‘It is over,’ Ann Lee said.", "It is over,"),
        ("«It is over», Ann Lee said.", "It is over"),
        ("„It is over“, Ann Lee said.", "It is over"),
        ("“It is over,\" Ann Lee said.", "It is over,"),
        ("“It is over,“ Ann Lee said.", "It is over,"),
        ("“He called it ‘over’ twice,” Ann Lee said.", "He called it ‘over’ twice,"),
        ("“He said “it is over” twice,” Ann Lee said.", "He said “it is over” twice,"),
        ("Ann Lee said: “It is over.”", "It is over."),
        ("Ann Lee told reporters on Friday, “It is over.”", "It is over."),
        ("“Is it over?” asked Ann Lee.", "Is it over?"),
        ("“Is it over?” Ann Lee asked the crowd.", "Is it over?"),
        ("“It is over,” according to Ann Lee.", "It is over,"),
        ("Said Ann Lee: “It is over.”", "It is over."),
        ("ANN LEE: It is over. We go home.", "It is over. We go home."),
        ("MS. LEE: It is over.", "It is over."),
    ],
)  # fmt: skip
def test_direct(written: str, content: str) -> None:
    one = only(written)
    assert (one.kind, written[one.start : one.end]) == ("direct", content)
    assert one.name in ("Ann Lee", "Lee")


@pytest.mark.parametrize(
    ("written", "kind", "content"),
    [
        ("Ann Lee said the war was “all but over” in May.", "mixed", "the war was “all but over” in May"),
        ("Ann Lee called it “a legitimate target.”", "mixed", "it “a legitimate target.”"),
        ("Ann Lee said on Friday in Berlin that it was over.", "indirect", "it was over"),
        ("Ann Lee told reporters it was over.", "indirect", "it was over"),
        ("According to Ann Lee, the war is over.", "indirect", "the war is over"),
        ("The war is over, according to Ann Lee.", "indirect", "The war is over"),
        ("The war is over, Ann Lee said on Friday.", "indirect", "The war is over"),
        ("Ann Lee, who leads the party, said it was over.", "indirect", "it was over"),
        ("Ann Lee asked whether it was over.", "indirect", "whether it was over"),
        ("Ann Lee went on to say that it was over.", "indirect", "it was over"),
        ("Ann Lee said the “war” was over.", "mixed", "the “war” was over"),
        ("When Ann Lee said it was over, the crowd left.", "indirect", "it was over"),
        ("Ann Lee pointed out in May that it was over.", "indirect", "it was over"),
        ("Sen. Ann Lee (D-R.I.), said after lunch that it was over.", "indirect", "it was over"),
        ("It was over, said Ann Lee, head of the office.", "indirect", "It was over"),
        ("The ministry had asked for more, Ann Lee said.", "indirect", "The ministry had asked for more"),
        ("Ann Lee dubbed him “the boss,” Berlin’s word for him.", "mixed", "him “the boss,”"),
        ("Ann Lee said it was “over,” but nobody left.", "mixed", "it was “over,”"),
    ],
)
def test_mixed_and_indirect(written: str, kind: str, content: str) -> None:
    one = only(written)
    assert (one.kind, one.name, written[one.start : one.end]) == (kind, "Ann Lee", content)


@pytest.mark.parametrize(
    "written",
    [
        "“It is over,” as Ann Lee put it.",
        "As Ann Lee put it, “It is over.”",
        "“It is over,” Ann Lee shot back.",
        "Ann Lee says to the voters of Ohio: “It is over.”",
    ],
)
def test_verbs_that_take_their_second_word_to_say(written: str) -> None:
    assert [(kind, name, content.strip(",.")) for kind, name, content in told(written)] == [
        ("direct", "Ann Lee", "It is over"),
    ]


@pytest.mark.parametrize(
    ("written", "content", "cue"),
    [
        ("Asked whether it was over, Ann Lee said yes.", "whether it was over", "Asked"),
        ("Ann Lee was asked by Bob Ray about the war.", "the war", "asked by Bob Ray"),
        ("“Yes,” Ann Lee said when asked if it was over.", "if it was over", "asked"),
    ],
)
def test_who_is_asked_does_not_ask(written: str, content: str, cue: str) -> None:
    (one,) = (one for one in extracted(written) if one.polarity == "asked")
    assert (written[one.start : one.end], written[slice(*one.cue)]) == (content, cue)
    assert one.name == ("Bob Ray" if "Bob" in cue else None)


def test_who_asked_is_not_who_said_what_came_before() -> None:
    assert told("“It is over,” Ann Lee said when Bob Ray asked her.") == [
        ("direct", "Ann Lee", "It is over,")
    ]


def test_what_a_text_says_is_nobody_elses() -> None:
    assert told("The petition accuses the mayor of “gross neglect.”") == [
        ("mixed", None, "the mayor of “gross neglect.”"),
    ]
    assert told("Ann Lee held up a letter that said, “It is over.”")[-1][2] == "It is over."


def test_words_in_marks_among_others_are_whose_paragraph_it_is() -> None:
    written = "“It is over,” Ann Lee said. But “nobody in the house will say when.” They saw “The War.”"
    assert told(written) == [
        ("direct", "Ann Lee", "It is over,"),
        ("direct", "Ann Lee", "nobody in the house will say when."),
    ]


def test_an_interrupted_quotation_is_two_with_one_cue() -> None:
    first, second = extracted("“It is over,” Ann Lee said. “We go home.”")
    assert (first.cue, first.speaker, first.name) == (second.cue, second.speaker, second.name)
    assert told("The war, Ann Lee said, is over.") == [
        ("indirect", "Ann Lee", "The war"),
        ("indirect", "Ann Lee", "is over"),
    ]


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    written = "“It is over,” Ann Lee said. “We go home.\n\n“And we are glad of it.”\n\nNobody came."
    assert told(written) == [
        ("direct", "Ann Lee", "It is over,"),
        ("direct", "Ann Lee", "We go home."),
        ("direct", "Ann Lee", "And we are glad of it."),
    ]


def test_what_a_colon_announces_is_in_the_next_paragraph() -> None:
    assert told("In May Ann Lee wrote to the party:\n\n“It is over.”\n")[-1] == (
        "direct", "Ann Lee", "It is over.",
    )  # fmt: skip


def test_whole_sentences_that_nobody_is_named_for() -> None:
    one = extracted("Nobody was there.\n\n“Nobody knows how it will end.”\n")[-1]
    assert (one.name, one.speaker, one.cue) == (None, None, (one.start - 1, one.start - 1))


@pytest.mark.parametrize(
    ("verb", "polarity"), [("said", "said"), ("denied", "denied"), ("asked", "asked"), ("noted", "said")]
)
def test_polarity(verb: str, polarity: str) -> None:
    assert only(f"Ann Lee {verb} that it was over.").polarity == polarity


@pytest.mark.parametrize(
    "written",
    [
        "The “elite” went home.",
        'The pipe was 12" wide and the board 6\'2" long.',
        "The ’90s were the workers’ decade of rock ’n’ roll.",
        "They watched “The Long War” in Berlin.",
        "Ann Lee did not say that it was over.",
        "Ann Lee was told that it was over.",
        "Ann Lee declined to comment.",
        "UPDATE: The war is over.",
    ],
)
def test_no_quotation(written: str) -> None:
    assert extracted(written) == []


def test_inches_close_no_quotation() -> None:
    written = '"The 12" pipe broke in May," Ann Lee said.'
    assert told(written) == [("direct", "Ann Lee", 'The 12" pipe broke in May,')]


INTRODUCED = "White House spokesman John Kirby met the Ukrainian president, Vera Moss, in Berlin.\n\n"


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Kirby said it was over. He added that they went home.", KIRBY),
        ("Kirby said it was over.\n\n“We go home,” he said.", KIRBY),
        ("“It is over,” the spokesman said.", KIRBY),
        ("The Ukrainian president said it was over.", "Vera Moss"),
        ("Moss said it was over.\n\nKirby agreed that it was. She said they went home.", "Vera Moss"),
        ("Mr. Kirby came home late.\n\n“It is over,” he said.", KIRBY),
        (
            "Kirby said it was over.\n\nThe minister said no more was to come. He added that it was late.",
            None,
        ),
        ("Officials said it was over.\n\nThe chancellor said they went home.", None),
        ("Kirby said it was over. She added that they went home.", None),
        ("Kirby said it was over. They added that it was late.", None),
        ("The French president said it was over.", None),
    ],
)
def test_whom_the_words_mean(sentence: str, name: str | None) -> None:
    assert extracted(INTRODUCED + sentence)[-1].name == name


@pytest.mark.parametrize(
    ("passage", "names"),
    [
        # by first names, forms of address, roles, and what a pronoun told before
        ("Anders Lind met Ewa Wolny. She said it rained. He said it was dry.", ["Ewa Wolny", "Anders Lind"]),
        ("Robin Lind met Kim Wolny. Ms Lind nodded. “It rained,” she said.", ["Robin Lind"]),
        ("Robin Lind, a spokesman for the port, met Kim Wolny, an actress. He said so.", ["Robin Lind"]),
        ("Robin Lind and his wife met Katarzyna Wolny. “It rained,” he said.", ["Robin Lind"]),
        ("“It rained,” said Robin Lind. She said it was late.\n\nAnders Berg came in. He left. He said so.",
         ["Robin Lind", "Robin Lind", "Anders Berg"]),
        # one who answers, and one who goes on
        ("Anders Lind accused Katarzyna Wolny of it. She denied it.", ["Anders Lind", "Katarzyna Wolny"]),
        ("Anders Lind accused Erik Berg of it. He denied it.", ["Anders Lind", None]),
        ("Anders Lind told Erik Berg it rained. He added that it was late.", ["Anders Lind", "Anders Lind"]),
        # two who fit
        ("Anders Lind met Erik Berg in Ulm. He said it rained.", [None]),
        ("Anders Lind and Erik Berg came. “It rained,” he said.", [None]),
        ("Robin Lind met Kim Berg. She said it rained.", [None]),
        # not whom the words are about
        ("Anders Lind rejected a claim by Erik Berg. Berg, he said, “was not there.”", ["Anders Lind"] * 2),
        ("Astrid Lind spoke. Erik Berg had left, she said.", ["Astrid Lind"]),
        # no places, and nobody who is unknown
        ("Anders Lind was in Stanley Park. He said it rained.", ["Anders Lind"]),
        ("A nurse said it rained. He added that it was late.", [None, None]),
    ],
)  # fmt: skip
def test_whom_a_pronoun_means(passage: str, names: list[str | None]) -> None:
    assert [one.name for one in extracted(passage)] == names


@pytest.mark.parametrize(
    ("passage", "names"),
    [
        ("Alan Marsh and Rita Marsh came. Mr Marsh said it rained. Marsh said so.", ["Alan Marsh", "Marsh"]),
        ("Alan King runs the port. King said it rained.", ["Alan King"]),
        ("Shadow trade minister Ann Lee came. The trade minister said it rained.", [None]),
        ("Vice president Ann Lee came. The president said it rained.", [None]),
        ("Trade minister Ann Lee came. The trade minister said it rained.", ["Ann Lee"]),
        ("The EBU said it rained. “It is late,” the union said.", ["EBU", "EBU"]),
    ],
)
def test_whom_a_surname_or_an_office_means(passage: str, names: list[str | None]) -> None:
    assert [one.name for one in extracted(passage)] == names


@pytest.mark.parametrize(
    ("written", "name", "role"),
    [
        ("Prime Minister Ann Lee said it was over.", "Ann Lee", "Prime Minister"),
        ("Ann Lee, a spokeswoman for the party, said it was over.", "Ann Lee", "spokeswoman for the party"),
        ("“It is over,” said Ann Lee, the minister.", "Ann Lee", "minister"),
        ("Mrs. Ann Lee said it was over.", "Ann Lee", None),
        ("Former Secretary of State Ann Lee said it was over.", "Ann Lee", "Former Secretary of State"),
        ("Mayor Bill de Blasio said it was over.", "Bill de Blasio", "Mayor"),
        ("President John F. Lee said it was over.", "John F. Lee", "President"),
        ("“It is over,” said J. R. van der Berg Jr.", "J. R. van der Berg Jr.", None),
        ("Prosecutor Ann Lee said it was over.", "Ann Lee", "Prosecutor"),
        ("Secretary-general Ann Lee said it was over.", "Ann Lee", "Secretary-general"),
        ("On Monday shadow trade minister Ann Lee said it was over.", "Ann Lee", "shadow trade minister"),
        ("The former acting harbour master Ann Lee said so.", "Ann Lee", "former acting harbour master"),
        ("The then trade secretary, Ann Lee, said it was over.", "Ann Lee", "then trade secretary"),
        ("“It is over,” said Ann Lee, the ex-mayor.", "Ann Lee", "ex-mayor"),
        ("Ann Lee, 45, a teacher, said it was over.", "Ann Lee", "teacher"),
        ("Tom Fox runs the port. On Friday Mr Fox said it was over.", "Tom Fox", None),
        ("The US said it was over.", "US", None),
    ],
)
def test_names_and_roles(written: str, name: str, role: str | None) -> None:
    one = only(written)
    assert (one.name, one.role) == (name, role)


@pytest.mark.parametrize(
    "written",
    [
        "“It is over, Ann Lee said.",
        "It is over,” Ann Lee said.",
        '"It is over," Ann Lee said. "We go.',
        "“““",
        "”“‘’'\"«»",
        "said",
        "“It is over,” ANN LEE SAID. “WE GO HOME.” OFFICIALS SAID NOTHING MORE.",
        "ANN LEE SAID THE WAR WAS OVER, ADDING THAT THEY WOULD GO.",
        ": “x”",
        "Ann Lee said:",
        "according to",
        "He said he said he said, she said.",
        "",
    ],
)
def test_unbalanced_and_odd(written: str) -> None:
    check(written)


def test_all_capitals() -> None:
    written = "“IT IS OVER,” ANN LEE SAID. “WE GO HOME.”"
    assert [written[one.start : one.end] for one in extracted(written)] == ["IT IS OVER,", "WE GO HOME."]


def check(written: str) -> None:
    """What holds of the quotations of any text."""
    cuts = split_sentences(written, tuple(text.paragraphs(written)))
    found = quotations(written, cuts)
    assert [one.start for one in found] == sorted(one.start for one in found)
    for one in found:
        inside = {cut.number: cut for cut in cuts if cut.paragraph == one.paragraph}
        first, last = one.sentences
        assert inside[first].start <= one.start < one.end <= inside[last].end
        assert written[one.start : one.end].strip() == written[one.start : one.end] != ""
        for start, end in filter(None, (one.cue, one.speaker)):
            assert 0 <= start <= end <= len(written)
        assert one.speaker is None or one.speaker[0] < one.speaker[1]


WORDS = [
    "said",
    "Ann",
    "Lee",
    "The",
    "he",
    "who",
    "saying",
    "and",
    "according",
    "to",
    "’s",
    "Mr.",
    "told",
    "asked",
    "that",
    "on",
    "Friday",
    "was",
    "NO",
    "denied",
]
PIECES = [*"“”\"'‘’«»„(),.;:?!—-: \n", "''", "``", "\n\n", '12" ', *(f"{word} " for word in WORDS)]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_news_like_string(written: str) -> None:
    check(written)


@given(st.text(max_size=200))
def test_any_string(written: str) -> None:
    check(written)
