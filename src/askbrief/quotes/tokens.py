"""A sentence as words with offsets, its quotations masked, so that only the reporter's words are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from askbrief.english.quote_marks import Marked
from askbrief.english.reporting import ENGLISH, MASK, PAUSE
from askbrief.types import Sentence

BREAKS = frozenset([",", ";", ":", "--", "-", "–", "—", "―", ")", "("])
MARKS = frozenset(["“", "”", '"', "‘", "«"])
DASHES = frozenset(["--", "-", "–", "—", "―"])
POSSESSIVE = frozenset(["'s", "’s"])

_LONGEST_DATELINE = 14  # words
_OTHER_CLAUSE = ENGLISH.verbs | ENGLISH.complements | ENGLISH.determiners
_UNNAMED = 6  # words at most from “asked” to “not to be named”
_NAMES_TOO = ENGLISH.auxiliaries | ENGLISH.between


class Tokens(NamedTuple):
    """The words and marks of a sentence with their extents; a quotation is one word, of masks.

    ``lower`` are the words to look up in tables of common words; a surname that is one keeps its capital.
    ``announced`` is the place of the colon that leads to the first quotation after one; past the end of the
    sentence if there is none.
    """

    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    announced: int

    def word(self, place: int) -> str:
        """The word in lower case; empty past the end of the sentence."""
        return self.lower[place] if place < len(self.lower) else ""

    def find(self, word: str, start: int) -> int:
        """The first place from ``start`` on of a word or mark; the end of the sentence if there is none."""
        return self.words.index(word, start) if word in self.words[start:] else len(self.words)

    def masked(self, place: int) -> bool:
        """Whether the word is a quotation."""
        return self.words[place][0] == MASK

    def pauses(self, place: int) -> bool:
        """Whether the word is a quotation that ends with a comma."""
        return self.words[place][-1] == PAUSE

    def breaks(self, place: int) -> bool:
        """Whether the word is a quotation or a mark that separates clauses."""
        return self.words[place][0] == MASK or self.words[place] in BREAKS

    def is_adverb(self, place: int) -> bool:
        """Whether the word ends as adverbs do, and is neither another word (family) nor a name."""
        lower = self.lower[place]
        if not lower.endswith("ly") or len(lower) < 4 or lower in ENGLISH.no_adverbs:
            return False
        return place == 0 or self.words[place] == lower or self.words[place - 1][0] == MASK

    def stays_unnamed(self, verb: int) -> bool:
        """Whether a verb only says that its subject is not named: asked not to be named."""
        for at in range(verb + 1, min(verb + _UNNAMED, len(self.words))):
            if self.lower[at] in ENGLISH.unnamed:
                return True
            if self.breaks(at) or self.lower[at] in _OTHER_CLAUSE:
                return False
        return False

    def wordless(self, first: int, past: int) -> bool:
        """Whether ``words[first:past]`` are marks and quotations alone."""
        return all(word[0] == MASK or not word[0].isalnum() for word in self.words[first:past])


def masked(text: str, quotations: Iterable[Marked]) -> str:
    """The text with each character of its quotations masked."""
    pieces, at = [], 0
    for one in quotations:
        if one.start >= at:
            last = PAUSE if text[one.last - 1] == "," else MASK
            pieces += [text[at : one.start], MASK * (one.end - one.start - 1), last]
            at = one.end
    return "".join([*pieces, text[at:]])


def sentence_tokens(text: str, sentence: Sentence) -> Tokens:
    """The words of a sentence of a masked text, from after its dateline on."""
    found = list(ENGLISH.token.finditer(text, sentence.start, sentence.end))
    found = found[_dateline([one[0] for one in found[:_LONGEST_DATELINE]]) :]
    words = [one[0] for one in found]
    lower = [words[at] if _is_surname(words, at) else words[at].lower() for at in range(len(words))]
    leads = (at for at, word in enumerate(words[:-1]) if at and word == ":" and words[at + 1][0] == MASK)
    announced = next(leads, len(words))
    return Tokens(words, lower, [one.start() for one in found], [one.end() for one in found], announced)


def _is_surname(words: list[str], at: int) -> bool:
    """Whether a word that is mostly an auxiliary or an adverb is a name here: Theresa May said."""
    word = words[at]
    return at > 0 and word.istitle() and word.lower() in _NAMES_TOO and words[at - 1].istitle()


def _dateline(words: list[str]) -> int:
    """Where the words after PARIS, Aug 31 (Reuters) - begin; 0 if a sentence begins with none."""
    dash = next((place for place, word in enumerate(words) if word in DASHES), None)
    capital = len(words) > 1 and words[0].isupper() and len(words[0]) > 2
    return dash + 1 if dash and (capital or words[dash - 1] == ")") else 0
