"""What a document tells of itself, from its file through the index into a citation, and back to verify."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import askbrief.formats
from askbrief import Index
from askbrief.answering.compose import cite
from askbrief.errors import IndexDamaged
from askbrief.formats import language, text
from askbrief.formats.format import Contents
from askbrief.index_records import PreparedDocument
from askbrief.storage.db import documents, passages, writes
from askbrief.storage.db import integrity as whole
from askbrief.storage.db.database import FILE, Database
from askbrief.storage.db.migrations import MIGRATIONS
from askbrief.types import Document, Hit, Passage, Sentence, Source, Span
from conftest import NEWS, SEEDS, Archive, Cli, in_format_six, write

URL = "https://example.org/2024/harbour"
PAGE = f"""<html><head><title>Harbour reopens</title><link rel="canonical" href="{URL}">
<meta name="author" content="Rosa Lind"><meta property="og:site_name" content="Varna Post">
<meta property="article:published_time" content="2024-05-02"></head><body><nav>Home | Sport</nav><article>
<h1>Harbour reopens</h1><p>The harbour of Varna reopened on Monday after three weeks of repairs, and
eleven boats were lost in the storm that had closed it.</p><p>“We will rebuild the northern pier before
winter,” mayor Petra Ilieva said. It will cost 4.5 million euros, of which the town pays a third.</p>
</article></body></html>"""


def stored(document: Document) -> PreparedDocument:
    """A document of one sentence and one passage, ready to be stored."""
    text = document.text
    digest = sha256(text.encode()).digest()[:16]
    sentence, passage = Sentence(0, len(text), 1, 1), Passage(0, len(text), 0, 1)
    vector = np.eye(1, 8, dtype=np.float32)
    return PreparedDocument(document, f"/{document.source}", (sentence,), (passage,), (digest,), vector)


def plain(text: str = "One says so.") -> Document:
    digest = sha256(text.encode()).hexdigest()
    return Document("d", "d.txt", "Title", text, digest, ((0, len(text)),), "2024-05-02")


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
maybe = st.one_of(st.none(), words)


@settings(max_examples=60)
@given(maybe, maybe, maybe, maybe, st.lists(st.integers(0, 10**6), max_size=5), maybe)
def test_what_a_document_tells_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    url: str | None,
    author: str | None,
    site: str | None,
    language: str | None,
    pages: list[int],
    dated: str | None,
) -> None:
    about = {"url": url, "author": author, "site": site, "language": language, "pages": tuple(sorted(pages))}
    about["dated"] = dated
    put = replace(plain(), **about)  # type: ignore[arg-type]
    with closing(Database.create(tmp_path_factory.mktemp("told") / FILE)) as database:
        with database.transaction():
            writes.put(database, stored(put))
        assert documents.read(database, "d") == put
        (hit,) = passages.hits(database, [1])
        assert hit.document == Source.of(put) == documents.listed(database)[0]
        assert hit.pages == put.pages
        assert whole.fault(database) is None
        with database.transaction():
            writes.delete(database, ["d"])
        assert database.rows("SELECT * FROM told") == []


def test_a_document_that_tells_nothing_takes_no_room(tmp_path: Path) -> None:
    with closing(Database.create(tmp_path / FILE)) as database:
        with database.transaction():
            writes.put(database, stored(plain()))
        assert database.rows("SELECT count(*) FROM told") == [(0,)]


@pytest.mark.parametrize("column", ["url", "language", "pages"])
def test_what_a_citation_tells_is_sealed(tmp_path: Path, column: str) -> None:
    with closing(Database.create(tmp_path / FILE)) as database:
        with database.transaction():
            writes.put(database, stored(replace(plain(), url=URL, language="de", pages=(0, 4))))
        database.rows(f"UPDATE told SET {column} = '[0,2]'")  # noqa: S608
        assert whole.fault(database) is not None
        with pytest.raises(IndexDamaged, match="altered"):
            passages.hits(database, [1])


def test_the_format_before_is_read_as_it_is_and_carried_over(tmp_path: Path) -> None:
    """An index of four migrations, sealed as they did, is asked; opened for writing, it becomes one of
    today's, and what was sealed then still stands."""
    today = tmp_path / "today.db"
    with closing(Database.create(today)) as database, database.transaction():
        writes.put(database, stored(plain()))
    in_format_six(today)
    with closing(sqlite3.connect(today)) as old:
        old.executescript("DROP TABLE told; DROP TABLE containers; DROP INDEX documents_by_rules;")
        old.execute("PRAGMA user_version = 4")
    with closing(Database.open(today)) as reader:
        assert passages.hits(reader, [1])[0].document == Source.of(plain())
        assert documents.read(reader, "d") == plain()
        assert [known.id for known in documents.below(reader, "")] == ["d"]
    with closing(Database.create(today)) as database:
        assert database.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
        assert whole.fault(database) is None
        with database.transaction():
            writes.put(database, stored(replace(plain(), url=URL)))
        assert documents.read(database, "d").url == URL


