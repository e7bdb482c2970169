"""What office files and e-books share: a zip file of XML parts, opened within limits.

Nothing is fetched, no entity is expanded, and no part larger than ``LARGEST_PART`` is read, whatever size the
file claims. Elements have local names, without namespaces: a part with text has one vocabulary.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from html.entities import html5
from io import BytesIO
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats.unreadable import encrypted, not_in_format

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_PART = 40_000_000
"""Bytes of a part, unpacked; a novel has about six million."""
LARGEST = 200_000_000
"""Bytes of all parts read from one file."""

OLD = b"\xd0\xcf\x11\xe0"
"""The first bytes of an old office file, and of a new one with a password."""

ENTITY = b"<!ENTITY"
"""If expanded, such a declaration can grow to gigabytes, or read a local file."""

AGAIN = "save it again"

_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")


class Parts:
    """The parts of a zip file, by name; ``source`` is its name in errors."""

    def __init__(self, archive: zipfile.ZipFile, source: str) -> None:
        self._archive = archive
        self._left = LARGEST
        self.source = source

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            SourceError: it is missing, damaged, encrypted or too large.
        """
        try:
            info = self._archive.getinfo(name)
        except KeyError as error:
            raise SourceError(f"{self.source} lacks its part {_shown(name)}", hint=AGAIN) from error
        if info.flag_bits & 1:
            raise encrypted(self.source)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise SourceError(f"{self.source} is compressed in an unusual way", hint=AGAIN)
        limit = min(LARGEST_PART, self._left)
        try:
            with self._archive.open(info) as part:
                data = part.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise SourceError(f"{self.source} is damaged in its part {_shown(name)}", hint=AGAIN) from error
        if len(data) > limit:
            raise SourceError(
                f"{self.source} unpacks to more than {limit:,} bytes", hint="split it, or leave it out"
            )
        self._left -= len(data)
        return data

    def tree(self, name: str) -> _Element:
        """The root of an XML part; raises as ``read``, and if it is malformed."""
        return parsed(self.read(name), f"{self.source} in its part {_shown(name)}")

    def optional_tree(self, name: str) -> _Element:
        """As ``tree``; an empty one if there is no such part."""
        return self.tree(name) if name in self._archive.NameToInfo else parsed(b"<missing/>", name)


def names_media_type(media_type: str, data: bytes) -> bool:
    """Whether a zip file states its media type, in the way of OpenDocument and EPUB: in its first entry."""
    return data.startswith(b"PK") and data.startswith(f"mimetype{media_type}".encode(), 30)


def opened(data: bytes, source: str, kind: str) -> Parts:
    """The parts of a file that should be a ``kind``, as “a Word document”.

    Raises:
        SourceError: it isn't a zip file, or is damaged.
    """
    if data.startswith(OLD):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise encrypted(source)
        raise SourceError(
            f"{source} is in an office format from before 2007",
            hint="save it in a newer one and index that",
        )
    if not data.startswith(b"PK"):
        raise not_in_format(source, kind)
    try:
        return Parts(zipfile.ZipFile(BytesIO(data)), source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError) as error:
        raise SourceError(f"{source} is cut short or damaged", hint="copy it or save it again") from error


def parsed(data: bytes, name: str) -> _Element:
    """The root of an XML document, its elements under their local names, without comments.

    Named characters of XHTML are replaced; other entities are dropped.

    Raises:
        SourceError: it is malformed, or nested too deeply; the message begins with ``name``.
    """
    from lxml import etree

    if ENTITY in data:
        raise SourceError(
            f"{name} declares entities, as only malicious files do", hint="save it again, or leave it out"
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_NAMED.sub(_character, data), parser)
    except (etree.LxmlError, ValueError) as error:
        why = " ".join(str(error).split())[:100]
        raise SourceError(f"{name} is damaged ({why})", hint=AGAIN) from error
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname
    return root


def words(root: _Element, name: str) -> str | None:
    """The text of the first element of a name, or None."""
    return next((" ".join("".join(element.itertext()).split()) for element in root.iter(name)), None)


def attribute(element: _Element, name: str) -> str:
    """An attribute by its local name, or the empty string."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def _character(found: re.Match[bytes]) -> bytes:
    name = found[1].decode()
    if name in {"amp", "lt", "gt", "quot", "apos"} or name + ";" not in html5:
        return found[0]
    return html5[name + ";"].encode("ascii", "xmlcharrefreplace")


def _shown(name: str) -> str:
    """A part's name, shortened and on one line."""
    return repr(name[:80])
