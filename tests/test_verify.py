"""Saved answers checked again: each thing that may become of a citation, through real builds; bad input."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from askbrief import Index
from askbrief.errors import AnswerError
from askbrief.formats.document import document
from askbrief.formats.text_paragraphs import paragraphs
from askbrief.text import split_sentences
from askbrief.types import Answer, AnswerText, Citation, Sentence, Source
from askbrief.verify import Verification, VerifiedCitation, load
from askbrief.verify.compare import Version, compare
from askbrief.verify.places import LEAST_ALIKE, nearest
from conftest import NEWS, Archive, Cli, Ran, assert_line, process, write

WOLVES = "who said that he had seen five of them at the reservoir?"
SEEN = "A café owner, Bruno Šimić, said that he had seen five of them at the reservoir."
PIER = "what will it cost to rebuild the pier?"

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")


def ask(index: Path, question: str = WOLVES) -> Answer:
    """The answer to a question, whatever its probability."""
    with Index.open(index) as opened:
        found = opened.ask(question, threshold=0.0)
    assert found.citations
    return found


def verified(index: Path, answer: Answer) -> Verification:
    with Index.open(index) as opened:
        return opened.verify(answer)


def only(index: Path, answer: Answer) -> VerifiedCitation:
    """What has become of the citation of the wolves."""
    report = verified(index, answer)
    (checked,) = (each for each in report.citations if each.text == SEEN)
    assert report.intact == all(each.state == "intact" for each in report.citations)
    return checked


@pytest.fixture
def wolves(archive: Archive) -> Path:
    return archive.files / "wolves.txt"


def edit(path: Path, old: str, new: str) -> None:
    """Replace words of a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


# -- what may become of a citation


@pytest.mark.parametrize("question", [WOLVES, PIER, "harbour bridge wolves mayor engineer owner said"])
def test_intact_while_nothing_changes(archive: Archive, question: str) -> None:
    answer = ask(archive.index, question)
    report = verified(archive.index, answer)
    assert report.intact
    assert len(report.citations) == len(answer.citations)
    for checked, citation in zip(report.citations, answer.citations, strict=True):
        assert (checked.state, checked.index, checked.source) == ("intact", "intact", "intact")
        assert checked.why == "the index and the file have it as cited"
        assert checked.found is None
        assert (checked.text, checked.start, checked.end) == (citation.text, citation.start, citation.end)
        assert checked.document == citation.document


def test_nearest_passages_of_no_answer_are_checked_too(archive: Archive) -> None:
    with Index.open(archive.index) as opened:
        answer = opened.ask("which zebra sings in Oslo?", threshold=1.0)
    assert not answer.answered
    report = verified(archive.index, answer)
    assert report.intact
    assert len(report.citations) == len(answer.citations) > 0
    for path in archive.files.iterdir():
        path.write_text("Nothing is left of it.", encoding="utf-8")
    assert {each.state for each in verified(archive.index, answer).citations} <= {"changed", "gone"}


def test_words_that_moved_in_the_file_and_then_in_the_index(archive: Archive, wolves: Path) -> None:
    answer = ask(archive.index)
    edit(wolves, "Wolves have", "It was told on Monday.\n\nWolves have")
    checked = only(archive.index, answer)
    assert (checked.state, checked.index, checked.source) == ("moved", "intact", "moved")
    assert checked.why == "the index has it as cited; the file was edited: the words are now at 74–153"
    found = checked.found
    assert found
    assert (found.within, found.start, found.end, found.alike) == ("source", 74, 153, 1.0)
    assert (found.paragraph, found.sentences, found.text) == (3, (1, 1), SEEN)
    said = answer.citations[0].answer
    assert said
    assert found.answer == AnswerText(said.text, said.start + 24, said.end + 24)

    Index.update([archive.files], archive.index)
    checked = only(archive.index, answer)
    assert (checked.state, checked.index, checked.source) == ("moved", "moved", "moved")
    assert checked.why == "the index and the file were edited: the words are now at 74–153"
    assert checked.found == replace(found, within="index")
    assert verified(archive.index, ask(archive.index)).intact


