"""Damaged files: real ones of a format, with pieces cut, repeated and put in, as hypothesis draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from askbrief.errors import SourceError
from askbrief.types import Document

Change = Callable[[bytes], bytes]


@st.composite
def mutated(draw: st.DrawFn, files: Sequence[bytes], words: Sequence[bytes] = ()) -> bytes:
    """One of the files after up to six changes; ``words`` are pieces that mean something in the format."""
    data = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 8, 100, 3000])))
        filler = st.one_of(
            st.binary(max_size=8), st.sampled_from([*words, b"", b"\0", b"\xff\xfe", b"<", b"9" * 30])
        )
        kind = draw(st.sampled_from(["put", "cut", "again", "end"]))
        middle = draw(filler) if kind == "put" else data[start:end] * 5 if kind == "again" else b""
        data = data[:start] if kind == "end" else data[:start] + middle + data[end:]
    return data


def taken(read: Callable[[bytes, str], Document], data: bytes) -> Document | None:
    """The document, held to what every format owes, or None where it was refused in one line."""
    try:
        document = read(data, "a.file")
    except SourceError as error:
        told = str(error)
    else:
        hold(document)
        return document
    assert told.startswith("a.file ")
    assert "\n" not in told
    return None


def hold(document: Document) -> None:
    """Paragraphs are in order, apart and trimmed, pages lie in the text, and all can be stored."""
    end = 0
    for start, stop in document.paragraphs:
        assert end <= start < stop <= len(document.text)
        piece = document.text[start:stop]
        assert piece == piece.strip().strip("\ufeff")
        end = stop
    assert document.paragraphs
    assert document.title
    assert list(document.pages) == sorted(document.pages)
    assert all(0 <= page <= len(document.text) for page in document.pages)
    for told in (document.text, document.title, document.author, document.site, document.url):
        assert "\0" not in (told or "").encode().decode()


def pieces(document: Document) -> list[str]:
    """The text of each paragraph."""
    return [document.text[start:end] for start, end in document.paragraphs]
