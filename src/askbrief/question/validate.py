"""Whether a question can be asked: its characters, its length, and its script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from askbrief.errors import QuestionError
from askbrief.types import Hit

MOST_WORDS, MOST_CHARACTERS = 500, 5_000
"""Words and characters in a question: a longer text is a document."""


def validated_question(question: str) -> str:
    """The question with single spaces. Raises QuestionError if it can't be asked."""
    if len(question) > MOST_CHARACTERS:
        raise QuestionError(
            f"the question has {len(question)} characters, more than {MOST_CHARACTERS}",
            hint="ask a shorter question",
        )
    question = " ".join(question.split())
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("the question is not UTF-8", hint="set the terminal, or the file, to UTF-8")
    if not question:
        raise QuestionError("the question is empty", hint='ask something, e.g. `askbrief ask "who said it?"`')
    if not any(character.isalnum() for character in question):
        raise QuestionError(f"the question {question[:40]!r} has no words", hint="ask something")
    words = len(question.split())
    if words > MOST_WORDS:
        raise QuestionError(
            f"the question has {words} words, more than {MOST_WORDS}", hint="ask a shorter question"
        )
    return question


def require_script(question: str, hits: Sequence[Hit]) -> None:
    """Raise QuestionError if there are hits, but none is written in a script of the question."""
    asked, archive = _scripts(question), _scripts("".join(hit.text for hit in hits))
    if asked and hits and not asked.keys() & archive.keys():
        raise QuestionError(
            f"the question is written in {_commonest(asked)} letters, the archive in {_commonest(archive)}",
            hint="ask in the archive's language",
        )


def _commonest(scripts: Counter[str]) -> str:
    return scripts.most_common(1)[0][0].title() if scripts else "none"


def _scripts(text: str) -> Counter[str]:
    """The number of letters of each script, which is the first word of a letter's Unicode name."""
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha():
            counts[unicodedata.name(character, "UNKNOWN").split()[0]] += count
    return counts
