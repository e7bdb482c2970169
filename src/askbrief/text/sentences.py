"""Paragraphs to sentences.

One pattern finds every mark that may end a sentence; the first of ``RULES`` with an opinion on it decides.
Their word lists are in ``data/english.toml``. The rules are our own because blingfire, the best of the
libraries, is unmaintained and not built for every platform, and because each library breaks news text that
another splits correctly: ``benchmarks/segmentation.py`` measures them. ``list_items`` finds the lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from askbrief.text.list_items import BULLETS, list_items
from askbrief.text.said_after import names_speaker
from askbrief.text.words import english_words
from askbrief.types import Extent, Sentence

LONGEST = 2000
"""Most characters of a sentence: the longest of 85,000 in news has 1,094; anything far longer is a table."""

_REACH = 40  # characters of a word that are examined: bounded patterns keep the time linear
_QUOTES = frozenset("\"'“”‘’«»‹›„‚`")
_OPENING = "".join(_QUOTES) + "([{<*_¿¡"
_CANDIDATE = re.compile(
    rf"""(?P<apart>(?<=\s)[{BULLETS}](?=[\s\w"“'‘(])|\n[^\S\n]*+\n)
    |(?P<stage>(?<=\s)[(\[][A-Za-z]{{4,14}}[)\]])
    |(?P<mark>[.!?…。！？]++(?:["'”’]*+\s{{1,2}}[.…]++(?!\w))*+)
     (?P<close>(?:["'”’»›)\]}}*_`]|\s?\[(?:note\s)?\d{{1,3}}(?:\s?[,–-]\s?\d{{1,3}}){{0,5}}\]|\[[a-z]{{2,13}}\sneeded\])*+(?:\s[”»](?=\s))?)""",
    re.VERBOSE,
)
_NEXT = re.compile(
    rf"""(?P<gap>\s*+)
    (?P<lead>(?:(?:--?|[–—*{BULLETS}])\s++)?)
    (?P<open>(?:[\[(](?:\.{{3}}|…)[\])]\s*+)?["'“”‘’«»‹›„‚`(\[{{<*_¿¡…]*+(?:\.\.\.?)?)
    (?P<word>(?:\w[\w'’&-]{{0,{_REACH}}})?)""",
    re.VERBOSE,
)
_ITEM = re.compile(rf"(?:[{BULLETS}]\s*+)?[(\[]?(?:\d{{1,3}}|[A-Za-z]|[ivx]{{1,4}}|[IVX]{{1,4}})?")
_LETTERS = re.compile(r"(?:\w\.&?)+\w")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]|al-[A-Z]")
_OMISSION = re.compile(r"""[.!?]["'”’]*\s+(?:\.{3}|…|\.(?:\s\.){2})""")
_SOURCE = re.compile(r"[^()\[\]\n]{1,80}[)\]][.,;:]")
_LABELLED = re.compile(r"[a-z]{2,20}(?: [a-z]{2,20})?: ")
_LONGEST_TIME = 8  # words, as in "On Monday morning shortly before 5 a.m."
_PAUSES = ("...", "…", ". . .", "..")
_VOWELS = frozenset("aeiouyAEIOUY")


class _Point(NamedTuple):
    """A mark that may end a sentence, with its surroundings."""

    text: str
    start: int  # offset of the sentence that the mark may end
    at: int  # offset of the mark
    end: int  # end of the paragraph
    left: str  # the word before the mark, without opening quotes and brackets
    mark: str
    close: str  # closing quotes and brackets after the mark
    gap: str  # white space before the next word
    lead: str  # a dash or bullet before the next word
    open: str  # opening quotes and brackets before the next word
    word: str  # the next word
    at_word: int  # its offset

    @property
    def starts(self) -> bool:
        """Whether the next word is one that begins sentences, and not an initial."""
        initial = self.text.startswith(".", self.at_word + 1)
        return not initial and self.word.replace("’", "'").partition("'")[0] in english_words("starters")

    @property
    def quoted(self) -> bool:
        """Whether a quotation closes after the mark."""
        return not _QUOTES.isdisjoint(self.close)

    @property
    def abbreviation(self) -> str:
        """The word before the mark, in the case that the tables use."""
        word = self.left[max(map(self.left.rfind, "-–—/")) + 1 :]
        heading = len(word) > 1 and word.isupper() and self.word == self.word.upper() and "." not in word
        return word.capitalize() if heading else word


Rule = Callable[[_Point], bool | None]
"""True: a sentence ends here. False: it goes on. None: the rule has no opinion."""


def _joined(point: _Point) -> bool | None:
    """Without a space, a sentence ends only if this can't be an address, a number or a file name."""
    if point.gap:
        return None
    if point.mark[-1] in "。！？":
        return True
    stop = point.at_word + len(point.word)
    after = point.text[stop : stop + 1]
    complete = point.word.istitle() and (after.isspace() or after == ",") and not point.lead
    plain = len(point.left) > 2 and point.left.isalpha() and point.left.islower()
    begins = point.starts and len(point.word) > 1 and (point.left.isalpha() or point.left.isdigit())
    return point.mark in ".!?" and complete and (plain or begins)


def _listed(point: _Point) -> bool | None:
    """A list item's number or letter begins a sentence, and so do dots before the first word."""
    first = not point.quoted and point.mark[0] in ".…" and _ITEM.fullmatch(point.text, point.start, point.at)
    return False if first else None


def _lower(point: _Point) -> bool | None:
    """A sentence begins with a capital, a digit or a symbol; in lower case only after an omission, or in
    brackets if it directs or has a label: “(credit: Ann Roe)”."""
    if not point.word:
        return False if point.text[point.at_word : point.at_word + 1] in ",;:.!?)]}&/=+" else None
    if point.word[0].isdigit() and point.open[-1:] == "(":
        return False  # the year of a title: "Live! (1993)"
    item = point.open[-1:] == "(" and point.text.startswith(")", point.at_word + 1)
    if item or not point.word[0].islower() or _BRAND.match(point.word):
        return None
    directed = point.open[-1:] in ("(", "[") and (
        point.word in english_words("stage") or _LABELLED.match(point.text, point.at_word, point.end)
    )
    return bool(directed) or _OMISSION.fullmatch(point.mark) is not None


def _attributed(point: _Point) -> bool | None:
    """A quoted question continues with its speaker: “Why?” Smith asked."""
    if not point.quoted or point.mark[-1] not in "?!" or point.open:
        return None
    if point.lead:
        return False
    if point.starts and point.word not in english_words("announcing"):
        return None
    return False if names_speaker(point.text, point.at_word, point.end) else None


def _sourced(point: _Point) -> bool | None:
    """A parenthesis between a quotation and the period is the quotation's source: “It was so” (Smith 55)."""
    if not point.quoted or point.open not in ("(", "["):
        return None
    return False if _SOURCE.match(point.text, point.at_word, point.end) else None


def _trailing(point: _Point) -> bool | None:
    """Dots between spaces are a pause before "I", which is capitalised anywhere."""
    if point.left or point.mark not in _PAUSES or point.close or point.open:
        return None
    return False if point.word.replace("’", "'").partition("'")[0] == "I" else None


def _exclaimed(point: _Point) -> bool | None:
    """“Yahoo!” is a name."""
    named = point.mark == "!" and not point.close and point.left in english_words("exclaimed")
    return point.starts if named else None


def _clock(point: _Point) -> bool | None:
    """“8 p.m.” ends a sentence before a capital that is no day and no time zone, unless it opens one."""
    if point.left.lower() not in ("a.m", "p.m"):
        return None
    if not point.quoted and _only_time(point.text[point.start : point.at]):
        return point.starts and point.word not in english_words("announcing")
    zoned = point.word in english_words("hours") or _LETTERS.match(point.text, point.at_word, point.end)
    return not zoned and not point.word[:1].isdigit()


def _only_time(words: str) -> bool:
    """Whether these words only say when, so that the sentence is still to come: “Shortly before 5 a.m”."""
    said = [word.strip(_OPENING).lower() for word in words.split()]
    day = {word.lower() for word in english_words("hours")} | english_words("when")
    return len(said) <= _LONGEST_TIME and all(word[:1].isdigit() or word.rstrip(",") in day for word in said)


def _initialled(point: _Point) -> bool | None:
    """A letter with a period is an initial, several are a name, unless a new sentence clearly begins."""
    word = point.abbreviation
    if (
        point.mark != "."
        or word in english_words("announcing")
        or not (_LETTERS.fullmatch(word) or (len(word) == 1 and word.isalpha()))
    ):
        return None
    if word == "I" and point.text[max(point.start, point.at - 3) : point.at - 2].islower():
        return not _middle_initial(point)
    return not point.lead and (point.starts or point.quoted)


def _middle_initial(point: _Point) -> bool:
    """Whether the letter stands in a name, “Albert I. Jones”, and neither for a speaker nor for a number."""
    words = point.text[max(point.start, point.at - _REACH) : point.at].split()
    before = [word.strip(_OPENING) for word in words]
    ranked = not english_words("ranked").isdisjoint(before[-3:])
    named = len(before) > 1 and before[-2][:1].isupper() and before[-2] not in english_words("starters")
    return named and not ranked and point.word.istitle() and not point.starts and not point.open


def _abbreviated(point: _Point) -> bool | None:
    """An abbreviation ends a sentence as its table says; a name without vowels is an abbreviation."""
    word, announcing = point.abbreviation, english_words("announcing")
    if point.mark != ".":
        return None
    if word in english_words("numbering"):
        return not point.word[:1].isdigit()
    if word in english_words("firms"):
        goes_on = point.word in english_words("offices") or point.word[:1].isdigit() or "(" in point.open
        return not point.lead and (point.starts or not goes_on)
    last = word.rpartition(".")[2]  # of "W.Va" and "Lt.Gov"
    if last in announcing or word in announcing:
        return False
    unknown = 1 < len(word) < 6 and word.istitle() and word.isalpha() and _VOWELS.isdisjoint(word)
    unknown = unknown and word not in english_words("voiced")
    if not unknown and last not in english_words("closing"):
        return None
    return not point.lead and (point.starts or point.quoted or not _QUOTES.isdisjoint(point.open))


RULES: tuple[Rule, ...] = (
    _joined,
    _listed,
    _lower,
    _attributed,
    _sourced,
    _trailing,
    _exclaimed,
    _clock,
    _initialled,
    _abbreviated,
)
"""In order. If none has an opinion, the sentence ends."""


def split_sentences(text: str, paragraphs: Sequence[Extent]) -> tuple[Sentence, ...]:
    """The sentences of each paragraph, in order, without surrounding white space.

    ``paragraphs`` are extents of ``text``; paragraphs and sentences are numbered from 1. Every character of
    the paragraphs that isn't white space is in exactly one sentence. A line break within a paragraph is white
    space like any other. Never raises; takes time linear in the text.
    """
    return tuple(
        Sentence(start, end, paragraph, number)
        for paragraph, extent in enumerate(paragraphs, 1)
        for number, (start, end) in enumerate(_paragraph(text, *extent), 1)
    )


def _paragraph(text: str, start: int, end: int) -> Iterator[Extent]:
    """The extents of a paragraph's sentences; one that is a list in one line has each item apart."""
    for item in pairwise((start, *list_items(text, start, end), end)):
        yield from _split(text, *item)


def _split(text: str, start: int, end: int) -> Iterator[Extent]:
    """The extents of an item's sentences; marks after its last word belong to its last sentence."""
    start, last = _skip(text, start, end), end
    while last > start and not text[last - 1].isalnum():
        last -= 1
    for found in _CANDIDATE.finditer(text, start, end):
        boundary = _boundary(text, start, end, found)
        if start < boundary < last:
            yield from _bounded(text, start, boundary)
            start = _skip(text, boundary, end)
    yield from _bounded(text, start, end)


def _boundary(text: str, start: int, end: int, found: re.Match[str]) -> int:
    """The end of the sentence that a candidate may end; ``start`` if it does not end there."""
    at, after = found.span()
    if found["apart"]:
        return at
    following = _NEXT.match(text, after, end)
    gap, lead, opened, word = following.groups() if following else ("", "", "", "")
    if found["stage"]:
        return after if at == start and gap and not word[:1].islower() else start
    before = text[max(start, at - _REACH) : at]
    left = "" if not before or before[-1].isspace() else before.split()[-1].lstrip(_OPENING)
    at_word = after + len(gap) + len(lead) + len(opened)
    point = _Point(
        text, start, at, end, left, found["mark"], found["close"], gap, lead, opened, word, at_word
    )
    for rule in RULES:
        ends = rule(point)
        if ends is not None:
            return after if ends else start
    return after


def _bounded(text: str, start: int, end: int) -> Iterator[Extent]:
    """The extent without trailing white space, split between words into parts of at most ``LONGEST``."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = start + len(text[start : start + LONGEST].rsplit(None, 1)[0])
        yield start, cut
        start = _skip(text, cut, end)
    if start < end:
        yield start, end


def _skip(text: str, start: int, end: int) -> int:
    """The first offset from ``start`` that isn't white space."""
    while start < end and text[start].isspace():
        start += 1
    return start
