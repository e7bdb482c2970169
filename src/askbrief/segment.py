"""Paragraphs to sentences, and sentences to passages that fit a model.

Sentences are cut by candidates and rules: one pattern finds every mark that could end a sentence, with the
quotes and brackets that close after it, and the first rule of ``RULES`` with an opinion decides. What the rules
know of English stands in ``data/english.toml``. It is written here, not left to blingfire (unmaintained, and
without a build for every platform), syntok or pysbd, because each of these breaks news that another holds:
``benchmarks/segmentation.py`` measures all four.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from askbrief.types import Extent, Passage, Sentence

LONGEST = 2000
"""Characters in a sentence at most; what runs on for longer is a table or a list without marks, and is cut."""

_REACH = 40  # characters looked at on either side of a mark; bounded, so that time stays linear
_QUOTES = "\"'“”‘’«»‹›„‚`"
_OPENING = _QUOTES + "([{<*_¿¡"
_BULLETS = "•●▪◦‣"
_CANDIDATE = re.compile(
    rf"""(?P<bullet>(?<=\s)[{_BULLETS}](?=\s))
    |(?P<stage>(?<=\s)[(\[][A-Za-z]{{4,14}}[)\]])
    |(?P<mark>[.!?…。！？]++(?:["'”’]*+\s{{1,2}}[.…]++(?!\w))*+)
     (?P<close>(?:["'”’»›)\]}}*_`]|\[\d{{1,3}}\])*+)""",
    re.VERBOSE,
)
_NEXT = re.compile(
    rf"""(?P<gap>\s*+)
    (?P<lead>(?:(?:--?|[–—*{_BULLETS}])\s++)?)
    (?P<open>(?:[\[(](?:\.{{3}}|…)[\])]\s*+)?["'“”‘’«»‹›„‚`(\[{{<*_¿¡…]*+(?:\.\.\.?)?)
    (?P<word>(?:\w[\w'’&-]{{0,{_REACH}}})?)""",
    re.VERBOSE,
)
_NUMBERED = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4}|[IVX]{1,4})")
_INITIALS = re.compile(r"(?:\w\.&?)+\w")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]|al-[A-Z]")
_TEAR = 0.25  # what a break within a paragraph costs, in empty passages
_OMISSION = re.compile(r"""[.!?]["'”’]*\s+(?:\.{3}|…|\.(?:\s\.){2})""")
_PAUSES = ("...", "…", ". . .", "..")
_WORD = re.compile(r"[^\W_]")
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
    """The language data, read once when the first text is cut."""
    tables = tomllib.loads((Path(__file__).parent / "data" / "english.toml").read_text("utf-8"))
    words = {name: table.split() for name, table in tables.items()}
    verbs, reported = ("|".join(words.pop(name)) for name in ("speech", "reported"))
    attribution = re.compile(
        rf"(?:(?:[A-Z][\w.'’-]{{0,{_REACH}}}|of|the|de|van|and),?\s){{1,6}}(?:\(?[^.!?()“”\"]{{1,60}}[,)]\s)?"
        rf"(?:{verbs})\b(?!\s(?:{reported})\b|:|,\s[\"“‘'])|(?:[\w.'’-]{{1,{_REACH}}}\s){{1,6}}(?:said|says|asked|asks)[.,]"
    )
    return _English(**{name: frozenset(table) for name, table in words.items()}, attribution=attribution)


class _Point(NamedTuple):
    """A mark that may end a sentence, with what stands on either side of it."""

    text: str
    start: int  # where the sentence that it may end begins
    end: int  # where the paragraph ends
    left: str  # the word before it, without opening quotes and brackets
    mark: str
    close: str  # closing quotes and brackets after it
    gap: str  # the space between them and the next word
    lead: str  # a dash or bullet before the next word
    open: str  # opening quotes and brackets before the next word
    word: str  # the next word
    at_word: int  # where it stands
    at: int  # where the mark stands

    @property
    def starts(self) -> bool:
        """Whether the next word is one that begins sentences and is no initial."""
        word = self.word.replace("’", "'").partition("'")[0]
        if len(word) == 1 and self.text[self.at_word + 1 : self.at_word + 2] == ".":
            return False
        return word in _english().starters or (word.isupper() and word.capitalize() in _english().starters)

    @property
    def quoted(self) -> bool:
        """Whether a quotation closes after the mark."""
        return any(character in _QUOTES for character in self.close)

    @property
    def bare(self) -> str:
        """The word before the mark as the tables write it."""
        word = re.split(r"[-–—/]", self.left)[-1]
        heading = len(word) > 1 and word.isupper() and self.word == self.word.upper() and "." not in word
        return word.capitalize() if heading else word


Rule = Callable[[_Point], bool | None]
"""True: a sentence ends at the point. False: none does. None: the rule has no opinion."""


def _wordless(point: _Point) -> bool | None:
    """What holds no letter and no figure is no sentence; it stays with the one before it."""
    return None if point.word or _WORD.search(point.text, point.at_word, point.end) else False


def _joined(point: _Point) -> bool | None:
    """Without a space a sentence ends only where no address, number or file name can be meant."""
    if point.gap:
        return None
    if point.lead:
        return False
    if point.mark[-1] in "。！？":
        return True
    stop = point.at_word + len(point.word)
    whole = point.word.istitle() and (
        point.text[stop : stop + 1].isspace() or point.text[stop : stop + 1] == ","
    )
    plain = point.left.isalpha() and point.left.islower() and len(point.left) > 2
    return point.mark in ".!?" and whole and (plain or point.starts)


def _listed(point: _Point) -> bool | None:
    """The number of a list's item begins its sentence."""
    numbered = point.mark == "." and _NUMBERED.fullmatch(point.text, point.start, point.at)
    return False if numbered and not point.quoted else None


def _lower(point: _Point) -> bool | None:
    """A sentence begins with a capital, a figure or a symbol; in lower case only after words left out."""
    if not point.word:
        return False if point.text[point.at_word : point.at_word + 1] in ",;:.!?)]}&/=+" else None
    if point.word[0].isdigit() and point.open[-1:] == "(":
        return False  # a year in brackets after a title: "Live! (1993)"
    if not point.word[0].islower() or _BRAND.match(point.word):
        return None
    directed = point.open[-1:] in ("(", "[") and point.word in _english().stage
    return directed or _OMISSION.fullmatch(point.mark) is not None


def _attributed(point: _Point) -> bool | None:
    """A question in quotes goes on to its speaker: “Why?” Smith asked."""
    if not point.quoted or point.mark[-1] not in "?!" or point.open or point.starts:
        return None
    goes_on = point.lead or _english().attribution.match(point.text, point.at_word, point.end)
    return False if goes_on else None


def _trailing(point: _Point) -> bool | None:
    """Dots that stand apart are a pause before "I", which has its capital anywhere."""
    if point.left or point.mark not in _PAUSES or point.close or point.open:
        return None
    return False if point.word.replace("’", "'").partition("'")[0] == "I" else None


def _exclaimed(point: _Point) -> bool | None:
    """Yahoo! is a name."""
    return point.starts if point.mark == "!" and point.left in _english().exclaimed else None


def _clock(point: _Point) -> bool | None:
    """8 p.m. closes a sentence before a capital that is no day or zone."""
    if point.left.lower() not in ("a.m", "p.m"):
        return None
    zoned = point.word in _english().hours or _INITIALS.match(point.text, point.at_word)
    return not zoned and not point.word[:1].isdigit()


def _initials(point: _Point) -> bool | None:
    """A letter and a period are an initial, several are a name, unless a new sentence plainly begins."""
    word = point.bare
    if point.mark != "." or not (_INITIALS.fullmatch(word) or (len(word) == 1 and word.isalpha())):
        return None
    if word == "I" and point.text[max(point.start, point.at - 3) : point.at - 2].islower():
        return True
    return not point.lead and (point.starts or point.quoted)


def _abbreviated(point: _Point) -> bool | None:
    """An abbreviation closes a sentence according to its table; a word without vowels is an abbreviation."""
    english, word = _english(), point.bare
    if point.mark != ".":
        return None
    last = word.rpartition(".")[2]
    if word in english.numbering:
        return not point.word[:1].isdigit()
    if word in english.firms:
        return not point.lead and (
            point.starts or (point.word not in english.offices and "(" not in point.open)
        )
    if word in english.announcing and word not in english.closing:
        return False
    unknown = 1 < len(word) < 6 and word.istitle() and word.isalpha() and _VOWELS.isdisjoint(word)
    if not unknown and last not in english.closing:
        return None
    return not point.lead and (
        point.starts or point.quoted or (point.open != "" and point.open[0] in _QUOTES)
    )


RULES: tuple[Rule, ...] = (
    _wordless,
    _joined,
    _listed,
    _lower,
    _attributed,
    _trailing,
    _exclaimed,
    _clock,
    _initials,
    _abbreviated,
)
"""In order; where none has an opinion, the sentence ends."""


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
    """The extents of one paragraph's sentences."""
    while end > start and text[end - 1].isspace():
        end -= 1
    start = _skip(text, start, end)
    for found in _CANDIDATE.finditer(text, start, end):
        boundary = _boundary(text, start, end, found)
        if start < boundary < end:
            yield from _bounded(text, start, boundary)
            start = _skip(text, boundary, end)
    yield from _bounded(text, start, end)


def _boundary(text: str, start: int, end: int, found: re.Match[str]) -> int:
    """Where the sentence ends that a candidate may end, or ``start`` where it does not end there."""
    at, after = found.span()
    if found["bullet"]:
        return at
    following = _NEXT.match(text, after, end)
    assert following is not None, "the pattern matches anywhere"
    gap, lead, opened, word = following.groups()
    if found["stage"]:
        return after if at == start and gap and not word[:1].islower() else start
    point = _Point(
        text,
        start,
        end,
        _word_before(text, start, at),
        found["mark"],
        found["close"],
        gap,
        lead,
        opened,
        word,
        following.start("word"),
        at,
    )
    for rule in RULES:
        ends = rule(point)
        if ends is not None:
            return after if ends else start
    return after


def _word_before(text: str, start: int, at: int) -> str:
    """The word that ends at ``at``, without the quotes and brackets that open before it."""
    before = text[max(start, at - _REACH) : at]
    return "" if not before or before[-1].isspace() else before.split()[-1].lstrip(_OPENING)


def _bounded(text: str, start: int, end: int) -> Iterator[Extent]:
    """The extent without white space around it, in pieces of ``LONGEST`` at most, cut between words if it can be."""
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

    ``sentences`` are those of one document, in order; ``count`` gives the tokens of each text; ``first`` and
    ``last`` of a passage index ``sentences``, half open. A sentence longer than ``limit`` is a passage of its
    own. Of all groupings the one with the least sum of squared unused tokens is taken, as lines are broken in
    Knuth and Plass, "Breaking Paragraphs into Lines" (1981), so that passages are balanced and no short tail
    is left; to break within a paragraph costs as much as a passage half empty.
    """
    sizes = count([text[sentence.start : sentence.end] for sentence in sentences])
    best: list[float] = [0.0]  # least cost of the first n sentences
    previous: list[int] = [0]  # where the last passage of these begins
    for last in range(1, len(sentences) + 1):
        torn = last < len(sentences) and sentences[last].paragraph == sentences[last - 1].paragraph
        cost, first = min(_groupings(sizes, best, last, limit))
        best.append(cost + torn * _TEAR * limit**2)
        previous.append(first)
    return tuple(_traced(sentences, previous))


def _groupings(
    sizes: Sequence[int], best: Sequence[float], last: int, limit: int
) -> Iterator[tuple[float, int]]:
    """Each passage that may end before ``last``: the cost up to there, and where it begins."""
    used = 0
    for first in range(last - 1, -1, -1):
        used += max(1, sizes[first])
        if used > limit and first < last - 1:
            return
        yield best[first] + max(0, limit - used) ** 2, first


def _traced(sentences: Sequence[Sentence], previous: Sequence[int]) -> list[Passage]:
    """The passages of the best grouping, read from its end."""
    found: list[Passage] = []
    last = len(sentences)
    while last:
        first = previous[last]
        found.append(Passage(sentences[first].start, sentences[last - 1].end, first, last))
        last = first
    return found[::-1]
