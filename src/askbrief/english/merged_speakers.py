"""List the speakers of an archive, with all forms of a name as one speaker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from askbrief.types import Speaker


def merged(
    speakers: Iterable[Speaker], groups: Iterable[Sequence[str]], documents: Callable[[Sequence[str]], int]
) -> list[Speaker]:
    """Each person and body once, by the fullest name, most quoted first.

    ``groups`` are all names of the archive, each with its other forms, the fullest first (``NameMatcher
    .grouped``); ``speakers`` may have only some of them. ``documents`` counts the documents that quote any of
    some names.
    """
    forms = {speaker.name: speaker for speaker in speakers}
    quoted = ((names[0], [forms[name] for name in names if name in forms]) for names in groups)
    found = (replace(_one(group, documents), name=name) for name, group in quoted if group)
    return sorted(found, key=lambda each: (-each.quotations, each.name))


def with_name(speakers: Iterable[Speaker], part: str) -> list[Speaker]:
    """The speakers with some letters in a form of their name, in upper or lower case."""
    wanted = " ".join(part.split()).casefold()
    return [each for each in speakers if any(wanted in name.casefold() for name in (each.name, *each.forms))]


def _one(forms: Sequence[Speaker], documents: Callable[[Sequence[str]], int]) -> Speaker:
    """One speaker from the forms of a name, the fullest first."""
    if len(forms) == 1:
        return forms[0]
    names = tuple(sorted(form.name for form in forms))
    days = sorted(day for form in forms for day in (form.since, form.until) if day)
    return Speaker(
        forms[0].name,
        names,
        next((form.role for form in forms if form.role), ""),
        sum(form.quotations for form in forms),
        documents(names),
        days[0] if days else None,
        days[-1] if days else None,
    )
