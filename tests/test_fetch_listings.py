"""Feeds and sitemaps: recognised by what they hold, read without entities, and followed page by page."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from askbrief.errors import FetchError
from askbrief.fetch import CACHE_FILE, FeedEntry, FetchedPage, SkippedPage
from askbrief.fetch.address import parse_address
from askbrief.fetch.feeds import parse_listing
from askbrief.fetch.page_records import Listing
from growth import assert_linear
from mutations import mutated
from test_fetch import QUICK, Web, why
from web import Handler, Reply, Site, Time, html, served

FEED = parse_address("https://example.org/news/feed")

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:media="http://search.yahoo.com/mrss/">
 <channel>
  <title>News</title><link>https://example.org/</link><atom:link href="https://example.org/feed" rel="self"/>
  <item><title>Ice &amp; snow &lt;b&gt;here&lt;/b&gt;</title><link>https://example.org/ice?a=1&amp;copy=2</link>
   <media:title>Another</media:title><dc:creator>Ada Berg</dc:creator>
   <pubDate>Tue, 02 Jan 2024 23:30:00 -0500</pubDate></item>
  <item><title><![CDATA[The port's “new” pier]]></title><link>
     pier.html
   </link><author>ed@example.org (Ed Lee)</author><pubDate>2024-01-03T10:00:00Z</pubDate></item>
  <item><guid>https://example.org/guid</guid><author>ed@example.org</author><pubDate>yesterday</pubDate></item>
  <item><title>Nothing to open</title><guid isPermaLink="false">tag:1</guid></item>
 </channel>
</rss>"""

RSS_ENTRIES = (
    FeedEntry("https://example.org/ice?a=1&copy=2", "Ice & snow here", "2024-01-02", "Ada Berg"),
    FeedEntry("https://example.org/news/pier.html", "The port's “new” pier", "2024-01-03", "Ed Lee"),
    FeedEntry("https://example.org/guid"),
    FeedEntry("", "Nothing to open"),
)

RSS_1 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel rdf:about="https://example.org/"><title>News</title></channel>
 <item rdf:about="https://example.org/ice"><title>Ice</title><link>https://example.org/ice</link>
  <dc:date>2024-01-02T08:00+01:00</dc:date><dc:creator>Ada Berg</dc:creator></item>
 <item rdf:about="https://example.org/pier"><title>Pier</title></item>
</rdf:RDF>"""

RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><item><title>Ice</title><link>https://example.org/ice</link></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/atom/">
 <title>News</title><author><name>The desk</name></author><updated>2024-01-09T00:00:00Z</updated>
 <entry><title type="html">&lt;em&gt;Ice&lt;/em&gt; in the harbour</title>
  <link rel="enclosure" href="ice.mp3"/><link rel="alternate" type="application/pdf" href="ice.pdf"/>
  <link type="text/html" href="ice"/><author><name>Ada Berg</name></author>
  <published>2024-01-02T08:00:00Z</published><updated>2024-01-05T08:00:00Z</updated></entry>
 <entry xml:base="2024/">
  <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>new</b> pier</div></title>
  <link href="pier"/><updated>2024-01-05T08:00:00Z</updated></entry>
</feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "items": [
        {"id": "1", "url": "/ice", "title": "Ice", "date_published": "2024-01-02T08:00:00Z",
         "date_modified": "2024-01-05T08:00:00Z", "authors": [{"name": "Ada Berg"}]},
        {"id": "2", "external_url": "https://other.example/pier", "author": {"name": "Ed Lee"}},
        {"id": 3, "url": 7, "title": ["x"], "authors": "x"},
        "none",
    ],
}  # fmt: skip

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><image:image><image:loc>https://example.org/ice.jpg</image:loc></image:image>
  <loc>https://example.org/ice?a=1&amp;b=2</loc><lastmod>2024-01-05</lastmod>
  <news:news><news:publication><news:name>News</news:name></news:publication>
   <news:publication_date>2024-01-02T08:00:00+01:00</news:publication_date><news:title>Ice</news:title></news:news></url>
 <url><loc>https://example.org/pier</loc></url>
</urlset>"""

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
 <sitemap><loc>https://example.org/1.xml.gz</loc><lastmod>2024-01-05</lastmod></sitemap>
