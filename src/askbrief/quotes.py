"""Sentences to who speaks in them, where the sentence itself says so.

A sentence is read with its quotations masked, so that only the reporter's own words can name a speaker: a
reporting verb, and the name that is its subject. What the rules know of English stands in
``data/reporting.toml``; a rule that is not sure says nothing, because words in the wrong mouth cost more than
a speaker left out.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import regex

from askbrief.types import Extent, Sentence

_MASK = "\ue000"  # stands for each character of a quotation; private use, so no text means anything by it
_FAR = 40  # tokens looked back over for the subject that an apposition parts from its verb
_TAIL = 8  # tokens at most after a verb that closes its sentence: "…, Kirby told reporters on Friday."

_AUXILIARIES = frozenset(
    [
        "has",
        "had",
        "have",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "should",
        "does",
        "did",
        "do",
    ]
)
_MARK = regex.compile(r"[“”«»\"]|''|’’|``")
_CAPITAL = r"(?:\p{Lu}\.(?=\s)|\p{Lu}[\p{L}\p{M}]*+(?:[-'’](?!s\b)\p{L}++)*+)"


class _English(NamedTuple):
    """The tables of ``data/reporting.toml``."""

    verbs: frozenset[str]
    spoken_to: frozenset[str]
    between: frozenset[str]
    with_quotation: frozenset[str]
    passive: frozenset[str]
    negation: frozenset[str]
    prepositions: frozenset[str]
    affiliation: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    openers: frozenset[str]
    subordinators: frozenset[str]
    titles: frozenset[str]
    places: frozenset[str]
    groups: frozenset[str]
    not_first: frozenset[str]
    particles: frozenset[str]
    suffixes: frozenset[str]
    token: regex.Pattern[str]
    run: regex.Pattern[str]


@cache
def _english() -> _English:
    path = Path(__file__).parent / "data" / "reporting.toml"
    tables = tomllib.loads(path.read_text("utf-8"))
    words = {name: frozenset(text.split()) for table in tables.values() for name, text in table.items()}
    regular = words.pop("regular")
    verbs = words.pop("irregular").union(*map(_forms, regular))
    spoken_to = words.pop("spoken_to")
    spoken_to = spoken_to.union(*map(_forms, spoken_to & regular))
    dotted = sorted(
        word for name in ("titles", "suffixes", "groups") for word in words[name] if word[-1] == "."
    )
    abbreviation = "|".join(map(regex.escape, dotted))
    particle = "|".join(map(regex.escape, sorted(words["particles"])))
    token = rf"{_MASK}++|['’]s\b|(?:{abbreviation})|(?:\p{{L}}\.)++|\w++(?:[-'’](?!s\b)\w++)*+|\S"
    name = rf"(?:{abbreviation}|{_CAPITAL})"
    run = rf"{name}(?:\s(?:(?:{particle})\s)?{name})++"
    words |= {"verbs": verbs, "spoken_to": spoken_to}
    return _English(**words, token=regex.compile(token), run=regex.compile(run))


def _forms(verb: str) -> set[str]:
    """A regular verb as he, she or they use it of somebody else: says, said, saying."""
    stem = verb[:-1] if verb.endswith("e") else verb
    past = verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeiou" else stem + "ed"
    ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    third = past[:-1] + "s" if past.endswith("ied") else verb + ending
    return {third, past, stem + "ing"}


def speakers(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences, with ``speaker`` filled where the sentence itself names who speaks.

    The speaker is the fullest form of the name in the document, without titles. A quotation that begins
    a sentence right after one with a named speaker goes on in the same voice. Everything else is None.
    """
    names = _Names(text)
    spoken: list[Sentence] = []
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        spoken += _paragraph(text, list(group), names)
    return tuple(spoken)


def _paragraph(text: str, sentences: list[Sentence], names: _Names) -> list[Sentence]:
    quotations = list(_quotations(text, sentences[0].start, sentences[-1].end))
    voices: list[str | None] = []
    for sentence in sentences:
        words = _words(text, sentence, quotations)
        cue, voice = _voice(words, names)
        if cue:
            _reach_back(voices, voice, sentence, sentences, quotations)
        elif voices and _all_quoted(words):
            voice = voices[-1]
        voices.append(voice)
    return [replace(sentence, speaker=voice) for sentence, voice in zip(sentences, voices, strict=True)]


