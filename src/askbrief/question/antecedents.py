"""What earlier questions and answers named that a pronoun may stand for: people, bodies, places, things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from askbrief.english.lexicon import ARTICLES
from askbrief.english.stemming import STOP, is_acronym
from askbrief.question.question_words import AUXILIARY, PREPOSITION, WH
from askbrief.question.speaker_question import as_speaker_question, said_by

_NAME = re.compile(r"(?<![\w’'])[A-Z][\w’'&-]*(?: (?:(?:of|the|de|van|von|and|for|al|bin) )?[A-Z][\w’'&-]*)*")
_ASKED = re.compile(
    rf"^\W*(?:{PREPOSITION}(?:how \w+|{WH})\b\s*(?:{AUXILIARY}\s*)?|{AUXILIARY}\s*)", re.IGNORECASE
)
_IN = r"(in|at|on|near|to|from|into|of|by|with|for|about|over|after|before|during|against)"
_AT = re.compile(rf"\b{_IN} (?:the )?$", re.IGNORECASE)
_PLACED = ("in", "at", "near", "from", "to")
_OBJECT = re.compile(r"(?:the|a|an|its|his|her|their|it)\b", re.IGNORECASE)
SHORT = 4
"""Words of an answer that is no sentence."""
_NO_NOUN = (
    rf"the|a|an|its|his|her|their|it|he|she|they|who|that|and|or|has|have|had|when|where|why|how|{_IN[1:-1]}"
)
_PHRASE = re.compile(
    rf"\b(?:the|a|an|this|that|these|those) (?P<noun>(?:(?!(?:{_NO_NOUN}|{AUXILIARY})\b)[\w’'-]+ ?)+)",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:how many|which|what) (?P<noun>(?:[a-z-]+ )?(?:[a-z-]+s|people|men|women|children))\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?:(?<![su])s|people|police|men|women|children)$", re.IGNORECASE)
_DOES = re.compile(r"\b(?:did|does|do|will|would|can|could|should)\b", re.IGNORECASE)
_ENDS_VERB = re.compile(r"(?:ed|en|ing)$", re.IGNORECASE)
_WHO_IS_THE = re.compile(r"\bwho(?:['’]s| is| was| are| were) (?P<role>(?:the|a|an) .+?)\W*$", re.IGNORECASE)
_WHO = re.compile(
    r"\bwho\b|\b(?:which|what) (?:\w+ )?(?:person|man|woman|minister|player|actor|singer)\b", re.IGNORECASE
)
_WHICH = re.compile(r"\b(?:which|what) (?:[\w-]+ ){0,2}?(?P<noun>[a-z]+)\b", re.IGNORECASE)
_WHERE = re.compile(
    r"\bwhere\b|\b(?:which|what) (?:town|city|country|village|place|region|port|state)\b", re.IGNORECASE
)


class Asked(NamedTuple):
    """An earlier question in full, the words that answered it, and who spoke in them; None if it wasn't."""

    question: str
    answer: str | None = None
    speaker: str | None = None


class Mention(NamedTuple):
    """Something that a turn named: its words, what it is, whether it is what the turn asked for, and the
    preposition of place before it.

    The kind is "he", "she", "person" (either), "body", "place", "things" (several), "thing", "topic"
    (either), "whole" (a name after "of", which isn't a person's here) or "name" (any name).
    """

    words: str
    kind: str
    asked: bool = False
    at: str | None = None


def mentions(turn: Asked) -> list[Mention]:
    """What a turn named, its question first."""
    question, answer = turn.question, turn.answer
    asked = list(_asked(turn))
    others = [
        *_named(question, asks=True),
        *_phrases(question),
        *(_named(answer, asks=False) if answer else ()),
    ]
    apart = ("place", "whole")  # Hollin is not the mayor of Hollin
    return [
        *asked,
        *(
            one
            for one in others
            if one.kind in apart or not any(_same(one.words, known.words) for known in asked)
        ),
    ]


def antecedent(pronoun: str, turns: Sequence[Asked], besides: Iterable[str] = ()) -> Mention | None:
    """What a pronoun ("he", "she", "they", "it", "there") stands for: what was named last of what fits best.

    None if nothing fits, or two things that were named at once fit equally. Nothing named by the words
    ``besides`` is taken.
    """
    others = list(besides)
    for kinds in _FITTING[pronoun]:
        for turn in reversed(turns):
            fitting = [
                one
                for one in mentions(turn)
                if one.kind in kinds and not any(_same(one.words, o) for o in others)
            ]
            for group in ([one for one in fitting if one.asked], fitting):
                if group:
                    return group[0] if all(_same(group[0].words, one.words) for one in group) else None
    return None


_FITTING = {
    "he": (("he", "person"), ("name",)),
    "she": (("she", "person"), ("name",)),
    "they": (("body", "things", "person", "topic"), ("name",)),
    "it": (("body", "thing", "topic", "whole"), ("name",), ("place",)),
    "there": (("place",), ("whole",)),
}
"""The kinds that each pronoun may stand for, the likelier ones first."""


def _same(one: str, other: str) -> bool:
    """Whether one of two names has all words of the other: Ann Lee, Lee."""
    ones, others = set(one.casefold().split()) - ARTICLES, set(other.casefold().split()) - ARTICLES
    return ones <= others or others <= ones


