"""Docling without its models, which it would download: files to text, of the formats that need none."""

from __future__ import annotations

import io

from docling.datamodel.base_models import DocumentStream
from docling.document_converter import DocumentConverter
from texts import run

READER = DocumentConverter()


def read(data: bytes, suffix: str) -> str:
    """The Markdown of a file."""
    stream = DocumentStream(name=f"file{suffix}", stream=io.BytesIO(data))
    return str(READER.convert(stream).document.export_to_markdown())


if __name__ == "__main__":
    run(read)
