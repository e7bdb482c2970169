"""MSG: a message in Outlook's own format, which isn't read; it is refused by name instead of passed over."""

from __future__ import annotations

from askbrief.errors import SourceError
from askbrief.formats.format import Format
from askbrief.types import Document


def read(data: bytes, source: str) -> Document:  # noqa: ARG001
    """Nothing.

    Raises:
        SourceError: always.
    """
    raise SourceError(
        f"{source} is a message in Outlook's own format, which isn't read",
        hint="save it as .eml with another mail program, or convert it with `msgconvert`",
    )


FORMAT = Format(read, (".msg",), (), trusted=True)
