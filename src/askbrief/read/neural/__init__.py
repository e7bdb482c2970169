"""The reading model: windows of tokens to scored answer spans."""

from askbrief.read.neural.passage_reader import PassageReader

__all__ = ["PassageReader"]
