"""Pages in an index: fetched, read, completed, cited, fetched again only where they changed, never lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.errors import FetchError, SourceError
from askbrief.fetch import CACHE_FILE, FetchLimits
from askbrief.indexing import operations as build
from askbrief.indexing import pipeline as ingest
from askbrief.indexing import web as pages
from askbrief.indexing.operations import update
from askbrief.indexing.run_report import Summary
from askbrief.options import IndexOptions
from askbrief.types import Document
from conftest import NEWS, Cli, assert_line, write
from test_fetch_listings import counted, rss
from web import Handler, Reply, Site, html, served

LIMITS = FetchLimits(allow_private=True, delay=0, backoff=0, connect=1, read=1, total=2)
HARBOUR = (
    "The harbour of Varna reopened on Monday after three weeks of repairs, and eleven boats were lost.",
    "“We will rebuild the pier before winter,” mayor Petra Ilieva said. “It will cost 4.5 million euros.”",
)
BRIDGE = (
    "The bridge at St. Gallen was closed on Friday because of rust, the engineer Olga Brandt said to us.",
    "Lorries use the tunnel, and buses run every twenty minutes until the bridge is whole again.",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def run(tmp_path: Path, tiny_model: Path) -> Runner:
    return Runner(tmp_path / "index", str(tiny_model))


class Runner:
    """Runs of the writer over addresses, into one index."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        self.model = model

    def __call__(self, *urls: str, files: tuple[Path, ...] = (), rebuild: bool = False) -> Summary:
        options = IndexOptions(self.model, rebuild=rebuild, limits=LIMITS)
        return update(self.folder, files, urls, options)

    def sources(self) -> list[str]:
        with Index.open(self.folder) as index:
            return sorted(document.source for document in index.documents())


def did(summary: Summary) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "removed")
    told = {name: getattr(summary, name) for name in names}
    return {name: count for name, count in (*told.items(), ("skipped", len(summary.skipped))) if count}


def test_pages_are_documents(run: Runner, site: Site) -> None:
    site.pages["/harbour"] = html("Harbour reopens", *HARBOUR)
    site.pages["/notes.txt"] = (200, {"Content-Type": "text/plain"}, " ".join(BRIDGE).encode())
    assert did(run(site.url("/harbour"), site.url("/notes.txt"))) == {"added": 2}
    assert run.sources() == [site.url("/harbour"), site.url("/notes.txt")]
    with Index.open(run.folder) as index:
        answer = index.ask("what will it cost to rebuild the pier?", threshold=0)
        cited = next(each for each in answer.citations if "4.5 million" in each.text)
        assert cited.document.source == site.url("/harbour")
        assert cited.link is not None
        assert cited.link.startswith(site.url("/harbour") + "#:~:text=")


def test_only_what_has_changed_is_taken_in_again(run: Runner, site: Site) -> None:
    site.pages["/feed"] = counted(rss("<link>/harbour</link>", "<link>/bridge</link>"))
    site.pages["/harbour"] = counted(html("Harbour", *HARBOUR))
    site.pages["/bridge"] = html("Bridge", *BRIDGE)  # its server knows of no validators
    assert did(run(site.url("/feed"))) == {"added": 2}
    again = run(site.url("/feed"))
    assert did(again) == {"unchanged": 2}
    assert again.encoded == 0
    assert again.revision == 1
    site.pages["/bridge"] = html(
        "Bridge", *BRIDGE, "It will be open again in May, as she told the council today."
    )
    assert did(run(site.url("/feed"))) == {"changed": 1, "unchanged": 1}
    assert (run.folder / CACHE_FILE).read_bytes().count(b"/bridge") >= 2


def test_what_cannot_be_fetched_does_not_stop_the_rest(run: Runner, site: Site) -> None:
    site.pages["/harbour"] = html("Harbour", *HARBOUR)
    site.pages["/empty"] = html("Nothing")
    summary = run(site.url("/gone"), site.url("/empty"), site.url("/harbour"))
    assert did(summary) == {"added": 1, "skipped": 2}
    assert "does not exist (404)" in summary.skipped[0].why
    assert summary.skipped[1].source == site.url("/empty")


def test_a_page_that_is_gone_is_told_and_kept(run: Runner, site: Site) -> None:
    site.pages["/harbour"] = html("Harbour", *HARBOUR)
    run(site.url("/harbour"))
    del site.pages["/harbour"]
    summary = run(site.url("/harbour"))
    assert "is gone (404); its text stays in the index" in summary.skipped[0].why
    assert run.sources() == [site.url("/harbour")]


