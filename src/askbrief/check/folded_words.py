"""Cut text into words as they are compared: without case, punctuation, or kinds of apostrophe."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import regex

NEGATIONS = frozenset(
    ("not", "never", "no", "nor", "neither", "nobody", "nothing", "none", "nowhere", "without", "cannot")
)

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHES = "'’‘ʼ‛＇"
_LETTER = rf"[\p{{L}}\p{{M}}\p{{N}}{_INVISIBLE}]"
_WORD = regex.compile(
    rf"""(?:\p{{L}}\.|\[\p{{L}}\]\.){{2,}}                         # U.S.
    |(?:\[\p{{L}}\](?:[{_APOSTROPHES}](?=\p{{L}}))?(?=\p{{L}}))?  # [t]hey, [i]’m
     {_LETTER}++
     (?:(?:[{_APOSTROPHES}]|\*{{1,3}}|(?<=\p{{N}})[.,:](?=\p{{N}})){_LETTER}++)*+  # it’s, un*believ*able, 4.5
     (?:\[\p{{L}}{{1,12}}\])?                                     # want[ed]
    |[\p{{Sc}}%‰]                                                 # units of a number""",
    regex.VERBOSE,
)
_THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DROPPED = dict.fromkeys(map(ord, _INVISIBLE + "[]*"))
_ALIKE = dict.fromkeys(map(ord, _APOSTROPHES), "'")


class FoldedWord(NamedTuple):
    """A word in the form in which it is compared, and its extent; ``stem`` is the part before an editor's
    bracket, such as ``want`` of ``want[ed]``."""

    folded: str
    start: int
    end: int
    stem: str = ""

    def matches(self, original: FoldedWord) -> bool:
        """Whether ``original`` is this word, or one whose end a bracket changed."""
        if self.folded == original.folded:
            return True
        return bool(self.stem) and original.folded.startswith(self.stem)

    @property
    def weight(self) -> int:
        """The word's weight in a comparison; long words are rarer."""
        return min(len(self.folded), 8) + 1

    @property
    def negates(self) -> bool:
        """Whether a sentence without the word says the contrary."""
        return self.folded in NEGATIONS or self.folded.endswith("n't")


def folded_words(text: str, start: int = 0, end: int | None = None) -> tuple[FoldedWord, ...]:
    """The words of ``text[start:end]``, in order, with their offsets in ``text``.

    Currency and per cent signs are words too, other punctuation isn't. Abbreviations lose their periods,
    numbers the commas between thousands. Takes time linear in the text.
    """
    stop = len(text) if end is None else end
    return tuple(_word(found) for found in _WORD.finditer(text, start, stop))


def _word(found: regex.Match[str]) -> FoldedWord:
    written = found[0]
    bracket = written.find("[")
    stem = fold(written[:bracket]) if bracket > 0 else ""
    return FoldedWord(fold(written), *found.span(), stem)


def fold(written: str) -> str:
    """A word in the form in which it is compared."""
    plain = written.translate(_DROPPED).translate(_ALIKE)
    if written[-1:] == "." or "," in plain:
        plain = _THOUSANDS.sub("", plain.replace(".", "") if written[-1:] == "." else plain)
    if plain.isascii():
        return plain.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
