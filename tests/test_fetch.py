"""Fetching: what may be connected to, how much is taken, how hosts are treated, and what re-runs ask for."""

from __future__ import annotations

import gzip
import re
import shutil
import socket
import ssl
import subprocess
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate
from http.server import ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.errors import FetchError
from askbrief.fetch import (
    CACHE_FILE,
    FeedEntry,
    FetchedPage,
    FetchLimits,
    PageCache,
    SkippedPage,
    fetch_pages,
    http,
)
from askbrief.fetch.address import Address, parse_address, public, resolve
from askbrief.fetch.decompress import decompress
from askbrief.formats import html as html_format
from askbrief.formats import markdown, text
from askbrief.formats.pdf import pdf_pages as pdf
from askbrief.formats.registry import FormatTable
from askbrief.zstandard import zstd
from mutations import mutated
from web import HERE, HTML, Handler, Reply, Site, Time, html, served

READABLE = FormatTable([html_format.FORMAT, text.FORMAT, markdown.FORMAT, pdf.FORMAT])
QUICK = FetchLimits(allow_private=True, connect=1, read=1, total=1, tries=1)
BODY = html("Ice", "The harbour is shut.")[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with served() as site:
        yield site


@dataclass
class Web:
    """The site, the clock, and what the index holds: names to digests of texts."""

    site: Site
    time: Time
    path: Path
    held: dict[str, str]

    def store(self) -> PageCache:
        return PageCache(self.path, self.held.get)

    def get(self, *urls: str, limits: FetchLimits = QUICK, **how: object) -> list[FetchedPage | SkippedPage]:
        system = self.time.system(**how)  # type: ignore[arg-type]
        return list(fetch_pages(urls, self.store(), limits, formats=READABLE, system=system))

    def run(self, *urls: str, limits: FetchLimits = QUICK) -> list[FetchedPage | SkippedPage]:
        """As ``askbrief index`` does: what has come is stored, and noted."""
        store = self.store()
        found = []
        for each in fetch_pages(urls, store, limits, formats=READABLE, system=self.time.system()):
            found.append(each)
            if isinstance(each, FetchedPage):
                self.held[each.name] = f"digest of {each.data!r}"
                store.keep(each, self.held[each.name])
        return found


@pytest.fixture
def web(server: Site, tmp_path: Path) -> Web:
    server.pages.clear()
    server.asked.clear()
    server.headers.clear()
    return Web(server, Time(), tmp_path / CACHE_FILE, {})


def page(found: list[FetchedPage | SkippedPage]) -> FetchedPage:
    assert len(found) == 1, found
    assert isinstance(found[0], FetchedPage), found
    return found[0]


def why(found: list[FetchedPage | SkippedPage]) -> str:
    assert len(found) == 1, found
    assert isinstance(found[0], SkippedPage), found
    assert "\n" not in found[0].why
    return found[0].why


# -- addresses


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/a", "only http:// and https://"),
        ("file:///etc/passwd", "only http:// and https://"),
        ("example.org/a", "only http:// and https://"),
        ("javascript:alert(1)", "only http:// and https://"),
        ("http://user:secret@example.org/", "contains a user name or password"),
        ("http://user@example.org/", "contains a user name or password"),
        ("http://@example.org/", "contains a user name or password"),
        ("http:///a", "is not a web address"),
        ("http://[::1/", "is not a web address"),
        ("http://example.org:99999/", "is not a web address"),
        ("http://exa mple.org/", "invalid host name"),
        ("http://exa%6dple.org/", "invalid host name"),
        ("http://evil.org\\@good.org/", "contains a user name or password"),
        ("http://evil.org\\.good.org/", "is not a web address"),
        ("http://[fe80::1%25eth0]/", "invalid host name"),
        ("http://\u200b/", "invalid host name"),
        ("http://a/" + "b" * 5000, "is not a web address"),
    ],
)
def test_addresses_that_are_refused_at_once(web: Web, url: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason) as error:
        fetch_pages([url], web.store(), QUICK, formats=READABLE)
    assert "secret" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/a?b#c", "https://example.org/a?b"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("https://straße.de/ä?ö=ü&x=%C3%A4", "https://xn--strae-oqa.de/%C3%A4?%C3%B6=%C3%BC&x=%C3%A4"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        (" https://example.org/a b\n", "https://example.org/a%20b"),
        ("https://ex\tample.org/", "https://example.org/"),
    ],
)
def test_addresses_as_they_are_asked_for(url: str, expected: str) -> None:
    assert str(parse_address(url)) == expected


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.org/x?utm_source=rss&utm_medium=feed", "https://a.org/x"),
        ("https://a.org/x?id=7&fbclid=abc&p=%20a", "https://a.org/x?id=7&p=%20a"),
        ("https://a.org/x?utm=1", "https://a.org/x?utm=1"),
    ],
)
def test_names_leave_out_where_a_reader_came_from(url: str, name: str) -> None:
    assert parse_address(url).name == name
    assert str(parse_address(url)) == url


