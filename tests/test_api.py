"""The library's front door, used as the README shows it."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from askbrief import Answer, AskbriefError, Citation, Index
from askbrief.errors import IndexMissing, NotFound, OptionError, QuestionError, SourceError
from askbrief.options import AskOptions
from askbrief.types import Document
from conftest import NEWS, SEEDS, Archive, write

WOLVES = "who had seen wolves at the reservoir?"


def test_build_ask_add_remove(tmp_path: Path, tiny_model: Path) -> None:
    files = write(tmp_path / "news", NEWS)
    told: list[str] = []
    index = Index.build(
        [str(files)],
        str(tmp_path / "index"),
        model=str(tiny_model),
        progress=lambda doing, *_: told.append(doing),
    )
    with index:
        assert {"reading", "embedding passages", "writing the search index"} <= set(told)
        answer = index.ask(WOLVES)
        assert isinstance(answer, Answer)
        assert isinstance(answer.citations[0], Citation)
        assert "reservoir" in answer.citations[0].text
        write(files, {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
        assert index.add(files).added == 1
        assert len(index.documents()) == 4
        assert "ferry" in index.ask("when does the ferry to Bari sail?").citations[0].text
        assert index.remove("ferry.txt").removed == 1
        assert len(index.documents()) == 3


def test_an_open_index_moves_to_what_others_committed_when_it_is_told_to(archive: Archive) -> None:
    with Index.open(archive.index) as reader, Index.open(archive.index) as writer:
        assert reader.refresh() is False
        write(archive.files, {"ferry.txt": "The ferry to Bari sails again from Tuesday.\n"})
        writer.add(archive.files)
        assert len(reader.documents()) == 3
        assert reader.ask(WOLVES).answered
        assert reader.refresh() is True
        assert len(reader.documents()) == 4
        assert "ferry" in reader.ask("when does the ferry to Bari sail?").citations[0].text
        assert reader.refresh() is False


@pytest.mark.parametrize(
    "question", [WOLVES, "what will it cost to rebuild the pier?", "is there a zebra in Oslo?"]
)
def test_citations_hold_against_the_document(made: Archive, question: str) -> None:
    with Index.open(made.index) as index:
        answer = index.ask(question)
        assert answer.citations
        for citation in answer.citations:
            document, sentences = index.show(citation.document.id)
            assert document.text[citation.start : citation.end] == citation.text
            assert document.sha256 == citation.document.sha256
            inside = [s for s in sentences if citation.start <= s.start and s.end <= citation.end]
            assert (inside[0].start, inside[-1].end) == (citation.start, citation.end)
            assert {s.paragraph for s in inside} == {citation.paragraph}
            assert (inside[0].number, inside[-1].number) == citation.sentences
            start, end = document.paragraphs[citation.paragraph - 1]
            assert start <= citation.start < citation.end <= end


def cited(answer: Answer) -> set[str]:
    return {Path(citation.document.source).name for citation in answer.citations}


EVERYTHING = "harbour bridge wolves mayor engineer owner said"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"since": "2024-06-01"}, {"2024-06-07-bridge.md"}),
        ({"until": "2024-06-01"}, {"2024-05-02-harbour.txt"}),
        ({"source": "*wolves*"}, {"wolves.txt"}),
        ({"since": "2031-01-01"}, set()),
        ({"source": "*wolves*", "since": "2024-01-01"}, set()),
    ],
)
def test_filters_reach_both_searches(made: Archive, wanted: dict[str, str], expected: set[str]) -> None:
    with Index.open(made.index) as index:
        answer = index.ask(EVERYTHING, **wanted)  # type: ignore[arg-type]
        assert cited(answer) == expected
        assert expected or (answer.answered, answer.confidence) == (False, 0.0)


def test_a_speaker_alone_is_cited(made: Archive) -> None:
    with Index.open(made.index) as index:
        answer = index.ask("what was said about the northern pier?", speaker="ilieva")
        assert answer.citations
        assert {citation.speaker for citation in answer.citations} == {"Petra Ilieva"}
        assert not index.ask("what was said about the northern pier?", speaker="Nobody").answered


def test_reading_tells_what_was_weighed(made: Archive) -> None:
    with Index.open(made.index) as index:
        reading = index.reading(WOLVES, AskOptions(k=2))
        assert len(reading.hits) == 2
        assert reading.hits[0].score >= reading.hits[1].score
        assert all(
            reading.hits[s.hit].start <= s.start < s.end <= reading.hits[s.hit].end for s in reading.spans
        )
        assert [s.score for s in reading.spans] == sorted((s.score for s in reading.spans), reverse=True)
        assert len(index.reading(WOLVES, AskOptions(k=100)).hits) == index.status().passages
        elapsed = reading.answer.elapsed_ms
        assert elapsed["total"] == pytest.approx(elapsed["retrieve"] + elapsed["read"], abs=0.2)


def test_asking_from_many_threads_gives_what_asking_from_one_does(made: Archive) -> None:
    questions = [WOLVES, "why was the bridge closed?", "how many boats were lost?"] * 4
    with Index.open(made.index) as index:
        alone = [index.ask(question).citations for question in questions]
    found: dict[int, object] = {}
    with Index.open(made.index) as index:
        threads = [
            threading.Thread(target=lambda n=n, q=q: found.update({n: index.ask(q).citations}))
            for n, q in enumerate(questions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert [found[n] for n in range(len(questions))] == alone


def test_asking_changes_nothing(made: Archive) -> None:
    def state() -> dict[str, bytes]:
        kept = (path for path in made.index.rglob("*") if path.is_file() and "-shm" not in path.name)
        return {str(path): path.read_bytes() for path in kept}

    before = state()
    with Index.open(made.index) as index:
        index.ask(WOLVES)
        index.status()
        index.documents()
    assert state() == before


def test_errors_are_of_one_tree(made: Archive, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="askbrief index PATH"):
        Index.open(tmp_path)
    with pytest.raises(SourceError, match="no such file"):
        Index.build([tmp_path / "none"], tmp_path / "index")
    assert not (tmp_path / "index").exists()
    with Index.open(made.index) as index:
        with pytest.raises(QuestionError):
            index.ask("  ")
        with pytest.raises(OptionError, match="-k is 0"):
            index.ask("who?", k=0)
        with pytest.raises(NotFound, match="status --documents"):
            index.show("none")
    assert issubclass(NotFound, AskbriefError)


def test_reading_a_text_of_ones_own(made: Archive) -> None:
    text = "Snow closed the pass near Sion. The road to Brig is open."
    with Index.open(made.index) as index:
        words, probability = index.read("what closed the pass near Sion?", text)
        assert words in text
        assert "Snow" in words
        assert 0 <= probability <= 1
        assert 0 < index.threshold < 1


def test_show_gives_dates_and_titles(made: Archive) -> None:
    with Index.open(made.index) as index:
        document, sentences = index.show("bridge.md")
        assert isinstance(document, Document)
        assert (document.title, document.date) == ("Bridge closed", date(2024, 6, 7).isoformat())
        assert "The bridge at St. Gallen was closed" in document.text[sentences[1].start : sentences[1].end]


# -- the whole way, with the model that askbrief comes with

KIRBY = "what did Kirby say about Kharkiv"


@pytest.mark.model
def test_the_seed_article_answers(seeds_index: Path) -> None:
    article = next(SEEDS.glob("*.txt")).read_text("utf-8")
    with Index.open(seeds_index) as index:
        answer = index.ask(KIRBY)
    assert answer.answered
    starts = [
        "However, White House",
        "“The Russians really have kind of stalled out",
        "“Their advance on Kharkiv is all but",
    ]
    assert len(answer.citations) == len(starts)
    scores = [citation.score for citation in answer.citations]
    assert scores == sorted(scores, reverse=True)
    citations = sorted(answer.citations, key=lambda citation: citation.start)
    for citation, start in zip(citations, starts, strict=True):
        assert citation.text.startswith(start)
        assert article[citation.start : citation.end] == citation.text
        assert citation.answer
        assert article[citation.answer.start : citation.answer.end] == citation.answer.text
    assert [(c.paragraph, c.sentences) for c in citations] == [(8, (1, 1)), (9, (1, 1)), (9, (2, 2))]
    assert citations[1].speaker == "John Kirby"


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("when was Zelenskiy's term supposed to end?", "May 20"),
        ("where did Putin speak on June 7?", "St. Petersburg"),
        ("what did Zelensky say about his legitimacy", "comrade Putin"),
    ],
)
def test_questions_on_the_seed_article(seeds_index: Path, question: str, sentence: str) -> None:
    with Index.open(seeds_index) as index:
        assert any(sentence in citation.text for citation in index.ask(question).citations)


@pytest.mark.model
@pytest.mark.parametrize(
    "question", ["who won the football match in Madrid?", "how do I bake sourdough bread?"]
)
def test_what_the_seed_article_does_not_say(seeds_index: Path, question: str) -> None:
    with Index.open(seeds_index) as index:
        answer = index.ask(question)
    assert (answer.answered, answer.answer) == (False, None)
    assert all(c.answer and c.answer.text in c.text for c in answer.citations)
