"""RTF: the paragraphs and table rows of a rich text file, and its metadata.

One pass over the file's tokens, in linear time. Only groups that hold the document's text are read; pictures,
tables of fonts and styles, headers, comments and field instructions are not. The paragraphs of a text box
follow the paragraph that it is anchored in; footnotes and endnotes follow the text.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass, replace

from askbrief.errors import SourceError
from askbrief.formats.document import About, Block, composed
from askbrief.formats.format import Contents, Format
from askbrief.formats.press_exports.split import documents_of
from askbrief.formats.raised import exponent
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.types import Document

LARGEST = 200_000_000
"""Bytes; pictures make most of a large file."""
DEEPEST = 1000
"""Nested groups; Word writes a few dozen."""

UNSHOWN = frozenset([
    "fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator",
    "filetbl", "themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "mmathPr", "pict",
    "object", "objdata", "nonshppict", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "annotation", "atnid", "atnauthor", "fldinst", "listtext", "pntext",
    "pn", "bkmkstart", "bkmkend", "xe", "tc", "sp", "sn", "userprops", "template", "shprslt",
])  # fmt: skip
"""Groups without text of the document that are not marked as optional."""
ABOUT = frozenset({"title", "author", "creatim", "revtim"})
SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "tab": " ", "line": "\n", "~": " ",
    "_": "-", "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
ASIDES = {"footnote": "note", "shptxt": "box"}
"""Where the text of groups goes that are anchored within a paragraph."""
HIDING = frozenset({"v", "deleted", "strike", "striked"})
"""Text that is hidden, deleted or struck out."""
RAISING = frozenset({"super", "up", "sub", "dn", "nosupersub"})
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
"""Encodings by a font's ``\\fcharset`` (RTF 1.9.1); for other numbers the file's own encoding is used."""

ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}

_NEAR = 6  # runs of text before a raised one, on which it may be raised
_ENDS = frozenset({"par", "sect", "page", "column", "cell", "nestcell", "row", "nestrow"})
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2}|[^\\{}]++)++)|\\(.)|([{}])", re.DOTALL
)
_ESCAPE = re.compile(rb"\\'(..)|[\r\n]+")
"""A byte in hexadecimal, or a line break, which means nothing."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The state of a group: where its text goes (“” for nowhere), its font, characters to skip, the control
    words by which its text isn't shown, and whether it is raised above the line."""

    into: str = "text"
    font: int | None = None
    skip: int = 1
    hidden: frozenset[str] = frozenset()
    raised: bool = False


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of an RTF file; the first article of an export of a press database.

    Raises:
        SourceError: not RTF, cut short, or without prose.
    """
    return read_all(data, source).document


def read_all(data: bytes, source: str) -> Contents:
    """The document, and the further articles of an export. Raises SourceError as ``read``."""
    walk = _walked(data, source)
    if articles := documents_of(walk.blocks, source):
        return Contents(articles[0], articles[1:])
    about = walk.about
    made = about.get("revtim") or about.get("creatim")
    found = About(about.get("title"), None, about.get("author"), made=made)
    return Contents(composed(source, walk.blocks, found))


def blocks(data: bytes, source: str) -> list[Block]:
    """The blocks of an RTF file. Raises SourceError: not RTF, or cut short."""
    return _walked(data, source).blocks


def _walked(data: bytes, source: str) -> _Walk:
    if not is_rtf(data):
        raise not_in_format(source, "an RTF file")
    require_size(data, LARGEST, source)
    walk = _Walk()
    if not walk.over(data):
        raise SourceError(f"{source} is cut short or nested too deeply", hint="copy it or save it again")
    return walk


def is_rtf(data: bytes) -> bool:
    """Whether the bytes begin as RTF does."""
    return data[:1024].lstrip().startswith(b"{\\rtf")


class _Walk:
    """One pass over the tokens of a file: its blocks and its metadata."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.about: dict[str, str] = {}
        self._encoding = "cp1252"
        self._fonts: dict[int | None, str] = {}
        self._default: int | None = None
        self._defining = 0
        self._groups = [_Group()]
        self._words: list[str] = []
        self._aside: list[str] = []
        self._beside: dict[str, list[Block]] = {"note": [], "box": []}
        self._skip = 0
        self._fresh = self._starred = self._heading = self._in_table = False
        self._row: int | None = None
        self._cells = 0

    def over(self, data: bytes) -> bool:
        """Read the file; return whether all groups were closed, and none was nested too deeply."""
        at = data.index(b"{")
        while (found := _TOKEN.match(data, at)) and len(self._groups) <= DEEPEST:
            at = found.end()
            word, number, text, sign, brace = found.groups()
            if word == b"bin":
                at += max(0, int(number or 0))
            elif word:
                self._word(word.decode(), int(number) if number else None)
            elif text:
                self._say(_ESCAPE.sub(lambda escape: bytes.fromhex((escape[1] or b"").decode()), text))
            elif sign:
                self._sign(chr(sign[0]))
            elif brace and self._brace(brace):
                break
        self._paragraph()
        self.blocks += self._beside["note"]
        return len(self._groups) == 1

    def _brace(self, brace: bytes) -> bool:
        """Open or close a group; return whether it was the last."""
        self._skip = 0
        self._starred = False
        self._fresh = brace == b"{"
        if self._fresh:
            self._groups.append(self._groups[-1])
        else:
            into = self._groups.pop().into
            if into in self._beside and self._groups and self._groups[-1].into != into:
                self._beside[into] += self._taken(self._aside)
        return len(self._groups) == 1

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = self._fresh
        elif sign in "\r\n":
            self._word("par", None)
        elif self._counts():
            self._add(SIGNS.get(sign, ""))

    def _word(self, word: str, number: int | None) -> None:
        """Execute a control word."""
        if word == "u" and number is not None:
            self._add(chr(number & 0xFFFF))
            self._skip = self._groups[-1].skip
            self._fresh = False
        elif self._counts():
            fresh, self._fresh = self._fresh, False
            if not (fresh and self._begins(word)):
                if word in SIGNS:
                    self._add(SIGNS[word])
                elif word in _ENDS:
                    self._end(word)
                else:
                    self._set(word, number)

    def _counts(self) -> bool:
        """Whether to read a character, which may be a fallback for readers without Unicode."""
        if self._skip:
            self._skip -= 1
            return False
        return True

    def _begins(self, word: str) -> bool:
        """Whether a word at the start of a group decides where the group's text goes."""
        into = self._groups[-1].into
        if word in {"info", "fonttbl"} or (into == "info" and word in ABOUT):
            self._groups[-1] = replace(self._groups[-1], into=word)
        elif word in ASIDES and into:
            self._groups[-1] = replace(self._groups[-1], into=ASIDES[word])
        elif word in UNSHOWN or (self._starred and word != "shpinst"):  # the text of a drawing
            self._groups[-1] = replace(self._groups[-1], into="")
        else:
            return False
        return True

    def _end(self, word: str) -> None:
        """End a paragraph, a cell or a row."""
        into = self._groups[-1].into
        if into in self._beside:
            self._beside[into] += self._taken(self._aside)
        if into != "text":
            return
        self._paragraph()
        self._cells += word in {"cell", "nestcell"}
        if word in {"row", "nestrow"} and self._row is not None:
            texts = [block.text for block in self.blocks[self._row :]]
            if 1 < len(texts) <= self._cells:
                self.blocks[self._row :] = [Block(" | ".join(texts))]
            self._row, self._cells = None, 0

    def _set(self, word: str, number: int | None) -> None:
        """Change the state for the text that follows."""
        into = self._groups[-1].into
        if word == "f" and number is not None:
            self._defining = number
            self._groups[-1] = replace(self._groups[-1], font=number)
        elif word == "fcharset" and into == "fonttbl" and number in CHARSETS:
            self._fonts[self._defining] = CHARSETS[number]
        elif word in {"yr", "mo", "dy"} and into in ABOUT and number is not None:
            self.about[into] = self.about.get(into, "") + ("" if word == "yr" else "-") + f"{number:02}"
        elif word in HIDING:
            hidden = self._groups[-1].hidden
            self._groups[-1] = replace(
                self._groups[-1], hidden=hidden - {word} if number == 0 else hidden | {word}
            )
        elif word in RAISING:
            self._groups[-1] = replace(self._groups[-1], raised=word in {"super", "up"} and number != 0)
        elif word == "uc" and number is not None:
            self._groups[-1] = replace(self._groups[-1], skip=max(0, number))
        elif word == "plain":
            self._groups[-1] = replace(self._groups[-1], font=self._default, hidden=frozenset(), raised=False)
        elif word == "pard":
            self._heading = self._in_table = False
        elif word == "outlinelevel":
            self._heading = number is not None and number < 9
        elif word == "intbl":
            self._in_table = True
        elif word == "deff":
            self._default = number
            self._groups[-1] = replace(self._groups[-1], font=number)
        elif word in ENCODINGS or word == "ansicpg":
            with suppress(LookupError):  # an unknown encoding is ignored
                self._encoding = codecs.lookup(ENCODINGS.get(word, f"cp{number}")).name

    def _say(self, text: bytes) -> None:
        """Decode bytes of text, less those to skip."""
        if text:
            skipped, self._skip = self._skip, max(0, self._skip - len(text))
            self._fresh = False
            group = self._groups[-1]
            if group.into:
                encoding = self._fonts.get(group.font, self._encoding)
                self._add(text[skipped:].decode(encoding, "replace"))

    def _add(self, text: str) -> None:
        group = self._groups[-1]
        words = self._words if group.into == "text" else self._aside if group.into in self._beside else None
        if words is not None and not group.hidden:
            words.append((group.raised and exponent("".join(words[-_NEAR:]), text.strip())) or text)
        elif group.into in ABOUT:
            self.about[group.into] = self.about.get(group.into, "") + text

    def _paragraph(self) -> None:
        """End a paragraph; the text boxes that are anchored in it follow."""
        if self._in_table and self._row is None:
            self._row = len(self.blocks)
        self.blocks += self._taken(self._words, prose=not self._heading)
        self.blocks += self._beside["box"]
        self._beside["box"].clear()

    @staticmethod
    def _taken(words: list[str], *, prose: bool = True) -> list[Block]:
        """The block of these words, if any, which are cleared; RTF writes characters beyond 16 bits as two
        surrogates."""
        text = "".join(words).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        words.clear()
        return [Block(text, prose)] if text.strip() else []


FORMAT = Format(
    read, (".rtf",), ("application/rtf", "text/rtf", "application/x-rtf"), is_rtf, read_all=read_all
)
