"""XLSX and CSV: rows to documents; dates, rich text, sheets, and what is above the names of the columns."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from askbrief import formats
from askbrief.errors import SourceError
from askbrief.formats import DocumentRef, LeftOut
from askbrief.types import Document
from test_formats_office import zipped_up

LOCK = "The lock of Coll was shut on Sunday after a barge hit its gate."
OPEN = "The lock is open, Jo Kirk said."


RICH = (
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>'
    b'<r><t xml:space="preserve">It shut on </t></r><r><rPr><strike/></rPr>'
    b'<t xml:space="preserve">Monday </t></r><r><rPr><b/></rPr><t>Sunday</t></r><r><t>.</t></r></si></sst>'
)
STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
    b'.spreadsheetml.sharedStrings+xml"/>'
)


def a_book(rows: Iterable[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def saved(folder: Path, fill: Callable[[Any], object]) -> Path:
    book = openpyxl.Workbook()
    fill(book)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def rows(path: Path) -> list[Document]:
    items = formats.read_collection(path, path.name)
    return [each.read(f"{path.name}#{each.part}") for each in items if isinstance(each, DocumentRef)]


def left_out(path: Path) -> list[LeftOut]:
    return [each for each in formats.read_collection(path, path.name) if isinstance(each, LeftOut)]


def test_rows_are_documents_with_their_dates(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["Export of 2 stories"])
        sheet.append([])
        sheet.append(["Headline", "Published", "Body", "Views"])
        sheet.append(["Lock shut", date(2024, 3, 4), LOCK, 12])
        sheet.append([])
        sheet.append(["Lock opens", datetime(2024, 3, 5, 9, 30), OPEN.replace(" Jo", "_x000D_\nJo"), 3.5])

    one, other = rows(saved(tmp_path, fill))
    assert (one.source, one.title, one.date, one.text) == ("a.xlsx#4", "Lock shut", "2024-03-04", LOCK)
    assert (other.source, other.date, other.text.split()) == ("a.xlsx#6", "2024-03-05", OPEN.split())


def test_struck_out_words_are_left_out(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["title", "text"])
        sheet.append(["Gone", "RICH"])
        sheet["A2"].font = Font(strike=True)

    path = saved(tmp_path, fill)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    kept = re.sub(rb'(<c r="B2"[^>]*) t="inlineStr"><is><t>RICH</t></is>', rb'\1 t="s"><v>0</v>', sheet)
    types = parts["[Content_Types].xml"].replace(b"</Types>", STRINGS_TYPE + b"</Types>")
    assert kept != sheet  # as Excel writes it, which openpyxl does not
    parts |= {"xl/worksheets/sheet1.xml": kept, "xl/sharedStrings.xml": RICH, "[Content_Types].xml": types}
    path.write_bytes(zipped_up(parts))
    (document,) = rows(path)
    assert document.text == "It shut on Sunday."
    assert "Gone" not in document.title


def test_sheets_are_named_and_hidden_ones_reported(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for name, text in (("May", LOCK), ("June", OPEN), ("Old", "Gone.")):
            sheet = book.create_sheet(name)
            sheet.append(["text"])
            sheet.append([text])
        book["Old"].sheet_state = "hidden"

    path = saved(tmp_path, fill)
    assert [(each.source, each.text) for each in rows(path)] == [
        ("a.xlsx#May!2", LOCK),
        ("a.xlsx#June!2", OPEN),
    ]
    assert left_out(path) == [
        LeftOut("hidden sheets", "Old"),
        LeftOut("sheets without a column for the text", "Sheet"),
    ]


def test_no_column_for_the_text(tmp_path: Path) -> None:
    path = saved(tmp_path, lambda book: book.active.append(["What", "When"]))
    with pytest.raises(SourceError, match=r"a\.xlsx has no column for the text \('What', 'When'\); name it"):
        rows(path)


@pytest.mark.parametrize(
    "above",
    ["sep=;\r\n", '"sep=;"\n', "SEP=;;;\n", "sep=;\n\n", "Export of 1 story;;\n\n", "\n"],
)
def test_what_stands_above_the_names_of_the_columns_of_a_csv_file(tmp_path: Path, above: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'{above}Title;Date;Body\n"Lock; shut";04.03.2024;{LOCK}\n', encoding="utf-8-sig")
    (document,) = rows(path)
    assert (document.title, document.date, document.text) == ("Lock; shut", "2024-03-04", LOCK)
    assert document.source == f"a.csv#{above.count(chr(10)) + 2}"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 999, r"a\.xlsx is a spreadsheet from before 2007"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), r"a\.xlsx is encrypted"),
        (b"text,title\n", r"a\.xlsx isn't an XLSX file"),
        (b"PK\x05\x06" + b"\0" * 18, r"a\.xlsx is damaged"),
    ],
)
def test_what_is_no_spreadsheet_is_named(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=why):
        rows(path)
