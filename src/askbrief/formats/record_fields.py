"""Records to documents: which field of a JSON object or a row has the text, the title, and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats import field_markup, known_record_fields, rich_text
from askbrief.formats.agency_item import WITHDRAWN, agency_item, status
from askbrief.formats.dates import written_date
from askbrief.formats.document import About, Block, composed, document, ends_sentence
from askbrief.formats.known_record_fields import DATES, LATER_DATES, NAME_PARTS, NAMES, WITHIN, Shape
from askbrief.formats.rich_text import UnreadableText, is_text, normal
from askbrief.formats.text_paragraphs import paragraphs
from askbrief.text import is_web, split_sentences
from askbrief.types import Document, Extent

DEEPEST = 4
"""Objects around a record that are looked through."""

NINJS = {
    "guid": "uri", "version": "version", "status": "pubstatus", "slug": "slugline", "dateline": "dateline",
    "urgency": "urgency", "embargo": "embargoed", "note": "ednote",
}  # fmt: skip
"""The fields of ninjs with what an agency says of an item."""

_UNSTORABLE = dict.fromkeys([0, 0xFDD0, *range(0xD800, 0xE000)], " ")
_CUT = re.compile(r"\s*(?:…|\.{3})?\s*\[(?:\+?\d[\d,]* char(?:acter)?s|…|\.{3})\]\s*$")
"""Where a source has cut a text: “… [+1234 chars]”."""
_REMOVED = frozenset({"[removed]", "[deleted]"})
"""What programs write in the place of a text that they have taken back."""
_LEAD = 40
_FULLER = 3
"""A text of at most so many words is only the lead of one that has so many times as many."""
_BY = re.compile(r"by\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a record's text, title, date, address and name; None for the usual ones."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    id: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Fields:
        """The fields that ``given`` returned."""
        return cls(**{field.name: given.get(field.name) for field in fields(cls)})

    def given(self) -> dict[str, str]:
        """Those that are not the usual ones."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def names(self, role: str) -> tuple[str, ...]:
        """The names that a role's field may have, in order of precedence."""
        own = getattr(self, role, None)
        return NAMES[role] if own is None else (own,)


USUAL = Fields()
"""The usual names of fields."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a record in its order, and what of it is left out."""

    parts: Sequence[str | list[Block]]
    left_out: Sequence[str] = ()
    cut: bool = False


