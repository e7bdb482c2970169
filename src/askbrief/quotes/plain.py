"""A text as its words are read: without Markdown's emphasis, and with all-capitals copy in sentence case.

Each function returns a text of the same length, so that offsets stay those of the text as written.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from askbrief.english.reporting import ENGLISH
from askbrief.types import Sentence

_EMPHASIS = regex.compile(r"(?<!\w)[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?!\w)")
_WORD = regex.compile(r"\p{Lu}[\p{Lu}\p{M}]*+(?:['’-]\p{Lu}++)*+")
_OCCUPATION = regex.compile(r".{3,}(?:ers?|ors?|ists?|[aeo]nts?|men|man|woman|women)")
_FEWEST = 4  # words in a sentence of all-capitals copy
_SMALL = (
    ENGLISH.verbs | ENGLISH.bases | ENGLISH.opinions | ENGLISH.stances | ENGLISH.roles | ENGLISH.staff
    | ENGLISH.determiners | ENGLISH.pronouns | ENGLISH.prepositions | ENGLISH.auxiliaries | ENGLISH.passive
    | ENGLISH.between | ENGLISH.openers | ENGLISH.complements | ENGLISH.subordinators | ENGLISH.negation
    | ENGLISH.hearers | ENGLISH.venues | ENGLISH.texts | ENGLISH.periods | ENGLISH.collectives
    | {"not", "no", "police", "s", "t"}
) - ENGLISH.days  # fmt: skip
"""Words that all-capitals copy would have in small letters."""
_GENDERED = ENGLISH.male | ENGLISH.female


def without_emphasis(text: str) -> str:
    """The text with spaces instead of the asterisks and underscores around emphasised words."""
    if "*" not in text and "_" not in text:
        return text
    return _EMPHASIS.sub(lambda mark: " " * len(mark[0]), text)


def in_sentence_case(text: str, sentences: Sequence[Sentence]) -> str:
    """The text with each sentence in capitals in small letters, but for the first ones of unknown words."""
    if not any(map(str.isupper, (text[one.start : one.end] for one in sentences))):
        return text
    pieces, at = [], 0
    for one in sentences:
        words = text[one.start : one.end]
        if words.isupper() and words.count(" ") >= _FEWEST - 1:
            pieces += [text[at : one.start], _recased(words)]
            at = one.end
    return "".join([*pieces, text[at:]])


def _recased(sentence: str) -> str:
    found = list(_WORD.finditer(sentence))
    written = [_written(word[0]) for word in found]
    for place, word in enumerate(written[:-2]):
        after = sentence[found[place].end() : found[place + 2].start()]
        run = word[0].isupper() and all(one[0].isupper() for one in written[place + 1 : place + 3])
        starts = place == 0 or written[place - 1].islower() or sentence[found[place].start() - 2] in ",.;:"
        plain = word.lower() not in _GENDERED and after.replace(" ", "").isalpha()
        if run and starts and plain and _OCCUPATION.fullmatch(word.lower()):
            written[place] = word.lower()  # FORECASTER ANN LEE
    pieces, at = [], 0
    for match, form in zip(found, written, strict=True):
        pieces += [sentence[at : match.start()], form if len(form) == len(match[0]) else match[0]]
        at = match.end()
    whole = "".join([*pieces, sentence[at:]])
    return whole[:1].upper() + whole[1:] if len(whole[:1].upper()) == 1 else whole


def _written(word: str) -> str:
    """A word in capitals as it would be written inside a sentence."""
    lower = word.lower()
    if lower in _SMALL:
        return lower
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
