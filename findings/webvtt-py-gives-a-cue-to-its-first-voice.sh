#!/bin/sh
# webvtt-py 0.6.0, pysubs2 1.8.1
#
# One would guess: of a WebVTT cue with two voice spans (W3C, "WebVTT": <v Name>…</v>), a reader gives both names, each
# with its words, or neither.
# Seen: webvtt-py's Caption.voice is the first name and Caption.text the words of both, without their tags: read by these
# two properties, one person says what the other denies. Only Caption.raw_text keeps who said what. pysubs2 drops both names.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check webvtt-py==0.6.0 pysubs2==1.8.1
cat > "$folder/interview.vtt" <<'VTT'
WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ines Moran>The ferry is safe.</v>
<v Paul Ost>It is not.</v>
VTT
"$folder/venv/bin/python" - "$folder/interview.vtt" <<'PY'
import sys
from importlib.metadata import version

import pysubs2
import webvtt

(caption,) = webvtt.read(sys.argv[1])
(event,) = pysubs2.load(sys.argv[1])
print("webvtt-py", version("webvtt-py"), {"voice": caption.voice, "text": caption.text})
print("pysubs2", pysubs2.VERSION, {"name": event.name, "text": event.plaintext})
same = caption.voice == "Ines Moran" and caption.text == "The ferry is safe.\nIt is not." and event.name == ""
sys.exit(0 if same else 1)
PY
