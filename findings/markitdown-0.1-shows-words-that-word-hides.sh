#!/bin/sh
# markitdown 0.1.6 (with mammoth 1.11.0) and python-docx 1.2.0
#
# One would guess: a converter of Word documents gives the words that Word shows; a run with the font effect "hidden"
# (w:vanish) isn't shown or printed, so it isn't in the text.
# Seen: hidden runs are given as any other words, without a mark: "The docks will [not] reopen", with "not" hidden, becomes
# "The docks will not reopen". Struck-out runs are given too, but between "~~", so that a reader of Markdown sees them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "markitdown[docx]==0.1.6" mammoth==1.11.0 python-docx==1.2.0
cat > "$folder/hidden.py" <<'PYTHON'
import io
import sys
from importlib.metadata import version

from docx import Document
from markitdown import MarkItDown, StreamInfo

made = Document()
paragraph = made.add_paragraph("The docks will ")
paragraph.add_run("not ").font.hidden = True
paragraph.add_run("reopen ")
paragraph.add_run("never ").font.strike = True
paragraph.add_run("on Monday.")
data = io.BytesIO()
made.save(data)
data.seek(0)
text = MarkItDown().convert_stream(data, stream_info=StreamInfo(extension=".docx")).markdown
print("markitdown", version("markitdown"), "mammoth", version("mammoth"))
print(text)
sys.exit(not ("will not reopen" in text and "~~never" in text))
PYTHON
"$folder/venv/bin/python" "$folder/hidden.py" || { echo "    changed"; exit 1; }
