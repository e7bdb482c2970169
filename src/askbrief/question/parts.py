"""Two questions in one ("Who won the vote and by how much?") as the questions that it asks."""

from __future__ import annotations

import re

from askbrief.english.stemming import stems
from askbrief.question.question_words import AUXILIARY, PREPOSITION, WH

MOST_PARTS = 3
FEWEST_WORDS = 2
"""Content words of a part that needs what another part says of when or where."""

_WH = rf"{PREPOSITION}{WH}\b"
# A clause that is no question has its subject before its verb: "how people live", "when it began".
_ASKS = (
    rf"(?:{PREPOSITION}(?:who(?:m|se)?|what|which|how (?:many|much))\b"
    rf"|{PREPOSITION}(?:when|where|why|how(?: \w+)?)(?= {AUXILIARY}|\W*$|,? and\b)|{AUXILIARY})"
)
_INVERTED = re.compile(rf"^\W*{_WH}(?: [\w’'-]+){{0,3}}? {AUXILIARY}", re.IGNORECASE)
_AND = re.compile(
    rf"(?:\?+|[,;])? (?:and|or|but)(?: also|,? if so| then)?,? (?={_ASKS})|\?+ (?=\w)"
    rf"|, (?={_WH},? (?:and|or)\b)",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"^\W*{_ASKS}", re.IGNORECASE)
_BARE = re.compile(rf"^\W*{_WH}\W*$", re.IGNORECASE)
_ANY_WH = re.compile(rf"\b{WH}\b", re.IGNORECASE)
_CIRCUMSTANCE = re.compile(r" (?:when|after|before|during|while|in|at|on) [^?]+$", re.IGNORECASE)


def parts(question: str) -> tuple[str, ...]:
    """The questions that a question asks, in order; the question alone if it asks one.

    Words that are shared ("when and where did they meet", "how many died and how many were hurt in the
    fire") are repeated in each part. A later part may still lean on the first ("and by how much").
    """
    cuts = [match.span() for match in _AND.finditer(question)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(question)]
    found = [question[a:b].strip(" ,;?") for a, b in zip(starts, ends, strict=True)]
    if not 1 < len(found) <= MOST_PARTS or not all(_BEGINS.match(part) for part in found):
        return (question,)
    if len(_ANY_WH.findall(found[0])) > 1 and not all(_INVERTED.match(part) for part in found[1:]):
        return (question,)  # "which report tells who came and who left"
    if _BARE.match(found[0]):
        shared = re.sub(rf"^\W*{_WH}\s*", "", found[-1], count=1, flags=re.IGNORECASE)
        found = [*(f"{part} {shared}" for part in found[:-1]), found[-1]]
    else:
        found = [_with_circumstance(part, found) for part in found]
    return tuple(f"{part}?" for part in found)


def _with_circumstance(part: str, parts: list[str]) -> str:
    """A part of few words with what another part says of the circumstances ("when the mast fell")."""
    if len(stems(part)) > FEWEST_WORDS or _CIRCUMSTANCE.search(part) or _BARE.match(part):
        return part
    return part + next((found[0] for other in parts if (found := _CIRCUMSTANCE.search(other))), "")
