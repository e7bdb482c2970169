"""Quotations of a draft: each label, each liberty of editors, odd marks and Markdown, and the command."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from askbrief import Index
from askbrief.check import Checked
from askbrief.check.align import aligned, differences, occurrences
from askbrief.check.draft import draft_quotations
from askbrief.check.draft_markup import prose
from askbrief.check.folded_words import folded_words
from askbrief.check.pattern import pattern
from askbrief.cli.check import blocks
from askbrief.english.quote_marks import marked_extents
from askbrief.present import check_report
from conftest import Archive, Cli, assert_line, process, write
from test_formats_office import zipped_up
from test_imports import loaded_after

QUAY = (
    "The quay\n\n"
    "“We will not rebuild the northern quay before winter,” harbour master Petra Ilieva said on Monday. "
    "“It costs $1,500 a day, and they’re well-paid people.”\n\n"
    "The storm took eleven boats and half of the northern wall.\n\n"
    "Engineer Olga Brandt said that the crane would be sold in spring.\n\n"
    "“The ferry runs until the ice comes. After that nobody crosses,” Bruno Šimić said.\n\n"
    "“I have waited for nine years,” the fisherman Anton Weiss said.\n\n"
    "“We have all been waiting, and we are tired of it.\n\n"
    "“Nobody asked us, not once,” Anton Weiss said.\n"
)
TALK = "An interview\n\nMara Lindqvist: The lamps stay dark until the new cable is laid.\n"
COPY = "The day\n\n“The ferry runs until the ice comes,” Bruno Simic told the radio.\n"
LEE = (
    "Two views\n\n“The ice is a friend of ours,” Ann Lee said.\n\n"
    "“The ice is a fiend of ours,” Bob Ray said.\n"
)

WHOLE = "We will not rebuild the northern quay before winter"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    root = tmp_path_factory.mktemp("check")
    files = write(root / "news", {"quay.txt": QUAY, "talk.txt": TALK, "copy.txt": COPY, "lee.txt": LEE})
    Index.update([files], root / "index", model=str(tiny_model))
    return root / "index"


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[Index]:
    with Index.open(folder) as opened:
        yield opened


def one(index: Index, draft: str) -> Checked:
    """The one quotation of a draft."""
    (checked,) = index.check(draft)
    return checked


def changes(checked: Checked) -> list[tuple[str, str, str]]:
    return [(d.change, d.draft, d.archive) for d in checked.difference if d.change not in ("kept", "allowed")]


# -- labels


def test_exact_with_a_citation_that_can_be_checked_with_one_slice(index: Index) -> None:
    checked = one(index, f"Intro.\n\n“{WHOLE},” Petra Ilieva said.\n")
    assert (checked.label, checked.line, checked.speaker) == ("exact", 3, "Petra Ilieva")
    assert checked.text == WHOLE + ","
    assert checked.match
    assert checked.match.answer
    assert checked.match.answer.text == WHOLE
    assert checked.match.speaker == "Petra Ilieva"
    assert QUAY[checked.match.start : checked.match.end] == checked.match.text
    assert QUAY[checked.match.answer.start : checked.match.answer.end] == WHOLE
    assert (checked.match.paragraph, checked.match.sentences) == (2, (1, 1))
    assert checked.difference == ()


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("We will rebuild the northern quay before winter", [("dropped", "", "not")]),
        ("We will not rebuild the southern quay before winter", [("swapped", "southern", "northern")]),
        ("We will not rebuild the quay before winter", [("dropped", "", "northern")]),
        ("We will not ever rebuild the northern quay before winter", [("added", "ever", "")]),
        ("We will … rebuild the northern quay before winter", [("dropped", "…", "not")]),
        ("until the ice comes. After that everybody crosses", [("swapped", "everybody", "nobody")]),
        ("It costs $1,600 a day, and they're well-paid people", [("swapped", "1,600", "1,500")]),
        ("It costs 1,500 a day, and they’re well-paid people", [("dropped", "", "$")]),
    ],
)  # fmt: skip
def test_altered_with_the_words_that_differ(
    index: Index, draft: str, expected: list[tuple[str, str, str]]
) -> None:
    checked = one(index, f"“{draft},” it was said.")
    assert checked.label == "altered"
    assert changes(checked) == expected
    assert checked.match
    assert 0 < checked.match.score < 1 or "…" in draft
    kept = " ".join(d.archive for d in checked.difference if d.archive)
    assert checked.match.answer
    assert [w.folded for w in folded_words(kept)] == [
        w.folded for w in folded_words(checked.match.answer.text)
    ]


def test_misattributed(index: Index) -> None:
    checked = one(index, f"“{WHOLE},” Bruno Šimić said.")
    assert (checked.label, checked.speaker) == ("misattributed", "Bruno Šimić")
    assert checked.match
    assert checked.match.speaker == "Petra Ilieva"
    assert checked.difference == ()


@pytest.mark.parametrize("draft", ["“Zebras sing in Oslo at night,” Petra Ilieva said.", "“Sphinx quartz!”"])
def test_absent(index: Index, draft: str) -> None:
    checked = one(index, draft)
    assert (checked.label, checked.match, checked.difference) == ("absent", None, ())


@pytest.mark.parametrize(
    "draft", ["“{},” Petra Ilieva said.", "A paper wrote “{}”.", "> {}.", "Petra Ilieva said:\n\n> {}."]
)
def test_what_the_reporter_tells_is_nobodys_quotation(index: Index, draft: str) -> None:
    checked = one(index, draft.format("The storm took eleven boats"))
    assert (checked.label, checked.reason, checked.said_by) == ("unconfirmed", "not quoted", None)


def test_what_is_told_of_a_speaker_is_no_quotation_and_nobody_elses(index: Index) -> None:
    told = "the crane would be sold in spring"
    own, others = (one(index, f"{name} said “{told}.”") for name in ("Olga Brandt", "Petra Ilieva"))
    assert (own.label, own.reason, own.said_by) == ("unconfirmed", "not quoted", "Olga Brandt")
    assert (others.label, others.reason) == ("misattributed", None)


def test_a_turn_of_a_transcript_is_its_speakers(index: Index) -> None:
    turn = "The lamps stay dark until the new cable is laid"
    assert one(index, f"“{turn},” Mara Lindqvist said.").label == "exact"
    assert one(index, f"“{turn},” Olga Brandt said.").label == "misattributed"


def test_of_several_documents_the_one_that_makes_it_exact(index: Index) -> None:
    ferry = one(index, "“The ferry runs until the ice comes,” Bruno Šimić said.")
    assert ferry.label == "exact"
    assert [one(index, f"“The ice is a {word} of ours,” {name} said.").label for word, name in (
        ("friend", "Ann Lee"), ("fiend", "Bob Ray"))] == ["exact", "exact"]  # fmt: skip


def test_nearly_ones_own_words_before_anothers(index: Index) -> None:
    checked = one(index, "“The ice is a fiend of ours,” Ann Lee said.")
    assert checked.label == "altered"
    assert changes(checked) == [("swapped", "fiend", "friend")]


# -- what the archive has as a quotation

DESK = (
    "Notes from the desk\n\n"
    "Harbour pilot Nils Aune said the channel is “wide enough for two” and that it is deep.\n\n"
    "“The buoys were moved in March,” Nils Aune said. Nils Aune said that the lights were moved in April.\n\n"
    "Oslo: The tunnel was closed for a week.\n\nUpdate: The tunnel is open again.\n"
)
LETTERS = (
    "# Letters\n\n> The old ferry was slow but it was ours.\n>\n> — Solveig Moe\n\n"
    "The town voted on Sunday.\n\n> Every resident may speak for three minutes.\n"
)
HEARING = (
    "Hearing of the harbour committee\n\n"
    "MS. MOE: The dredging began without a permit.\n\nQUESTION: Who signed the order?\n\n"
    "MS. MOE: Nobody has told us yet.\n\nQUESTION: Will you appeal?\n"
)
TALKS = (
    "Kari Lie has kept bees for thirty years.\n\n**When did you begin?**\n\n"
    "I began with two hives behind the school.\n\n**And the winter?**\n\n"
    "I lost half of my colonies to the cold.\n"
)
POSTS = (
    "What they posted\n\nKari Lie: The hives are humming again.\n\n"
    "@nilsaune: The channel froze over last night.\n\nKari Lie: Then bring the boats in quickly.\n"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Index]:
    root = tmp_path_factory.mktemp("desk")
    files = {"desk.txt": DESK, "letters.md": LETTERS, "hearing.txt": HEARING, "talks.md": TALKS}
    write(root / "news", files | {"posts.txt": POSTS})
    with Index.build([root / "news"], root / "index", model=str(tiny_model)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("“The channel is wide enough for two,” Nils Aune said.", "partly quoted"),
        ("“wide enough for two and that it is deep,” Nils Aune said.", "partly quoted"),
        ("“it is deep,” Nils Aune said.", "not quoted"),
        ("“The lights were moved in April,” Nils Aune said.", "not quoted"),
        ("“The tunnel was closed for a week,” Nils Aune said.", "not quoted"),
        ("“The tunnel is open again,” Nils Aune said.", "not quoted"),
        ("“The town voted on Sunday,” Solveig Moe said.", "not quoted"),
        ("“Every resident may speak,” Solveig Moe said.", "speaker not established"),
    ],
)
def test_words_that_are_not_quoted_are_unconfirmed(desk: Index, draft: str, reason: str) -> None:
    checked = one(desk, draft)
    assert (checked.label, checked.reason) == ("unconfirmed", reason)


@pytest.mark.parametrize(
    "draft",
    [
        "The channel is “wide enough for two,” Nils Aune said.",
        "“The buoys were moved in March,” Nils Aune said.",
        "“The old ferry was slow but it was ours,” Solveig Moe wrote.",
        "The town rules:\n\n> Every resident may speak for three minutes.\n",
        "“The dredging began without a permit,” Ms. Moe said.",
        "“Nobody has told us yet,” Moe said.",
        "“I began with two hives behind the school,” Kari Lie said.",
        "One post had “The channel froze over last night”.",
    ],
)
def test_quotations_of_any_form_stay_exact(desk: Index, draft: str) -> None:
    checked = one(desk, draft)
    assert (checked.label, checked.reason) == ("exact", None)


def test_a_quotation_of_nobody_named_is_never_misattributed(desk: Index) -> None:
    for words in ("The channel froze over", "The tunnel is open again", "Every resident may speak"):
        assert one(desk, f"“{words},” Bruno Holm said.").label == "unconfirmed"


# -- liberties


@pytest.mark.parametrize(
    "draft",
    [
        "“We will not … before winter,” she said.",
        "“We will not ... before winter,” she said.",
        "“We will not [...] before winter,” she said.",
        "“We will not […] before winter,” she said.",
        "“We will not . . . before winter,” she said.",
        "“… the northern quay before winter …”",
        "“We will not rebuild [the quay] before winter,” she said.",
        "“[They] will not rebuild the northern quay,” she said.",
        "“We [in Varna] will not rebuild the northern quay,” she said.",
        "“[w]e will not rebuild the northern quay,” she said.",
        "“[T]hey’re well-paid people.”",
        "“[t]he ferry runs until the ice comes.”",
        "“[Varna]’s northern quay before winter”",
        "“[i] have waited for nine years”",
        "“not rebuild[ing] the northern quay” was the plan.",
        "“They’re well-paid people.”",
        "“they're well–paid people”",
        '"It costs $1,500 a day," she said.',
        "“It costs $1500 a day!”",
        "«We will not rebuild the northern quay», she said.",
        "„We will not rebuild the northern quay“, she said.",
        "``We will not rebuild the northern quay,'' she said.",
        "''We will not rebuild the northern quay,'' she said.",
        "‘They’re well-paid people,’ she said.",
        "'They're well-paid people,' she said.",
        "“Rebuild the northern quay.”",
        "“We will not rebuild\nthe  northern\u00a0quay”",
        "“The ferry runs until the ice comes. After that nobody crosses.”",
        "“We have all been waiting, and we are tired of it.\n\n“Nobody asked us, not once,” he said.",
        "“We have all been waiting, and we are tired of it. Nobody asked us”",
        "“It costs $1,500 a day” … “and they’re well-paid people”",
    ],
)
def test_liberties_stay_exact(index: Index, draft: str) -> None:
    found = index.check(draft)
    assert found
    assert [checked.label for checked in found] == ["exact"] * len(found), found


def test_a_bracket_hides_no_negation(index: Index) -> None:
    assert one(index, "“We will [really] rebuild the northern quay before winter”").label == "altered"
    assert one(index, "“We will [never] rebuild the northern quay before winter”").label == "exact"


def test_over_paragraphs_the_one_that_holds_most_is_cited(index: Index) -> None:
    checked = one(index, "“We have all been waiting, and we are tired of it. Nobody asked us”")
    assert checked.match
    assert checked.match.text == "“We have all been waiting, and we are tired of it."
    assert QUAY[checked.match.start : checked.match.end] == checked.match.text


# -- names


def test_a_surname_is_enough_in_a_draft(index: Index) -> None:
    assert one(index, f"Then Ms. Ilieva spoke. “{WHOLE},” Ilieva said.").label == "exact"
    assert one(index, f"Ilieva said: “{WHOLE}.”").label == "exact"
    assert one(index, f"Weiss said: “{WHOLE}.”").label == "misattributed"


def test_a_word_that_names_nobody_in_the_archive_is_no_speaker(index: Index) -> None:
    checked = one(index, f"Critics said: “{WHOLE}.”")
    assert (checked.label, checked.speaker) == ("exact", None)


@pytest.mark.parametrize(
    "draft",
    [
        "Al From spoke. “{}.” That was all. “{},” From said.",
        "“{},” said While, who had come alone.",
        "“{},” Will said.",
        "Later From insisted: “{}.”",
    ],
)
def test_a_name_that_is_mostly_another_word_is_a_speaker(index: Index, draft: str) -> None:
    (*_, checked) = index.check(draft.replace("{}", WHOLE))
    assert checked.label == "misattributed"
    assert checked.speaker in ("From", "While", "Will")


@pytest.mark.parametrize("draft", ["“{},” it was said.", "“{}.” Said aloud."])
def test_words_beside_a_verb_that_are_no_names(index: Index, draft: str) -> None:
    assert one(index, draft.replace("{}", WHOLE)).speaker is None


FAMILIES = (
    "“The keel cracked,” Strand's lawyer, Ivo Peck, said. Hilda Strand left.\n\n"
    "Nina Falk ran the bank. “The safe is empty,” Falk's husband said.\n\n"
    "“We will sell,” said Thorne aide Lou Baines. Celia Thorne was away.\n\n"
    "Javier Milton and his wife Paula Milton fled. “We ran all the way,” Milton said.\n\n"
    "Ada Stone said: “I did it alone.” Ben Stone said: “She did not do it.”\n\n"
    "“I am proud of the vote,” said Carl Ness Jr. His father, Carl Ness, lost in 1990.\n\n"
    "“We will never sell the firm,” Dole Jr. said. Ian Dole Sr. founded it; Ian Dole Jr. took it over.\n\n"
    "King Ola and Queen Ola came. “We loved the parade,” said Queen Ola.\n\n"
    "Mark Dunn left his job. “He is tired of politics,” Mrs Dunn said.\n\n"
    "Chris Bell and Christine Bell run the shop. “We open at nine sharp,” said Christine Bell.\n"
)


@pytest.mark.parametrize(
    ("draft", "label"),
    [
        ("“The keel cracked,” said Hilda Strand.", "misattributed"),
        ("“The keel cracked,” said Ivo Peck.", "exact"),
        ("“The safe is empty,” said Nina Falk.", "unconfirmed"),
        ("“We will sell,” said Celia Thorne.", "misattributed"),
        ("“We ran all the way,” said Paula Milton.", "unconfirmed"),
        ("“We ran all the way,” Milton said.", "exact"),
        ("“I did it alone,” said Ben Stone.", "misattributed"),
        ("“I did it alone,” said Ada Stone.", "exact"),
        ("“I am proud of the vote,” said Carl Ness Jr.", "exact"),
        ("“I am proud of the vote,” Ness said.", "exact"),
        ("“I am proud of the vote,” said Carl Ness.", "misattributed"),
        ("“We will never sell the firm,” said Ian Dole Jr.", "exact"),
        ("“We will never sell the firm,” said Ian Dole Sr.", "misattributed"),
        ("“We loved the parade,” said Queen Ola.", "exact"),
        ("“We loved the parade,” said King Ola.", "misattributed"),
        ("“He is tired of politics,” Mrs Dunn said.", "exact"),
        ("“He is tired of politics,” said Mark Dunn.", "misattributed"),
        ("“We open at nine sharp,” said Christine Bell.", "exact"),
        ("“We open at nine sharp,” said Chris Bell.", "misattributed"),
    ],
)
def test_relatives_and_namesakes_are_other_people(
    tmp_path: Path, tiny_model: Path, draft: str, label: str
) -> None:
    made = Index.build([write(tmp_path / "n", {"a.txt": FAMILIES})], tmp_path / "i", model=str(tiny_model))
    assert one(made, draft).label == label


PASSED_ON = (
    "Ana Low called the claim that Marsh was “a common thief” a lie.\n\n"
    "Ana Low mocked the idea of “free water for all”.\n\n"
    "“If they say ‘we lied to you’, we will sue,” Ana Low said.\n\n"
    "Ana Low said suggestions that the bridge would fall were “nonsense on stilts”.\n\n"
    "Ana Low repeated her claim that the dam was “a time bomb”.\n\n"
    "“I told them ‘no more money’ in May,” Ana Low said.\n\n"
    "“If they ever say the harbour is lost, we will sue,” Ana Low said.\n"
)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("a common thief", "unconfirmed"),
        ("free water for all", "unconfirmed"),
        ("we lied to you", "unconfirmed"),
        ("nonsense on stilts", "exact"),
        ("a time bomb", "exact"),
        ("no more money", "exact"),
        ("the harbour is lost", "exact"),  # a part of her words, in no marks of its own
    ],
)
def test_words_of_a_claim_that_somebody_speaks_of_are_not_theirs(
    tmp_path: Path, tiny_model: Path, words: str, label: str
) -> None:
    made = Index.build([write(tmp_path / "n", {"a.txt": PASSED_ON})], tmp_path / "i", model=str(tiny_model))
    assert one(made, f"Ana Low said: “{words}”.").label == label


# -- speakers that are not established

TOWN = (
    "The town hall\n\n"
    "“Nobody will lose a home over the new road,” a Conservative spokeswoman said.\n\n"
    "“The road is paid for to the last cent,” said Mayor Edda Holm.\n\n"
    "“My uncle told me, ‘Never trust a surveyor,’ and he was right about it,” Jonas Tveit said.\n\n"
    "Jonas Tveit denied that he had “sold the lower meadow”.\n\n"
    "“The bridge comes next,” an NRA spokesman said.\n\n"
    "“The harbour pays for it all,” a spokesman for Edda Holm said.\n\n"
    "The rest is for later.\n\n“We open in May.”\n\n"
    "“We shall dig from the north,” Ole Brun said. “They shall dig from the south,” Eva Dahl said.\n"
)
TORY = "“a Conservative spokeswoman”"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Index]:
    root = tmp_path_factory.mktemp("town")
    files = write(root / "news", {"town.txt": TOWN})
    with Index.build([files], root / "index", model=str(tiny_model)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("draft", "label", "said_by"),
    [
        ("“Nobody will lose a home,” Edda Holm said.", "unconfirmed", TORY),
        ("“Nobody will lose a home,” a Conservative spokeswoman said.", "exact", TORY),
        ("“Nobody will lose a home,” a Labour spokeswoman said.", "unconfirmed", TORY),
        ("“The road is paid for to the last cent,” the mayor said.", "exact", "Edda Holm"),
        ("“The road is paid for to the last cent,” the former mayor said.", "unconfirmed", "Edda Holm"),
        ("“The road is paid for to the last cent,” the treasurer said.", "unconfirmed", "Edda Holm"),
        ("“Never trust a surveyor,” Jonas Tveit said.", "unconfirmed", "“My uncle”, quoted by Jonas Tveit"),
        ("“My uncle told me, ‘Never trust a surveyor,’” Jonas Tveit said.", "exact", "Jonas Tveit"),
        ("Jonas Tveit said that he had “sold the lower meadow”.", "unconfirmed", "denied by Jonas Tveit"),
        ("Jonas Tveit denied that he had “sold the lower meadow”.", "exact", "denied by Jonas Tveit"),
        ("“The bridge comes next,” the NRA said.", "exact", "NRA"),
        ("“The harbour pays for it all,” Edda Holm said.", "unconfirmed", "“a spokesman for Edda Holm”"),
        ("“We open in May,” Edda Holm said.", "unconfirmed", None),
        ("“We shall dig from the north … dig from the south,” Ole Brun said.", "misattributed", "Eva Dahl"),
        ("“The road is paid for to the last cent,” Skanska said.", "misattributed", "Edda Holm"),
        ("Skanska said: “The road is paid for to the last cent.”", "misattributed", "Edda Holm"),
    ],
)  # fmt: skip
def test_exact_needs_the_speaker_as_well(town: Index, draft: str, label: str, said_by: str | None) -> None:
    checked = one(town, draft)
    assert (checked.label, checked.said_by) == (label, said_by)


@pytest.mark.parametrize(
    ("draft", "texts"),
    [
        (f"{WHOLE},” Petra Ilieva said.", [WHOLE + ","]),
        (f"They came. {WHOLE},” Petra Ilieva said. “They’re paid.”", [WHOLE + ",", "They’re paid."]),
        (f"“{WHOLE}, Petra Ilieva said on Monday.", [WHOLE + ","]),
        (f'It was late. {WHOLE}," Petra Ilieva said.', [WHOLE + ","]),
    ],
)  # fmt: skip
def test_a_mark_without_a_partner_is_reported(index: Index, draft: str, texts: list[str]) -> None:
    found = index.check(draft)
    assert [checked.text for checked in found] == texts
    assert [checked.unpaired for checked in found] == [True, False][: len(texts)]
    assert (found[0].label, found[0].speaker) == ("exact", "Petra Ilieva")
    (altered, *_) = index.check(draft.replace("northern", "southern"))
    assert altered.label == "altered"


# -- marks and Markdown


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (f"Petra Ilieva said:\n\n> {WHOLE}.\n", [(3, "exact", "Petra Ilieva")]),
        ("Petra Ilieva said:\n\n> We will not rebuild the **northern**\n> quay.\n>\n> — Ilieva\n",
         [(3, "exact", "Petra Ilieva")]),
        (f"Bruno Šimić said:\n\n> {WHOLE}.\n", [(3, "misattributed", "Bruno Šimić")]),
        (f"> “{WHOLE},” said Petra Ilieva.\n", [(1, "exact", "Petra Ilieva")]),
        (f"> {WHOLE}.\n>\n> Zebras sing at night.\n", [(1, "exact", None), (3, "absent", None)]),
        (f"<p>Petra Ilieva said:</p>\n\n<blockquote>{WHOLE}.</blockquote>\n", [(3, "exact", "Petra Ilieva")]),
        ("> [!NOTE]\n", []),
    ],
)  # fmt: skip
def test_block_quotes_are_quotations(
    index: Index, draft: str, expected: list[tuple[int, str, str | None]]
) -> None:
    assert [(each.line, each.label, each.speaker) for each in index.check(draft)] == expected


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“a” b “c”", ["a", "c"]),
        ('He said "a b," then "c".', ["a b,", "c"]),
        ("“He told me ‘never again’ and left”", ["He told me ‘never again’ and left"]),
        ("“He said “no” to me,” she said", ["He said “no” to me,"]),
        ("“He said \"no\" to me,” she said", ["He said \"no\" to me,"]),
        ("“mixed\" marks”", ["mixed"]),
        ("“a is never closed\n\n“b” is", ["a is never closed\n\n“b"]),
        ("“a is never closed.\n\nThen “b”.", ["a is never closed.", "b"]),
        ("“a is never closed. “b,” she said.", ["a is never closed.", "b,"]),
        ("a” is never opened “b”", ["b"]),
        ("5'10\" tall and 6\" wide", []),
        ("the boys’ dogs’ names, ‘em, rock and roll", []),
        ("‘We don’t know the boys’ names,’ he said", ["We don’t know the boys’ names,"]),
        ("“”, “…” and “ ”", []),
        ("(“a”)—“b”", ["a", "b"]),
        ("", []),
    ],
)  # fmt: skip
def test_what_stands_within_marks(text: str, inside: list[str]) -> None:
    assert [text[start:end] for start, end in marked_extents(text)] == inside


ROY = "“Una is late,” Una Roy said."


@pytest.mark.parametrize(
    ("draft", "speakers"),
    [
        (f"{ROY}\n\n> The council met.\n", [None]),
        (f"{ROY}\n\n> “The council met.”\n", [None]),
        (f"{ROY}\n\nThe minutes are short.\n\n> The council met.\n", [None]),
        (f"{ROY} She added:\n\n> The council met.\n>\n> It rained.\n", ["Una Roy", "Una Roy"]),
        ("**Una Roy wrote:**\n> The council met.\n\nSo it was.\n\n> It rained.\n", ["Una Roy", None]),
        (f"{ROY}\n\n> The council met.\n>\n> It rained.\n>\n> — Ida Marsh\n", ["Ida Marsh", "Ida Marsh"]),
        (f"{ROY}\n\n> “The council met,” Ida Marsh said.\n", ["Ida Marsh"]),
        ("Una Roy wrote:\n\n> Una Roy was here.\n> — Ida Marsh\n\n> It rained.\n", ["Ida Marsh", None]),
    ],
)
def test_a_block_quote_has_a_speaker_if_it_is_introduced(draft: str, speakers: list[str | None]) -> None:
    found = draft_quotations(draft)
    assert [each.speaker for each in found if not each.text.startswith("Una is late")] == speakers


def test_a_repeated_quotation_is_told_each_time(index: Index) -> None:
    found = index.check(f"“{WHOLE},” she said.\n\n“{WHOLE},” Bruno Šimić said.\n\nHm.\n\n“{WHOLE}.”\n")
    assert [(one.line, one.label) for one in found] == [(1, "exact"), (3, "misattributed"), (7, "exact")]


@pytest.mark.parametrize(
    "draft", ["", "\n", "No marks here.", "“”", "```\n“code”\n```", "“[...]” and “[sic]”"]
)
def test_a_draft_without_quotations(index: Index, draft: str) -> None:
    assert index.check(draft) == ()


MARKDOWN = """---
title: “no”
---

