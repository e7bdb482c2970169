"""What a question asks for, from its words alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from askbrief.english.lexicon import choice
from askbrief.english.spelling import nearest
from askbrief.english.stemming import WORD, Token, tokens
from askbrief.question.speaker_question import REPORT, VIEW, is_report, said_by

MOST_WORDS = 64
"""Words of a question that are considered."""

_ALL_SAID = re.compile(
    rf"\bwhat\b.*\b{choice('open_verbs')}\b"
    r"(?:\W*$| (?:about|on|of|regarding|concerning|to|in|at|during)\b)"
    rf"|\b{VIEW}\b(?:\W*$| (?:of|by|from|on|about|regarding)\b)",
    re.IGNORECASE,
)
_PLURAL = r"[a-z-]+(?<![suia])s\b"
_FINITE = "(?:are|were|have|had|has|did|do|does|will|would|can|could|must|should|[a-z]+ed)"
_LIST = re.compile(
    r"^\W*(?:list|names of|name (?:all|the)|give (?:me )?(?:all|every)|show (?:me )?all|find all)\b"
    r"|^\W*(?:which|what|who) (?:all |other )?(?:are|were) (?:all |some of |the |some )*"
    rf"(?:[\w-]+ )?{_PLURAL}"
    rf"|\b(?:which|what) (?!{choice('what_does')}\b(?! {_FINITE}\b))(?:(?!did|do|does)[a-z-]+ ){{0,2}}"
    rf"(?!{choice('not_plural')}\b){_PLURAL}",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|current(?:ly)?|now|nowadays|these days|at present|at the moment"
    r"|so far|to date|up to date)\b",
    re.IGNORECASE,
)
_WHAT = r"\b(?:what|which)(?: (?!did|does|is|was|were|do)\w+){0,2}"
_WHAT_IS = r"\b(?:what|which)(?: (?!did|does|do)\w+){0,3}"
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("number", rf"\bhow {choice('measures')}\b"),
        ("number", rf"{_WHAT_IS} {choice('counted')}\b"),
        ("when", rf"\bwhen\b|\bhow (?:soon|recently|long ago)\b|{_WHAT} {choice('dated')}s?\b"),
        ("where", rf"\bwhere\b|{_WHAT} {choice('placed')}\b"),
        (
            "why",
            r"\bwhy\b|\bfor what (?:reason|purpose)\b|\bwhat (?:(?:was|is|were|the) ){0,2}(?:reason|cause)",
        ),
        ("who", rf"\bwho(?:m|se)?\b|{_WHAT_IS} {choice('named')}s?\b"),
        ("how", r"\bhow\b"),
        ("yesno", rf"^\W*{choice('auxiliaries')}\b"),
        ("what", r"\b(?:what|which)\b"),
    )
)


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A content word of a question: its stem, and whether it is written as a name or a number."""

    stem: str
    name: bool
    number: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """What a question asks for: a kind of answer (see ``kind_of``), and its content words.

    The kind is "said" if the question asks for a speaker's words.
    """

    kind: str
    words: tuple[QuestionWord, ...]


def understand(question: str) -> Intent:
    """What the question asks for, by its first ``MOST_WORDS`` words."""
    words = tokens(question[: MOST_WORDS * 16])[:MOST_WORDS]
    text = question[: words[-1].end] if words else ""
    asks_for_words = any(not token.stop for token in tokens(said_by(text) or "")) and bool(
        re.search(rf"\b(?:{REPORT}|{VIEW}\b)", text, re.IGNORECASE)
    )
    kind = kind_of(text)
    if asks_for_words and kind in {"what", "other"}:
        kind = "said"
    return Intent(kind, tuple(_content(words, text, skip_report=asks_for_words)))


def _content(words: tuple[Token, ...], text: str, *, skip_report: bool) -> Iterable[QuestionWord]:
    """The content words, each once; ``skip_report`` leaves out verbs and nouns of reporting."""
    seen: set[str] = set()
    for token in words:
        if token.stop or token.stem in seen or (skip_report and is_report(token.text)):
            continue
        seen.add(token.stem)
        name = token.text[0].isupper() and (token.start != words[0].start or _name_first(text))
        yield QuestionWord(token.stem, name, token.text[0].isdigit())


def _name_first(text: str) -> bool:
    """Whether the question begins with a name ("Macron said …") and not another word ("Name the …")."""
    return re.match(r"\W*[A-Z]\w+(?:['’]s\b| (?:[A-Z]|said|says|is|was|has))", text) is not None


def kind_of(question: str) -> str:
    """The kind of answer: who, when, where, number, why, how, yesno, what or other."""
    found = sorted((match.start(), kind) for kind, pattern in _KINDS if (match := pattern.search(question)))
    kinds = [kind for _, kind in found]
    if not kinds or kinds[0] == "yesno":
        return kinds[0] if kinds else "other"
    return next((kind for kind in kinds if kind not in {"what", "how", "yesno"}), kinds[0])


def wants_all(question: str) -> bool:
    """Whether the question asks for a list, or for everything that someone said on a topic."""
    text = question[: MOST_WORDS * 16]
    return wants_list(text) or (said_by(text) is not None and bool(_ALL_SAID.search(text)))


def wants_list(question: str) -> bool:
    """Whether the question asks for several things of a kind ("which towns", "names of the ships")."""
    return bool(_LIST.search(question[: MOST_WORDS * 16]))


def wants_newest(question: str) -> bool:
    """Whether the question asks for the present state of things: "the latest figure", "currently"."""
    return _NEWEST.search(question) is not None


def corrected(intent: Intent, vocabulary: frozenset[str]) -> Intent:
    """The intent with each stem that is not in the vocabulary spelt as its nearest name there, if any
    ("kharkov" as "kharkiv")."""
    words = (word if word.stem in vocabulary else _corrected(word, vocabulary) for word in intent.words)
    return replace(intent, words=tuple(words))


def _corrected(word: QuestionWord, vocabulary: frozenset[str]) -> QuestionWord:
    name = None if word.number else nearest(word.stem, vocabulary)
    return replace(word, stem=name) if name else word


def respelled(question: str, texts: Iterable[str], known: Callable[[str], bool]) -> str:
    """The question with names that are in no text spelt as the texts spell them ("Makron" as "Macron").

    Words that are ``known`` stay as they are: "Slovenia" is not a misspelt "Slovakia".
    """
    words = tokens(question)[:MOST_WORDS]
    unknown = [token for token in words if token.text.isalpha() and not known(token.text.lower())]
    if not unknown:
        return question
    spelt = {word.lower(): word for text in texts for word in WORD.findall(text)}
    parts, end = [], 0
    for token in unknown:
        word = token.text.lower()
        if word not in spelt and (other := nearest(word, spelt.keys())):
            parts += [question[end : token.start], spelt[other]]
            end = token.end
    return "".join(parts) + question[end:]
