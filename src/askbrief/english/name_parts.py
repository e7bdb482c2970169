"""Parse a name into the words that identify its bearer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from askbrief.english.lexicon import load
from askbrief.english.reporting import ENGLISH
from askbrief.english.spelling import bare, key

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’ʼ‘`]\p{L}[\p{L}\p{M}]*)*")
_GENITIVE = regex.compile(r"(?:['’]s|(?<=s)['’])(?![\p{L}\p{M}])", regex.IGNORECASE)
_DOTTED = regex.compile(r"(?<![\p{L}.])(?:\p{L}\.){2,}(?:\p{L}(?![\p{L}]))?")
_PLAIN = regex.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_HYPHENED = regex.compile(r"(?<=\p{Lu}\p{L}*-)\p{Ll}")
_INITIALS = regex.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,3}|[A-Z][BCDFGHJKLMNPQRSTVWXZ]")
_ACRONYM = regex.compile(r"\p{Lu}[\p{Lu}\d]{1,6}")


class Name(NamedTuple):
    """A parsed name.

    ``words`` are the keys of its words (see ``spelling.key``): given names, then the surname; the words of a
    body in alphabetical order; none if it names nobody (“the president”). ``body`` is true for a ministry, a
    firm or a party. ``letters`` are the initial letters of all words; ``acronym`` is true for “WHO”.
    ``particles`` are those of a person's name that are first names as well (Ben, Van). ``generation`` is what
    follows it (Jr, Sr, II); ``address`` is “he” or “she” if a title or form of address before it says so.
    """

    words: tuple[str, ...]
    body: bool = False
    letters: str = ""
    acronym: bool = False
    particles: tuple[str, ...] = ()
    generation: str = ""
    address: str | None = None


def _bare(*words: str) -> frozenset[str]:
    return frozenset(map(bare, words))


_NAMES = load("names")
_OFFICES = _bare(*ENGLISH.titles, *ENGLISH.roles, "former", "ex", "late", "acting", "designate", "elect")
_BODIES = _bare(*ENGLISH.groups, *_NAMES["bodies"].split())
_BODIES_ALONE = _bare(*ENGLISH.bodies)
_KEYS_ALONE = frozenset(map(key, _BODIES_ALONE))
_FIRMS = _bare(*_NAMES["firms"].split())
_PARTICLES = _bare(*ENGLISH.particles, *_NAMES["particles"].split())
_FIRST_NAMES_TOO = _bare("Ben", "Van")
_GENERATIONS = _bare(*ENGLISH.generations)
_AFTER_NAMES = _bare(*ENGLISH.suffixes, *ENGLISH.honours)
_BEFORE_NAMES = _bare(*ENGLISH.places, *ENGLISH.not_first)
_COUNTRIES = _bare(*ENGLISH.countries, "un", "eu")
_JOINS = frozenset(("of", "for", "and", "the", "on", "in", "to", "a", "an"))
_SPECIAL = _OFFICES.union(_BODIES, _BODIES_ALONE, _FIRMS, _PARTICLES, _AFTER_NAMES, _BEFORE_NAMES, _JOINS)
"""Words that make a name more than given names and a surname."""
_AFFILIATION = frozenset(("of", "from", "at", "for"))


@lru_cache(maxsize=65536)
def parse(written: str) -> Name:
    """Parse a name, without titles, offices, honours, particles and possessive endings."""
    if _PLAIN.fullmatch(written) and _SPECIAL.isdisjoint(low := written.lower().split()):
        return Name(tuple(map(key, low)), letters="".join(word[0] for word in low))
    text = _GENITIVE.sub("", undotted(written)).strip(" \t\n\"“”'‘’.,")
    text = _HYPHENED.sub(lambda found: found[0].upper(), text)  # Kim Jong-un
    words = _WORD.findall(_in_order(text))
    while words and words[0].casefold() in ("the", "a", "an"):
        words = words[1:]
    if not words:
        return Name(())
    letters = "".join(bare(word)[:1] for word in words if word.casefold() not in _JOINS)
    if _is_body(words):
        return Name(_body_words(words), True, letters, bool(_ACRONYM.fullmatch(words[0])))
    own = _person_words(words, hyphened="-" in text)
    acronym = len(words) == 1 and bool(_ACRONYM.fullmatch(words[0]))
    particles = tuple(bare(word) for word in words if bare(word) in _FIRST_NAMES_TOO)
    generation = next((bare(word) for word in words[1:] if bare(word) in _GENERATIONS), "")
    return Name(
        tuple(key(word) for word in own), False, letters, acronym, particles, generation, _address(words, own)
    )


def _address(words: Sequence[str], own: Sequence[str]) -> str | None:
    """“he” or “she” by the last word before a person's own name that says so: Mrs, King."""
    before = words[: words.index(own[0])] if own and own[0] in words else []
    return next((said for word in reversed(before) if (said := gender_of(word))), None)