# “We will not rebuild the *northern* quay”

> “We will not rebuild
> the **northern** quay”

“We will not [rebuild](https://example.org/a_(b) "“no”") the un*believ*able [quay][1] [^2]”

`“no”` and ``“no” ` “no”`` and <a title="“no”">“They’re well-paid people”</a> <!-- “no” --> ![“no”](x.png)

~~~
“no”
~~~

- “It costs \\$1,500 a day”

[1]: https://example.org "“no”"
[^2]: “The ferry runs”
"""


def test_markdown_is_read_as_it_is_shown(index: Index) -> None:
    found = index.check(MARKDOWN)
    assert [(one.line, one.label) for one in found] == [
        (5, "exact"), (7, "exact"), (10, "altered"), (12, "exact"), (18, "exact"), (21, "exact"),
    ]  # fmt: skip
    assert changes(found[2]) == [("added", "un*believ*able", ""), ("dropped", "", "northern")] or changes(
        found[2]
    ) == [("swapped", "un*believ*able", "northern")]
    assert found[1].text == "We will not rebuild\n> the **northern** quay"
    assert len(prose(MARKDOWN)) == len(MARKDOWN)


# -- properties


PIECES = st.sampled_from(
    [*"“”‘’\"'«»[]()`*_<>\\#|:;,.-—…\n ", "\n\n", "...", "[...]", "``", "''", "> ", "```\n", "](", "[^1]",
     "said ", "Petra Ilieva ", "we ", "will ", "not ", "rebuild ", "the ", "quay ", "Šimić ", "1,500", "$",
     "\x00", "\ud800", "\u0301", "é", "字", "<!--", "---\n"]
)  # fmt: skip
drafts = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(drafts)
def test_no_draft_raises(index: Index, draft: str) -> None:
    for checked in index.check(draft):
        assert checked.text in draft
        assert (checked.match is None) == (checked.label == "absent")
        assert bool(checked.difference) == (checked.label == "altered")


