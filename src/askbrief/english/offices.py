"""Words for offices: what limits one, whether two are one office, whether a document says who holds it."""

from __future__ import annotations

import regex

from askbrief.english.lexicon import ARTICLES, british, choice, table
from askbrief.english.stemming import tokens

LIMITS = frozenset(table("not_the_holder")) | {"then"}
"""Words before an office of somebody who doesn't hold it, or not now: a shadow minister is no minister."""

ONCE = frozenset(table("once_the_holder")) | {"then"}
"""Those of them that say that somebody held it."""

_OTHERS = LIMITS | {"prime", "first", "vice-president"}  # the minister isn't the prime minister
_HEAD_ENDS = regex.compile(r"[,;]|\s(?:of|for|to|at|in|on|with|from|by|who|that|near)\b.*")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}.-]*")
_POSSESSIVE = regex.compile(r"['’]s?(?!\p{L})")
_AND = regex.compile(r"\sand\s")  # president and chief executive
_OF = regex.compile(r"\s(?:of|for|at)\s(?:the\s)?", regex.IGNORECASE)


def same_office(one: str, other: str) -> bool:
    """Whether the words for one office are those for the other, which may have more of them: the mayor for
    “the mayor of Milden”, but neither its former mayor nor the mayor's aide."""
    ones, others = _office_words(one), _office_words(other)
    more = others - ones
    heads = {head(part) for part in _AND.split(other)}
    return head(one) in heads and ones <= others and not any(w in _OTHERS or w[:3] == "ex-" for w in more)


def head(words: str) -> str:
    """The noun of an office: “minister” of “the minister for trade”."""
    found = _WORD.findall(_HEAD_ENDS.sub("", _POSSESSIVE.sub(" ", words), count=1))
    return found[-1].lower() if found else ""


def holds_in(one: str, role: str, subject: str) -> bool:
    """Whether a role is the office ``one`` in a document on ``subject``: “Governor” is “the governor of the
    central bank” if the central bank is the subject."""
    office, *body = _OF.split(one, maxsplit=1)
    words = {token.stem for token in tokens(" ".join(body)) if not token.stop}
    on_it = words and words <= {token.stem for token in tokens(subject)}
    return bool(on_it and same_office(office, role) and same_office(role, office))


def introduced(text: str, name: str) -> bool:
    """Whether a text introduces a person by the post that they hold: “Ann Lee, who has run the port”."""
    post = rf"{regex.escape(name)}, who (?:(?:has|had) )?{choice('holding_a_post')}\b"
    return regex.search(post, text) is not None


def _office_words(words: str) -> set[str]:
    found = (word.lower() for word in _WORD.findall(_POSSESSIVE.sub(" ", words)))
    return {british().get(word, word) for word in found} - ARTICLES - {"of", "for"}
