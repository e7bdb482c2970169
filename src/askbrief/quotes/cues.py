"""The cues of a sentence: its reporting verbs, and “according to”, each with the name of its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from askbrief.quotes.english import MASK, tables
from askbrief.quotes.names import Names, run_start
from askbrief.quotes.subjects import main_subject, name_after, parted_subject, subject

_TAIL = 8  # tokens at most after a verb that closes its sentence: "…, Kirby told reporters on Friday."


class Cue(NamedTuple):
    """A reporting verb, and the name that is its subject; None where that is no name, or not surely one."""

    verb: int
    name: str | None
    closing: bool = False


def cues(words: list[str], names: Names) -> Iterator[Cue]:
    """Each cue among the words of a sentence, in their order."""
    english = tables()
    for place, word in enumerate(words):
        if word.lower() in english.verbs:
            cue = _cue(words, place, names)
            if cue:
                yield cue
        elif word.lower() == "according" and words[place + 1 : place + 2] == ["to"]:
            yield Cue(place, name_after(words, place + 2, names))


def _cue(words: list[str], verb: int, names: Names) -> Cue | None:
    """The verb at ``verb`` as a cue, with its subject; None where it reports nothing."""
    english = tables()
    verb_word = words[verb].lower()
    last = _before_adverbs(words, verb)
    before = words[last].lower() if last >= 0 else ""
    if before in english.negation or before.endswith(("n't", "n’t")):
        return None
    if before in english.determiners or (verb_word == "adding" and words[verb + 1 : verb + 2] == ["to"]):
        return None  # a noun, or a sum
    if verb_word in english.with_quotation and not _near_quotation(words, verb):
        return None
    if before in english.passive:
        if not words[verb].endswith("ing"):
            return None
        last = _before_adverbs(words, last)
    if last < 0 or before in english.openers - {"by", "and", "but", "then", "while"}:
        return None
    if before in {"and", "but", "then", "by", "while"} and last > 0:
        plain = english.subordinators.isdisjoint(words[:verb])
        return Cue(verb, main_subject(words, verb, names) if plain else None)
    if before in {"who", "which", "that", "to", "'s", "’s"}:
        return None
    if _breaks(words[last]):
        return _after_break(words, verb, last, names)
    first = run_start(words, last)
    name = subject(words, first, last, names)
    if first > last and verb_word.endswith("s") and verb_word != "says" and before not in english.pronouns:
        return None  # a noun: his earlier claims
    closing = first > 0 and _breaks(words[first - 1]) and _closes(words, verb)
    return Cue(verb, name, closing)


def _near_quotation(words: list[str], verb: int) -> bool:
    return any(word[0] == MASK for word in words[max(0, verb - 4) : verb + 4])


def _breaks(word: str) -> bool:
    return word[0] == MASK or word in {",", ";", ":", "--", "-", "–", "—", ")"}


def _closes(words: list[str], verb: int) -> bool:
    """Whether little follows the verb in its sentence, or a quotation does."""
    rest = words[verb + 1 :]
    return len(rest) <= _TAIL or any(word[0] == MASK for word in rest[:3])


def _before_adverbs(words: list[str], place: int) -> int:
    english = tables()
    place -= 1
    while place >= 0 and (words[place].lower() in english.between or words[place].endswith("ly")):
        place -= 1
    return place


def _after_break(words: list[str], verb: int, last: int, names: Names) -> Cue | None:
    """A verb after a comma or a quotation: said Kirby; Kirby, a spokesman, said; Macron spoke, saying."""
    english = tables()
    if words[verb].endswith("ing"):
        return Cue(verb, main_subject(words, verb, names))
    name = None if _quoted_before(words, last) else parted_subject(words, last, names)
    if not name and words[verb].lower() not in english.spoken_to:
        name = name_after(words, verb + 1, names)
        return Cue(verb, name, closing=name is not None)
    return Cue(verb, name)


def _quoted_before(words: list[str], last: int) -> bool:
    return words[last][0] == MASK or (last > 0 and words[last - 1][0] == MASK)
