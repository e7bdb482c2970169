"""The messages in the text of a mail: the sender's own, and those that it quotes or forwards.

A message that is quoted with “>”, or that follows a line such as “On Monday, Ada Lind wrote:” or the headers
of another mail, isn't the sender's. Its author is whom that line or those headers name, or nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parseaddr

from askbrief.formats.mail_parts import MailLine

LONGEST_ATTRIBUTION = 3
"""Lines that a long “On …, … wrote:” may be broken into."""
MOST_HEADERS = 12

_WROTE = r"(?:wrote|writes|schrieb|écrit|escribió|escreveu|scritto|schreef|skrev)"
_ATTRIBUTION = re.compile(
    rf"(?:On|Am|Le|El|Il|Op|Em|Den)\b.{{4,250}}?\b{_WROTE}\b[^.?!]{{0,40}}:|.{{0,80}}<[^<>\s]+@[^<>\s]+>\s+{_WROTE}\s?:"
)
_BEGUN = re.compile(r"(?:On|Am|Le|El|Il|Op|Em|Den)\b|.{0,80}<[^<>\s]+@")
_SURE = re.compile(r"<[^<>\s]+@[^<>\s]+>|\b\d{4}\b")
"""What an attribution has that isn't a sentence of the sender (“On Monday she wrote:”)."""
_BEFORE_NAME = re.compile(
    r",|\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s(?:[A-Z]{2,5}|[+-]\d{4})\b)?|\d{4}"
)
_DAY = re.compile(r"[A-Z][a-z]+\.? \d{1,2}, \d{4}|\d{1,2}\.? [A-Z][a-z]+\.? \d{4}|\d{4}-\d\d-\d\d")
_SEPARATOR = re.compile(
    r"\s*(?:[-_*=]{2,}\s*(?:original|forwarded|ursprüngliche|weitergeleitete|message)[^-_*=]{0,40}[-_*=]{2,}"
    r"|begin forwarded message\s?:|[-_]{5,})\s*",
    re.IGNORECASE,
)
HEADERS = {
    "author": ("from", "von", "de", "da", "van", "fra", "från"),
    "day": (
        "date",
        "sent",
        "datum",
        "gesendet",
        "envoyé",
        "fecha",
        "enviado",
        "data",
        "inviato",
        "verzonden",
    ),
    "title": ("subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "emne", "ämne"),
    "": (
        "to",
        "an",
        "à",
        "para",
        "a",
        "aan",
        "til",
        "till",
        "cc",
        "bcc",
        "kopie",
        "reply-to",
        "organization",
    ),
}
"""What the headers of a message within a text say, in several languages."""
_ROLES = {name: role for role, names in HEADERS.items() for name in names}
_HEADER = re.compile(r"\s*\*?([^\W\d_][\w-]{0,14})\s?:\*?\s*(.*)")
_DELIMITER = re.compile(r"--\s?")
_SENT_FROM = re.compile(
    r"\s*(?:sent from (?:my|a|the)\b|get outlook for\b|sent with\b).{0,60}", re.IGNORECASE
)


@dataclass(slots=True)
class QuotedMessage:
    """A message within another."""

    lines: list[MailLine] = field(default_factory=list)
    author: str | None = None
    day: str | None = None
    title: str | None = None


def split(lines: list[MailLine]) -> tuple[list[bool], list[QuotedMessage]]:
    """Which lines are the sender's own words, and the messages that the others quote."""
    own = [False] * len(lines)
    found: list[QuotedMessage] = []
    open_: QuotedMessage | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.depth:
            if open_ is None:
                found.append(open_ := QuotedMessage())
            open_.lines.append(_unquoted(line))
            at += 1
        elif headers := _headers(lines, at):
            end, quoted = headers
            return own, [*found, QuotedMessage(lines[end:], quoted.author, quoted.day, quoted.title)]
        elif attributed := _attribution(lines, at):
            end, quoted, sure = attributed
            after = next((each for each in lines[end:] if each.text.strip()), MailLine(""))
            if not after.depth and sure:
                return own, [*found, QuotedMessage(lines[end:], quoted.author, quoted.day)]
            if after.depth:
                found.append(open_ := quoted)
            else:
                own[at:end] = [each.cited for each in lines[at:end]]
            at = end
        elif _DELIMITER.fullmatch(line.text):
            at += 1
            while at < len(lines) and not (
                lines[at].depth or lines[at].ends_part or _headers(lines, at) or _attribution(lines, at)
            ):
                at += 1
        else:
            own[at] = line.cited and not _SENT_FROM.fullmatch(line.text)
            if open_ is not None:
                open_.lines.append(MailLine(""))
            at += 1
    return own, found


def _unquoted(line: MailLine) -> MailLine:
    return MailLine(re.sub(r"^> ?", "", line.text), line.depth - 1, line.cited)


def _headers(lines: list[MailLine], at: int) -> tuple[int, QuotedMessage] | None:
    """The headers of a message from a line on, with a line above them or not, and where they end."""
    begin = at
    if _SEPARATOR.fullmatch(lines[at].text):
        at += 1
    values: dict[str, str] = {}
    end, seen = at, 0
    while at < len(lines) and seen < MOST_HEADERS and not lines[at].depth:
        header = _HEADER.fullmatch(lines[at].text)
        role = _ROLES.get(header[1].lower()) if header else None
        if header and role is not None:
            values.setdefault(role, header[2].strip())
            seen, end = seen + 1, at + 1
        elif lines[at].text.strip() and not (seen and lines[at].text[:1].isspace()):
            break
        at += 1
    if end == begin or "author" not in values or not values.keys() & {"day", "title"}:
        return None
    return end, QuotedMessage([], _name(values["author"]), values.get("day"), values.get("title"))


def _name(written: str) -> str | None:
    written = re.sub(r"\[mailto:([^\]]*)\]", r"<\1>", written.replace("*", ""))
    name, address = parseaddr(written)
    bare = written.partition("<")[0].strip(" \"'")
    return bare or name.strip() or address or None


def _attribution(lines: list[MailLine], at: int) -> tuple[int, QuotedMessage, bool] | None:
    """The line that says who wrote what follows, where it ends, and whether it can be nothing else."""
    if not _BEGUN.match(lines[at].text):
        return None
    for end in range(at + 1, min(at + LONGEST_ATTRIBUTION, len(lines)) + 1):
        text = " ".join(line.text.strip() for line in lines[at:end])
        if _ATTRIBUTION.fullmatch(text):
            before = re.split(rf"\s*\b(?:{_WROTE})\b", text)[0]
            day = _DAY.search(before)
            name = _BEFORE_NAME.split(re.sub(r"<[^<>]*>", "", before))[-1].strip(" \"'")
            name = re.sub(r"^(?:at|um|à|a|on)\s+|\s+(?:hat|a|ha)$", "", name)
            address = re.search(r"<([^<>\s]+@[^<>\s]+)>", before)
            author = name if name and not re.search(r"\d", name) else address[1] if address else None
            return end, QuotedMessage([], author, day[0] if day else None), bool(_SURE.search(text))
        if not lines[end - 1].text.strip():
            return None
    return None
