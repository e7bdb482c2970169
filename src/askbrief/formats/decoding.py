"""Bytes to text without loss, or an error.

UTF-8 first, then a byte order mark, then Windows-1252 if the result reads as Western text, then
charset-normalizer's guess if it is certain and reads as text. No character is ever replaced: citations must
have the characters that were written.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from askbrief.errors import SourceError

KINDS = {
    b"%PDF-": "PDF",
    b"PK\x03\x04": "ZIP, or an office file",
    b"\x89PNG\r\n": "PNG",
    b"\x7fELF": "ELF",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"BZh91AY&SY": "bzip2",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zstd",
    b"Rar!\x1a\x07": "RAR",
    b"\xd0\xcf\x11\xe0": "an old office file",
    b"SQLite format 3\x00": "SQLite",
}
"""Kinds of files by their first bytes."""

MARKS = {  # UTF-32 first: its little-endian mark begins with UTF-16's
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

CONTROLS = "".join(map(chr, [*range(1, 9), *range(14, 27), *range(28, 32), 127]))
"""Control characters that text does not need; NUL is refused anyway, escape sets colours."""
MOST_CONTROLS = 0.05
"""More control characters than this share are not text (random bytes have 0.1; news wires far less)."""

WESTERN = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßé",  # German
    "áéíñóúüçàèïò",  # Spanish, Catalan
    "áâãàçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "æøåäöéü",  # the North
    "éèëïöüç",  # Dutch
)
FOREIGN_NAMES = 0.01
"""Up to this share of accented letters may come from names of any Western language, as in English."""
AT_HOME = 0.95
"""If there are more, this share of them must belong to one Western alphabet."""

SURE = 0.5
"""The least coherence with a language, as charset-normalizer measures it, of an accepted guess."""
OTHERS = [
    "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp866", "iso8859_5", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "mac_roman", "cp850", "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
SAMPLE = 1 << 16

_SYMBOL = "€‚ƒ„†‡ˆ‰‹›¡¢£¤¥¦§¨©ª«¬®¯°±²³µ¶¸¹º»¼½¾¿×÷"
_CAPITAL = "À-ÖØ-ÞĂĄĆČĎĐĘŁŇŐŘŚŠŤŮŰŹŻŽ"
_ODD = re.compile(
    rf"[{_SYMBOL}](?=[^\W\d_])(?<=[^\W\d_].)"  # a symbol inside a word: a letter of another encoding
    r"|[±³¹¼¾¶¸¦¨](?<=[^\W\d_]{3}.)"  # or at a word's end; m³ is a unit
    rf"|[ÃÂâÐÑ][{_SYMBOL}…“”‘’–—•˜™š]"  # UTF-8 read as Windows-1252
    rf"|[{_CAPITAL}](?:(?<=[a-z].)|(?<=[A-Z].)(?=[a-z])|(?<!\w.)(?=[A-Z][a-z]))"  # JŠger, “InnenÓ, ÒHello
    r"|(?<!\w)[ÐÑÒÓÔÕ](?!\w)|[\x80-\x9f\u2500-\u259fƒ]"  # Mac dashes and quotation marks; controls, boxes
)


def decode(data: bytes, name: str) -> str:
    """The text in the bytes, with line ends and byte order mark (U+FEFF) as they are.

    Raises:
        SourceError: binary data, or an encoding that can't be detected with confidence.
    """
    kind = next((kind for magic, kind in KINDS.items() if data.startswith(magic)), None)
    if kind:
        raise _binary(name, kind)
    encoding = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise SourceError(
                f"{name} is damaged: it begins as {encoding.upper()}, but isn't", hint="save it as UTF-8"
            ) from error
        text = _legacy(data, name)
    _require_text(text, name)
    return text


def _binary(name: str, kind: str) -> SourceError:
    hint = "convert it to plain text or Markdown and index that"
    return SourceError(f"{name} is binary ({kind}), not text", hint=hint)


def _require_text(text: str, name: str) -> None:
    if "\0" in text:
        raise _binary(name, "it contains NUL bytes")
    if sum(map(text.count, CONTROLS)) > MOST_CONTROLS * len(text):
        raise _binary(name, "it is full of control characters")


def _legacy(data: bytes, name: str) -> str:
    """Text in an encoding older than Unicode, if one reading of it stands out."""
    if b"\0" in data:
        raise _binary(name, "it contains NUL bytes")
    with suppress(UnicodeDecodeError):  # five bytes are undefined in Windows-1252
        text = data.decode("cp1252")
        if _reads_western(text):
            return text
    with suppress(UnicodeDecodeError):  # the sample was in that encoding, the rest isn't
        if encoding := _guess(data):
            return data.decode(encoding)
    raise SourceError(f"{name} is not UTF-8, and its encoding is uncertain", hint="save it as UTF-8")


def _reads_western(text: str) -> bool:
    """Whether the letters and symbols beyond ASCII are where Western languages have them."""
    beyond = re.findall(r"[^\x00-\x7f]", text)
    if len(_ODD.findall(text)) > 0.01 * len(beyond):
        return False
    accented = [letter for letter in "".join(beyond).lower() if letter.isalpha()]
    letters = len(re.findall(r"[a-zA-Z]", text)) + len(accented)
    if len(accented) <= FOREIGN_NAMES * letters:
        return True
    return any(sum(map(alphabet.__contains__, accented)) >= AT_HOME * len(accented) for alphabet in WESTERN)


def _guess(data: bytes) -> str | None:
    """The encoding that charset-normalizer is certain of, if no other one gives another text."""
    from charset_normalizer import from_bytes

    first = next((match.start() for match in [re.search(rb"[\x80-\xff]", data)] if match), 0)
    sample = data[max(0, first - 1000) : first + SAMPLE]
    if len(sample) == 1000 + SAMPLE and b"\n" in sample:
        sample = sample[: sample.rindex(b"\n")]
    sure = [
        match
        for match in from_bytes(sample, cp_isolation=OTHERS, enable_fallback=False)
        if match.coherence >= SURE and not _ODD.search(str(match))
    ]
    if not sure or any(str(match) != str(sure[0]) for match in sure[1:]):
        return None
    return sure[0].encoding