def names(question: str) -> list[str]:
    """The names of a question: capitalised words, but not its first word if it asks."""
    return [words for words, _ in _names(question, asks=True)]


def _names(text: str, *, asks: bool) -> Iterator[tuple[str, int]]:
    """The names in a text and where they begin, without stop words before them."""
    begins = _ASKED.match(text) if asks else None
    for found in _NAME.finditer(text, begins.end() if begins else 0):
        words, start = re.sub(r"['’]s?$", "", found[0]), found.start()
        while words and words.split()[0].lower() in STOP and not is_acronym(words.split()[0]):
            cut = len(words.split()[0]) + 1
            words, start = words[cut:], start + cut
        if words:
            yield words, start


def _named(text: str, *, asks: bool) -> Iterator[Mention]:
    """The names in a text, each with the nouns that it is part of ("the Varna tunnel")."""
    short = len(text.split()) <= SHORT
    for words, start in _names(text, asks=asks):
        before, kind = _AT.search(text[:start]), _kind(words)
        at = before[1].lower() if before else None
        whole = next(
            (phrase for phrase, begin in _noun_phrases(text) if begin < start < begin + len(phrase)), ""
        )
        if whole and not whole.endswith(words):
            yield Mention(whole, "thing", at=at)
        elif asks or short or start or kind != "name":  # any word may begin a sentence
            article = "the " if kind == "body" and text[:start].lower().endswith("the ") else ""
            placed = at in _PLACED and kind == "name" and " " not in words
            of = at == "of" and kind == "name"
            yield Mention(article + words, "place" if placed else "whole" if of else kind, at=at)


def _phrases(question: str) -> Iterator[Mention]:
    """The nouns of a question that have an article and no name, and those that it counts."""
    if counted := _MANY.search(question):
        yield Mention(f"the {counted['noun']}", "things", asked=True)
    spoken = as_speaker_question(question)
    if spoken and spoken.topic:
        if not names(spoken.topic):
            yield Mention(spoken.topic, "topic")
        return
    for phrase, start in _noun_phrases(question):
        before = _AT.search(question[:start])
        at = before[1].lower() if before else None
        if at in _PLACED[:3] and not _NAME.search(phrase):
            yield Mention(phrase, "place", at=at)
        elif at is None and not _NAME.search(phrase):
            yield Mention(phrase, "things" if _PLURAL.search(phrase) else "thing")


def _noun_phrases(text: str) -> Iterator[tuple[str, int]]:
    """The phrases with an article and where they begin, without a verb that may follow: the tunnel | open."""
    for found in _PHRASE.finditer(text):
        words = found[0].split()
        at_end = not text[found.end() :].strip(" ?.")
        verb = _DOES.search(text[: found.start()]) if at_end else _OBJECT.match(text, found.end())
        if len(words) > 2 and (verb or _ENDS_VERB.search(words[-1])):
            words.pop()
        plural = next((at for at, word in enumerate(words) if _PLURAL.search(word)), len(words))
        yield " ".join(words[: plural + 1]), found.start()


def _asked(turn: Asked) -> Iterator[Mention]:
    """What the question asks for: the person, body or place of the answer, or whose words it wants."""
    question, answer = turn.question, turn.answer
    named = next((words for words, _ in _names(answer or "", asks=False)), answer)
    described, spoken = _WHO_IS_THE.search(question), said_by(question)
    which = _WHICH.search(question)
    if named and _WHO.search(question):
        kind = _kind(named)
        yield Mention(named, "person" if kind in ("name", "place") else kind, asked=True)
    elif named and which and _is_body(which["noun"]):
        yield Mention(named, "body", asked=True)
    elif named and _WHERE.search(question):
        yield Mention(named, "place", asked=True)
    elif described:
        yield Mention(described["role"], _kind(described["role"], "person"), asked=True)
    elif spoken:
        kind = _kind(turn.speaker or "", "") or _kind(spoken, "person")
        article = "the " if f"the {spoken}" in question else ""
        yield Mention(article + spoken, "person" if kind == "name" else kind, asked=True)


def _is_body(noun: str) -> bool:
    from askbrief.english.reporting import ENGLISH

    return noun.lower() in ENGLISH.collectives or noun.capitalize() in ENGLISH.groups


def _kind(words: str, unknown: str = "name") -> str:
    """What a name, or the words for somebody, are of."""
    from askbrief.english.countries import country  # here: few questions lean on another
    from askbrief.english.given_names import pronoun
    from askbrief.english.lexicon import load
    from askbrief.english.name_parts import parse
    from askbrief.english.reporting import ENGLISH

    parts = words.split()
    if not parts:
        return unknown
    told = {
        "he" if part.lower() in ENGLISH.male else "she"
        for part in parts
        if part.lower() in ENGLISH.male | ENGLISH.female
    }
    if len(told) == 1:
        return told.pop()
    if country(words) or words in ENGLISH.places:
        return "place"
    if (
        parse(words).body
        or words in load("names")["organisations"]
        or (len(parts) == 1 and is_acronym(words))
    ):
        return "body"
    return (pronoun(parts[0]) if len(parts) > 1 and parts[0][0].isupper() else None) or unknown
