"""Exact search: the query language, and where in a document a query matches. Pure functions on text."""

from askbrief.query.matching import Place, is_matched, places
from askbrief.query.parse import parsed
from askbrief.query.query_words import folded_words
from askbrief.query.syntax import All, AnyOf, Dated, Not, Phrase, Query, SourceName, SpokenBy, Word

__all__ = [
    "All",
    "AnyOf",
    "Dated",
    "Not",
    "Phrase",
    "Place",
    "Query",
    "SourceName",
    "SpokenBy",
    "Word",
    "folded_words",
    "is_matched",
    "parsed",
    "places",
]
