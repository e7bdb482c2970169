"""The parts of a mail that a mail program shows, in order, as lines; and the mails that are attached.

Of two versions of one text the plain one is shown; the HTML one if the plain one is empty, far shorter, or
only says that there is HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, cast

from askbrief.formats.decoding import decode
from askbrief.formats.document import cleaned, ends_sentence
from askbrief.formats.html import decoded
from askbrief.formats.markup import blocks, parsed
from askbrief.formats.rich_text import normal
from askbrief.formats.shown_words import show_words
from askbrief.formats.unreadable import require_size

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST_HTML = 20_000_000
"""Characters of an HTML part."""
FAR_SHORTER = 0.5
"""A plain part with less than this share of the HTML part's letters is no version of it."""
STUB_WORDS = 50
"""A note that there is HTML has fewer words."""

_STUB = re.compile(
    r"\b(?:html|browser|mail (?:program|client|reader)|view (?:this|the|it)|mime)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"(?:> ?)+(?<!>From )")
_MAIL_QUOTE = re.compile(r"quote|cite|reply", re.IGNORECASE)
_SIGNATURE = re.compile(r"(?:^|[\W_])signature(?:$|[\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailLine:
    """A line that is shown; ``depth`` is how often it is quoted, ``cited`` false for headings, signatures.
    ``ends_part`` is true for the blank line between two parts, where a signature ends."""

    text: str
    depth: int = 0
    cited: bool = True
    ends_part: bool = False


@dataclass(slots=True)
class ShownParts:
    """What a mail shows; ``attached`` are the mails within it, ``left_out`` the media types of the rest."""

    lines: list[MailLine] = field(default_factory=list)
    attached: list[EmailMessage] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, lines: list[MailLine]) -> None:
        """Show the lines of a part, apart from those before."""
        if any(line.text.strip() for line in lines):
            self.lines += [MailLine("", ends_part=True), *lines] if self.lines else lines

    @property
    def letters(self) -> str:
        """The text without blanks and punctuation."""
        return normal(" ".join(line.text for line in self.lines))


def shown(mail: EmailMessage, source: str) -> ShownParts:
    """What a mail shows.

    Raises:
        SourceError: a part can't be decoded, or is too large.
    """
    found = ShownParts()
    _walk(mail, found, source)
    return found


def _walk(part: EmailMessage, found: ShownParts, source: str) -> None:
    kind, inner = part.get_content_type(), _inner(part)
    if kind == "multipart/alternative" and inner:
        versions = []
        for each in inner:
            versions.append(ShownParts())
            _walk(each, versions[-1], source)
        found.add(_best(versions, [each.get_content_type() for each in inner]).lines)
        for version in versions:
            found.attached += version.attached
            found.left_out += version.left_out
    elif kind == "message/rfc822" and inner:
        found.attached += inner
    elif inner:
        for each in inner:
            _walk(each, found, source)
    elif part.get_content_disposition() == "attachment" or not kind.startswith(
        ("text/plain", "text/html", "multi")
    ):
        found.left_out.append(kind)
    elif kind == "text/html":
        lines = _html_lines(part, source)
        letters = normal(" ".join(line.text for line in lines))
        if letters not in found.letters:  # the same again, outside of an alternative
            found.add(lines)
    else:
        found.add(_plain_lines(part, source))


def _inner(part: EmailMessage) -> list[EmailMessage]:
    """The parts of a part; none if its boundary is nowhere, which leaves its text to be shown."""
    payload = part.get_payload()
    return cast("list[EmailMessage]", payload) if isinstance(payload, list) else []


def _best(versions: list[ShownParts], kinds: list[str]) -> ShownParts:
    plain = next((v for v, kind in zip(versions, kinds, strict=True) if kind == "text/plain"), ShownParts())
    others = (v for v, kind in zip(versions, kinds, strict=True) if kind != "text/plain")
    rich = max(others, key=lambda version: len(version.letters), default=ShownParts())
    if not rich.letters:
        return plain
    text = " ".join(line.text for line in plain.lines)
    is_stub = len(text.split()) <= STUB_WORDS and len({*map(str.lower, _STUB.findall(text))}) > 1
    shorter = len(plain.letters) < FAR_SHORTER * len(rich.letters)
    return rich if shorter or is_stub else plain


def _plain_lines(part: EmailMessage, source: str) -> list[MailLine]:
    text = _text(part, source).replace("\r\n", "\n").strip("\r\n\ufeff")
    lines = [*map(_quoted_line, text.split("\n"))]
    if str(part.get_param("format", "")).lower() == "flowed":
        return list(_unflowed(lines, delete=str(part.get_param("delsp", "")).lower() == "yes"))
    return lines


def _quoted_line(text: str) -> MailLine:
    mark = _QUOTED.match(text)
    return MailLine(text, mark[0].count(">") if mark else 0)


def _unflowed(lines: list[MailLine], *, delete: bool) -> Iterator[MailLine]:
    """Lines that end in a space joined with the next of their depth (RFC 3676)."""
    held: MailLine | None = None
    for line in lines:
        mark, words = ">" * line.depth, line.text.lstrip(">") if line.depth else line.text
        words = words.removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        words = words.removesuffix(" ") if flows and delete else words
        if held and held.depth == line.depth and words != "-- ":
            line = MailLine(held.text + words, line.depth)
        else:
            if held:
                yield held
            line = MailLine(f"{mark} {words}" if mark else words, line.depth)
        held = line if flows else None
        if not flows:
            yield line
    if held:
        yield held


def _html_lines(part: EmailMessage, source: str) -> list[MailLine]:
    written = _text(part, source, of_html=True)
    require_size(written, LARGEST_HTML, source, "leave it out", "characters of HTML")
    if not written.strip():
        return []
    tree = parsed(written, source)
    show_words(tree)
    _mark(tree)
    lines: list[MailLine] = []
    for block in blocks(tree):
        words = cleaned(block.text)
        cited = block.prose or ends_sentence(words)
        lines += [MailLine("")] if lines else []
        lines += [MailLine(line, int(block.quoted), cited) for line in words.splitlines()]
    return lines


def _mark(tree: HtmlElement) -> None:
    """Let only quoted mails be block quotes, and signatures headings, which aren't cited."""
    for element in tree.iter("blockquote"):
        if element.get("type") != "cite" and not _MAIL_QUOTE.search(element.get("class", "")):
            element.tag = "div"
    for element in list(tree.iter("div", "table", "p", "span")):
        if _SIGNATURE.search(element.get("class", "")) or _SIGNATURE.search(element.get("id", "")):
            element.tag = "legend"


def _text(part: EmailMessage, source: str, *, of_html: bool = False) -> str:
    """The text of a part, in the encoding that it declares, or else in the detected one."""
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    try:
        text = body.decode(part.get_content_charset() or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return decoded(body, source) if of_html else decode(body, source)
    return decode(text.encode("utf-8", "replace"), source)  # refuses binary data
