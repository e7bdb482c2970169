"""EML: the text of one mail, with its subject, sender and date.

The plain part is read as it was written, including replies quoted with “>” and the signature; or the HTML
part if there is no plain one. Attachments are left out.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import HeaderParser

from askbrief.errors import SourceError
from askbrief.formats.decoding import decode
from askbrief.formats.document import About, composed, document
from askbrief.formats.format import Format
from askbrief.formats.html import decoded
from askbrief.formats.markup import blocks, parsed
from askbrief.formats.text import paragraphs
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.types import Document

LARGEST = 100_000_000
"""Bytes, attachments included."""
LARGEST_HTML = 20_000_000
"""Bytes of the HTML part."""
KNOWN = frozenset({"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version"})
"""A mail has at least one of these headers."""


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of a mail as mail programs save it.

    Raises:
        SourceError: not a mail, one that can't be decoded, or one without text.
    """
    require_size(data, LARGEST, source, "save it without attachments")
    try:
        mail = message_from_bytes(data, policy=policy.default)
        headers = HeaderParser(policy=policy.default).parsestr(_head(data))
        about = _about(headers)
        part = mail.get_body(("plain", "html"))
        payload = part.get_payload(decode=True) if part else b""
        kind, charset = (part.get_content_type(), part.get_content_charset()) if part else ("", None)
    except Exception as error:  # the parser fails on headers in many ways
        raise SourceError(
            f"{source} is a damaged mail ({type(error).__name__})", hint="save it again"
        ) from error
    if not KNOWN & {name.lower() for name in headers}:
        raise not_in_format(source, "a mail")
    body = payload if isinstance(payload, bytes) else b""
    if kind == "text/html":
        written = _text(body, charset, source, of_html=True)
        require_size(written, LARGEST_HTML, source, "leave it out", "characters of HTML")
        return composed(source, blocks(parsed(written, source)), about)
    lines = _text(body, charset, source).replace("\r\n", "\n").strip("\r\n\ufeff")
    return document(source, lines, paragraphs(lines), about)


def _head(data: bytes) -> str:
    """The headers as text; many programs write names in plain UTF-8."""
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _about(headers: EmailMessage) -> About:
    sender = headers["from"]
    addresses = getattr(sender, "addresses", ())
    author = next((each.display_name or each.addr_spec.strip('"') for each in addresses), str(sender or ""))
    sent = getattr(headers["date"], "datetime", None)
    day = sent.date().isoformat() if sent else None  # the sender's local date
    subject = str(headers["subject"] or "").strip()
    return About(subject, day, author)


def _text(body: bytes, charset: str | None, source: str, *, of_html: bool = False) -> str:
    """The text of a part, in the encoding that it declares, or else in the detected one."""
    try:
        text = body.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return decoded(body, source) if of_html else decode(body, source)
    return decode(text.encode("utf-8", "replace"), source)  # refuses binary data


FORMAT = Format(read, (".eml",), ("message/rfc822",))
