"""Signs that a text was decoded wrongly before it was saved: they are reported, and never changed.

A citation has the characters of its source. If these are “â€™” for an apostrophe, the user should know; what
the writer meant is not guessed.
"""

from __future__ import annotations

import re

_SYMBOL = "€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ\xa0¡¢£¤¥¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾¿\x80-\x9f"
"""What bytes from 0x80 to 0xBF are in Windows-1252, but for marks that stand behind letters in good text."""
_MARK = "‘’“”•–—…"

_SIGNS = re.compile(
    "\ufffd"  # what a decoder writes for undecodable bytes
    "|â[€\x80]|â‚¬|â„¢"  # quotation marks, dashes, the euro and trademark signs: no word has “â€”
    rf"|(?<![A-ZÀ-Þ])[ÂÃ](?:[{_SYMBOL}]|[{_MARK}](?=[a-zß-ÿ]))"  # Western letters; MAÇÃ» is Portuguese
    rf"|(?<=[a-zß-ÿ])[ÄÅ][{_SYMBOL}{_MARK}]"  # Central European ones, in words alone: “Ä” may be quoted
    rf"|(?:[ÎÏÐÑ×ØÙ][{_SYMBOL}{_MARK}]){{3}}"  # Greek, Cyrillic, Hebrew, Arabic: every letter is a pair
    "|ðŸ|ð\x9f|ï»¿|ï¿½"  # emoji, a byte order mark, and U+FFFD itself
    "|[\x80-\x84\x86-\x9f]"  # Windows-1252 read as Latin-1; 0x85 ends lines on some machines
)
"""UTF-8 read as Windows-1252 or Latin-1, Windows-1252 read as Latin-1, and lost characters."""


def garbled(text: str) -> list[str]:
    """The signs of wrong decoding in a text, in order; empty for correct text."""
    return [] if text.isascii() else _SIGNS.findall(text)