def test_the_format_without_origins_of_dates_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / FILE
    put = replace(plain(), url=URL, dated="path")
    with closing(Database.create(path)) as database, database.transaction():
        writes.put(database, stored(put))
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "DROP INDEX documents_by_date; DROP INDEX told_by_guid; ALTER TABLE told DROP COLUMN times;"
            "ALTER TABLE told DROP COLUMN details; ALTER TABLE told DROP COLUMN dated;"
            f"PRAGMA user_version = {next(n for n, each in enumerate(MIGRATIONS) if 'dated' in each)}"
        )
    with closing(Database.open(path)) as reader:
        assert documents.read(reader, "d") == replace(put, dated=None)
        assert whole.fault(reader) is None


@pytest.mark.parametrize(
    ("name", "written", "date", "dated", "precision"),
    [
        ("a.md", "---\ndate: 2024-05\n---\n\nThe ferry is back.\n", "2024-05", "front matter", "month"),
        ("2024-05-02-a.txt", "The ferry is back.\n", "2024-05-02", "path", "day"),
        ("a.txt", "VARNA, May 2, 2024 (AP) - The ferry is back.\n", "2024-05-02", "text", "day"),
        ("a.jsonl", '{"text": "The ferry is back.", "date": 2024}\n', "2024", "field", "year"),
        ("a.txt", "The ferry was back last week.\n", None, None, None),
    ],
)
def test_a_date_is_shown_with_its_precision_and_where_it_came_from(
    tmp_path: Path,
    cli: Cli,
    tiny_model: Path,
    name: str,
    written: str,
    date: str | None,
    dated: str | None,
    precision: str | None,
) -> None:
    files = write(tmp_path / "news", {name: written})
    Index.update([files], tmp_path / "index", model=str(tiny_model))
    with Index.open(tmp_path / "index") as index:
        (document,) = index.documents()
    shown = ("show", document.id, "--index", str(tmp_path / "index"))
    about = cli(*shown, "--json").json["document"]
    assert about["date"] == date
    assert about["dated"] == (dated and {"from": dated, "precision": precision})
    assert (f"{date} (from its {dated})" in cli(*shown).out) == (date is not None)


def test_quotations_found_anew_keep_the_seal_of_what_is_told(tmp_path: Path) -> None:
    with closing(Database.create(tmp_path / FILE)) as database:
        with database.transaction():
            writes.put(database, stored(replace(plain(), url=URL, pages=(0,))))
            writes.requote(database, "d", (Sentence(0, 12, 1, 1, "Ann Lee"),), (), 2)
        assert whole.fault(database) is None
        assert passages.hits(database, [1])[0].sentences[0].speaker == "Ann Lee"


# -- pages


def on_page(start: int, pages: tuple[int, ...]) -> int | None:
    """The page of a citation of the sentence that begins at ``start``."""
    text = "x" * 100
    hit = Hit(Source.of(plain()), start, 100, text[start:], (Sentence(start, 100, 1, 1),), 1.0, pages=pages)
    return cite(hit, Span(0, start, start + 1, 0.9)).page


@pytest.mark.parametrize(
    ("start", "page"), [(0, 1), (9, 1), (10, 2), (39, 2), (40, 4), (99, 4)]  # the third page is empty
)  # fmt: skip
def test_a_citation_tells_its_page(start: int, page: int) -> None:
    assert on_page(start, (0, 10, 40, 40)) == page


def test_a_document_without_pages_has_none() -> None:
    assert on_page(5, ()) is None


def test_what_comes_before_the_first_page_is_on_it() -> None:
    assert on_page(5, (8, 40)) == 1


# -- a web page that was saved


