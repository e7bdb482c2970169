"""What press databases write around the text of an article, and under which names."""

from __future__ import annotations

import re
from typing import NamedTuple

TITLE = ("headline", "title", "HD")
DAY = ("date", "publication date", "PD", "publication info")
SOURCE = ("publication title", "publication", "SN", "source")
AUTHOR = ("byline", "author", "BY")
ADDRESS = ("url", "document url")
CHANGED = ("load-date", "last updated")
"""The names under which databases keep a property of an article, the best first."""

HEAD = frozenset([
    *TITLE, *DAY, *SOURCE, *AUTHOR, "section", "length", "dateline", "highlight", "series", "edition",
    "abstract", "links", "body", "full text", "column", "distribution", "graphic credit",
])  # fmt: skip
"""Labels above the text."""
TEXT = frozenset({"body", "full text"})
"""Labels of the text itself."""
FOOT = frozenset([
    *CHANGED, *ADDRESS, "publication title", "publication date", "publication info", "language", "graphic",
    "publication-type", "classification", "subject", "organization", "company", "ticker", "industry",
    "geographic", "person", "city", "state", "country", "journal-code", "acc-no", "document-type", "notes",
    "correction-date", "publication year", "place of publication", "country of publication", "document type",
    "proquest document id", "database", "issn", "publication subject", "source type",
    "language of publication", "document feature", "identifier / keyword", "company / organization",
    "location", "people", "publisher",
])  # fmt: skip
"""Labels below the text, of the terms under which an article is indexed."""
CLOSING = frozenset({"load-date", "language", "publication-type", "classification", "graphic", "subject"})
"""Labels below which nothing is the article's text."""

TAGS = frozenset([
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "CT",
    "RF", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "ART", "CLM", "DLN", "CX",
])  # fmt: skip
"""Fields of Factiva."""
TAGGED_TEXT = frozenset({"LP", "TD"})

_LABEL = re.compile(r"(?P<name>[A-Z][A-Za-z/-]*(?: (?:/ )?[A-Za-z/-]+){0,3}):(?:\s+|$)")
_TAG = re.compile(r"(?P<name>[A-Z]{2,3})(?:[ \t]*\|[ \t]*|[ \t]{1,}|$)")
_COPYRIGHT = re.compile(r"(?:copyright\b|\(c\)|©|all rights reserved)", re.IGNORECASE)
_EDITION = re.compile(r".*\bedition\b.*|final|[\d\w ]{0,12}edition", re.IGNORECASE)


BEGINS = r"(?i:document \d+ of (?P<all>\d+)|\d+ of (?P<of>\d+) documents?)"
"""The line that begins an article in exports of Nexis until 2019, and of ProQuest."""
ENDS = r"(?i:end of document)|(?:AN[ \t|]+)?Document [A-Z][A-Z0-9]*(?:19|20)\d{6}[a-z0-9]{6,12}"
"""The line that ends one in later exports of Nexis, and the accession number that ends one of Factiva."""

_MARKER = re.compile(f"{BEGINS}|{ENDS}")


class Label(NamedTuple):
    """What a line begins with, and where in the line the words after it begin."""

    name: str
    end: int


def label(line: str) -> Label | None:
    """The label of a line, such as “LENGTH: 212 words”."""
    found = _LABEL.match(line)
    name = found["name"].lower() if found else ""
    return Label(name, found.end()) if found and (name in HEAD or name in FOOT) else None


def tag(line: str) -> Label | None:
    """The field that a line begins, such as “PD  4 March 2024”."""
    found = _TAG.match(line)
    return Label(found["name"], found.end()) if found and found["name"] in TAGS else None


def is_marker(line: str) -> bool:
    """Whether a line begins or ends an article."""
    return _MARKER.fullmatch(line) is not None


def is_copyright(line: str) -> bool:
    """Whether a line says who owns an article."""
    return _COPYRIGHT.match(line) is not None


def is_edition(line: str) -> bool:
    """Whether a line names the edition of a newspaper."""
    return _EDITION.fullmatch(line) is not None