def _reach_back(
    voices: list[str | None],
    voice: str | None,
    last: Sentence,
    sentences: list[Sentence],
    quotations: list[Extent],
) -> None:
    """A quotation that ends in ``last``, before its cue, has one voice in all its sentences."""
    opening = next((start for start, end in quotations if start < last.start < end), last.start)
    for number in range(len(voices)):
        if sentences[number].start >= opening:
            voices[number] = voice


def _quotations(text: str, start: int, end: int) -> Iterator[Extent]:
    """The quotations of a paragraph, marks included; one that is never closed goes on to its end."""
    opened: int | None = None
    for mark in _MARK.finditer(text, start, end):
        before, after = text[max(start, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
        straight = mark[0] in {'"', "''"}
        opens = mark[0] in {"“", "«", "``"} or (
            straight and (before in "([{-–—" or before.isspace()) and not after.isspace()
        )
        if opened is None and opens:
            opened = mark.start()
        elif opened is not None and (straight or not opens):
            yield opened, mark.end()
            opened = None
    if opened is not None:
        yield opened, end


def _words(text: str, sentence: Sentence, quotations: list[Extent]) -> list[str]:
    """The words and marks of a sentence; what it holds of a quotation is one word, of masks."""
    masked = text[sentence.start : sentence.end]
    for start, end in quotations:
        first, last = max(start - sentence.start, 0), min(end, sentence.end) - sentence.start
        if first < last:
            masked = masked[:first] + _MASK * (last - first) + masked[last:]
    return _english().token.findall(masked)


def _all_quoted(words: list[str]) -> bool:
    return all(word[0] == _MASK or not word[0].isalnum() for word in words)


class _Cue(NamedTuple):
    """A reporting verb, and the name that is its subject; None where that is no name, or not surely one."""

    verb: int
    name: str | None
    closing: bool = False


def _voice(words: list[str], names: _Names) -> tuple[bool, str | None]:
    """Whether a sentence has a cue of its own, and whom the cue that governs it names.

    That is one that stands by a quotation or closes the sentence ("…, Kirby said."), else the first.
    """
    words = _without_dateline(words)
    cues = list(_cues(words, names))
    if not cues:
        return False, None
    return True, next((cue for cue in cues if cue.closing), cues[0]).name


def _without_dateline(words: list[str]) -> list[str]:
    """The words after PARIS, Aug 31 (Reuters) -, where a sentence begins so."""
    dash = next((place for place, word in enumerate(words[:14]) if word in {"-", "--", "–", "—"}), None)
    capital = len(words) > 1 and words[0].isupper() and len(words[0]) > 2
    return words[dash + 1 :] if dash and (capital or words[dash - 1] == ")") else words


def _cues(words: list[str], names: _Names) -> Iterator[_Cue]:
    english = _english()
    for place, word in enumerate(words):
        if word.lower() in english.verbs:
            cue = _cue(words, place, names)
            if cue:
                yield cue
        elif word.lower() == "according" and words[place + 1 : place + 2] == ["to"]:
            yield _Cue(place, _name_after(words, place + 2, names))


def _cue(words: list[str], verb: int, names: _Names) -> _Cue | None:
    """The verb at ``verb`` as a cue, with its subject; None where it reports nothing."""
    english = _english()
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
        return _Cue(verb, _main_subject(words, verb, names) if plain else None)
    if before in {"who", "which", "that", "to", "'s", "’s"}:
        return None
    if _breaks(words[last]):
        return _after_break(words, verb, last, names)
    first = _run_start(words, last)
    name = _subject(words, first, last, names)
    if first > last and verb_word.endswith("s") and verb_word != "says" and before not in english.pronouns:
        return None  # a noun: his earlier claims
    closing = first > 0 and _breaks(words[first - 1]) and _closes(words, verb)
    return _Cue(verb, name, closing)


def _near_quotation(words: list[str], verb: int) -> bool:
    return any(word[0] == _MASK for word in words[max(0, verb - 4) : verb + 4])


def _breaks(word: str) -> bool:
    return word[0] == _MASK or word in {",", ";", ":", "--", "-", "–", "—", ")"}


def _closes(words: list[str], verb: int) -> bool:
    """Whether little follows the verb in its sentence, or a quotation does."""
    rest = words[verb + 1 :]
    return len(rest) <= _TAIL or any(word[0] == _MASK for word in rest[:3])


def _before_adverbs(words: list[str], place: int) -> int:
    english = _english()
    place -= 1
    while place >= 0 and (words[place].lower() in english.between or words[place].endswith("ly")):
        place -= 1
    return place


def _after_break(words: list[str], verb: int, last: int, names: _Names) -> _Cue | None:
    """A verb after a comma or a quotation: said Kirby; Kirby, a spokesman, said; Macron spoke, saying."""
    english = _english()
    if words[verb].endswith("ing"):
        return _Cue(verb, _main_subject(words, verb, names))
    name = None if _quoted_before(words, last) else _parted_subject(words, last, names)
    if not name and words[verb].lower() not in english.spoken_to:
        name = _name_after(words, verb + 1, names)
        return _Cue(verb, name, closing=name is not None)
    return _Cue(verb, name)


def _quoted_before(words: list[str], last: int) -> bool:
    return words[last][0] == _MASK or (last > 0 and words[last - 1][0] == _MASK)


def _subject(words: list[str], first: int, last: int, names: _Names, free: bool = False) -> str | None:
    """The name in ``words[first:last + 1]``, if ``free`` or if what stands before lets it be a subject."""
    english = _english()
    run = words[first : last + 1]
    if not run or (run[0] == "The" and english.titles.isdisjoint(run)):
        return None
    before = words[first - 1].lower() if first and not free else ""
    if before in english.affiliation | {"the"} and first > 1:
        inner = first - 1 - (before == "the")
        if words[inner].lower() in english.affiliation and _is_name(words[inner - 1]):
            return _subject(words, _run_start(words, inner - 1), inner - 1, names)
    if before in english.prepositions or before == "the" or (before in {"'s", "’s"} and first == last):
        return None
    return names.person(run)


def _parted_subject(words: list[str], last: int, names: _Names) -> str | None:
    """The name that an apposition parts from its verb: Kirby, a spokesman for the White House, said."""
    if words[last] == ")" and "(" in words[:last]:
        opening = last - words[last::-1].index("(")
        return _subject(words, _run_start(words, opening - 1), opening - 1, names)
    for place in [*range(last - 1, max(last - _FAR, 0), -1), last]:
        if words[place] == "," and place and _is_name(words[place - 1]):
            first = _run_start(words, place - 1)
            name = _subject(words, first, place - 1, names)
            if name and (place < last or (first and words[first - 1] == ",")):
                return name
    return None


def _main_subject(words: list[str], verb: int, names: _Names) -> str | None:
    """The subject of the clause that a participle hangs on: the first name that a verb follows."""
    english = _english()
    place = 0
    while place < verb:
        if words[place].lower() not in english.openers and not words[place].lower().endswith("ing"):
            last = _clause_subject(words, place, verb)
            return None if last is None else _subject(words, _run_start(words, last), last, names)
        comma = next((at for at in range(place, verb) if words[at] == ","), verb)
        place = comma + 1
    return None


def _clause_subject(words: list[str], place: int, verb: int) -> int | None:
    """Where the name ends that the clause beginning at ``place`` has as its subject."""
    english = _english()
    while place < verb and not _is_name(words[place]):
        word = words[place].lower()
        if (
            word in english.prepositions
            or word in english.pronouns
            or not word.isalpha()
            or word.endswith("ed")
        ):
            return None
        place += 1
    while place < verb and (_is_name(words[place]) or _role(words, place)):
        place += 1
    return place - 1 if place < verb and (words[place].isalpha() or words[place] == ",") else None


def _role(words: list[str], place: int) -> bool:
    """Whether a lower-case word stands before a name as its office: spokesman John Kirby."""
    english = _english()
    word = words[place]
    known = word in english.verbs or word in english.prepositions
    role = word.islower() and not known and not word.endswith(("ed", "s", "ly"))
    return role and _is_name(words[place + 1])


def _name_after(words: list[str], place: int, names: _Names) -> str | None:
    """The name of the noun phrase that begins at ``place``: White House spokesman John Kirby, …"""
    english = _english()
    begin = place
    while place < len(words) and (words[place][0].isalpha() or words[place] in {"'s", "’s"}):
        if _is_name(words[place]):
            end = place
            while end + 1 < len(words) and (_is_name(words[end + 1]) or _particle(words, end + 1)):
                end += 1
            follows = words[end + 1] if end + 1 < len(words) else "."
            role = follows.islower() and follows[0].isalpha() and _role_goes_on(words, end + 1)
            if follows not in {"'s", "’s"} and not role:
                acts = follows in english.verbs or follows in english.passive or follows in _AUXILIARIES
                if acts or follows.endswith(("ed", "n't", "n’t")):
                    return None
                if follows == "and" and end + 2 < len(words) and _is_name(words[end + 2]):
                    return None
                return _subject(words, place, end, names, free=place == begin)
            place = end + 1 + (follows in {"'s", "’s"})
        elif words[place].lower() in english.prepositions - {"of"} or words[place].lower() in english.verbs:
            return None
        else:
            place += 1
    return None


def _role_goes_on(words: list[str], place: int) -> bool:
    """Whether lower-case words lead to another name without a preposition: spokesman John Kirby."""
    english = _english()
    while place < len(words) and words[place].islower() and words[place].lower() not in english.prepositions:
        place += 1
    return place < len(words) and _is_name(words[place])


def _particle(words: list[str], place: int) -> bool:
    inside = words[place] in _english().particles and place + 1 < len(words)
    return inside and _is_name(words[place + 1])


def _is_name(word: str) -> bool:
    return word[0].isupper()


def _run_start(words: list[str], last: int) -> int:
    """Where the run of capitalised words that ends at ``last`` begins; ``last + 1`` where it is none."""
    first = last + 1
    while first > 0 and (_is_name(words[first - 1]) or (first <= last and _particle(words, first - 1))):
        first -= 1
    return first


class _Names:
    """The names of a document: the fullest form of each, by surname."""

    def __init__(self, text: str) -> None:
        english = _english()
        self._text = text
        counts: Counter[tuple[str, ...]] = Counter()
        for found in english.run.finditer(text):
            name = _without_titles(found[0].split())
            if len(name) > 1 and name[-1] not in english.groups and len(name) <= 5:
                counts[tuple(name)] += 1
        self._full: Mapping[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for full, count in counts.items():
            self._full[_surname(full)][full] += count

    def person(self, run: Sequence[str]) -> str | None:
        """The fullest name that the document gives for the run of words, or None where it names nobody."""
        english = _english()
        name = _without_titles(run)
        titled = len(name) < len(run) and run[len(run) - len(name) - 1] in english.titles
        place = len(name) == 1 and not titled and name[0] in english.places
        if not name or name[-1] in english.groups or place:
            return None
        known = self._full.get(_surname(name), Counter())
        if len(name) > 1:
            forms: list[tuple[str, ...]] = [tuple(name)]
            forms += [full for full in known if full[0] == name[0] and len(full) > len(name)]
            return " ".join(sorted(forms, key=len)[-1])
        if not known:
            return name[0] if titled or self._stands_alone(name[0]) else None
        return " ".join(known.most_common(1)[0][0])

    def _stands_alone(self, word: str) -> bool:
        """Whether a word is capitalised inside sentences, and never written small."""
        inside = regex.search(rf"[\p{{Ll}},]\s{regex.escape(word)}\b", self._text)
        return bool(inside) and not regex.search(rf"\b{regex.escape(word.lower())}\b", self._text)


def _without_titles(run: Sequence[str]) -> list[str]:
    """The run from after its last title on, without words before a name that are no part of it."""
    english = _english()
    kept = list(run)
    for place in range(len(kept) - 2, -1, -1):
        if kept[place] in english.titles and any(word not in english.suffixes for word in kept[place + 1 :]):
            kept = kept[place + 1 :]
            break
    while kept and (kept[0] in english.not_first or (len(kept) > 1 and kept[0] in english.places)):
        kept = kept[1:]
    if len(kept) == 1 and kept[0] in english.titles:
        return []
    return kept


def _surname(name: Sequence[str]) -> str:
    suffixes = _english().suffixes
    return next((word for word in reversed(name) if word not in suffixes), name[-1])
