"""Text that can't control what shows it: a terminal, a browser, a spreadsheet."""

from __future__ import annotations

SYMBOLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {
    127: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}
"""Control characters to the symbols that Unicode has for them, or to its replacement character; and those
that would show cited words in another order than they are cited in."""

ONE_LINE = SYMBOLS | {
    **{code: 0x2400 + code for code in (9, 10)},
    **dict.fromkeys([0x85, 0x2028, 0x2029], 0xFFFD),
}
"""Those, and the characters that would break a line."""

RETURN = "\r\n"


def visible(text: str) -> str:
    """The text with control characters as symbols, and line ends as one character."""
    return text.replace(RETURN, "\n").translate(SYMBOLS)


def visible_lines(text: str) -> str:
    """The same with its line ends as they are."""
    return RETURN.join(line.translate(SYMBOLS) for line in text.split(RETURN))


def on_one_line(text: str) -> str:
    """As ``visible``, on one line and in its order: for names of files and what else may hold anything."""
    return text.translate(ONE_LINE)
