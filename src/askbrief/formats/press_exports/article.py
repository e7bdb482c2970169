"""One article of an export: what stands above its text, its text, and the index terms below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from askbrief.formats.dates import line_day, written_date
from askbrief.formats.document import BLANK, About, document
from askbrief.formats.press_exports import field_labels as fields
from askbrief.formats.press_exports.field_labels import Label, is_copyright, is_edition, is_marker, label, tag
from askbrief.formats.text_paragraphs import paragraphs
from askbrief.types import Document, Extent

LONGEST_DATE = 60
"""Characters of a line with the date of an article."""
FIRST = 25
"""Lines of an article among which is its copyright, if it is above the text."""

_WORDS = re.compile(r"[\d,.]+ words", re.IGNORECASE)
_RULE = re.compile(r"[\W_]+|Body")
"""A line across the page, or the heading of the text."""
_CODE = re.compile(r"[A-Z][A-Z0-9]{2,7}|[A-Z]?\d{1,4}|\d{1,2}:\d\d.{0,6}|[A-Z][a-z]+(?<=ish|man|nch|ian|ese)")
"""A line with the code of a source, a page, a time or a language."""
_BEGINS_DATE = re.compile(
    r"(?:\w+day,? )?(?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]{2,8}\.? \d{1,2},) \d{4}|[A-Z][a-z]+ \d{4}$"
)


class _Line(NamedTuple):
    """A line that isn't blank: where it is, its words, and whether it directly follows another."""

    start: int
    words: str
    adjacent: bool

    @property
    def extent(self) -> Extent:
        return self.start, self.start + len(self.words)


@dataclass(slots=True)
class _Parts:
    """An article's fields by name, and the extents of its text and of its headline."""

    fields: dict[str, str] = field(default_factory=dict)
    text: list[Extent] = field(default_factory=list)
    title: list[Extent] = field(default_factory=list)

    def value(self, names: Iterable[str]) -> str | None:
        return next((self.fields[name] for name in names if self.fields.get(name)), None)


def read(text: str, source: str) -> Document:
    """The document of an article: all of its text, of which the article's own words are cited.

    Raises:
        SourceError: it holds no letter and no digit.
    """
    lines = list(_lines(text))
    tagged = any((found := tag(line.words)) and found.name == "HD" for line in lines)
    parts = _of_tags(lines) if tagged else _of_labels(lines)
    day = next(filter(None, (_day(parts.fields.get(name, "")) for name in fields.DAY)), None)
    info = parts.fields.get("publication info", "")  # “The Tribune ; Coll [Coll] 04 Mar 2024: A.1.”
    author = re.sub(r"(?i)^by\s+", "", parts.value(fields.AUTHOR) or "")
    about = About(
        parts.value(fields.TITLE),
        day or written_date(info),
        author,
        parts.value(fields.SOURCE) or info.partition(";")[0],
        parts.value(fields.ADDRESS),
        parts.value(fields.CHANGED),
    )
    cited = next(
        filter(None, (list(paragraphs(_only(text, kept))) for kept in (parts.text, parts.title))), None
    )
    return document(source, text, cited or paragraphs(text), about)


def _lines(text: str) -> Iterator[_Line]:
    blank = True
    at = 0
    for line in text.splitlines(keepends=True):
        words = line.strip(BLANK)
        if words:
            yield _Line(at + line.index(words[0]), words, not blank)
        blank = not words
        at += len(line)


def _only(text: str, kept: Iterable[Extent]) -> str:
    """The text with a blank for every character outside these extents, lines kept apart."""
    parts, last = [], 0
    for start, end in kept:
        parts += [re.sub(r"[^\n]", " ", text[last:start]), text[start:end]]
        last = end
    return "".join([*parts, re.sub(r"[^\n]", " ", text[last:])])


def _of_tags(lines: Sequence[_Line]) -> _Parts:
    """The parts of an article whose fields are tagged: “HD  Crane falls”."""
    parts = _Parts()
    name = ""
    for line in lines:
        if is_marker(line.words):
            continue
        found = tag(line.words)
        name = found.name if found else name
        start, end = line.extent
        start += found.end if found else 0
        if name in fields.TAGGED_TEXT and start < end:
            parts.text.append((start, end))
        elif name:
            value = line.words[found.end :] if found else line.words
            parts.fields[name] = f"{parts.fields.get(name, '')} {value}".strip()
            parts.title += [(start, end)] if name == "HD" and start < end else []
    return parts


