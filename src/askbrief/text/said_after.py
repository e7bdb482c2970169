"""Who asked: the name and verb that follow a quoted question, “Why?” Smith asked."""

from __future__ import annotations

import re
from functools import cache

from askbrief.text.words import english_words

_REACH = 40  # characters of a word that are examined: bounded patterns keep the time linear
_INITIALS = re.compile(r"(?:[^\W\d]\.)+")


def names_speaker(text: str, start: int, end: int) -> bool:
    """Whether an attribution of the quotation before begins at ``start``, and no sentence ends within it."""
    found = _attribution().match(text, start, end)
    return found is not None and all(map(_within_name, found[0].split()[:-1]))


@cache
def _attribution() -> re.Pattern[str]:
    """The beginning of an attribution that follows a quotation."""
    verbs, reported = ("|".join(english_words(table)) for table in ("speech", "reported"))
    name = rf"(?:(?:[A-Z][\w.'’-]{{0,{_REACH}}}|of|the|de|van|and),?\s){{1,6}}"
    apposition = r"(?:\(?[^.!?()“”\"]{1,60}[,)]\s)?"
    long = rf"(?:[\w.'’-]{{1,{_REACH}}}\s){{1,6}}(?:said|says|asked|asks)[.,]"
    verb = rf"(?:{verbs})\b(?!\s(?:{reported})\b|:|,\s[\"“‘'])"
    return re.compile(f"{name}{apposition}{verb}|{long}")


def _within_name(word: str) -> bool:
    """Whether a word has no period, or one that only shortens it: “J.R.”, “Gen.”, “Jr.”."""
    short = word.removesuffix(".")
    shortened = any(short in english_words(table) for table in ("announcing", "closing"))
    return short == word or shortened or _INITIALS.fullmatch(word) is not None
