#!/bin/sh
# trafilatura 2.3.1 (with lxml-html-clean 0.4.6, which its justext needs and some versions of pip leave out)
#
# One would guess: an element that is only a word of a sentence, such as <time> or <label>, is read as its text, at least
# with favor_recall, since the sentence around it is kept.
# Seen: the words in <time>, <label> and <output> are dropped from the middle of sentences in every mode: "The mayor said the
# docks reopen on Monday, and later." becomes "The said the docks on , and later." The words in <del> stay, so that what was
# struck out reads as text.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml-html-clean==0.4.6
cat > "$folder/words.py" <<'PYTHON'
import sys

from trafilatura import extract

REST = "<p>The ferry ran late again this week, and people waited in the old town for the boat to come in.</p>" * 3
WORDS = ("The <label>mayor</label> said the docks <output>reopen</output> on"
         " <time datetime='2031-03-03'>Monday</time>, and <del>not</del> later.")
PAGE = f"<html><body><article><h1>Docks</h1><p>{WORDS}</p>{REST}</article></body></html>"

as_described = True
for mode in ({}, {"favor_recall": True}, {"favor_precision": True}, {"fast": True}):
    text = extract(PAGE, **mode) or ""
    line = next((each for each in text.splitlines() if "docks" in each), "")
    print(f"{mode or 'default'}: {line}")
    lost = not any(word in line for word in ("mayor", "reopen", "Monday"))
    as_described = as_described and lost and "not" in line
sys.exit(not as_described)
PYTHON
"$folder/venv/bin/python" "$folder/words.py" || { echo "    changed"; exit 1; }
