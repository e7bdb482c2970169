"""MarkItDown: files to text."""

from __future__ import annotations

import io

from markitdown import MarkItDown, StreamInfo
from texts import run

READER = MarkItDown()


def read(data: bytes, suffix: str) -> str:
    """The Markdown of a file."""
    found = READER.convert_stream(io.BytesIO(data), stream_info=StreamInfo(extension=suffix))
    return str(found.markdown)


if __name__ == "__main__":
    run(read)
