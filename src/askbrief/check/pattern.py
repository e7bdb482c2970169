"""A quotation as it may stand in its original: its words, and what an editor may have left out or put in."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import regex

from askbrief.check.words import Word, words

OMITTED = 150
"""Words that an ellipsis may stand for: about a minute of speech."""
REPLACED = 5
"""Words that an editor's bracket may stand for: a pronoun, or a name with its title."""
FEW_OMITTED = 2
"""Up to so many words left out, a negation among them is what was left out."""

_ELLIPSIS = r"\.{2,}|…+|\.\s\.\s\.(?:\s\.)?"
_LIBERTY = regex.compile(
    rf"(?P<ellipsis>[\[(]\s*+(?:{_ELLIPSIS})\s*+[\])]|{_ELLIPSIS})"
    r"|(?<![\p{L}\p{N}])\[[^\[\]]{1,300}\](?:['’]s(?!\p{L}))?(?![\p{L}\p{N}]|['’]\p{L}|\.\p{L}\.)"
)


class Gap(NamedTuple):
    """An ellipsis or a bracket: where it stands, the words it holds, and how many it may stand for."""

    start: int
    end: int
    most: int
    inside: tuple[Word, ...] = ()

    def allows(self, omitted: tuple[Word, ...]) -> bool:
        """Whether these words of the original may be left out here: not many, and no “not” on the sly."""
        if len(omitted) > self.most:
            return False
        brief = self.most == REPLACED or len(omitted) <= FEW_OMITTED
        negated = brief and any(word.negates for word in omitted)
        return not negated or any(word.negates for word in self.inside)


Piece: TypeAlias = Word | Gap
Pattern: TypeAlias = tuple[Piece, ...]


def pattern(text: str, start: int, end: int) -> Pattern:
    """The quotation ``text[start:end]`` as a pattern, without the liberties at its very ends."""
    pieces: list[Piece] = []
    at = start
    for found in _LIBERTY.finditer(text, start, end):
        pieces += words(text, at, found.start())
        inside = words(text, found.start() + 1, found.end())
        most = OMITTED if found["ellipsis"] else REPLACED
        pieces.append(Gap(*found.span(), most, inside))
        at = found.end()
    pieces += words(text, at, end)
    kept = [place for place, piece in enumerate(pieces) if isinstance(piece, Word)]
    return tuple(pieces[kept[0] : kept[-1] + 1]) if kept else ()


def runs(whole: Pattern) -> tuple[tuple[tuple[Word, ...], ...], tuple[Gap, ...]]:
    """The runs of words in a pattern, and the gaps between each two of them; of gaps that stand side by
    side, the one that may stand for most."""
    found: list[list[Word]] = [[]]
    gaps: list[Gap] = []
    for piece in whole:
        if isinstance(piece, Word):
            found[-1].append(piece)
        elif found[-1]:
            found.append([])
            gaps.append(piece)
        else:
            gaps[-1] = max(gaps[-1], piece, key=lambda gap: gap.most)
    return tuple(map(tuple, found)), tuple(gaps)
