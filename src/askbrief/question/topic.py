"""Questions that name a topic and ask nothing about it: keywords ("harbour loan") and "anything on …?"."""

from __future__ import annotations

import re

from askbrief.english.stemming import stems
from askbrief.question.question_words import AUXILIARY, WH

MOST_WORDS = 6
"""Words of keywords; more are a sentence."""

_NEWS = r"(?:news|stor(?:y|ies)|reports?|articles?|coverage|updates?|developments?)"
_ASKS_FOR_NEWS = re.compile(
    r"^\W*(?:(?:is|was) there |(?:do|have) (?:you|we) (?:have |got )?|got )?(?:"
    rf"anything|(?:any |all )?(?:(?:the|recent) )?(?:\w+ )?{_NEWS}|(?:the )?latest(?: {_NEWS})?"
    rf"|what(?:['’]s| is| do (?:we|you) (?:have|know))(?: (?:new|(?:the )?latest|there|the {_NEWS}))?"
    r"|(?:please )?(?:tell|brief|update) me"
    r") (?:on|about|regarding|concerning|around) (?P<topic>.+?)\W*$"
    r"|^\W*what(?: happened|['’]s (?:new|going on|happening)) (?:with|to|at|in) (?P<event>.+?)\W*$",
    re.IGNORECASE,
)
_NEWS_AFTER = re.compile(rf"^\W*(?P<topic>(?:[\w’'-]+ ){{1,5}})(?:latest|{_NEWS})\W*$", re.IGNORECASE)
_ASKS = re.compile(
    rf"\b{WH}\b|^\W*{AUXILIARY}|\?\s*$"
    r"|^\W*(?:list|name|give|show|find|compare)\b",
    re.IGNORECASE,
)


def asked_topic(question: str) -> str | None:
    """The topic of which a question wants to know whatever there is ("anything on the floods?"), or None."""
    found = _ASKS_FOR_NEWS.match(question) or _NEWS_AFTER.match(question)
    topic = next((words for words in found.groups() if words), None) if found else None
    return topic.strip() if topic and stems(topic) else None


def keywords(question: str) -> str | None:
    """The question if it is a few keywords, which ask nothing by themselves, else None."""
    few = len(question.split()) <= MOST_WORDS
    return question.strip() if few and not _ASKS.search(question) and stems(question) else None
