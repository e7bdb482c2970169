"""Hits to scored answer spans, with probabilities that let an answer be withheld."""

from askbrief.read.choose import Calibrated, passage_reader
from askbrief.read.passages import PassageReader
from askbrief.read.question import wants_all
from askbrief.read.said import Spoken, spoken
from askbrief.read.sentences import SentenceReader, Weights, shipped_weights
from askbrief.read.speech import SpeechReader, said_in, shipped_fits

__all__ = [
    "Calibrated",
    "PassageReader",
    "SentenceReader",
    "SpeechReader",
    "Spoken",
    "Weights",
    "passage_reader",
    "said_in",
    "shipped_fits",
    "shipped_weights",
    "spoken",
    "wants_all",
]
