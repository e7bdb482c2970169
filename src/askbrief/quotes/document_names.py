"""The names in a document: which words form one, and the fullest form of each, by surname."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

import regex

from askbrief.english.given_names import pronoun
from askbrief.english.name_parts import gender_of
from askbrief.english.names import alike
from askbrief.english.reporting import ENGLISH
from askbrief.english.spelling import bare
from askbrief.types import Extent

_WORD = regex.compile(r"\w++(?:[-'’](?!s\b)\w++)*+")
_OPENING = ENGLISH.openers | ENGLISH.determiners | ENGLISH.pronouns | ENGLISH.complements
_BESIDES = ENGLISH.not_first | ENGLISH.suffixes
_NAMELESS = ENGLISH.titles | ENGLISH.suffixes
_PREVAILS = 3
_BESIDE = 20  # characters before a name that may hold a role
_APPOSITION = regex.compile(r",(?:\s[\w'’-]++){1,6}(?=[,.])")
_OWN = regex.compile(r" and (his|her) (?:own )?(?:wife|husband|family|son|daughter|children|partner|team)\b")
_ABBREVIATED = {title for title in ENGLISH.titles if title[-1] == "." or title + "." in ENGLISH.titles}
_ABBREVIATED -= ENGLISH.suffixes
_INSIDE = regex.compile(rf"(?<=[\p{{Ll}},]\s){_WORD.pattern}")


class DocumentNames:
    """The names of a document: the fullest form of each, by surname."""

    def __init__(self, text: str) -> None:
        self._text = text
        counts: Counter[tuple[str, ...]] = Counter()
        self._addressed: dict[str, set[str]] = defaultdict(set)  # genders, by full names and by surnames
        self._mentions: dict[tuple[str, ...], list[Extent]] = defaultdict(list)
        for found in ENGLISH.run.finditer(text):
            run = found[0].split()
            name = without_titles(run)
            if name and len(name) < len(run) and (gender := gender_of(run[-len(name) - 1])):
                self._addressed[" ".join(name) if len(name) > 1 else _surname(name)].add(gender)
            start = found.end() - len(" ".join(name))
            name = without_honours(name)
            if 1 < len(name) <= 5 and _ends_name(name[-1]):
                counts[tuple(name)] += 1
                self._mentions[tuple(name)].append((start, start + len(" ".join(name))))
        self._people: dict[str, list[tuple[str, ...]]] = {}
        self._learnt: dict[str, str] = {}
        self._full: Mapping[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for full, count in counts.items():
            self._full[_surname(full)][full] += count

    def person(self, run: Sequence[str]) -> str | None:
        """The fullest name that the document gives for the run of words, or None if that names nobody.

        A surname that several people of the document have stays alone, unless a form of address decides.
        """
        name = without_titles(run)
        title = run[-len(name) - 1] if len(name) < len(run) else ""
        titled = title in ENGLISH.titles
        name = without_honours(name)
        if not name and len(run) == 1 and self._owns(run[0]):
            name = list(run)  # Mr. German is no nation
        place = len(name) == 1 and not titled and name[0] in ENGLISH.places and not self._owns(name[0])
        odd = ENGLISH.suffixes.issuperset(name) or any(word.lower() in ENGLISH.determiners for word in name)
        if not name or place or odd or not _ends_name(name[-1]):
            return None
        if len(name) > 1:
            return " ".join(self._fullest(tuple(name)))
        bearers, gender = self._bearers(name[0]), gender_of(title)
        if gender:
            fitting = [full for full in bearers if self.gender(" ".join(full)) in (None, gender)]
            if not fitting and (bearers or len(self._addressed[name[0]]) > 1):
                return f"{title} {name[0]}"  # Mrs Marsh, where the text names Mark Marsh alone; Queen Ola
            bearers = fitting
        if len(bearers) == 1 or self._prevails(bearers):
            return " ".join(bearers[0])
        return name[0] if titled or self.knows(name[0]) or self._stands_alone(name[0]) else None

    def _fullest(self, name: tuple[str, ...]) -> tuple[str, ...]:
        """The longest form of a name that the document gives; Carl Ness Jr. is none of Carl Ness."""
        known = self._full.get(_surname(name), Counter())
        plain = _without_generation(name)
        if len(plain) == 1:  # Ness Jr.
            forms = [full for full in known if len(full) > len(name) and full[-1] == name[-1]]
            return forms[0] if len(forms) == 1 else name
        longer = [
            full
            for full in known
            if full[0] == name[0]
            and len(_without_generation(full)) > len(plain)
            and _generation(full) in ("", _generation(name))
        ]
        return max([name, *longer], key=len)

    def _prevails(self, bearers: list[tuple[str, ...]]) -> bool:
        """Whether the document names the first of some people far more often than all others."""
        counts = [self._full[_surname(full)][full] for full in bearers]
        return bool(counts) and counts[0] >= _PREVAILS * sum(counts[1:])

    def _bearers(self, surname: str) -> list[tuple[str, ...]]:
        """The people who have a surname, each by the form of the name that the document writes most."""
        if surname not in self._people:
            counts = self._full.get(surname, Counter())
            forms = [form for form, _ in counts.most_common()]
            told = [form for form in forms if not self._only_headlined(form)] or forms
            people = [form for form in told if pronoun(form[0])] or told  # no “Marsh Meets King”
            found: list[tuple[str, ...]] = []
            for form in people:
                if not any(_is_one(form, other) for other in found):
                    found.append(form)
            self._people[surname] = found
        return self._people[surname]

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
        return place in self._addressed or any(
            self.gender(" ".join(one)) for one in self._full.get(place, ())
        )

    def gender(self, name: str) -> str | None:
        """“he” or “she”, by a form of address, the first name, a role, or what was learnt; else None."""
        words = name.split()
        surname = _surname(words)
        return (
            self._by_address(name)
            or (gender_of(words[0]) or pronoun(words[0]) if len(words) > 1 else None)
            or (self._by_address(surname) if len(self._full.get(surname, ())) < 2 else None)
            or self._by_role(name)
            or self._learnt.get(name)
            or (self._shared(surname) if len(words) == 1 else None)
        )

    def _shared(self, surname: str) -> str | None:
        """The gender of all who have a surname, if it is one."""
        genders = {self.gender(" ".join(full)) for full in self._bearers(surname)}
        return genders.pop() if len(genders) == 1 else None

    def learn(self, name: str, pronoun: str) -> None:
        """Remember that the document calls somebody “he” or “she”."""
        self._learnt.setdefault(name, pronoun)

    def _by_address(self, name: str) -> str | None:
        genders = self._addressed.get(name, ())
        return next(iter(genders)) if len(genders) == 1 else None

    def _by_role(self, name: str) -> str | None:
        """What the words right before a name say, or the apposition after it: Ann Lee, an actress, …"""
        for start, end in self.mentions(name):
            before = self._text[max(0, start - _BESIDE) : start].split()
            after = _APPOSITION.match(self._text, end)
            own = _OWN.match(self._text, end)
            for words in (before[-1:], after[0].split() if after else ()):
                told = {gender for word in words if (gender := gender_of(word.strip(",")))}
                if len(told) == 1:
                    return told.pop()
            if own:
                return "he" if own[1] == "his" else "she"
        return None

    def _is_word(self, capitalised: str) -> bool:
        """Whether the text has a word in lower case too, as a headline's “Prodigy” may be."""
        return capitalised.lower() in self._words[1]

    def _only_headlined(self, form: tuple[str, ...]) -> bool:
        """Whether a name with a common word is in the headline alone: Prodigy Marsh wins again."""
        headline = self._text.find("\n")
        last = self._mentions[form][-1][1]
        return last <= headline and self._is_word(form[0])

    def _stands_alone(self, word: str) -> bool:
        """Whether a word is capitalised inside sentences, and nowhere lower-case."""
        inside, _ = self._words
        return word in inside and not self._is_word(word)

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
            if len(name) == 1 and name[0] in ENGLISH.common_surnames:
                return name  # Mr King
            break
    while name and (name[0] in _BESIDES or (len(name) > 1 and (_is_place(name) or _has_role(name)))):
        name = name[1:]
    return [] if _NAMELESS.issuperset(name) else name


