"""MSG: a message as Outlook saves it (MS-OXMSG), made into the mail that it was, and read as that.

Its properties are streams of a compound file, named by their numbers and types; messages that are attached
are folders of the same form.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from askbrief.errors import SourceError
from askbrief.formats import mail
from askbrief.formats.format import Contents, Format
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.types import Document

if TYPE_CHECKING:
    from olefile import OleFileIO

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How compound files begin."""
MESSAGE = "__substg1.0_".encode("utf-16-le")
"""What is in those that are messages."""
DEEPEST = 20
"""Messages attached to one another."""

SUBJECT, SENDER, ADDRESSES = "0037", ("0C1A", "0042"), ("5D01", "5D02", "0C1F")
PLAIN, HTML, RTF, HEADERS = "1000", "1013", "1009", "007D"
EMBEDDED, KIND, NAME = "3701000D", "370E", "3707"
SENT, CODE_PAGES = (0x0039, 0x0E06), (0x3FDE, 0x3FFD)
"""The numbers of properties: of streams as text, of fixed values as integers."""

ENCODINGS = {65001: "utf-8", 20127: "ascii", 28591: "latin-1", 28605: "iso8859-15", 20866: "koi8-r"}
"""Encodings of code pages; others are called by their number."""
_BEGIN = datetime(1601, 1, 1, tzinfo=UTC)

Folder = tuple[str, ...]


def read(data: bytes, source: str) -> Document:
    """What the sender of a message wrote, as ``mail.read``.

    Raises:
        SourceError: not a message, damaged, or one without text.
    """
    return read_all(data, source).document


def read_all(data: bytes, source: str) -> Contents:
    """A message and those that it quotes, forwards or has attached, as ``mail.read_all``.

    Raises:
        SourceError: as ``read``.
    """
    from olefile import OleFileIO

    require_size(data, mail.LARGEST, source, "save it without attachments")
    if not _recognise(data):
        raise not_in_format(source, "an Outlook message")
    try:
        with OleFileIO(data) as file:
            made = bytes(_mail(file, (), source))
    except SourceError:
        raise
    except Exception as error:  # olefile and the makers of headers fail in many ways
        raise SourceError(
            f"{source} is a damaged Outlook message ({type(error).__name__})", hint="save it again"
        ) from error
    return mail.read_all(made, source)


def _mail(file: OleFileIO, folder: Folder, source: str) -> EmailMessage:
    """The mail of the message in a folder."""
    fixed = _fixed(file, folder)
    encoding = next((_encoding(fixed[each]) for each in CODE_PAGES if each in fixed), "cp1252")

    def text(number: str) -> str:
        return _text(file, folder, number, encoding)

    made = EmailMessage(policy=SMTP)
    made["Subject"] = _line(text(SUBJECT))
    address = next((found for each in ADDRESSES if "@" in (found := _line(text(each)))), "")
    made["From"] = formataddr((next(filter(None, map(_line, map(text, SENDER))), ""), address))
    sent = HeaderParser().parsestr(text(HEADERS)).get("Date") or next(
        (
            format_datetime(_BEGIN + timedelta(microseconds=fixed[each] // 10))
            for each in SENT
            if each in fixed
        ),
        "",
    )
    if sent:
        made["Date"] = _line(sent)
    plain, html = text(PLAIN), text(HTML)
    if not plain.strip() and not html.strip() and file.exists([*folder, f"__substg1.0_{RTF}0102"]):
        raise SourceError(f"{source} has its text as packed RTF alone", hint="save it as .eml")
    made.set_content(plain)
    if html.strip():
        made.add_alternative(html, subtype="html")
    for each in _attachments(file, folder):
        inner = (*each, f"__substg1.0_{EMBEDDED}")
        if file.exists([*inner, "__properties_version1.0"]) and len(inner) < 2 * DEEPEST:
            made.add_attachment(_mail(file, inner, source))
        else:
            kind, _, subtype = (_text(file, each, KIND, encoding) or "application/octet-stream").partition(
                "/"
            )
            name = _line(_text(file, each, NAME, encoding)) or "attachment"
            made.add_attachment(b"", maintype=kind, subtype=subtype or "octet-stream", filename=name)
    return made


def _attachments(file: OleFileIO, folder: Folder) -> Iterator[Folder]:
    """The folders of a message's attachments, in order."""
    depth = len(folder)
    found = {
        tuple(path[: depth + 1])
        for path in file.listdir()
        if tuple(path[:depth]) == folder and path[depth].startswith("__attach_version1.0_")
    }
    yield from sorted(found)


def _fixed(file: OleFileIO, folder: Folder) -> dict[int, int]:
    """The properties of a message that have a fixed size, as integers."""
    place = [*folder, "__properties_version1.0"]
    if not file.exists(place):
        return {}
    data = file.openstream(place).read()
    start = 24 if folder else 32
    entries = struct.iter_unpack("<HHIQ", data[start : start + (len(data) - start) // 16 * 16])
    return {number: value & 0xFFFFFFFF if kind == 3 else value for kind, number, _, value in entries}


def _text(file: OleFileIO, folder: Folder, number: str, encoding: str) -> str:
    """A property that is text: in UTF-16, in the message's code page, or bytes in it; empty if none."""
    for kind, how in (("001F", "utf-16-le"), ("001E", encoding), ("0102", encoding)):
        place = [*folder, f"__substg1.0_{number}{kind}"]
        if file.exists(place):
            return str(file.openstream(place).read().decode(how, "replace")).replace("\0", "")
    return ""


def _encoding(code_page: int) -> str:
    """The encoding of a code page; that of Western Windows if it isn't known."""
    name = ENCODINGS.get(code_page, f"cp{code_page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


def _line(text: str) -> str:
    return " ".join(text.split())


def _recognise(data: bytes) -> bool:
    return data.startswith(COMPOUND) and MESSAGE in data


FORMAT = Format(read, (".msg",), ("application/vnd.ms-outlook",), _recognise, read_all=read_all)
