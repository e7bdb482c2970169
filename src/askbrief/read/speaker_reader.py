"""Sentences of people who are quoted, scored by whether they are on the topic of a question.

The speaker of each sentence is known before it is read; what remains is whether the sentence is on the topic.
It is compared with the topic alone, since a speaker's name in the question is near to all their sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from askbrief.english.stemming import WORD, stems
from askbrief.protocols import Embedder
from askbrief.question import Intent, QuestionWord, SpeakerQuestion, understand
from askbrief.read.answer_words import answer_words
from askbrief.read.hit_sentences import HitSentence, hit_sentences, overlap, understood, word_rarity
from askbrief.read.loading import Neural
from askbrief.read.logistic import Logistic, probability, shipped_weights
from askbrief.read.neural.passage_reader import FURTHEST
from askbrief.types import Hit, Span

ByAskedSpeaker: TypeAlias = Callable[[HitSentence, Hit], bool]
"""Whether a sentence of a hit is by the speaker whose words are asked for."""

ASKED = ("cosine", "shared", "shared_beside", "margin")
"""``cosine`` of topic and sentence; the shares of the topic's words, weighted by rarity, that are in the
sentence (all, if the title has those that it lacks), and in it and its neighbours; how far the reading
model's best span in the sentence is ahead of "no answer"."""

NAMED = (*ASKED, "lead")
"""If the speaker is named, also how far the cosine is ahead of that of the nearest sentence of anybody else:
it is behind if others speak on the topic and this speaker does not."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The probability that a sentence answers, by its features, and the least at which it is cited."""

    logistic: Logistic
    threshold: float


@dataclass(frozen=True, slots=True)
class Fits:
    """The fits for questions that name the speaker and for those that ask for it.

    ``attributed`` is the share of quotations that are attributed to the right speaker.
    """

    named: Fit
    asked: Fit
    attributed: float


def shipped_fits() -> Fits:
    """The fits that ``training/fit_speech.py`` wrote."""
    fits = shipped_weights("speech")
    named, asked = (
        Fit(Logistic(fits[name]["weights"], fits[name]["bias"]), fits[name]["threshold"])
        for name in ("named", "asked")
    )
    return Fits(named, asked, fits["attributed"])


@dataclass(frozen=True, slots=True)
class SpeakerReader:
    """Reads what people said, for a question about who said what."""

    reader: Neural
    embedder: Embedder
    fits: Fits

    def threshold(self, spoken: SpeakerQuestion) -> float:
        """The least probability at which a sentence is cited."""
        return self.reader.threshold if spoken.short else self._fit(spoken).threshold

    def read(
        self,
        question: str,
        spoken: SpeakerQuestion,
        hits: Sequence[Hit],
        by_speaker: ByAskedSpeaker,
        others: Sequence[Hit],
    ) -> list[Span]:
        """Spans, the most probable first, one for each sentence by the speaker.

        ``others`` are hits on the topic, by any speaker. If everything that somebody said is asked for, each
        sentence is as probable as its attribution.
        """
        said = _said(hits, by_speaker)
        if not said:
            return []
        if spoken.short:
            return _within(self.reader.read(question, hits), hits, said)
        asked = understand(question)
        if not spoken.topic:
            return [_span(asked, spoken, sentence, self.fits.attributed) for sentence in said]
        logistic = self._fit(spoken).logistic
        rivals = [s.text for s in hit_sentences(others) if s.speaker and not by_speaker(s, others[s.hit])]
        rows = described(spoken.topic, said, rivals, hits, self.reader, self.embedder, word_rarity())
        spans = [
            _span(asked, spoken, sentence, probability(logistic.logit(row)))
            for sentence, row in zip(said, rows, strict=True)
        ]
        return sorted(spans, key=lambda span: (-span.score, span.hit, span.start))

    def _fit(self, spoken: SpeakerQuestion) -> Fit:
        return self.fits.named if spoken.who else self.fits.asked


def said_in(spans: Sequence[Span], hits: Sequence[Hit], by_speaker: ByAskedSpeaker) -> list[Span]:
    """The spans that begin in a sentence by the speaker."""
    return _within(spans, hits, _said(hits, by_speaker))


def _said(hits: Sequence[Hit], by_speaker: ByAskedSpeaker) -> list[HitSentence]:
    return [sentence for sentence in hit_sentences(hits) if by_speaker(sentence, hits[sentence.hit])]


def _within(spans: Sequence[Span], hits: Sequence[Hit], sentences: Sequence[HitSentence]) -> list[Span]:
    """The spans that begin in one of the sentences, in whichever hit."""
    extents = [(hits[sentence.hit].document.id, sentence.start, sentence.end) for sentence in sentences]
    return [
        span
        for span in spans
        if any(hits[span.hit].document.id == id_ and a <= span.start < b for id_, a, b in extents)
    ]


def described(
    topic: str,
    said: Sequence[HitSentence],
    rivals: Sequence[str],
    hits: Sequence[Hit],
    reader: Neural,
    embedder: Embedder,
    rarity: Mapping[str, float],
) -> list[dict[str, float]]:
    """The features of each sentence, by name, for a topic; ``rivals`` are sentences of other speakers."""
    words = understood(f"what about {topic}?", said).words
    vectors = embedder.embed([topic, *(sentence.text for sentence in said), *rivals])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    best = max(cosines[len(said) :], default=0.0)
    theirs = list(dict.fromkeys(sentence.hit for sentence in said))
    candidates = {}
    for found in reader.candidates(f"what about {topic}?", [hits[number] for number in theirs]):
        number = theirs[found.text]
        candidates[number, hits[number].sentences[found.sentence].start] = found
    rows = []
    for sentence, cosine in zip(said, cosines[: len(said)], strict=True):
        candidate = candidates.get((sentence.hit, sentence.start))
        rows.append(
            {
                "cosine": cosine,
                "shared": _shared(words, sentence, hits[sentence.hit].document.title, rarity),
                "shared_beside": overlap(words, sentence.beside, rarity),
                "margin": max(candidate.margin, -FURTHEST) if candidate else -FURTHEST,
                "lead": cosine - best,
            }
        )
    return rows


def _shared(
    words: Sequence[QuestionWord], sentence: HitSentence, title: str, rarity: Mapping[str, float]
) -> float:
    """The share of the topic's words in a sentence; all of them if the title has those that it lacks."""
    titled = overlap(words, sentence.stems | stems(title.replace("_", " ")), rarity)
    return titled if titled == 1.0 else overlap(words, sentence.stems, rarity)


def _span(asked: Intent, spoken: SpeakerQuestion, sentence: HitSentence, score: float) -> Span:
    start, end = answer_words(asked, sentence.text)
    if spoken.who is None:
        start, end = _name(sentence) or (start, end)
    return Span(sentence.hit, sentence.start + start, sentence.start + end, score)


def _name(sentence: HitSentence) -> tuple[int, int] | None:
    """The extent of the speaker's name in the sentence: the longest run of its words; None for "he said"."""
    known = set((sentence.speaker or "").casefold().split())
    runs: list[tuple[int, int]] = []
    for word in WORD.finditer(sentence.text):
        if word[0].casefold().removesuffix("'s").removesuffix("’s") not in known:
            continue
        if runs and not sentence.text[runs[-1][1] : word.start()].strip(" ."):
            runs[-1] = (runs[-1][0], word.end())
        else:
            runs.append(word.span())
    return max(runs, key=lambda run: run[1] - run[0], default=None)