@given(drafts)
def test_prose_is_as_long_as_its_draft_and_marks_stand_in_order(draft: str) -> None:
    assert len(prose(draft)) == len(draft)
    assert prose(draft).count("\n") == draft.count("\n")
    extents = marked_extents(draft)
    assert list(extents) == sorted(extents)
    assert all(0 <= start < end <= len(draft) for start, end in extents)
    for quotation in draft_quotations(draft):
        assert quotation.pattern


@FEW
@given(st.data())
def test_any_slice_of_whole_words_is_exact_if_it_is_quoted(index: Index, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([QUAY, COPY, LEE, TALK]))
    spans = folded_words(text)
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(first, min(len(spans) - 1, first + 30)))
    start, end = spans[first].start, spans[last].end
    piece = text[start:end].replace("“", "").replace("”", "")
    assume(any(map(str.isalnum, piece)))  # a lone “$” is no quotation
    said = [(text.index(":"), len(text))] if text == TALK else marked_extents(text)
    expected = {"exact"} if any(a <= start and end <= b for a, b in said) else {"exact", "unconfirmed"}
    whole = [f"It said “{piece}”."] if "\n\n" not in piece else []
    for draft in (*whole, f'"{" ".join(piece.split())}"'):
        assert {checked.label for checked in index.check(draft)} <= expected, draft


