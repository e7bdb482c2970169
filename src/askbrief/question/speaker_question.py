"""Questions about who said what: whose words they ask for, and on what topic."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbrief.english.lexicon import choice, table
from askbrief.english.stemming import is_acronym, tokens

MOST_CHARACTERS = 1024
"""Characters of a question that are considered."""

REPORT = rf"{choice('asked_verbs')}\b"
VIEW = choice("views")
_DO = r"(?:did|does|do|has|had|have)"
_WHO = r"(?P<who>(?:the )?[^\s?,]+(?: [^\s?,]+){0,5}?)"
_ADVERB = rf"(?: (?:{choice('adverbs')}|have to|had to))?"
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
_ON_TOPIC = _compiled(
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
"""Questions for what somebody said on a topic."""

_SHORT = _compiled(rf"\bwhat(?: else)? {_DO} {_WHO}{_ADVERB} {_HOLDS} (?P<topic>.+?)\W*$")
"""Questions for one thing in what somebody said: "what does Lee think the court will do", "… want to buy".
A question for what somebody did with words ("what did he announce") is an ordinary one."""

_WHO_SAID = re.compile(
    rf"^\W*(?:who|(?:which|what)(?P<office>(?: (?!did|does|do|has|is|was)[\w-]+){{1,3}}?))(?: else)?"
    r"(?: (?:has|have|had|was it (?:who|that)))?"
    rf" (?P<cue>{choice('telling')})\b(?: that)?(?P<topic> .+?)\W*$",
    re.IGNORECASE,
)
_REPORT_WORD = re.compile(rf"{REPORT}|{VIEW}", re.IGNORECASE)
_AUXILIARY = re.compile(rf" {_DO} ", re.IGNORECASE)
_NOBODY = frozenset(table("nobody"))
_PLAIN = frozenset(table("plain_telling"))
_NOT_FIRST = frozenset(table("not_first_in_speaker"))


@dataclass(frozen=True, slots=True)
class SpeakerQuestion:
    """A question about who said what.

    ``who`` is the speaker as the question names them, None if it asks for the speaker; ``topic`` is in the
    question's words, empty if everything that was said is asked for; ``short`` is whether one thing in what
    was said is asked for; ``office`` is the office of the speaker that is asked for ("which judge said …").
    """

    who: str | None
    topic: str
    short: bool = False
    office: str = ""


def as_speaker_question(question: str) -> SpeakerQuestion | None:
    """The question as one about who said what, or None if it asks for something else."""
    text = _one_line(question)
    for pattern in (*_ON_TOPIC, *_SHORT):
        found = pattern.search(text)
        if found and (who := speaker(found["who"])):
            return SpeakerQuestion(who, found["topic"].strip(), pattern in _SHORT)
    found = _WHO_SAID.search(text)
    if found is None:
        return None
    cue = "" if found["cue"].lower() in _PLAIN else found["cue"]
    return SpeakerQuestion(None, f"{cue}{found['topic']}".strip(), office=(found["office"] or "").strip())


def is_report(word: str) -> bool:
    """Whether a word is a verb or noun of reporting ("say", "views"), which says nothing of a topic."""
    return _REPORT_WORD.fullmatch(word) is not None


def said_by(question: str) -> str | None:
    """The person or body whose words the question asks for, as it names them, or None.

    It is "Kirby" for "what did Kirby say about Kharkiv" and for "according to Kirby, …".
    """
    text = _one_line(question)
    for pattern in _SPEAKER:
        match = pattern.search(text)
        if match and (who := speaker(match["who"])):
            return who
    return None


def _one_line(question: str) -> str:
    """The part of a question that is considered; in lower case if it is all in capitals, since “WHO” and “US”
    are not names in such a question."""
    text = " ".join(question[:MOST_CHARACTERS].split())
    return text.lower() if text.isupper() else text


def speaker(who: str) -> str | None:
    """The words for a speaker without an article; None if they name nobody ("people", "the article")."""
    who = re.sub(r"^(?:the|a|an) ", "", who.strip(" \"“”'’"), flags=re.IGNORECASE)
    parts = [token for token in tokens(who) if not token.stop]
    if not parts or len(parts) > 5 or any(_names_nobody(token.text) for token in parts):
        return None
    first = re.match(r"\w+", who)
    if _AUXILIARY.search(who) or (first and first[0].lower() in _NOT_FIRST and not is_acronym(first[0])):
        return None
    return who


def _names_nobody(word: str) -> bool:
    return word.lower() in _NOBODY and not is_acronym(word)
