"""Answers, quotations and checks in the forms that others work with, and the log of answers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from askbrief import Index
from askbrief.answer_log import AnswerLog
from askbrief.cli.ask import questions_of
from askbrief.errors import IndexClosed, QuestionError
from askbrief.query import parsed
from askbrief.question import search_query
from conftest import Archive, Cli, assert_line

ASKED = "what will it cost to rebuild the pier?"
UNKNOWN = "who was elected pope?"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_answer_has_a_footnote_for_each_citation(made: Archive, cli: Cli) -> None:
    told = cli("ask", ASKED, "--json", "--index", made.index).json
    markdown = cli("ask", ASKED, "--format", "markdown", "--index", made.index).out
    assert markdown.startswith(f"# {ASKED}\n")
    assert markdown.count("\n[^") == len(told["citations"])
    assert "**4.5 million euros**" in markdown
    html = cli("ask", ASKED, "--format", "html", "--index", made.index).out
    assert "<mark>4.5 million euros</mark>" in html
    (row, *_) = rows(cli("ask", ASKED, "--format", "csv", "--index", made.index).out)
    assert (row["answered"], row["text"]) == ("yes", told["citations"][0]["text"])
    assert (int(row["start"]), row["speaker"]) == (told["citations"][0]["start"], "Petra Ilieva")


def test_a_refusal_offers_to_search(made: Archive, cli: Cli) -> None:
    ran = cli("ask", UNKNOWN, "--index", made.index)
    assert ran.code == 1
    assert "hint: `askbrief search 'elected OR pope' --index" in ran.err
    assert cli("ask", UNKNOWN, "--json", "--index", made.index).json["search"] == "elected OR pope"
    assert cli("ask", ASKED, "--json", "--index", made.index).json["search"] is None


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("What did John Kirby say about Kharkiv?", '"John Kirby" OR say OR Kharkiv'),
        ("who?", None),
        ("Is it OR is it NOT?", None),
    ],
)
def test_the_words_of_a_question_make_a_query(question: str, query: str | None) -> None:
    made = search_query(question)
    if query is not None:
        assert made == query
    if made is not None:
        assert parsed(made)


def test_the_questions_of_a_file_are_answered(made: Archive, cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "questions.csv"
    table.write_text(f"no,Question\n1,{ASKED}\n2,\n3,{UNKNOWN}\n", encoding="utf-8-sig")
    told = rows(cli("ask", "--csv", table, "--index", made.index).out)
    assert {row["question"]: row["answered"] for row in told} == {ASKED: "yes", UNKNOWN: "no"}
    lines = cli("ask", "--csv", table, "--json", "--index", made.index).out.splitlines()
    assert [json.loads(line)["answered"] for line in lines] == [True, False]
    assert questions_of(f"{ASKED}\n{UNKNOWN}\n".encode(), "q.csv") == [ASKED, UNKNOWN]
    with pytest.raises(QuestionError, match=r"q\.csv has no question"):
        questions_of(b"question\n", "q.csv")
    assert_line(cli("ask", "why", "--csv", table, "--index", made.index), "two sources")


def test_kept_answers_are_listed_and_checked_again(archive: Archive, cli: Cli) -> None:
    assert cli("log", "--index", archive.index).code == 1
    assert_line(cli("verify", "--log", "--index", archive.index), "holds no answer")
    for question in (ASKED, UNKNOWN):
        cli("ask", question, "--save", "--reader", "none", "--threshold", "0", "--index", archive.index)
    kept = list(AnswerLog(archive.index))
    assert [each.answer.question for each in kept] == [ASKED, UNKNOWN]
    assert ASKED in cli("log", "--index", archive.index).out
    assert len(rows(cli("log", "--format", "csv", "--index", archive.index).out)) >= 2
    assert cli("verify", "--log", "--index", archive.index).code == 0
    for path in archive.files.iterdir():
        path.write_text("Nothing of that is here any more.\n", encoding="utf-8")
    assert cli("verify", "--log", "--index", archive.index).code == 1
    assert_line(cli("verify", "--index", archive.index), "--log")


def test_quotations_and_checks_are_exported(made: Archive, cli: Cli, tmp_path: Path) -> None:
    told = rows(cli("quotes", "--format", "csv", "--index", made.index).out)
    assert {row["speaker"] for row in told} >= {"Petra Ilieva"}
    one = cli("quotes", "--limit", "1", "--json", "--index", made.index)
    assert len(one.json) == 1
    assert f"1 of {len(told)} quotations" in one.err
    draft = tmp_path / "draft.md"
    draft.write_text("“It will cost 4.5 million euros,” Petra Ilieva said. “Zebras fly,” she said.\n")
    checked = rows(cli("check", draft, "--format", "csv", "--index", made.index).out)
    assert [row["label"] for row in checked] == ["exact", "absent"]
    assert "absent" in cli("check", draft, "--format", "html", "--index", made.index).out
    assert cli("check", draft, "--format", "markdown", "--index", made.index).out.startswith(
        "# Quotations of"
    )


def test_a_document_is_shown_around_a_place_and_by_how_its_name_begins(made: Archive, cli: Cli) -> None:
    whole = cli("show", "2024-05-02", "--index", made.index)
    assert whole.code == 0
    near = cli("show", "harbour.txt:2", "-C", "0", "--index", made.index)
    assert "reopened on Monday" in near.out
    assert "northern pier" in whole.out
    assert "northern pier" not in near.out
    assert_line(cli("show", "harbour.txt", "-C", "1", "--index", made.index), "needs a place")


def test_records_write_themselves_down(made: Archive) -> None:
    index = Index.open(made.index)
    answer, found = index.ask(ASKED), index.search("pier")
    assert json.loads(answer.to_json())["answer"] == answer.answer
    assert json.loads(found.to_json())["total"] == found.total == 1
    for record in (answer, found, answer.citations[0], index.quotations()[0]):
        assert "\n" in record._repr_markdown_()
        assert json.loads(record.to_json())
    index.close()
    for use in (lambda: index.ask(ASKED), lambda: index.search("pier"), index.documents, index.quotations):
        with pytest.raises(IndexClosed, match="closed; open it again"):
            use()