WORDS = st.lists(
    st.sampled_from(["we", "will", "not", "go", "home", "Kyiv’s", "4.5", "…", "[now]", "$"]), max_size=12
)


@given(WORDS, WORDS)
def test_an_alignment_tells_every_word_of_both(one_: list[str], other: list[str]) -> None:
    draft, original = " ".join(one_), " ".join(w for w in other if w not in ("…", "[now]"))
    whole = pattern(draft, 0, len(draft))
    place = aligned(whole, folded_words(original)) if whole else None
    if place is None:
        return
    assert 0 <= place.similarity <= 1
    told = differences(place.steps, draft, original)
    assert [w.folded for d in told for w in folded_words(d.archive)] == [
        w.folded for w in folded_words(original, place.start, place.end)
    ]
    assert [w.folded for d in told if d.change != "allowed" for w in folded_words(d.draft)][:1] != []
    if list(occurrences(whole, folded_words(original))):
        assert place.similarity > 0.9


@given(WORDS, WORDS, st.sampled_from([0.6, 0.7, 0.9]))
def test_only_alignments_that_cannot_be_similar_enough_are_left_out(
    one_: list[str], other: list[str], least: float
) -> None:
    draft, original = " ".join(one_), folded_words(" ".join(w for w in other if w not in ("…", "[now]")))
    whole = pattern(draft, 0, len(draft))
    place = aligned(whole, original) if whole else None
    if place and place.similarity >= least:
        assert aligned(whole, original, least=least) == place