def has_text(record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether a record has a field with a text."""
    return any(True for _ in _texts(record, fields, known_record_fields.shape(record)))


def is_record(record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether an object is a record, though perhaps one whose text is empty."""
    if _details(record).get("status") in WITHDRAWN:
        return True
    return has_text(record, fields) or bool(known_record_fields.shape(record).wordless)


def stands_alone(record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether a record has a text, and a title or a date of its own."""
    about, _ = _about(record, fields, known_record_fields.shape(record))
    return bool(about.title or about.day) and has_text(record, fields)


def unwrapped(record: Mapping[str, Any], fields: Fields, depth: int = DEEPEST) -> Mapping[str, Any]:
    """A record; or the one within it, with the fields around it that it has not, if it has no text itself."""
    if not depth or is_record(record, fields):
        return record
    inner = {
        key: found
        for key, held in record.items()
        if isinstance(held, dict) and has_text(found := unwrapped(held, fields, depth - 1), fields)
    }
    if len(inner) != 1:
        return record
    ((name, found),) = inner.items()
    own = {normal(key) for key in found}
    return {**{key: held for key, held in record.items() if key != name and normal(key) not in own}, **found}


def identity(record: Mapping[str, Any], fields: Fields) -> Any:
    """The id of a record, or None."""
    found = (value for value in _values(record, fields, known_record_fields.shape(record), "id"))
    return next((value for value in found if isinstance(value, str | int)), None)


def read(record: Mapping[str, Any], fields: Fields, source: str) -> Document:
    """The document in a record; its text is that of the field, without markup.

    Raises:
        SourceError: it has no text, no prose, or words in a form that isn't known.
    """
    shape = known_record_fields.shape(record)
    about, _ = _about(record, fields, shape)
    details = _details(record)
    if details.get("status") in WITHDRAWN:
        return agency_item(source, (), about, details)
    return replace(_with_text(record, fields, shape, about, source), details=details)


def _with_text(
    record: Mapping[str, Any], fields: Fields, shape: Shape, about: About, source: str
) -> Document:
    text = _text(record, fields, shape, source)
    if not text.cut and all(isinstance(part, str) for part in text.parts):
        joined = "\n\n".join(part for part in text.parts if isinstance(part, str))
        return document(source, joined, paragraphs(joined), about, dated="field")
    blocks = [block for part in text.parts for block in _as_blocks(part)]
    return composed(source, _before_cut(blocks) if text.cut else blocks, about, dated="field")


def _details(record: Mapping[str, Any]) -> dict[str, str]:
    """What an agency says of an item in ninjs; nothing of other records."""
    if not {"pubstatus", "versioncreated"} & set(map(normal, record)):
        return {}
    found = {name: _line(_field(record, key), "id") for name, key in NINJS.items()}
    kept = {name: value for name, value in found.items() if value}
    return kept | {"status": status(kept.get("status", "usable"))} if "guid" in kept else {}


def left_out(record: Mapping[str, Any], fields: Fields) -> Iterator[tuple[str, str]]:
    """What of a record isn't in its document: what it is called, and what this one is."""
    shape = known_record_fields.shape(record)
    try:
        text = _text(record, fields, shape, "it")
    except SourceError:  # reported when it is read
        return
    yield from (("parts of texts", what) for what in text.left_out)
    if text.cut:
        yield "the rest of texts that their source has cut", ""
    yield from _about(record, fields, shape)[1]


def wordless(record: Mapping[str, Any], fields: Fields) -> str:
    """What a record is called that has no text, but need not have one; empty for any other."""
    shape = known_record_fields.shape(record)
    return "" if not shape.wordless or has_text(record, fields) else shape.wordless


def _text(record: Mapping[str, Any], fields: Fields, shape: Shape, source: str) -> _Text:
    """The first text of a record that has words."""
    first: _Text | None = None
    try:
        for name, value in _texts(record, fields, shape):
            found = _read_text(value, f"its field {name!r}")
            if not found.cut or _before_cut([b for part in found.parts for b in _as_blocks(part)])[0].prose:
                return _fuller(found, name, record, fields, shape)
            first = first or found
    except UnreadableText as error:
        hint = "name a field with plain text with `--text-field`, or leave the record out"
        raise SourceError(f"{source} can't be read: {error}", hint=hint) from error
    except RecursionError as error:
        raise SourceError(f"{source} is nested too deeply", hint="leave it out") from error
    if first:
        raise SourceError(f"{source} was cut by its source within the first sentence", hint="fetch its page")
    hint = shape.hint or "name the field with `--text-field`, or leave the record out"
    raise SourceError(f"{source} {_why_no_text(record, fields)}", hint=hint)


def _fuller(text: _Text, name: str, record: Mapping[str, Any], fields: Fields, shape: Shape) -> _Text:
    """A text, or the one in another usual field of which it is only the lead."""
    words = _words(text)
    if fields.text or name in shape.text or len(words) > _LEAD or text.cut:
        return text
    for other, value in _texts(record, fields, shape):
        if other == name or not isinstance(value, str):
            continue
        found = _read_text(value, f"its field {other!r}")
        full = _words(found)
        if len(full) >= _FULLER * len(words):
            repeats = " ".join(words) in " ".join(full)
            return found if repeats else replace(found, left_out=[*found.left_out, f"its field {name!r}"])
    return text


def _words(text: _Text) -> list[str]:
    return [word for part in text.parts for block in _as_blocks(part) for word in block.text.split()]


def _why_no_text(record: Mapping[str, Any], fields: Fields) -> str:
    """What is wrong with a record that has no text, for a message."""
    found = ((name, _field(record, name)) for name in fields.names("text"))
    for name, value in found:
        if isinstance(value, dict | list) and any(rich_text.strings(value)):
            keys = ", ".join(map(repr, [*value][:4])) if isinstance(value, dict) else "a list"
            return f"has no text that can be read in its field {name!r} ({keys})"
    empty = next((name for name in fields.names("text") if _field(record, name) == ""), None)
    if empty is not None:
        return f"has an empty text in its field {empty!r}"
    own = f"field {fields.text!r}" if fields.text else "field for its text (text, body, content, …)"
    return f"has no {own}"


def _texts(record: Mapping[str, Any], fields: Fields, shape: Shape) -> Iterator[tuple[str, Any]]:
    """The fields of a record that hold a text, each with its name, the likelier first."""
    paths = fields.names("text") if fields.text else (*shape.text, *fields.names("text"))
    for path in paths:
        found = [_field(record, each) for each in path.split("+")]
        found = [each for each in found if is_text(each) and not _is_removed(each)]
        if found:
            yield path, found[0] if len(found) == 1 else _unrepeated(found)


def _is_removed(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in _REMOVED


def _unrepeated(texts: list[Any]) -> list[Any]:
    """The texts without those that are in another."""
    kept = [each for each in texts if not isinstance(each, str)]
    words = list(dict.fromkeys(each for each in texts if isinstance(each, str)))
    return kept + [each for each in words if not any(each != other and each in other for other in words)]


def _read_text(value: Any, name: str) -> _Text:
    read_ = rich_text.read(value, name)
    parts: list[str | list[Block]] = []
    for piece in read_.pieces:
        written = field_markup.decoded(piece.text.translate(_UNSTORABLE))
        if piece.kind != "prose":
            blocks = _as_blocks(written)
            heading = piece.kind == "heading"
            written = [Block(block.text, block.prose and not heading, not heading) for block in blocks]
        parts.append(written)
    last = _as_blocks(parts[-1])[-1:] if parts else []
    return _Text(parts, read_.left_out, any(_CUT.search(block.text) for block in last))


def _as_blocks(part: str | list[Block]) -> list[Block]:
    return [Block(part[a:b]) for a, b in paragraphs(part)] if isinstance(part, str) else part


def _before_cut(blocks: list[Block]) -> list[Block]:
    """The blocks with the last, which was cut, in two: whole sentences, and the rest, which isn't cited."""
    last = blocks[-1].text
    cut = _CUT.search(last)
    end = cut.start() if cut else len(last)
    whole = end
    if not ends_sentence(last[:end]):
        extent: Extent = (0, end)
        sentences = split_sentences(last[:end], [extent])
        whole = sentences[-1].start if sentences else 0
    kept = [Block(last[:whole])] if last[:whole].strip() else []
    return [*blocks[:-1], *kept, Block(last[whole:], prose=False)]


def _about(record: Mapping[str, Any], fields: Fields, shape: Shape) -> tuple[About, list[tuple[str, str]]]:
    """The metadata of a record, and what of it couldn't be read."""
    unread: list[tuple[str, str]] = []
    title, author, site, url = (
        _first(record, fields, shape, role, unread) for role in ("title", "author", "site", "url")
    )
    author = _BY.sub("", author, count=1) if author and _BY.match(author) else author
    day, later = _dates(record, fields, shape, unread)
    return About(title, day, author, site, url if url and is_web(url) else None, later), unread


def _first(
    record: Mapping[str, Any], fields: Fields, shape: Shape, role: str, unread: list[tuple[str, str]]
) -> str | None:
    for value in _values(record, fields, shape, role):
        if line := _line(value, role):
            return line
        if isinstance(value, dict | list) and any(rich_text.strings(value)):
            unread.append(("fields that can't be read", role))
    return None


def _dates(
    record: Mapping[str, Any], fields: Fields, shape: Shape, unread: list[tuple[str, str]]
) -> tuple[str | None, str | None]:
    """The date of publication, and one after it."""
    if fields.date:
        found = [_field(record, fields.date)]
    else:
        found = [known_record_fields.at(record, path) for path in shape.date] + _named(record, DATES)
    lines = [line for line in (_line(each, "date") for each in found) if line]
    day = next(filter(written_date, lines), None)
    later = [_line(each, "date") or "" for each in _named(record, LATER_DATES)]
    if lines and not day:
        unread.append(("dates that can't be read", lines[0][:40]))
    return day, next(filter(written_date, later), None)


def _named(record: Mapping[str, Any], forms: Sequence[re.Pattern[str]]) -> list[Any]:
    """The values of the fields whose names have one of the forms, in the order of these."""
    names = {key: normal(key) for key in record}
    return [record[key] for form in forms for key, name in names.items() if form.fullmatch(name)]


def _values(record: Mapping[str, Any], fields: Fields, shape: Shape, role: str) -> Iterator[Any]:
    """The values of a record for a role that aren't empty, the likelier first."""
    own = getattr(shape, role)
    given = getattr(fields, role, None)
    names = (given,) if given else own if own and shape.only and role == "author" else (*own, *NAMES[role])
    for name in names:
        value = _field(record, name)
        if value not in (None, "", [], {}):
            yield value


def _field(record: Mapping[str, Any], name: str) -> Any:
    """The value of a field, also of one whose name has full stops, or at a path."""
    if name in record:
        return record[name]
    wanted = normal(name)
    found = next((held for key, held in record.items() if normal(key) == wanted), None)
    return found if found is not None else known_record_fields.at(record, name)


def _line(found: Any, role: str) -> str | None:
    """A field as a line of text: all items of a list, the likeliest value of an object."""
    if isinstance(found, list):
        return ", ".join(dict.fromkeys(filter(None, (_line(each, role) for each in found)))) or None
    if isinstance(found, dict):
        return _of_object({normal(key): held for key, held in found.items()}, role)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    if role in {"author", "site"} and not isinstance(found, str):
        return None  # the number of an entry elsewhere
    line = str(found).translate(_UNSTORABLE)
    return (line if role == "url" else field_markup.one_line(line)).strip() or None


def _of_object(found: Mapping[str, Any], role: str) -> str | None:
    names = [" ".join(str(found[key]) for key in keys if found.get(key)) for keys in NAME_PARTS]
    inside = (_line(found.get(key), role) for key in WITHIN[role])
    return next(filter(None, inside), None) or (next(filter(None, names), None) if role == "author" else None)
