"""What the archive has on a topic: of each document the sentence with most of the topic's words."""

from __future__ import annotations

from collections.abc import Sequence

from askbrief.read.hit_sentences import HitSentence, hit_sentences, overlap, understood, word_rarity
from askbrief.types import Hit, Span

LEAST = 0.7
"""The least share of a topic's words, weighted by rarity, that a document must have."""


def read_topic(topic: str, hits: Sequence[Hit]) -> list[Span]:
    """A whole sentence of each document that has the topic's words, those with most of them first.

    The score is the share of the topic's words, weighted by rarity, that the passage and its title have. Of
    the sentences with equally many the first is taken, mostly the headline. Near-copies of one document give
    one sentence.
    """
    sentences, rarity = hit_sentences(hits), word_rarity()
    words = understood(topic, sentences).words
    best: dict[str, tuple[tuple[float, float, int], HitSentence, float]] = {}
    for sentence in sentences:
        share = overlap(words, sentence.passage, rarity)
        hit = hits[sentence.hit]
        key = _story(hit)
        order = (share, overlap(words, sentence.stems, rarity), -sentence.start)
        if share >= LEAST and (key not in best or order > best[key][0]):
            best[key] = (order, sentence, share)
    spans = [Span(one.hit, one.start, one.end, round(share, 4)) for _, one, share in best.values()]
    return sorted(spans, key=lambda span: (-span.score, span.hit))


def read_leads(hits: Sequence[Hit]) -> list[Span]:
    """The first sentence of each document, as far as its passages are among the hits, without its headline.

    Near-copies of one document give one sentence. The score is 1: the day decides, and no words.
    """
    first: dict[str, int] = {}
    for number, hit in enumerate(hits):
        known = first.setdefault(_story(hit), number)
        if hit.document.id == hits[known].document.id and hit.start < hits[known].start:
            first[_story(hit)] = number
    return [_lead(number, hits[number]) for number in first.values()]


def _lead(number: int, hit: Hit) -> Span:
    prose = (s for s in hit.sentences if hit.slice(s.start, s.end).rstrip("”\"’'»").endswith((".", "!", "?")))
    lead = next(prose, hit.sentences[0])
    return Span(number, lead.start, lead.end, 1.0)


def _story(hit: Hit) -> str:
    return hit.document.id if hit.duplicate_group is None else f"group {hit.duplicate_group}"