def test_words_that_stand_where_they_did_in_a_changed_text_are_not_intact(
    archive: Archive, wolves: Path
) -> None:
    answer = ask(archive.index)
    with wolves.open("a", encoding="utf-8") as file:
        file.write("\nCorrection: he had not.\n")
    checked = only(archive.index, answer)
    assert (checked.state, checked.source) == ("moved", "moved")
    assert checked.why.endswith("the file was edited: the words are still at 50–129")
    assert checked.found
    assert (checked.found.start, checked.found.end) == (checked.start, checked.end)


def test_words_that_were_wrapped_anew_are_the_same_words(archive: Archive, wolves: Path) -> None:
    answer = ask(archive.index)
    edit(wolves, SEEN, SEEN.replace("said that", "said\nthat"))
    checked = only(archive.index, answer)
    assert checked.state == "moved"
    assert checked.found
    assert (checked.found.alike, "said\nthat" in checked.found.text) == (1.0, True)


@pytest.mark.parametrize("reindexed", [False, True])
def test_words_that_were_changed(archive: Archive, wolves: Path, reindexed: bool) -> None:
    answer = ask(archive.index)
    edit(wolves, "seen five", "seen six")
    if reindexed:
        Index.update([archive.files], archive.index)
    checked = only(archive.index, answer)
    assert (checked.state, checked.source) == ("changed", "changed")
    assert checked.index == ("changed" if reindexed else "intact")
    assert "other words are in their place, at 50–128, 9" in checked.why
    found = checked.found
    assert found
    assert (found.text, found.start, found.end) == (SEEN.replace("five", "six"), 50, 128)
    assert (found.paragraph, found.sentences) == (2, (1, 1))
    assert LEAST_ALIKE < found.alike < 1


def test_a_sentence_that_was_replaced_where_it_stood(archive: Archive, wolves: Path) -> None:
    answer = ask(archive.index)
    edit(wolves, SEEN, "Nobody knows it.")
    checked = only(archive.index, answer)
    assert checked.state == "changed"
    assert checked.found
    assert (checked.found.text, checked.found.start) == ("Nobody knows it.", 50)
    assert checked.found.alike < LEAST_ALIKE


@pytest.mark.parametrize("content", [b"Another story. On other things.", b"", b"\x89PNG\r\n\x1a\n\0"])
def test_words_that_are_gone_from_the_file(archive: Archive, wolves: Path, content: bytes) -> None:
    answer = ask(archive.index)
    wolves.write_bytes(content)
    checked = only(archive.index, answer)
    assert (checked.state, checked.index, checked.source) == ("gone", "intact", "gone")
    assert checked.found is None
    assert checked.why.startswith("the index has it as cited; the file ")


def test_a_source_that_is_missing_leaves_the_index_to_decide(archive: Archive, wolves: Path) -> None:
    answer = ask(archive.index)
    text = wolves.read_text(encoding="utf-8")
    wolves.unlink()
    checked = only(archive.index, answer)
    assert (checked.state, checked.index, checked.source) == ("intact", "intact", "missing")
    assert checked.why == "the index has it as cited; the file is missing"
    wolves.mkdir()
    assert only(archive.index, answer).source == "missing"
    wolves.rmdir()
    wolves.write_text(text, encoding="utf-8", newline="")
    assert only(archive.index, answer).source == "intact"


