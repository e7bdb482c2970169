"""Hits to answer spans with probabilities: a reading model, and a lexical baseline."""

from askbrief.read.hit_sentences import HitSentence, word_rarity
from askbrief.read.lexical_reader import LexicalReader
from askbrief.read.loading import Calibrated, Neural, passage_reader
from askbrief.read.neural import PassageReader
from askbrief.read.speaker_reader import SpeakerReader, said_in, shipped_fits
from askbrief.read.topic_reader import read_leads, read_topic

__all__ = [
    "Calibrated",
    "HitSentence",
    "LexicalReader",
    "Neural",
    "PassageReader",
    "SpeakerReader",
    "passage_reader",
    "read_leads",
    "read_topic",
    "said_in",
    "shipped_fits",
    "word_rarity",
]
