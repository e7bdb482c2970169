"""Match names: whether two may name one person or body, and which names of an archive one stands for."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from itertools import combinations

from askbrief.english.aliases import Aliases
from askbrief.english.given_names import pronoun
from askbrief.english.lexicon import british, load
from askbrief.english.name_parts import Name, parse, split, stands_alone, undotted
from askbrief.english.spelling import (
    LEAST_MISSPELT,
    SHORTEST_MISSPELT,
    initials,
    key,
    missing_letter,
    misspelt,
    one_letter_apart,
)
from askbrief.english.stemming import STOP


class Likeness(IntEnum):
    """How well two names agree.

    ``SAME``: they differ in nothing but spelling, titles, particles, a middle name or a nickname, or one is a
    known short form of the other (“UN”). ``COMPATIBLE``: one leaves out more: it is a surname alone, has an
    initial for a first name, or is an acronym that fits. ``PARTIAL``: one is another word of the other name,
    mostly the first. ``MISSPELT``: they would agree but for one letter of a long word.

    Questions and filters mean all names that are at least COMPATIBLE, else those that are PARTIAL, else those
    that are MISSPELT (``NameMatcher.find``). A list of speakers merges names that are at least COMPATIBLE if
    only one fits (``NameMatcher.grouped``). ``check`` accepts an attribution that is at least PARTIAL.
    """

    NONE = 0
    MISSPELT = 1
    PARTIAL = 2
    COMPATIBLE = 3
    SAME = 4


class KnownNames:
    """The names of an archive, looked up by their words in any spelling.

    An archive may have tens of thousands of names. Their words are therefore indexed one initial letter at a
    time, when a word with that letter is looked up.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._by_letter: dict[str, dict[str, set[int]]] = {}

    @cached_property
    def _text(self) -> str:
        """The names, one a line."""
        return undotted("\n".join(" ".join(name.split()) for name in self.names))

    @cached_property
    def _ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self._text)]

    def _line(self, found: re.Match[str]) -> int:
        """The number of the name that has a match."""
        return bisect(self._ends, found.start())

    def _beginning(self, letter: str) -> dict[str, set[int]]:
        """The keys of the words that begin with a letter, each with the numbers of the names that have it."""
        if letter not in self._by_letter:
            begins = rf"[{letter}]" if letter else r"[^\x00-\x7f]"
            numbers: dict[str, set[int]] = defaultdict(set)
            pattern = rf"(?<![\w'’ʼ‘`]){begins}\w*(?:['’ʼ‘`]\w+)*"
            for word in re.finditer(pattern, self._text, re.IGNORECASE):
                numbers[key(word[0])].add(self._line(word))
            self._by_letter[letter] = dict(numbers)
        return self._by_letter[letter]

    def _with(self, wanted: str) -> set[int]:
        """The names with a word of this key."""
        return set().union(*(self._beginning(letter).get(wanted, ()) for letter in initials(wanted)))

    def near(self, name: Name) -> set[int]:
        """The numbers of the names that a name may agree with; some of them don't."""
        if not name.words:
            return set()
        found: set[int] = set()
        if name.body or len(name.words) > 2:  # of two words of a person, the other name has the second
            words = [self._with(word) for word in name.words]
            found.update(*(one & other for one, other in combinations(words, 2)), self._with(name.letters))
        if name.body:  # the other name may be one of the words alone: Treasury
            found.update(number for numbers in words for number in numbers if " " not in self.names[number])
        if not name.body or len(name.words) == 1:
            found |= self._with(name.words[-1])
        return found | self._spelt_out(name.words[0]) if name.acronym else found

    def _spelt_out(self, acronym: str) -> set[int]:
        """The names whose first letters make an acronym."""
        words = r"(?:[\s-]+(?:of|for|and|the|on|in|to))*[\s-]+".join(
            rf"{letter}[^\s-]*" for letter in acronym
        )
        found = re.finditer(rf"^(?:the )?{words}$", self._text, re.IGNORECASE | re.MULTILINE)
        return set(map(self._line, found))

    def called(self, name: str) -> set[int]:
        """The numbers of the names with another first name that somebody with this one may use."""
        return set().union(*map(self._with, _nicknames().get(name, ())))

    def misspelt(self, name: Name) -> set[int]:
        """The numbers of the names that have a word one letter apart from the surname, or the first name."""
        if not name.words:
            return set()
        words = self._beginning(name.words[-1][0])
        found = set().union(*(words[word] for word in misspelt(name.words[-1], words)))
        return found | self._with(name.words[0]) if len(name.words) > 1 else found


