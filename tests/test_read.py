"""Questions understood, sentences and their answer words, and the lexical baseline as it ships."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.english.spelling import nearest
from askbrief.english.stemming import stem, tokens
from askbrief.question import wants_all
from askbrief.question.intent import corrected, kind_of, respelled, understand
from askbrief.question.speaker_question import said_by
from askbrief.read import LexicalReader
from askbrief.read.answer_words import answer_words
from askbrief.read.entities import entities
from askbrief.read.hit_sentences import hit_sentences, overlap, speakers, word_rarity
from askbrief.read.lexical_reader import FEATURES, MOST_SENTENCES, described
from askbrief.types import Hit, Sentence, Source

if TYPE_CHECKING:
    from askbrief.types import Vectors

KIRBY = (
    "However, White House spokesman John Kirby told reporters on June 7 that because of a recent infusion "
    "of U.S. aid, the Ukrainians have been able to “thwart Russian advances,” particularly around Kharkiv.",
    '“The Russians really have kind of stalled out up there, basically," Kirby said.',
    "“Their advance on Kharkiv is all but over because they ran into the first line of defenses.”",
)
MACRON = (
    "French President Emmanuel Macron says he wants to begin Kyiv's EU accession talks by the end of the "
    "month.",
    'He added that France also wants an "irreversible path" to NATO membership for Ukraine.',
)
PUTIN = ("Putin also again claimed that Ukraine’s leaders “have lost their legitimacy.”",)
ELECTION = ("An election was to have taken place on March 31 but was postponed because of martial law.",)
SPEAKERS = dict.fromkeys(KIRBY, "John Kirby") | {MACRON[0]: "Emmanuel Macron", PUTIN[0]: "Vladimir Putin"}
PARAGRAPHS = (MACRON[:1], KIRBY[:1], KIRBY[1:], ELECTION, MACRON[1:], PUTIN)


class HashedWords:
    """An embedder that adds up one seeded random vector a word, so that shared words make texts similar."""

    dimension = 64

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        rows = np.stack([self._one(text) for text in texts])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def _one(self, text: str) -> Vectors:
        total = np.full(self.dimension, 1e-3)
        for token in tokens(text)[:200]:
            total += np.random.default_rng(zlib.crc32(token.stem.encode())).standard_normal(self.dimension)
        return total.astype(np.float32)


def hits_of(*groups: Sequence[Sequence[str]], title: str = "Live Briefing") -> list[Hit]:
    """One document of the groups of paragraphs, a hit a group, best first."""
    found, at, paragraph = [], 0, 0
    for rank, group in enumerate(groups):
        start, sentences, text = at, [], ""
        for texts in group:
            paragraph += 1
            for number, one in enumerate(texts, 1):
                begin = start + len(text)
                sentences.append(Sentence(begin, begin + len(one), paragraph, number, SPEAKERS.get(one)))
                text += one + (" " if number < len(texts) else "\n")
        text = text.rstrip("\n")
        cosine = 0.7 - rank / 10
        source = Source("a" * 8, title, "seeds/a.txt", None, "0" * 64)
        found.append(Hit(source, start, start + len(text), text, tuple(sentences), cosine, cosine))
        at = start + len(text) + 1
    return found


HITS = hits_of(PARAGRAPHS[:3], PARAGRAPHS[3:])


READER = LexicalReader.shipped(HashedWords())


def read(question: str, hits: Sequence[Hit] = HITS) -> list[tuple[str, float]]:
    return [(_sentence(hits[span.hit], span.start), span.score) for span in READER.read(question, hits)]


def _sentence(hit: Hit, at: int) -> str:
    inside = next(s for s in hit.sentences if s.start <= at < s.end)
    return hit.text[inside.start - hit.start : inside.end - hit.start]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who called the instructors a target?", "who"),
        ("What is the name of the commander?", "who"),
        ("When was the election?", "when"),
        ("In what year did it begin?", "when"),
        ("Where did Putin speak?", "where"),
        ("How many regions were annexed?", "number"),
        ("Why was the vote put off?", "why"),
        ("How did Russia respond?", "how"),
        ("Did Macron mention NATO?", "yesno"),
        ("Is it clear when talks begin?", "yesno"),
        ("what did Kirby say about Kharkiv", "said"),
        ("What did Kyiv push for?", "what"),
        ("Kharkiv", "other"),
        ("", "other"),
    ],
)
def test_kind(question: str, kind: str) -> None:
    assert understand(question).kind == kind
    assert kind in {kind_of(question), "said"}


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("what did Kirby say about Kharkiv", "Kirby"),
        ("What did the White House spokesman say?", "White House spokesman"),
        ("what is Putin's view of Zelenskiy's legitimacy", "Putin"),
        ("What is the opinion of Emmanuel Macron on talks?", "Emmanuel Macron"),
        ("did Macron mention NATO?", "Macron"),
        ("According to Putin, who lost legitimacy?", "Putin"),
        ("who lost legitimacy according to Putin?", "Putin"),
        ("What was said by Kirby about aid?", "Kirby"),
        ("Macron's position on peace", "Macron"),
        ("what does the article say about Crimea", None),
        ("what did he say about Crimea", None),
        ("Who said that the advance is over?", None),
        ("When was an election due according to the constitution?", None),
        ("how many regions did Russia annex", None),
        ("What did Putin talk about in St. Petersburg?", "Putin"),
        ("Where did Putin speak?", None),
        ("Where did Macron and Zelenskiy meet?", None),
        ("", None),
    ],
)
def test_said_by(question: str, who: str | None) -> None:
    assert said_by(question) == who


@pytest.mark.parametrize(
    ("question", "everything"),
    [
        ("what did Kirby say about Kharkiv", True),
        ("What is Macron's position on peace?", True),
        ("which countries joined the coalition?", True),
        ("List the demands", True),
        ("did Macron mention NATO?", False),
        ("When was the election?", False),
        ("What was the reason?", False),
        ("Which class was it?", False),
        ("", False),
    ],
)
def test_wants_all(question: str, everything: bool) -> None:
    assert wants_all(question) is everything


def test_stems_join_the_forms_of_a_word() -> None:
    groups = [
        "advance advances advanced advancing",
        "negotiations negotiate negotiating",
        "Ukraine Ukrainian Ukraine's",
    ]
    groups += [
        "postponed postponement postpone",
        "said say says",
        "French France",
        "stopped stops stop",
        "Kiev Kyiv",
    ]
    for group in groups:
        assert len({stem(word) for word in group.split()}) == 1, group
    assert stem("elected") != stem("elephant")


def test_names_spelt_twice_are_one_and_other_names_are_not() -> None:
    assert nearest(stem("Kharkov"), ["market", stem("Kharkiv")]) == stem("Kharkiv")
    assert nearest(stem("Zelensky"), [stem("Zelenskiy")])
    assert nearest("iran", ["iraq"]) is None
    assert nearest(stem("Austria"), [stem("Australia")]) is None
    asked = corrected(
        understand("what did Kirbey say about Kharkov in 2019"),
        frozenset({"kirb", "kirby", "kharkiv", "2018"}),
    )
    assert "kharkiv" in {word.stem for word in asked.words}
    assert "2019" in {word.stem for word in asked.words}


def test_a_question_is_put_in_the_texts_spelling_where_a_word_is_unknown() -> None:
    texts = ["Emmanuel Macron met John Kirby.", "Slovakia’s ministers signed it."]
    known = {"slovenia", "what", "did", "say"}
    asked = "what did Makron, Kirbey (and Slovenia) say?"
    assert respelled(asked, texts, known.__contains__) == "what did Macron, Kirby (and Slovenia) say?"
    assert respelled(asked, [], known.__contains__) == asked
    assert respelled("Macron 20244 ?!", texts, lambda word: False) == "Macron 20244 ?!"


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (
            "who",
            "However, Emmanuel Macron met Volodymyr Zelenskiy.",
            ["Emmanuel Macron", "Volodymyr Zelenskiy"],
        ),
        ("when", "It was to have taken place on March 31, not in 2019.", ["March 31", "2019"]),
        ("where", "He spoke in St. Petersburg on June 7.", ["St. Petersburg"]),
        ("number", "They annexed four regions and 1,200 km², 45% of it.", ["four", "1,200 km²", "45%"]),
        ("why", "It was postponed because of martial law.", ["because of martial law"]),
        ("said", "“Their advance is over,” Kirby said.", ["Their advance is over"]),
        ("what", "Nothing is typed here.", []),
    ],
)
def test_entities(kind: str, text: str, found: list[str]) -> None:
    assert [text[a:b] for a, b in entities(kind, text)] == found


def test_a_pronoun_carries_the_speaker_on_and_nothing_else_does() -> None:
    hit = hits_of((*PARAGRAPHS[:1], PARAGRAPHS[4], PARAGRAPHS[3], PARAGRAPHS[4]))[0]
    assert list(speakers([hit]).values()) == ["Emmanuel Macron", "Emmanuel Macron", None, None]


def test_a_paragraph_that_two_hits_share_is_read_as_one() -> None:
    whole = hits_of(PARAGRAPHS)[0]
    cut = whole.sentences[3].start  # between the two sentences of the paragraph in which Kirby is quoted
    first = replace(whole, end=cut - 1, text=whole.text[: cut - 1], sentences=whole.sentences[:3])
    second = replace(whole, start=cut, text=whole.text[cut:], sentences=whole.sentences[3:])
    sentences = hit_sentences([first, second])
    assert [sentence.text for sentence in sentences] == [text for texts in PARAGRAPHS for text in texts]
    assert stem("stalled") in sentences[3].beside


def column(question: str, name: str) -> dict[str, float]:
    """A feature of each sentence, by its text."""
    _, sentences, rows = described(question, HITS, HashedWords())
    return {sentence.text: row[name] for sentence, row in zip(sentences, rows, strict=True)}


def test_features_mean_what_their_names_say() -> None:
    kharkiv = column("Kharkiv", "overlap")
    assert {text for text, share in kharkiv.items() if share} == {KIRBY[0], KIRBY[2]}
    assert column("Kharkov", "overlap") == kharkiv
    assert column("Kharkiv", "passage")[MACRON[0]] == 1
    assert column("Kharkiv", "passage")[PUTIN[0]] == 0
    assert column("what did Stoltenberg say of Kharkiv", "names")[KIRBY[0]] == pytest.approx(0.5, abs=0.2)
    assert column("when is it", "names") == {}
    assert column("who was elected", "names")[ELECTION[0]] == 1
    assert column("Kharkiv", "rank")[KIRBY[0]] < column("Kharkiv", "rank")[PUTIN[0]]
    leads = sorted(column("When was the election postponed?", "lead").values())
    assert leads[-1] > 0 > leads[-2]
    assert leads[-2] == -leads[-1]
    assert set(READER.logistic.weights) == set(FEATURES)


def test_rarity_weighs_words() -> None:
    words = understand("martial moon").words
    assert overlap(words, frozenset({stem("martial")}), {"moon": 0.25}) == pytest.approx(0.8)
    assert overlap((), frozenset(), {}) == 0
    assert 0 < word_rarity()["year"] < word_rarity()["arm"] < 1


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("When was the election to take place?", ELECTION[0], "March 31"),
        ("Why was the election postponed?", ELECTION[0], "because of martial law"),
        ("Who said that the Russians stalled out?", KIRBY[1], "Kirby"),
        (
            "what did Kirby say about Kharkiv",
            KIRBY[1],
            "The Russians really have kind of stalled out up there, basically",
        ),
        ("Is the election postponed?", ELECTION[0], ELECTION[0].rstrip(".")),
        ("What?", "And so on.", "And so on."),
    ],
)
def test_answer_words(question: str, sentence: str, words: str) -> None:
    start, end = answer_words(understand(question), sentence)
    assert sentence[start:end] == words


def test_all_that_a_speaker_said_comes_first() -> None:
    assert {text for text, _ in read("what did Kirby say about Kharkiv")[:3]} == set(KIRBY)


def test_the_answer_is_above_the_threshold_and_a_strange_question_below() -> None:
    found = read("When was the election to have taken place before it was postponed?")
    assert found[0][0] == ELECTION[0]
    assert found[0][1] > READER.threshold
    assert read("Who won the chess championship in Samarkand in 1987?")[0][1] < READER.threshold / 2


def test_a_text_is_read_by_itself() -> None:
    (span,) = READER.alone("When was the election?", hits_of([ELECTION])[0])
    assert ELECTION[0][span.start : span.end] == "March 31"


def test_a_sentence_in_two_hits_is_scored_once() -> None:
    spans = READER.read("what did Kirby say about Kharkiv", [*HITS, HITS[0]])
    assert len(spans) == sum(len(hit.sentences) for hit in HITS)


def test_the_number_of_embedded_sentences_is_bounded() -> None:
    many = hits_of(*[[[f"Sentence {i} on matter {i} and {j}." for j in range(8)]] for i in range(12)])
    embedder = HashedWords()
    spans = LexicalReader.shipped(embedder).read("What is said on matter 11 and 5?", many)
    assert embedder.embedded == MOST_SENTENCES + 1
    assert len(spans) == MOST_SENTENCES
    assert any(_sentence(many[s.hit], s.start).endswith("matter 11 and 5.") for s in spans)


QUESTIONS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "",
            "?",
            "the of and",
            "何を言いましたか",
            "что сказал Путин",
            "said " * 10_000,
            "a" * 50_000,
            "\0",
            "Who",
        ]
    ),
    st.lists(
        st.sampled_from(
            ["who", "when", "said by", "Kirby", "Kharkiv", "according to", "did", "'s view of", "31"]
        )
    ).map(" ".join),
)


@settings(max_examples=60)
@given(QUESTIONS, st.permutations(range(len(PARAGRAPHS))), st.integers(1, 5))
def test_spans_lie_in_one_sentence_of_their_hit(question: str, order: list[int], cut: int) -> None:
    mixed = [PARAGRAPHS[i] for i in order]
    hits = hits_of(mixed[:cut], mixed[cut:])
    spans = READER.read(question, hits)
    for span in spans:
        hit = hits[span.hit]
        assert hit.start <= span.start < span.end <= hit.end
        assert any(s.start <= span.start and span.end <= s.end for s in hit.sentences)
        assert 0 <= span.score <= 1
    assert [span.score for span in spans] == sorted((span.score for span in spans), reverse=True)


def test_no_hits_give_no_spans() -> None:
    assert READER.read("who", []) == []
