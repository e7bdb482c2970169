"""What isn't read is said: files of other formats, and documents that a filter leaves out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.answering.filter_notes import left_out, why_nothing
from askbrief.errors import SourceError
from askbrief.formats import FORMATS, Skipped, find, is_collection, read
from askbrief.formats.other_formats import REMEDIES, passed_over
from askbrief.options import AskOptions
from askbrief.types import FilterFit
from conftest import Archive, Cli, write
from test_containers import page, zipped

NOTE = "The lighthouse at Corvo will be painted in August, the keeper said.\n"


# -- files of other formats


def test_files_of_other_formats_in_a_folder_are_counted_once(tmp_path: Path, cli: Cli) -> None:
    names = ("a.doc", "b/c.DOC", "b/d.pptx", "e.qqq", "minutes", "LICENSE", ".hidden.doc", "out/f.doc")
    write(tmp_path / "news", {"note.txt": NOTE, ".askbriefignore": "out\n", **dict.fromkeys(names, "x")})
    said = (
        "5 files are of formats that are not read (2 .doc, 1 without a suffix, 1 .pptx, 1 .qqq); "
        ".doc, .pptx: save them as .docx or .pdf; without a suffix: rename them to .txt, or give their paths"
    )
    ran = cli("index", tmp_path / "news", "--dry-run", "--index", tmp_path / "i", "--report", tmp_path / "r")
    assert ran.code == 0
    assert ran.out.count(said) == 1
    (told,) = json.loads((tmp_path / "r").read_text())["left_out"]
    assert told["why"] == said


def test_the_same_is_said_when_it_is_indexed(tmp_path: Path, cli: Cli, tiny_model: Path) -> None:
    write(tmp_path / "news", {"note.txt": NOTE, "b.mp3": "x"})
    where = ("--index", tmp_path / "i", "--model", tiny_model)
    for _ in range(2):
        ran = cli("index", tmp_path / "news", *where)
        assert ran.code == 0
        assert "note: 1 file is of a format that is not read (1 .mp3); .mp3: transcribe" in ran.err


def test_nothing_is_said_of_files_that_describe_the_others(tmp_path: Path, cli: Cli) -> None:
    files = {"note.txt": NOTE, "README": "x", "sub/SOURCE": "x"}
    write(tmp_path / "news", files)
    (tmp_path / "news.zip").write_bytes(zipped(files))
    for path in (tmp_path / "news", tmp_path / "news.zip"):
        ran = cli("index", path, "--dry-run", "--index", tmp_path / "i")
        assert (ran.code, "note" in ran.out.replace("note.txt", "")) == (0, False)


def test_a_folder_of_nothing_else_says_what_there_is(tmp_path: Path, cli: Cli) -> None:
    write(tmp_path / "news", {"a.pst": "x"})
    ran = cli("index", tmp_path / "news", "--index", tmp_path / "i")
    assert ran.code == 2
    assert "1 file is of a format that is not read (1 .pst)" in ran.err
    assert "mbox" in ran.err


def test_files_of_other_formats_in_an_archive(tmp_path: Path, cli: Cli) -> None:
    files: dict[str, bytes | str] = {
        "a.txt": NOTE,
        **{f"{n}.{kind}": b"x" for n, kind in enumerate(["doc", "xls", "rar", "zz", "zz"])},
    }
    (tmp_path / "a.zip").write_bytes(zipped(files))
    ran = cli("index", tmp_path / "a.zip", "--dry-run", "--index", tmp_path / "i")
    assert "5 files are of formats that are not read (2 .zz, 1 .doc, 1 .rar, 1 .xls)" in ran.out
    assert ".rar: unpack them" in ran.out


def test_of_many_kinds_the_most_frequent_are_named() -> None:
    said = passed_over({f".k{number:02}": 20 - number for number in range(15)})
    assert "20 .k00, 19 .k01" in said
    assert said.endswith("9 .k11, 3 more suffixes)")


def test_no_remedy_is_for_a_format_that_is_read() -> None:
    assert [each for each in REMEDIES if each in FORMATS.by_suffix or is_collection(f"a{each}")] == []


def test_a_folder_without_other_formats_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": NOTE})
    assert not any(isinstance(each, Skipped) for each in find([tmp_path]))


# -- files that are named


@pytest.mark.parametrize("name", ["page", "page.aspx", "page.txt", "page.php3"])
def test_a_named_file_is_read_as_what_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<!DOCTYPE html>" + page(NOTE.strip()))
    assert read(tmp_path / name, name).text.startswith(NOTE.strip())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.alto", '<?xml version="1.0"?>\n<alto><p>Hello there.</p></alto>', r"alto"),
        ("a.txt", '<?xml version="1.0"?>\n<!-- x -->\n<alto><p>Hello.</p></alto>', r"alto"),
        ("a.opml", "\n<opml version='2.0'><body/></opml>", r"holds markup \(opml\)"),
        ("a.geo", '[{"type": "Feature", "text": "Hello there."}]', "holds JSON"),
        ("a.mp3", "ID3\0\0\0", "is of a format that isn't read"),
        ("a.bin", "x\0\0\0", "is binary"),
    ],
)  # fmt: skip
def test_markup_and_records_are_never_indexed_as_text(
    tmp_path: Path, name: str, content: str, why: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(SourceError, match=why):
        read(tmp_path / name, name)


@pytest.mark.parametrize(
    "text", ["<3 is what she wrote.\n", "{Corrects figure} The lighthouse is white.\n", NOTE]
)
def test_text_of_an_unknown_suffix_is_read_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.wire").write_text(text)
    assert read(tmp_path / "a.wire", "a.wire").text == text


# -- documents that a filter leaves out


def test_documents_without_a_date_are_counted(made: Archive, cli: Cli) -> None:
    said = "1 document has no date and was left out by `--since`"
    assert said in cli("quotes", "--since", "2024-01-01", "--index", made.index).err
    assert "no date" not in cli("quotes", "--source", "*.txt", "--index", made.index).err
    with Index.open(made.index, reader="none") as index:
        found = index.ask("Who owns the harbour?", since="2024-01-01")
        assert found.note
        assert said in found.note
        assert found.searched == 2
        assert index.ask("Who owns the harbour?").searched is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--source", "bridge.md"), r"no document from bridge.md; there are 3 documents, as .*07-bridge.md"),
        (("--since", "2025-01-01"), "no document since 2025-01-01; the dates go from 2024-05-02 to 2024"),
        (("--source", "*wol*", "--until", "2020-01-01"), r"no document from \*wol\* until 2020-01-01; 1 doc"),
        (("--speaker", "Ada Lovelace"), "the archive quotes nobody called Ada Lovelace"),
    ],
)  # fmt: skip
def test_a_filter_that_fits_nothing_says_so(
    made: Archive, cli: Cli, given: tuple[str, ...], why: str
) -> None:
    asked = cli("ask", "Who owns the harbour?", *given, "--index", made.index, "--reader", "none")
    assert asked.code == 1
    assert "does not say" not in asked.out
    assert "Nothing passes the filter." in asked.out
    assert re.search(why, asked.err)
    assert re.search(why, cli("quotes", *given, "--index", made.index).err)
    as_json = cli("ask", "Who owns it?", *given, "--index", made.index, "--reader", "none", "--json").json
    assert as_json["searched"] == 0
    assert re.search(why, as_json["note"])


def test_notes_of_filters() -> None:
    fit = FilterFit(9, 4, 8, 2, "2020", "2021-03", "a.txt")
    assert why_nothing(AskOptions(since="2020-01-01"), fit, None) is None
    both = AskOptions(since="2020-01-01", until="2022-01-01")
    assert left_out(both, fit) == "2 documents have no date and were left out by `--since` and `--until`"
    assert left_out(AskOptions(source="*"), fit) is None
