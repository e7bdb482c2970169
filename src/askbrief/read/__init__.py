"""Hits to answer spans with probabilities: a reading model, and a lexical baseline."""

from askbrief.read.hit_sentences import HitSentence
from askbrief.read.lexical import LexicalReader
from askbrief.read.loading import Calibrated, passage_reader
from askbrief.read.neural import PassageReader
from askbrief.read.speaker_reader import SpeakerReader, said_in, shipped_fits

__all__ = [
    "Calibrated",
    "HitSentence",
    "LexicalReader",
    "PassageReader",
    "SpeakerReader",
    "passage_reader",
    "said_in",
    "shipped_fits",
]
