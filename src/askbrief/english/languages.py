"""Which documents are not in English, for notes: askbrief's rules and reader know English alone."""

from __future__ import annotations

from collections.abc import Iterable

from askbrief.english.lexicon import load
from askbrief.types import Source


def not_in_english(documents: Iterable[Source]) -> str:
    """Those not in English with their languages, each once: “a.txt (French), b.txt (German)”."""
    foreign = {each.source: each.language for each in documents if each.language}
    return ", ".join(f"{source} ({language_name(code)})" for source, code in foreign.items())


def language_name(code: str) -> str:
    """The English name of a language by its ISO 639-1 code; the code itself if it has none here."""
    return str(load("languages").get(code, code))