def _of_labels(lines: Sequence[_Line]) -> _Parts:
    """The parts of an article with labels (“LENGTH: 212 words”), or with lines in a known order."""
    parts = _Parts()
    found = [label(line.words) for line in lines]
    begin = _text_begins(lines, found)
    _read_head(lines[:begin], found[:begin], parts)
    closed = False
    for line, name in zip(lines[begin:], found[begin:], strict=True):
        bare = line.words.lower() in {"graphic", "classification"}
        ended = bare or is_marker(line.words) or (name is not None and name.name in fields.CLOSING)
        closed = closed or bool(ended)
        if name is not None and name.name not in fields.TEXT and (closed or name.name in fields.FOOT):
            parts.fields.setdefault(name.name, line.words[name.end :])
        elif not closed and not is_copyright(line.words):
            start, end = line.extent
            parts.text += [(start + name.end, end)] if name and name.name in fields.TEXT else [(start, end)]
    return parts


def _text_begins(lines: Sequence[_Line], found: Sequence[Label | None]) -> int:
    """The number of the line with which the text of an article begins."""
    for at, (line, name) in enumerate(zip(lines, found, strict=True)):
        if name is not None and name.name in fields.TEXT:
            return at if len(line.words) > name.end else at + 1
        if line.words == "Body":
            return at + 1
    if not any(name is not None and name.name in fields.HEAD for name in found):
        first = [at for at, line in enumerate(lines[:FIRST]) if is_copyright(line.words)]
        marked = next((at for at, line in enumerate(lines) if not _is_around(line.words)), 0)
        return first[-1] + 1 if first else marked  # Factiva has its copyright right above the text
    counted, at = False, 0
    for at, (line, name) in enumerate(zip(lines, found, strict=True)):
        above = name is not None or _is_around(line.words)
        if counted and not above and not (line.adjacent and found[at - 1]):
            return at
        counted = counted or (name is not None and name.name in fields.HEAD)
    return at + 1


def _is_around(line: str) -> bool:
    """Whether a line is neither of an article nor a field of it."""
    return is_copyright(line) or is_marker(line) or _RULE.fullmatch(line) is not None


def _read_head(lines: Sequence[_Line], found: Sequence[Label | None], parts: _Parts) -> None:
    """Keep the fields above an article's text: those with labels, and by their order those without."""
    plain: list[_Line] = []
    last: Label | None = None
    for line, name in zip(lines, found, strict=True):
        if name is not None:
            parts.fields.setdefault(name.name, line.words[name.end :])
        elif last is not None and line.adjacent:
            parts.fields[last.name] = f"{parts.fields[last.name]} {line.words}".strip()
        elif not _is_around(line.words):
            plain.append(line)
        last = name if name is not None else last if line.adjacent else None
    _read_plain(plain, parts, ended=not any(found))


def _read_plain(plain: Sequence[_Line], parts: _Parts, *, ended: bool) -> None:
    """Keep the headline, source and date of the lines without labels above an article's text."""
    dates = [at for at, line in enumerate(plain) if _day(line.words)]
    sure = [at for at in dates if line_day(plain[at].words)]
    counts = [at for at, line in enumerate(plain) if _WORDS.fullmatch(line.words)]
    if not dates:
        _keep(parts, "title", plain[:1])
        return
    date = (sure or dates)[0]
    parts.fields.setdefault("date", plain[date].words)
    above, below = plain[:date], [line for line in plain[date + 1 :] if not is_edition(line.words)]
    if ended and counts and counts[0] < date:  # Factiva: headline, author, words, date, source
        above = plain[: counts[0]]
        headline = max(range(len(above)), key=lambda at: len(above[at].words), default=0)
        _keep(parts, "title", above[headline : headline + 1])
        _keep(parts, "byline", above[headline + 1 : headline + 2])
        _keep(parts, "source", [line for line in below if not _CODE.fullmatch(line.words)][:1])
    elif below or len(above) == 1:  # Nexis until 2019: source, date, headline
        _keep(parts, "source", above[-1:])
        _keep(parts, "title", below[: _together(below)])
    else:  # Nexis since: headline, source, date
        _keep(parts, "source", above[-1:])
        _keep(parts, "title", above[_apart(above[:-1]) : -1])


def _together(lines: Sequence[_Line]) -> int:
    """How many lines directly follow one another, from the first."""
    return next((at for at, line in enumerate(lines) if at and not line.adjacent), len(lines))


def _apart(lines: Sequence[_Line]) -> int:
    """The number of the last line that doesn't directly follow another."""
    return next((at for at in reversed(range(len(lines))) if not lines[at].adjacent), 0)


def _keep(parts: _Parts, name: str, lines: Sequence[_Line]) -> None:
    if lines and name not in parts.fields:
        parts.fields[name] = " ".join(line.words for line in lines)
        parts.title += [line.extent for line in lines] if name == "title" else []


def _day(line: str) -> str | None:
    """The date of a line that has one and little else."""
    if len(line) > LONGEST_DATE:
        return None
    return line_day(line) or (written_date(line) if _BEGINS_DATE.match(line) else None)
