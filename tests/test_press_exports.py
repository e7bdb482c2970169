"""Exports of press databases: split into their articles, each with its headline, date, source and author."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from askbrief.formats import docx, read_stdin, rtf, text
from askbrief.formats.collections.items import DocumentRef
from askbrief.formats.format import Contents, Format
from askbrief.formats.press_exports import split
from askbrief.formats.registry import parse_all
from askbrief.formats.sandbox import Sandbox
from askbrief.indexing import operations
from askbrief.types import Document
from mutations import hold, pieces
from test_formats_office import a_docx, paragraph

BODY = ["The lock of Coll was shut on Sunday after a barge hit its gate.", "“A week,” said Jo Kirk."]
HEADLINE = "Lock shuts after barge hits its gate"

CLASSIC = f"""
                    1 of 2 DOCUMENTS

                Copyright 2024 Coll Media Ltd.
                     All Rights Reserved
                      The Coll Tribune

                    March 4, 2024 Monday
                    Late Edition - Final

SECTION: Section A; Column 1; Pg. 1

LENGTH: 212 words

HEADLINE: Lock shuts after barge
hits its gate

BYLINE: By Jo Adler

DATELINE: COLL, March 3

BODY:
   {BODY[0]}

   {BODY[1]}

URL: http://www.example.org/lock

GRAPHIC: PHOTO: The gate, which
was new.

LOAD-DATE: March 5, 2024

LANGUAGE: ENGLISH

                    2 of 2 DOCUMENTS

                      The Coll Tribune

                    March 5, 2024 Tuesday

Lock opens

LENGTH: 9 words

The lock is open.

LOAD-DATE: March 6, 2024
"""
LATER = f"""User Name: A B
Date and Time: Friday, March 8, 2024 1:00 PM GMT
Job Number: 123
Documents (2)
1. {HEADLINE}
Client/Matter: -None-

{HEADLINE}
The Coll Tribune
March 4, 2024 Monday
National Edition

Copyright 2024 Coll Media All Rights Reserved

Section: NEWS; Pg. 3
Length: 212 words
Byline: Jo Adler
Highlight: The gate is broken.

Body

{BODY[0]}

{BODY[1]}

Graphic

The gate on Sunday.

Load-Date: March 4, 2024

End of Document

Lock opens
The Coll Tribune
March 5, 2024 Tuesday

Length: 9 words

Body

The lock is open.

Load-Date: March 6, 2024

End of Document
"""
FACTIVA = f"""{HEADLINE}
By Jo Adler
212 words
4 March 2024
09:12
The Coll Tribune
COLTRB
3
English
(c) 2024 Coll Media.

{BODY[0]}

{BODY[1]}

Document COLTRB0020240304ek340001q

Lock opens
9 words
5 March 2024
The Coll Tribune
COLTRB
English
Copyright 2024 Coll Media. All Rights Reserved.

The lock is open.

Document COLTRB0020240305ek350002r

Search Summary
Text	lock
"""
TAGGED = f"""HD  {HEADLINE}
BY  By Jo Adler
WC  212 words
PD  4 March 2024
SN  The Coll Tribune
SC  COLTRB
LA  English
CY  (c) 2024 Coll Media.

LP  {BODY[0]}

TD
{BODY[1]}

IN  iship : Shipping
AN  Document COLTRB0020240304ek340001q

HD  Lock opens
PD  5 March 2024
SN  The Coll Tribune
LP  The lock is open.
AN  Document COLTRB0020240305ek350002r
"""
PROQUEST = f"""____________________________________________________________

Document 1 of 2

{HEADLINE}

Author: Jo Adler

Publication info: The Coll Tribune ; Coll [Coll] 04 Mar 2024: A.1.

Abstract: The lock is shut.

Full text: {BODY[0]}

{BODY[1]}

Subject: Locks; Barges

Title: {HEADLINE}

Publication date: Mar 4, 2024

____________________________________________________________

Document 2 of 2

Lock opens

Publication info: The Coll Tribune ; Coll [Coll] 05 Mar 2024: A.1.