</sitemapindex>"""

MENDED = "2024-01-05T08:00:00Z"
LISTED: list[tuple[str, tuple[FeedEntry, ...]]] = [
    (RSS, RSS_ENTRIES),
    (RSS_1, (
        FeedEntry("https://example.org/ice", "Ice", "2024-01-02", "Ada Berg"),
        FeedEntry("https://example.org/pier", "Pier"),
    )),
    (RSS_091, (FeedEntry("https://example.org/ice", "Ice"),)),
    (ATOM, (
        FeedEntry("https://example.org/atom/ice", "Ice in the harbour", "2024-01-02", "Ada Berg", MENDED),
        FeedEntry("https://example.org/atom/2024/pier", "A new pier", "2024-01-05", "The desk", MENDED),
    )),
    (json.dumps(JSON_FEED), (
        FeedEntry("https://example.org/ice", "Ice", "2024-01-02", "Ada Berg", "2024-01-05T08:00:00Z"),
        FeedEntry("https://other.example/pier", author="Ed Lee"),
        FeedEntry(""),
    )),
    (SITEMAP, (FeedEntry("https://example.org/ice?a=1&b=2", "Ice", "2024-01-02", None, "2024-01-05"), FeedEntry("https://example.org/pier"))),
    (INDEX, (FeedEntry("https://example.org/1.xml.gz", updated="2024-01-05"),)),
    ("https://example.org/ice\r\n\nhttps://example.org/pier\n", (FeedEntry("https://example.org/ice"), FeedEntry("https://example.org/pier"))),
]  # fmt: skip
NAMES = ["rss", "rss 1.0", "rss 0.91", "atom", "json", "sitemap", "index", "lines"]


def read(text: str | bytes, charset: str | None = None) -> Listing | None:
    return parse_listing(text if isinstance(text, bytes) else text.encode(), FEED, charset)


def entries(text: str | bytes, charset: str | None = None) -> tuple[FeedEntry, ...]:
    found = read(text, charset)
    assert found is not None
    return found.entries


@pytest.mark.parametrize(("text", "expected"), LISTED, ids=NAMES)
def test_what_is_named(text: str, expected: tuple[FeedEntry, ...]) -> None:
    found = read(text)
    assert found == Listing(expected, nested=text is INDEX)


@pytest.mark.parametrize(("text", "expected"), LISTED[:7], ids=NAMES[:7])
def test_what_stands_before_does_not_matter(text: str, expected: tuple[FeedEntry, ...]) -> None:
    assert (
        entries(
            "\ufeff\n "
            + text.replace('<?xml version="1.0"?>', "").replace('<?xml version="1.0" encoding="UTF-8"?>', "")
        )
        == expected
    )
    if text.startswith("<?xml"):
        head, rest = text.split("?>", 1)
        assert entries(f"{head}?>\n<?xml-stylesheet href='a'?><!-- <html> -->{rest}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "<", "<html><body><rss>", "<!doctype html><title>rss</title>", "{}", '{"items": []}', "rss",
        "<rsss/>", "<rss",
        "https://example.org is a page.", "<other xmlns='http://www.w3.org/2005/Atom'><entry/></other>",
        "%PDF-1.4 <rss>", "<?xml version='1.0'?><!-- <rss> --><html/>", "\0\0", '{"version": 1}',
    ],
)  # fmt: skip
def test_what_is_no_feed(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "piece", ["<!---->", "<?a?>", "<!DOCTYPE a>", "<!DOCTYPE a []>", " ", "<!--", "<!DOCTYPE a [", "<?"]
)
def test_what_is_no_feed_is_known_at_once(piece: str) -> None:
    assert read(piece * 4000) is None
    assert_linear(lambda count: lambda: read(piece * count), 4_000, 16_000)


def test_a_feed_in_latin_1() -> None:
    body = "<rss><channel><item><title>Zürich: Café</title><link>/café</link></item></channel></rss>"
    declared = ('<?xml version="1.0" encoding="ISO-8859-1"?>' + body).encode("latin-1")
    expected = (FeedEntry("https://example.org/café", "Zürich: Café"),)
    assert entries(declared) == expected
    assert entries(declared, "utf-8") == expected  # what it says itself goes before what the server says
    assert entries(body.encode("latin-1"), "iso-8859-1") == expected
    assert entries(body.encode(), "no-such") == expected
    assert (
        entries('<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16") + body.encode("utf-16-le"))
        == expected
    )


def test_feeds_that_are_not_well_formed() -> None:
    """Ampersands as they are, an entity of HTML's, and nothing closed at the end."""
    first = "<title>Fish & chips&nbsp;f&uuml;r &all; &copy</title><link>/a?b=1&c=2</link>"
    second = "<title><![CDATA[R&D & co]]></title><link><![CDATA[/b?b=1&c=2]]></link>"
    assert entries(f"<rss><channel><item>{first}</item><item>{second}</item><item><link>/c</channel>") == (
        FeedEntry("https://example.org/a?b=1&c=2", "Fish & chips für &all; ©"),
        FeedEntry("https://example.org/b?b=1&c=2", "R&D & co"),
        FeedEntry("https://example.org/c"),
    )


