"""The names in a document: which words form one, and the fullest form of each, by surname."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

import regex

from askbrief.english.reporting import ENGLISH
from askbrief.types import Extent

_WORD = regex.compile(r"\w++(?:[-'’](?!s\b)\w++)*+")
_OPENING = ENGLISH.openers | ENGLISH.determiners | ENGLISH.pronouns | ENGLISH.complements
_BESIDES = ENGLISH.not_first | ENGLISH.suffixes
_NAMELESS = ENGLISH.titles | ENGLISH.suffixes
_INSIDE = regex.compile(rf"(?<=[\p{{Ll}},]\s){_WORD.pattern}")


class DocumentNames:
    """The names of a document: the fullest form of each, by surname."""

    def __init__(self, text: str) -> None:
        self._text = text
        counts: Counter[tuple[str, ...]] = Counter()
        self._genders: dict[str, str] = {}
        self._mentions: dict[tuple[str, ...], list[Extent]] = defaultdict(list)
        for found in ENGLISH.run.finditer(text):
            run = found[0].split()
            name = without_titles(run)
            if name and len(name) < len(run) and (gender := _gender(run[-len(name) - 1])):
                self._genders[_surname(name)] = gender
            start = found.end() - len(" ".join(name))
            name = without_honours(name)
            if 1 < len(name) <= 5 and _ends_name(name[-1]):
                counts[tuple(name)] += 1
                self._mentions[tuple(name)].append((start, start + len(" ".join(name))))
        self._full: Mapping[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for full, count in counts.items():
            self._full[_surname(full)][full] += count

    def person(self, run: Sequence[str]) -> str | None:
        """The fullest name that the document gives for the run of words, or None if that names nobody."""
        name = without_titles(run)
        titled = len(name) < len(run) and run[len(run) - len(name) - 1] in ENGLISH.titles
        name = without_honours(name)
        if not name and len(run) == 1 and self._owns(run[0]):
            name = list(run)  # Mr. German is no nation
        place = len(name) == 1 and not titled and name[0] in ENGLISH.places and not self._owns(name[0])
        odd = ENGLISH.suffixes.issuperset(name) or any(word.lower() in ENGLISH.determiners for word in name)
        if not name or place or odd or not _ends_name(name[-1]):
            return None
        known = self._full.get(_surname(name), Counter())
        if len(name) > 1:
            forms: list[tuple[str, ...]] = [tuple(name)]
            forms += [full for full in known if full[0] == name[0] and len(full) > len(name)]
            return " ".join(sorted(forms, key=len)[-1])
        if not known:
            return name[0] if titled or self._stands_alone(name[0]) else None
        return " ".join(known.most_common(1)[0][0])

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The full names of the document, the fullest form that it gives to each first name and surname."""
        forms = (form for forms in self._full.values() for form in forms)
        return tuple(dict.fromkeys(self.person(form) or " ".join(form) for form in forms))

    def mentions(self, name: str) -> Sequence[Extent]:
        """Where the document writes the name in this form."""
        return self._mentions.get(tuple(name.split()), ())

    def knows(self, surname: str) -> bool:
        """Whether the document gives a full name with this surname."""
        return surname in self._full

    def _owns(self, place: str) -> bool:
        """Whether a place's name is somebody's surname here, who has a title or a common first name."""
        return any(self.gender(" ".join(full)) for full in self._full.get(place, ()))

    def gender(self, name: str) -> str | None:
        """“he” or “she”, by a title in the document or by the first name; None if neither says."""
        words = name.split()
        return self._genders.get(_surname(words)) or _gender(words[0] if len(words) > 1 else "")

    def _stands_alone(self, word: str) -> bool:
        """Whether a word is capitalised inside sentences, and nowhere lower-case."""
        inside, everywhere = self._words
        return word in inside and word.lower() not in everywhere

    @cached_property
    def _words(self) -> tuple[set[str], set[str]]:
        """The words inside sentences, as they are written there, and those of the text."""
        return set(_INSIDE.findall(self._text)), set(_WORD.findall(self._text))


def without_titles(run: Sequence[str]) -> list[str]:
    """The run after its last title, without leading words that are not part of a name."""
    name = list(run)
    for place in range(len(name) - 2, -1, -1):
        if name[place] in ENGLISH.titles and not ENGLISH.suffixes.issuperset(name[place + 1 :]):
            name = name[place + 1 :]
            break
    while name and (name[0] in _BESIDES or (len(name) > 1 and name[0] in ENGLISH.places)):
        name = name[1:]
    return [] if _NAMELESS.issuperset(name) else name


def without_honours(name: Sequence[str]) -> list[str]:
    """The name without the letters after it: Ann Lee MP."""
    past = len(name)
    while past > 1 and name[past - 1] in ENGLISH.honours:
        past -= 1
    return list(name[:past])


def _ends_name(word: str) -> bool:
    """Whether a person's name can end with the word: not “Court”, not “Mr.”"""
    title = word.endswith(".") and word in ENGLISH.titles - ENGLISH.suffixes
    return word not in ENGLISH.groups and not title


def _gender(word: str) -> str | None:
    return "he" if word.lower() in ENGLISH.male else "she" if word.lower() in ENGLISH.female else None


def _surname(name: Sequence[str]) -> str:
    return next((word for word in reversed(name) if word not in ENGLISH.suffixes), name[-1])


def is_name(word: str) -> bool:
    """Whether a word is capitalised, as each of a name is but for its particles."""
    return word[0].isupper()


def is_particle(words: list[str], place: int) -> bool:
    """Whether the word at ``place`` is a particle that a capitalised word follows: Bill de Blasio."""
    particles, after = ENGLISH.particles, words[place + 1 : place + 3]
    if words[place] not in particles or not after:
        return False
    return is_name(after[0]) or (after[0] in particles and is_name(after[-1]))


def _opens_sentence(words: list[str], place: int, last: int) -> bool:
    """Whether a sentence begins at ``place`` after an abbreviation: in the U.K. | But Lee said."""
    if not 0 < place <= last or words[place - 1][-1] != "." or words[place - 1] in ENGLISH.titles:
        return False
    return words[place].lower() in _OPENING


def run_start(words: list[str], last: int) -> int:
    """Where the run of capitalised words that ends at ``last`` begins; ``last + 1`` if there is none."""
    first = last + 1
    while (
        first > 0
        and not _opens_sentence(words, first, last)
        and (is_name(words[first - 1]) or (first <= last and is_particle(words, first - 1)))
    ):
        first -= 1
    return first
