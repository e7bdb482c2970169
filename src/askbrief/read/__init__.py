"""Hits to scored answer spans, with probabilities that let an answer be withheld."""

from askbrief.read.choose import Calibrated, passage_reader
from askbrief.read.question import wants_all
from askbrief.read.said import Spoken, said_by, spoken
from askbrief.read.sentences import SentenceReader, Weights, shipped_weights

__all__ = [
    "Calibrated",
    "SentenceReader",
    "Spoken",
    "Weights",
    "passage_reader",
    "said_by",
    "shipped_weights",
    "spoken",
    "wants_all",
]
