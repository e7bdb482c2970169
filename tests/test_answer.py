"""Citations: verbatim, whole sentences of one paragraph, each once; and when an answer is given at all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief.answering.compose import (
    NEAREST,
    RELATIVE,
    Policy,
    cite,
    compose,
    everything,
    ranked,
)
from askbrief.errors import QuestionError
from askbrief.question.validate import MOST_WORDS, require_script, validated_question
from askbrief.types import Citation, Hit, Sentence, Source, Span

# -- any documents, hits and spans

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
Texts = dict[str, str]
Found = tuple[Texts, list[Hit], list[Span]]


@st.composite
def documents(draw: st.DrawFn, name: str) -> tuple[str, list[Sentence]]:
    """A text, and its sentences in paragraphs, with gaps of any kind between them."""
    text, sentences = "", []
    for paragraph in range(1, draw(st.integers(1, 3)) + 1):
        for number in range(1, draw(st.integers(1, 3)) + 1):
            text += draw(st.sampled_from(["", " ", "\n\n", "\r\n"]))
            piece = draw(words)
            speaker = draw(st.sampled_from([None, "Eva Brandt", "Bruno Šimić"]))
            sentences.append(Sentence(len(text), len(text) + len(piece), paragraph, number, speaker))
            text += piece
    return text + draw(st.sampled_from(["", "\n"])) + name, sentences


@st.composite
def found(draw: st.DrawFn) -> Found:
    """Hits in one or two documents, overlapping as they come, and spans in them."""
    texts: Texts = {}
    hits: list[Hit] = []
    for name in draw(st.sampled_from([["a"], ["a", "b"]])):
        texts[name], sentences = draw(documents(name))
        source = Source(name, name.upper(), f"{name}.txt", draw(st.sampled_from([None, "2024-06-07"])), "")
        for _ in range(draw(st.integers(1, 2))):
            first = draw(st.integers(0, len(sentences) - 1))
            last = draw(st.integers(first + 1, len(sentences)))
            inside = tuple(sentences[first:last])
            start, end = inside[0].start, inside[-1].end
            hits.append(Hit(source, start, end, texts[name][start:end], inside, 1.0))
    spans = []
    for _ in range(draw(st.integers(0, 8))):
        hit = draw(st.integers(0, len(hits) - 1))
        sentence = draw(st.sampled_from(hits[hit].sentences))
        start = draw(st.integers(sentence.start, sentence.end - 1))
        spans.append(Span(hit, start, draw(st.integers(start + 1, hits[hit].end)), draw(st.floats(0, 1))))
    return texts, hits, spans


def assert_verbatim(citation: Citation, texts: Texts, hits: Sequence[Hit], *, answered: bool = True) -> None:
    text = texts[citation.document.id]
    assert text[citation.start : citation.end] == citation.text
    known = {s for hit in hits if hit.document == citation.document for s in hit.sentences}
    cited = sorted((s for s in known if citation.start <= s.start < citation.end), key=lambda s: s.start)
    assert (cited[0].start, cited[-1].end) == (citation.start, citation.end)
    assert {s.paragraph for s in cited} == {citation.paragraph}
    assert (cited[0].number, cited[-1].number) == citation.sentences
    assert [s.number for s in cited] == list(range(citation.sentences[0], citation.sentences[1] + 1))
    speakers: list[str | None] = [s.speaker for s in cited if s.speaker]
    assert citation.speaker in (speakers[:1] or [None] if answered else [None, *speakers])
    if citation.answer is not None:
        answer = citation.answer
        assert text[answer.start : answer.end] == answer.text
        assert citation.start <= answer.start < answer.end <= citation.end


@given(found())
def test_every_citation_can_be_checked_with_one_slice(given_: Found) -> None:
    texts, hits, spans = given_
    for span in spans:
        citation = cite(hits[span.hit], span)
        assert_verbatim(citation, texts, hits)
        assert citation.answer
        assert citation.score == span.score


@given(found())
def test_ranked_citations_cite_each_sentence_once_best_first(given_: Found) -> None:
    texts, hits, spans = given_
    citations = ranked(hits, spans)
    for one, other in combinations(citations, 2):
        assert not cited(one) & cited(other)
    assert all(a.score >= b.score for a, b in pairwise(citations))
    for span in spans:  # whatever was read is cited, or something at least as probable in the same sentence
        own = cite(hits[span.hit], span)
        assert any(c.score >= span.score and cited(c) & cited(own) for c in citations)
    for citation in citations:
        assert_verbatim(citation, texts, hits)


def cited(citation: Citation) -> set[tuple[str, int, int]]:
    first, last = citation.sentences
    return {(citation.document.id, citation.paragraph, number) for number in range(first, last + 1)}


policies = st.builds(
    Policy,
    threshold=st.floats(0, 1),
    most=st.integers(1, 9),
    share=st.floats(0, 1),
    newest=st.booleans(),
    names=st.sampled_from([None, ["Olga Brandt"], ["Bruno Šimić", "Olga Brandt"], []]),
)


@given(found(), policies)
def test_any_answer_keeps_its_promises(given_: Found, policy: Policy) -> None:
    texts, hits, spans = given_
    answer = compose("who?", hits, spans, policy)
    possible = ranked(hits, spans, policy.names)
    assert answer.answered == bool(possible and possible[0].score >= policy.threshold)
    for citation in answer.citations:
        assert_verbatim(citation, texts, hits, answered=answer.answered)
        assert citation.answer is not None
        if policy.names is not None and answer.answered:
            assert citation.speaker in policy.names
    if answer.answered:
        first = answer.citations[0]
        assert (answer.answer, answer.confidence) == (first.answer and first.answer.text, first.score)
        assert {c.score for c in answer.citations} <= {c.score for c in possible}
        assert all(c.score >= policy.threshold for c in answer.citations)
        assert len(answer.citations) <= policy.most
        order = [
            (policy.newest and (c.document.date or ""), -policy.newest or c.score) for c in answer.citations
        ]
        assert order == sorted(order, reverse=True)
        assert policy.newest or possible[0] in answer.citations
    else:
        assert answer.answer is None
        assert answer.confidence == (possible[0].score if possible else 0.0)
        assert len(answer.citations) <= NEAREST
        assert len({(c.document.id, c.paragraph) for c in answer.citations}) == len(answer.citations)


# -- by hand

TEXT = "Ann spoke. Ben sang.\nCy slept. Di ran."
SENTENCES = (
    Sentence(0, 10, 1, 1, "Ann"),
    Sentence(11, 20, 1, 2, None),
    Sentence(21, 30, 2, 1, "Cy Ann"),
    Sentence(31, 38, 2, 2, None),
)
HIT = Hit(Source("1", "T", "t.txt", None, ""), 0, 38, TEXT, SENTENCES, 1.0)


def span(start: int, end: int, score: float = 0.5) -> Span:
    return Span(0, start, end, score)


def texts(citations: Sequence[Citation]) -> list[str]:
    return [citation.text for citation in citations]


def test_a_span_over_two_sentences_cites_both() -> None:
    citation = cite(HIT, span(4, 14))
    assert (citation.text, citation.sentences, citation.paragraph) == ("Ann spoke. Ben sang.", (1, 2), 1)
    assert citation.answer
    assert citation.answer.text == "spoke. Ben"


def test_a_span_over_two_paragraphs_cites_the_first() -> None:
    citation = cite(HIT, span(15, 25))
    assert (citation.text, citation.answer and citation.answer.text) == ("Ben sang.", "sang.")


@pytest.mark.parametrize("extent", [(-1, 3), (35, 39), (38, 40), (20, 21)])
def test_a_span_that_is_not_in_its_hit_is_no_citation(extent: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        cite(HIT, span(*extent))


def test_a_hit_whose_text_is_not_its_extent_is_no_citation() -> None:
    short = Hit(HIT.document, 0, 38, TEXT[:-1], SENTENCES, 1.0)
    with pytest.raises(ValueError, match="can't be cited"):
        cite(short, span(0, 3))


SCORED = [span(0, 3, 0.9), span(11, 14, 0.5), span(21, 23, 0.44), span(31, 33, 0.6)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(0.3), ["Ann spoke.", "Di ran.", "Ben sang."]),
        (Policy(0.55), ["Ann spoke.", "Di ran."]),
        (everything(0.3), ["Ann spoke.", "Di ran.", "Ben sang.", "Cy slept."]),
        (everything(0.5), ["Ann spoke.", "Di ran.", "Ben sang."]),
        (Policy(0.3, most=1), ["Ann spoke."]),
        (Policy(0.3, names=["Ann"]), ["Ann spoke."]),
        (Policy(0.3, names=["Cy Ann"]), ["Cy slept."]),
        (Policy(0.9), ["Ann spoke."]),
    ],
)
def test_how_much_is_cited(policy: Policy, expected: list[str]) -> None:
    answer = compose("who?", [HIT], SCORED, policy)
    assert answer.answered
    assert texts(answer.citations) == expected
    assert len(expected) <= policy.most
    assert policy.names or answer.answer == "Ann"
    assert RELATIVE * 0.9 > 0.44  # what keeps Cy out of the first


def test_below_the_threshold_the_nearest_paragraphs_are_shown() -> None:
    answer = compose("who?", [HIT], SCORED, Policy(0.91))
    assert (answer.answered, answer.answer, answer.confidence) == (False, None, 0.9)
    assert texts(answer.citations) == ["Ann spoke. Ben sang.", "Cy slept. Di ran."]
    words = [citation.answer.text for citation in answer.citations if citation.answer]
    assert words == ["Ann", "Di"]
    assert [citation.speaker for citation in answer.citations] == ["Ann", None]  # Cy Ann's sentence is not it


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_nothing_found_is_no_answer(threshold: float) -> None:
    for hits in ([], [HIT]):
        answer = compose("who?", hits, [], Policy(threshold))
        assert (answer.answered, answer.answer, answer.confidence, answer.citations) == (False, None, 0.0, ())


# -- questions


def test_a_question_is_trimmed() -> None:
    assert validated_question("  who \n said\tit? ") == "who said it?"
    assert len(validated_question("word " * MOST_WORDS).split()) == MOST_WORDS


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "is empty"),
        (" \t\n\u3000", "is empty"),
        ("?!…", "has no words"),
        ("🙂", "has no words"),
        ("word " * (MOST_WORDS + 1), f"{MOST_WORDS + 1} words"),
        ("word " * 10_000, "50000 characters"),
        ("who is \udcff?", "not UTF-8"),
    ],
)
def test_questions_that_can_not_be_asked(question: str, told: str) -> None:
    with pytest.raises(QuestionError, match=told) as caught:
        validated_question(question)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def hit(text: str) -> Hit:
    return Hit(HIT.document, 0, len(text), text, (), 1.0)


@pytest.mark.parametrize("question", ["кто сказал это?", "谁说的?", "من قال ذلك؟", "ποιος το είπε;"])
def test_a_question_in_another_script_is_told(question: str) -> None:
    with pytest.raises(QuestionError, match="letters, the archive in Latin; ask in the archive's language"):
        require_script(question, [hit("Who said it?"), hit("123")])


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("who is Зеленский?", ["Who?"]),  # most of it is in the archive's
        ("кто это?", ["Who?", "Кто?"]),
        ("1945?", ["Who?"]),
        ("кто это?", []),
        ("who?", ["Кто is this?"]),
    ],
)
def test_a_question_that_shares_a_script_is_asked(question: str, passages: list[str]) -> None:
    require_script(question, [hit(text) for text in passages])


def test_archive_without_letters() -> None:
    with pytest.raises(QuestionError, match="in none"):
        require_script("who?", [hit("12 34")])
