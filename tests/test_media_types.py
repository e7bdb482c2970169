"""One table of media types: a page is read alike over HTTP and in a crawl; what is left out is reported."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import test_containers as collections
import test_formats_office as office
import test_formats_pdf as pdf
import test_outlook as outlook
from askbrief import Index, formats
from askbrief.errors import SourceError
from askbrief.fetch import FetchLimits
from askbrief.formats import FORMATS, DocumentRef
from askbrief.indexing import web
from askbrief.media_type import MediaType, parse_media_type
from askbrief.types import Document
from conftest import Cli
from web import Site, html, served

PROSE = office.PROSE
LIMITS = FetchLimits(allow_private=True, delay=0, backoff=0, connect=1, read=1, total=5)
UNSPECIFIC = "application/octet-stream"


def stored(data: bytes) -> bytes:
    """A ZIP whose entries are not compressed, as the first of an EPUB or ODT must be."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return office.zipped_up(parts, zipfile.ZIP_STORED)


SAMPLES = {
    ".txt": PROSE.encode(),
    ".md": f"# Ice\n\n{PROSE}\n".encode(),
    ".html": html("Ice", PROSE, office.MORE)[2],
    ".pdf": pdf.FILES[0],
    ".docx": office.a_docx(office.paragraph(PROSE)),
    ".odt": stored(office.an_odt(f"<text:p>{PROSE}</text:p>")),
    ".epub": stored(office.an_epub({"a.xhtml": f"<p>{PROSE}</p>"})),
    ".rtf": office.an_rtf(rf"\pard {PROSE}\par"),
    ".eml": office.a_mail(PROSE).as_bytes(),
    ".mhtml": b"From: <Saved by Blink>\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    + html("Ice", PROSE, office.MORE)[2]
    + b"\r\n--b--\r\n",
    ".msg": outlook.compound(outlook.a_message("Ice", PROSE)),
    ".srt": f"1\n00:00:01,000 --> 00:00:09,000\n{PROSE}\n".encode(),
    ".xml": f"<nitf><body><body.content><p>{PROSE}</p></body.content></body></nitf>".encode(),
    ".wiki": PROSE.encode(),
}
STATED = sorted((name, each.suffixes[0]) for name, each in FORMATS.by_media_type.items())


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def crawl(*pages: tuple[str, str | None, bytes], kind: str = "response") -> bytes:
    """A WARC of pages: address, value of the Content-Type header, and content."""
    made = b""
    for number, (url, media_type, content) in enumerate(pages):
        stated = "" if media_type is None else f"Content-Type: {media_type}\r\n"
        http = f"HTTP/1.1 200 OK\r\n{stated}\r\n".encode() if kind == "response" else b""
        own = "Content-Type: application/http; msgtype=response\r\n" if kind == "response" else stated
        made += (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2024-05-02T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n{own}"
            f"Content-Length: {len(http) + len(content)}\r\n\r\n"
        ).encode() + http + content + b"\r\n\r\n"  # fmt: skip
    return made


def fetched(site: Site, folder: Path, path: str, media_type: str | None, content: bytes) -> Document | str:
    """What comes of a page over HTTP: its document, or why there is none."""
    site.pages[path] = (200, {} if media_type is None else {"Content-Type": media_type}, content)
    (found,) = web.documents([site.url(path)], folder, lambda name: None, LIMITS)
    return found.document if isinstance(found, web.ReadPage) else found.why


def crawled(folder: Path, url: str, media_type: str | None, content: bytes) -> Document | str:
    """What comes of the same page in a crawl."""
    (folder / "a.warc").write_bytes(crawl((url, media_type, content)))
    (found,) = formats.read_collection(folder / "a.warc", "a.warc")
    if not isinstance(found, DocumentRef):
        return found.what
    try:
        return found.read(url)
    except SourceError as error:
        return str(error)


