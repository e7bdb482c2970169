"""Text of an archive within Markdown."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~]")
_AT_START = re.compile(r"^(\s*\d+)([.)])|^(\s*)([-+=])", re.MULTILINE)


def markdown_text(text: str) -> str:
    """The text on one line, with everything escaped that Markdown would format."""
    return _AT_START.sub(
        lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", inline_text(" ".join(text.split()))
    )


def inline_text(text: str) -> str:
    """The same of a text that does not begin a line; its blanks are kept."""
    return _MARKUP.sub(r"\\\g<0>", text)