def gender_of(word: str) -> str | None:
    """“he” or “she”, if a form of address or a role says so: Mr, spokeswoman."""
    low = word.lower()
    return "he" if low in ENGLISH.male else "she" if low in ENGLISH.female else None


def split(written: str) -> list[str]:
    """The keys of all words of a text, including titles and particles."""
    if _PLAIN.fullmatch(written):
        return list(map(key, written.split()))
    return [key(word) for word in _WORD.findall(_GENITIVE.sub("", undotted(written)))]


def stands_alone(word: str) -> bool:
    """Whether a key alone names a body (“Kremlin”)."""
    return word in _KEYS_ALONE


def undotted(names: str) -> str:
    """Names, one per line, with “U.N.” written “UN” and “J.F.” written “J F”."""
    return _DOTTED.sub(_letters, names)


def _letters(found: regex.Match[str]) -> str:
    letters = found[0].replace(".", "")
    alone = f"\n{found.string}\n"[found.start() : found.end() + 2] == f"\n{found[0]}\n"
    return f"{letters} " if alone or bare(letters) in _COUNTRIES else " ".join(letters) + " "


def _in_order(text: str) -> str:
    """“Díaz, José” as “José Díaz”; “Ann Lee, MP” and “Ann Lee, the mayor” as “Ann Lee”."""
    first, comma, last = (part.strip() for part in text.partition(","))
    given = last.split()
    names = all(word[:1].isupper() and bare(word) not in _AFTER_NAMES for word in given)
    if comma and given and len(given) <= 2 and len(first.split()) <= 2 and names and "," not in last:
        return f"{last} {first}"
    return first if comma and not _is_body(_WORD.findall(text)) else text


def _is_body(words: Sequence[str]) -> bool:
    """Whether the words name a body, by its last noun or the one before “of” or “for”."""
    low = [bare(word) for word in words]
    joint = next((at for at, word in enumerate(low) if at and word in ("of", "for")), len(low))
    if len(low) == 1:
        return low[0] in _BODIES_ALONE or low[0] in _BODIES
    last = low[-1] in _BODIES and words[-1][:1].isupper()
    return last or low[joint - 1] in _BODIES or low[-1] in _FIRMS


def _body_words(words: Sequence[str]) -> tuple[str, ...]:
    own = [word for word in words if word.casefold() not in _JOINS and bare(word) not in _FIRMS]
    return tuple(sorted({key(word) for word in own or words}))


def _person_words(words: Sequence[str], hyphened: bool) -> list[str]:
    """The given names and the surname; empty if the words are only an office."""
    words = _affiliated(words)
    while len(words) > 1 and bare(words[-1]) in _AFTER_NAMES:
        words = words[:-1]
    capitals = any(word[:1].isupper() for word in words)
    offices = [at for at, word in enumerate(words[:-1]) if bare(word) in _OFFICES]
    words = words[offices[-1] + 1 :] if offices else words
    if len(words) == 1 and bare(words[0]) in _OFFICES and (offices or words[0].islower()):
        return []
    given = words[0] == "Al" and not hyphened and len(words) > 1
    own = [word for word in words if not (capitals and word.islower())]
    named = [word for at, word in enumerate(words) if (at == 0 and given) or bare(word) not in _PARTICLES]
    own = [word for word in named if word in own] or own
    if not all(map(str.isupper, own)):
        own[:-1] = [part for word in own[:-1] for part in (word if _INITIALS.fullmatch(word) else (word,))]
    return own


def _affiliated(words: Sequence[str]) -> Sequence[str]:
    """The words without an affiliation: “Steve Green of the police”, “Secretary of State Ann Lee”."""
    at = next((at for at, word in enumerate(words) if at and word in _AFFILIATION), None)
    if at is None:
        return words
    if not all(bare(word) in _OFFICES | _BEFORE_NAMES or word.islower() for word in words[:at]):
        return words[:at]
    if not any(bare(word) in _OFFICES for word in words[:at]):
        return words[:at]
    rest = words[at + 1 :]
    name = rest
    while name and (bare(name[0]) in _BEFORE_NAMES | _BODIES or name[0].islower()):
        name = name[1:]
    if name and len(name) < len(rest) and name[0][:1].isupper() and rest[0][:1].isupper():
        return name
    return name[1:] if len(name) > 2 and name[0][:1].isupper() else words[:at]
