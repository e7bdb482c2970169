"""Reading passages: windows, spans, probabilities, and the reader that puts them together."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from askbrief.api import read_text
from askbrief.errors import ModelError
from askbrief.packaged import LARGE_READER, READER, packaged
from askbrief.read import passage_reader
from askbrief.read.logistic import Logistic, probability
from askbrief.read.neural.passage_reader import (
    FEATURES,
    PassageReader,
    agreeing,
    competing,
    described,
)
from askbrief.read.neural.reading_model import ReadingModel, plain_card, read_card, write_card
from askbrief.read.neural.span_decoding import LONGEST_SPAN, Candidate, Scores, best_of_each, candidates
from askbrief.read.neural.two_readers import FIRST, READ_AGAIN, TwoReaders, as_first
from askbrief.read.neural.windows import LONGEST_QUESTION, Window, windows
from askbrief.types import Hit, Sentence, Source

SHIPPED = [packaged(READER), packaged(LARGE_READER)]
TEXT = (
    "The bridge at Arlow was closed on Monday after engineers found cracks. "
    "Mayor Ines Toll said repairs would take six weeks. A ferry holds 240 people."
)
SENTENCES = (Sentence(0, 70, 1, 1), Sentence(71, 121, 1, 2), Sentence(122, 146, 1, 3))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(packaged(READER) / "tokenizer.json"))


def hit(text: str, sentences: tuple[Sentence, ...], *, at: int = 0, cosine: float = 0.5) -> Hit:
    moved = tuple(replace(s, start=s.start + at, end=s.end + at) for s in sentences)
    return Hit(Source("d", "t", "s", None, ""), at, at + len(text), text, moved, 1.0, cosine)


class Scored:
    """A reading model that finds one word: its tokens score high, all others nothing."""

    def __init__(self, tokenizer: Tokenizer, word: str) -> None:
        self.tokenizer, self.card = tokenizer, plain_card("scored", 64, 16)
        self._ids = tokenizer.encode(word, add_special_tokens=False).ids

    def score(self, parts: Sequence[Window]) -> list[Scores]:
        return [
            Scores(
                np.where(np.isin(part.ids, self._ids[:1]), 9, 0).astype(np.float32),
                np.where(np.isin(part.ids, self._ids[-1:]), 9, 0).astype(np.float32),
                0.0,
            )
            for part in parts
        ]


def reader(tokenizer: Tokenizer, word: str) -> PassageReader:
    return PassageReader(cast(ReadingModel, Scored(tokenizer, word)))


# -- windows


@given(count=st.integers(1, 40), length=st.integers(48, 100))
def test_windows_cover_every_text_and_overlap(tokenizer: Tokenizer, count: int, length: int) -> None:
    texts = [TEXT * count, "", TEXT]
    cut = windows(tokenizer, "Who closed the bridge?", texts, length, 16)
    assert {window.text for window in cut} == {0, 2}
    for window in cut:
        assert len(window.ids) <= length
        assert len(window.offsets) == len(window.opens) == len(window.closes)
        assert (window.types[window.first : window.first + len(window.offsets)] == 1).all()
    first = [window for window in cut if window.text == 0]
    assert first[0].offsets[0, 0] == 0
    assert first[-1].offsets[-1, 1] == len(texts[0])
    for one, other in pairwise(first):
        assert other.offsets[0, 0] < one.offsets[-1, 0]


def test_a_long_question_leaves_room_for_the_text(tokenizer: Tokenizer) -> None:
    (window,) = windows(tokenizer, "why " * 500, [TEXT], 384, 128)
    assert window.first <= LONGEST_QUESTION + 2
    assert window.offsets[-1, 1] == len(TEXT)


def test_words_open_and_close_once(tokenizer: Tokenizer) -> None:
    (window,) = windows(tokenizer, "Who?", ["Zelenskiy resigned."], 64, 16)
    opened = [int(window.offsets[place, 0]) for place in np.flatnonzero(window.opens)]
    closed = [int(window.offsets[place, 1]) for place in np.flatnonzero(window.closes)]
    assert (opened, closed) == ([0, 10, 18], [9, 18, 19])
    assert len(window.offsets) > 3


# -- spans


@given(st.integers(0, 10_000), st.integers(1, 70), st.integers(1, 4))
def test_each_sentence_gets_its_best_span(seed: int, count: int, sentences: int) -> None:
    random = np.random.default_rng(seed)
    starts, ends = random.normal(size=(2, count + 5)).astype(np.float32) * 3
    opens = sorted({0, *random.integers(0, count, sentences - 1).tolist()})
    extents = [
        (begin, int(random.integers(begin + 1, end + 1))) for begin, end in pairwise([*opens, count])
    ]  # what stands between a sentence's end and the next's beginning is no answer
    blocks = random.integers(1, 3, len(opens)).cumsum().tolist()
    offsets = np.stack([np.arange(count), np.arange(count) + 1], axis=1)
    whole = np.ones(count, dtype=bool)
    empty = np.zeros(count + 5, dtype=np.int64)
    found = candidates(
        Window(0, empty, empty, 4, offsets, whole, whole), Scores(starts, ends, 1.5), extents, blocks
    )
    of = np.searchsorted(opens, np.arange(count), side="right") - 1
    sums = {
        (i, j): float(starts[4 + i]) + float(ends[4 + j])
        for i in range(count)
        for j in range(i, min(count, i + LONGEST_SPAN))
        if blocks[of[i]] == blocks[of[j]]
        and all(extents[of[place]][0] <= place < extents[of[place]][1] for place in (i, j))
    }
    null = float(starts[0]) + float(ends[0])
    total = np.logaddexp(null, np.logaddexp.reduce(list(sums.values())))
    assert [candidate.sentence for candidate in found] == list(range(len(opens)))
    for candidate in found:
        own = {span: score for span, score in sums.items() if of[span[0]] == candidate.sentence}
        best = max(own, key=own.__getitem__)
        assert (candidate.start, candidate.end) == (best[0], best[1] + 1)
        assert candidate.margin == pytest.approx(own[best] - null, abs=1e-4)
        mass = np.logaddexp.reduce(list(own.values()))
        assert candidate.mass == pytest.approx(mass - null, abs=1e-4)
        assert candidate.log_probability == pytest.approx(mass - total, abs=1e-4)
        assert candidate.answerable == 1.5


def test_of_windows_that_overlap_the_surer_counts() -> None:
    weak = Candidate(0, 3, 0, 1, 1.0, 1.0, -1.0, 0.0)
    strong = replace(weak, end=2, mass=2.0)
    other = replace(weak, sentence=4)
    assert best_of_each([weak, strong, other]) == [strong, other]


# -- probabilities


def test_the_lead_is_over_the_best_other_sentence() -> None:
    best = Candidate(1, 0, 0, 1, 1.0, 7.0, -1.0, 0.0)
    rest = [replace(best, text=0, mass=4.0), replace(best, sentence=1, mass=-40.0)]
    hits = [hit(TEXT, SENTENCES, cosine=0.1), hit(TEXT, SENTENCES, cosine=0.9)]
    rows = described([best, *rest], hits)
    assert [row["lead"] for row in rows] == [3.0, -3.0, -25.0]
    assert [row["cosine"] for row in rows] == [0.9, 0.1, 0.9]
    assert [row["behind"] for row in rows] == [0.0, pytest.approx(0.8), 0.0]
    assert set(rows[0]) == set(FEATURES)
    assert described([best], hits)[0]["lead"] == 25.0


@given(st.floats(-1e6, 1e6), st.floats(-10, 10))
def test_a_probability_lies_between_nought_and_one(value: float, weight: float) -> None:
    fit = Logistic({"mass": weight}, 0.0)
    assert 0 <= probability(fit.logit({"mass": value})) <= 1
    assert probability(fit.logit({"mass": 0.0})) == 0.5


def test_those_that_say_the_same_as_the_best_do_not_compete_with_it() -> None:
    answers = ["312", "Varna", "The 312", "the 312.", "312 men"]
    assert agreeing(answers, [2.0, 1.0, -3.0, 0.5, -3.0], [5.0, 5.0, 1.0, 0.0, 5.0]) == [
        2.0,
        1.0,  # says something else
        1.0,  # counts by itself
        0.5,
        -3.0,
    ]
    assert agreeing(answers[:3:2], [2.0, -3.0], [5.0, 5.0]) == [2.0, 2.0]  # no more than the best
    assert agreeing([], [], []) == []


def test_a_near_miss_is_no_surer_for_being_alone() -> None:
    """The lead decides which answer is best, and ``sure`` how probable it is."""
    leads, sure = Logistic({"lead": 1.0}, 0.0), Logistic({"margin": 0.5}, -1.0)
    card = replace(plain_card("name", 300, 100), among=leads, sure=sure)
    alone = {"margin": 0.0, "lead": 12.0}
    answer, other = {"margin": 8.0, "lead": 1.0}, {"margin": 3.0, "lead": -1.0}
    assert competing([alone], [0.0], card) == [-1.0]
    assert competing([alone], [2.0], card) == [-3.0]
    assert competing([other, answer], [0.0, 0.0], card) == [1.0, 3.0]  # as far apart as they were
    assert competing([alone], [2.0], replace(card, sure=None)) == [10.0]
    assert competing([], [], card) == []


def test_the_opposite_of_what_is_asked_is_less_probable() -> None:
    reader = passage_reader("small")
    text = "The council voted on Monday. Councillor Pia Holt voted against the rise of the fares."
    sentences = (Sentence(0, 28, 1, 1), Sentence(29, len(text), 1, 2))
    hit = Hit(Source("d", "t", "s", None, ""), 0, len(text), text, sentences, 1.0)

    def sure(question: str) -> float:
        return next(span.score for span in reader.read(question, [hit]) if span.start >= sentences[1].start)

    assert sure("Who voted for the rise of the fares?") < sure("Who voted against the rise of the fares?")


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    sure = Logistic({"margin": 0.5}, -1.0)
    card = replace(plain_card("name", 300, 100), threshold=0.25, precision=0.8, sure=sure)
    write_card(card, tmp_path / "card.json")
    assert read_card(tmp_path / "card.json") == card


# -- the reader


def test_spans_are_in_the_documents_own_offsets(tokenizer: Tokenizer) -> None:
    hits = [hit(TEXT, SENTENCES, at=1000), hit(TEXT[71:121], (Sentence(0, 50, 1, 1),), at=5000)]
    spans = reader(tokenizer, "ferry").read("What holds 240 people?", hits)
    assert (spans[0].hit, spans[0].start, spans[0].end) == (0, 1124, 1129)
    assert [span.score for span in spans] == sorted((span.score for span in spans), reverse=True)
    assert len(spans) == 4
    for span in spans:
        assert hits[span.hit].start <= span.start < span.end <= hits[span.hit].end


def test_an_answer_beyond_the_first_window_is_found(tokenizer: Tokenizer) -> None:
    text = TEXT * 12 + " The zebra won. " + TEXT * 12
    words, sure = read_text(reader(tokenizer, "zebra"), "Who won?", text)
    assert words == "zebra"
    assert sure > 0.9


def test_nothing_to_read_gives_no_span(tokenizer: Tokenizer) -> None:
    assert reader(tokenizer, "x").read("Who?", []) == []
    assert TwoReaders(reader(tokenizer, "x"), lambda: reader(tokenizer, "x")).read("Who?", []) == []


BARE = (Sentence(0, 70, 1, 1),)


def two(tokenizer: Tokenizer, small: str, large: str) -> tuple[TwoReaders, list[Hit]]:
    """Two readers that find a word each, and hits of which the last two alone have the small one's."""
    bare = [hit(TEXT[:70], BARE, at=100 * number) for number in range(7)]
    hits = [*bare, *[hit(TEXT, SENTENCES)] * 2]
    return TwoReaders(reader(tokenizer, small), lambda: reader(tokenizer, large)), hits


