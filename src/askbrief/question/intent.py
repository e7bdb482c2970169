"""What a question asks for, from its words alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from askbrief.english.question_words import choice
from askbrief.english.spelling import nearest
from askbrief.english.stemming import WORD, Token, is_stop, tokens
from askbrief.question.speaker_question import REPORT, VIEW, said_by

MOST_WORDS = 64
"""Words of a question that are read; a question that is longer is read to here."""

_ALL_SAID = re.compile(
    rf"\bwhat\b.*\b{choice('open_verbs')}\b"
    r"(?:\W*$| (?:about|on|of|regarding|concerning|to|in|at|during)\b)"
    rf"|\b{VIEW}\b(?:\W*$| (?:of|by|from|on|about|regarding)\b)",
    re.IGNORECASE,
)
_PLURAL = r"[a-z-]+(?<![suia])s\b"
_LIST = re.compile(
    r"^\W*(?:list|name all|give (?:me )?(?:all|every)|show (?:me )?all|find all)\b"
    r"|^\W*(?:which|what|who) (?:all |other )?(?:are|were) (?:all |some of |the |some )*"
    rf"(?:[\w-]+ )?{_PLURAL}"
    r"|\b(?:which|what) (?:[a-z-]+ )?(?!(?:is|was|does|has|years?|class|process|species|series|days)\b)"
    rf"{_PLURAL}",
    re.IGNORECASE,
)
_WHAT = r"\b(?:what|which)(?: (?!did|does|is|was|were|do)\w+){0,2}"
_WHAT_IS = r"\b(?:what|which)(?: (?!did|does|do)\w+){0,3}"
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("number", r"\bhow (?:many|much|old|long|far|often|big|large|tall|high|fast|deep|wide|heavy)\b"),
        ("number", rf"{_WHAT_IS} {choice('counted')}\b"),
        ("when", rf"\bwhen\b|\bhow (?:soon|recently|long ago)\b|{_WHAT} {choice('dated')}s?\b"),
        ("where", rf"\bwhere\b|{_WHAT} {choice('placed')}\b"),
        (
            "why",
            r"\bwhy\b|\bfor what (?:reason|purpose)\b|\bwhat (?:(?:was|is|were|the) ){0,2}(?:reason|cause)",
        ),
        ("who", rf"\bwho(?:m|se)?\b|{_WHAT_IS} {choice('named')}s?\b"),
        ("how", r"\bhow\b"),
        (
            "yesno",
            r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b",
        ),
        ("what", r"\b(?:what|which)\b"),
    )
)
KINDS = ("who", "when", "where", "number", "why", "how", "yesno", "what", "said", "other")
"""The kinds of question that are told apart."""

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n[’']t|fail\w*|lack\w*|except)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a question: its stem, and whether it is written as a name or a number."""

    stem: str
    name: bool
    number: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood: its kind, its content words, whose words it asks for, whether it negates."""

    kind: str
    words: tuple[Word, ...]
    speaker: frozenset[str]
    negated: bool

    @property
    def topic(self) -> tuple[Word, ...]:
        """The content words other than the speaker's name."""
        return tuple(word for word in self.words if word.stem not in self.speaker)


def understand(question: str) -> Asked:
    """What the question asks for; of a very long question, what its first words ask for."""
    words = tokens(question[: MOST_WORDS * 16])[:MOST_WORDS]
    text = question[: words[-1].end] if words else ""
    speaker = said_by(text)
    said = frozenset(token.stem for token in tokens(speaker or "") if not is_stop(token))
    cue = bool(said) and re.search(rf"\b(?:{REPORT}|{VIEW}\b)", text, re.IGNORECASE) is not None
    kind = "said" if cue and kind_of(text) in {"what", "other"} else kind_of(text)
    return Asked(kind, tuple(_content(words, text, skip_report=cue)), said, negated(text))


def _content(words: tuple[Token, ...], text: str, *, skip_report: bool) -> Iterable[Word]:
    seen: set[str] = set()
    report = re.compile(rf"(?:{REPORT}|{VIEW})$", re.IGNORECASE)
    for token in words:
        if is_stop(token) or token.stem in seen or (skip_report and report.match(token.text)):
            continue
        seen.add(token.stem)
        capital = token.text[0].isupper() and not (token.start == words[0].start and not _name_first(text))
        yield Word(token.stem, capital, token.text[0].isdigit())


def _name_first(text: str) -> bool:
    """Whether the question begins with a name ("Macron said …"), not another word ("Name the …")."""
    return re.match(r"\W*[A-Z]\w+(?:['’]s\b| (?:[A-Z]|said|says|is|was|has))", text) is not None


def kind_of(question: str) -> str:
    """The kind of a question, one of ``KINDS`` but "said", which takes a speaker to be seen."""
    found = sorted((match.start(), kind) for kind, pattern in _KINDS if (match := pattern.search(question)))
    kinds = [kind for _, kind in found]
    if not kinds or kinds[0] == "yesno":
        return kinds[0] if kinds else "other"
    return next((kind for kind in kinds if kind not in {"what", "how", "yesno"}), kinds[0])


def negated(text: str) -> bool:
    """Whether the text denies something."""
    return _NEGATION.search(text) is not None


def wants_all(question: str) -> bool:
    """Whether the question asks for a list, or for everything that someone said on a matter."""
    text = question[: MOST_WORDS * 16]
    return bool(_LIST.search(text)) or (said_by(text) is not None and bool(_ALL_SAID.search(text)))


def corrected(asked: Asked, vocabulary: frozenset[str]) -> Asked:
    """The question with words that no text holds put as the texts spell them ("kharkov" as "kharkiv")."""
    changes = {word.stem: _nearest(word, vocabulary) for word in asked.words if word.stem not in vocabulary}
    words = tuple(replace(word, stem=changes.get(word.stem, word.stem)) for word in asked.words)
    return replace(asked, words=words, speaker=frozenset(changes.get(s, s) for s in asked.speaker))


def _nearest(word: Word, vocabulary: frozenset[str]) -> str:
    return word.stem if word.number else nearest(word.stem, vocabulary) or word.stem


def respelled(question: str, texts: Iterable[str], known: Callable[[str], bool]) -> str:
    """The question with names that no text holds put as the texts spell them ("Makron" as "Macron").

    A word that is ``known`` is meant as it is written: "Slovenia" is no misspelt Slovakia.
    """
    words = tokens(question)[:MOST_WORDS]
    foreign = [token for token in words if token.text.isalpha() and not known(token.text.lower())]
    if not foreign:
        return question
    spelt = {word.lower(): word for text in texts for word in WORD.findall(text)}
    parts, end = [], 0
    for token in foreign:
        word = token.text.lower()
        if word not in spelt and (other := nearest(word, spelt.keys())):
            parts += [question[end : token.start], spelt[other]]
            end = token.end
    return "".join(parts) + question[end:]