@posix
def test_a_source_that_can_not_be_read_leaves_the_index_to_decide(
    archive: Archive, wolves: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(archive.index)
    opened = Path.open

    def refused(path: Path, *how: Any, **more: Any) -> Any:
        if path == wolves.resolve():
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", refused)  # root may read anything
    checked = only(archive.index, answer)
    assert (checked.state, checked.source) == ("intact", "unread")
    assert checked.why == "the index has it as cited; the file can't be read: Permission denied"


@posix
def test_a_pipe_is_never_waited_for(archive: Archive, wolves: Path) -> None:
    answer = ask(archive.index)
    wolves.unlink()
    os.mkfifo(wolves)
    assert only(archive.index, answer).source == "missing"


def test_a_document_deleted_and_indexed_so_is_gone(tmp_path: Path, tiny_model: Path) -> None:
    files, index = write(tmp_path / "news", NEWS), tmp_path / "index"
    Index.update([files], index, model=str(tiny_model))
    answer = ask(index)
    (files / "wolves.txt").unlink()
    Index.update([files], index)
    checked = only(index, answer)
    assert (checked.state, checked.index, checked.source) == ("gone", "gone", "unread")
    assert checked.why == (
        "the index does not have the document; the file was not opened, as the index doesn't know it"
    )


def test_a_document_taken_out_of_the_archive_is_gone_from_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(archive.index)
    with Index.open(archive.index) as opened:
        opened.remove("wolves.txt")
    (cited,) = (each for each in answer.citations if each.text == SEEN)
    monkeypatch.chdir(archive.files)
    moved = replace(cited, document=replace(cited.document, source="wolves.txt"))
    checked = only(archive.index, replace(answer, citations=(moved,)))
    assert (checked.state, checked.index, checked.source) == ("gone", "gone", "unread")
    assert checked.why.endswith("; the file was not opened, as the index doesn't know it")


@pytest.mark.parametrize("known", ["id", "source", "sha256", None])
def test_no_file_is_opened_that_only_the_answer_names(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: str | None
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text(f"My words are nobody's business. {SEEN}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    answer = ask(archive.index)
    (cited,) = (each for each in answer.citations if each.text == SEEN)
    for name in (str(mine), "mine.txt", "news/../mine.txt"):
        about = cited.document
        about = replace(
            about,
            id=about.id if known == "id" else "0",
            sha256=about.sha256 if known == "sha256" else "0",
            source=about.source if known == "source" else name,
        )
        wrong = replace(cited, document=about, text="My words are nobody’s.", start=0, answer=None)
        (checked,) = verified(archive.index, replace(answer, answer=None, citations=(wrong,))).citations
        assert "business" not in str(checked)
        assert checked.source != "intact"


def test_another_index_does_not_hold_it(archive: Archive, tmp_path: Path, tiny_model: Path) -> None:
    answer = ask(archive.index)
    other = write(tmp_path / "other", {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
    Index.update([other], tmp_path / "second", model=str(tiny_model))
    assert only(tmp_path / "second", answer).index == "gone"


def test_the_same_text_by_another_name_has_moved(archive: Archive, wolves: Path) -> None:
    answer = ask(archive.index)
    wolves.rename(wolves.with_name("hills.txt"))
    Index.update([archive.files], archive.index)
    checked = only(archive.index, answer)
    assert (checked.state, checked.index, checked.source) == ("moved", "moved", "intact")
    assert "has the document under another name" in checked.why
    assert checked.found
    assert checked.found.document.endswith("hills.txt")


def test_a_copied_index_finds_the_source_by_its_name(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_model: Path
) -> None:
    monkeypatch.chdir(archive.files)
    Index.update([Path("wolves.txt")], tmp_path / "mine", model=str(tiny_model))
    answer = ask(tmp_path / "mine")
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.chdir(tmp_path)
    archive.files.rename(elsewhere)
    assert only(tmp_path / "mine", answer).source == "missing"
    monkeypatch.chdir(elsewhere)
    assert only(tmp_path / "mine", answer).source == "intact"


# -- a citation that says what is not so


def altered(answer: Answer, /, **fields: Any) -> Answer:
    (cited,) = (each for each in answer.citations if each.text == SEEN)
    return replace(answer, answer=None, citations=(replace(cited, **fields),))


@pytest.mark.parametrize(
    ("fields", "state", "told"),
    [
        ({"start": 49}, "moved", "have the document unchanged, but the words are at 50"),
        ({"end": 130}, "moved", "the document unchanged, but the words are at 50–129"),
        ({"start": 10**9, "end": 10**9 + 79}, "moved", "50–129"),
        ({"paragraph": 1}, "moved", "have the words in paragraph 2, sentence 1"),
        ({"sentences": (1, 2)}, "moved", "have the words in paragraph 2, sentence 1"),
        ({"sentences": (10**9, 0)}, "moved", "paragraph 2, sentence 1"),
        ({"answer": AnswerText("five of them", 98, 110)}, "moved", "“five of them”, are at 99–111"),
        ({"answer": AnswerText("six of them", 99, 110)}, "changed", "“six of them”, are not in it"),
        ({"answer": AnswerText("Wolves", 0, 6)}, "changed", "“Wolves”, are not in it"),
        ({"answer": AnswerText("", 99, 99)}, "changed", "are not in it"),
    ],
)
def test_a_citation_with_a_wrong_place(made: Archive, fields: Any, state: str, told: str) -> None:
    (checked,) = verified(made.index, altered(ask(made.index), **fields)).citations
    assert (checked.state, checked.index, checked.source) == (state, state, state)
    assert told in checked.why
    assert checked.found
    assert (checked.found.start, checked.found.end, checked.found.text) == (50, 129, SEEN)
    assert (checked.found.paragraph, checked.found.sentences) == (2, (1, 1))


def test_words_that_were_never_there(made: Archive) -> None:
    lie = SEEN.replace("five", "fifty")
    (checked,) = verified(made.index, altered(ask(made.index), text=lie)).citations
    assert checked.state == "changed"
    has = "the index and the file have the document unchanged, but it never had these words"
    assert checked.why == f"{has}; others are at 50–129, 96% similar"
    assert checked.found
    assert checked.found.text == SEEN
    (checked,) = verified(made.index, altered(ask(made.index), text="Zebras sing.", start=3)).citations
    assert (checked.state, checked.why) == ("gone", has)


@pytest.mark.parametrize(
    ("speaker", "state"),
    [
        ("Bruno Šimić", "intact"), ("Simic", "intact"), ("Mr. Bruno Simic", "intact"), (None, "intact"),
        ("Bruno Moe", "changed"), ("Petra Ilieva", "changed"),
    ],
)  # fmt: skip
def test_a_speaker_is_the_one_whom_the_index_names(made: Archive, speaker: str | None, state: str) -> None:
    (checked,) = verified(made.index, altered(ask(made.index), speaker=speaker)).citations
    assert (checked.state, checked.index, checked.source) == (state, state, "intact")
    assert checked.found is None
    told = (
        f"the index has it as cited, but gives it to Bruno Šimić, not to {speaker}; the file has it as cited"
    )
    assert checked.why == (told if state == "changed" else "the index and the file have it as cited")


def test_a_speaker_of_words_that_nobody_says(made: Archive, saved: Path, cli: Cli) -> None:
    with Index.open(made.index) as opened:
        sentence = next(s for s in opened.show("wolves.txt")[1] if s.speaker is None)
        cited = next(c for c in ask(made.index).citations if c.text == SEEN)
        text = opened.show("wolves.txt")[0].text[sentence.start : sentence.end]
    place: Any = {"start": sentence.start, "end": sentence.end, "paragraph": sentence.paragraph}
    lie = replace(cited, text=text, **place, sentences=(sentence.number,) * 2, answer=None, speaker="Bo Ek")
    (checked,) = verified(made.index, Answer("?", False, 0.0, None, (lie,))).citations
    assert (checked.state, checked.why.split(";")[0]) == (
        "changed",
        "the index has it as cited, but doesn't give it to Bo Ek",
    )
    saved.write_text(json.dumps(asdict(Answer("?", False, 0.0, None, (lie,)))), encoding="utf-8")
    ran = cli("verify", saved, "--index", made.index)
    assert (ran.code, "doesn't give it to Bo Ek" in ran.out) == (1, True)


def test_a_sentence_cut_short_is_not_intact(made: Archive) -> None:
    cut = "he had seen five of them at the reservoir."
    answer = altered(ask(made.index), text=cut, start=87, end=129, answer=None)
    (checked,) = verified(made.index, answer).citations
    assert checked.state == "moved"
    assert "the full sentences are at 50–129" in checked.why
    assert checked.found
    assert checked.found.text == SEEN


@pytest.mark.parametrize("fields", [{"sha256": "0" * 64}, {"id": "0" * 12}, {"source": "other.txt"}])
def test_a_document_called_otherwise(made: Archive, fields: Any) -> None:
    answer = ask(made.index)
    cited = next(each for each in answer.citations if each.text == SEEN)
    checked = only(made.index, altered(answer, document=replace(cited.document, **fields)))
    assert (checked.state, checked.index) == ("moved", "moved")


def test_an_answer_that_is_in_none_of_its_citations(made: Archive) -> None:
    answer = replace(ask(made.index), answer="fifty of them")
    report = verified(made.index, answer)
    assert {each.state for each in report.citations} == {"intact"}
    assert not report.intact
    assert report.faults == (f"the answer “fifty of them” to “{WOLVES}” is in none of its citations",)


# -- any text


@st.composite
def stories(draw: st.DrawFn) -> str:
    words = st.sampled_from(["Wolves", "came", "to", "“Varna”", "on", "Monday", "Šimić", "said", "so"])
    ends = st.sampled_from([". ", "! ", ".\n\n", ".\n", ", "])
    pieces = draw(st.lists(st.tuples(st.lists(words, min_size=1, max_size=8), ends), min_size=1, max_size=8))
    return "".join(" ".join(piece) + end for piece, end in pieces)


def held(text: str) -> Version:
    found = document("story.txt", text, paragraphs(text))
    return Version(found, split_sentences(text, found.paragraphs))


def citation_of(text: Version, sentence: Sentence) -> Citation:
    start, end = sentence.start, sentence.end
    words = text.document.text[start:end]
    about = Source(text.document.id, "", text.document.source, None, text.document.sha256)
    answer = AnswerText(words[-3:], end - len(words[-3:]), end)
    return Citation(words, start, end, sentence.paragraph, (sentence.number,) * 2, answer, None, 1.0, about)


@given(stories(), st.data())
def test_citations_of_an_unchanged_text_are_intact(story: str, data: st.DataObject) -> None:
    text = held(story)
    citation = citation_of(text, data.draw(st.sampled_from(text.sentences)))
    assert compare(citation, text, "source").state == "intact"


@given(stories(), st.data(), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_text_inserted_before_moves_a_citation_by_its_length(
    story: str, data: st.DataObject, inserted: str
) -> None:
    text = held(story)
    citation = citation_of(text, data.draw(st.sampled_from(text.sentences)))
    at = data.draw(st.integers(0, citation.start))
    longer = held(story[:at] + inserted + story[at:])
    start = citation.start + len(inserted)
    assume(
        nearest(citation.text, longer.document.text, citation.start) == (start, start + len(citation.text))
    )
    finding = compare(citation, longer, "source")
    assert finding.state == "moved"
    assert finding.found
    assert (finding.found.start, finding.found.end) == (start, citation.end + len(inserted))
    assert finding.found.text == citation.text
    assert citation.answer
    assert finding.found.answer == AnswerText(
        citation.answer.text, citation.answer.start + len(inserted), citation.answer.end + len(inserted)
    )


@given(st.text("ab ", max_size=30), st.text("ab ", min_size=1, max_size=4), st.integers(0, 40))
def test_the_nearest_place_is_the_nearest(text: str, words: str, near: int) -> None:
    places = [at for at in range(len(text)) if text.startswith(words, at)]
    found = nearest(words, text, near)
    if places:
        assert found
        assert text[slice(*found)] == words
        assert abs(found[0] - near) == min(abs(at - near) for at in places)


# -- the command


@pytest.fixture
def saved(made: Archive, tmp_path: Path) -> Path:
    """A saved answer."""
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(asdict(ask(made.index))), encoding="utf-8")
    return path


@pytest.fixture
def index(made: Archive, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKBRIEF_INDEX", str(made.index))
    return made.index


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes on standard input."""
    return lambda data: monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    )


ABOUT = ["id", "title", "source", "date", "sha256", "url", "language", "dated"]
KEYS = ["state", "index", "source", "why", "text", "start", "end", "document", "found"]


@pytest.mark.usefixtures("index")
def test_verify_json(cli: Cli, saved: Path) -> None:
    ran = cli("verify", saved, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert list(ran.json) == ["citations", "faults", "intact"]
    assert ran.json["intact"] is True
    assert ran.json["citations"]
    for citation in ran.json["citations"]:
        assert list(citation) == KEYS
        assert (citation["state"], citation["found"]) == ("intact", None)
        assert list(citation["document"]) == ABOUT


def test_verify_json_of_what_has_moved(cli: Cli, archive: Archive, wolves: Path, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(asdict(ask(archive.index))), encoding="utf-8")
    edit(wolves, "Wolves have", "Now wolves have")
    ran = cli("verify", path, "--index", archive.index, "--json")
    assert (ran.code, ran.err, ran.json["intact"]) == (1, "", False)
    found = next(each["found"] for each in ran.json["citations"] if each["text"] == SEEN)
    assert found["start"] == 54
    assert list(found) == [
        "within", "document", "text", "start", "end", "paragraph", "sentences", "answer", "alike"
    ]  # fmt: skip
    ran = cli("verify", path, "--index", archive.index)
    assert ran.code == 1
    assert ran.out.startswith("moved ")
    assert "the file was edited: the words are now at 54–133" in ran.out
    assert "1 moved" in ran.out.splitlines()[-1]
    assert "    now  " not in ran.out
    edit(wolves, "seen five", "seen six")
    ran = cli("verify", path, "--index", archive.index)
    assert f"    now  {SEEN.replace('five', 'six')}\n" in ran.out


@pytest.mark.usefixtures("index")
def test_verify_for_people(cli: Cli, saved: Path, made: Archive) -> None:
    ran = cli("verify", saved)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("intact ")
    assert "characters 50–129" in ran.out
    assert SEEN in ran.out
    assert ran.out.splitlines()[-1].endswith(" intact")
    lie = replace(ask(made.index), answer="\x1b[2Jfifty")
    saved.write_text(json.dumps(asdict(lie)), encoding="utf-8")
    ran = cli("verify", saved)
    assert ran.code == 1
    assert "fifty” to “" in ran.out
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("form", ["one", "indented", "lines", "list", "after one another", "mark", "utf-16"])
@pytest.mark.usefixtures("index")
def test_every_form_of_a_file(cli: Cli, made: Archive, saved: Path, form: str) -> None:
    one, two = asdict(ask(made.index)), asdict(ask(made.index, PIER))
    one["question"] = "a line\u2028break within"
    written = {
        "one": json.dumps(one, ensure_ascii=False).encode(),
        "indented": json.dumps(one, indent=2).encode(),
        "lines": b"".join(json.dumps(each).encode() + b"\r\n" for each in (one, two)),
        "list": json.dumps([one, two]).encode(),
        "after one another": json.dumps(one, indent=2).encode() * 2,
        "mark": b"\xef\xbb\xbf" + json.dumps(one).encode(),
        "utf-16": json.dumps(one).encode("utf-16"),
    }[form]
    saved.write_bytes(written)
    ran = cli("verify", saved, "--json")
    assert (ran.code, ran.err) == (0, "")
    count = {"after one another": 2 * len(one["citations"])}
    count["lines"] = count["list"] = len(one["citations"]) + len(two["citations"])
    assert len(ran.json["citations"]) == count.get(form, len(one["citations"]))


@pytest.mark.usefixtures("index")
def test_what_many_questions_gave(cli: Cli, feed: Callable[[bytes], None]) -> None:
    feed(f"{WOLVES}\n\n{PIER}\n".encode())
    lines = cli("ask", "-").out  # the empty line gives an object with an error
    assert '"error"' in lines
    feed(lines.encode())
    ran = cli("verify", "-", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.json["citations"]) >= 2


@pytest.mark.usefixtures("index")
def test_an_answer_without_citations_is_intact(cli: Cli, saved: Path) -> None:
    saved.write_text(
        '{"question": "?", "answered": false, "answer": null, "citations": []}', encoding="utf-8"
    )
    ran = cli("verify", saved)
    assert (ran.code, ran.out) == (0, "no citations\n")


def test_a_pipe_from_ask_to_verify(made: Archive) -> None:
    asked = process("ask", WOLVES, "--json", "--index", made.index, cwd=made.files)
    assert asked.returncode == 0
    ran = process("verify", "-", "--index", made.index, input=asked.stdout, cwd=made.files)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert SEEN in ran.stdout


def test_verifying_loads_no_model(made: Archive, saved: Path) -> None:
    from test_imports import loaded_after

    program = "import askbrief.cli as cli\nassert cli.main() == 0"
    loaded = loaded_after(program, "verify", saved, "--index", made.index)
    assert {
        "torch",
        "transformers",
        "sentence_transformers",
        "onnxruntime",
        "faiss",
        "tantivy",
    } & loaded == set()


# -- bad input


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no answer"),
        (b" \n", "has no answer"),
        (b"[]", "has no answer"),
        (b"The archive does not say.", "isn't JSON"),
        (b'{"answer": null, "citations": []', "isn't JSON"),
        (b'{"answer": null, "citations": []}\n{"ans', "line 2"),
        (b"[" * 100_000, "nested too deep"),
        (b"1" * 10_000, "isn't JSON"),
        (b"\xff\xfe\xfa", "isn't UTF-8"),
        (b"null", "is null, not an object"),
        (b'"answer"', 'is "answer", not an object'),
        (b"[[]]", "is a list, not an object"),
        (b"{}", "has no 'citations'"),
        (b'{"citations": []}', "has no 'answer'"),
        (b'{"citations": {}, "answer": null}', "citations is an object, not a list"),
        (b'{"citations": [1], "answer": null}', "citation 1 is 1, not an object"),
        (b'{"citations": [], "answer": 5}', "answer is 5, not a text"),
        (b'{"citations": [], "answer": "\\ud800"}', "not text in Unicode"),
        (b'[{"citations": [], "answer": null}, 7]', "answer 2 is 7"),
    ],
)
@pytest.mark.usefixtures("index")
def test_what_is_no_answer(cli: Cli, saved: Path, content: bytes, told: str) -> None:
    saved.write_bytes(content)
    assert_line(cli("verify", saved), str(saved), told)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("start",), "50", 'start is "50", not a number'),
        (("end",), 129.0, "end is 129.0, not a number"),
        (("start",), -1, "start is -1"),
        (("start",), True, "start is true"),
        (("text",), None, "text is null, not a text"),
        (("text",), " ", "text is empty"),
        (("sentences",), [1], "sentences is a list"),
        (("sentences",), [1, "2"], "sentences is a list"),
        (("paragraph",), None, "paragraph is null"),
        (("answer",), "five", 'answer is "five", not an object'),
        (("answer", "start"), None, "answer: start is null"),
        (("document",), None, "document is null, not an object"),
        (("document", "sha256"), 5, "document: sha256 is 5, not a text"),
        (("speaker",), 5, "speaker is 5, not a text"),
        (("document", "date"), 2024, "document: date is 2024, not a text"),
    ],
)
@pytest.mark.usefixtures("index")
def test_a_citation_of_another_shape(
    cli: Cli, saved: Path, place: tuple[str, ...], value: Any, told: str
) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    within = answer["citations"][0]
    for key in place[:-1]:
        within = within[key]
    within[place[-1]] = value
    saved.write_text(json.dumps(answer), encoding="utf-8")
    assert_line(cli("verify", saved), "citation 1", told)


NEEDED = ["text", "start", "end", "paragraph", "sentences", "answer", "document"]


@pytest.mark.parametrize("key", NEEDED)
@pytest.mark.usefixtures("index")
def test_a_key_that_is_missing(cli: Cli, saved: Path, key: str) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    del answer["citations"][0][key]
    saved.write_text(json.dumps(answer), encoding="utf-8")
    assert_line(cli("verify", saved), f"citation 1 has no '{key}'")


@pytest.mark.usefixtures("index")
def test_what_is_not_checked_may_be_missing(cli: Cli, saved: Path) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    kept = {"answer": answer["answer"], "citations": answer["citations"]}
    for citation in kept["citations"]:
        for key in set(citation) - set(NEEDED):
            del citation[key]
        for key in ("title", "date"):
            del citation["document"][key]
    saved.write_text(json.dumps(kept), encoding="utf-8")
    assert cli("verify", saved).code == 0


def test_no_file_and_no_index(cli: Cli, saved: Path, tmp_path: Path, made: Archive) -> None:
    assert_line(cli("verify", tmp_path / "nope.json", "--index", made.index), "nope.json can't be read")
    assert_line(cli("verify", tmp_path, "--index", made.index), "can't be read")
    assert_line(cli("verify", saved, "--index", tmp_path / "none"), "no index in")
    assert_line(cli("verify"), "name either a file or `--log`", "answer.json")


def test_the_library_takes_what_was_given_and_what_was_saved(made: Archive) -> None:
    answer = ask(made.index)
    with Index.open(made.index) as opened:
        whole = opened.verify(answer)
        assert opened.verify(json.dumps(asdict(answer))) == whole
        assert opened.verify(json.dumps(asdict(answer)).encode()) == whole
        assert opened.verify([answer, answer]).citations == 2 * whole.citations
        with pytest.raises(AnswerError, match="the answer isn't JSON"):
            opened.verify("{")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**30) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutations(draw: st.DrawFn, answer: dict[str, Any]) -> bytes:
    """The JSON of an answer in which some value is another, some key is missing, or some byte is wrong."""
    answer = json.loads(json.dumps(answer))
    for _ in range(draw(st.integers(1, 3))):
        within: Any = answer
        while isinstance(within, dict | list) and within:
            keys = list(within) if isinstance(within, dict) else list(range(len(within)))
            key = draw(st.sampled_from(keys))
            if not isinstance(within[key], dict | list) or draw(st.booleans()):
                how = draw(st.sampled_from(["replace", "replace", "delete"]))
                if how == "delete":
                    del within[key]
                else:
                    within[key] = draw(values)
                break
            within = within[key]
    data = json.dumps(answer).encode()
    at = draw(st.integers(0, len(data) - 1))
    return data[:at] + draw(st.binary(max_size=2)) + data[at + 1 :] if draw(st.integers(0, 4)) == 0 else data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_mutated_answers_are_checked_or_refused_in_one_line(
    made: Archive, cli: Cli, saved: Path, data: st.DataObject
) -> None:
    content = data.draw(mutations(json.loads(json.dumps(asdict(ask_once(made.index))))))
    saved.write_bytes(content)
    ran: Ran = cli("verify", saved, "--index", made.index)
    assert ran.code in (0, 1, 2)
    if ran.code == 2:
        assert_line(ran, "answer.json")
    else:
        assert ran.err == ""
        assert load(content, "x")


ANSWERS: dict[Path, Answer] = {}


def ask_once(index: Path) -> Answer:
    """An answer that is asked for once, however often it is changed."""
    if index not in ANSWERS:
        ANSWERS[index] = ask(index)
    return ANSWERS[index]


def test_the_briefs_are_as_these_tests_take_them() -> None:
    assert NEWS["wolves.txt"][50:129] == SEEN
