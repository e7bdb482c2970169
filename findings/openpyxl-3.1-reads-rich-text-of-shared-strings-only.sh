#!/bin/sh
# openpyxl 3.1.5
#
# One would guess: load_workbook(..., rich_text=True) returns the runs of a cell with their formats, so that a reader can
# leave out what an editor struck out; with read_only=True, which large files need, it does so as well.
# Seen: in read-only mode it does for shared strings, as Excel writes them, but for inline strings, as openpyxl itself writes
# them, it returns a plain string without a word. What was struck out is then text like any other: “12 21 million”.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 et-xmlfile==2.0.0
"$folder/venv/bin/python" - "$folder/a.xlsx" <<'PYTHON'
import sys

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

book = openpyxl.Workbook()
struck = TextBlock(InlineFont(strike=True), "12 ")
book.active["A1"] = CellRichText("It costs ", struck, "21 million.")
book.save(sys.argv[1])

seen = []
for read_only in (False, True):
    sheet = openpyxl.load_workbook(sys.argv[1], read_only=read_only, rich_text=True).active
    value = next(sheet.iter_rows())[0].value
    seen.append(type(value).__name__)
    print(f"openpyxl {openpyxl.__version__}, read_only={read_only}: {type(value).__name__} {str(value)!r}")
if seen != ["CellRichText", "str"]:
    print("    changed")
    sys.exit(1)
PYTHON