@settings(max_examples=60)
@given(st.one_of(st.text(), st.from_regex(r"https?://[^/]{0,20}(/.{0,20})?", fullmatch=True)))
def test_any_text_is_an_address_or_one_line(text: str) -> None:
    try:
        address = parse_address(text)
    except FetchError as error:
        told = str(error)
        assert told.isprintable()
    else:
        assert parse_address(str(address)) == address
        assert re.fullmatch(r"https?://[!-~]+", str(address))
        assert parse_address(address.name).name == address.name


CLOSED = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "0.0.0.0", "0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",  # noqa: S104
    "100.64.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]",
    "[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[4000::1]",
    "①②⑦.0.0.1", "127。0。0。1",
]  # fmt: skip


@pytest.mark.parametrize("host", CLOSED)
def test_numbers_that_are_not_of_the_open_internet(web: Web, host: str) -> None:
    url = f"http://{host}:{web.site.port}/"
    told = why(web.get(url, limits=replace(QUICK, allow_private=False), lookup=lambda *_: ["8.8.8.8"]))
    assert "is not fetched" in told
    assert "--allow-private" in told
    assert web.site.asked == []


@pytest.mark.parametrize(
    "number",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:808:808", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_numbers_of_the_open_internet(number: str) -> None:
    address = Address("http", number, 80, "/")
    assert resolve(address, Time().system(), allow_private=False) == [number]


@given(st.ip_addresses(v=4))
def test_what_wraps_a_number_is_as_open_as_the_number(number: object) -> None:
    import ipaddress

    assert isinstance(number, ipaddress.IPv4Address)
    for wrapped in (f"::ffff:{number}", f"64:ff9b::{number}"):
        assert public(ipaddress.ip_address(wrapped)) == public(number)


@pytest.mark.parametrize("host", ["1.2.3.4.5", "999.1", "0x", "1.2.3.0x1g.9"])
def test_numbers_that_are_none(web: Web, host: str) -> None:
    assert "is not an IP address" in why(web.get(web.site.url("/", host)))


@pytest.mark.parametrize("numbers", [["10.0.0.7"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1111", "::1"]])
def test_a_name_of_a_private_number(web: Web, numbers: list[str]) -> None:
    url = web.site.url("/", "inside.example")
    told = why(web.get(url, limits=replace(QUICK, allow_private=False), lookup=lambda *_: numbers))
    assert f"inside.example is {numbers[-1]}, a private or local address" in told
    assert web.site.asked == []


def test_the_systems_own_resolver_is_checked_too(web: Web) -> None:
    url = web.site.url("/", "localhost")
    found = list(fetch_pages([url], web.store(), replace(QUICK, allow_private=False), formats=READABLE))
    assert "a private or local address" in why(found)
    assert web.site.asked == []


def test_a_redirect_to_a_private_number(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first server counts as public; what it leads to is checked by itself, and never asked."""
    monkeypatch.setattr("askbrief.fetch.address.public", lambda number: str(number) == HERE)
    web.site.pages["/"] = (302, {"Location": f"http://127.0.0.2:{web.site.port}/secret"}, b"")
    told = why(web.get(web.site.url("/"), limits=replace(QUICK, allow_private=False)))
    assert "127.0.0.2 is a private or local address" in told
    assert web.site.visited == ["/"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://a.org/", "http://u:p@a.org/", "http://[/", ""]
)
def test_a_redirect_to_what_is_no_page(web: Web, location: str) -> None:
    web.site.pages["/"] = (302, {"Location": location}, b"")
    why(web.get(web.site.url("/")))
    assert web.site.visited == ["/"]


def test_a_name_is_looked_up_once_for_a_connection(web: Web) -> None:
    """DNS rebinding: the second answer of the resolver would be another machine; it is never asked for."""
    answers = iter([HERE, HERE, "127.0.0.9", "127.0.0.9"])
    looked: list[str] = []

    def lookup(host: str, _: int) -> list[str]:
        looked.append(host)
        return [next(answers)]

    web.site.pages["/"] = html("Ice", "The harbour is shut.")
    page(web.get(web.site.url("/", "news.example"), lookup=lookup))
    assert looked == ["news.example"] * 2  # for robots.txt, and for the page
    assert web.site.asked == ["news.example/robots.txt", "news.example/"]


def test_no_lookup_happens_behind_the_back(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = socket.getaddrinfo, []

    def watched(host: str, *rest: object, **how: object) -> object:
        asked.append(host)
        return real(host, *rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    web.site.pages["/"] = html("Ice", "The harbour is shut.")
    page(web.get(web.site.url("/", "news.example")))
    assert set(asked) <= {HERE}


def test_the_next_number_is_tried(web: Web) -> None:
    web.site.pages["/"] = html("Ice", "The harbour is shut.")
    page(web.get(web.site.url("/", "news.example"), lookup=lambda *_: ["127.0.0.3", HERE]))


def test_proxies_of_the_environment_are_not_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.site.pages["/"] = html("Ice", "The harbour is shut.")
    page(web.get(web.site.url("/")))


def test_names_that_nobody_has(web: Web) -> None:
    def nobody(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def not_now(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    assert "there is no host nowhere.example" in why(web.get("http://nowhere.example/", lookup=nobody))
    assert web.time.waited == []
    assert "can't be looked up now" in why(web.get("http://nowhere.example/", lookup=not_now))


# -- TLS


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """A server with a certificate for news.example that its own key has signed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=news.example"]
    made += ["-addext", "subjectAltName=DNS:news.example"]
    subprocess.run(made, check=True, capture_output=True, timeout=30)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def wrap(server: ThreadingHTTPServer) -> None:
        server.socket = context.wrap_socket(server.socket, server_side=True)

    with served(wrap) as site:
        site.pages["/"] = html("Ice", "The harbour is shut.")
        yield site, certificate


def test_a_certificate_is_the_hosts_own(
    web: Web, secure: tuple[Site, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, certificate = secure
    context = ssl.create_default_context(cafile=str(certificate))
    url = site.url("/", "news.example", "https")
    assert "no secure connection" in why(web.get(url))  # nobody vouches for it
    monkeypatch.setattr(http, "_trusted", lambda: context)
    assert page(web.get(url)).data == BODY
    assert "no secure connection" in why(web.get(site.url("/", "other.example", "https")))


def test_a_slow_drip_over_tls(web: Web, secure: tuple[Site, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    site, certificate = secure
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(http, "_trusted", lambda: context)
    site.pages["/drip"] = endless(b"1", 0.01)
    limits = replace(QUICK, total=0.2)
    assert "not done within 0.2 seconds" in why(
        web.get(site.url("/drip", "news.example", "https"), limits=limits)
    )


# -- limits


def test_a_page(web: Web) -> None:
    web.site.pages["/ice"] = html("Ice", "The harbour is shut.")
    got = page(web.get(web.site.url("/ice")))
    assert (got.name, got.suffix) == (web.site.url("/ice"), ".html")
    assert got.data == BODY
    asked = web.site.headers[-1]
    assert asked["User-Agent"].startswith("askbrief/")
    assert asked["Host"] == f"{HERE}:{web.site.port}"
    assert "Cookie" not in asked


def packed(data: bytes, encoding: str) -> Reply:
    return 200, {**HTML, "Content-Encoding": encoding}, data


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("gzip", lambda data: gzip.compress(data[:20]) + gzip.compress(data[20:]) + b"\0\0"),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("identity", lambda data: data),
    ],
)
def test_packed_pages(web: Web, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    web.site.pages["/"] = packed(pack(BODY), encoding)
    assert page(web.get(web.site.url("/"))).data == BODY


def test_a_gzip_bomb(web: Web) -> None:
    web.site.pages["/"] = packed(gzip.compress(bytes(30_000_000)), "gzip")
    assert "decompresses to more than 1,000,000 bytes" in why(
        web.get(web.site.url("/"), limits=replace(QUICK, unpacked=1_000_000))
    )


def test_a_bomb_is_not_unpacked_first() -> None:
    data, address = gzip.compress(bytes(50_000_000)), parse_address("http://example.org/")
    tracemalloc.start()
    with pytest.raises(FetchError):
        decompress(data, "gzip", address, replace(QUICK, unpacked=1_000_000))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_bomb_of_many_small_files(web: Web) -> None:
    web.site.pages["/"] = packed(gzip.compress(bytes(1000)) * 3000, "gzip")
    assert "decompresses to more" in why(
        web.get(web.site.url("/"), limits=replace(QUICK, unpacked=1_000_000))
    )


@pytest.mark.parametrize(
    ("data", "encoding", "reason"),
    [
        (gzip.compress(BODY, mtime=0)[:-9], "gzip", "damaged, or cut short"),
        (b"\x1f\x8bnothing", "gzip", "damaged, or cut short"),
        (b"nothing", "deflate", "damaged, or cut short"),
        (b"nothing", "br", "damaged, or cut short"),
        (b"nothing", "compress", "compressed with 'compress', which isn't read"),
    ],
)
def test_badly_packed_pages(web: Web, data: bytes, encoding: str, reason: str) -> None:
    web.site.pages["/"] = packed(data, encoding)
    assert reason in why(web.get(web.site.url("/")))


def endless(piece: bytes, pause: float = 0.0, head: bytes = b"") -> Callable[[Handler], None]:
    """A page that never ends."""

    def answer(handler: Handler) -> None:
        start = head or b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
        try:
            handler.wfile.write(start)
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(pause)
        except OSError:
            return

    return answer


def test_a_page_that_says_how_large_it_is(web: Web) -> None:
    web.site.pages["/"] = (200, {**HTML, "Content-Length": "999999999"}, b"")
    assert "has 999,999,999 bytes or more, at most 20,000,000" in why(web.get(web.site.url("/")))


def test_a_page_without_an_end(web: Web) -> None:
    web.site.pages["/"] = endless(bytes(10_000))
    told = why(web.get(web.site.url("/"), limits=replace(QUICK, received=1_000_000)))
    assert "at most 1,000,000 are fetched" in told


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ids=["body", "header", "status", "chunks"],
)
def test_a_slow_drip(web: Web, head: bytes) -> None:
    web.site.pages["/"] = endless(b"1", 0.01, head)
    started = time.monotonic()
    told = why(web.get(web.site.url("/"), limits=replace(QUICK, total=0.2)))
    assert "not done within 0.2 seconds" in told
    assert time.monotonic() - started < 20


def test_a_server_that_goes_on_saying_go_on(web: Web) -> None:
    web.site.pages["/"] = endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.001, b"HTTP/1.1 100 Continue\r\n\r\n")
    assert "not done within" in why(web.get(web.site.url("/"), limits=replace(QUICK, total=0.2)))


def test_a_silent_server(web: Web) -> None:
    def silent(handler: Handler) -> None:
        handler.rfile.read(1)

    web.site.pages["/"] = silent
    assert "no answer in time" in why(web.get(web.site.url("/"), limits=replace(QUICK, read=0.1)))


@pytest.mark.parametrize("piece", [b"a" * 1000, b"X-Name: value\r\n"])
def test_headers_without_an_end(web: Web, piece: bytes) -> None:
    web.site.pages["/"] = endless(piece, 0, b"HTTP/1.1 200 OK\r\nX: ")
    assert "the server's answer has" in why(web.get(web.site.url("/")))


@pytest.mark.parametrize("said", [b"nothing at all", b"HTTP/1.1 abc\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n"])
def test_what_is_no_http(web: Web, said: bytes) -> None:
    def answer(handler: Handler) -> None:
        handler.wfile.write(said)

    web.site.pages["/"] = answer
    found = web.get(web.site.url("/"))
    assert why(found)


SAID = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>Some words",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n3;x=y\r\ncde\r\n0\r\n\r\n",
    b"HTTP/1.0 302 Found\r\nLocation: //a\r\nSet-Cookie: a=b\r\n\r\n",
    b"HTTP/1.1 503 No\r\nRetry-After: 3\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00",
]
PIECES = [
    b"\r\n",
    b"\r\n\r\n",
    b": ",
    b"HTTP/1.1 100 C\r\n\r\n",
    b"-1",
    b"99999999999999999999",
    b"\x00",
    b"\xff",
]


def test_whatever_a_server_says_is_taken_or_told_in_one_line(web: Web) -> None:
    said: list[bytes] = []

    def answer(handler: Handler) -> None:
        handler.wfile.write(said[-1])

    web.site.pages["/"] = answer

    @given(mutated(SAID, PIECES))
    @settings(max_examples=100)
    def hold(data: bytes) -> None:
        said.append(data)
        for each in web.get(web.site.url("/"), limits=replace(QUICK, read=0.2)):
            if isinstance(each, SkippedPage):
                assert each.why.isprintable()

    hold()


@pytest.mark.parametrize("encoded", [False, True])
def test_a_page_that_is_cut_short(web: Web, encoded: bool) -> None:
    def answer(handler: Handler) -> None:
        length = b"Transfer-Encoding: chunked" if encoded else b"Content-Length: 500"
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + length + b"\r\n\r\n")
        handler.wfile.write(b"100\r\n<p>Only this" if encoded else b"<p>Only this")

    web.site.pages["/"] = answer
    assert "try again later" in why(web.get(web.site.url("/")))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(web: Web, status: int) -> None:
    web.site.pages["/a"] = (status, {"Location": "b/../c?d=é"}, b"")
    web.site.pages["/c?d=%C3%A9"] = html("Ice", "The harbour is shut.")
    got = page(web.get(web.site.url("/a")))
    moved = status in {301, 308}
    assert got.name == web.site.url("/c?d=%C3%A9" if moved else "/a")
    assert got.url == web.site.url("/a")
    assert got.at == web.site.url("/c?d=%C3%A9")


def test_redirects_without_an_end(web: Web) -> None:
    for number in range(20):
        web.site.pages[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    assert "redirects more than 5 times" in why(web.get(web.site.url("/0")))
    assert len(web.site.visited) == 6


def test_redirects_in_a_circle(web: Web) -> None:
    web.site.pages["/a"] = (302, {"Location": "/b"}, b"")
    web.site.pages["/b"] = (302, {"Location": "/a"}, b"")
    assert "redirects in a circle" in why(web.get(web.site.url("/a")))


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "application/zip", "text/css", "application/msword"]
)
def test_content_that_can_not_be_indexed(web: Web, kind: str) -> None:
    web.site.pages["/"] = endless(bytes(1000), 0, f"HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())
    assert f"is {kind}, which can't be indexed" in why(web.get(web.site.url("/")))


@pytest.mark.parametrize(
    ("kind", "data", "suffix"),
    [
        ("text/html; charset=utf-8", BODY, ".html"),
        ("application/xhtml+xml", BODY, ".html"),
        ("text/plain", b"A line.", ".txt"),
        ("application/pdf", b"%PDF-1.4", ".pdf"),
        ("application/octet-stream", b"%PDF-1.4", ".pdf"),
        ("application/octet-stream", b"\xef\xbb\xbf \n<!DOCTYPE html><p>a", ".html"),
        ("application/octet-stream", b"# Words", ".md"),
    ],
)
def test_content_types(web: Web, kind: str, data: bytes, suffix: str) -> None:
    web.site.pages["/a.md"] = (200, {"Content-Type": kind}, data)
    got = page(web.get(web.site.url("/a.md")))
    assert (got.suffix, got.data) == (suffix, data)


@pytest.mark.parametrize(
    "kind", ["application/xml", "application/json", "application/octet-stream", "application/gzip"]
)
def test_content_that_might_have_been_a_feed(web: Web, kind: str) -> None:
    web.site.pages["/"] = (200, {"Content-Type": kind}, b"<other/>")
    assert "no feed or sitemap" in why(web.get(web.site.url("/")))


@pytest.mark.parametrize("charset", ["windows-1251", '"Windows-1251"; x=y'])
def test_an_encoding_that_only_the_server_names(web: Web, charset: str) -> None:
    data = "<p>Порт закрыт".encode("windows-1251")
    web.site.pages["/"] = (200, {"Content-Type": f"text/html; charset={charset}"}, data)
    assert page(web.get(web.site.url("/"))).data.decode() == "<p>Порт закрыт"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "no-such", "utf-16", "hex", "idna"])
def test_an_encoding_that_is_not_the_pages(web: Web, charset: str) -> None:
    data = "<p>Порт закрыт!".encode("windows-1251")
    web.site.pages["/"] = (200, {"Content-Type": f"text/html; charset={charset}"}, data)
    assert page(web.get(web.site.url("/"))).data == data


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "does not exist (404)"), (410, "does not exist (410)"), (403, "the server refuses it (403)"),
     (401, "refuses it (401)"), (418, "answers 418"), (206, "answers 206"), (304, "answers 304"),
     (799, "answers 799")],
)  # fmt: skip
def test_statuses(web: Web, status: int, reason: str) -> None:
    web.site.pages["/"] = (status, HTML, b"<p>words")
    assert reason in why(web.get(web.site.url("/")))