@pytest.mark.parametrize(("media_type", "suffix"), STATED)
def test_each_stated_type_is_read_alike(site: Site, tmp_path: Path, media_type: str, suffix: str) -> None:
    over_http = fetched(site, tmp_path, "/ice", media_type, SAMPLES[suffix])
    in_crawl = crawled(tmp_path, site.url("/ice"), media_type, SAMPLES[suffix])
    assert isinstance(over_http, Document)
    assert isinstance(in_crawl, Document)
    assert PROSE[:40] in over_http.text
    assert in_crawl.date == over_http.date or (in_crawl.date, in_crawl.dated) == ("2024-05-02", "capture")
    assert replace(in_crawl, url=over_http.url, date=over_http.date, dated=over_http.dated) == over_http


@pytest.mark.parametrize("media_type", [UNSPECIFIC, "", None, "nonsense"])
@pytest.mark.parametrize("suffix", [".html", ".pdf", ".docx", ".odt", ".epub", ".rtf"])
def test_content_of_no_stated_type_is_recognised_alike(
    site: Site, tmp_path: Path, media_type: str | None, suffix: str
) -> None:
    over_http = fetched(site, tmp_path, "/download?id=1", media_type, SAMPLES[suffix])
    in_crawl = crawled(tmp_path, site.url("/download?id=1"), media_type, SAMPLES[suffix])
    assert isinstance(over_http, Document)
    assert isinstance(in_crawl, Document)
    assert in_crawl.text == over_http.text


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_else_the_address_decides(site: Site, tmp_path: Path, suffix: str) -> None:
    over_http = fetched(site, tmp_path, f"/ice%20{suffix}?a=.b", UNSPECIFIC, SAMPLES[suffix])
    in_crawl = crawled(tmp_path, site.url(f"/ice%20{suffix}?a=.b"), UNSPECIFIC, SAMPLES[suffix])
    assert isinstance(over_http, Document)
    assert isinstance(in_crawl, Document)
    assert in_crawl.text == over_http.text


@pytest.mark.parametrize("media_type", ["application/zip", "application/vnd.ms-excel", UNSPECIFIC])
def test_what_is_not_read_is_reported_alike(site: Site, tmp_path: Path, media_type: str) -> None:
    over_http = fetched(site, tmp_path, "/figures", media_type, b"\0\1\2")
    in_crawl = crawled(tmp_path, site.url("/figures"), media_type, b"\0\1\2")
    assert isinstance(over_http, str)
    assert isinstance(in_crawl, str)
    assert f"is {media_type}" in over_http
    assert f"it is {media_type}" in in_crawl


def test_a_charset_that_only_the_server_names(site: Site, tmp_path: Path) -> None:
    russian = "<article><p>Порт закрыт, сказал мэр города в понедельник утром журналистам.</p></article>"
    header = "text/html; charset=windows-1251"
    over_http = fetched(site, tmp_path, "/port", header, russian.encode("cp1251"))
    in_crawl = crawled(tmp_path, site.url("/port"), header, russian.encode("cp1251"))
    assert isinstance(over_http, Document)
    assert isinstance(in_crawl, Document)
    assert "Порт закрыт" in over_http.text
    assert in_crawl.text == over_http.text


