"""A quotation as a pattern of words and gaps, where an editor may have omitted or replaced words."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import regex

from askbrief.check.folded_words import FoldedWord, folded_words

OMITTED = 150
"""Most words that an ellipsis may stand for: about a minute of speech."""
REPLACED = 5
"""Most words that an editor's bracket may stand for: a pronoun, or a name with its title."""
FEW_OMITTED = 2
"""If at most this many words are omitted, a negation among them changes the meaning."""

_ELLIPSIS = r"\.{2,}|…+|\.\s\.\s\.(?:\s\.)?"
_LIBERTY = regex.compile(
    rf"(?P<ellipsis>[\[(]\s*+(?:{_ELLIPSIS})\s*+[\])]|{_ELLIPSIS})"
    r"|(?<![\p{L}\p{N}])\[[^\[\]]{1,300}\](?:['’]s(?!\p{L}))?(?![\p{L}\p{N}]|['’]\p{L}|\.\p{L}\.)"
)


class Gap(NamedTuple):
    """An ellipsis or a bracket: its extent, the most words it may stand for, and the words in it."""

    start: int
    end: int
    most: int
    inside: tuple[FoldedWord, ...] = ()

    def allows(self, omitted: tuple[FoldedWord, ...]) -> bool:
        """Whether these words of the original may be omitted here: not too many, and no hidden “not”."""
        if len(omitted) > self.most:
            return False
        brief = self.most == REPLACED or len(omitted) <= FEW_OMITTED
        negated = brief and any(word.negates for word in omitted)
        return not negated or any(word.negates for word in self.inside)


Piece: TypeAlias = FoldedWord | Gap
Pattern: TypeAlias = tuple[Piece, ...]


def pattern(text: str, start: int, end: int) -> Pattern:
    """The quotation ``text[start:end]`` as a pattern, without gaps at its ends."""
    pieces: list[Piece] = []
    at = start
    for found in _LIBERTY.finditer(text, start, end):
        pieces += folded_words(text, at, found.start())
        inside = folded_words(text, found.start() + 1, found.end())
        most = OMITTED if found["ellipsis"] else REPLACED
        pieces.append(Gap(*found.span(), most, inside))
        at = found.end()
    pieces += folded_words(text, at, end)
    word_places = [place for place, piece in enumerate(pieces) if isinstance(piece, FoldedWord)]
    return tuple(pieces[word_places[0] : word_places[-1] + 1]) if word_places else ()


def runs(pattern: Pattern) -> tuple[tuple[tuple[FoldedWord, ...], ...], tuple[Gap, ...]]:
    """The runs of words in a pattern, and the gaps between them; of adjacent gaps, the one that may stand for
    most words."""
    found: list[list[FoldedWord]] = [[]]
    gaps: list[Gap] = []
    for piece in pattern:
        if isinstance(piece, FoldedWord):
            found[-1].append(piece)
        elif found[-1]:
            found.append([])
            gaps.append(piece)
        else:
            gaps[-1] = max(gaps[-1], piece, key=lambda gap: gap.most)
    return tuple(map(tuple, found)), tuple(gaps)