@pytest.fixture
def saved(tmp_path: Path, tiny_model: Path) -> Archive:
    """An archive of the briefs' bridge and wolves, and the harbour as a saved web page."""
    files = write(tmp_path / "news", {"harbour.html": PAGE, "wolves.txt": NEWS["wolves.txt"]})
    Index.update([files], tmp_path / "index", model=str(tiny_model))
    return Archive(files, tmp_path / "index")


def cited(cli: Cli, index: Path, *more: str) -> dict[str, Any]:
    """The best citation of the page."""
    words = ("what will the northern pier cost?", "--threshold", "0", "--source", "*.html", *more)
    found: dict[str, Any] = cli("ask", "--json", "--index", index, *words).json["citations"][0]
    return found


def test_a_citation_of_a_saved_page_links_to_where_it_was(saved: Archive, cli: Cli) -> None:
    citation = cited(cli, saved.index)
    assert citation["document"]["url"] == URL
    assert citation["document"]["date"] == "2024-05-02"
    assert citation["link"].startswith(f"{URL}#:~:text=")
    assert citation["page"] is None
    told = cli(
        "ask", "what will the pier cost?", "--threshold", "0", "--source", "*.html", "--index", saved.index
    )
    assert f"    {citation['link']}\n" in told.out


def test_show_tells_author_site_and_url(saved: Archive, cli: Cli) -> None:
    about = cli("show", "harbour.html", "--json", "--index", saved.index).json["document"]
    assert (about["author"], about["site"], about["url"]) == ("Rosa Lind", "Varna Post", URL)
    assert f"Rosa Lind · Varna Post · {URL}\n" in cli("show", "harbour.html", "--index", saved.index).out


def test_a_page_that_tells_otherwise_is_stored_anew(saved: Archive) -> None:
    write(saved.files, {"harbour.html": PAGE.replace("Rosa Lind", "Ada Conti")})
    summary = Index.update([saved.files], saved.index)
    assert (summary.changed, summary.unchanged, summary.encoded) == (1, 1, 0)
    with Index.open(saved.index) as index:
        assert index.show("harbour.html")[0].author == "Ada Conti"


def test_a_citation_of_a_page_is_verified_against_the_page_read_anew(saved: Archive, cli: Cli) -> None:
    kept = saved.index.parent / "answer.json"
    asked = cli("ask", "what will the pier cost?", "--threshold", "0", "--source", "*.html", "--json",
                "--index", saved.index)  # fmt: skip
    kept.write_text(asked.out, encoding="utf-8")
    ran = cli("verify", kept, "--json", "--index", saved.index)
    assert {(c["state"], c["source"]) for c in ran.json["citations"]} == {("intact", "intact")}
    write(saved.files, {"harbour.html": PAGE.replace("4.5 million", "9 million")})
    ran = cli("verify", kept, "--json", "--index", saved.index)
    assert "changed" in {c["source"] for c in ran.json["citations"]}