Full text: The lock is open.
"""
EXPORTS = {
    "classic": CLASSIC, "later": LATER, "factiva": FACTIVA, "tagged": TAGGED, "proquest": PROQUEST
}  # fmt: skip


def articles(data: bytes, suffix: str) -> list[Document]:
    reader = {".txt": text, ".rtf": rtf, ".docx": docx}[suffix]
    first, others, _ = reader.read_all(data, "a")
    found = [first, *others]
    for each in found:
        hold(each)
    return found


def as_rtf(written: str) -> bytes:
    lines = (
        line.strip().replace("“", "\\ldblquote ").replace("”", "\\rdblquote ")
        for line in written.splitlines()
    )
    return ("{\\rtf1 " + "\\par\n".join(lines) + "}").encode()


def as_docx(written: str) -> bytes:
    return a_docx("".join(paragraph(line.strip().replace("&", "&amp;")) for line in written.splitlines()))


def as_text(written: str) -> bytes:
    return written.replace("\n", "\r\n").encode("utf-16")


@pytest.mark.parametrize("suffix", [".txt", ".rtf", ".docx"])
@pytest.mark.parametrize("kind", EXPORTS)
def test_each_article_is_a_document_with_its_own_metadata(kind: str, suffix: str) -> None:
    written = {".txt": as_text, ".rtf": as_rtf, ".docx": as_docx}[suffix](EXPORTS[kind])
    one, other = articles(written, suffix)
    headline = HEADLINE if kind != "classic" or suffix == ".txt" else "Lock shuts after barge"
    assert (one.title, one.date, one.site, one.author) == (
        headline,
        "2024-03-04",
        "The Coll Tribune",
        "Jo Adler",
    )
    assert pieces(one) == BODY
    assert (other.title, other.date, other.site) == ("Lock opens", "2024-03-05", "The Coll Tribune")
    assert pieces(other) == ["The lock is open."]


@pytest.mark.parametrize("written", EXPORTS.values(), ids=EXPORTS)
def test_no_line_is_lost(written: str) -> None:
    kept = "\n".join(each.text for each in split.documents(written, "a"))
    assert kept.split() == written.split()


def test_the_address_of_an_article_is_kept() -> None:
    assert split.documents(CLASSIC, "a")[0].url == "http://www.example.org/lock"


@pytest.mark.parametrize("above", ["Document {} of 2", "{} of 2 DOCUMENTS"])
def test_articles_without_labels_are_split_as_well(above: str) -> None:
    written = "\n\n".join(f"{above.format(n)}\n\nMarch {n}, 2024\n\nA barge came in." for n in (1, 2))
    found = split.documents(written, "a")
    assert [each.date for each in found] == ["2024-03-01", "2024-03-02"]
    assert pieces(found[1]) == ["March 2, 2024", "A barge came in."]


def test_an_article_without_text_is_found_by_its_headline() -> None:
    bare = CLASSIC.replace("The lock is open.\n", "")
    assert pieces(split.documents(bare, "a")[1]) == ["Lock opens"]


@pytest.mark.parametrize(
    "written",
    [
        "Document 1\n\nA story.\n\nDocument 2\n\nA story.",
        "Document 1 of 1\n\nA story.\n\nDocument 1 of 2\n\nA story.",
        "It is document 1 of 2 that matters.\n\nIt is document 2 of 2 that matters.",
        "He wrote a book.\n\nEnd of document\n",
    ],
)
def test_what_is_no_export_stays_one_document(written: str) -> None:
    assert split.documents(written, "a") == []
    assert text.read_all(written.encode(), "a")[1:] == ((), ())


def test_an_export_is_indexed_and_updated_article_by_article(tmp_path: Path) -> None:
    file = tmp_path / "export.txt"
    file.write_text(CLASSIC, encoding="utf-8")
    changes = operations.preview(tmp_path / "index", [file]).changes
    assert changes is not None
    assert sorted(Path(each.source).name for each in changes) == ["export.txt", "export.txt#1"]


def test_an_export_in_standard_input_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(FACTIVA.encode())

    monkeypatch.setattr("sys.stdin", Input)
    found = [each.read(each.part) for each in read_stdin() if isinstance(each, DocumentRef)]
    assert [each.date for each in found] == ["2024-03-04", "2024-03-05"]


def read_once(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """How often each content was read from now on, whichever process reads it."""
    read: Counter[bytes] = Counter()
    here, there = Format.contents, Sandbox.read

    def counted(self: Format, data: bytes, source: str) -> Contents:
        read[data] += 1
        return here(self, data, source)

    def sent(self: Sandbox, data: bytes, suffix: str, source: str) -> Contents:
        read[data] += 1
        return there(self, data, suffix, source)

    monkeypatch.setattr(Format, "contents", counted)
    monkeypatch.setattr(Sandbox, "read", sent)
    return read


def test_a_file_is_read_once_for_its_document_and_those_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder, in an archive, and in a mailbox."""
    mail = b"From: jo@coll.example\n\nSee below.\n\n> On 4 March 2024, Ada wrote:\n> It is shut.\n"
    held = {"a.txt": as_text(CLASSIC), "b.rtf": as_rtf(CLASSIC), "c.docx": as_docx(CLASSIC), "d.eml": mail}
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, data in held.items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    (tmp_path / "f.mbox").write_bytes(b"From jo\n" + mail + b"\nFrom jo\n" + mail.replace(b"shut", b"open"))
    read = read_once(monkeypatch)
    for path in (folder, tmp_path / "e.zip", tmp_path / "f.mbox"):
        read.clear()
        changes = operations.preview(tmp_path / "index", [path]).changes
        assert changes is not None
        assert (set(read.values()), len(changes)) == ({1}, 2 * len(read)), path.name


def test_articles_of_a_text_are_read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askbrief.formats.registry.sandbox.PROCESS", None)
    _, found, _ = parse_all(CLASSIC.encode(), ".txt", "a")
    assert len(found) == 1