def test_a_bracketed_ending_is_looked_for_up_to_the_bracket() -> None:
    whole = pattern("they want[ed] it", 0, 16)
    assert list(occurrences(whole, folded_words("I know they wanting it")))
    assert not list(occurrences(whole, folded_words("I know they wan it")))


def test_all_quotations_of_a_draft_are_embedded_at_once_and_passages_read_once(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[int] = []
    read: list[int] = []
    embedder, archive = type(index._opened.archive.embedder), type(index._opened.archive)
    embed, hits = embedder.embed, archive.hits

    def counted(self: Any, texts: Sequence[str]) -> Any:
        embedded.append(len(texts))
        return embed(self, texts)

    def listed(self: Any, ids: Sequence[int]) -> Any:
        read.extend(ids)
        return hits(self, ids)

    monkeypatch.setattr(embedder, "embed", counted)
    monkeypatch.setattr(archive, "hits", listed)
    draft = "\n\n".join(f"“We will never {verb} the river again,” Ann Lee said." for verb in VERBS)
    labels = [checked.label for checked in index.check(draft)]
    assert len(labels) == len(VERBS)
    assert embedded == [len(VERBS)]
    assert len(read) == len(set(read))


VERBS = ("cross", "dam", "sell", "paint", "leave", "drink")


def test_a_very_long_quotation_is_checked_part_by_part(tmp_path: Path, tiny_model: Path) -> None:
    speech = " ".join(f"word{n} and then thing{n % 7}." for n in range(500))
    files = write(tmp_path / "news", {"speech.txt": f"“{speech[:-1]},” Ann Lee said.\n"})
    with Index.build([files], tmp_path / "index", model=str(tiny_model)) as index:
        assert one(index, f"“{speech[:-1]},” Ann Lee said.").label == "exact"
        altered = one(index, f"“{speech[:-1].replace('word400', 'sword')},” Ann Lee said.")
    assert altered.label == "altered"
    assert changes(altered) == [("swapped", "sword", "word400")]


# -- drafts in other formats

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
LINES = ("Petra Ilieva said:", f"{WHOLE}.", "“It costs $2,500 a day,” she said.")


def docx(lines: tuple[str, str, str]) -> bytes:
    """A Word document; its second paragraph has a style for quotations."""
    styles = f'<w:styles {W}><w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style></w:styles>'
    quoted = '<w:pPr><w:pStyle w:val="Zitat"/></w:pPr>'
    paragraphs = "".join(
        f"<w:p>{quoted if number == 1 else ''}<w:r><w:t>{line}</w:t></w:r></w:p>"
        for number, line in enumerate(lines)
    )
    body = f"<w:document {W}><w:body>{paragraphs}</w:body></w:document>"
    return zipped_up({"word/document.xml": body, "word/styles.xml": styles})


def odt(lines: tuple[str, str, str]) -> bytes:
    """An OpenDocument text; its second paragraph has a style based on the one for quotations."""
    names = " ".join(ODF.format(name) for name in ("office", "text", "style"))
    paragraphs = "".join(
        f'<text:p text:style-name="{"P1" if number == 1 else "Standard"}">{line}</text:p>'
        for number, line in enumerate(lines)
    )
    own = '<style:style style:name="P1" style:parent-style-name="Quotations"/>'
    content = (
        f"<office:document-content {names}><office:automatic-styles>{own}</office:automatic-styles>"
        f"<office:body><office:text>{paragraphs}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return zipped_up(parts, zipfile.ZIP_STORED)


def page(lines: tuple[str, str, str]) -> bytes:
    """A web page; its third paragraph has an element for quotations."""
    first, second, third = lines
    third = third.replace("“", "<q>").replace("”", "</q>")
    return (
        f"<html><head><title>No</title></head><body><nav>Home</nav><p>{first}</p>"
        f"<blockquote><p>{second}</p></blockquote><p>{third} <del>“Gone.”</del></p></body></html>"
    ).encode()


@pytest.mark.parametrize("make", [docx, odt, page])
@pytest.mark.parametrize("named", [True, False])
def test_drafts_in_other_formats(
    cli: Cli, folder: Path, tmp_path: Path, make: Callable[[tuple[str, str, str]], bytes], named: bool
) -> None:
    suffix = {"page": "html"}.get(make.__name__, make.__name__)
    path = tmp_path / (f"draft.{suffix}" if named else "draft")
    path.write_bytes(make(LINES))
    ran = cli("check", path, "--json", "--index", folder)
    found = [(one["label"], one["text"].rstrip(",."), one["speaker"]) for one in ran.json["quotations"]]
    assert found == [("exact", WHOLE, "Petra Ilieva"), ("altered", "It costs $2,500 a day", "Petra Ilieva")]
    first = 3 if make is page else 2
    assert [one["line"] for one in ran.json["quotations"]] == [first, first + 1]
    assert f"Paragraph {first}: exact" in _report(cli, folder, path)


def _report(cli: Cli, folder: Path, draft: Path) -> str:
    cli("check", draft, "--report", draft.parent / "report.md", "--index", folder)
    return (draft.parent / "report.md").read_text("utf-8")


def test_a_damaged_draft(cli: Cli, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.docx"
    path.write_bytes(docx(LINES)[:200])
    assert_line(cli("check", path, "--index", folder), "draft.docx")


# -- the command


DRAFT = f"“{WHOLE},” Petra Ilieva said.\n\n“We will rebuild the northern quay before winter,” she said.\n"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return write(tmp_path, {"draft.md": DRAFT}) / "draft.md"


def test_json_as_contracted(cli: Cli, folder: Path, draft: Path) -> None:
    ran = cli("check", draft, "--json", "--index", folder)
    assert (ran.code, ran.err) == (1, "")
    exact, altered = ran.json["quotations"]
    assert set(exact) == {"text", "line", "label", "speaker", "match", "said_by", "unpaired", "reason"}
    assert set(altered) == {*exact, "difference"}
    assert (exact["label"], exact["line"], exact["speaker"]) == ("exact", 1, "Petra Ilieva")
    assert (altered["label"], altered["line"]) == ("altered", 3)
    assert {"change": "dropped", "draft": "", "archive": "not"} in altered["difference"]
    shown: dict[str, Any] = cli("show", exact["match"]["document"]["id"], "--json", "--index", folder).json
    match = exact["match"]
    assert shown["text"][match["start"] : match["end"]] == match["text"]


def test_lines_in_a_pipe_and_an_exit_code(cli: Cli, folder: Path, draft: Path) -> None:
    ran = cli("check", draft, "--index", folder)
    assert ran.code == 1
    assert [line.split("\t")[:2] for line in ran.out.splitlines()] == [["1", "exact"], ["3", "altered"]]
    assert "We will [-not-] rebuild" in ran.out
    assert "1 exact, 1 altered" in ran.err
    draft.write_text(f"“{WHOLE}.”", encoding="utf-8")
    assert cli("check", draft, "--index", folder).code == 0


def test_a_pipe_has_the_words_of_both(cli: Cli, folder: Path, draft: Path) -> None:
    ran = cli("check", draft, "--index", folder)
    exact, altered = (line.split("\t") for line in ran.out.splitlines())
    assert exact[4:] == [f"{folder.parent}/news/quay.txt, paragraph 2, sentence 1", "Petra Ilieva", WHOLE, ""]
    assert altered[5:] == ["Petra Ilieva", WHOLE, ""]
    assert "[-…-] is only in the archive, {+…+} only in the draft." in ran.err


def test_a_narrow_terminal_folds_and_cuts_nothing(index: Index) -> None:
    from rich.console import Console

    words = WHOLE.replace("not ", "")
    checked = index.check(f"“{words},” Petra Ilieva said.\n\n{WHOLE},” Bruno Šimić said.\n")
    console = Console(width=40, force_terminal=True, no_color=True, record=True, file=StringIO())
    console.print(blocks(checked, "line"))
    shown = " ".join(console.export_text().split())
    for piece in ("line 1 altered", "“We will [-not-] rebuild the", f"archive “{WHOLE}” – Petra Ilieva",
                  "line 3 misattributed (a quotation mark", "– Bruno Šimić", "sentence 1"):  # fmt: skip
        assert piece in shown, shown
    assert "…" not in shown


def test_why_a_quotation_is_unconfirmed_is_said_everywhere(cli: Cli, folder: Path, draft: Path) -> None:
    draft.write_text("“The crane would be sold in spring,” Olga Brandt said.", encoding="utf-8")
    ran = cli("check", draft, "--index", folder)
    assert ran.out.rstrip("\n").split("\t")[7] == "not quoted"
    (found,) = cli("check", draft, "--json", "--index", folder).json["quotations"]
    assert (found["label"], found["reason"]) == ("unconfirmed", "not quoted")
    why = "the archive has the words, but not as a quotation"
    assert f"Unconfirmed: {why}." in _report(cli, folder, draft)
    checked = replace(Checked("a", 1, "absent", None, None), label="unconfirmed", reason="not quoted")
    (label, *_) = blocks([checked], "line").columns[1].cells
    assert str(label) == f"unconfirmed: {why}"


def test_a_mark_without_a_partner_is_no_success(cli: Cli, folder: Path, draft: Path) -> None:
    draft.write_text(f"{WHOLE},” Petra Ilieva said.", encoding="utf-8")
    ran = cli("check", draft, "--index", folder)
    assert (ran.code, ran.out.split("\t")[1]) == (1, "exact")
    assert "1 with a quotation mark that has no partner" in ran.err
    assert "has no partner" in _report(cli, folder, draft)


def test_no_quotation_is_said_so(cli: Cli, folder: Path, draft: Path) -> None:
    draft.write_text("Nothing is quoted here.", encoding="utf-8")
    ran = cli("check", draft, "--index", folder)
    assert ran.code == 0
    assert "No quotation" in ran.out
    assert cli("check", draft, "--json", "--index", folder).json == {"quotations": []}


def test_a_report(cli: Cli, folder: Path, draft: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    assert cli("check", draft, "--report", report, "--index", folder).code == 1
    told = report.read_text(encoding="utf-8")
    assert told.startswith("# Quotations of ")
    assert "## 2. Line 3: altered" in told
    assert "We will ~~not~~ rebuild" in told
    assert "quay.txt, paragraph 2, sentence 1, characters" in told
    assert cli("check", draft, "--report", report, "--index", folder).code == 1  # over an earlier one
    assert_line(cli("check", draft, "--report", tmp_path, "--index", folder), "can't be written")


def test_a_report_is_written_over_nothing_else(cli: Cli, folder: Path, draft: Path) -> None:
    before = draft.read_bytes()
    assert_line(cli("check", draft, "--report", draft, "--index", folder), "exists and isn't a report")
    assert draft.read_bytes() == before


def test_a_report_shows_the_draft_as_it_is_written() -> None:
    odd = Checked("a *b* <c>\n[d](e)", 1, "absent", None, None)
    assert "> a \\*b\\* \\<c\\> \\[d\\](e)" in check_report([odd], "x_y.md")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("none.md", None, "No such file"),
        (".", None, "can't be read"),
        ("nul.txt", b"a\0b", "binary"),
        ("some.pdf", b"%PDF-1.4 x", "binary"),
    ],
)
def test_what_is_no_draft(
    cli: Cli, folder: Path, tmp_path: Path, name: str, data: bytes | None, told: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert_line(cli("check", tmp_path / name, "--index", folder), told)


def test_no_index_and_an_empty_one(cli: Cli, draft: Path, archive: Archive) -> None:
    assert_line(cli("check", draft, "--index", draft.parent / "none"), "no index")
    for source in ("harbour.txt", "bridge.md", "wolves.txt"):
        assert cli("remove", source, "--index", archive.index).code == 0
    assert_line(cli("check", draft, "--index", archive.index), "holds no document")


def test_checking_never_imports_torch(folder: Path, draft: Path) -> None:
    program = "import sys, askbrief.cli as cli\nassert cli.main() == 1"
    loaded = loaded_after(program, "check", draft, "--index", folder)
    assert {"onnxruntime", "tantivy", "rapidfuzz"} <= loaded
    assert {"torch", "transformers", "sentence_transformers", "onnx", "scipy"} & loaded == set()


def test_a_real_process_reads_standard_input(folder: Path) -> None:
    ran = process("check", "-", "--json", "--index", folder, input=DRAFT)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert [one["label"] for one in json.loads(ran.stdout)["quotations"]] == ["exact", "altered"]
