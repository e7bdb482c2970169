"""Where words begin and end, and speakers apart from what they say: signatures, labels, transcripts."""

from __future__ import annotations

import pytest

from askbrief.formats import markdown, text
from askbrief.quotes import quotations
from askbrief.text.sentences import split_sentences
from askbrief.types import Extent, Quotation


def found(written: str, paragraphs: tuple[Extent, ...] | None = None) -> tuple[Quotation, ...]:
    extents = paragraphs or tuple(text.paragraphs(written))
    return quotations(written, split_sentences(written, extents))


def told(written: str) -> list[tuple[str | None, str | None, str]]:
    return [(one.name, one.role, written[one.start : one.end]) for one in found(written)]


def told_in_markdown(written: str) -> list[tuple[str | None, str | None, str]]:
    paragraphs = tuple(markdown.read(written.encode(), "x.md").paragraphs)
    return [(one.name, one.role, written[one.start : one.end]) for one in found(written, paragraphs)]


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("Ann Lee said Sicily was dry.", "Sicily was dry"),
        ("Ann Lee said Emily would resign.", "Emily would resign"),
        ("Ann Lee told reporters July was dry.", "July was dry"),
        ("Ann Lee said supply was low.", "supply was low"),
        ("Ann Lee said yearly losses had doubled.", "yearly losses had doubled"),
        ("Ann Lee said quietly that it was late.", "it was late"),
        ("Ann Lee said that was “late.”", "that was “late.”"),
    ],
)
def test_words_that_end_like_adverbs(sentence: str, content: str) -> None:
    assert told(sentence) == [("Ann Lee", None, content)]


def test_names_that_end_like_adverbs_speak() -> None:
    (one,) = found("Connolly said it was late.")
    assert one.speaker == (0, 8)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The pier is unsafe, a diver who examined it said.", "a diver who examined it"),
        ("“The pier is unsafe,” a diver who saw the crack says.", "a diver who saw the crack"),
        ("Neighbours who heard it said the pier was unsafe.", "Neighbours who heard it"),
        ("“The pier is unsafe,” said the diver who found it, Bob Ray.", "the diver"),
    ],
)
def test_a_relative_clause_is_part_of_who_speaks(sentence: str, speaker: str) -> None:
    (one,) = found(sentence)
    assert one.speaker
    assert sentence[slice(*one.speaker)] == speaker


@pytest.mark.parametrize(
    ("sentence", "kind", "content"),
    [
        ("“We go on,” the port's manager, Bob Ray, said.", "direct", "We go on,"),
        ("“We go on,” the port’s finance chief, Bob Ray, told reporters.", "direct", "We go on,"),
        ("The pier is unsafe, the port's manager, Bob Ray, said.", "indirect", "The pier is unsafe"),
        ("“Nobody asked,” said her brother, Bob Ray.", "direct", "Nobody asked,"),
    ],
)
def test_the_office_before_a_name_is_part_of_who_speaks(sentence: str, kind: str, content: str) -> None:
    (one,) = found(sentence)
    assert (one.name, one.kind, sentence[one.start : one.end]) == ("Bob Ray", kind, content)


def test_a_firm_beside_its_name_is_no_person() -> None:
    assert [one.name for one in found("“We go on,” said the ferry company, Velair Holdings.")] == [None]


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("Ann Lee said the toll was 'a bad joke'.", "the toll was 'a bad joke'"),
        ("Ann Lee said the toll was 'absurd', and left.", "the toll was 'absurd', and left"),
        ("Ann Lee said the crews' pay was 'late' and their food 'cold'.",
         "the crews' pay was 'late' and their food 'cold'"),
        ("Ann Lee called it 'a farce' and 'a sham' and left.", "it 'a farce' and 'a sham'"),
    ],
)  # fmt: skip
def test_single_marks_are_whole(sentence: str, content: str) -> None:
    (one,) = found(sentence)
    assert (one.kind, sentence[one.start : one.end]) == ("mixed", content)


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("Ann Lee said the toll was “a mess” in a statement on Friday.", "the toll was “a mess”"),
        ("Ann Lee said the pier was safe, but Bob Ray did not say when.", "the pier was safe"),
        ("Ann Lee said the pier was safe, but the crew left.", "the pier was safe, but the crew left"),
        ("The pier is safe, Ann Lee said, including the steps.", "The pier is safe"),
    ],
)
def test_where_words_end(sentence: str, content: str) -> None:
    assert told(sentence)[0] == ("Ann Lee", None, content)


