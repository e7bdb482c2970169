"""Paragraphs to sentences, and sentences to passages that fit a model.

One pattern finds every mark that may end a sentence; the first of ``RULES`` with an opinion on it decides.
What the rules know of English stands in ``data/english.toml``. They are written here because blingfire, the
best of the libraries, is unmaintained and not built for every platform, and because it, syntok and pysbd
each break news that another holds: ``benchmarks/segmentation.py`` measures all four.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from askbrief.types import Extent, Passage, Sentence

LONGEST = 2000
"""Characters in a sentence at most: the longest of 85,000 in news has 1,094; far beyond, it is a table."""

_REACH = 40  # characters of a word that are looked at: every pattern is bounded, so that time is linear
_TEAR = 0.25  # cost of a break within a paragraph, as a part of the cost of an empty passage
_QUOTES = frozenset("\"'“”‘’«»‹›„‚`")
_OPENING = "".join(_QUOTES) + "([{<*_¿¡"
_BULLETS = "•●▪◦‣"
_CANDIDATE = re.compile(
    rf"""(?P<apart>(?<=\s)[{_BULLETS}](?=\s)|\n[^\S\n]*+\n)
    |(?P<stage>(?<=\s)[(\[][A-Za-z]{{4,14}}[)\]])
    |(?P<mark>[.!?…。！？]++(?:["'”’]*+\s{{1,2}}[.…]++(?!\w))*+)
     (?P<close>(?:["'”’»›)\]}}*_`]|\[\d{{1,3}}\])*+(?:\s[”»](?=\s))?)""",
    re.VERBOSE,
)
_NEXT = re.compile(
    rf"""(?P<gap>\s*+)
    (?P<lead>(?:(?:--?|[–—*{_BULLETS}])\s++)?)
    (?P<open>(?:[\[(](?:\.{{3}}|…)[\])]\s*+)?["'“”‘’«»‹›„‚`(\[{{<*_¿¡…]*+(?:\.\.\.?)?)
    (?P<word>(?:\w[\w'’&-]{{0,{_REACH}}})?)""",
    re.VERBOSE,
)
_ITEM = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4}|[IVX]{1,4})?")
_LETTERS = re.compile(r"(?:\w\.&?)+\w")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]|al-[A-Z]")
_OMISSION = re.compile(r"""[.!?]["'”’]*\s+(?:\.{3}|…|\.(?:\s\.){2})""")
_PAUSES = ("...", "…", ". . .", "..")
_VOWELS = frozenset("aeiouyAEIOUY")


class _English(NamedTuple):
    """The tables of ``data/english.toml``, and the pattern of an attribution that is made of two."""

    announcing: frozenset[str]
    numbering: frozenset[str]
    closing: frozenset[str]
    firms: frozenset[str]
    offices: frozenset[str]
    hours: frozenset[str]
    exclaimed: frozenset[str]
    starters: frozenset[str]
    stage: frozenset[str]
    attribution: re.Pattern[str]


@cache
def _english() -> _English:
    """The language data, read once, when the first text is cut."""
    import tomllib  # here, so that to import this module stays light

    tables = tomllib.loads((Path(__file__).parents[1] / "data" / "english.toml").read_text("utf-8"))
    words = {name: table.split() for name, table in tables.items()}
    verbs, reported = ("|".join(words.pop(name)) for name in ("speech", "reported"))
    name = rf"(?:(?:[A-Z][\w.'’-]{{0,{_REACH}}}|of|the|de|van|and),?\s){{1,6}}"
    apposition = r"(?:\(?[^.!?()“”\"]{1,60}[,)]\s)?"
    long = rf"(?:[\w.'’-]{{1,{_REACH}}}\s){{1,6}}(?:said|says|asked|asks)[.,]"
    verb = rf"(?:{verbs})\b(?!\s(?:{reported})\b|:|,\s[\"“‘'])"
    return _English(
        **{table: frozenset(entries) for table, entries in words.items()},
        attribution=re.compile(f"{name}{apposition}{verb}|{long}"),
    )


class _Point(NamedTuple):
    """A mark that may end a sentence, with what stands on either side of it."""

    text: str
    start: int  # where the sentence that it may end begins
    at: int  # where the mark stands
    end: int  # where the paragraph ends
    left: str  # the word before the mark, without the quotes and brackets that open before it
    mark: str
    close: str  # the quotes and brackets that close after it
    gap: str  # the space before the next word
    lead: str  # a dash or bullet before the next word
    open: str  # the quotes and brackets that open before the next word
    word: str  # the next word
    at_word: int  # where it stands

    @property
    def starts(self) -> bool:
        """Whether the next word is one that begins sentences, and no initial."""
        word, starters = self.word.replace("’", "'").partition("'")[0], _english().starters
        if self.text.startswith(".", self.at_word + 1):
            return False
        return word in starters

    @property
    def quoted(self) -> bool:
        """Whether a quotation closes after the mark."""
        return not _QUOTES.isdisjoint(self.close)

    @property
    def abbreviation(self) -> str:
        """The word before the mark as the tables write it."""
        word = self.left[max(map(self.left.rfind, "-–—/")) + 1 :]
        heading = len(word) > 1 and word.isupper() and self.word == self.word.upper() and "." not in word
        return word.capitalize() if heading else word


Rule = Callable[[_Point], bool | None]
"""True: a sentence ends at the point. False: none does. None: the rule has no opinion."""


def _joined(point: _Point) -> bool | None:
    """Without a space a sentence ends only where no address, number or file name can be meant."""
    if point.gap:
        return None
    if point.mark[-1] in "。！？":
        return True
    stop = point.at_word + len(point.word)
    after = point.text[stop : stop + 1]
    whole = point.word.istitle() and (after.isspace() or after == ",") and not point.lead
    plain = len(point.left) > 2 and point.left.isalpha() and point.left.islower()
    begins = point.starts and len(point.word) > 1 and (point.left.isalpha() or point.left.isdigit())
    return point.mark in ".!?" and whole and (plain or begins)


def _listed(point: _Point) -> bool | None:
    """What numbers the items of a list begins a sentence, and so do dots before its first word."""
    first = not point.quoted and point.mark[0] in ".…" and _ITEM.fullmatch(point.text, point.start, point.at)
    return False if first else None


def _lower(point: _Point) -> bool | None:
    """A sentence begins with a capital, a figure or a symbol; in lower case only after words left out."""
    if not point.word:
        return False if point.text[point.at_word : point.at_word + 1] in ",;:.!?)]}&/=+" else None
    if point.word[0].isdigit() and point.open[-1:] == "(":
        return False  # the year of a title: "Live! (1993)"
    item = point.open[-1:] == "(" and point.text.startswith(")", point.at_word + 1)
    if item or not point.word[0].islower() or _BRAND.match(point.word):
        return None
    directed = point.open[-1:] in ("(", "[") and point.word in _english().stage
    return directed or _OMISSION.fullmatch(point.mark) is not None


def _attributed(point: _Point) -> bool | None:
    """A question in quotes goes on to its speaker: “Why?” Smith asked."""
    if not point.quoted or point.mark[-1] not in "?!" or point.open:
        return None
    if point.lead:
        return False
    english = _english()
    named = point.word in english.announcing or not point.starts
    return False if named and english.attribution.match(point.text, point.at_word, point.end) else None


def _trailing(point: _Point) -> bool | None:
    """Dots that stand apart are a pause before "I", which has its capital anywhere."""
    if point.left or point.mark not in _PAUSES or point.close or point.open:
        return None
    return False if point.word.replace("’", "'").partition("'")[0] == "I" else None


def _exclaimed(point: _Point) -> bool | None:
    """Yahoo! is a name."""
    named = point.mark == "!" and not point.close and point.left in _english().exclaimed
    return point.starts if named else None


def _clock(point: _Point) -> bool | None:
    """8 p.m. closes a sentence before a capital that is no day and no zone."""
    if point.left.lower() not in ("a.m", "p.m"):
        return None
    zoned = point.word in _english().hours or _LETTERS.match(point.text, point.at_word, point.end)
    return not zoned and not point.word[:1].isdigit()


def _initialled(point: _Point) -> bool | None:
    """A letter and a period are an initial, several are a name, unless a new sentence plainly begins."""
    word = point.abbreviation
    if (
        point.mark != "."
        or word in _english().announcing
        or not (_LETTERS.fullmatch(word) or (len(word) == 1 and word.isalpha()))
    ):
        return None
    if word == "I" and point.text[max(point.start, point.at - 3) : point.at - 2].islower():
        return True
    return not point.lead and (point.starts or point.quoted)


def _abbreviated(point: _Point) -> bool | None:
    """An abbreviation closes a sentence as its table says; a name without vowels is an abbreviation."""
    english, word = _english(), point.abbreviation
    if point.mark != ".":
        return None
    if word in english.numbering:
        return not point.word[:1].isdigit()
    if word in english.firms:
        goes_on = point.word in english.offices or point.word[:1].isdigit() or "(" in point.open
        return not point.lead and (point.starts or not goes_on)
    last = word.rpartition(".")[2]  # of "W.Va" and "Lt.Gov"
    if last in english.announcing or word in english.announcing:
        return False
    unknown = 1 < len(word) < 6 and word.istitle() and word.isalpha() and _VOWELS.isdisjoint(word)
    if not unknown and last not in english.closing:
        return None
    return not point.lead and (point.starts or point.quoted or not _QUOTES.isdisjoint(point.open))


RULES: tuple[Rule, ...] = (
    _joined,
    _listed,
    _lower,
    _attributed,
    _trailing,
    _exclaimed,
    _clock,
    _initialled,
    _abbreviated,
)
"""In order. Where none has an opinion the sentence ends."""


def sentences(text: str, paragraphs: Sequence[Extent]) -> tuple[Sentence, ...]:
    """The sentences of each paragraph, in order, without the white space around them.

    ``paragraphs`` are extents of ``text``; paragraph and sentence numbers count from 1. Together the
    sentences hold every character of the paragraphs that is not white space, exactly once. A line break
    within a paragraph is white space like any other. Never raises; takes time linear in the text.
    """
    return tuple(
        Sentence(start, end, paragraph, number)
        for paragraph, extent in enumerate(paragraphs, 1)
        for number, (start, end) in enumerate(_cut(text, *extent), 1)
    )


def _cut(text: str, start: int, end: int) -> Iterator[Extent]:
    """The extents of one paragraph's sentences; signs after its last word stay with its last sentence."""
    start, last = _skip(text, start, end), end
    while last > start and not text[last - 1].isalnum():
        last -= 1
    for found in _CANDIDATE.finditer(text, start, last):
        boundary = _boundary(text, start, end, found)
        if start < boundary < last:
            yield from _bounded(text, start, boundary)
            start = _skip(text, boundary, end)
    yield from _bounded(text, start, end)


def _boundary(text: str, start: int, end: int, found: re.Match[str]) -> int:
    """Where the sentence ends that a candidate may end; ``start`` if it does not end there."""
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
    """The extent without white space after it, in pieces of at most ``LONGEST`` cut between words."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = start + len(text[start : start + LONGEST].rsplit(None, 1)[0])
        yield start, cut
        start = _skip(text, cut, end)
    if start < end:
        yield start, end


def _skip(text: str, start: int, end: int) -> int:
    """The first place from ``start`` that holds no white space."""
    while start < end and text[start].isspace():
        start += 1
    return start


def passages(
    text: str, sentences: Sequence[Sentence], count: Callable[[Sequence[str]], list[int]], limit: int
) -> tuple[Passage, ...]:
    """Whole sentences grouped into passages of at most ``limit`` tokens, each sentence in exactly one.

    ``sentences`` are those of one document, in order; ``count`` gives the tokens of each text; ``first``
    and ``last`` of a passage index ``sentences``, half open. A sentence over ``limit`` is a passage of its
    own. Of all groupings the one whose unused tokens have the least sum of squares is taken, as lines are
    broken by Knuth and Plass, "Breaking Paragraphs into Lines" (1981): passages are balanced, without a
    short tail, and end with a paragraph unless that would leave one more than half empty.
    """
    sizes = count([text[sentence.start : sentence.end] for sentence in sentences])
    costs, begins = [0.0], [0]  # of the best grouping of the first n sentences: its cost, its last passage
    for last in range(1, len(sentences) + 1):
        torn = last < len(sentences) and sentences[last].paragraph == sentences[last - 1].paragraph
        cost, first = min(_endings(sizes, costs, last, limit))
        costs.append(cost + torn * _TEAR * limit**2)
        begins.append(first)
    edges = [len(sentences)]
    while edges[-1]:
        edges.append(begins[edges[-1]])
    return tuple(
        Passage(sentences[first].start, sentences[last - 1].end, first, last)
        for first, last in pairwise(reversed(edges))
    )


def _endings(
    sizes: Sequence[int], costs: Sequence[float], last: int, limit: int
) -> Iterator[tuple[float, int]]:
    """Each passage that may end before ``last``: the cost of all up to there, and where it begins."""
    used = 0
    for first in range(last - 1, -1, -1):
        used += max(1, sizes[first])
        if used > limit and first < last - 1:
            return
        yield costs[first] + max(0, limit - used) ** 2, first
