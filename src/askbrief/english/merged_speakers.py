"""List the speakers of an archive, with all forms of a name as one speaker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from askbrief.english.names import NameMatcher
from askbrief.types import Speaker


def merged(
    speakers: Iterable[Speaker], names: NameMatcher, documents: Callable[[Sequence[str]], int]
) -> list[Speaker]:
    """Each person and body once, most quoted first.

    ``documents`` counts the documents that quote any of some names.
    """
    forms = {speaker.name: speaker for speaker in speakers}
    groups = ([forms[name] for name in group] for group in names.grouped(list(forms)))
    return sorted(
        (_one(group, documents) for group in groups), key=lambda each: (-each.quotations, each.name)
    )


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