def test_a_name_and_a_colon_speak_the_sentence() -> None:
    assert told("Ann Lee: The pier is unsafe and will close.") == [
        ("Ann Lee", None, "The pier is unsafe and will close")
    ]


@pytest.mark.parametrize(
    "tag",
    [
        "said Ann Lee.",
        "said a police spokeswoman.",
        "a police spokeswoman said.",
        "Lee told reporters on Monday.",
        "according to Ann Lee.",
    ],
)
def test_a_quotation_that_is_not_closed_ends_before_who_speaks(tag: str) -> None:
    first = told(
        f"“The pier is closed until noon, {tag} The crew went home.\n\n“We are tired,” Bob Ray said."
    )[0]
    assert (first[0] != "Bob Ray", first[2]) == (True, "The pier is closed until noon,")


def test_an_apostrophe_makes_nothing_mixed() -> None:
    assert [one.kind for one in found("Ann Lee said it was the crews' plan.")] == ["indirect"]


WORDS = "It was the right thing to do."


@pytest.mark.parametrize(
    ("written", "name", "role"),
    [
        (f"“{WORDS}” —Ann Lee, chair of the board", "Ann Lee", "chair of the board"),
        (f'"{WORDS}" - Mayor Ann Lee', "Ann Lee", "Mayor"),
        (f"“{WORDS}”\n\n— Ann Lee, Port of Milden", "Ann Lee", "Port of Milden"),
        (f"“{WORDS}” — Ann Lee (@annlee) May 4, 2021", "Ann Lee", None),
        (f"From Senator Ann Lee:\n\n“{WORDS}”", "Ann Lee", "Senator"),
        (f"And from the board's Ann Lee (D-Ohio):\n\n“{WORDS}”", "Ann Lee", None),
        (f"Mayor Ann Lee issued the following statement:\n\n“{WORDS}”", "Ann Lee", "Mayor"),
        (f"Ann Lee (@annlee): “{WORDS}”", "Ann Lee", None),
        (f"Ann Lee left. But told Harbour News: “{WORDS}”", None, None),
    ],
)
def test_speakers_apart_from_what_they_say(written: str, name: str | None, role: str | None) -> None:
    assert told(written) == [(name, role, WORDS)]


def test_a_dash_before_a_clause_signs_nothing() -> None:
    assert told(f"“{WORDS}” - which was what they wanted") == []


def test_a_list_below_a_quotation_signs_nothing() -> None:
    written = f"“{WORDS}”\n\n- Ann Lee, chair\n\n- Bob Ray, deputy\n"
    assert [name for name, _, _ in told(written)] == [None]


def test_a_signature_is_not_who_spoke_before() -> None:
    written = f"“Yes,” said Ann Lee.\n\n“{WORDS}”\n\n— Bob Ray, lawyer"
    assert told(written)[-1] == ("Bob Ray", "lawyer", WORDS)


def test_emphasis_is_no_part_of_a_name() -> None:
    written = f'- **Ann Lee**, rowers\' club: "{WORDS}"\n- *Bob Ray:* "We go on and on."\n'
    assert told_in_markdown(written) == [
        ("Ann Lee", "rowers' club", WORDS),
        ("Bob Ray", None, "We go on and on."),
    ]


@pytest.mark.parametrize("marks", ["“{}”", "{}"])
def test_a_block_quote_is_its_signers(marks: str) -> None:
    written = f"# Voices\n\nIt was a long day.\n\n> {marks.format(WORDS)}\n>\n> — Ann Lee, lawyer\n"
    assert told_in_markdown(written) == [("Ann Lee", "lawyer", WORDS)]


INTERVIEW = """# On the pier

Ann Lee runs the pier{}.

**Why did you stay?**

I had nowhere to go.

**Would you stay again?**

Never.
"""


def test_answers_to_questions_in_bold() -> None:
    assert [(name, words) for name, _, words in told_in_markdown(INTERVIEW.format(""))] == [
        ("Ann Lee", "I had nowhere to go."),
        ("Ann Lee", "Never."),
    ]


