"""The tables of English in ``data/*.toml``, and the patterns made of those in ``reporting.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import regex

MASK = "\ue000"  # stands for each character of a quotation; private use, so no text means anything by it
PAUSE = "\ue001"  # and for the last one, where a comma stands before the closing marks
_CAPITAL = r"(?:\p{Lu}\.(?=\s)|\p{Lu}[\p{L}\p{M}]*+(?:[-'’](?!s\b)\p{L}++)*+)"


class English(NamedTuple):
    """The tables of ``data/reporting.toml``."""

    verbs: frozenset[str]
    bases: frozenset[str]
    spoken_to: frozenset[str]
    opinions: frozenset[str]
    stances: frozenset[str]
    phrasal: frozenset[tuple[str, str]]
    phrasal_only: frozenset[str]
    between: frozenset[str]
    with_quotation: frozenset[str]
    with_complement: frozenset[str]
    with_infinitive: frozenset[str]
    found: frozenset[str]
    texts: frozenset[str]
    passive: frozenset[str]
    negation: frozenset[str]
    prepositions: frozenset[str]
    affiliation: frozenset[str]
    determiners: frozenset[str]
    counted: frozenset[str]
    pronouns: frozenset[str]
    openers: frozenset[str]
    auxiliaries: frozenset[str]
    subordinators: frozenset[str]
    titles: frozenset[str]
    places: frozenset[str]
    groups: frozenset[str]
    bodies: frozenset[str]
    countries: frozenset[str]
    staff: frozenset[str]
    not_first: frozenset[str]
    particles: frozenset[str]
    suffixes: frozenset[str]
    honours: frozenset[str]
    denial: frozenset[str]
    asking: frozenset[str]
    telling: frozenset[str]
    hearers: frozenset[str]
    times: frozenset[str]
    days: frozenset[str]
    period_first: frozenset[str]
    periods: frozenset[str]
    months: frozenset[str]
    venues: frozenset[str]
    asides: frozenset[str]
    complements: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    roles: frozenset[str]
    token: regex.Pattern[str]
    run: regex.Pattern[str]


@cache
def load(name: str) -> dict[str, Any]:
    """The tables of ``data/NAME.toml``, read once."""
    import tomllib  # here, so that to import this module stays light

    text = resources.files("askbrief").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def tables() -> English:
    """The tables of ``data/reporting.toml``."""
    words = {
        name: frozenset(text.split()) for table in load("reporting").values() for name, text in table.items()
    }
    regular = words.pop("regular")
    verbs = words.pop("irregular").union(*map(_forms, regular))
    for name in ("spoken_to", "with_quotation", "with_complement", "with_infinitive"):
        words[name] = words[name].union(*map(_forms, words[name] & regular))
    words["bases"] |= regular
    _attitudes(words, "opinions")
    _attitudes(words, "stances")
    phrasal = frozenset(_phrases(words.pop("phrasal")))
    words["phrasal_only"] = words["phrasal_only"].union(*map(_all_forms, words["phrasal_only"]))
    words["stances"] |= words["phrasal_only"]
    words["bases"] |= {verb for verb in words["phrasal_only"] if _forms(verb) <= words["phrasal_only"]}
    words["titles"] |= {title.upper() for title in words["titles"]}  # as articles in capitals write them
    dotted = sorted(
        word for name in ("titles", "suffixes", "groups") for word in words[name] if word[-1] == "."
    )
    abbreviation = "|".join(map(regex.escape, dotted))
    particle = "|".join(map(regex.escape, sorted(words["particles"])))
    token = rf"{MASK}++{PAUSE}?|['’]s\b|(?:{abbreviation})|(?:\p{{L}}\.)++|\w++(?:[-'’](?!s\b)\w++)*+|\S"
    name = rf"(?:{abbreviation}|{_CAPITAL})"
    run = rf"{name}(?:\s(?:(?:{particle})\s){{0,2}}{name})++"
    words["verbs"] = verbs
    return English(**words, phrasal=phrasal, token=regex.compile(token), run=regex.compile(run))


def _attitudes(words: dict[str, frozenset[str]], name: str) -> None:
    """Put all forms of the verbs of ``name`` in their place, and the plain ones with the others."""
    regular = words.pop(f"{name}_regular")
    words[name] = words.pop(f"{name}_irregular").union(regular, *map(_forms, regular))
    words["bases"] |= regular


def _phrases(pairs: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each form of a verb with its preposition."""
    for verb, preposition in (pair.split("_") for pair in pairs):
        yield from ((form, preposition) for form in _all_forms(verb))


def _all_forms(verb: str) -> set[str]:
    """The forms of a verb, its plain one and those that no rule makes among them."""
    odd = {"refer": {"referred", "referring"}, "speak": {"spoke", "spoken"}}
    return _forms(verb) | odd.get(verb, set()) | {verb}


def _forms(verb: str) -> set[str]:
    """A regular verb as he, she or they use it of somebody else: says, said, saying."""
    stem = verb[:-1] if verb.endswith("e") else verb
    past = verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeiou" else stem + "ed"
    ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    third = past[:-1] + "s" if past.endswith("ied") else verb + ending
    return {third, past, stem + "ing"}
