"""Forms of one name across documents, made one where nothing speaks against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from askbrief.quotes.english import tables
from askbrief.types import Speaker


def merged(speakers: Iterable[Speaker]) -> list[Speaker]:
    """Each person once, most quoted first.

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
    return sorted(map(_one, groups.values()), key=lambda each: (-each.quotations, each.name))


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


def _one(forms: Sequence[Speaker]) -> Speaker:
    first = max(forms, key=lambda form: (len(form.name), form.name))
    days = sorted(day for form in forms for day in (form.since, form.until) if day)
    return Speaker(
        first.name,
        tuple(sorted(form.name for form in forms)),
        first.role or next((form.role for form in forms if form.role), ""),
        sum(form.quotations for form in forms),
        sum(form.documents for form in forms),
        days[0] if days else None,
        days[-1] if days else None,
    )