def test_nobody_answers_where_two_may() -> None:
    assert told_in_markdown(INTERVIEW.format(" with Bob Ray")) == []


def speakers(written: str) -> list[tuple[str | None, str, str]]:
    return [
        (one.name, written[slice(*(one.speaker or (0, 0)))], written[one.start : one.end])
        for one in found(written)
    ]


def test_a_court_transcript() -> None:
    written = (
        "THE CLERK: All rise.\n\nTHE COURT: Be seated.\n\nMR. LEE: Thank you.\n\nTHE WITNESS: I saw it.\n"
    )
    assert speakers(written) == [
        (None, "THE CLERK", "All rise."),
        (None, "THE COURT", "Be seated."),
        ("Lee", "MR. LEE", "Thank you."),
        (None, "THE WITNESS", "I saw it."),
    ]


def test_a_briefing_goes_on_without_labels() -> None:
    written = (
        "MS. LEE:  Good morning.\n\nWe start late.\n\nQ    When?\n\n(Laughter.)\n\nMS. LEE:  At noon.\n\n"
        "END 3:04 P.M.\n"
    )
    assert [(name, words) for name, _, words in speakers(written)] == [
        ("Lee", "Good morning."),
        ("Lee", "We start late."),
        (None, "When?"),
        ("Lee", "At noon."),
    ]


def test_who_asks_is_not_who_answers() -> None:
    written = "Harbour News: Why?\n\nAnn Lee: I had to.\n\nHarbour News: Why so late?\n\nLee: I slept.\n"
    assert [(name, words) for name, _, words in speakers(written)] == [
        (None, "Why?"),
        ("Ann Lee", "I had to."),
        (None, "Why so late?"),
        ("Ann Lee", "I slept."),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "When: Monday at noon.\n\nWhere: Town Hall.\n\nWho: Ann Lee.\n",
        "Method: Beat the eggs.\n\nServing: Two people.\n\nMethod: Serve.\n",
        "PHOTO: A crane.\n\nWATCH: The crane falls.\n\nPHOTO: The pier.\n",
        "Lee: 1,501\n\nRay: 46\n\nLee: 1,547\n",
    ],
)
def test_labels_of_lists_speak_nothing(written: str) -> None:
    assert found(written) == ()


def test_all_capitals_copy() -> None:
    written = (
        "THE MAYOR OF SEATON, ANN LEE, SAID ON FRIDAY THAT THE PIER WOULD CLOSE. "
        "SWELLS ARE EXPECTED, FORECASTER BOB RAY SAID. THE POLICE SAID IT WAS LATE."
    )
    assert [(name, words) for name, _, words in told(written)] == [
        ("ANN LEE", "THE PIER WOULD CLOSE"),
        ("BOB RAY", "SWELLS ARE EXPECTED"),
        (None, "IT WAS LATE"),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Velair flies to the U.K. But Ann Lee has said that it will stop.", "Ann Lee"),
        ("It was made in the U.S. The Velair Group said that it will stop.", "Velair Group"),
        ("J. R. Moss said that it will stop.", "J. R. Moss"),
    ],
)
def test_a_sentence_that_begins_after_an_abbreviation(written: str, name: str) -> None:
    assert [one.name for one in found(written)] == [name]


@pytest.mark.parametrize(
    ("sentence", "content", "speaker"),
    [
        ("The lift broke, a tenant who asked not to be named said.", "The lift broke", "a tenant who asked"),
        ("Two men who asked to remain anonymous said it broke.", "it broke", "Two men who asked"),
        ("“It broke,” said a tenant who requested anonymity.", "It broke,", "a tenant"),
        ("While some say the house is empty, others left.", "the house is empty", "some"),
        ("The rents doubled, Ann Lee noted; the council was silent.", "The rents doubled", "Ann Lee"),
        ("After saying on Monday that she was ill, Ann Lee left.", "she was ill", "Ann Lee"),
        ("Ann Lee, who in May 2010 said the port was safe, has left.", "the port was safe", "who"),
        ("Ann Lee in March said it was over.", "it was over", "Ann Lee"),
        ("Ann Lee early on Friday said it was over.", "it was over", "Ann Lee"),
        ("In one tweet, Ann Lee said: “It is over.”", "It is over.", "Ann Lee"),
        ("In a letter announcing that it was over, Ann Lee said it was late.", "it was late", "Ann Lee"),
    ],
)
def test_the_only_quotation_ends_and_is_whose_it_should_be(sentence: str, content: str, speaker: str) -> None:
    (one,) = found(sentence)
    assert sentence[one.start : one.end] == content
    assert one.speaker
    assert sentence[one.speaker[0] :].startswith(speaker)