def test_a_document_that_was_taken_out_is_fetched_anew(run: Runner, site: Site) -> None:
    site.pages["/harbour"], site.pages["/bridge"] = (
        counted(html("Harbour", *HARBOUR)),
        counted(html("B", *BRIDGE)),
    )
    urls = [site.url("/harbour"), site.url("/bridge")]
    run(*urls)
    build.remove(run.folder, [urls[0]])
    assert did(run(*urls)) == {"added": 1, "unchanged": 1}


def test_starting_over_keeps_pages_without_fetching_them(run: Runner, site: Site, tmp_path: Path) -> None:
    site.pages["/harbour"] = html("Harbour", *HARBOUR)
    files = write(tmp_path / "news", NEWS)
    run(site.url("/harbour"), files=(files,))
    before = run.sources()
    site.asked.clear()
    run(rebuild=True)
    assert run.sources() == before
    assert site.asked == []


def test_starting_over_with_pages_asks_for_all_of_them(run: Runner, site: Site) -> None:
    site.pages["/harbour"], site.pages["/bridge"] = (
        counted(html("Harbour", *HARBOUR)),
        counted(html("B", *BRIDGE)),
    )
    urls = [site.url("/harbour"), site.url("/bridge")]
    run(*urls)
    site.pages["/bridge"] = (500, {}, b"")
    summary = run(*urls, rebuild=True)
    assert "what the index has of it stays" in summary.skipped[0].why
    assert run.sources() == sorted(urls)
    assert "If-None-Match" not in site.headers[-1]
    site.pages["/harbour"] = (500, {}, b"")
    run(rebuild=True)
    with pytest.raises(SourceError, match="nothing was indexed of the pages and the index is kept"):
        run(site.url("/other"), rebuild=True)
    assert run.sources() == sorted(urls)


def test_pages_are_committed_as_they_come(run: Runner, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "PATIENCE", 0.0)
    site.pages["/harbour"], site.pages["/bridge"] = html("Harbour", *HARBOUR), html("Bridge", *BRIDGE)
    assert run(site.url("/harbour"), site.url("/bridge")).revision == 2


def test_ctrl_c_keeps_what_has_come(run: Runner, site: Site) -> None:
    """And the next run goes on from there, with what is left."""

    def broken_off(_: Handler) -> Reply:
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(0.2)
        return html("Bridge", *BRIDGE)

    site.pages["/harbour"] = counted(html("Harbour", *HARBOUR))
    site.pages["/bridge"] = broken_off
    urls = [site.url("/harbour"), site.url("/bridge")]
    with pytest.raises(KeyboardInterrupt):
        run(*urls)
    assert run.sources() == urls[:1]
    site.pages["/bridge"] = html("Bridge", *BRIDGE)
    assert did(run(*urls)) == {"added": 1, "unchanged": 1}


def test_a_copy_of_an_index_knows_what_was_fetched(run: Runner, site: Site, tmp_path: Path) -> None:
    import shutil

    site.pages["/harbour"] = counted(html("Harbour", *HARBOUR))
    run(site.url("/harbour"))
    shutil.copytree(run.folder, tmp_path / "copy")
    copy = Runner(tmp_path / "copy", run.model)
    assert did(copy(site.url("/harbour"))) == {"unchanged": 1}
    (copy.folder / CACHE_FILE).unlink()
    assert did(copy(site.url("/harbour"))) == {"unchanged": 1}  # fetched, and found to be the same


# -- pages that hold several documents


def exported(*articles: tuple[str, str]) -> Reply:
    """An export of a press database, of articles with a headline and a text."""
    text = "".join(
        f"{number} of {len(articles)} DOCUMENTS\n\nThe Varna Post\n\nMay {number}, 2024\n\n"
        f"HEADLINE: {headline}\n\nBODY:\n{words}\n\n"
        for number, (headline, words) in enumerate(articles, 1)
    )
    return 200, {"Content-Type": "text/plain; charset=utf-8"}, text.encode()


