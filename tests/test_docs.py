"""The pages are true: their examples run, their lists are complete, and their links lead somewhere."""

from __future__ import annotations

import html
import re
import runpy
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from askbrief import Answer, Citation, Index
from askbrief.formats.collections.unpack import ARCHIVES, COLLECTIONS
from askbrief.formats.registry import FORMATS
from conftest import ROOT, Archive

PYTHON = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def examples(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_python_page_run(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive.index.parent)
    names: dict[str, Any] = {}
    for code in examples(PYTHON, "python"):
        exec(compile(code, "docs/python.md", "exec"), names)  # noqa: S102


def test_every_public_method_of_an_index_has_an_example() -> None:
    code = "\n".join(examples(PYTHON, "python"))
    missing = [name for name in vars(Index) if name[0] != "_" and not re.search(rf"ndex\.{name}\b", code)]
    assert missing == []


@pytest.mark.parametrize("record", [Answer, Citation])
def test_every_field_of_an_answer_is_described(record: type) -> None:
    table = PYTHON.split(f"| field of `{record.__name__}` |")[1].split("\n\n")[0]
    described = {name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert described == {field.name for field in fields(record)}


def test_every_suffix_is_on_the_page_of_formats() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    suffixes = [*FORMATS.by_suffix, *COLLECTIONS, *ARCHIVES]
    assert [suffix for suffix in suffixes if f"`{suffix}`" not in page] == []


def test_the_example_of_a_format_reads_its_files() -> None:
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(examples(page, "py")[0], "docs/extending.md", "exec"), names)  # noqa: S102
    subtitles = (
        b"1\r\n00:00:01 --> 00:00:02\r\nThe pier\r\nis open.\r\n\r\n2\r\n00:00:03 --> 00:00:04\r\nGood.\r\n"
    )
    document = names["FORMAT"].read(subtitles, "pier.srt")
    assert [document.text[slice(*extent)] for extent in document.paragraphs] == ["The pier is open.", "Good."]


def links() -> Iterator[tuple[str, str]]:
    """Each relative link of each page in the project, with its page."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    for page in listed.stdout.split():
        text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"\w+:|#", link):
                yield page, link.partition("#")[0]


def test_every_relative_link_leads_to_a_file() -> None:
    assert [(page, link) for page, link in links() if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_every_path_on_the_pages_is_a_file_or_folder() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    paths = {
        (page.name, path)
        for page in pages
        for path in re.findall(
            r"`((?:src|tests|benchmarks|docs|eval|seeds)/[\w./-]*)`", page.read_text("utf-8")
        )
    }
    assert [(page, path) for page, path in sorted(paths) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "docs/architecture-walk.md"])
def test_every_module_that_the_architecture_names_exists(page: str) -> None:
    package = ROOT / "src" / "askbrief"
    folders = "|".join(path.name for path in package.iterdir() if path.is_dir())
    named = set(re.findall(rf"`((?:{folders})/[\w./-]*)`", (ROOT / page).read_text("utf-8")))
    assert len(named) > 10
    assert [path for path in sorted(named) if not (package / path).exists()] == []


@pytest.mark.parametrize("page", ["CHANGELOG.md", "ARCHITECTURE.md"])
def test_no_entry_of_a_list_or_table_is_there_twice(page: str) -> None:
    entries = re.findall(r"^(?:- |\| ).*", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert [each for each in entries if entries.count(each) > 1] == []


def shown(svg: str) -> str:
    """The words of a picture, without blanks, line ends and probabilities."""
    words = html.unescape("".join(re.findall(r"<text [^>]*>([^<]*)</text>", svg)))
    return re.sub(r"\d+%likely", "", re.sub(r"\s", "", words))


@pytest.mark.model
def test_the_session_picture_shows_what_the_commands_print(seeds_index: Path) -> None:
    pytest.importorskip("pty", reason="needs a Unix terminal")
    record = runpy.run_path(str(ROOT / "docs" / "record.py"))
    drawn = record["picture"](record["transcript"](seeds_index))
    assert shown(record["PICTURE"].read_text("utf-8")) == shown(drawn), "run docs/record.py"
