"""Pages that a crawler or a browser has saved: WARC in all its packings, WACZ, WET, ARC and MHTML."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

import test_containers as containers
import test_news_xml as news
from askbrief import formats
from askbrief.errors import SourceError
from askbrief.formats import LeftOut
from askbrief.types import Document
from askbrief.zstandard import zstd
from conftest import Cli
from test_containers import taken

TRAM = "The tram to the airport was stopped on Friday after a rail had broken near the market."
QUAY = "The quay at Osterley will be closed for repairs until the end of June, the port said."
MORE = "Passengers were taken to the airport by bus, the company said in a statement on Friday evening."
URL = "https://gazette.example/tram"


def page(*paragraphs: str, head: str = "<title>Tram stopped</title>") -> bytes:
    body = "".join(f"<p>{each}</p>" for each in (*paragraphs, MORE))
    return f"<!doctype html><html><head>{head}</head><body><article>{body}</article></body></html>".encode()


def record(
    kind: str,
    url: str,
    content: bytes,
    time: str = "2023-05-12T08:00:00Z",
    http: str | None = None,
    **more: str,
) -> bytes:
    """A record; ``http`` are the lines of the server's answer, ``more`` are headers of the record."""
    if http is not None:
        content = f"HTTP/1.1 {http}\r\n\r\n".replace("\n", "\r\n").replace("\r\r", "\r").encode() + content
        more["Content_Type"] = f"application/http; msgtype={kind}"
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items()]
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {time}\r\n"
        f"WARC-Record-ID: <urn:uuid:{zlib.crc32(content)}>\r\n{''.join(lines)}"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def response(
    content: bytes, url: str = URL, time: str = "2023-05-12T08:00:00Z", http: str = "", **more: str
) -> bytes:
    lines = f"200 OK\nContent-Type: text/html; charset=utf-8{http}"
    return record("response", url, content, time, lines, **more)


def zstd_with_dictionary(warc: bytes) -> bytes:
    """A WARC with a dictionary in a skippable frame, itself packed, before the records."""
    words = zstd.train_dict([warc[at : at + 200] for at in range(0, len(warc) - 200, 7)] * 20, 2000)
    packed = zstd.compress(words.dict_content)
    frames = struct.pack("<4sI", b"\x5d\x2a\x4d\x18", len(packed)) + packed
    return frames + zstd.compress(warc, zstd_dict=words)


def saved_page(content: bytes, head: str = "", encoding: str = "utf-8") -> bytes:
    """A page as a browser saves it."""
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gazette.example/saved\r\n"
        "Subject: Tram stopped\r\nDate: Fri, 12 May 2023 19:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html"; {head}boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/css\r\nContent-Location: cid:css\r\n\r\np { color: red }\r\n"
        "--b\r\nContent-Type: text/html\r\nContent-ID: <frame-advert@mhtml.blink>\r\n\r\n"
        "<p>Buy our socks, which are the best socks in town.</p>\r\n"
        if head
        else "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gazette.example/saved\r\n"
        "Subject: Tram stopped\r\nDate: Fri, 12 May 2023 19:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html"; boundary="b"\r\n\r\n'
    ).encode() + (
        f"--b\r\nContent-Type: text/html; charset={encoding}\r\nContent-ID: <frame-1@mhtml.blink>\r\n"
        "Content-Transfer-Encoding: 8bit\r\nContent-Location: https://gazette.example/saved\r\n\r\n"
    ).encode() + content + b"\r\n--b--\r\n"  # fmt: skip


def crawled(folder: Path, *records: bytes, name: str = "c.warc") -> dict[str, Document]:
    """The documents of a crawl, by their names, all of which must be readable."""
    (folder / name).write_bytes(b"".join(records))
    found = taken(folder / name)
    assert all(isinstance(each, Document) for each in found.values()), found
    return {part: each for part, each in found.items() if isinstance(each, Document)}


def left_out(path: Path) -> list[tuple[str, str]]:
    """What a collection leaves out, after its documents were read."""
    found = []
    for each in formats.read_collection(path, path.name):
        if isinstance(each, LeftOut):
            found.append((each.what, each.detail))
        else:
            each.read("it")
    return found


# -- how content is packed


def chunks(data: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (data[:50], data[50:], b""))