def test_an_empty_page(web: Web) -> None:
    web.site.pages["/"] = (200, HTML, b" \n")
    assert "is empty" in why(web.get(web.site.url("/")))


@pytest.mark.parametrize("kind", ["text/\x1b[31mhtml", "nonsense", "a/b c", "<script>/x"])
def test_types_that_are_none_are_not_printed(web: Web, kind: str) -> None:
    web.site.pages["/"] = (200, {"Content-Type": kind}, b"\0\1\2")
    assert "is of no known type" in why(web.get(web.site.url("/")))


# -- manners


def robots(text: str) -> Reply:
    return 200, {"Content-Type": "text/plain"}, text.encode()


def test_robots_txt_is_obeyed(web: Web) -> None:
    web.site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /private\nAllow: /private/open$\n")
    for path in ("/private/a", "/private/open", "/b"):
        web.site.pages[path] = html("Ice", "The harbour is shut.")
    found = web.get(*map(web.site.url, ["/private/a", "/private/open", "/b"]))
    assert [type(each) for each in found] == [SkippedPage, FetchedPage, FetchedPage]
    assert "is closed to programs by" in why(found[:1])
    assert web.site.asked == ["/robots.txt", "/private/open", "/b"]


def test_rules_for_this_program_go_before_rules_for_all(web: Web) -> None:
    web.site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /\nUser-agent: AskBrief\nDisallow: /b\n")
    web.site.pages["/a"] = web.site.pages["/b"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/a"), web.site.url("/b"))
    assert [type(each) for each in found] == [FetchedPage, SkippedPage]


def test_redirects_obey_the_rules_of_where_they_lead(web: Web) -> None:
    web.site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /b\n")
    web.site.pages["/a"] = (301, {"Location": "/b"}, b"")
    assert "is closed to programs" in why(web.get(web.site.url("/a")))
    assert "/b" not in web.site.asked


@pytest.mark.parametrize("status", [500, 503, 429])
def test_rules_that_can_not_be_had_forbid_everything(web: Web, status: int) -> None:
    web.site.pages["/robots.txt"] = (status, {}, b"")
    web.site.pages["/"] = html("Ice", "The harbour is shut.")
    assert "its robots.txt is unknown" in why(web.get(web.site.url("/")))
    assert web.site.visited == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_where_there_are_no_rules_all_is_open(web: Web, status: int) -> None:
    web.site.pages["/robots.txt"] = (status, {}, b"User-agent: *\nDisallow: /\n")
    web.site.pages["/"] = html("Ice", "The harbour is shut.")
    page(web.get(web.site.url("/")))


def test_rules_that_a_redirect_leads_to(web: Web) -> None:
    web.site.pages["/robots.txt"] = (301, {"Location": "/rules"}, b"")
    web.site.pages["/rules"] = robots("User-agent: *\nDisallow: /a\n")
    assert "is closed to programs" in why(web.get(web.site.url("/a")))


def test_rules_that_take_long_to_match(web: Web) -> None:
    web.site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /" + "*a" * 200 + "b\n")
    started = time.monotonic()
    web.get(web.site.url("/" + "a" * 1500))
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("asked", "delay"), [("", 1.0), ("Crawl-delay: 7", 7.0), ("Crawl-delay: 9999", 30.0)]
)
def test_the_delay_between_visits(web: Web, asked: str, delay: float) -> None:
    web.site.pages["/robots.txt"] = robots(f"User-agent: *\n{asked}\nDisallow:\n")
    web.site.pages["/a"] = web.site.pages["/b"] = html("Ice", "The harbour is shut.")
    web.get(web.site.url("/a"), web.site.url("/b"))
    assert web.time.waited == [delay]