class NameMatcher:
    """Compares names, with a user's ``aliases`` and the well-known short forms."""

    def __init__(self, aliases: Aliases | None = None) -> None:
        self._aliases = aliases or Aliases()
        self._full = KnownNames(self._aliases)

    def likeness(self, one: str, other: str) -> Likeness:
        """How well two names agree."""
        ones, others = self._aliases.full(one), self._aliases.full(other)
        if not set(ones).isdisjoint(others):
            return Likeness.SAME
        return max(_likeness(parse(a), parse(b)) for a in ones for b in others)

    def namesakes(self, one: str, other: str) -> bool:
        """Whether two full names are those of two people who share a surname."""
        words, others = parse(one).words, parse(other).words
        both = min(len(words), len(others)) > 1 and words[-1] == others[-1] and not parse(one).body
        return both and self.likeness(one, other) is Likeness.NONE

    def forms(self, name: str) -> tuple[str, ...]:
        """The aliases of a name and the full names that it is an alias of; none if it has neither."""
        every = (form for full in self._aliases.full(name) for form in self._aliases.forms(full))
        return tuple(form for form in every if form != name)

    def find(self, wanted: str, known: KnownNames) -> list[str]:
        """The names of an archive that ``wanted`` may stand for, in the archive's order.

        These are all names that are SAME or COMPATIBLE, so that a surname alone stands for everybody with
        that surname. If there are none, a single word stands for everybody with that first name; if there
        are none either, the names that are MISSPELT.
        """
        forms = [parse(form) for full in self._meant(wanted) for form in self._aliases.forms(full)]
        near = set().union(*map(known.near, forms))
        words = parse(wanted).words
        found = self._agreeing(wanted, known, near, Likeness.SAME, Likeness.COMPATIBLE)
        if not found and len(words) == 1:
            near |= known.called(words[0])
            found = self._agreeing(wanted, known, near, Likeness.PARTIAL)
        if found:
            return found
        return self._agreeing(wanted, known, near.union(*map(known.misspelt, forms)), Likeness.MISSPELT)

    def _meant(self, wanted: str) -> set[str]:
        """The full names, of those with aliases, that a name may stand for, and the name itself."""
        meant = set(self._aliases.full(wanted))
        if wanted in meant:
            near = self._full.near(parse(wanted))
            full = (self._full.names[number] for number in near)
            meant.update(name for name in full if _shortens(parse(wanted), parse(name)))
        return meant

    def _agreeing(
        self, wanted: str, known: KnownNames, numbers: Iterable[int], *degrees: Likeness
    ) -> list[str]:
        names = (known.names[number] for number in sorted(numbers))
        return [name for name in names if self.likeness(wanted, name) in degrees]

    def mentions(self, wanted: str, text: str) -> bool:
        """Whether the words for a speaker or an office have all words of ``wanted``, or are the same name:
        “Ukraine's top commander” for the commander, “the WHO” for the World Health Organization."""
        words = _words(wanted)
        return bool(words) and (words <= _words(text) or self.likeness(wanted, text) is Likeness.SAME)

    def grouped(self, names: Sequence[str]) -> list[list[str]]:
        """The names in groups, one for each person or body, the fullest name first.

        A name that fits two groups (“Clinton”) has its own.
        """
        forms = [form for name in names for form in (name, *self._aliases.full(name))]
        known = KnownNames(dict.fromkeys(forms))
        numbers = {name: number for number, name in enumerate(known.names)}
        group_of: dict[int, list[str]] = {}
        groups: list[list[str]] = []
        for name in sorted(names, key=self._fullness, reverse=True):
            near = {
                number
                for full in self._aliases.full(name)
                for number in (*known.near(parse(full)), numbers[full])
            }
            fitting = {
                id(group_of[number]): group_of[number]
                for number in near
                if number in group_of and self.likeness(name, known.names[number]) >= Likeness.COMPATIBLE
            }
            if len(fitting) == 1:
                (group,) = fitting.values()
            else:
                groups.append(group := [])
            group.append(name)
            for form in (name, *self._aliases.full(name)):
                group_of[numbers[form]] = group
        return groups

    def _fullness(self, name: str) -> tuple[int, int, bool, int, str]:
        """A sort key for the fuller of two names: words other than initials, all words, accents, letters."""
        words = parse(name).words
        full = sum(len(word) > 1 for word in words) if name in self._aliases.full(name) else 0
        return full, len(words), not name.isascii(), len(name), name


def _words(text: str) -> set[str]:
    """The keys of a text's words in British spelling, without articles; acronyms that are plain words too
    (“US”) in capitals."""
    capitals = {word.casefold() for word in _CAPITALS.findall(text)} & STOP
    words = (_british_keys().get(word, word) for word in split(text))
    return {word.upper() if word in capitals else word for word in words} - {"the", "a", "an"}


@cache
def _british_keys() -> dict[str, str]:
    """The keys of words in British spelling, by those in American spelling."""
    return {key(american): key(word) for american, word in british().items()}


