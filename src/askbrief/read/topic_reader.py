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
        key = f"group {hit.duplicate_group}" if hit.duplicate_group is not None else hit.document.id
        order = (share, overlap(words, sentence.stems, rarity), -sentence.start)
        if share >= LEAST and (key not in best or order > best[key][0]):
            best[key] = (order, sentence, share)
    spans = [Span(one.hit, one.start, one.end, round(share, 4)) for _, one, share in best.values()]
    return sorted(spans, key=lambda span: (-span.score, span.hit))
