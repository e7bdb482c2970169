#!/bin/sh
# warcio 1.8.1 with brotli 1.2.1
#
# One would guess: `record.content_stream()`, which unpacks the body of an HTTP response by its `Content-Encoding`, unpacks
# Brotli if the package `brotli` is installed, as its source intends, and unpacks or refuses Zstandard, which browsers ask for
# since 2024.
# Seen: with Brotli it raises AttributeError, since it sets an attribute on a decompressor that takes none. Without the package,
# and always with Zstandard, it returns the packed bytes as if they were the page.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check warcio==1.8.1 brotli==1.2.1 backports.zstd==1.8.0
"$folder/venv/bin/python" - <<'PYTHON'
import gzip
import io
import sys

import brotli
from backports import zstd
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE = b"<!doctype html><p>The ferry sails on Tuesday.</p>"
PACKED = {
    "gzip": gzip.compress(PAGE),
    "br": brotli.compress(PAGE),
    "zstd": zstd.compress(PAGE),
}
out = io.BytesIO()
writer = WARCWriter(out, gzip=True)
for encoding, body in PACKED.items():
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", encoding)], protocol="HTTP/1.1"
    )
    writer.write_record(
        writer.create_warc_record("https://e.example/", "response", payload=io.BytesIO(body), http_headers=headers)
    )
out.seek(0)
seen = {}
for record in ArchiveIterator(out):
    encoding = record.http_headers.get_header("Content-Encoding")
    try:
        body = record.content_stream().read()
        seen[encoding] = "the page" if body == PAGE else "packed bytes" if body == PACKED[encoding] else repr(body)
    except AttributeError as error:
        seen[encoding] = f"AttributeError: {error}"
    print(f"{encoding:5} {seen[encoding]}")
sys.exit(
    seen["gzip"] != "the page" or not seen["br"].startswith("AttributeError") or seen["zstd"] != "packed bytes"
)
PYTHON
