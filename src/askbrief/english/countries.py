"""Countries by their names and the words for what is of them (“French”), from ``data/countries.toml``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from askbrief.english.lexicon import load
from askbrief.english.spelling import bare
from askbrief.types import Extent

_FIRST_WORD = re.compile(
    r"(?<![\w.-])(?<!\w['’])(?:(?:[A-Z]\.){2,}|[A-ZÀ-Þ](?:\w|['’](?!s\b)(?=\w)|-(?=\w))*)"
)
_ENDS = re.compile(r"s?(?:['’]s?)?(?![\w-])")


def country(words: str) -> str | None:
    """The country that words name, in any case: France for “France”, “France’s” and “the French”; None if
    they name none."""
    plain = bare(words.strip()).removeprefix("the ")
    return _by_form().get(plain) or _by_form().get(plain.removesuffix("s"))


def forms(country: str) -> tuple[str, ...]:
    """The name of a country, its other names, and the words for what is of it."""
    return (country, *load("countries")[country])


def named(text: str) -> Counter[str]:
    """How often a text names each country; a word counts only with a capital."""
    return Counter(name for name, _ in _found(text))


def without(text: str) -> str:
    """The text without the words that name a country."""
    kept, past = [], 0
    for _, (start, end) in _found(text):
        kept.append(text[past:start])
        past = end
    return "".join((*kept, text[past:]))


def _found(text: str) -> Iterator[tuple[str, Extent]]:
    """The countries that a text names, and where."""
    past = 0
    for word in _FIRST_WORD.finditer(text):
        start = word.start()
        known = (*_by_first_word().get(word[0], ()), *_by_first_word().get(word[0].removesuffix("s"), ()))
        for form, name in known if start >= past else ():
            ends = text.startswith(form, start) and _ENDS.match(text, start + len(form))
            if ends:
                past = ends.end()
                yield name, (start, past)
                break


@cache
def _by_form() -> dict[str, str]:
    """The countries by all forms, in lower case."""
    return {bare(form): name for name in load("countries") for form in forms(name)}


@cache
def _by_first_word() -> dict[str, list[tuple[str, str]]]:
    """Forms and their countries by the first word of the form, the longest form first."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    every = ((form, name) for name in load("countries") for form in forms(name))
    for form, name in sorted(every, key=lambda one: -len(one[0])):
        found[form.split(" ")[0]].append((form, name))
    return dict(found)
