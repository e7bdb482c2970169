"""Find the quotations of a draft: their words, their lines and their speakers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from askbrief.check.attributed_document import widest
from askbrief.check.folded_words import folded_words
from askbrief.check.markup import prose
from askbrief.check.pattern import Pattern, pattern
from askbrief.english.quote_marks import marked_extents
from askbrief.types import Quotation, Sentence


@dataclass(frozen=True, slots=True)
class DraftQuotation:
    """A quotation of a draft: the ``text`` between its marks, the line that it begins on (from 1), the name
    of its speaker if the draft gives one, and the sentences around it. The offsets of ``pattern`` count
    characters of ``readable``, the draft without markup."""

    text: str
    line: int
    speaker: str | None
    pattern: Pattern
    around: str
    readable: str


def draft_quotations(
    draft: str, speaks: Callable[[str], bool] = lambda _: False
) -> tuple[DraftQuotation, ...]:
    """The quotations in quotation marks of a draft, plain text or Markdown, in order.

    The first word of a sentence may not be a name ("Critics said …"): ``speaks`` says whether the archive
    quotes anybody by that name.

    Code, link addresses and comments are skipped, and so is a quotation that has no word outside brackets.
    """
    from askbrief.formats import text
    from askbrief.quotes import quotations
    from askbrief.text import split_sentences

    readable = prose(draft)
    sentences = split_sentences(readable, tuple(text.paragraphs(readable)))
    spoken = quotations(readable, sentences)
    found = []
    for start, end in marked_extents(readable):
        words = pattern(readable, start, end)
        if words:
            speaker = _speaker(readable, spoken, start, end, speaks)
            line = draft.count("\n", 0, start) + 1
            around = _around(readable, sentences, start, end)
            found.append(DraftQuotation(draft[start:end], line, speaker, words, around, readable))
    return tuple(found)


def _speaker(
    text: str, spoken: tuple[Quotation, ...], start: int, end: int, speaks: Callable[[str], bool]
) -> str | None:
    """The name that the draft gives to the speaker of ``text[start:end]``."""
    quotation = widest(spoken, (start, end))
    if quotation is None or quotation.name or quotation.speaker is None:
        return quotation.name if quotation else None
    word = text[slice(*quotation.speaker)]
    return word if word.istitle() and " " not in word and speaks(word) else None


def _around(text: str, sentences: tuple[Sentence, ...], start: int, end: int) -> str:
    """The words of the sentences around a quotation, which help to find it if its own words are common."""
    touched = [s for s in sentences if s.start < end and start < s.end]
    return " ".join(word.folded for s in touched for word in folded_words(text, s.start, s.end))
