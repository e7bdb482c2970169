"""Texts that are kept as objects: lists of paragraphs, runs of words in bold, trees of an editor.

Programs name the parts of a text differently, but build them alike: an object has a type, and either its own
words or further objects. ``KINDS`` says what a type is, ``OWN`` and ``INSIDE`` where its words are. Words
that none of these finds are never dropped: the text is refused, or, if the part holds no prose (a picture),
it is named in ``Read.left_out``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["prose", "heading", "quoted"]

KINDS: dict[str, frozenset[str]] = {
    "run": frozenset([
        "a", "abbr", "b", "bankcard", "bold", "botcommand", "cashtag", "code", "customemoji", "em", "email",
        "emphasis", "hashtag", "highlight", "hyperlink", "i", "inline", "inlinecode", "italic", "leaf",
        "link", "mark", "mention", "mentionname", "phone", "plain", "span", "spoiler", "strong", "sub", "sup",
        "textlink", "underline", "url", "user",
    ]),
    "struck": frozenset(["del", "deleted", "s", "strike", "strikethrough", "struck"]),
    "break": frozenset(["br", "hardbreak", "linebreak", "softbreak"]),
    "heading": frozenset(["byline", "kicker", "title"]),
    "quoted": frozenset(["blockquote", "pullquote", "quotation", "quote"]),
    "ignored": frozenset(["date", "divider", "hr", "horizontalrule", "separator", "thematicbreak"]),
    "left out": frozenset([
        "advertisement", "ad", "atomic", "audio", "authorinfo", "customembed", "embed", "figure", "gallery",
        "gif", "graphic", "iframe", "image", "img", "inlineimage", "instagram", "interactive",
        "interstitiallink", "linklist", "map", "media", "newsletter", "oembedresponse", "photo", "picture",
        "podcast", "poll", "promo", "rawembed", "reference", "related", "relatedcontent", "script",
        "slideshow", "socialmedia", "sticker", "tweet", "video",
    ]),
}  # fmt: skip
"""What the types of parts mean, without case and punctuation. Any other type is a paragraph."""
HEADING = re.compile(
    r"h[1-6]|head(?:er|ing|line)?(?:one|two|three|four|five|six|[1-6])?|(?:sub|cross)head\w*"
)
"""Types of headings."""
TYPES = ("style", "subtype", "type", "nodetype", "tag", "tagname", "kind", "blockname", "name")
"""Names of the field that says what a part is."""
OWN = (
    "contentelements", "content", "text", "value", "html", "rendered", "insert", "innerhtml", "fulltext",
    "bodytext", "body", "bodyhtml", "p", "para", "paragraph", "paragraphs", "data", "attributes", "attrs",
    "root", "document", "doc", "nodes", "blocks", "ops", "elements", "leaves",
)  # fmt: skip
"""Names of the field with the words of a part, the likelier first."""
SOFT = frozenset({"attributes", "attrs", "data"})
"""Of these, names that mostly hold no words."""
INSIDE = (
    "children", "header", "items", "listitems", "rows", "innerblocks", "answer", "citation", "caption",
    "attribution",
)  # fmt: skip
"""Names of fields with further parts, read after its own words."""
ABOVE = ("heading", "headline", "question")
"""Names of a field with the heading of a part."""
LEAST_WORDS = 8
"""A string of this many words is prose."""

PARAGRAPHS = frozenset({"block", "normal", "p", "paragraph", "text", "unstyled"})
"""Types of parts that may well be empty."""

_PUNCTUATION = re.compile(r"[\W_]+")
_CONTINUES = re.compile(r"[ ,.;:)”’!?]")


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A paragraph, heading or quotation as it is written, perhaps with markup and line ends in it."""

    text: str
    kind: Kind = "prose"


@dataclass(slots=True)
class Read:
    """What was read of a text, and the types of the parts that were left out."""

    pieces: list[MarkedPiece] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class UnreadableText(ValueError):
    """Words in a form that isn't known; the message says where."""


@lru_cache(maxsize=4096)
def normal(name: object) -> str:
    """A field's name or a type without case and punctuation: ``datePublished`` is ``date_published``."""
    return _PUNCTUATION.sub("", str(name)).lower()


def read(value: Any, name: str) -> Read:
    """The text in a JSON value; ``name`` is its field's, for messages.

    Raises:
        UnreadableText: it holds prose in a form that isn't known.
    """
    walk = _Walk()
    walk.over(value, name)
    return walk.read


def is_text(value: Any) -> bool:
    """Whether a value holds words where those of a text are looked for."""
    if isinstance(value, dict):
        return any(is_text(held) for _, held in _words(value))
    if isinstance(value, list):
        return any(map(is_text, value))
    return isinstance(value, str) and bool(value.strip())


