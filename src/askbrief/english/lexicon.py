"""The tables of English in ``data/*.toml``, and the patterns made of those in ``reporting.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import regex

MASK = "\ue000"  # replaces each character of a quotation; private use, so no text has it
PAUSE = "\ue001"  # replaces the last one if a comma precedes the closing mark
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
    speech_phrases: frozenset[tuple[str, ...]]
    cue_words: frozenset[str]
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
    """The tables in ``data/NAME.toml``, read once."""
    import tomllib  # here, to keep importing this module cheap

    text = resources.files("askbrief").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def tables() -> English:
    """The tables of ``data/reporting.toml``."""
    import regex  # here, because a question that names nobody needs no table

    loaded = dict(load("reporting"))
    words: dict[str, Any] = _verbs(loaded.pop("verbs"))
    words |= {name: frozenset(text.split()) for table in loaded.values() for name, text in table.items()}
    words["speech_phrases"] = frozenset(tuple(phrase.split("_")) for phrase in words["speech_phrases"])
    words["cue_words"] = frozenset(
        {":", "according", *(phrase[0] for phrase in words["speech_phrases"])}
    ).union(*(words[name] for name in ("verbs", "bases", "opinions", "stances")))
    words["titles"] |= {title.upper() for title in words["titles"]}  # as articles in capitals write them
    dotted = sorted(
        word for name in ("titles", "suffixes", "groups") for word in words[name] if word[-1] == "."
    )
    abbreviation = "|".join(map(regex.escape, dotted))
    particle = "|".join(map(regex.escape, sorted(words["particles"])))
    token = rf"{MASK}++{PAUSE}?|['’]s\b|(?:{abbreviation})|(?:\p{{L}}\.)++|\w++(?:[-'’](?!s\b)\w++)*+|\S"
    name = rf"(?:{abbreviation}|{_CAPITAL})"
    run = rf"{name}(?:\s(?:(?:{particle})\s){{0,2}}{name})++"
    return English(**words, token=regex.compile(token), run=regex.compile(run))


_KINDS = {
    "speech": "verbs",
    "opinion": "opinions",
    "stance": "stances",
    "finding": "found",
    "+only": "phrasal_only",
    "denied": "denial",
    "asked": "asking",
}
"""The tables of some polarities and kinds of verbs; the others are called as their kind is."""
_PLAIN = ("spoken_to", "telling", "with_quotation", "with_complement", "with_infinitive")


def _verbs(lines: Mapping[str, str]) -> dict[str, Any]:
    """The tables of verbs, from the lines of ``[verbs]``: each verb in all of its forms."""
    words: dict[str, set[Any]] = {name: set() for name in (*_KINDS.values(), *_PLAIN, "bases", "phrasal")}
    for verb, line in lines.items():
        said, _, listed = line.partition("|")
        forms, kinds = set(listed.split()) or _forms(verb), said.split()
        every = forms if "inflected" in kinds else forms | {verb}
        words["bases"] |= set() if "inflected" in kinds else {verb}
        for kind in kinds:
            if kind in _KINDS or kind in _PLAIN:
                words[_KINDS.get(kind, kind)] |= forms if kind == "speech" else every
            elif kind[0] == "+":
                words["phrasal"] |= {(form, kind[1:]) for form in every}
            elif kind not in ("said", "inflected"):
                raise ValueError(f"reporting.toml: {verb} is of an unknown kind: {kind}")
    return {name: frozenset(table) for name, table in words.items()}


def _forms(verb: str) -> set[str]:
    """The third person, past and participle of a regular verb: asks, asked, asking."""
    stem = verb[:-1] if verb.endswith("e") else verb
    past = verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeiou" else stem + "ed"
    ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    third = past[:-1] + "s" if past.endswith("ied") else verb + ending
    return {third, past, stem + "ing"}