def _is_place(name: Sequence[str]) -> bool:
    """Whether a name begins with a place that is nobody's first name: not Jordan Lee."""
    return name[0] in ENGLISH.places and (len(name) > 2 or name[0] not in ENGLISH.place_names)


def _has_role(name: Sequence[str]) -> bool:
    """Whether a name begins with a role: Prosecutor Marta Linn."""
    return is_role(name[0]) and (len(name) > 2 or not pronoun(name[0]))


def is_role(word: str) -> bool:
    """Whether a word is an office: mayor, ex-mayor, secretary-general."""
    return word.lower() in ENGLISH.roles or not ENGLISH.roles.isdisjoint(word.lower().split("-"))


def without_honours(name: Sequence[str]) -> list[str]:
    """The name without the letters after it: Ann Lee MP."""
    past = len(name)
    while past > 1 and name[past - 1] in ENGLISH.honours:
        past -= 1
    return list(name[:past])


def _ends_name(word: str) -> bool:
    """Whether a person's name can end with the word: not “Court”, not “Mr.”"""
    return word not in ENGLISH.groups and word not in _ABBREVIATED


def _without_generation(name: tuple[str, ...]) -> tuple[str, ...]:
    return name[:-1] if len(name) > 1 and name[-1] in ENGLISH.generations else name


def _generation(name: tuple[str, ...]) -> str:
    """What tells somebody from a namesake of another generation: Jr."""
    return name[-1].rstrip(".") if len(name) > 1 and name[-1] in ENGLISH.generations else ""


def _is_one(form: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two full names with one surname may be one person's."""
    if _generation(form) and _generation(other) and _generation(form) != _generation(other):
        return False
    return alike(bare(form[0]), bare(other[0])) or form[-len(other) :] == other


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
        and not (first <= last and words[first].lower() in ENGLISH.address)
        and (is_name(words[first - 1]) or (first <= last and is_particle(words, first - 1)))
    ):
        first -= 1
    return first