def test_the_large_reader_decides_on_what_the_small_one_finds_best(tokenizer: Tokenizer) -> None:
    both, hits = two(tokenizer, "ferry", "repairs")
    spans = both.read("What takes six weeks?", hits)
    assert TEXT[spans[0].start : spans[0].end] == "repairs"
    assert {span.hit for span in spans} == {7, 8, *range(READ_AGAIN - 2)}


def test_where_all_is_asked_for_the_large_reader_reads_all(tokenizer: Tokenizer) -> None:
    both, hits = two(tokenizer, "ferry", "repairs")
    assert {span.hit for span in both.read("List all things that take six weeks", hits)} == set(range(9))


def test_the_large_readers_probability_depends_on_what_the_small_one_found(tokenizer: Tokenizer) -> None:
    both, hits = two(tokenizer, "ferry", "ferry")
    found, rows = both.weighed("What holds 240 people?", hits)
    assert all(set(row) == {*FEATURES, *FIRST} for row in rows)
    best = max(range(len(found)), key=lambda number: rows[number]["mass"])
    assert rows[best]["first_mass"] == rows[best]["mass"] > 0


def test_a_sentence_in_which_the_small_reader_found_nothing_has_the_least_features() -> None:
    assert as_first(None) == dict.fromkeys(FIRST, -25.0)