def test_other_hosts_are_not_waited_for(web: Web) -> None:
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    web.get(web.site.url("/a", "one.example"), web.site.url("/a", "two.example"))
    assert web.time.waited == []


def failing(times: int, status: int, headers: dict[str, str]) -> Callable[[Handler], Reply]:
    left = iter(range(times))
    return lambda handler: (status, headers, b"") if next(left, None) is not None else html("Ice", "Shut.")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_recovers(web: Web, status: int) -> None:
    web.site.pages["/a"] = failing(2, status, {})
    page(web.get(web.site.url("/a"), limits=replace(QUICK, tries=3)))
    assert web.time.waited == [2.0, 4.0]


def test_a_server_that_says_when_to_come_back(web: Web) -> None:
    web.site.pages["/a"] = failing(1, 429, {"Retry-After": "12"})
    page(web.get(web.site.url("/a"), limits=replace(QUICK, tries=3)))
    assert web.time.waited == [12.0]


def test_a_server_that_says_at_what_hour_to_come_back(web: Web) -> None:
    web.site.pages["/a"] = failing(1, 503, {"Retry-After": formatdate(1_767_225_600 + 31, usegmt=True)})
    page(web.get(web.site.url("/a"), limits=replace(QUICK, tries=3)))
    assert web.time.waited == [31.0]