LAUGHS = "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        f"{LAUGHS}]><rss><channel><item><title>&a9;</title><link>/a</link></item></channel></rss>",
        f"{LAUGHS}]><rss><channel><item rdf='&a9;'><title>x</title><link>/a</link></item></channel></rss>",
        f"<!DOCTYPE rss [<!ENTITY a '{'x' * 3000}'>]><rss>" + "<item><title>&a;&a;</title></item>" * 20_000,
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><rss><channel/></rss>',
    ],
    ids=["laughs", "laughs in an attribute", "a long one again and again", "a file", "a page"],
)
def test_entities_are_never_taken(text: str) -> None:
    started = time.process_time()
    with pytest.raises(FetchError, match="declares entities"):
        read(text)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "text", ["<rss" + "<a>" * 100_000, "<rss><" + "a" * 11_000_000 + ">", "<rss>" + "<item>" * 5000]
)
def test_feeds_that_nest_or_stretch(text: str) -> None:
    started = time.process_time()
    try:
        found = read(text)
    except FetchError:
        found = None
    assert found is None or len(found.entries) <= 5000
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "text", ['{"version": "https://jsonfeed.org/version/1"', '{"version": "https://jsonfeed.org/version/1"}']
)
def test_json_feeds_that_are_none(text: str) -> None:
    with pytest.raises(FetchError, match="is a malformed JSON Feed"):
        read(text)


def test_titles_that_steer_a_terminal_or_can_not_be_stored() -> None:
    item = {"url": "/a", "title": "I\ud800ce\x1b[31m\u200b!"}
    feed = {"version": "https://jsonfeed.org/version/1", "items": [item]}
    assert entries(json.dumps(feed))[0].title == "Ice[31m!"


