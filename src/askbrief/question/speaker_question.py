"""Questions about who said what: whose words they ask for, and on what matter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbrief.english.question_words import choice, table
from askbrief.english.stemming import is_acronym, is_stop, tokens

MOST_CHARACTERS = 1024
"""Of a question, that are looked at."""

REPORT = rf"{choice('asked_verbs')}\b"
VIEW = choice("views")
_DO = r"(?:did|does|do|has|had|have)"
_WHO = r"(?P<who>(?:the )?[^\s?,]+(?: [^\s?,]+){0,5}?)"
_ADVERB = r"(?: (?:also|actually|really|ever|once|again|just|have to|had to|publicly|already|not))?"
_ENDS = r"(?=[?,.]|$| (?:on|about|of|in|to|regarding|concerning)\b)"
_ASKS = r"(?=[?,.]|$| (?:what|who|when|where|why|how|which|is|was|are|were|did|does|do|has|had)\b)"
_ON = rf"(?:,? (?:anything|something|that|if|whether|to|up|{choice('on')})\b)*"
_TOPIC = rf"{_ON}(?P<topic>.*?)\W*$"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_SPEAKER = _compiled(
    rf"\b{_DO} {_WHO}{_ADVERB} {REPORT}",
    rf"\bwhat (?:did|does|has|had) {_WHO}{_ADVERB} (?:talk|talked|speak|spoken) (?:about|of|on)\b",
    rf"\baccording to {_WHO}{_ASKS}",
    rf"\b(?:is|was|are|were|in|on|me|give|list|show|find|all|about) {_WHO}['’]s?\b(?: \w+)? {VIEW}\b",
    rf"^\W*{_WHO}['’]s?\b(?: \w+)? {VIEW}\b",
    rf"\b{VIEW} (?:of|by|from) {_WHO}{_ENDS}",
    rf"\b(?:said|stated|claimed|argued|announced) by {_WHO}{_ENDS}",
    rf"\bwhat {_WHO}{_ADVERB} {REPORT}",
    rf"^\W*{_WHO} (?:said|says|told|claimed|thinks) (?:what|about|on)\b",
)
_HOLDS = rf"(?:{choice('open_verbs')}|{choice('holding')})\b"
_SAYS = rf"(?:{choice('open_verbs')}|consider|feel)\b(?=\W*$|,? {choice('on')}\b)"
_SPOKEN = _compiled(
    rf"^\W*{_DO} {_WHO}{_ADVERB} (?:{choice('mentioning')}\b|{_HOLDS}|(?:claim|warn|deny)\b){_TOPIC}",
    rf"\bhow {_DO} {_WHO}{_ADVERB} {choice('seeing')}\b{_TOPIC}",
    rf"\bwhat(?: else)? {_DO} {_WHO}{_ADVERB}(?: have to)? {_SAYS}{_TOPIC}",
    rf"\bwhat {_WHO}{_ADVERB} {choice('open_verbs')}\b{_TOPIC}",
    rf"^\W*{_WHO} (?:said|says|told|claimed|thinks) what\b{_TOPIC}",
    rf"\b(?:is|was|are|were|in|on|me|give|list|show|find|all|about) {_WHO}['’]s?\b(?: \w+)? {VIEW}\b{_TOPIC}",
    rf"^\W*{_WHO}['’]s?\b(?: \w+)? {VIEW}\b{_TOPIC}",
    rf"\b{VIEW} (?:of|by|from) {_WHO} (?:on|about|of|in|to|regarding|concerning)\b{_TOPIC}",
    rf"\b{VIEW} (?:of|by|from) {_WHO}(?P<topic>)\W*$",
)
"""What asks for what somebody said on a matter."""

_SHORT = _compiled(rf"\bwhat(?: else)? {_DO} {_WHO}{_ADVERB} {_HOLDS} (?P<topic>.+?)\W*$")
"""What asks for one thing in what somebody said: "what does Lee think the court will do", "… want to buy".
What a person did with words ("what did he announce") is asked as other things are."""

_WHO_SAID = re.compile(
    rf"^\W*(?:who|(?:which|what)(?P<office>(?: (?!did|does|do|has|is|was)[\w-]+){{1,3}}?))(?: else)?"
    r"(?: (?:has|have|had|was it (?:who|that)))?"
    rf" (?P<cue>{choice('telling')})\b(?: that)?(?P<topic> .+?)\W*$",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(rf" {_DO} ", re.IGNORECASE)
_NOBODY = frozenset(table("nobody"))
_PLAIN = frozenset(("said", "says", "say", "told", "tells", "thought", "thinks", "believes", "believed"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A question about who said what: ``who`` is the speaker as it is named, None where that is asked for;
    ``topic`` the matter in the question's words, empty where all that was said is asked for; ``short`` where
    it is one thing in what was said that is asked for; ``office`` what whoever is asked for is ("which judge
    said …"), empty where that is not told."""

    who: str | None
    topic: str
    short: bool = False
    office: str = ""


def spoken(question: str) -> Spoken | None:
    """The question as one about who said what, or None where it asks for something else."""
    text = _one_line(question)
    for pattern in (*_SPOKEN, *_SHORT):
        found = pattern.search(text)
        if found and (who := speaker(found["who"])):
            return Spoken(who, found["topic"].strip(), pattern in _SHORT)
    found = _WHO_SAID.search(text)
    if found is None:
        return None
    cue = "" if found["cue"].lower() in _PLAIN else found["cue"]
    return Spoken(None, f"{cue}{found['topic']}".strip(), office=(found["office"] or "").strip())


def said_by(question: str) -> str | None:
    """The person or body whose words the question asks for, as it names them, or None.

    "what did Kirby say about Kharkiv" and "according to Kirby, …" both give "Kirby".
    """
    text = _one_line(question)
    for pattern in _SPEAKER:
        match = pattern.search(text)
        if match and (who := speaker(match["who"])):
            return who
    return None


def _one_line(question: str) -> str:
    """The part of a question that is looked at; if it is all in capitals, in small letters, because in such
    a question “WHO” and “US” are no names."""
    text = " ".join(question[:MOST_CHARACTERS].split())
    return text.lower() if text.isupper() else text


def speaker(who: str) -> str | None:
    """The words for a speaker without an article; None where they are no name, "people" or "the article"."""
    who = re.sub(r"^(?:the|a|an) ", "", who.strip(" \"“”'’"), flags=re.IGNORECASE)
    parts = [token for token in tokens(who) if not is_stop(token)]
    if not parts or len(parts) > 5 or any(_names_nobody(token.text) for token in parts):
        return None
    if _AUXILIARY.search(who):
        return None
    plain = re.match(
        r"(?:is|was|are|were|did|does|do|what|who|how|that|to|in|of|people)\b", who, re.IGNORECASE
    )
    return None if plain and not is_acronym(plain[0]) else who


def _names_nobody(word: str) -> bool:
    return word.lower() in _NOBODY and not is_acronym(word)