def test_two_clauses_with_a_comma_between_have_a_speaker_each() -> None:
    written = "While some friends say the house is empty, others say it is let."
    assert [words for _, _, words in told(written)] == ["the house is empty", "it is let"]


def test_words_after_an_ellipsis_are_of_the_same_speaker() -> None:
    written = "“We will fight,” [the mayor] said … “and we will win.”"
    assert [words for _, _, words in told(written)] == ["We will fight,", "and we will win."]


@pytest.mark.parametrize("dash", ["—", "–", "―", "--"])
def test_every_dash_signs(dash: str) -> None:
    written = f"“It is too late.” {dash} Ann Lee\n\n“It is not.” {dash} Senator Tom Roe, D-Ohio\n"
    assert told(written) == [("Ann Lee", None, "It is too late."), ("Tom Roe", "Senator", "It is not.")]


@pytest.mark.parametrize(
    ("sentence", "polarity", "content", "name"),
    [
        ("Ann Lee is convinced that the rents will fall.", "attitude", "the rents will fall", "Ann Lee"),
        ("Ann Lee remains critical of the plan.", "attitude", "the plan", "Ann Lee"),
        ("Residents are opposed to the plan.", "attitude", "the plan", None),
        ("The court heard Ann Lee's claim that it fell.", "said", "it fell", "Ann Lee"),
        ("The row began with Ann Lee's remark that it fell.", "said", "it fell", "Ann Lee"),
        ("Ann Lee charged that the rents were fixed.", "said", "the rents were fixed", "Ann Lee"),
        ("It would end the mayor's pledge to keep it open.", "said", "to keep it open", None),
        ("The court heard Ann Lee's denial that it fell.", "denied", "it fell", "Ann Lee"),
        ("It relies on Sen. Ann Lee's support for the ban.", "attitude", "the ban", "Ann Lee"),
    ],
)
def test_adjectives_and_nouns_of_saying_and_thinking(
    sentence: str, polarity: str, content: str, name: str | None
) -> None:
    (one,) = found(sentence)
    assert (one.polarity, sentence[one.start : one.end], one.name) == (polarity, content, name)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ann Lee is not sure that it fell.",
        "It is certain that rain will fall.",
        "I am sure that rain will fall.",
        "There are fears that rain will fall.",
        "Ann Lee's claim that it fell is wrong.",
        "The plan has support for a year.",
    ],
)
def test_nobody_says_or_thinks(sentence: str) -> None:
    assert found(sentence) == ()


def test_whose_claim_it_is_does_not_speak_in_the_paragraph() -> None:
    written = "The court heard Ann Lee's claim that it was “a mess.” “It was late,” Tom Roe said. “Too late.”"
    assert [one.name for one in found(written)] == ["Ann Lee", "Tom Roe", "Tom Roe"]


@pytest.mark.parametrize(
    "before",
    [
        "The minister, Gil Hood, resigned. The farmer next door was hurt.",
        "Hugo Stern lost the seat to a teacher. The teacher wept.",
        "The ferry belongs to Owen Lark. Her uncle called the port.",
    ],
)
def test_a_pronoun_after_somebody_without_a_name_is_nobody_known(before: str) -> None:
    assert found(f"{before} “My barn burned,” he said.")[-1].name is None


