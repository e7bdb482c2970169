"""Exact search over an index: every document, counted exactly, in one revision; and its command."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import tantivy

from askbrief import present
from askbrief.api import Index
from askbrief.errors import IndexMismatch, OptionError, QueryError
from askbrief.query import Phrase, Query, Word, is_matched, parsed
from askbrief.storage import reader as store
from askbrief.storage.reader import FolderReader
from askbrief.storage.search import keywords, manifest
from askbrief.storage.search.files import SearchFiles
from askbrief.types import EVERYTHING, Filter
from conftest import Archive, Cli, assert_line
from test_derive import MODEL, Town, encode, filled


@pytest.fixture
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    made = Town(tmp_path, getattr(request, "param", 0))
    yield made
    made.database.close()


QUERIES = (
    "ferry",
    "ferr* OR number1*",
    "ferry NOT wolves",
    '"ferry wolves"',
    '"ferry harbour" OR "snow storm" OR "number7 tram"',
    'tram NOT "market school"',
    '"river tram"~2',
    '"ferry wol*"',
    "(ferry OR wolves) -snow",
)


def by_trying(reader: FolderReader, query: Query) -> set[str]:
    """The documents that match, found by looking at each."""
    return {
        source.id
        for source in reader.documents()
        if is_matched(query, source, reader.document(source.id).text, reader.sentences(source.id))
    }


def assert_finds_all(reader: FolderReader) -> None:
    for text in QUERIES:
        query = parsed(text)
        found = [match.document.id for match in reader.search_exact(query)]
        assert len(found) == len(set(found))
        assert set(found) == by_trying(reader, query), text


@pytest.mark.parametrize("town", range(3), indirect=True)
def test_whatever_was_done_every_match_is_found(town: Town) -> None:
    for _ in range(8):
        town.change()
        what = town.random.randrange(3)
        if what == 1:
            SearchFiles(town.folder, town.database).follow()
        elif what == 2:
            town.finish()
        with closing(FolderReader.open(town.folder)) as reader:
            assert_finds_all(reader)


def test_a_reader_of_an_older_commit_finds_what_it_held(town: Town) -> None:
    filled(town, 30).finish()
    with closing(FolderReader.open(town.folder)) as reader:
        reader.stats()
        for _ in range(4):
            town.change()
            town.finish()
        assert_finds_all(reader)  # its search files are opened only now


def test_a_phrase_is_found_wherever_passages_end(town: Town) -> None:
    filled(town, 60).finish()
    with closing(FolderReader.open(town.folder)) as reader:
        texts = {each.id: reader.document(each.id).text for each in reader.documents()}
        random = Random(1)  # noqa: S311
        for id_, text in random.sample(sorted(texts.items()), 12):
            words = text.split()
            start = random.randrange(len(words) - 1)
            phrase = words[start : start + random.randint(2, 12)]
            query = Phrase(tuple(map(Word, phrase))) if len(phrase) > 1 else Word(phrase[0])
            assert id_ in {match.document.id for match in reader.search_exact(query)}


def without_words() -> tantivy.Schema:
    """The schema of an askbrief without exact search."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", stored=False, indexed=True, fast=True)
    for field in ("title", "text"):
        builder.add_text_field(field, stored=False, tokenizer_name=keywords.ANALYZER, index_option="freq")
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def test_an_older_index_is_searched_in_memory_if_small(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(town, 20)
    with monkeypatch.context() as before:
        before.setattr(keywords, "_schema", without_words)
        town.finish()
    with closing(FolderReader.open(town.folder)) as reader:
        assert not reader.snapshot.keywords.has_words
        assert_finds_all(reader)
    with closing(FolderReader.open(town.folder)) as reader:
        _ = reader.snapshot
        monkeypatch.setattr(store, "EXACT", 5)
        with pytest.raises(IndexMismatch, match="too old for exact search") as raised:
            reader.search_exact(Word("ferry"))
        assert "askbrief compact" in str(raised.value.hint)
    town.finish(anew=True)
    with closing(FolderReader.open(town.folder)) as reader:
        assert reader.snapshot.keywords.has_words
        assert_finds_all(reader)


def test_words_that_were_split_otherwise_are_made_anew(town: Town) -> None:
    filled(town, 10).finish()
    path = town.folder / manifest.MANIFEST
    path.write_text(path.read_text().replace(keywords.words_digest(), "0" * 16))
    files = SearchFiles(town.folder, town.database)
    assert files.fault
    assert "exact search" in files.fault
    files.finish(MODEL, encode)
    assert SearchFiles(town.folder, town.database).fault is None


def test_a_filter_is_applied_before_counting(town: Town) -> None:
    filled(town, 40).finish()
    with closing(FolderReader.open(town.folder)) as reader:
        names = sorted(each.source for each in reader.documents())
        wanted = Filter(source=f"{names[0][:2]}*")
        every = reader.search_exact(Word("ferry"), EVERYTHING)
        some = reader.search_exact(Word("ferry"), wanted)
        assert {m.document.id for m in some} == {
            m.document.id for m in every if m.document.source.startswith(names[0][:2])
        }


# -- what Index.search gives


@pytest.fixture
def opened(made: Archive) -> Iterator[Index]:
    with Index.open(made.index) as index:
        yield index


def test_hits_have_their_places_verbatim(opened: Index) -> None:
    found = opened.search('northern pier OR "five of them" OR bridge')
    assert found.total == len(found.hits) == 3
    for hit in found.hits:
        text = opened.show(hit.document.id)[0].text
        assert hit.places
        for place in hit.places:
            assert text[place.start : place.end] == place.text
            assert all(place.start <= start < end <= place.end for start, end in place.marks)
    (pier,) = (hit for hit in found.hits if "harbour" in hit.document.source)
    assert [place.speaker for place in pier.places] == ["Petra Ilieva"]
    marked = [text for p in pier.places for text in (p.text[a - p.start : b - p.start] for a, b in p.marks)]
    assert marked == ["northern", "pier"]


def test_pages_and_orders(opened: Index) -> None:
    every = [hit.document.date for hit in opened.search("the", sort="date").hits]
    assert every == ["2024-06-07", "2024-05-02", None]
    assert [hit.document.date for hit in opened.search("the", sort="oldest").hits] == [
        "2024-05-02", "2024-06-07", None,
    ]  # fmt: skip
    page = opened.search("the", sort="date", limit=1, offset=1)
    assert (page.total, page.offset, [hit.document.date for hit in page.hits]) == (3, 1, ["2024-05-02"])
    assert opened.search("the", limit=0).total == 3
    with pytest.raises(OptionError, match="no order"):
        opened.search("the", sort="best")  # type: ignore[arg-type]
    with pytest.raises(QueryError):
        opened.search('"the')


def test_each_facet_counts_what_its_clause_finds(opened: Index) -> None:
    query = "the OR a*"
    facets = opened.search(query, facets=True).facets
    assert facets
    assert {each.value for each in facets.speakers} >= {"Petra Ilieva"}
    clauses = [*facets.months, *facets.sources, *facets.speakers]
    assert len(clauses) > 5
    for facet in clauses:
        if facet.query:
            assert opened.search(f"({query}) {facet.query}").total == facet.count, facet
    assert sum(each.count for each in facets.months) == sum(each.count for each in facets.sources) == 3


def test_a_speaker_is_called_by_any_form_of_the_name(opened: Index) -> None:
    for who in ("speaker:ilieva", 'speaker:"Petra Ilieva"', "speaker:Ilieva pier"):
        assert opened.search(who).total == 1
    assert opened.search("pier", speaker="ilieva").total == 1
    assert opened.search("reopened", speaker="ilieva").total == 0
    nobody = opened.search("pier", speaker="Nobody Known")
    assert nobody.total == 0
    assert nobody.note


# -- the command


def test_the_command_prints_places_and_counts(made: Archive, cli: Cli) -> None:
    ran = cli("search", "pier", "--index", made.index)
    assert ran.code == 0
    assert "We will rebuild the northern pier before winter" in ran.out
    assert "paragraph" in ran.out
    assert "Petra Ilieva" in ran.out
    assert cli("search", "the", "--count", "--index", made.index).out == "3\n"
    nothing = cli("search", "zebra", "--index", made.index)
    assert (nothing.code, nothing.out) == (1, "")
    assert cli("search", "the", "--facets", "--index", made.index).out.count("█") > 3


def test_json_csv_and_formats_have_the_same_places(made: Archive, cli: Cli) -> None:
    found = cli("search", "the", "--json", "--index", made.index).json
    places = [place for hit in found["hits"] for place in hit["places"]]
    rows = list(csv.DictReader(io.StringIO(cli("search", "the", "--csv", "--index", made.index).out)))
    assert [(row["text"], int(row["start"]), int(row["end"])) for row in rows] == [
        (place["text"], place["start"], place["end"]) for place in places
    ]
    markdown = cli("search", "the", "--format", "markdown", "--index", made.index).out
    html = cli("search", "the", "--format", "html", "--index", made.index).out
    assert markdown.count("\n[^") == html.count("<blockquote>") == len(places)
    assert "**the**" in markdown.lower()
    assert "<mark>" in html


def test_a_query_that_cannot_be_understood_is_marked(made: Archive, cli: Cli) -> None:
    ran = cli("search", 'pier AND "northern', "--index", made.index)
    assert ran.code == 2
    error, line, caret, hint = ran.err.splitlines()
    assert error.startswith("error: ")
    assert line[caret.index("^")] == '"'
    assert hint.startswith("hint: ")
    assert_line(cli("search", "pier", "--format", "pdf", "--index", made.index), "formats are")
    assert_line(cli("search", "pier", "--sort", "best", "--index", made.index), "orders are")


def test_html_and_csv_carry_nothing_that_a_text_smuggles_in(opened: Index) -> None:
    found = opened.search("pier")
    (hit,) = found.hits
    (place, *_) = hit.places
    evil = replace(place, text="=1+1 <script>x</script> [a](b)", marks=(), link='https://x/"onclick="y')
    export = present.of_search(replace(found, hits=(replace(hit, places=(evil,)),)))
    html, markdown, rows = (present.exported(export, name) for name in ("html", "markdown", "csv"))
    assert "<script>" not in html
    assert '"onclick' not in html
    assert "\\<script\\>" in markdown
    assert "\\[a\\]" in markdown
    assert "'=1+1" in rows
