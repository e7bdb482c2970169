"""XLSX: each row of a sheet is a document; the first row with a column for the text names the columns.

Formulas have the values that the program last saved. Cells and runs that are struck out are left out, and so
are hidden sheets.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from askbrief.errors import SourceError
from askbrief.formats.collections.csv_rows import HEAD, has_text, no_text
from askbrief.formats.collections.items import CollectionItem, LeftOut, OpenCollection, of_record
from askbrief.formats.unreadable import encrypted

OLD = b"\xd0\xcf\x11\xe0"
"""The first bytes of a spreadsheet from before 2007, and of a newer one with a password."""


def rows(collection: OpenCollection) -> Iterator[CollectionItem]:
    """A document for each row, named by its id, or by its row, with the sheet if there are several.

    Raises:
        SourceError: it isn't a spreadsheet of this format, or no sheet has a column for the text.
    """
    book = _opened(collection)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    yield from (LeftOut("hidden sheets", each.title) for each in book.worksheets if each not in shown)
    without: list[str] = []
    first: list[str] = []
    for sheet in shown:
        sheet.reset_dimensions()  # many programs state them wrong
        table = enumerate(([_text(cell) for cell in row] for row in sheet.iter_rows()), 1)
        head = list(islice(table, HEAD))
        at = next((at for at, (_, row) in enumerate(head) if has_text(collection, row)), None)
        if at is None:
            without.append(sheet.title)
            first = first or next((row for _, row in head if any(row)), [])
            continue
        names = head[at][1]
        for number, row in chain(head[at + 1 :], table):
            if any(row):
                part = number if len(shown) == 1 else f"{sheet.title}!{number}"
                yield from of_record(collection, dict(zip(names, row, strict=False)), part)
    if len(without) == len(shown):
        raise no_text(collection, first)
    yield from (LeftOut("sheets without a column for the text", title) for title in without)


def _opened(collection: OpenCollection) -> Any:
    """The workbook, read row by row."""
    from openpyxl import load_workbook

    data = collection.budget.read(collection.stream)
    if data.startswith(OLD):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise encrypted(collection.name)
        raise SourceError(
            f"{collection.name} is a spreadsheet from before 2007",
            hint="save it as XLSX or CSV and index that",
        )
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise SourceError(
            f"{collection.name} isn't an XLSX file", hint="save it as XLSX or CSV and index that"
        )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        collection.budget.draw(sum(info.file_size for info in archive.infolist()))
    return load_workbook(io.BytesIO(data), read_only=True, data_only=True, rich_text=True)


def _text(cell: Any) -> str:
    """What a cell shows; nothing for one that is struck out, or whose formula failed."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.utils.escape import unescape

    value = cell.value
    if value is None or cell.data_type == "e" or cell.font.strike:
        return ""
    if isinstance(value, CellRichText):
        runs = (each for each in value if not (isinstance(each, TextBlock) and each.font.strike))
        return str(unescape("".join(map(str, runs))))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(unescape(value)) if isinstance(value, str) else str(value)
