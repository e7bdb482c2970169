"""Names compared as people compare them."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from itertools import combinations
from pathlib import Path

import regex

_PART = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: by surname, where no first name tells them apart.

    Titles, suffixes, particles, accents and case say nothing; a first name agrees with its initial and with
    what people make of it (Bob, Robert). A name agrees with any that holds all its words.
    """
    first, second = _parts(one), _parts(other)
    if not first or not second:
        return one.casefold().split() == other.casefold().split()
    shorter, longer = sorted((first, second), key=len)
    if set(shorter) <= set(longer):
        return True
    if len(shorter) == 1:
        return False
    return first[-1] == second[-1] and _alike(first[0], second[0])


def named_in(name: str, words: str | None) -> bool:
    """Whether the words for an office hold the name, as of an institution that speaks through somebody."""
    parts = _parts(name)
    return bool(parts) and words is not None and set(parts) <= set(_parts(words))


def _parts(name: str) -> list[str]:
    """The words of a name that tell whose it is, in lower case without accents."""
    from askbrief.english.lexicon import tables

    english = tables()
    spelt = regex.sub(r"(?:'s|’s)(?!\p{L})", "", name)
    written = [word for word in spelt.split() if word not in english.titles]
    plain = _PART.findall(_plain(" ".join(written or spelt.split())))
    aside = {word.strip(".").lower() for word in english.suffixes} | english.particles | {"the"}
    return [part for part in plain if part not in aside] or plain


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.casefold()


def _alike(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    return frozenset((one, other)) in _nicknames()


@cache
def _nicknames() -> frozenset[frozenset[str]]:
    """Each two first names that may be one person's, read once."""
    path = Path(__file__).parents[1] / "data" / "nicknames.toml"
    groups = tomllib.loads(path.read_text("utf-8"))["groups"].strip().splitlines()
    return frozenset(frozenset(pair) for group in groups for pair in combinations(group.split(), 2))