class _Walk:
    def __init__(self) -> None:
        self.read = Read()

    def over(self, value: Any, place: str, kind: Kind = "prose") -> None:
        if isinstance(value, dict):
            self._part(value, place, kind)
        elif isinstance(value, list):
            self._list(value, place, kind)
        elif isinstance(value, bool):
            raise UnreadableText(f"{place} is {str(value).lower()}, not a text")
        elif value is not None:
            self._say(str(value), kind)

    def _say(self, text: str, kind: Kind) -> None:
        if text.strip():
            self.read.pieces.append(MarkedPiece(text, kind))

    def _part(self, part: Mapping[str, Any], place: str, kind: Kind) -> None:
        what, of_type = _kind(part)
        if what in {"left out", "struck"}:
            self.read.left_out.append(of_type)
            return
        if what in {"ignored", "break"}:
            return
        kind = "heading" if what == "heading" else "quoted" if what == "quoted" else kind
        words = _words(part)
        if not words:
            self._wordless(part, place, of_type)
        begun = len(self.read.pieces)
        fields = {normal(key): value for key, value in part.items()}
        for key in ABOVE:
            self.over(fields.get(key) if words else None, place, "heading")
        for key, held in words:
            if key == "rows" and isinstance(held, list):
                self._rows(held, place)
            else:
                self.over(held, place, kind)
        self._name_unread(fields, begun, {*ABOVE, *(key for key, _ in words)})

    def _name_unread(self, fields: Mapping[str, Any], begun: int, known: set[str]) -> None:
        """Name the fields of a part with prose that its pieces, from ``begun`` on, haven't."""
        said = normal(" ".join(piece.text for piece in self.read.pieces[begun:]))
        for key, held in fields.items() if said else ():
            prose = [text for _, text in strings(held) if len(text.split()) >= LEAST_WORDS]
            if key not in known and any(normal(text) not in said for text in prose):
                self.read.left_out.append(key)

    def _wordless(self, part: Mapping[str, Any], place: str, of_type: str) -> None:
        """Refuse a part whose words are nowhere where they are looked for; name one that has none."""
        long = (path for path, text in strings(part) if len(text.split()) >= LEAST_WORDS)
        if path := next(long, None):
            of = f" of type {of_type!r}" if of_type else ""
            raise UnreadableText(f"{place} has a part{of} with a text in {path!r}, which can't be read")
        if part and normal(of_type) not in PARAGRAPHS:
            self.read.left_out.append(of_type or "parts without a type")

    def _list(self, parts: list[Any], place: str, kind: Kind) -> None:
        """The parts of a list; those that make up a paragraph are joined."""
        if all(isinstance(part, str) for part in parts):
            for part in parts:
                self._say(part, kind)
            return
        run, before = "", ""
        for part in parts:
            what, words = self._within_paragraph(part, place)
            if words is None or (run and not _joined(before, what, run, words)):
                self._say(run, kind)
                run = ""
            if words is None:
                self.over(part, place, kind)
            else:
                run += words
            before = what
        self._say(run, kind)

    def _within_paragraph(self, part: Any, place: str) -> tuple[str, str | None]:
        """What a part is and its words, if it may be within a paragraph; None if it is none or several."""
        if isinstance(part, str):
            return "string", part
        if not isinstance(part, dict):
            return "block", None
        what, of_type = _kind(part)
        if what == "struck":
            self.read.left_out.append(of_type)
        if what in {"struck", "break"}:
            return "run", "\n" if what == "break" else ""
        if what not in {"run", "open"}:
            return "block", None
        words = _words(part)
        if len(words) == 1 and isinstance(words[0][1], str):
            return what, words[0][1]
        inner = _Walk()
        for _, held in words:
            inner.over(held, place)
        if (what == "open" and len(inner.read.pieces) != 1) or (not words and any(strings(part))):
            return "block", None
        self.read.left_out += inner.read.left_out
        return what, "\n".join(each.text for each in inner.read.pieces)

    def _rows(self, rows: list[Any], place: str) -> None:
        """The rows of a table, each with its cells joined as those of a page."""
        for row in rows:
            cells = []
            for cell in row if isinstance(row, list) else [row]:
                inner = _Walk()
                inner.over(cell, place)
                cells.append(" ".join(each.text for each in inner.read.pieces))
                self.read.left_out += inner.read.left_out
            self._say(" | ".join(filter(None, cells)), "prose")


def _joined(before: str, what: str, text: str, words: str) -> bool:
    """Whether a part continues the paragraph that ends with the part before."""
    if "run" in (before, what) or before != what:
        return True
    return text.endswith(" ") or bool(_CONTINUES.match(words))


def _kind(part: Mapping[str, Any]) -> tuple[str, str]:
    """What a part is (a key of ``KINDS``, “block”, or “open” if it may be within one), and its type."""
    fields = {normal(key): value for key, value in part.items()}
    marks = fields.get("marks")
    struck = [_type_of(mark) for mark in marks] if isinstance(marks, list) else []
    struck += [key for key in KINDS["struck"] if fields.get(key) is True]
    keys = TYPES if "children" in fields else TYPES[:-1]  # a name is one of a part only in trees
    named = [str(fields[key]) for key in keys if isinstance(fields.get(key), str)]
    for written in [each for each in struck if normal(each) in KINDS["struck"]] + named:
        name = normal(written)
        if HEADING.fullmatch(name):
            return "heading", written
        if what := next((what for what, types in KINDS.items() if name in types), None):
            return what, written
    is_leaf = not named or (normal(named[-1]) == "text" and "content" not in fields)
    return "open" if is_leaf else "block", named[0] if named else ""


def _type_of(mark: Any) -> str:
    return str(mark.get("type", "")) if isinstance(mark, dict) else str(mark)


def _words(part: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The fields with the words of a part: the likeliest of its own, and those with further parts."""
    fields = {normal(key): value for key, value in part.items() if value not in (None, "", [], {})}
    own = (key for key in OWN if key in fields and (key not in SOFT or _is_soft_text(fields[key])))
    return [(key, fields[key]) for key in (*[*own][:1], *(key for key in INSIDE if key in fields))]


def _is_soft_text(value: Any) -> bool:
    return isinstance(value, dict | list) and is_text(value)


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each string in a value with the names that lead to it, but those of types."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, held in value.items():
            if normal(key) not in TYPES:
                yield from strings(held, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for held in value:
            yield from strings(held, path)
