"""Subtitles: cues joined to sentences, voices kept apart, and times as places."""

from __future__ import annotations

import pytest

from askbrief import quotes
from askbrief.errors import SourceError
from askbrief.formats.subtitles import read
from askbrief.text import linked, split_sentences
from askbrief.types import Answer, Citation, Document, Source, seconds_of, time_of

BRIEFING = """WEBVTT
Kind: captions

NOTE typed by the press office

00:00:01.000 --> 00:00:04.000 align:start
<v Ines Moran>The ferry will sail

00:00:04.000 --> 00:00:06.000
<v Ines Moran>when the <i>storm</i> has passed &amp; not before.
- And who pays?

00:01:06.000 --> 00:01:08.000
<v.loud Paul Ost>The company does.</v>

01:00:09.500 --> 01:00:10.000
<v Ines Moran>We agreed on that.
"""


def document(text: str, source: str = "briefing.vtt") -> Document:
    return read(text.encode(), source)


def spoken(found: Document) -> list[tuple[str | None, str]]:
    sentences = split_sentences(found.text, found.paragraphs)
    heard = quotes.with_speakers(sentences, quotes.quotations(found.text, sentences))
    return [(each.speaker, found.text[each.start : each.end]) for each in heard]


def test_cues_are_joined_and_each_voice_has_its_own_words() -> None:
    assert spoken(document(BRIEFING)) == [
        ("Ines Moran", "Ines Moran: The ferry will sail when the storm has passed & not before."),
        (None, "- And who pays?"),
        ("Paul Ost", "Paul Ost: The company does."),
        ("Ines Moran", "Ines Moran: We agreed on that."),
    ]


def test_the_time_of_a_sentence_is_that_of_its_cue() -> None:
    found = document(BRIEFING)
    times = [
        time_of(found.times, found.text.index(words)) for words in ("The ferry", "has passed", "We agreed")
    ]
    assert times == ["00:00:01.000", "00:00:04.000", "01:00:09.500"]
    assert seconds_of("01:00:09.500") == 3609
    assert time_of((), 5) is None


def test_a_single_voice_is_named() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ines Moran>The ferry will sail in May."
    assert spoken(document(text)) == [("Ines Moran", "Ines Moran: The ferry will sail in May.")]


def test_what_can_not_be_seen_in_a_voice_is_left_out() -> None:
    found = document(
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ines\u00ad\u0001 Moran>The ferry will sail in May."
    )
    assert found.text == "Ines Moran: The ferry will sail in May."
    assert found.times == ((0, 1000),)


def test_a_cue_without_a_voice_is_not_given_to_the_one_before() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ines Moran>The ferry is safe.\n\n"
        "00:03.000 --> 00:04.000\nIt is twelve years old.\n\n"
        "00:05.000 --> 00:06.000\n<v Ines Moran>It will sail."
    )
    assert spoken(document(text))[1] == (None, "- It is twelve years old.")


@pytest.mark.parametrize("dash", ["-", "- ", "– "])
def test_two_voices_in_a_cue_are_two_paragraphs(dash: str) -> None:
    text = f"1\n00:00:01,000 --> 00:00:04,000\n{dash}The ferry will sail.\n{dash}When?\n"
    assert [words for _, words in spoken(document(text, "a.srt"))] == [
        f"{dash}The ferry will sail.",
        f"{dash}When?",
    ]


def test_labels_and_chevrons_begin_turns() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n>> INES MORAN: We are ready. The\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n{\\an8}ferry is too.\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\n>> When will it sail?\n\n"
        "4\n00:00:04,000 --> 00:00:05,000\n>> INES MORAN: In May."
    )
    assert [(who, words[:14]) for who, words in spoken(document(text, "a.srt"))] == [
        ("Ines Moran", ">> INES MORAN:"),
        ("Ines Moran", "The ferry is t"),
        (None, ">> When will i"),
        ("Ines Moran", ">> INES MORAN:"),
    ]


@pytest.mark.parametrize("mark", ["", ">> "])
def test_another_voice_in_the_middle_of_a_line_begins_a_turn(mark: str) -> None:
    text = f"1\n00:00:01,000 --> 00:00:04,000\nOtto did not close it. {mark}OTTO LANG: You did close it.\n"
    found = document(text + "\n2\n00:00:05,000 --> 00:00:08,000\nANA LOW: I was at home.\n", "b.srt")
    assert [found.text[slice(*extent)] for extent in found.paragraphs] == [
        "Otto did not close it.",
        f"{mark}OTTO LANG: You did close it.",
        "ANA LOW: I was at home.",
    ]
    assert [who for who, _ in spoken(found)] == [None, "Otto Lang", "Ana Low"]


def test_a_dash_within_a_sentence_goes_on() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nThe ferry, which is old\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n– very old – will sail.\n"
    )
    assert document(text, "a.srt").text == "The ferry, which is old – very old – will sail."


def test_sounds_are_shown_and_not_cited() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nIt sails.\n\n2\n00:00:02,000 --> 00:00:03,000\n[applause]\n"
    found = document(text, "a.srt")
    assert "[applause]" in found.text
    assert [found.text[a:b] for a, b in found.paragraphs] == ["It sails."]


def test_captions_that_scroll_are_not_repeated() -> None:
    lines = ["the ferry will sail", "when the storm has", "passed and the port", "is open again"]
    cues = [f"00:0{n}.000 --> 00:0{n + 1}.000\n" + "\n".join(lines[max(0, n - 1) : n + 1]) for n in range(4)]
    assert document("WEBVTT\n\n" + "\n\n".join(cues)).text == " ".join(lines)


def test_cues_without_blank_lines_between_them_and_blank_lines_in_cues() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nIt sails\n"
        "2\n00:00:02,000 --> 00:00:03,000\nat\n\nnoon on pier 4.\n"
    )
    assert document(text, "a.srt").text == "It sails at noon on pier 4."


def test_a_file_without_cues_is_refused() -> None:
    with pytest.raises(SourceError, match=r"a\.srt is not a file of subtitles"):
        document("The ferry will sail.", "a.srt")


def test_the_link_to_a_recording_has_the_time() -> None:
    source = Source("1", "t", "a.vtt", None, "s", "https://port.example/briefing.mp4#x")
    citation = Citation("It sails.", 0, 9, 1, (1, 1), None, None, 0.9, source, time="00:01:06.500")
    (found,) = linked(Answer("q", True, 0.9, "It", (citation,)), lambda _: "").citations
    assert found.link == "https://port.example/briefing.mp4#t=66"
