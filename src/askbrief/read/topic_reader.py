"""What the archive has on a topic: of each document the sentence with most of the topic's words."""

from __future__ import annotations

from collections.abc import Sequence

from askbrief.english.stemming import stems
from askbrief.read.hit_sentences import HitSentence, hit_sentences, overlap, understood, word_rarity
from askbrief.types import Hit, Span

_OPENING = 2  # paragraphs, of which the first is mostly the headline

LEAST = 0.7
"""The least share of a topic's words, weighted by rarity, that a document must have."""


def read_topic(topic: str, hits: Sequence[Hit]) -> list[Span]:
    """A whole sentence of each document that has the topic's words, those with most of them first.

    Documents that only mention the topic further down are left out if there are others. The score is the
    share of the topic's words, weighted by rarity, that the passage and its title have. Of the sentences with
    equally many that of the newest copy is taken, and its first, mostly the headline. Near-copies of one
    document give one sentence.
    """
    sentences, rarity = hit_sentences(hits), word_rarity()
    words = understood(topic, sentences).words
    best: dict[str, tuple[tuple[float, float, str, int], HitSentence, float]] = {}
    for sentence in sentences:
        share = overlap(words, sentence.passage, rarity)
        hit = hits[sentence.hit]
        key = _story(hit)
        order = (share, overlap(words, sentence.stems, rarity), hit.document.date or "", -sentence.start)
        if share >= LEAST and (key not in best or order > best[key][0]):
            best[key] = (order, sentence, share)
    about = best.keys() & {_story(hit) for hit in hits if overlap(words, _opening(hit), rarity) >= LEAST}
    spans = [
        Span(one.hit, one.start, one.end, round(share, 4))
        for key, (_, one, share) in best.items()
        if key in about or not about
    ]
    return sorted(spans, key=lambda span: (-span.score, span.hit))


def _opening(hit: Hit) -> frozenset[str]:
    """The words that say what a document is about: those of its title, and of its first paragraphs as far as
    they are in the hit."""
    first = [hit.slice(s.start, s.end) for s in hit.sentences if s.paragraph <= _OPENING]
    return stems(" ".join([hit.document.title.replace("_", " "), *first]))


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