@pytest.mark.parametrize(
    ("http", "pack"),
    [
        ("\nContent-Encoding: br", brotli.compress),
        ("\nContent-Encoding: zstd", zstd.compress),
        ("\nContent-Encoding: zstd", lambda data: zstd.compress(data[:90]) + zstd.compress(data[90:])),
        ("\nContent-Encoding: GZIP", gzip.compress),
        ("\nContent-Encoding: gzip", lambda data: gzip.compress(data[:90]) + gzip.compress(data[90:])),
        ("\nContent-Encoding: deflate", zlib.compress),
        ("\nContent-Encoding: deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("\nContent-Encoding: gzip, br", lambda data: brotli.compress(gzip.compress(data))),
        ("\nTransfer-Encoding: Chunked\nContent-Encoding: br", lambda data: chunks(brotli.compress(data))),
        ("\nContent-Encoding: br", bytes),  # crawlers unpack pages, and leave the header
        ("\nContent-Encoding: gzip\nTransfer-Encoding: chunked", bytes),
        ("\nContent-Encoding: UTF-8", bytes),
    ],
)
def test_a_page_is_unpacked(tmp_path: Path, http: str, pack: Callable[[bytes], bytes]) -> None:
    found = crawled(tmp_path, response(pack(page(TRAM)), http=http))
    assert found[URL].text == f"{TRAM}\n\n{MORE}"


@pytest.mark.parametrize(
    ("encoding", "content", "why"),
    [
        ("br", brotli.compress(page(TRAM))[:-20], "'br', and damaged"),
        ("zstd", zstd.compress(page(TRAM))[:-20], "'zstd', and damaged"),
        ("gzip", gzip.compress(page(TRAM))[:-20], "'gzip', and damaged"),
        ("dcb", brotli.compress(page(TRAM)), "'dcb', which isn't read"),
    ],
)
def test_what_can_not_be_unpacked_is_named(tmp_path: Path, encoding: str, content: bytes, why: str) -> None:
    (tmp_path / "c.warc").write_bytes(
        response(content, http=f"\nContent-Encoding: {encoding}")
        + response(page(QUAY), "https://e.example/q")
    )
    found = taken(tmp_path / "c.warc")
    assert why in str(found[URL])
    assert isinstance(found["https://e.example/q"], Document)


@pytest.mark.parametrize("pack", [brotli.compress, zstd.compress, gzip.compress])
def test_a_page_that_unpacks_to_too_much_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    encoding = {brotli.compress: "br", zstd.compress: "zstd"}.get(pack, "gzip")
    bomb = pack(b" " * 3_000_000)
    assert len(bomb) < 10_000
    (tmp_path / "c.warc").write_bytes(response(bomb, http=f"\nContent-Encoding: {encoding}"))
    limits = formats.CollectionLimits(document=1_000_000)
    assert "more than 1,000,000 bytes" in str(taken(tmp_path / "c.warc", limits=limits)[URL])


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("c.warc.zst", zstd.compress),
        ("c.warc.zst", zstd_with_dictionary),
        ("c.warc.bz2", __import__("bz2").compress),
        ("c.warc.gz", gzip.compress),
    ],
)
def test_a_crawl_is_decompressed(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    both = response(page(TRAM)) + response(page(QUAY), "https://e.example/q")
    found = crawled(tmp_path, pack(both), name=name)
    assert [QUAY in each.text for each in found.values()] == [False, True]


@pytest.mark.parametrize(("name", "pack"), [("c.warc.gz", gzip.compress), ("c.warc.zst", zstd.compress)])
def test_a_compressed_crawl_that_breaks_off_is_reported(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(response(page(TRAM))) + pack(response(page(QUAY), "https://e.example/q"))
    (tmp_path / name).write_bytes(packed[:-20])
    with pytest.raises(SourceError, match=r"is damaged \(it breaks off\)"):
        list(formats.read_collection(tmp_path / name, name))


def test_any_collection_may_be_compressed_so(tmp_path: Path) -> None:
    (tmp_path / "n.jsonl.zst").write_bytes(zstd.compress(containers.lines(containers.RECORDS)))
    assert list(taken(tmp_path / "n.jsonl.zst")) == ["a1", "a2", "a3"]


# -- captures of pages


def test_the_day_of_capture_dates_a_page_that_states_none(tmp_path: Path) -> None:
    dated = page(QUAY, head='<meta property="article:published_time" content="2021-02-03">')
    found = crawled(
        tmp_path,
        response(page(TRAM)),
        response(dated, "https://e.example/q"),
        response(page(QUAY, "One more."), "https://e.example/2020/06/07/q"),
    )
    assert [(each.date, each.dated) for each in found.values()] == [
        ("2023-05-12", "capture"), ("2021-02-03", "metadata"), ("2020-06-07", "path"),
    ]  # fmt: skip


def test_captures_of_one_page_are_told_apart_by_their_dates(tmp_path: Path) -> None:
    found = crawled(
        tmp_path,
        response(page(TRAM)),
        response(page(TRAM, QUAY), time="2023-05-13T08:00:00Z"),
        response(page(QUAY), time="2023-05-13T08:00:00Z"),  # of the same second
        response(page(TRAM), time="2023-05-14T08:00:00Z"),  # as at first
    )
    assert list(found) == [URL, f"{URL}~2023-05-13T08:00:00Z", f"{URL}~3"]
    assert [each.date for each in found.values()] == ["2023-05-12", "2023-05-13", "2023-05-13"]
    assert {each.dated for each in found.values()} == {"capture"}
    assert left_out(tmp_path / "c.warc") == [("captures of pages that had not changed", "")]


def test_a_revisit_has_the_content_of_the_record_that_it_refers_to(tmp_path: Path) -> None:
    digest, other = "sha1:AAAA", "https://gazette.example/tram?print=1"
    html = "200 OK\nContent-Type: text/html"
    found = crawled(
        tmp_path,
        response(page(TRAM), WARC_Payload_Digest=digest),
        record("revisit", URL, b"", "2023-05-13T08:00:00Z", html, WARC_Payload_Digest=digest),
        record("revisit", other, b"", "2023-05-14T08:00:00Z", html, WARC_Payload_Digest=digest),
        record("revisit", other, b"", "2023-05-15T08:00:00Z", WARC_Payload_Digest=digest),
        record("revisit", "https://e.example/x", b"", http=html, WARC_Payload_Digest="sha1:BBBB"),
        record("revisit", "https://e.example/i", b"", http="200 OK\nContent-Type: image/png"),
    )
    assert list(found) == [URL, other]
    assert found[other].text == found[URL].text
    assert (found[other].url, found[other].date) == (other, "2023-05-14")
    unchanged = ("captures of pages that had not changed", "")
    assert left_out(tmp_path / "c.warc") == [
        unchanged,
        unchanged,
        ("captures whose content is in another file, which has to be indexed too", "revisit"),
        ("images, styles, scripts and the like", "image/png"),
    ]


def test_a_feed_in_a_crawl_has_the_items_with_their_texts(tmp_path: Path) -> None:
    rss, atom, third = (f"https://gazette.example/{name}" for name in ("rss", "atom", "json"))
    record_ = {"id": "j1", "url": f"{third}/1", "title": "Quay", "content_text": QUAY}
    json_feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Gazette", "items": [record_]}
    broken = news.RSS.format(more="<item><guid>x</guid>").removesuffix("</channel></rss>").encode()
    (tmp_path / "c.warc").write_bytes(
        b"".join(
            [
                as_type("application/rss+xml; charset=utf-8", rss, news.RSS.format(more="").encode()),
                as_type("text/xml", atom, news.ATOM.encode()),
                as_type("application/feed+json", third, json.dumps(json_feed).encode()),
                as_type("application/xml", f"{URL}/map", b'<?xml version="1.0"?><urlset></urlset>'),
                as_type("text/plain", "https://gazette.example/robots.txt", b"User-agent: *\nDisallow: /x"),
                as_type("application/rss+xml", f"{URL}/none", page(TRAM)),
                as_type("application/rss+xml", f"{URL}/cut", broken),
            ]
        )
    )
    found = taken(tmp_path / "c.warc")
    documents = {part: each.text for part, each in found.items() if isinstance(each, Document)}
    assert list(documents) == [
        f"{rss}#lund-1", f"{atom}#urn:1", f"{atom}#urn:2", f"{third}#j1", f"{URL}/cut#lund-1"
    ]  # fmt: skip
    assert documents[f"{third}#j1"] == QUAY
    refused = {part: each for part, each in found.items() if not isinstance(each, Document)}
    assert "isn't the feed" in str(refused[f"{URL}/none"])
    assert "breaks off" in str(refused[f"{URL}/cut"])
    assert {("lists of addresses", "sitemap"), ("lists of addresses", "robots.txt")} < {
        (each.what, each.detail)
        for each in formats.read_collection(tmp_path / "c.warc", "c.warc")
        if isinstance(each, LeftOut)
    }


def as_type(media_type: str, url: str, content: bytes) -> bytes:
    return record("response", url, content, http=f"200 OK\nContent-Type: {media_type}")


def test_the_text_that_a_crawler_took_belongs_to_its_page(tmp_path: Path) -> None:
    shell = b"<!doctype html><html><head><title>x</title></head><body></body></html>"
    other = "https://gazette.example/quay"
    text = f"Quay to close\nHome\n{QUAY}\n{MORE}".encode()
    records = [
        record("resource", f"urn:text:{URL}", f"Tram\n{TRAM}".encode(), Content_Type="text/plain"),
        response(page(TRAM)),
        record("resource", f"urn:textFinal:{URL}", f"Tram\n{TRAM}".encode(), Content_Type="text/plain"),
        response(shell, other),
        record("resource", f"urn:text:{other}", text, Content_Type="text/plain"),
        record("resource", f"urn:pageinfo:{URL}", b"{}", Content_Type="application/json"),
        record("resource", f"urn:view:{URL}", b"\x89PNG", Content_Type="image/png"),
    ]
    (tmp_path / "c.warc").write_bytes(b"".join(records))
    found = taken(tmp_path / "c.warc")
    assert list(found) == [URL, other, f"urn:text:{other}"]
    taken_text = found[f"urn:text:{other}"]
    assert isinstance(taken_text, Document)
    assert (taken_text.title, taken_text.url) == ("Quay to close", other)
    assert taken_text.text == f"Quay to close\n\nHome\n\n{QUAY}\n\n{MORE}"
    cited = [taken_text.text[a:b] for a, b in taken_text.paragraphs]
    assert cited == [QUAY, MORE]
    collected = list(formats.read_collection(tmp_path / "c.warc", "c.warc"))
    own = [each.detail for each in collected if isinstance(each, LeftOut) and "own" in each.what]
    assert own == ["urn:pageinfo", "urn:view"]


def test_a_page_that_the_crawler_cut_is_reported(tmp_path: Path) -> None:
    (tmp_path / "c.warc").write_bytes(response(page(TRAM), WARC_Truncated="length"))
    assert left_out(tmp_path / "c.warc") == [("the rest of pages that the crawler has cut", "length")]


@pytest.mark.parametrize("http", ["", "\nTransfer-Encoding: chunked"])
def test_a_page_within_which_the_file_breaks_off_is_skipped(tmp_path: Path, http: str) -> None:
    whole = response(page(TRAM)) + response(page(QUAY), "https://e.example/q", http=http)
    (tmp_path / "c.warc").write_bytes(whole[:-120])
    found = taken(tmp_path / "c.warc")
    assert isinstance(found[URL], Document)
    assert "breaks off within it" in str(found["https://e.example/q"])


def test_the_texts_of_common_crawl(tmp_path: Path) -> None:
    text = f"Tram stopped\nNews\n{TRAM}\n{MORE}"
    found = crawled(
        tmp_path,
        gzip.compress(record("warcinfo", "", b"", WARC_Filename="x")),
        gzip.compress(record("conversion", URL, text.encode(), Content_Type="text/plain")),
        name="c.warc.wet.gz",
    )
    (document,) = found.values()
    assert (document.title, document.date, document.dated) == ("Tram stopped", "2023-05-12", "capture")
    assert [document.text[a:b] for a, b in document.paragraphs] == [TRAM, MORE]


def test_an_arc_file(tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(TRAM)
    about = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    head = b"filedesc://a.arc 0.0.0.0 20020102030405 text/plain %d\n" % len(about) + about + b"\n"
    line = b"http://old.example/a 1.2.3.4 20020304050607 text/html %d\n" % len(http)
    found = crawled(tmp_path, head + line + http + b"\n", name="a.arc")
    assert [(part, each.date) for part, each in found.items()] == [("http://old.example/a", "2002-03-04")]


# -- WACZ


def test_the_pages_of_a_wacz(tmp_path: Path) -> None:
    digest = "sha1:AAAA"
    files: dict[str, bytes | str] = {
        "datapackage.json": "{}",
        "pages/pages.jsonl": '{"format": "json-pages-1.0"}\n',
        "indexes/index.cdx.gz": gzip.compress(b""),
        "archive/a.warc.gz": gzip.compress(response(page(TRAM), WARC_Payload_Digest=digest)),
        "archive/b.warc.gz": gzip.compress(response(page(QUAY)))[:-30],
        "archive/c.warc": record("resource", f"urn:text:{URL}", TRAM.encode(), Content_Type="text/plain")
        + record("revisit", "https://e.example/t", b"", WARC_Payload_Digest=digest),
        "notes.ods": b"",
    }
    (tmp_path / "c.wacz").write_bytes(containers.zipped(files))
    found = taken(tmp_path / "c.wacz")
    assert list(found) == [URL, "archive/b.warc.gz", "https://e.example/t"]
    assert "damaged" in str(found["archive/b.warc.gz"])
    assert formats.is_collection("C.WACZ")
    (tmp_path / "z.zip").write_bytes(containers.zipped({"c.wacz": containers.zipped(files)}))
    assert f"c.wacz#{URL}" in taken(tmp_path / "z.zip")


def test_a_wacz_without_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.wacz").write_bytes(containers.zipped({"datapackage.json": "{}"}))
    with pytest.raises(SourceError, match="has no WARC file"):
        list(formats.read_collection(tmp_path / "c.wacz", "c.wacz"))


# -- MHTML


def test_a_saved_page(tmp_path: Path) -> None:
    (tmp_path / "p.mhtml").write_bytes(saved_page(page(TRAM)))
    found = formats.read(tmp_path / "p.mhtml", "p.mhtml")
    assert (found.title, found.text) == ("Tram stopped", f"{TRAM}\n\n{MORE}")
    assert (found.url, found.date, found.dated) == ("https://gazette.example/saved", "2023-05-12", "capture")


def test_the_page_of_a_saved_page_is_the_part_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "p.mht").write_bytes(saved_page(page(TRAM), 'start="<frame-1@mhtml.blink>"; '))
    assert formats.read(tmp_path / "p.mht", "p.mht").text == f"{TRAM}\n\n{MORE}"


def test_a_saved_page_in_the_encoding_that_its_part_names(tmp_path: Path) -> None:
    greek = "Το τραμ σταμάτησε την Παρασκευή κοντά στην αγορά, είπε η εταιρεία στους δημοσιογράφους."
    (tmp_path / "p.mht").write_bytes(
        saved_page(page(greek).decode().encode("iso-8859-7"), encoding="iso-8859-7")
    )
    assert greek in formats.read(tmp_path / "p.mht", "p.mht").text


@pytest.mark.parametrize(
    "data", [b"Hello.", b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx"]
)
def test_what_is_no_saved_page_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p.mhtml").write_bytes(data)
    with pytest.raises(SourceError, match="is not a saved web page"):
        formats.read(tmp_path / "p.mhtml", "p.mhtml")


# -- in an index


def test_a_date_of_capture_is_said_to_be_that(tmp_path: Path, cli: Cli, tiny_model: Path) -> None:
    said = f"“{TRAM}” said Petra Ilieva."
    (tmp_path / "c.warc").write_bytes(
        response(page(said)) + response(page(QUAY), time="2023-05-13T08:00:00Z")
    )
    where = ("--index", tmp_path / "i")
    assert cli("index", tmp_path / "c.warc", *where, "--model", tiny_model).code == 0
    assert "2023-05-12 (from its capture)" in cli("show", f"c.warc#{URL}", *where).out
    listed = cli("status", "--documents", "--verify", *where)
    assert listed.code == 0
    assert listed.out.count("(dated by its capture)") == 2
    assert "captured 2023-05-12" in cli("quotes", *where).out
    assert cli("quotes", "--json", *where).json[0]["document"]["dated"] == "capture"
    asked = cli("ask", "Where was the tram stopped?", "--since", "2023-05-13", "--reader", "none", *where)
    assert "captured 2023-05-13" in asked.out
    assert "captured 2023-05-12" not in asked.out
