"""All formats together, damaged: a run ends, tells in one line of what it can't take, and loses no good file.

The long form, ASKBRIEF_FUZZ=10000, takes a minute or two. Readers by themselves are held to more by their
own tests; ``guided.py`` looks for ways into them by what of their code it reaches.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from pathlib import Path

import brotli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import test_containers as containers
import test_crawls as crawls
import test_formats_html as html
import test_formats_office as office
import test_formats_pdf as pdf
import test_mail as mail
import test_news_xml as news
import test_outlook as outlook
import test_press_exports as exports
import test_records as records
import test_spreadsheets as spreadsheets
import test_subtitles as subtitles
from askbrief.indexing import operations as build
from mutations import mutated

INPUTS = int(os.environ.get("ASKBRIEF_FUZZ", "300"))
"""Damaged files that are read, over all formats."""
TOGETHER = 20
"""Damaged files of one run."""

GOOD = "The ferry to Bari sails again from Tuesday, the harbour master said.\n"
PAGE = containers.page(GOOD)
TEXT = "Ice\n\nVARNA, May 2, 2024 (AP) – “It’s the café,” he said.\n".encode()
MARKED = (
    b"---\ntitle: Ice\ndate: 2024-05\n---\n\n# Ice\n\n| a | b |\n|---|---|\n| c | d |\n\n> Ice is back.\n"
)
MEMBERS = {"a.html": PAGE, "b/c.docx": office.FUZZED["docx"][1][0], "d.pdf": pdf.FILES[0], "e.txt": TEXT}
XML = [each.encode() for each in (news.NITF, news.G2, news.RSS, news.ATOM, news.WIKI, news.JATS, news.TEI)]
WIKI = b"A ferry hit [[pier|it]].\n\n{{w|Lund}} is {{x|y}}.\n\n* One is here.\n"
RECORDS = containers.RECORDS
MAILS = containers.mbox("Subject: A\n\nHello there.\n", "Subject: B\n\nBye now.\n")
ZIPPED = containers.zipped(MEMBERS)
SHEET = spreadsheets.a_book([["text", "id"], [GOOD, 1], ["Two.", None]])
SPOKEN = (
    b"1\n00:00:01,000 --> 00:00:04,000\nMs LIND: The pier\n\n2\n00:00:04,000 --> 00:00:06,000\nis shut.\n"
)
CRAWL = containers.warc(("https://e.org", "200 OK", PAGE))
PACKED = b"".join(
    [
        crawls.response(brotli.compress(PAGE), http="\nContent-Encoding: br", WARC_Payload_Digest="sha1:A"),
        crawls.record("revisit", "https://e.org/b", b"", http="200 OK", WARC_Payload_Digest="sha1:A"),
        crawls.as_type("application/rss+xml", "https://e.org/rss", XML[2]),
    ]
)
WET = crawls.record("conversion", "https://e.org/c", TEXT, Content_Type="text/plain")
EXPORTS = [each.encode() for each in exports.EXPORTS.values()]
SHAPES = [json.dumps(record).encode() for record, *_ in records.SHAPES.values()]
QUOTING = mail.plain(f"Yes.\n\nOn Monday, 6 May 2024, Ed Lee wrote:\n> {GOOD}\n-- \nAda")

FILES: dict[str, tuple[list[bytes], list[bytes]]] = {
    ".txt": ([TEXT, TEXT.decode().encode("cp1252"), TEXT.decode().encode("utf-16")], [b"\n\n", b"\xfe\xff"]),
    ".md": ([MARKED], [b"---\n", b"```\n", b"|", b"\n> - 1. ", b"date: 2024-13", b"&b", b"*b"]),
    ".html": (html.FILES, html.WORDS),
    ".pdf": (pdf.FILES, pdf.WORDS),
    **{f".{name}": (files, words) for name, (_, files, words) in office.FUZZED.items()},
    ".eml": (
        [*office.FUZZED["eml"][1], QUOTING],
        [*office.FUZZED["eml"][2], b"\n> ", b" wrote:\n", b"\n-- \n"],
    ),
    ".msg": ([outlook.PLAIN], [b"\xfe\xff\xff\xff", b"\0\0\0\0", b"\x01\0\0\0", b"_\0_\0s\0u\0b\0"]),
    ".text": (
        EXPORTS,
        [b"1 of 2 DOCUMENTS\n", b"\nHEADLINE: ", b"End of Document\n", b"\nBODY:\n", b"\nHD "],
    ),
    ".srt": ([SPOKEN], [b"-->", b"\n\n", b"2\n", b">> ", b"00:00:01,000"]),
    ".vtt": ([subtitles.BRIEFING.encode()], [b"-->", b"\n\n", b"<v ", b"- ", b"00:00:01.000"]),
    ".xml": (XML, [b"<", b"</p>", b"<![CDATA[", b"]]>", b"&amp;", b"<!DOCTYPE", b"<newsItem>", b"<item>"]),
    ".rss": (XML[2:4], [b"<item>", b"</item>", b"<content:encoded>", b"]]>", b"&lt;p&gt;", b"&amp;#8217;"]),
    ".wiki": ([WIKI], [b"{{", b"}}", b"]]", b"<ref>", b"\n== "]),
    ".jsonl": ([containers.lines(RECORDS)], [b"\n", b"{", b'"', b"\\ud800", b"1e999", b"[" * 2000]),
    ".json": (
        [json.dumps(RECORDS).encode(), *SHAPES],
        [b'"text": ["', b'{"type": "bold", "text": ', b"]", b"{", b'"', b"\\u0000", b"NaN"],
    ),
    ".csv": ([b'text,id,date\n"One, two.",1,2024\nThree.,2,x\n'], [b'"', b"\n", b",", b"\0", b'""']),
    ".xlsx": ([SHEET], [b"PK\x01\x02", b"</row>", b'<c t="s"><v>9</v></c>']),
    ".mbox": ([MAILS], [b"\nFrom ", b">", b"\n\n", b"Content-Type: "]),
    ".zip": ([ZIPPED, containers.zipped({"a.zip": ZIPPED})], [b"PK\x01\x02", b"PK\x05\x06"]),
    ".tar": ([containers.tarred(MEMBERS)], [b"ustar", b"0000777\0"]),
    ".tgz": ([containers.tarred(MEMBERS, "w:gz")], [b"\x1f\x8b\x08"]),
    ".warc": (
        [CRAWL, PACKED],
        [
            b"WARC-Type: revisit\r\n",
            b"Content-Encoding: br\r\n",
            b"WARC/1.0\r\n",
            b"\r\n\r\n",
            b"HTTP/1.1 200",
            b"Content-Length: 9\r\n",
        ],
    ),
    ".warc.gz": ([gzip.compress(CRAWL)], [b"\x1f\x8b\x08"]),
    ".warc.zst": ([crawls.zstd_with_dictionary(CRAWL)], [b"\x5d\x2a\x4d\x18", b"\x28\xb5\x2f\xfd"]),
    ".wet": ([WET], [b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 9\r\n"]),
    ".wacz": ([containers.zipped({"archive/a.warc": CRAWL})], [b"PK\x01\x02", b"archive/"]),
    ".mhtml": ([crawls.saved_page(PAGE)], [b"Content-Type: multipart/related", b"--b\r\n"]),
}

damaged = st.one_of(*(st.tuples(st.just(suffix), mutated(*each)) for suffix, each in FILES.items()))


@settings(
    max_examples=max(1, INPUTS // TOGETHER),
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.lists(damaged, min_size=TOGETHER, max_size=TOGETHER))
def test_a_run_over_damaged_files_of_all_formats_takes_every_good_one(files: list[tuple[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for number, (suffix, data) in enumerate(files):
            (folder / f"{number}{suffix}").write_bytes(data)
        suffix, data = files[0]
        (folder / "around.zip").write_bytes(containers.zipped({f"bad{suffix}": data, "good.txt": GOOD}))
        (folder / "good.txt").write_text(GOOD, encoding="utf-8")
        (folder / "zz.html").write_bytes(PAGE)
        summary = build.preview(folder / "index", [folder])
    assert summary.changes is not None
    added = {Path(change.source).name for change in summary.changes}
    assert {"good.txt", "zz.html", "around.zip#good.txt"} <= added
    for skipped in summary.skipped:
        assert "\n" not in skipped.why
        for harm in ("its reader crashed", "its reader failed", "it took more than"):
            assert harm not in skipped.why
