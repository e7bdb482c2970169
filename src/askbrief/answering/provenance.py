"""Where cited words were first: which of copies is the earliest, and which sources are independent; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from askbrief.text import near_copies as copies
from askbrief.text.words import bare_answer, words
from askbrief.types import AnswerText, Citation, Extent, Hit, Sentence, Source

MOST_SHARED = 8
"""Words in an answer that two documents can have in common and yet be independent: more were copied."""


def once(citations: Iterable[Citation], groups: Mapping[str, int | None]) -> list[Citation]:
    """The citations, but for those of sentences that another document of the same group was cited for."""
    found: list[Citation] = []
    cited: dict[tuple[int, str], str] = {}
    for citation in citations:
        document = citation.document.id
        group = groups.get(document)
        if group is None or cited.setdefault((group, copies.core(citation.text)), document) == document:
            found.append(citation)
    return found


def earliest(source: Source) -> tuple[bool, str, str]:
    """What sorts documents by their dates: undated ones last, those of a day by their names."""
    return (source.date is None, source.date or "", source.source)


def holds(hit: Hit, citation: Citation) -> bool:
    """Whether a passage has the cited words, whatever is between them, and whatever dateline before."""
    wanted = copies.core(citation.text)
    return bool(wanted) and f" {wanted} " in f" {' '.join(words(hit.text))} "


def sentences_in(hit: Hit, citation: Citation) -> Sequence[Sentence]:
    """The sentences of one paragraph of a passage that say what the cited ones do; none if they are cut
    otherwise."""
    wanted = copies.core(citation.text)
    most = citation.sentences[1] - citation.sentences[0] + 2
    for first in range(len(hit.sentences)):
        for last in range(first + 1, min(first + most, len(hit.sentences)) + 1):
            run = hit.sentences[first:last]
            if run[0].paragraph == run[-1].paragraph and copies.core(_text(hit, run)) == wanted:
                return run
    return ()


def answer_in(hit: Hit, sentences: Sequence[Sentence], citation: Citation) -> Extent | None:
    """Where in a copy's sentences the cited answer is, in characters of the document; None if it does
    not, to the letter."""
    answer = citation.answer
    if answer is None:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, answer.text.split())))
    before = sum(match.start() < answer.start - citation.start for match in pattern.finditer(citation.text))
    found = [match.span() for match in pattern.finditer(_text(hit, sentences))]
    if before >= len(found):
        return None
    start = sentences[0].start
    return start + found[before][0], start + found[before][1]


def _text(hit: Hit, sentences: Sequence[Sentence]) -> str:
    return hit.slice(sentences[0].start, sentences[-1].end)


def independent(
    answer: AnswerText | None, citations: Iterable[Citation], groups: Mapping[str, int | None]
) -> int:
    """How many independent documents are cited for one answer.

    Copies of one document are one source, and so are any documents of which one has the other's sentence; a
    long answer is one source's, whoever repeats it.
    """
    if answer is None:
        return 1
    wanted = bare_answer(answer.text)
    same = [c for c in citations if c.answer is not None and bare_answer(c.answer.text) == wanted]
    kept: list[Citation] = []
    for citation in same:
        if not any(_depend(citation, other, groups) for other in kept):
            kept.append(citation)
    return min(len(kept), 1) if len(wanted.split()) > MOST_SHARED else len(kept)


def _depend(a: Citation, b: Citation, groups: Mapping[str, int | None]) -> bool:
    group = groups.get(a.document.id)
    one = a.document.id == b.document.id or (group is not None and group == groups.get(b.document.id))
    return one or copies.alike(a.text, b.text)
