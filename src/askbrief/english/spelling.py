"""Compare spellings: one key for all spellings of a word in names, and words that are one letter apart."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from askbrief.english.lexicon import load

LEAST_MISSPELT = 5
"""Least letters of a word that may be misspelt; too many shorter words are one letter apart."""
SHORTEST_MISSPELT = 4
"""Least letters of a surname that may be misspelt if the first name is the same."""
_LONG = 8
"""From this many letters on, two may be wrong in a word of a question."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | dict.fromkeys("'’ʼ‘`´.")
)
_PAIRS = (("aa", "a"), ("ph", "f"), ("dh", "d"), ("dj", "d"), ("ks", "x"))
"""Haakon, Joseph, Kadhafi, Djokovic, Aleksandr."""
_DOUBLED = re.compile(r"([^aeiou])\1")  # Mohammed, Mohamed
_UMLAUT = re.compile(r"(?:(?<![aeiou])([ao])|(?<![aeiouqg])(u)|(?<=g)(u)(?=enth?er))e(?=[^aeiouy])(?!l$)")
"""Mueller, Koehler, Guenther; but not Bauer, Miguel, Joe, nor names in -el: Samuel, Michael, Joel."""
_LAST = re.compile(r"(?:[iyj][iyj]|y)$")  # Navalny, Navalnyi
_SLAVIC = re.compile(
    r"(?:sk(?:i|a|oi|oy|aya|aia|aja)|enk[oa]|[oe](?:v|w|ff?)(?:a|[iy](?:c|ch|tch|tsch))?|(?:ch|[iyj])uk)$"
)
_SLAVIC_RULES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"sko[iy]$", "ski"),
        (r"ska[iyj]a$", "ska"),
        (r"enka$", "enko"),  # Lukashenka, Lukashenko
        (r"[iyj]?[oe](?:v|w|ff?)(?=$|a$|[iy](?:c|ch|tch|tsch)$)", "ev"),  # Gorbachyov, Gorbachev
        (r"ev[iy](?:c|ch|tch|tsch)$", "evich"),  # Yanukovych, Yanukovich
        (r"^[iyj]e", "e"),  # Yefremov, Efremov
        (r"tsch|tch", "ch"),
        (r"sch", "sh"),
        (r"tz", "ts"),
        (r"w", "v"),
        (r"ou", "u"),
        (r"[yj]", "i"),  # Tymoshenko, Timoshenko
    )
)
_PLAIN = re.compile(
    r"(?!.*(?:aa|ph|d[hj]|ks|q|[aou]e|[oe][vwf]|enk|sk|uk|([b-z])\1))[a-z]+[a-hk-xz]|[a-z]{0,3}"
)
"""A word that is its own key."""


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """The key of a word: equal for spellings that differ in case, accents or apostrophes, and for
    transliterations (“Zelenskiy” and “Zelensky”, “Kiev” and “Kyiv”)."""
    plain = bare(word)
    ruled = _ruled(plain)
    return _variants().get(plain) or _variants().get(ruled) or ruled


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """The word in lower case without accents and apostrophes."""
    low = word.casefold()
    if low.isalpha() and low.isascii():
        return low
    apart = unicodedata.normalize("NFKD", low.translate(_LETTERS))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _ruled(plain: str) -> str:
    """The word with the transliteration rules applied."""
    if not plain.isascii() or _PLAIN.fullmatch(plain):
        return plain
    plain = _DOUBLED.sub(r"\1", plain) if len(plain) > 4 else plain
    plain = _UMLAUT.sub(r"\1\2\3", plain)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    plain = plain if "qu" in plain else plain.replace("q", "k")  # Qaddafi, Kaddafi
    plain = _LAST.sub("i", plain)
    if len(plain) >= 5 and _SLAVIC.search(plain):
        for pattern, spelt in _SLAVIC_RULES:
            plain = pattern.sub(spelt, plain)
    return plain


_INITIALS = {"k": "q", "f": "p", "e": "yij"}


def initials(wanted: str) -> set[str]:
    """The initial letters of words with this key, in lower case; "" stands for all letters outside ASCII."""
    return {wanted[:1], "", *_INITIALS.get(wanted[:1], ()), *_variant_initials().get(wanted, ())}


@cache
def _variant_initials() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for word, spelt in _variants().items():
        found[spelt].add(word[0])
    return dict(found)


@cache
def _variants() -> dict[str, str]:
    """Spellings that no rule covers, with their keys."""
    tables = (load("names")[table] for table in ("people", "places", "words"))
    lines = [line.split() for table in tables for line in table.strip().splitlines()]
    spelt = {_ruled(bare(word)): _ruled(bare(line[0])) for line in lines for word in line}
    return spelt | {bare(word): _ruled(bare(line[0])) for line in lines for word in line}


def one_letter_apart(one: str, other: str, least: int = LEAST_MISSPELT) -> bool:
    """Whether two keys of ``least`` letters or more differ in one, but the first, or in the order of two."""
    return _apart(one, other, 1, least)


def missing_letter(one: str, other: str) -> bool:
    """Whether a key of three letters or more lacks one within the other: Jon, John; not Ann, Anna."""
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or len(long) != len(short) + 1:
        return False
    return (
        any(long[:at] + long[at + 1 :] == short for at in range(1, len(long) - 1))
        and short + long[-1] != long
    )


def spelt_alike(one: str, other: str) -> bool:
    """Whether two words may be spellings of one word: one letter may differ, two in a long word."""
    return _apart(one, other, 1 if min(len(one), len(other)) < _LONG else 2)


def _apart(one: str, other: str, most: int, least: int = LEAST_MISSPELT) -> bool:
    from rapidfuzz.distance import OSA

    if min(len(one), len(other)) < least or one[0] != other[0]:
        return False
    return bool(OSA.distance(one, other, score_cutoff=most) <= most)


def misspelt(word: str, among: Iterable[str]) -> list[str]:
    """The keys in ``among`` that are one letter apart from ``word``."""
    if len(word) < LEAST_MISSPELT:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(word, list(among), scorer=OSA.distance, score_cutoff=1, limit=None)
    return [other for other, _, _ in found if one_letter_apart(word, other)]


def nearest(word: str, among: Collection[str]) -> str | None:
    """The word in ``among`` that is the most similar spelling of ``word``, or None."""
    from rapidfuzz.distance import OSA

    own = key(word)
    alike = (other for other in among if other[:1] == word[:1])
    close = [other for other in alike if spelt_alike(word, other) or key(other) == own]
    return min(close, key=lambda other: (key(other) != own, OSA.distance(word, other), other), default=None)
