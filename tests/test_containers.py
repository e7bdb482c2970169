"""Files that hold many documents: what is taken out of them, by which name, and what a second run does."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief import Index, formats
from askbrief.errors import SourceError
from askbrief.formats import CollectionLimits, DocumentRef, Fields, record_fields
from askbrief.storage.db.collection_state import member, split
from askbrief.types import Document
from conftest import Archive, Cli, Ran

FERRY = "The ferry to Bari sails again from Tuesday."
PIER = "The pier will cost 4.5 million euros, the mayor said."
WOLF = "Five wolves were seen at the reservoir."
RECORDS = [
    {"id": "a1", "headline": "Ferry sails", "body": FERRY, "published": "2024-05-02T09:30:00Z",
     "url": "https://example.org/ferry"},
    {"id": "a2", "headline": "Pier", "body": PIER, "published": "2024-05-03"},
    {"id": "a3", "headline": "Wolves", "body": WOLF},
]  # fmt: skip


def taken(path: Path, **how: Any) -> dict[str, Document | str]:
    """What is in a file, by part: the documents, and why there is none."""
    found: dict[str, Document | str] = {}
    for each in formats.read_collection(path, path.name, **how):
        if not isinstance(each, DocumentRef):
            continue
        name = each.other if each.part in found else each.part
        try:
            found[name] = each.read(f"{path.name}#{name}")
        except SourceError as error:
            found[name] = str(error)
    return found


def texts(path: Path, **how: Any) -> dict[str, str]:
    """The text of each part, or the reason why it has none."""
    return {part: it if isinstance(it, str) else it.text for part, it in taken(path, **how).items()}


def document_parts(path: Path) -> Iterator[str]:
    return (each.part for each in formats.read_collection(path, path.name) if isinstance(each, DocumentRef))


def lines(records: list[Any]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def mbox(*messages: str) -> bytes:
    return "".join(f"From a@example.org Thu May  2 10:00:00 2024\n{each}\n\n" for each in messages).encode()


def warc(*pages: tuple[str, str, bytes]) -> bytes:
    """A crawl of pages: address, status and body."""
    made = b""
    for url, status, body in pages:
        http = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2024-05-02T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{len(made)}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        made += head.encode() + http + b"\r\n\r\n"
    return made


def page(text: str) -> bytes:
    more = (
        "The town council met on Monday evening and heard what had become of the plans for the coming year."
    )
    return (
        f"<html><head><title>News</title></head><body><article><p>{text}</p><p>{more}</p></article>".encode()
    )


# -- records


def test_each_line_is_a_document_with_what_its_fields_tell(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_bytes(lines(RECORDS))
    found = taken(tmp_path / "news.jsonl")
    first = found["a1"]
    assert isinstance(first, Document)
    assert (first.source, first.title, first.text) == ("news.jsonl#a1", "Ferry sails", FERRY)
    assert (first.date, first.url) == ("2024-05-02", "https://example.org/ferry")
    assert list(found) == ["a1", "a2", "a3"]


def test_fields_may_be_named(tmp_path: Path) -> None:
    record = {"k": 7, "what": {"words": FERRY}, "head": "H", "day": "2 May 2024", "at": "https://example.org"}
    (tmp_path / "news.ndjson").write_bytes(lines([record]))
    assert "--text-field" in texts(tmp_path / "news.ndjson")["1"]
    fields = Fields(text="what.words", title="head", date="day", url="at", id="k")
    document = taken(tmp_path / "news.ndjson", fields=fields)["7"]
    assert isinstance(document, Document)
    assert (document.text, document.title, document.date) == (FERRY, "H", "2024-05-02")
    assert document.url == "https://example.org"


def test_a_bad_line_does_not_touch_the_next(tmp_path: Path) -> None:
    bad = [
        b'{"text": "cut off',
        b"[1, 2]",
        b"\xff\xfe\x00",
        b'{"title": "none"}',
        b'{"text": "  "}',
        b"[" * 10**5,
    ]
    (tmp_path / "n.jsonl").write_bytes(b"\n".join([*bad, lines(RECORDS)]))
    found = texts(tmp_path / "n.jsonl")
    assert [found[name] for name in ("a1", "a2", "a3")] == [FERRY, PIER, WOLF]
    assert len(found) == len(bad) + 3


def test_ids_that_come_again_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_bytes(lines([{"id": 1, "text": FERRY}, {"id": 1, "text": PIER}]))
    assert texts(tmp_path / "n.jsonl") == {"1": FERRY, "1~2": PIER}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps({"status": "ok", "articles": RECORDS}),
        json.dumps({"response": {"total": 3, "results": RECORDS}}),
        "\n".join(map(json.dumps, RECORDS)),
        "\ufeff" + json.dumps(RECORDS),
    ],
)
def test_objects_of_an_array(tmp_path: Path, written: str) -> None:
    for encoding in ("utf-8", "utf-16", "utf-32"):
        (tmp_path / "n.json").write_text(written, encoding=encoding)
        assert texts(tmp_path / "n.json") == {"a1": FERRY, "a2": PIER, "a3": WOLF}


def test_one_object_is_one_document(tmp_path: Path) -> None:
    (tmp_path / "n.json").write_text(json.dumps({"text": FERRY, "tags": [{"a": 1}]}), encoding="utf-8")
    assert texts(tmp_path / "n.json") == {"1": FERRY}


def test_an_array_is_read_up_to_where_it_breaks_off(tmp_path: Path) -> None:
    (tmp_path / "n.json").write_text(json.dumps(RECORDS)[:-20], encoding="utf-8")
    found: list[str] = []
    with pytest.raises(SourceError, match="is not JSON"):
        found += document_parts(tmp_path / "n.json")
    assert found == ["a1", "a2"]


@settings(max_examples=40)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=40), max_size=4), max_size=12),
    st.integers(1, 60),
)
def test_an_array_comes_back_however_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, told: list[dict[str, str]], chunk: int
) -> None:
    from askbrief.formats.collections import objects

    path = tmp_path_factory.mktemp("cut") / "n.json"
    path.write_text(json.dumps([{"text": json.dumps(each), "id": f"n{n}"} for n, each in enumerate(told)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "CHUNK", chunk)
        found = list(document_parts(path))
    assert found == [f"n{n}" for n in range(len(told))]


def test_html_in_a_field_becomes_words(tmp_path: Path) -> None:
    record = {"content": f"<p>{FERRY}</p><script>x()</script><ul><li>Tickets &amp; times</li></ul>"}
    (tmp_path / "n.jsonl").write_bytes(lines([record]))
    document = taken(tmp_path / "n.jsonl")["1"]
    assert isinstance(document, Document)
    assert document.text == f"{FERRY}\n\nTickets & times"
    assert [document.text[a:b] for a, b in document.paragraphs] == [FERRY, "Tickets & times"]


def test_what_can_not_be_stored_is_no_part_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_bytes(b'{"id": "\\ud800\\u0000", "text": "One\\u0000 two \\ud83d three."}\n')
    ((part, document),) = taken(tmp_path / "n.jsonl").items()
    assert isinstance(document, Document)
    assert document.text == "One  two   three."
    assert part.encode()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2024-05-02", "2024-05-02"), ("2024-05-02T23:59:00+02:00", "2024-05-02"), ("2024-02-30", None),
        ("Thu, 02 May 2024 10:00:00 GMT", "2024-05-02"), ("May 2, 2024", "2024-05-02"),
        ("2 May 2024 at 10:30", "2024-05-02"), ("20240502", "2024-05-02"), (20240502, "2024-05-02"),
        (1714644000, "2024-05-02"), (1714644000000, "2024-05-02"), ("1714644000", "2024-05-02"),
        ({"$date": 1714644000000}, "2024-05-02"), ("05/02/2024", None), ("yesterday", None), (True, None),
        (None, None), (-5, None), ([], None), ("", None), (float("nan"), None), (1e300, None),
    ],
)  # fmt: skip
def test_days(told: Any, expected: str | None) -> None:
    record = {"text": "The ferry is back.", "date": told}
    assert record_fields.read(record, formats.USUAL, "a").date == expected


# -- tables


@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "n.csv"), (";", "n.csv"), ("\t", "n.tsv"), ("|", "n.csv")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_rows_of_a_table(tmp_path: Path, delimiter: str, name: str, encoding: str) -> None:
    with (tmp_path / name).open("w", encoding=encoding, newline="") as file:
        rows = csv.writer(file, delimiter=delimiter)
        rows.writerows([["Title", "Text", "Date"], ["A", f"“{FERRY}”\n\nAt the café; or | not, it says.", ""],
                        ["B", PIER, "2024-05-03"]])  # fmt: skip
    found = taken(tmp_path / name)
    assert list(found) == ["2", "3"]
    first, second = found["2"], found["3"]
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.title, len(first.paragraphs)) == ("A", 2)
    assert (second.text, second.date) == (PIER, "2024-05-03")


def test_a_table_without_a_column_of_texts_says_so(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text("name,year\nBari,2024\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"'name', 'year'.*--text-field"):
        taken(tmp_path / "n.csv")
    assert texts(tmp_path / "n.csv", fields=Fields(text="name")) == {"2": "Bari"}


# -- mail


def test_messages_of_a_mailbox(tmp_path: Path) -> None:
    plain = (
        "Subject: =?utf-8?q?Caf=C3=A9?=\nFrom: Ann Lee <ann@example.org>\n"
        "Date: Thu, 2 May 2024 10:00:00 +0000\n\n"
        f"{FERRY}\n\n>From the start it was full.\n"
    )
    html = f"Subject: Two\nContent-Type: text/html; charset=utf-8\n\n{page(PIER).decode()}"
    both = (
        'Subject: Three\nContent-Type: multipart/alternative; boundary="x"\n\n--x\n'
        "Content-Type: text/html\n\n<p>No.</p>\n"
        f"--x\nContent-Type: text/plain; charset=latin-1\n\n{WOLF}\n--x--\n"
    )
    (tmp_path / "m.mbox").write_bytes(mbox(plain, html, both, "Subject: Empty\n"))
    found = taken(tmp_path / "m.mbox")
    first = found["1"]
    assert isinstance(first, Document)
    assert (first.title, first.author, first.date) == ("Café", "Ann Lee", "2024-05-02")
    assert "\nFrom the start it was full." in first.text
    assert [PIER in str(found["2"]), WOLF in str(found["3"])] == [True, True]
    assert "is empty" in str(found["4"])


# -- archives


def archived(tmp_path: Path, kind: str, files: Mapping[str, bytes]) -> Path:
    path = tmp_path / f"a{kind}"
    made: dict[str, Callable[[], bytes]] = {
        ".zip": lambda: zipped(files),
        ".tar": lambda: tarred(files),
        ".tar.gz": lambda: gzip.compress(tarred(files)),
        ".tgz": lambda: tarred(files, "w:gz"),
    }
    path.write_bytes(made[kind]())
    return path


FILES = {
    "news/ferry.txt": FERRY.encode(),
    "news/record_fields.jsonl": lines(RECORDS[1:]),
    "inner.zip": zipped({"pier.md": f"# Pier\n\n{PIER}"}),
    "utf16.csv": f"text\n{WOLF}\n".encode("utf-16"),
    "packed.txt.gz": gzip.compress(FERRY.encode()),
    "picture.png": b"\x89PNG\r\n",
    ".hidden/no.txt": b"no",
    "__MACOSX/no.txt": b"no",
}


@pytest.mark.parametrize("kind", [".zip", ".tar", ".tar.gz", ".tgz"])
def test_files_of_an_archive(tmp_path: Path, kind: str) -> None:
    found = texts(archived(tmp_path, kind, FILES))
    assert found == {
        "news/ferry.txt": FERRY,
        "news/record_fields.jsonl#a2": PIER,
        "news/record_fields.jsonl#a3": WOLF,
        "inner.zip#pier.md": f"# Pier\n\n{PIER}",
        "utf16.csv#2": WOLF,
        "packed.txt.gz#packed.txt": FERRY,
    }


@pytest.mark.parametrize("kind", [".zip", ".tar"])
def test_paths_that_lead_out_are_names(tmp_path: Path, kind: str) -> None:
    names = ["../../out.txt", "/etc/out.txt", "a\nb.txt", "ev\u202el.txt", "🐺.txt"]
    before = set(tmp_path.parent.rglob("*out.txt"))
    found = texts(archived(tmp_path, kind, dict.fromkeys(names, FERRY.encode())))
    assert found == dict.fromkeys(names, FERRY)
    assert set(tmp_path.parent.rglob("*out.txt")) == before


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.txt")
        archive.addfile(link)
    (tmp_path / "a.tar").write_bytes(made.getvalue())
    assert texts(tmp_path / "a.tar") == {}


SMALL = CollectionLimits(document=10_000, total=100_000, packed=1, documents=50, depth=2)


def test_a_document_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    for kind in (".zip", ".tar", ".tgz"):
        path = archived(tmp_path, kind, {"big.txt": b"x" * 20_000, "b.txt": FERRY.encode()})
        found = texts(path, limits=SMALL)
        assert ("more than 10,000 bytes" in found["big.txt"], found["b.txt"]) == (True, FERRY)
    long = json.dumps({"text": "x" * 20_000}).encode()
    (tmp_path / "n.jsonl").write_bytes(long + b"\n" + lines(RECORDS) + long)
    found = texts(tmp_path / "n.jsonl", limits=SMALL)
    assert list(found) == ["1", "a1", "a2", "a3", "5"]
    assert "more than 10,000 bytes" in found["1"]
    (tmp_path / "m.mbox").write_bytes(mbox("Subject: B\n\n" + "x" * 20_000, f"Subject: C\n\n{FERRY}"))
    found = texts(tmp_path / "m.mbox", limits=SMALL)
    assert ("more than" in found["1"], FERRY in found["2"]) == (True, True)


@pytest.mark.parametrize("kind", [".zip", ".tgz"])
def test_what_unpacks_to_too_much_ends(tmp_path: Path, kind: str) -> None:
    path = archived(tmp_path, kind, {f"{n}.txt": b"x " * 4000 for n in range(40)})
    with pytest.raises(SourceError, match="unpacks to far more"):
        texts(path, limits=SMALL)


def test_a_record_of_gigabytes_in_a_few_kilobytes_ends(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * 30_000_000))
    with pytest.raises(SourceError, match="unpacks to far more"):
        texts(path, limits=SMALL)


def test_too_many_documents_end(tmp_path: Path) -> None:
    path = archived(tmp_path, ".zip", {f"{n}.txt": b"A few words." for n in range(60)})
    with pytest.raises(SourceError, match="more than 50"):
        texts(path, limits=SMALL)


def test_archives_nest_so_deep_and_no_deeper(tmp_path: Path) -> None:
    inner = zipped({"a.txt": FERRY})
    for depth in range(5):
        (tmp_path / "a.zip").write_bytes(zipped({"a.zip": inner, f"{depth}.txt": PIER}))
        inner = (tmp_path / "a.zip").read_bytes()
    found = texts(tmp_path / "a.zip")
    assert found.pop("a.zip#a.zip#a.zip").startswith("it is nested in 3 other archives")
    assert list(found) == ["a.zip#a.zip#2.txt", "a.zip#3.txt", "4.txt"]


def test_a_tar_whose_header_promises_gigabytes_ends(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 5 * 10**9
    (tmp_path / "a.tar").write_bytes(info.tobuf() + b"x" * 10_240)
    with pytest.raises(SourceError, match="header of 5,000,000,000 bytes"):
        texts(tmp_path / "a.tar")


@pytest.mark.parametrize("kind", [".zip", ".tar", ".tar.gz"])
@pytest.mark.parametrize("cut", [0, 10, 300, -30])
def test_an_archive_that_is_cut_short_is_told(tmp_path: Path, kind: str, cut: int) -> None:
    path = archived(tmp_path, kind, FILES)
    path.write_bytes(path.read_bytes()[:cut])
    try:
        texts(path)
    except SourceError as error:
        assert path.name in str(error)  # noqa: PT017 — a tar may end anywhere


def test_an_encrypted_file_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": FERRY, "b.txt": PIER}))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + flags] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    found = texts(tmp_path / "a.zip")
    assert ("encrypted" in found["a.txt"], found["b.txt"]) == (True, PIER)


# -- crawls


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_pages_of_a_crawl(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    url = "https://example.org/ferry"
    data = b"".join(
        pack(warc(one))
        for one in [
            (url, "200 OK", page(FERRY)),
            (url, "404 Not Found", page(WOLF)),
            (url, "200 OK", page(PIER)),
        ]
    )
    path = tmp_path / ("a.warc" if pack is bytes else "a.warc.gz")
    path.write_bytes(data)
    found = taken(path)
    assert list(found) == [url, f"{url}~3"]
    first, again = found[url], found[f"{url}~3"]
    assert isinstance(first, Document)
    assert isinstance(again, Document)
    assert (FERRY in first.text, PIER in again.text) == (True, True)
    assert first.url == url


@settings(max_examples=150)
@given(st.data())
def test_mutated_containers_end_in_documents_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kinds: dict[str, bytes] = {
        "a.zip": zipped(FILES), "a.tar": tarred(FILES), "a.tgz": tarred(FILES, "w:gz"),
        "a.jsonl": lines(RECORDS), "a.json": json.dumps(RECORDS).encode(), "a.csv": b"text,id\nOne.,1\n",
        "a.mbox": mbox("Subject: A\n\nHello.\n"), "a.warc": warc(("https://e.org", "200 OK", page(FERRY))),
    }  # fmt: skip
    name = data.draw(st.sampled_from(sorted(kinds)))
    whole = bytearray(kinds[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
        if not whole:
            break
    path = tmp_path_factory.mktemp("harm") / name
    path.write_bytes(bytes(whole))
    try:
        for it in taken(path, limits=CollectionLimits(total=10_000_000)).values():
            assert isinstance(it, str) or it.text
    except SourceError:
        pass


# -- locations


@given(st.text(min_size=1), st.text())
def test_a_location_tells_file_and_part(name: str, part: str) -> None:
    file = "/" + name.replace("/", "_")
    assert split(member(file, part)) == (file, part)
    assert split(file) == (file, None)


# -- in an index


@pytest.fixture
def news(tmp_path: Path, tiny_model: Path) -> Archive:
    """An index of three records in a file, beside one text."""
    files = tmp_path / "news"
    files.mkdir()
    (files / "news.jsonl").write_bytes(lines(RECORDS))
    (files / "plain.txt").write_text("The bridge at St. Gallen was closed.\n", encoding="utf-8")
    long_ago(files)
    Index.update([files], tmp_path / "index", model=str(tiny_model))
    return Archive(files, tmp_path / "index")


def long_ago(files: Path, second: int = 10**9) -> None:
    """Give files a time that tells them from what is written to them later."""
    for path in files.iterdir():
        os.utime(path, (second, second))


def parts(index: Path) -> Iterator[str]:
    with Index.open(index) as opened:
        yield from (each.source.rpartition("/")[2] for each in opened.documents())


def ferry(cli: Cli, news: Archive) -> Ran:
    """What is cited of the first record."""
    words = ("when does the ferry sail?", "--source", "*#a1", "--threshold", "0")
    return cli("ask", *words, "--json", "--index", news.index)


def test_each_record_is_a_document_of_the_index(news: Archive, cli: Cli) -> None:
    assert list(parts(news.index)) == ["news.jsonl#a1", "news.jsonl#a2", "news.jsonl#a3", "plain.txt"]
    citation = ferry(cli, news).json["citations"][0]
    assert citation["text"] == FERRY
    assert citation["link"].startswith("https://example.org/ferry#:~:text=")
    assert citation["document"]["date"] == "2024-05-02"


def test_a_file_that_has_not_changed_is_not_opened(news: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "read_collection", None)
    summary = Index.update([news.files], news.index)
    assert (summary.unchanged, summary.encoded, summary.revision) == (4, 0, 1)


def test_in_a_changed_file_only_what_has_changed_is_stored(news: Archive) -> None:
    changed = [
        RECORDS[0],
        {**RECORDS[1], "body": "The pier will be free."},
        {"id": "a4", "body": "New here."},
    ]
    (news.files / "news.jsonl").write_bytes(lines(changed))
    summary = Index.update([news.files], news.index)
    counts = (summary.added, summary.changed, summary.unchanged, summary.removed, summary.encoded)
    assert counts == (1, 1, 2, 1, 2)
    assert list(parts(news.index)) == ["news.jsonl#a1", "news.jsonl#a2", "news.jsonl#a4", "plain.txt"]
    with Index.open(news.index) as index:
        assert index.status().whole


def test_what_was_told_of_bad_records_is_told_again(news: Archive, cli: Cli) -> None:
    (news.files / "news.jsonl").write_bytes(lines([*RECORDS, *({"title": "x"} for _ in range(5))]))
    long_ago(news.files, 10**9 + 7)
    for _ in range(2):
        ran = cli("index", news.files, "--index", news.index)
        assert ran.code == 2
        assert ran.err.count("has no field for its text") == 3
        assert "news.jsonl: 2 more of its documents were skipped" in ran.err
        assert "4 unchanged, 4 skipped" in ran.out


def test_a_file_that_breaks_off_loses_nothing(news: Archive, cli: Cli) -> None:
    whole = gzip.compress(lines(RECORDS * 500))
    path = news.files / "more.jsonl.gz"
    path.write_bytes(whole)
    cli("index", news.files, "--index", news.index)
    before = list(parts(news.index))
    path.write_bytes(whole[:-10])
    ran = cli("index", news.files, "--index", news.index)
    assert (ran.code, "more.jsonl.gz is damaged" in ran.err) == (2, True)
    assert list(parts(news.index)) == before


def test_what_is_gone_with_its_file_is_taken_out(news: Archive) -> None:
    (news.files / "news.jsonl").unlink()
    summary = Index.update([news.files], news.index)
    assert (summary.removed, list(parts(news.index))) == (3, ["plain.txt"])
    (news.files / "news.jsonl").write_bytes(lines(RECORDS))
    assert Index.update([news.files], news.index).added == 3


def test_a_file_that_moved_is_known_again(news: Archive) -> None:
    (news.files / "news.jsonl").rename(news.files / "other.jsonl")
    summary = Index.update([news.files], news.index)
    assert (summary.moved, summary.added, summary.removed, summary.encoded) == (3, 0, 0, 0)


def test_fields_are_remembered(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    path = tmp_path / "n.jsonl"
    path.write_bytes(lines([{"words": FERRY, "k": "x", "text": "Not this."}]))
    where = ("--index", tmp_path / "index")
    cli("index", path, "--text-field", "words", "--id-field", "k", "--model", tiny_model, *where)
    for again in ([path], ["--rebuild"], [path, "--rebuild"]):
        path.write_bytes(path.read_bytes() + b"\n")
        cli("index", *again, *where)
        with Index.open(tmp_path / "index") as index:
            assert [each.source.rpartition("#")[2] for each in index.documents()] == ["x"]
            assert index.show("n.jsonl#x")[0].text == FERRY
    cli("index", path, "--text-field", "text", *where)
    with Index.open(tmp_path / "index") as index:
        assert index.show("n.jsonl#1")[0].text == "Not this."


def test_rebuilding_reads_files_again_and_keeps_what_is_gone(news: Archive) -> None:
    (news.files / "b.jsonl").write_bytes(lines([{"id": "b1", "text": "Boats were lost."}]))
    Index.update([news.files], news.index)
    (news.files / "news.jsonl").write_bytes(lines(RECORDS[:1]))
    (news.files / "b.jsonl").unlink()
    summary = Index.update([], news.index, rebuild=True)
    assert (summary.added, summary.skipped) == (3, ())
    assert list(parts(news.index)) == ["b.jsonl#b1", "news.jsonl#a1", "plain.txt"]


def test_a_citation_of_a_record_is_verified_in_its_file(news: Archive, cli: Cli, tmp_path: Path) -> None:
    asked = ferry(cli, news)
    saved = tmp_path / "answer.json"
    saved.write_text(asked.out, encoding="utf-8")

    def state() -> str:
        ran = cli("verify", saved, "--json", "--index", news.index)
        return str(ran.json["citations"][0]["source"])

    assert state() == "intact"
    (news.files / "news.jsonl").write_bytes(lines([{**RECORDS[0], "body": f"Good news. {FERRY}"}]))
    assert state() == "moved"
    (news.files / "news.jsonl").write_bytes(lines(RECORDS[1:]))
    assert state() == "gone"
    (news.files / "news.jsonl").unlink()
    assert state() == "missing"


def test_a_run_that_is_cut_off_goes_on(news: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    more = [{"id": f"m{n}", "text": f"Note number {n} of the town."} for n in range(60)]
    (news.files / "m.jsonl").write_bytes(lines(more))
    long_ago(news.files)
    from askbrief.indexing import pipeline as ingest

    monkeypatch.setattr(ingest, "BATCH", 10)
    read = formats.read_collection

    def stopping(*given: Any) -> Iterator[Any]:
        for number, each in enumerate(read(*given)):
            if number == 35:
                raise KeyboardInterrupt
            yield each

    monkeypatch.setattr(formats, "read_collection", stopping)
    with pytest.raises(KeyboardInterrupt):
        Index.update([news.files], news.index)
    assert len(list(parts(news.index))) == 4 + 30
    monkeypatch.setattr(formats, "read_collection", read)
    summary = Index.update([news.files], news.index)
    assert (summary.added, summary.unchanged, summary.removed) == (30, 34, 0)


def test_a_file_of_many_records_never_stands_in_memory(tmp_path: Path) -> None:
    """Reading ten times the records takes no more memory: kept is what is being looked at."""
    import tracemalloc

    def peak(count: int) -> int:
        path = tmp_path / "many.jsonl"
        with path.open("wb") as file:
            for number in range(count):
                words = f"{FERRY} Number {number}. " * 20
                file.write(json.dumps({"id": number, "text": words}).encode() + b"\n")
        tracemalloc.start()
        for kind in ("many.jsonl", "many.json"):
            path = path.rename(tmp_path / kind)
            read = sum(isinstance(each, DocumentRef) for each in formats.read_collection(path, kind))
            assert read == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what is imported on the way
    assert peak(5000) < peak(500) + 2_000_000  # of 8 MB
