"""A question that leans on the one before ("and what did he say?") as one that stands by itself."""

from __future__ import annotations

import re

from askbrief.english.stemming import tokens
from askbrief.question.speaker_question import as_speaker_question, said_by
from askbrief.question.words import AUXILIARY, PREPOSITION, WH

_LEADS_IN = re.compile(r"^\W*(?:(?:and|but|so|ok(?:ay)?|then|also)\b,? ?)+", re.IGNORECASE)
_WH = rf"{PREPOSITION}(?:how \w+|{WH})"
_ABOUT = re.compile(r"^\W*(?:what|how) about (?P<name>.+?)\W*$", re.IGNORECASE)
_ELLIPTIC = re.compile(rf"^\W*(?P<wh>{_WH})(?: (?:else|exactly))?\W*$", re.IGNORECASE)
_ASKED = re.compile(rf"^\W*{_WH}\b\s*", re.IGNORECASE)
_WHO_IS_THE = re.compile(r"\bwho(?:['’]s| is| was| are| were) (?P<role>(?:the|a|an) .+?)\W*$", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|its)\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:his|hers|its|their|theirs|her(?= [a-z]))$", re.IGNORECASE)
_PLACE = re.compile(r"\bthere(?=\W*$)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w’'])[A-Z][\w’'&-]*(?: (?:(?:of|the|de|van|von|and|for|al|bin) )?[A-Z][\w’'&-]*)*")
_WHO_IS = re.compile(
    r"\bwho\b|\b(?:which|what) (?:\w+ )?(?:person|man|woman|minister|player|actor|singer)\b", re.IGNORECASE
)
_AUXILIARY_FIRST = re.compile(rf"^\W*{AUXILIARY}\s*", re.IGNORECASE)


def in_full(question: str, before: str, answer: str | None = None) -> str:
    """``question`` with what it leaves to be understood taken from the question before and its answer.

    A pronoun becomes the name that it stands for: "he" the person whom the question before asks for, its
    speaker or its first name; "it" its last name. A bare "why?" takes the words of the question before, and
    "what about X?" is that question with X for its last name. Unchanged if it stands by itself.
    """
    text = _LEADS_IN.sub("", question)
    if about := _ABOUT.match(text):
        return _with_last_name(before, about["name"])
    if bare := _ELLIPTIC.match(text):
        rest = _AUXILIARY_FIRST.sub("", _ASKED.sub("", before.strip(" ?")))
        return f"{bare['wh']} {rest}" if rest else question
    names = _names(before)
    thing = names[-1] if names else _topic(before)
    asked = _person(before, answer)
    person = asked or (names[0] if names else None)
    resolved = _replaced(_PERSON, text, person)
    resolved = _replaced(_THEY, resolved, asked or thing)
    resolved = resolved if person == thing and resolved != text else _replaced(_THING, resolved, thing)
    place = answer if answer and re.search(r"\bwhere\b", before, re.IGNORECASE) else thing
    resolved = _PLACE.sub(f"in {place}", resolved) if place else resolved
    return resolved if resolved != text else question


def leans(question: str) -> bool:
    """Whether a question leans on one before: it begins with "and", asks "why?" alone, or names nobody whom
    its pronouns could stand for."""
    text = _LEADS_IN.sub("", question)
    if text != question or _ABOUT.match(text) or _ELLIPTIC.match(text):
        return True
    pronoun = _PERSON.search(text) or _THING.search(text) or _PLACE.search(text)
    return pronoun is not None and not _names(text)


def _names(question: str) -> list[str]:
    """The names of a question: capitalised words, but not its first word if it asks."""
    asks = _ASKED.match(question) or _AUXILIARY_FIRST.match(question)
    return [
        match[0].removesuffix("'s").removesuffix("’s")
        for match in _NAME.finditer(question, asks.end() if asks else 0)
    ]


def _person(before: str, answer: str | None) -> str | None:
    """Whom the question before asks for: the answer, or the words for them; or whose words it asks for."""
    if answer and _WHO_IS.search(before):
        named = _NAME.search(answer)
        return named[0] if named else answer
    described = _WHO_IS_THE.search(before)
    return described["role"] if described else said_by(before)


def _topic(question: str) -> str | None:
    """What a question without names is about: the topic of what was said, or its content words from the first
    to the last."""
    spoken = as_speaker_question(question)
    if spoken and spoken.topic:
        return spoken.topic
    content = [token for token in tokens(question) if not token.stop]
    return question[content[0].start : content[-1].end] if content else None


def _replaced(pronoun: re.Pattern[str], text: str, name: str | None) -> str:
    """The text with each pronoun replaced by the name."""
    if not name:
        return text

    def full(match: re.Match[str]) -> str:
        own = _POSSESSIVE.match(match[0]) or (
            match[0].lower() == "her" and text[match.end() : match.end() + 1] == " "
        )
        return f"{name}’s" if own else name

    return pronoun.sub(full, text)


def _with_last_name(question: str, name: str) -> str:
    """A question with ``name`` for its last name, or with the name after it if it has none."""
    names = _names(question)
    if not names:
        return f"{question.strip(' ?')} {name}"
    start = question.rindex(names[-1])
    return question[:start] + name + question[start + len(names[-1]) :]
