"""Forms of one name across documents, made one where nothing speaks against it, and who is meant by one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from askbrief.english.lexicon import tables
from askbrief.types import Quoted, Speaker


def merged(speakers: Iterable[Speaker], spoken_in: Callable[[Sequence[str]], int]) -> list[Speaker]:
    """Each person once, most quoted first; ``spoken_in`` tells how many documents quote any of some names.

    “John Kirby” and “John F. Kirby” are one; a surname that stands alone goes to the only full name of the
    archive that ends with it, and stays by itself where there are two.
    """
    forms = {speaker.name: speaker for speaker in speakers}
    full = defaultdict(list)
    for name in forms:
        if len(name.split()) > 1:
            full[_ends(name)].append(name)
    groups: dict[str, list[Speaker]] = defaultdict(list)
    for name, speaker in forms.items():
        groups[_whole(name, full)].append(speaker)
    return sorted(
        (_one(group, spoken_in) for group in groups.values()), key=lambda each: (-each.quotations, each.name)
    )


def called(who: str, named: Callable[[str], Iterable[str]]) -> list[str]:
    """The names by which the archive knows whom a question calls ``who``, in whatever case; ``named`` gives
    those that hold some letters.

    Titles and words for an office tell nobody from another. Who is called by one word has it for a surname,
    or, where nobody has, for a first name; by several, for surname and first name, as far as both are given.
    Where nobody is so called, a surname an edit apart is taken for misspelt.
    """
    wanted = _bare(who)
    if not wanted:
        return []
    for alike, letters in ((_same_word, wanted[-1]), (_misspelt, wanted[-1][0])):
        parted = {name: words for name in named(letters) if (words := _bare(name))}
        found = [name for name, words in parted.items() if _same_person(wanted, words, alike)]
        if not found and len(who.split()) == 1:
            found = [name for name, words in parted.items() if alike(wanted[0], words[0])]
        if found:
            return found
    return []


def mentioned(who: str, quoted: Quoted) -> bool:
    """Whether the words that stand for a quotation's speaker, or for the speaker's office, hold all words of
    ``who``: "Ukraine's top commander", "the White House"."""
    wanted = _plain(who)
    told = _plain(f"{quoted.speaker or ''} {quoted.quotation.role or ''} {quoted.quotation.name or ''}")
    return bool(wanted) and wanted <= told


def _plain(words: str) -> set[str]:
    """The words in small letters, without articles and the endings of a genitive."""
    written = words.casefold().replace("’", "'").replace("'s", "").split()
    return {word.strip(".,'\"“”") for word in written} - {"the", "a", "an", ""}


def _bare(name: str) -> list[str]:
    """The words of a name in small letters, without titles and offices; of a name with capitals only those
    that have one, and nothing after “of” or “from”."""
    english = tables()
    name = _AFFILIATED.split(name, maxsplit=1)[0]
    words = [word.strip(".,'’\"“”") for word in name.removesuffix("'s").removesuffix("’s").split()]
    if any(word[:1].isupper() for word in words):
        words = [word for word in words if not word[:1].islower() or word in english.particles]
    offices = {*(title.casefold() for title in english.titles), *english.roles}
    kept = [word.casefold() for word in words if word and word not in english.suffixes]
    return [word for word in kept if word not in offices] or kept[-1:]


_AFFILIATED = re.compile(r"\s(?:of|from|at|for)\s(?=\S)")


def _same_person(wanted: Sequence[str], words: Sequence[str], alike: Callable[[str, str], bool]) -> bool:
    if not alike(wanted[-1], words[-1]):
        return False
    if len(wanted) == 1 or len(words) == 1:
        return True
    first, own = wanted[0], words[0]
    abbreviated = first[0] == own[0] and 1 in (len(first), len(own))
    given, known = set(wanted), set(words)
    return first == own or abbreviated or given <= known or known <= given


def _same_word(one: str, other: str) -> bool:
    return one == other


def _misspelt(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    if min(len(one), len(other)) < _LEAST_MISSPELT or one[0] != other[0]:
        return False
    return bool(OSA.distance(one, other, score_cutoff=1) <= 1)


_LEAST_MISSPELT = 5  # letters; of shorter words too many are an edit apart


def _ends(name: str) -> tuple[str, str]:
    """First name and surname, without what stands between and behind."""
    words = [word for word in name.split() if word not in tables().suffixes]
    return words[0].casefold(), words[-1].casefold()


def _whole(name: str, full: dict[tuple[str, str], list[str]]) -> str:
    """The form that stands for a name and all its others."""
    if len(name.split()) > 1:
        return _longest(full[_ends(name)])
    owners = [forms for (_, surname), forms in full.items() if surname == name.casefold()]
    return _longest(owners[0]) if len(owners) == 1 else name


def _longest(names: Sequence[str]) -> str:
    return max(names, key=lambda name: (len(name), name))


def _one(forms: Sequence[Speaker], spoken_in: Callable[[Sequence[str]], int]) -> Speaker:
    if len(forms) == 1:
        return forms[0]
    first = max(forms, key=lambda form: (len(form.name), form.name))
    names = tuple(sorted(form.name for form in forms))
    days = sorted(day for form in forms for day in (form.since, form.until) if day)
    return Speaker(
        first.name,
        names,
        first.role or next((form.role for form in forms if form.role), ""),
        sum(form.quotations for form in forms),
        spoken_in(names),
        days[0] if days else None,
        days[-1] if days else None,
    )