# -- the reader that ships


@pytest.mark.model
def test_what_is_read_beside_a_passage_changes_nothing() -> None:
    ships = passage_reader(None)
    asked, one, other = "Who said repairs take six weeks?", hit(TEXT, SENTENCES), hit(TEXT * 3, SENTENCES)
    alone = ships.candidates(asked, [one])
    beside = [c for c in ships.candidates(asked, [one, other]) if c.text == 0]
    assert alone == beside


@pytest.mark.model
def test_the_shipped_reader_reads() -> None:
    ships = passage_reader(None)
    words, sure = read_text(ships, "Who said that repairs would take six weeks?", TEXT)
    assert words in {"Mayor Ines Toll", "Ines Toll"}
    assert sure > read_text(ships, "Who won the football match in Madrid?", TEXT)[1]
    assert 0 < ships.threshold < 1
    assert all(read_card(folder / "card.json").precision for folder in SHIPPED)


@pytest.mark.model
def test_the_shipped_weights_are_small() -> None:
    sizes = [sum(path.stat().st_size for path in folder.iterdir()) for folder in SHIPPED]
    assert sizes[0] <= 30_000_000
    assert sum(sizes) <= 115_000_000


@pytest.mark.parametrize("broken", ["reader.onnx", "tokenizer.json", "card.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_a_broken_reader_is_told_in_one_line(tmp_path: Path, broken: str, content: bytes | None) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(packaged(READER), folder)
    (folder / broken).unlink()
    if content is not None:
        (folder / broken).write_bytes(content)
    with pytest.raises(ModelError) as told:
        ReadingModel(folder)
    assert str(folder) in str(told.value)
    assert "\n" not in str(told.value)
