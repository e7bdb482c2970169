"""Hits to scored answer spans, with probabilities that let an answer be withheld."""

from askbrief.read.lexical.sentence_reader import SentenceReader, Weights, shipped_weights
from askbrief.read.loading import Calibrated, passage_reader
from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.speaker_reader import SpeechReader, said_in, shipped_fits

__all__ = [
    "Calibrated",
    "PassageReader",
    "SentenceReader",
    "SpeechReader",
    "Weights",
    "passage_reader",
    "said_in",
    "shipped_fits",
    "shipped_weights",
]
