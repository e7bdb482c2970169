"""Lines of a transcript that begin with who speaks: they begin a paragraph, however full the last line is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from askbrief.formats.document import ends_sentence
from askbrief.formats.pdf.lines import Line

OFTEN = 2
"""Lines that must begin with a name in small letters, or with “Q”, for these to say who speaks."""

_CAPITALS = re.compile(r"(?:[A-Z][A-Z.'’-]*[A-Z.] ?){1,5}(?:\([^)]{1,40}\) ?){0,2}:\s+\S")
_LETTER = re.compile(r"[QA](?:[.:]\s+\S|\s+[\"“(—–-]*[A-Z0-9])")
_TITLE = (
    r"(?:The|Mrs?|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Senator|Chair(?:man|woman)?|Vice Chair(?:man)?"
    r"|Representative|Judge|Justice|Professor|Captain|Secretary|Minister)\.? "
)
_NAME = re.compile(
    rf"(?P<name>{_TITLE}(?:(?:[A-Z][\w'’-]+|for|of|and|the) ?){{1,8}}(?:\([^)]{{1,40}}\) ?){{0,2}}[:.]"
    r"|(?:[A-Z][\w.'’-]+ ){0,3}[A-Z][\w.'’-]+ ?(?:\([^)]{1,40}\) ?){0,2}:)\s+\S"
)
_BREAKS_OFF = ("-", "–", "—", "…", ":", ")", "]")


class Turns:
    """What begins a line with who speaks, in the lines of one document."""

    def __init__(self, lines: Iterable[Line]) -> None:
        texts = [line.text for line in lines]
        names = Counter(found["name"] for text in texts if (found := _NAME.match(text)))
        self._names = {name for name, count in names.items() if count >= OFTEN}
        asked = sum(text[0] == "Q" and _LETTER.match(text) is not None for text in texts)
        self._letters = asked >= OFTEN

    def begins(self, line: str, last: str) -> bool:
        """Whether a line begins with who speaks, after a line that ends or breaks off what was said."""
        if not (ends_sentence(last) or last.endswith(_BREAKS_OFF)):
            return False
        named = _NAME.match(line)
        by_letter = self._letters and _LETTER.match(line)
        return bool(_CAPITALS.match(line) or by_letter or (named and named["name"] in self._names))


def begins_turn(line: str) -> bool:
    """Whether a line may begin with who speaks."""
    return bool(_CAPITALS.match(line) or _LETTER.match(line) or _NAME.match(line))
