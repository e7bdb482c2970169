"""The words of reporting, names and clauses in ``data/reporting.toml``, and the patterns made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import regex

from askbrief.english.lexicon import load

MASK = "\ue000"  # replaces each character of a quotation; private use, so no text has it
PAUSE = "\ue001"  # replaces the last one if a comma precedes the closing mark
_CAPITAL = r"(?:(?<!\.)\p{Lu}\.(?=\s)|\p{Lu}[\p{L}\p{M}]{0,60}+(?:[-'’](?!s\b)\p{L}{1,60}+){0,8}+)"
# bounded, since a longer run of letters or parts would be read from each of its capitals on


class English:
    """The tables of ``data/reporting.toml``, each a set of words, with tables of the verbs of each kind.

    ``phrasal`` are verbs with their prepositions; ``cue_words`` are all words that a cue can begin with;
    ``token`` matches a word or a mark, ``run`` a run of capitalised words that may be a name.
    """

    phrasal: frozenset[tuple[str, str]]
    speech_phrases: frozenset[tuple[str, ...]]
    sentiments: frozenset[tuple[str, ...]]
    said_nouns: frozenset[tuple[str, ...]]
    attitude_nouns: frozenset[tuple[str, ...]]
    denied_nouns: frozenset[tuple[str, ...]]
    token: regex.Pattern[str]
    run: regex.Pattern[str]

    def __init__(self, loaded: Mapping[str, Mapping[str, str]]) -> None:
        words: dict[str, Any] = _verbs(loaded["verbs"])
        for section, entries in loaded.items():
            if section != "verbs":
                words |= {name: frozenset(text.split()) for name, text in entries.items()}
        for name in _PHRASES:
            words[name] = frozenset(tuple(phrase.split("_")) for phrase in words[name])
        words["cue_words"] = frozenset(
            {":", "according", *(phrase[0] for name in _PHRASES for phrase in words[name])}
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
        vars(self).update(words, token=regex.compile(token), run=regex.compile(run))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> frozenset[str]: ...


_PHRASES = ("speech_phrases", "sentiments", "said_nouns", "attitude_nouns", "denied_nouns")
"""Tables of phrases, whose words “_” joins."""
_KINDS = {
    "speech": "verbs",
    "opinion": "opinions",
    "stance": "stances",
    "finding": "found",
    "+only": "phrasal_only",
    "denied": "denial",
    "asked": "asking",
} | {
    kind: kind
    for kind in (
        "spoken_to",
        "telling",
        "with_quotation",
        "with_complement",
        "with_infinitive",
        "with_clause",
        "infinitive_only",
    )
}
"""Polarities and kinds of verbs, with the tables that have them."""


def _verbs(lines: Mapping[str, str]) -> dict[str, Any]:
    """The tables of verbs, from the lines of ``[verbs]``: each verb in all of its forms."""
    words: dict[str, set[Any]] = {name: set() for name in (*_KINDS.values(), "bases", "phrasal")}
    for verb, line in lines.items():
        said, _, listed = line.partition("|")
        forms, kinds = set(listed.split()) or _forms(verb), said.split()
        every = forms if "inflected" in kinds else forms | {verb}
        words["bases"] |= set() if "inflected" in kinds else {verb}
        for kind in kinds:
            if kind in _KINDS:
                words[_KINDS[kind]] |= forms if kind == "speech" else every
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


ENGLISH = English(load("reporting"))