@pytest.mark.parametrize("said", ["soon", "-5", "Thu, 99 Foo 2026", ""])
def test_a_server_that_does_not_say_so_clearly(web: Web, said: str) -> None:
    web.site.pages["/a"] = failing(1, 503, {"Retry-After": said})
    page(web.get(web.site.url("/a"), limits=replace(QUICK, tries=3)))
    assert web.time.waited == [2.0]


def test_a_server_that_wants_to_be_left_alone(web: Web) -> None:
    web.site.pages["/a"] = failing(1, 429, {"Retry-After": "3600"})
    web.site.pages["/b"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/a"), web.site.url("/b"), web.site.url("/b", "two.example"))
    assert [type(each) for each in found] == [SkippedPage, SkippedPage, FetchedPage]
    assert "asks for a pause of 3,600 seconds" in why(found[:1])
    assert "asks for a pause of 3,600 seconds" in why(found[1:2])
    assert web.site.visited == ["/a", "two.example/b"]


def test_a_server_that_does_not_recover_is_let_be(web: Web) -> None:
    paths = [f"/{number}" for number in range(6)]
    for path in paths:
        web.site.pages[path] = (500, {}, b"")
    found = web.get(*map(web.site.url, paths), limits=replace(QUICK, tries=2))
    assert len(web.site.visited) == 3 * 2
    assert "the server failed (500)" in why(found[:1])
    assert "failed 3 times in a row" in why(found[-1:])


def test_a_server_that_is_not_there(web: Web) -> None:
    with socket.socket() as unused:
        unused.bind((HERE, 0))
        port = unused.getsockname()[1]
        told = why(web.get(f"http://{HERE}:{port}/"))
    assert "the connection failed (Connection refused)" in told


# -- what has changed


def tagged(data: bytes, tag: str = '"1"') -> Callable[[Handler], Reply]:
    def answer(handler: Handler) -> Reply:
        if handler.headers.get("If-None-Match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {**HTML, "ETag": tag}, data

    return answer


def dated(handler: Handler) -> Reply:
    when = "Thu, 01 Jan 2026 00:00:00 GMT"
    if handler.headers.get("If-Modified-Since") == when:
        return 304, {}, b""
    return 200, {**HTML, "Last-Modified": when}, BODY


def test_what_has_not_changed_is_not_sent_again(web: Web) -> None:
    web.site.pages["/a"], web.site.pages["/b"] = tagged(BODY), dated
    urls = [web.site.url("/a"), web.site.url("/b")]
    assert [type(each) for each in web.run(*urls)] == [FetchedPage, FetchedPage]
    again = web.run(*urls)
    assert [each.state for each in again if isinstance(each, SkippedPage)] == ["unchanged", "unchanged"]
    web.site.pages["/a"] = tagged(BODY + b"<p>More.", '"2"')
    assert [type(each) for each in web.run(*urls)] == [FetchedPage, SkippedPage]
    assert web.site.headers[-2]["If-None-Match"] == '"1"'


def test_only_the_text_that_is_held_counts(web: Web) -> None:
    """A crash after the note and before the commit, a restored copy, a document taken out: fetched anew."""
    web.site.pages["/a"] = tagged(BODY)
    url = web.site.url("/a")
    page(web.run(url))
    web.held[url] = "of an older text"
    page(web.get(url))
    del web.held[url]
    page(web.get(url))


def test_a_note_that_was_cut_short(web: Web) -> None:
    web.site.pages["/a"], web.site.pages["/b"] = tagged(BODY), tagged(BODY)
    urls = [web.site.url("/a"), web.site.url("/b")]
    web.run(*urls)
    web.path.write_bytes(web.path.read_bytes()[:-20])
    assert [type(each) for each in web.run(*urls)] == [SkippedPage, FetchedPage]
    assert [type(each) for each in web.run(*urls)] == [SkippedPage, SkippedPage]


@pytest.mark.parametrize(
    "line",
    [b"[]", b"1", b"{}", b'{"url": 1, "name": "a", "at": "b"}', b"\xff\xfe", b'{"url": "a", "nam',
     b"[" * 100_000,
     b'{"url": "a", "name": "b", "at": "c", "entries": [{"url": 3}]}',
     b'{"url": "a", "name": "b", "at": "c", "x": 1}'],
)  # fmt: skip
def test_notes_that_are_none(web: Web, line: bytes) -> None:
    web.path.write_bytes(line)
    assert web.store().find("a") is None
    web.site.pages["/a"] = tagged(BODY)
    page(web.run(web.site.url("/a")))
    assert isinstance(web.run(web.site.url("/a"))[0], SkippedPage)


def test_notes_do_not_grow_without_end(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askbrief.fetch.cache.SLACK", 500)
    for number in range(20):
        web.site.pages["/a"] = tagged(BODY + b"%d" % number, f'"{number}"')
        page(web.run(web.site.url("/a")))
    assert len(web.path.read_bytes().splitlines()) <= 7
    assert isinstance(web.run(web.site.url("/a"))[0], SkippedPage)


def test_a_page_that_is_gone(web: Web) -> None:
    web.site.pages["/a"] = tagged(BODY)
    url = web.site.url("/a")
    web.run(url)
    web.site.pages["/a"] = (410, {}, b"")
    found = web.run(url)
    assert isinstance(found[0], SkippedPage)
    assert (found[0].source, found[0].state) == (url, "gone")
    assert "stays in the index" in why(found)
    assert url in web.held


def test_a_page_that_has_moved_and_not_changed(web: Web) -> None:
    web.site.pages["/a"] = (301, {"Location": "/b"}, b"")
    web.site.pages["/b"] = tagged(BODY)
    got = page(web.run(web.site.url("/a")))
    assert got.name == web.site.url("/b")
    assert "If-None-Match" not in web.site.headers[-1]
    again = web.run(web.site.url("/a"))
    assert isinstance(again[0], SkippedPage)
    assert (again[0].source, again[0].state) == (web.site.url("/b"), "unchanged")


def test_validators_go_only_to_whom_they_came_from(web: Web) -> None:
    web.site.pages["/a"] = tagged(BODY)
    web.run(web.site.url("/a"))
    web.site.pages["/a"] = (302, {"Location": web.site.url("/c", "other.example")}, b"")
    web.site.pages["/c"] = tagged(BODY)
    page(web.get(web.site.url("/a")))
    assert "If-None-Match" not in web.site.headers[-1]


def test_a_page_that_moves_after_it_was_taken_in(web: Web) -> None:
    web.site.pages["/a"] = tagged(BODY)
    web.run(web.site.url("/a"))
    web.site.pages["/a"] = (301, {"Location": "/b"}, b"")
    web.site.pages["/b"] = tagged(BODY)
    left, came = web.run(web.site.url("/a"))
    assert isinstance(left, SkippedPage)
    assert (left.source, left.state) == (web.site.url("/a"), "gone")
    assert f"has moved to {web.site.url('/b')}; its text stays in the index" in left.why
    assert isinstance(came, FetchedPage)
    assert isinstance(web.run(web.site.url("/a"))[0], SkippedPage)  # and is told once
    assert len(web.run(web.site.url("/a"))) == 1


def test_two_addresses_of_one_page(web: Web) -> None:
    web.site.pages["/a"] = (301, {"Location": "/b"}, b"")
    web.site.pages["/b"] = web.site.pages["/b?utm_source=x"] = html("Ice", "The harbour is shut.")
    found = web.get(*map(web.site.url, ["/a", "/b", "/b?utm_source=x", "/a"]))
    assert page(found).name == web.site.url("/b")


def test_what_has_come_before_a_break_is_given(web: Web) -> None:
    """Ctrl-C while the second page is fetched: the first was yielded, and noted."""
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    store = web.store()

    def lookup(host: str, _: int) -> list[str]:
        if host == "two.example":
            raise KeyboardInterrupt
        return [HERE]

    urls = [web.site.url("/a"), web.site.url("/a", "two.example")]
    run = fetch_pages(urls, store, QUICK, formats=READABLE, system=web.time.system(lookup))
    first = next(run)
    assert isinstance(first, FetchedPage)
    store.keep(first, "digest")
    with pytest.raises(KeyboardInterrupt):
        next(run)
    web.held[first.name] = "digest"
    assert web.store().find(first.url) is not None


def test_progress_is_told(web: Web) -> None:
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    told: list[tuple[str, int, int]] = []
    urls = [web.site.url("/a"), web.site.url("/b")]
    list(
        fetch_pages(
            urls,
            web.store(),
            QUICK,
            lambda *each: told.append(each),
            formats=READABLE,
            system=web.time.system(),
        )
    )
    assert told == [("fetching", 0, 2), ("fetching", 1, 2), ("fetching", 2, 2)]


def test_an_entry_of_nothing_is_told_of_a_page_by_itself(web: Web) -> None:
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    got = page(web.get(web.site.url("/a")))
    assert got.entry == FeedEntry(web.site.url("/a"))