_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")


def _shortens(short: Name, long: Name) -> bool:
    """Whether a name may be a shorter form of another."""
    return len(short.words) <= len(long.words) and _likeness(short, long) >= Likeness.COMPATIBLE


@lru_cache(maxsize=65536)
def _likeness(one: Name, other: Name) -> Likeness:
    if not one.words or not other.words or _differ(one, other):
        return Likeness.NONE
    if one.words == other.words:
        return Likeness.SAME
    if _abbreviates(one, other) or _abbreviates(other, one):
        return Likeness.COMPATIBLE
    short, long = sorted((one, other), key=lambda name: len(name.words))
    if one.body or other.body:
        return _bodies(short, long)
    if len(short.words) == 1:
        first = short.particles and not long.particles and len(long.words) > 1
        return Likeness.NONE if first else _single(short.words[0], long.words)  # Ben Stone is no Ada Stone
    return _full_names(short.words, long.words)


def _differ(one: Name, other: Name) -> bool:
    """Whether what stands beside two names of people tells them apart: Jr. and Sr., King and Queen, or Mrs
    before the surname of a Mark."""
    if one.generation and other.generation and one.generation != other.generation:
        return True
    if not (one.address or other.address) or one.words[-1] != other.words[-1]:
        return False
    genders = (
        name.address or (pronoun(name.words[0]) if len(name.words) > 1 else None) for name in (one, other)
    )
    return {"he", "she"} <= set(genders)


def _abbreviates(short: Name, long: Name) -> bool:
    """Whether an acronym has the first letters of a longer name: of a body, or of at least three words."""
    return short.acronym and short.words[0] == long.letters and (long.body or len(long.letters) > 2)


def _bodies(short: Name, long: Name) -> Likeness:
    """Compare two names, at least one of a body: the shorter omits words, but is no common noun."""
    enough = len(short.words) > 1 or stands_alone(short.words[0])
    return Likeness.COMPATIBLE if enough and set(short.words) < set(long.words) else Likeness.NONE


def _single(word: str, words: Sequence[str]) -> Likeness:
    if word == words[-1]:
        return Likeness.COMPATIBLE
    if len(word) > 1 and any(len(given) > 1 and alike(word, given) for given in words[:-1]):
        return Likeness.PARTIAL
    return Likeness.MISSPELT if one_letter_apart(word, words[-1]) else Likeness.NONE


def _full_names(short: Sequence[str], long: Sequence[str]) -> Likeness:
    """Compare two names that both have a first name."""
    given, others = short[:-1], long[:-1]
    middle = (*given[1:2], *others[1:2])
    if len(middle) == 2 and max(map(len, middle)) == 1 and middle[0] != middle[1]:  # George W., George H. W.
        return Likeness.NONE
    if short[-1] != long[-1]:
        misspelt = _misspelt_surnames(short, long) and _agree(given, others)
        ends_early = short[0] == long[0] and _within(short, long)
        return Likeness.COMPATIBLE if ends_early else Likeness.MISSPELT if misspelt else Likeness.NONE
    if _agree(given, others):
        initial = len(given[0]) == 1 != len(others[0]) or len(others[0]) == 1 != len(given[0])
        return Likeness.COMPATIBLE if initial else Likeness.SAME
    if _within(given, others):
        return Likeness.COMPATIBLE
    genders = {pronoun(name) for name in (given[0], others[0])} - {None}
    misspelt = one_letter_apart(given[0], others[0]) or missing_letter(given[0], others[0])
    return Likeness.MISSPELT if misspelt and len(genders) < 2 else Likeness.NONE


def _misspelt_surnames(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one letter differs in the surnames; short ones need a first name that is spelt alike."""
    short = one[0] == other[0] and min(map(len, (one[0], one[-1], other[-1]))) >= SHORTEST_MISSPELT
    return one_letter_apart(one[-1], other[-1], SHORTEST_MISSPELT if short else LEAST_MISSPELT)


def _agree(given: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the first names agree, and the middle names of one are among those of the other."""
    short, long = sorted((given, others), key=len)
    return alike(short[0], long[0]) and _within(short[1:], long[1:])


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether ``long`` has the names of ``short``, in their order."""
    rest = iter(long)
    return all(any(alike(word, other) for other in rest) for word in short)


def alike(one: str, other: str) -> bool:
    """Whether the keys of two first names are equal, or one is an initial or a nickname of the other."""
    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):
        return True
    return other in _nicknames().get(one, ())


@cache
def _nicknames() -> dict[str, set[str]]:
    """The first names that somebody may use, by another of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in load("nicknames")["names"].strip().splitlines():
        names = set(map(key, line.replace(":", " ").split()))
        for name in names:
            found[name] |= names
    return dict(found)