def test_all_articles_of_an_export_are_documents_and_go_with_it(run: Runner, site: Site) -> None:
    first, second, third = ("Pier", HARBOUR[0]), ("Rebuilt", HARBOUR[1]), ("Rust", BRIDGE[0])
    url = site.url("/export.txt")
    site.pages["/export.txt"] = exported(first, second, third)
    assert did(run(url)) == {"added": 3}
    assert run.sources() == [url, f"{url}#1", f"{url}#2"]
    with Index.open(run.folder) as index:
        stored = {each.source: (each.title, each.date, each.url) for each in index.documents()}
    assert stored[f"{url}#2"] == ("Rust", "2024-05-03", url)
    assert did(run(url)) == {"unchanged": 3}
    assert did(run(rebuild=True)) == {"added": 3}
    site.pages["/export.txt"] = (500, {}, b"")
    assert did(run(url, rebuild=True)) == {"added": 3, "skipped": 1}
    site.pages["/export.txt"] = exported(first, third)
    assert did(run(url)) == {"changed": 2, "removed": 1}  # each says of how many
    assert run.sources() == [url, f"{url}#1"]


def test_a_mail_that_is_fetched_has_what_it_quotes(run: Runner, site: Site) -> None:
    mail = (
        f"From: Ada Lind <ada@post.example>\nSubject: Pier\n\n{HARBOUR[0]}\n\n"
        f"On Monday, May 6, 2024, Ed Lee wrote:\n> {BRIDGE[0]}\n"
    )
    site.pages["/a.eml"] = (200, {"Content-Type": "message/rfc822"}, mail.encode())
    assert did(run(site.url("/a.eml"))) == {"added": 2}
    assert run.sources() == [site.url("/a.eml"), site.url("/a.eml#1")]


# -- completed


def documents(site: Site, folder: Path, *paths: str) -> list[Document]:
    found = pages.documents([site.url(path) for path in paths], folder, lambda _: None, LIMITS)
    return [each.document for each in found if isinstance(each, pages.ReadPage)]


def test_what_a_feed_tells_is_taken_where_the_page_tells_nothing(site: Site, tmp_path: Path) -> None:
    about = "<title>From the feed</title><author>Ada Berg</author><pubDate>2024-01-02</pubDate>"
    site.pages["/feed"] = rss(*(f"{about}<link>/{name}</link>" for name in ("bare", "told")))
    bare = html("", *HARBOUR)[2].replace(b"<title></title>", b"")
    told = html("From the page", *BRIDGE)[2].replace(
        b"<head>",
        b'<head><meta property="article:published_time" content="2023-05-06">'
        b'<meta name="author" content="Ed Lee">',
    )
    kind = {"Content-Type": "text/html"}
    site.pages["/bare"], site.pages["/told"] = (200, kind, bare), (200, kind, told)
    first, second = documents(site, tmp_path, "/feed")
    assert (first.title, first.date, first.author) == ("From the feed", "2024-01-02", "Ada Berg")
    assert (second.title, second.date, second.author) == ("From the page", "2023-05-06", "Ed Lee")
    assert (first.dated, second.dated) == ("feed", "metadata")
    assert [first.url, second.url] == [site.url("/bare"), site.url("/told")]
    assert first.source == site.url("/bare")


# -- from the command line


def test_the_command_line_fetches_what_it_is_given(
    cli: Cli, site: Site, tmp_path: Path, tiny_model: Path
) -> None:
    site.pages["/harbour"] = html("Harbour", *HARBOUR)
    given = ["index", site.url("/harbour"), "--index", tmp_path / "index", "--model", tiny_model]
    ran = cli(*given)
    assert ran.code == 2
    assert (
        f"skipped: {site.url('/harbour')} is not fetched: 127.0.0.1 is a private or local address" in ran.err
    )
    assert site.asked == []
    ran = cli(*given, "--allow-private")
    assert ran.code == 0
    assert "1 added" in ran.out
    assert site.visited == ["/harbour"]


@pytest.mark.parametrize("url", ["http://user:secret@example.org/", "https://", "http://[::1"])
def test_addresses_that_are_none_are_told_in_one_line(cli: Cli, tmp_path: Path, url: str) -> None:
    ran = cli("index", url, "--index", tmp_path / "index")
    assert_line(ran, "check it" if "secret" not in url else "contains a user name or password")
    assert "secret" not in ran.err


def test_nothing_is_fetched_before_all_addresses_are_known_to_be_good(run: Runner, site: Site) -> None:
    with pytest.raises(FetchError):
        run(site.url("/harbour"), "http://user@example.org/")
    assert site.asked == []
