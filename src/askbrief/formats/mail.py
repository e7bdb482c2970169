"""EML: the messages of a mail, each with its subject, author and date: what its sender wrote, and what it
quotes or forwards.

All parts that a mail program shows are read, in their order. Quoted lines, their headers and signatures stay
in the text of the mail, but are not cited as its sender's words; quoted and forwarded messages are documents
of their own. Attachments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import EmailPolicy
from typing import Any, cast

from askbrief.errors import SourceError
from askbrief.formats.document import About, document, trimmed
from askbrief.formats.format import Contents, Format
from askbrief.formats.mail_messages import split
from askbrief.formats.mail_parts import MailLine, ShownParts, shown
from askbrief.formats.text_paragraphs import paragraphs
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.types import Document

LARGEST = 100_000_000
"""Bytes, attachments included."""
LONGEST_HEADER = 10_000
"""Characters of a header that are parsed; the parser's time grows with the square of them."""
KNOWN = frozenset({"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version"})
"""A mail has at least one of these headers."""
DEEPEST = 20
"""Messages that quote one another; what is quoted deeper is of no known author."""


class _Policy(EmailPolicy):
    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


POLICY = cast("EmailPolicy[EmailMessage]", _Policy())


def read(data: bytes, source: str) -> Document:
    """What the sender of a mail wrote, in the bytes that mail programs save; the first message that it
    forwards, if that is nothing.

    Raises:
        SourceError: not a mail, one that can't be decoded, or one without text.
    """
    return read_all(data, source).document


def read_all(data: bytes, source: str) -> Contents:
    """The document, the other messages of a mail, and the media types of the parts that are left out.

    Raises:
        SourceError: as ``read``.
    """
    require_size(data, LARGEST, source, "save it without attachments")
    try:
        mail = message_from_bytes(data, policy=POLICY)
        headers = HeaderParser(policy=POLICY).parsestr(_head(data))
        if not KNOWN & {name.lower() for name in headers}:
            raise not_in_format(source, "a mail")  # noqa: TRY301
        found = shown(mail, source)
        messages = [*_messages(found.lines, _about(headers)), *_attached(found)]
        if not messages:
            messages = [(found.lines, [True] * len(found.lines), _about(headers))]
    except SourceError:
        raise
    except Exception as error:  # the parser fails on headers in many ways
        raise SourceError(
            f"{source} is a damaged mail ({type(error).__name__})", hint="save it again"
        ) from error
    names = (f"{source}#{number}" if number else source for number in range(len(messages)))
    first, *others = (_document(*each, name) for each, name in zip(messages, names, strict=True))
    return Contents(first, others, found.left_out)


Message = tuple[list[MailLine], list[bool], About]
"""The lines of a message, which of them are its author's, and its metadata."""


def _attached(found: ShownParts, depth: int = 0) -> Iterator[Message]:
    """The messages that are attached to a mail; what is left out of them is noted with it."""
    for mail in found.attached if depth < DEEPEST else ():
        inner = shown(mail, "it")
        yield from _messages(inner.lines, _about(mail))
        yield from _attached(inner, depth + 1)
        found.left_out += inner.left_out


def _messages(lines: list[MailLine], about: About, depth: int = 0) -> Iterator[Message]:
    """What is written in some lines by their author, if anything, and the messages that they quote."""
    if depth == DEEPEST:
        yield lines, [line.cited for line in lines], About(about.title)
        return
    own, quoted = split(lines)
    if any(mine and trimmed(line.text, 0, len(line.text)) for line, mine in zip(lines, own, strict=True)):
        yield lines, own, about
    for each in quoted:
        yield from _messages(each.lines, About(each.title or about.title, each.day, each.author), depth + 1)


def _document(lines: list[MailLine], own: list[bool], about: About, source: str) -> Document:
    """The record of a message: its paragraphs are its author's, its text has all lines."""
    first = next((at for at, line in enumerate(lines) if line.text.strip()), 0)
    last = next((at for at in reversed(range(len(lines))) if lines[at].text.strip()), -1)
    kept, mine = lines[first : last + 1], own[first : last + 1]
    text = "\n".join(line.text for line in kept)
    shown_ = (line.text if is_own else " " * len(line.text) for line, is_own in zip(kept, mine, strict=True))
    return document(source, text, paragraphs("\n".join(shown_)), about)


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


FORMAT = Format(read, (".eml",), ("message/rfc822",), read_all=read_all)