def test_a_pronoun_goes_past_a_sentence_on_a_thing() -> None:
    (one,) = found("Gil Hood resigned on Monday. The decision was late. “I am tired,” he said.")
    assert one.name == "Gil Hood"


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("Lindsay Grant sat with her brother, Leslie, in front.", None),
        ("Otto Lang opened the door. “Come in,” Ann Lee told her husband.", None),
        ("Ann Lee and her husband, Tom Lee, left early.", "Tom Lee"),
    ],
)
def test_a_pronoun_may_mean_a_relative(before: str, name: str | None) -> None:
    assert found(f"{before} “It was a long night,” he said.")[-1].name == name


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ("", "Ana Low"),
        (" Australia has a mine.", "Ana Low"),
        (" Tom Roe disagreed, saying it was late.", None),
    ],
)
def test_a_paragraph_that_begins_with_a_quotation_goes_on_with_who_spoke_last(
    after: str, name: str | None
) -> None:
    written = f"Ana Low came. Ana Low said the mine would open.\n\n“We are sure that it will pay.”{after}"
    assert next(q for q in found(written) if "it will pay" in written[q.start : q.end]).name == name


def test_a_quotation_after_one_that_ended_is_nobodys() -> None:
    written = "“It was late,” Ana Low said.\n\n“Nobody asked us before it opened.” The farms lost their hay."
    assert [one.name for one in found(written)] == ["Ana Low", None]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Ana Low praised Ivo Marr for the bridge.", "attitude"),
        ("Ana Low praised the “fine new bridge of Ivo Marr”.", "said"),
        ("Ana Low called the bridge unsafe.", "said"),
        ("Ana Low called Ivo Marr on Monday.", None),
        ("Ana Low called Ivo Marr.", None),
        ("Ana Low argued with Ivo Marr.", None),
    ],
)
def test_what_is_no_statement(sentence: str, polarity: str | None) -> None:
    assert [one.polarity for one in found(sentence)] == [polarity] * (polarity is not None)


def test_titles_and_generations_tell_namesakes_apart() -> None:
    written = (
        "King Ola and Queen Ola came. “Good,” said Queen Ola. Ian Dole Sr. and Ian Dole Jr. came. "
        "“Well,” Dole Jr. said. Mark Dunn left. “Bad,” Mrs Dunn said. “Late,” Dunn said."
    )
    assert [one.name for one in found(written)] == ["Queen Ola", "Ian Dole Jr.", "Mrs Dunn", "Mark Dunn"]


@pytest.mark.parametrize("verb", ["SAID", "TOLD REPORTERS"])
def test_a_verb_is_no_part_of_a_label_in_capitals(verb: str) -> None:
    written = f"The council met.\n\nSENATOR GIL MARSH {verb}: “WE WILL PAY FOR IT.”"
    assert [one.name for one in found(written)] == ["GIL MARSH"]


def test_a_heading_and_another_office_are_no_part_of_a_role() -> None:
    written = "Business\n\nPresident Ivo Marr came.\n\n“It is over,” Marr said."
    assert [one.role for one in found(written)] == ["President"]
    assert [one.role for one in found("Tom's predecessor as mayor, Greta Hulme, said: “Yes.”")] == [None]


def test_who_examines_a_witness_puts_the_questions() -> None:
    written = (
        "THE COURT: Call your next witness.\n\nMR. KEANE: The State calls Otto Lang.\n\n"
        "DIRECT EXAMINATION\n\nBY MR. KEANE:\n\nQ.   Did you see the car?\n\nA.   I did not see it.\n\n"
        "CROSS-EXAMINATION\n\nBY MS. ROE:\n\nQ.   Were you there?\n\nA.   I was at home."
    )
    assert [(name, words) for name, _, words in told(written)] == [
        (None, "Call your next witness."),
        ("Keane", "The State calls Otto Lang."),
        ("Keane", "Did you see the car?"),
        (None, "I did not see it."),
        ("Roe", "Were you there?"),
        (None, "I was at home."),
    ]


@pytest.mark.parametrize(
    ("written", "name", "role"),
    [
        ("Ann Lee came. Lee — named by Mill News on Monday — told Bob Ray that “it fell.”", "Ann Lee", None),
        ("The mayor, Ann Lee - who was elected in May - said: “It fell.”", "Ann Lee", "mayor"),
        ("The council – Ann Lee, Tom Roe and others – said “it fell”.", None, None),
    ],
)
def test_words_between_dashes_do_not_speak(written: str, name: str | None, role: str | None) -> None:
    assert [(one.name, one.role) for one in found(written)] == [(name, role)]