def test_pages_are_told_where_they_are_known(
    tmp_path: Path, tiny_model: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = askbrief.formats.read_all

    def paged(path: Path, source: str) -> Contents:
        contents = read(path, source)
        if "harbour" not in source:
            return contents
        second = contents.document.text.index("“We")
        return contents._replace(document=replace(contents.document, pages=(0, second)))

    monkeypatch.setattr(askbrief.formats, "read_all", paged)
    Index.update([write(tmp_path / "news", NEWS)], tmp_path / "index", model=str(tiny_model))
    words = ("ask", "what will the northern pier cost?", "--threshold", "0", "--source", "*harbour*")
    citations = cli(*words, "--json", "--index", tmp_path / "index").json["citations"]
    assert {c["page"] for c in citations} <= {1, 2}
    assert next(c["page"] for c in citations if "4.5 million" in c["text"]) == 2
    assert " · page 2 · paragraph 3" in cli(*words, "--index", tmp_path / "index").out
    shown = cli("show", "harbour.txt", "--json", "--index", tmp_path / "index").json
    assert shown["document"]["pages"] == [0, shown["text"].index("“We")]


# -- languages

FOREIGN = {
    "fr": "Le port de Varna a rouvert lundi après trois semaines de réparations, a déclaré la maire. "
    "Onze bateaux ont été perdus dans la tempête, et le quai nord sera reconstruit avant l'hiver.",
    "de": "Der Hafen von Varna wurde am Montag nach drei Wochen Reparatur wieder geöffnet. Elf Boote "
    "gingen in dem Sturm verloren, sagte die Bürgermeisterin.",
    "es": "El puerto de Varna reabrió el lunes tras tres semanas de reparaciones. Once barcos se "
    "perdieron en la tormenta, dijo la alcaldesa, y el muelle norte será reconstruido.",
    "nl": "De haven van Varna is maandag na drie weken herstelwerkzaamheden heropend. Elf boten gingen "
    "verloren in de storm, zei de burgemeester.",
    "uk": "Порт Варни знову відкрився в понеділок після трьох тижнів ремонту. Одинадцять човнів втрачено.",
    "zh": "瓦尔纳港经过三个星期的维修后于周一重新开放。市长说，有十一艘船在风暴中失踪。",
}  # fmt: skip


@pytest.mark.parametrize("code", FOREIGN)
def test_a_language_is_known(code: str) -> None:
    assert text.read(FOREIGN[code].encode(), "a.txt").language == code


@pytest.mark.parametrize(
    "written",
    [
        *NEWS.values(),
        "Onze bateaux perdus",  # too little to tell
        "Petra Ilieva, Olga Brandt, Bruno Šimić, Ada Conti, Rosa Lind, Ann Lee, John Kirby, Maria Lopez",
        "The mayor of the town said: « Le port a rouvert lundi après trois semaines de réparations. » She "
        "was glad that it had, and that it would not be the last of the works to be done there.",
        "1,204 5,113 77 6.4% 12:30",
    ],
)
def test_english_and_what_tells_no_language_is_not_flagged(written: str) -> None:
    assert text.read(written.encode(), "a.txt").language is None


def test_the_seed_article_is_english() -> None:
    for path in SEEDS.glob("*.txt"):
        assert text.read(path.read_bytes(), path.name).language is None


def test_english_is_told_without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_identifier", None)
    assert text.read(NEWS["2024-05-02-harbour.txt"].encode(), "a.txt").language is None


def test_quotes_and_check_say_so_of_another_language(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    said = "« Le pont sera fermé lundi », a dit le maire dans une lettre à tous les habitants de la ville.\n"
    both = f"{FOREIGN['fr'] * 3}\n\n“We will rebuild it,” mayor Petra Ilieva said.\n"
    files = write(tmp_path / "news", {"pont.txt": said, "plain.txt": FOREIGN["fr"], "both.txt": both, **NEWS})
    where = ("--index", tmp_path / "index")
    Index.update([files], tmp_path / "index", model=str(tiny_model))
    note = "note: not in English, for which alone quotations and speakers are found reliably: "
    assert cli("quotes", "--document", "plain.txt", *where).err == (
        f"no matching quotations\n{note}{files}/plain.txt (French)\n"
    )
    assert cli("quotes", "--json", *where).err == f"{note}{files}/both.txt (French)\n"
    assert cli("quotes", "--speaker", "Olga Brandt", *where).err == ""
    draft = tmp_path / "draft.txt"
    draft.write_text(said, "utf-8")
    ran = cli("check", draft, *where)
    assert "note: the draft seems to be in French; quotations and speakers are found" in ran.err
    assert f"{note}{files}/pont.txt (French)" in ran.err
    draft.write_text("“It will cost 4.5 million euros,” mayor Petra Ilieva said.\n", "utf-8")
    assert "note:" not in cli("check", draft, *where).err


def test_an_answer_from_another_language_says_so(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    files = write(tmp_path / "news", {"port.txt": FOREIGN["fr"], "wolves.txt": NEWS["wolves.txt"]})
    where = ("--index", tmp_path / "index")
    Index.update([files], tmp_path / "index", model=str(tiny_model))
    words = ("ask", "combien de bateaux ont été perdus?", "--threshold", "0", "--source", "*port*")
    told = cli(*words, "--json", *where).json
    assert told["citations"][0]["document"]["language"] == "fr"
    where_from = f"{files}/port.txt (French)"
    note = "not in English, for which alone the reader was made: "
    assert told["note"] == f"{note}{where_from}; read there with care"
    ran = cli(*words, *where)
    assert ran.err == f"note: {told['note']}\n"
    other = cli("ask", "who had seen wolves?", "--threshold", "0", "--source", "*wolves*", *where)
    assert (other.code, other.err) == (0, "")
    assert cli(*words, "--reader", "none", "--json", *where).json["note"] is None