@given(
    mutated([text.encode() for text, _ in LISTED], [b"<", b"&", b"&#0;", b"]]>", b"<!DOCTYPE", b"\xff", b'"'])
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_give_entries_or_one_line(data: bytes) -> None:
    with suppress(FetchError):
        found = read(data)
        assert found is None or all(isinstance(entry.url, str) for entry in found.entries)


# -- followed


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def web(server: Site, tmp_path: Path) -> Web:
    server.pages.clear()
    server.asked.clear()
    server.headers.clear()
    return Web(server, Time(), tmp_path / CACHE_FILE, {})


def xml(text: str) -> Reply:
    return 200, {"Content-Type": "text/xml"}, text.encode()


def rss(*items: str) -> Reply:
    return xml(f"<rss><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>")


def sitemap(*paths: str, nested: bool = False) -> str:
    one, all_ = ("sitemap", "sitemapindex") if nested else ("url", "urlset")
    return f"<{all_}>{''.join(f'<{one}><loc>{path}</loc></{one}>' for path in paths)}</{all_}>"


def counted(page: Reply, tag: str = '"1"') -> Callable[[Handler], Reply]:
    def answer(handler: Handler) -> Reply:
        if handler.headers.get("If-None-Match") == tag:
            return 304, {}, b""
        return page[0], {**page[1], "ETag": tag}, page[2]

    return answer


def paths(found: list[FetchedPage | SkippedPage], web: Web) -> list[str]:
    return [each.name.removeprefix(web.site.url("")) for each in found if isinstance(each, FetchedPage)]


def test_the_pages_of_a_feed(web: Web) -> None:
    web.site.pages["/news/feed"] = rss(
        "<title>Ice</title><link>ice</link><pubDate>2024-01-02</pubDate>", "<link>/pier</link>"
    )
    web.site.pages["/news/ice"] = web.site.pages["/pier"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/news/feed"))
    assert paths(found, web) == ["/news/ice", "/pier"]
    assert isinstance(found[0], FetchedPage)
    assert found[0].entry == FeedEntry(web.site.url("/news/ice"), "Ice", "2024-01-02")


def part(path: str | None, *items: str) -> Reply:
    """A feed that goes on at a path."""
    more = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="{path}"/>' if path else ""
    return xml(f"<rss><channel>{more}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>")


def test_a_feed_that_goes_on_elsewhere(web: Web) -> None:
    web.site.pages["/feed"] = counted(part("feed?page=2", "<link>/ice</link>"))
    web.site.pages["/feed?page=2"] = counted(part("/feed?page=3", "<link>/pier</link>", "<link>/ice</link>"))
    web.site.pages["/feed?page=3"] = counted(part("/feed", "<link>/bridge</link>"))  # and so on for ever
    for path in ("/ice", "/pier", "/bridge"):
        web.site.pages[path] = html("News", f"Something has become of {path}.")
    for _ in range(2):  # the second time, each part answers that it has not changed
        assert paths(web.get(web.site.url("/feed")), web) == ["/ice", "/pier", "/bridge"]


def test_a_feed_goes_on_only_so_far_and_only_in_feeds(web: Web) -> None:
    web.site.pages["/feed"] = part("/feed?page=2", "<link>/ice</link>")
    web.site.pages["/feed?page=2"] = part("/ice", "<link>/pier</link>")
    web.site.pages["/ice"] = web.site.pages["/pier"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/feed"), limits=replace(QUICK, parts=2))
    assert paths(found, web) == ["/ice", "/pier"]
    (told,) = [each.why for each in found if isinstance(each, SkippedPage)]
    assert "has more than 2 parts" in told
    web.site.pages["/feed"] = part("/page", "<link>/ice</link>")
    web.site.pages["/page"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/feed"))
    assert "is listed as the next part of a feed, but isn't a feed" in str(found[-1])


def test_a_feed_goes_on_where_nothing_private_is_asked(web: Web) -> None:
    web.site.pages["/feed"] = part("file:///etc/passwd", "<link>/ice</link>")
    web.site.pages["/ice"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/feed"))
    assert paths(found, web) == ["/ice"]
    assert [each.source for each in found if isinstance(each, SkippedPage)] == ["file:///etc/passwd"]


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ('<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="2"/></feed>', "https://a.org/x/2"),
        ('<feed><entry><link rel="next" href="2"/></entry></feed>', None),
        ('{"version": "https://jsonfeed.org/version/1", "items": [], "next_url": "/2"}', "https://a.org/2"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [], "next_url": 2}', None),
    ],
)
def test_where_a_feed_goes_on(text: str, following: str | None) -> None:
    found = parse_listing(text.encode(), parse_address("https://a.org/x/feed"))
    assert found is not None
    assert found.following == following


def test_entries_that_name_no_page_or_a_bad_one(web: Web) -> None:
    items = [
        "<title>Ice</title>",
        "<link>ftp://a.org/</link>",
        "<link>http://[/</link>",
        "<link>/gone</link>",
        "<link>/pier</link>",
    ]
    web.site.pages["/feed"] = rss(*items)
    web.site.pages["/pier"] = html("Pier", "It is new.")
    found = web.get(web.site.url("/feed"))
    assert paths(found, web) == ["/pier"]
    told = [each.why for each in found if isinstance(each, SkippedPage)]
    assert len(told) == 4
    assert "“Ice” has no address" in told[0]
    assert all("\n" not in each for each in told)


def test_a_feed_can_not_name_private_pages(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askbrief.fetch.address.public", lambda number: str(number) == "127.0.0.1")
    web.site.pages["/feed"] = rss(f"<link>http://127.0.0.2:{web.site.port}/secret</link>")
    told = why(web.get(web.site.url("/feed"), limits=replace(QUICK, allow_private=False)))
    assert "127.0.0.2 is a private or local address" in told
    assert web.site.visited == ["/feed"]


def test_a_feed_named_as_a_page(web: Web) -> None:
    web.site.pages["/feed"] = rss("<link>/other</link>")
    web.site.pages["/other"] = rss("<link>/feed</link>")
    assert "is a feed that is listed as a page" in why(web.get(web.site.url("/feed")))


def test_a_feed_called_html(web: Web) -> None:
    web.site.pages["/"] = (200, {"Content-Type": "text/html"}, rss("<link>/ice</link>")[2])
    web.site.pages["/ice"] = html("Ice", "The harbour is shut.")
    assert paths(web.get(web.site.url("/")), web) == ["/ice"]


def test_an_empty_feed(web: Web) -> None:
    web.site.pages["/feed"] = rss()
    assert "lists no pages" in why(web.get(web.site.url("/feed")))


@pytest.mark.parametrize(
    "kind", ["application/gzip", "application/x-gzip", "application/octet-stream", "text/xml"]
)
def test_sitemaps_of_sitemaps(web: Web, kind: str) -> None:
    web.site.pages["/sitemap.xml"] = xml(sitemap("/1.xml.gz", "/2.xml", nested=True))
    web.site.pages["/1.xml.gz"] = (200, {"Content-Type": kind}, gzip.compress(sitemap("/a", "/b").encode()))
    web.site.pages["/2.xml"] = xml(sitemap("/b", "/c"))
    for path in "abc":
        web.site.pages[f"/{path}"] = html(path, "The harbour is shut.")
    assert paths(web.get(web.site.url("/sitemap.xml")), web) == ["/a", "/b", "/c"]


def test_a_sitemap_that_unpacks_without_end(web: Web) -> None:
    web.site.pages["/a.gz"] = (200, {"Content-Type": "application/gzip"}, gzip.compress(bytes(5_000_000)))
    assert "decompresses to more than" in why(
        web.get(web.site.url("/a.gz"), limits=replace(QUICK, unpacked=1_000_000))
    )


def test_sitemaps_that_name_each_other(web: Web) -> None:
    web.site.pages["/1.xml"] = xml(sitemap("/2.xml", "/1.xml", nested=True))
    web.site.pages["/2.xml"] = xml(sitemap("/1.xml", "/3.xml", nested=True))
    web.site.pages["/3.xml"] = xml(sitemap("/a"))
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    assert paths(web.get(web.site.url("/1.xml")), web) == ["/a"]
    assert web.site.visited == ["/1.xml", "/2.xml", "/3.xml", "/a"]


def test_sitemaps_without_an_end(web: Web) -> None:
    for number in range(10):
        web.site.pages[f"/{number}.xml"] = xml(sitemap(f"/{number + 1}.xml", nested=True))
    assert "nested too deeply" in why(web.get(web.site.url("/0.xml")))
    assert web.site.visited == ["/0.xml", "/1.xml", "/2.xml"]


def test_a_page_named_as_a_sitemap(web: Web) -> None:
    web.site.pages["/1.xml"] = xml(sitemap("/a", nested=True))
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    assert "is listed as a sitemap, but isn't one" in why(web.get(web.site.url("/1.xml")))


def test_more_pages_than_are_fetched_in_a_run(web: Web) -> None:
    web.site.pages["/1.xml"] = xml(sitemap(*(f"/{number}" for number in range(9))))
    for number in range(9):
        web.site.pages[f"/{number}"] = html("Ice", "The harbour is shut.")
    found = web.get(web.site.url("/1.xml"), limits=replace(QUICK, pages=3))
    assert paths(found, web) == ["/0", "/1", "/2"]
    assert "lists 9 pages, of which 3 are fetched" in why(found[:1])


# -- what has changed


def states(found: list[FetchedPage | SkippedPage]) -> list[str]:
    return ["fetched" if isinstance(each, FetchedPage) else each.state for each in found]


def test_a_feed_that_has_not_changed_is_known(web: Web) -> None:
    """Its pages are asked for all the same: an article may be mended without a word in the feed."""
    web.site.pages["/feed"] = counted(rss("<link>/a</link>", "<link>/b</link>"))
    web.site.pages["/a"] = web.site.pages["/b"] = counted(html("Ice", "The harbour is shut."))
    url = web.site.url("/feed")
    assert states(web.run(url)) == ["fetched", "fetched"]
    assert states(web.run(url)) == ["unchanged", "unchanged"]
    web.site.pages["/b"] = counted(html("Ice", "The harbour is open."), '"2"')
    assert states(web.run(url)) == ["unchanged", "fetched"]
    assert web.site.visited == ["/feed", "/a", "/b"] * 3


def test_what_a_run_that_broke_off_left_is_fetched_by_the_next(web: Web) -> None:
    web.site.pages["/feed"] = counted(rss("<link>/a</link>", "<link>/b</link>"))
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    web.site.pages["/b"] = (500, {}, b"")
    url = web.site.url("/feed")
    assert states(web.run(url)) == ["fetched", "failed"]
    web.site.pages["/b"] = html("Ice", "The harbour is shut.")
    assert states(web.run(url))[1] == "fetched"


def test_the_word_of_a_sitemap_is_taken(web: Web) -> None:
    def of(*days: str) -> Reply:
        pages = (f"<url><loc>/{day[0]}</loc><lastmod>{day[1:]}</lastmod></url>" for day in days)
        return xml(f"<urlset>{''.join(pages)}</urlset>")

    web.site.pages["/s.xml"] = of("a2024-01-02", "b2024-01-02")
    web.site.pages["/a"] = web.site.pages["/b"] = html("Ice", "The harbour is shut.")
    url = web.site.url("/s.xml")
    assert states(web.run(url)) == ["fetched", "fetched"]
    web.site.pages["/s.xml"] = of("a2024-01-02", "b2024-01-03")
    web.site.asked.clear()
    assert states(web.run(url)) == ["unchanged", "fetched"]
    assert web.site.visited == ["/s.xml", "/b"]
    web.held.clear()  # the documents were taken out of the index
    assert states(web.run(url)) == ["fetched", "fetched"]


def test_the_word_of_an_index_of_sitemaps_is_taken(web: Web) -> None:
    web.site.pages["/s.xml"] = xml(
        "<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2024-01-02</lastmod></sitemap></sitemapindex>"
    )
    web.site.pages["/1.xml"] = xml("<urlset><url><loc>/a</loc><lastmod>2024-01-02</lastmod></url></urlset>")
    web.site.pages["/a"] = html("Ice", "The harbour is shut.")
    assert states(web.run(web.site.url("/s.xml"))) == ["fetched"]
    web.site.asked.clear()
    assert states(web.run(web.site.url("/s.xml"))) == ["unchanged"]
    assert web.site.visited == ["/s.xml"]


def test_an_update_that_changed_nothing_is_remembered(web: Web) -> None:
    def of(day: str) -> Reply:
        return xml(f"<urlset><url><loc>/a</loc><lastmod>{day}</lastmod></url></urlset>")

    web.site.pages["/a"] = counted(html("Ice", "The harbour is shut."))
    for day, asked in [("2024-01-02", 2), ("2024-01-03", 2), ("2024-01-03", 1)]:
        web.site.pages["/s.xml"] = of(day)
        web.site.asked.clear()
        web.run(web.site.url("/s.xml"))
        assert len(web.site.visited) == asked