@pytest.mark.parametrize("kind", ["resource", "conversion"])
def test_records_without_http_are_read_too(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.warc").write_bytes(crawl(("https://e.org/a", "text/rtf", SAMPLES[".rtf"]), kind=kind))
    (found,) = formats.read_collection(tmp_path / "a.warc", "a.warc")
    assert isinstance(found, DocumentRef)
    assert found.read("a").text == PROSE


def test_a_crawl_of_everything_is_read_or_reported(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    usual = {each.suffixes[0]: name for name, each in reversed(FORMATS.by_media_type.items())}
    pages: list[tuple[str, str | None, bytes]]
    pages = [(f"https://e.org/{suffix}", usual[suffix], data) for suffix, data in SAMPLES.items()]
    pages += [(f"https://e.org/{n}.png", "image/png", b"\x89PNG") for n in range(5)]
    pages += [("https://e.org/a.css", "text/css", b"a {}"), ("https://e.org/a.js", "text/javascript", b"a")]
    pages += [("https://e.org/a.xls", "application/vnd.ms-excel", b"\0"), ("https://e.org/b", None, b"\0\1")]
    (tmp_path / "a.warc.gz").write_bytes(
        gzip.compress(crawl(*pages)) + gzip.compress(collections.warc(("https://e.org/c", "404 No", b"")))
    )
    where = tmp_path / "index"
    for _ in range(2):  # what was left out is said again when nothing has changed
        ran = cli("index", tmp_path / "a.warc.gz", "--index", where, "--model", tiny_model)
        lines = ran.err.splitlines()
        assert any(
            "images, styles, scripts and the like (5 image/png, 1 text/css, 1" in line for line in lines
        )
        assert any("redirects and errors (1 status 404)" in line for line in lines)
        assert any("a.xls: it is application/vnd.ms-excel" in line for line in lines)
        assert any("e.org/b: it is of no known type" in line for line in lines)
        assert len(lines) == 4
        assert ran.code == 2
    with Index.open(where) as index:
        assert len(list(index.documents())) == len(SAMPLES)


FILES: Mapping[str, bytes] = {
    "a.txt": PROSE.encode(),
    "b/c.png": b"\x89PNG",
    "d.xls": b"\0",
    "e.png": b"\x89PNG",
}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "b.zip"])
def test_files_of_an_archive_that_are_no_documents_are_counted(
    tmp_path: Path, tiny_model: Path, cli: Cli, name: str
) -> None:
    data = collections.tarred(FILES) if name == "a.tar" else collections.zipped(FILES)
    data = collections.zipped({"inner.zip": data}) if name == "b.zip" else data
    (tmp_path / name).write_bytes(data)
    report = tmp_path / "report.json"
    ran = cli("index", tmp_path / name, "--index", tmp_path / "i", "--model", tiny_model, "--report", report)
    (line,) = ran.err.splitlines()
    assert f"{name}: 3 files are of formats that are not read (2 .png, 1 .xls); " in line
    assert line.startswith("note: ")
    assert ran.code == 0  # nothing failed
    assert "skipped" not in ran.out
    told = json.loads(report.read_text())
    assert ([each["why"] for each in told["left_out"]], told["skipped"]) == ([line[6:]], [])


def test_hidden_files_and_attachments_are_counted(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    (tmp_path / "a.zip").write_bytes(
        collections.zipped({"a.txt": PROSE, "__MACOSX/a.txt": "x", "b/.hidden.txt": "x"})
    )
    mail = office.a_mail(PROSE)
    mail.add_attachment(b"\0", maintype="application", subtype="pdf", filename="figures.pdf")
    (tmp_path / "b.mbox").write_bytes(collections.mbox(mail.as_string()))
    ran = cli("index", tmp_path, "--index", tmp_path / "i", "--model", tiny_model)
    assert ran.code == 0
    first, second = ran.err.splitlines()
    assert first.endswith("a.zip: left out hidden files (2)")
    assert second.endswith("b.mbox: left out attachments of messages (1 application/pdf)")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html", MediaType("text/html")), ("Text/HTML; Charset=UTF-8", MediaType("text/html", "utf-8")),
        ('text/html; charset="utf-8"; x=y', MediaType("text/html", "utf-8")), ("", MediaType()),
        ("text/html, text/html", MediaType("text/html")), ("nonsense", MediaType()),
        ("text/\x1b[31mhtml", MediaType()), ("a/b c", MediaType()),
    ],
)  # fmt: skip
def test_content_type_headers(header: str, expected: MediaType) -> None:
    assert parse_media_type(header) == expected


def test_no_two_formats_claim_one_suffix_or_type() -> None:
    every = {id(each): each for each in FORMATS.by_suffix.values()}.values()
    for claims in (
        [s for each in every for s in each.suffixes],
        [t for each in every for t in each.media_types],
    ):
        assert len(claims) == len(set(claims))
        assert claims == [claim.lower() for claim in claims]
