"""Each reporting verb with its example: who speaks, what is reported, and whether it is said at all."""

from __future__ import annotations

import pytest

from askbrief.english import lexicon
from askbrief.quotes import quotations
from askbrief.types import Sentence

VERBS = lexicon.load("reporting")["verbs"]
EXAMPLES = lexicon.load("reporting_examples")


def test_each_verb_has_an_example() -> None:
    assert list(VERBS) == list(EXAMPLES["verbs"])


@pytest.mark.parametrize("verb", EXAMPLES["verbs"])
def test_what_a_verb_reports(verb: str) -> None:
    polarity, example = EXAMPLES["verbs"][verb].split(": ", 1)
    content = example[example.index("[") + 1 : example.index("]")]
    written = example.replace("[", "").replace("]", "")
    (one,) = quotations(written, (Sentence(0, len(written), 1, 1),))
    assert (one.polarity, written[one.start : one.end]) == (polarity, content)
    assert one.name in ("Ann Lee", None)


@pytest.mark.parametrize("case", EXAMPLES["nothing"])
def test_what_is_neither_said_nor_denied(case: str) -> None:
    written = EXAMPLES["nothing"][case]
    assert quotations(written, (Sentence(0, len(written), 1, 1),)) == ()
