"""A baseline reader without a reading model."""

from askbrief.read.lexical.lexical_reader import LexicalReader

__all__ = ["LexicalReader"]
