"""A message of mail: its subject, day and sender, and what it says in words."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

from askbrief.errors import SourceError
from askbrief.sources import html, records, text
from askbrief.sources.decode import decode
from askbrief.sources.document import cleaned, document
from askbrief.types import Document


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a message; its text is the plain part, or else what the HTML part says.

    Raises:
        SourceError: it has neither, or one without prose.
    """
    told = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    title, author = _header(told, "subject"), _sender(_header(told, "from"))
    day = records.day(_header(told, "date"))
    body = told.get_body(("plain", "html"))
    if body is None:
        raise SourceError(f"{source} holds no text: there is nothing to index; leave it out")
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if body.get_content_subtype() == "html":
        found = html.read(data, source)
        return document(source, found.text, found.paragraphs, title or found.title, day, author=author)
    words = _decoded(data, body.get_content_charset(), source)
    return document(source, words, text.paragraphs(words), title, day, author=author)


def _header(told: EmailMessage, name: str) -> str | None:
    try:
        return cleaned(str(told.get(name, "")), " ") or None
    except (ValueError, TypeError, LookupError, IndexError, AttributeError):  # the library gives up on some
        return None


def _sender(written: str | None) -> str | None:
    return next((name or address for name, address in getaddresses([written or ""])), None) or None


def _decoded(data: bytes, charset: str | None, source: str) -> str:
    """The words, by the encoding that the message tells, or else as a file's."""
    try:
        return data.decode(charset or "utf-8").replace("\r\n", "\n").replace("\0", " ")
    except (UnicodeDecodeError, LookupError):
        return decode(data, source)
