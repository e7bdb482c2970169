"""Formats that are not read: what they are called, what would help, and how many files were passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping

from askbrief.errors import SourceError

MOST_NAMED = 12
"""Suffixes that are named; of more, only their number is reported."""

_WORDS, _TABLES = "save them as .docx or .pdf", "save them as .csv"
_SPEECH, _PICTURES = "transcribe them to .txt", "recognise their text (OCR) and save it as .pdf or .txt"
_ARCHIVES, _MAILS = "unpack them", "export them as .mbox or .eml"
_REMEDIES = {
    _WORDS: ".doc .dot .docm .pages .wpd .wps .sxw .fodt .ppt .pptx .key .odp .pub .indd .djvu .ps .xps",
    "convert them to .epub": ".mobi .azw .azw3 .fb2 .lit",
    _TABLES: ".xls .xlsb .ods .numbers .parquet .dta .sav",
    _MAILS: ".pst .ost .dbx .olm .emlx",
    _SPEECH: ".mp3 .m4a .wav .ogg .opus .flac .aac .mp4 .m4v .mov .avi .mkv .webm .wmv",
    _PICTURES: ".jpg .jpeg .png .gif .tif .tiff .bmp .webp .heic .svg",
    _ARCHIVES: ".7z .rar .xz .lz .lz4 .z .cab .iso .dmg",
    "save the pages as .html or .mhtml": ".webarchive .maff .url .webloc",
    "convert them to .json, .csv or .html": ".yaml .yml .sqlite .db .mdb .accdb",
    "convert them to .txt": ".sub .ass .tex .rst .adoc .org .log",
}
REMEDIES = {suffix: remedy for remedy, suffixes in _REMEDIES.items() for suffix in suffixes.split()}
"""What helps, by the suffix of a file; for any other suffix nothing is known."""
WITHOUT_SUFFIX = "rename them to .txt, or give their paths"

_OF_FOLDERS = frozenset(
    ["authors", "changelog", "changes", "contributors", "copying", "dockerfile", "install", "licence",
     "license", "makefile", "manifest", "md5sums", "news", "notice", "readme", "sha1sums", "sha256sums",
     "sha512sums", "source", "sources", "todo", "version"]
)  # fmt: skip
"""What people call files that say something of those beside them, in lower case."""


def describes_folder(name: str) -> bool:
    """Whether a file of this name, which has no suffix, by custom says something of the files beside it."""
    return name.lower() in _OF_FOLDERS


_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype)\b", re.IGNORECASE)
_TAGGED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[A-Za-z][\w:.-]{0,60}(?:\s[^<>]{0,2000})?/?>")
_ROOT = re.compile(rb"<([A-Za-z][\w:.-]{0,60})")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"')


def passed_over(counts: Mapping[str, int]) -> str:
    """How many files were passed over, by suffix, and what would help; ``counts`` are not empty."""
    total = sum(counts.values())
    most = sorted(counts, key=lambda suffix: (-counts[suffix], suffix))
    named = [f"{counts[suffix]:,} {suffix or 'without a suffix'}" for suffix in most[:MOST_NAMED]]
    named += [f"{len(most) - MOST_NAMED:,} more suffixes"] if len(most) > MOST_NAMED else []
    files = "1 file is of a format that is" if total == 1 else f"{total:,} files are of formats that are"
    helpful: dict[str, list[str]] = {}
    for suffix in most:
        if remedy := REMEDIES.get(suffix) or (WITHOUT_SUFFIX if not suffix else None):
            helpful.setdefault(remedy, []).append(suffix or "without a suffix")
    remedies = (f"{', '.join(suffixes)}: {remedy}" for remedy, suffixes in helpful.items())
    return "; ".join([f"{files} not read ({', '.join(named)})", *remedies])


def require_text(data: bytes, source: str, suffix: str, *, known: bool) -> None:
    """Refuse the content of a file, which no format recognises, if it isn't plain text: markup, records or
    binary. If its suffix is ``known`` to be that of text, only a declared document of markup is refused.

    Raises:
        SourceError: with what would help.
    """
    head = data[:4096]
    if _DECLARED.match(head) or (not known and _TAGGED.match(head)):
        root = _ROOT.search(head)
        called = f" ({root[1].decode()})" if root else ""
        hint = "convert it to .html, .txt or .json, and index that"
        raise SourceError(f"{source} holds markup{called}, which isn't read", hint=hint)
    if not known and _JSON.match(head):
        raise SourceError(f"{source} holds JSON", hint="rename it to .json or .jsonl")
    if not known and suffix in REMEDIES and b"\0" in head:
        raise SourceError(f"{source} is of a format that isn't read ({suffix})", hint=REMEDIES[suffix])
