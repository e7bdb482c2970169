"""Links to a passage: what stands in them, read back as a browser reads it, on any page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import askbrief.formats
from askbrief import Index
from askbrief.formats.format import Contents
from askbrief.text.text_fragment import link
from conftest import NEWS, Cli, write

PAGE = "https://example.org/news/1"
LONG = "The harbour of Varna reopened on Monday after three weeks of repairs to its piers, " * 5


def parts(made: str) -> tuple[str, str, str, str]:
    """Prefix, start, end and suffix of a link's text directive, decoded."""
    told = made.partition(":~:text=")[2].split(",")
    prefix = told.pop(0)[:-1] if told[0].endswith("-") else ""
    suffix = told.pop()[1:] if told[-1].startswith("-") else ""
    start, end = (*told, "")[:2]
    return unquote(prefix), unquote(start), unquote(end), unquote(suffix)


def pattern(words: str) -> str:
    """A part as a browser looks for it: whole words, white space of any length."""
    return r"(?<!\w)" * words[0].isalnum() + r"\s+".join(map(re.escape, words.split()))


def shown(made: str, page: str) -> tuple[int, int] | None:
    """Where on ``page`` a browser would go, and how far it would mark."""
    prefix, start, end, suffix = parts(made)
    first = (pattern(prefix) + r"\s*" if prefix else "") + f"(?P<start>{pattern(start)})"
    rest = (rf"(?:.*?)(?P<end>{pattern(end)})" if end else "") + r"(?!\w)" * (end or start)[-1].isalnum()
    after = rf"\s*{pattern(suffix)}" if suffix else ""
    found = re.search(first + rest + after, page, re.DOTALL)
    return (found.start("start"), found.end("end" if end else "start")) if found else None


def goes_to(made: str, page: str, first: int, last: int) -> bool:
    """Whether a browser would mark this passage, but for what a page may not have as text."""
    found = shown(made, page)
    return found is not None and left_out(page[first : found[0]]) and left_out(page[found[1] : last])


def left_out(words: str) -> bool:
    """Whether this is at most a word, which may have a drop cap, and quotation marks."""
    return sum(re.search(r"\w", word) is not None for word in words.split()) <= 1


# -- by example


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("five of them", "five%20of%20them"),
        ("Well-known, or so: R&D", "Well%2Dknown%2C%20or%20so%3A%20R%26D"),
        ("100% of #1 Šimić", "100%25%20of%20%231%20%C5%A0imi%C4%87"),
        ("two   words,\r\nwrapped\tby hand", "two%20words,hand"),
        ("The port of Varna opened again", "The%20port%20of,again"),
        (
            "The port of Varna, on the Black Sea, opened again",
            "The%20port%20of,again",
        ),
        ("“The port is open”", "The%20port%20is%20open"),
        ("“The port is open,” Ann Roe said.", "The%20port%20is,said"),
        ("Ann Roe told ‘the others’ to go", "Ann%20Roe%20told,go"),
        ("The ships’ own crew isn’t here", "The%20ships,here"),
        ("• Ann Roe left", "Ann%20Roe%20left"),
        ("It lost 10⁶ litres in all", "It%20lost,all"),
        ("10^6 litres are lost", "litres%20are%20lost"),
        ("“”", "%E2%80%9C%E2%80%9D"),
        ("A headline\n\nand its text.", "A%20headline,text"),
        ("A headline\r\n\r\nand more\n \nof it.", "A%20headline,it"),
        ("Ursula Pym | Green | 611", "Ursula%20Pym,611"),
    ],
)
def test_the_form_of_a_fragment(text: str, fragment: str) -> None:
    assert link(PAGE, text, "It began. ") == f"{PAGE}#:~:text={fragment}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.org/x?y=1", "https://a.org/x?y=1#:~:text=word"),
        ("https://a.org/#", "https://a.org/#:~:text=word"),
        ("https://a.org/#part", "https://a.org/#part:~:text=word"),
        ("https://a.org/#/route/2", "https://a.org/#/route/2:~:text=word"),
        ("https://a.org/#part:~:text=old,-words", "https://a.org/#part:~:text=word"),
    ],
)
def test_the_fragment_of_the_address_is_kept(url: str, expected: str) -> None:
    assert link(url, "word") == expected


def test_a_text_is_told_by_its_ends() -> None:
    told = parts(link(PAGE, LONG + "as the mayor said last night.", "It began. "))
    assert told == ("", "The harbour", "night", "")  # that the first words come again is no harm


def test_an_end_that_comes_sooner_is_made_longer() -> None:
    first = "It was closed for three weeks of repairs to its piers. " + "Nothing else was said of it. " * 10
    told = parts(link(PAGE, first + "Then came four weeks of repairs to its piers.", "It began. "))
    assert told == ("", "It was closed for three weeks", "weeks of repairs to its piers", "")


def test_no_part_crosses_a_line_of_the_page() -> None:
    verse = "The ships\ncame home at last to the port\nof Varna"
    assert parts(link(PAGE, verse, "It began. ")) == ("", "The ships", "Varna", "")
    assert parts(link(PAGE, verse, "The ships left\nus. ")) == ("us.", "The ships", "Varna", "")


@pytest.mark.parametrize(
    ("before", "start"),
    [
        ("", "harbour of"),
        ("The port is open\n\nBy Ann Roe\n\n", "harbour of"),
        ("A title\n\nBy Ann Roe\n\nOne.\n\nTwo.\n\nWhat comes next\n\n", "harbour of"),
        ("A title\n\nBy Ann Roe\n\nOne.\n\nTwo.\n\n", "The harbour"),
        ("A title\n\nIt rained. ", "The harbour"),
    ],
)
def test_a_drop_cap_is_left_out_where_an_article_or_section_begins(before: str, start: str) -> None:
    assert parts(link(PAGE, LONG + "as the mayor said last night.", before))[1] == start


def test_marks_count_if_the_words_within_are_not_unique() -> None:
    told = parts(link(PAGE, "“Yes,” he said.", "Yes, he said. No. ", " Yes, it is."))
    assert told == ("", "“Yes,” he said.", "", "")


def test_context_makes_a_passage_unique_before_marks_that_the_browser_may_have_added() -> None:
    said = "She said, “Yes, we will.”"
    told = parts(link(PAGE, said, f"He came. {said} It rained. ", " No one laughed."))
    assert told == ("It rained.", "She said", "will.", "")


def test_one_long_word_can_not_be_divided() -> None:
    assert parts(link(PAGE, "a" * 400)) == ("", "a" * 400, "", "")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Nothing like it.\n\n", " Nor here.", ("", "Yes, he said", "", "")),
        ("Yes, he said. Was it you?\n\n", "", ("it you?", "Yes, he said.", "", "")),
        ("", "\n\nAnd who else? Yes, he said.", ("", "Yes, he said.", "", "And who")),
        ("YES, HE SAID. Was it you?\n", "", ("it you?", "Yes, he said.", "", "")),
        ("Eyes, he said. ", "", ("", "Yes, he said", "", "")),  # a part of a word is no match
        ("So? Yes, he said. No. So? ", " So? Yes, he said.", ("No. So?", "Yes, he said.", "", "")),
        ("Alone\nYes, he said. It ends.\nAlone\n", "", ("Alone", "Yes, he said.", "", "")),
        ("Yes, he said. | It ends | 611\n\n", "", ("611", "Yes, he said.", "", "")),
    ],
)
def test_context_where_the_text_alone_is_ambiguous(
    before: str, after: str, expected: tuple[str, str, str, str]
) -> None:
    assert parts(link(PAGE, "Yes, he said.", before, after)) == expected


def test_nothing_to_point_at() -> None:
    assert link(PAGE, " \n") == PAGE


# -- on any page

vocabulary = st.sampled_from(["no", "yes", "he", "said", "a-b", "x,y", "R&D", "„ja“", "100%", "Šimić"])
gaps = st.sampled_from([" ", " ", " ", "  ", "\n", "\n\n", "\r\n\r\n"])


@st.composite
def places(draw: st.DrawFn, most: int = 120) -> tuple[str, int, int]:
    """A page of few different words, and where in it, on the bounds of words, a passage lies."""
    words = draw(st.lists(st.tuples(vocabulary, gaps), min_size=1, max_size=most))
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    lengths = [len(word) + len(gap) for word, gap in words]
    page = "".join(word + gap for word, gap in words)
    return page, sum(lengths[:first]), sum(lengths[:last]) + len(words[last][0])


def test_the_headings_in_a_table_row_are_no_part_of_its_link() -> None:
    """They are above the columns of the page, and not beside the cells."""
    made = link(PAGE, "Harl | Old fee: 12.50 | New fee: 14.00", "Ferries.\n\n", "\n\nOstrey | New fee: 9.20")
    assert made == f"{PAGE}#:~:text=Harl,14.00"


@given(places(), st.sampled_from([PAGE, f"{PAGE}#part"]))
def test_links_decode_to_the_words_of_the_page(place: tuple[str, int, int], url: str) -> None:
    page, first, last = place
    text, before, after = page[first:last], page[:first], page[last:]
    made = link(url, text, before, after)
    assert urlsplit(made)._replace(fragment="") == urlsplit(url)._replace(fragment="")
    assert re.fullmatch(r"[!-~]+", made)  # ASCII, and no space
    prefix, start, end, suffix = parts(made)
    words = " ".join(text.split())
    assert left_out(words.partition(start)[0])
    assert left_out(words.rpartition(end or start)[2])
    assert " ".join(before.split()).endswith(prefix)
    assert " ".join(after.split()).startswith(suffix)
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", page)]
    assert all(any(part in block for block in blocks) for part in (prefix, start, end, suffix))


@given(places(30))
def test_a_browser_goes_to_the_passage_itself(place: tuple[str, int, int]) -> None:
    page, first, last = place
    assume(told_apart(page, first, last))
    assert goes_to(link(PAGE, page[first:last], page[:first], page[last:]), page, first, last)


def told_apart(page: str, first: int, last: int) -> bool:
    """Whether there is one such place: by the passage with the lines around it, or by both its ends."""
    lines = [line for line in page[first:last].split("\n") if line.strip()]
    if len(lines) > 1:
        return once(page, *lines[0].split()[:4]) and once(page, *lines[-1].split()[-4:])
    left, right = page[:first].strip().splitlines() or [""], page[last:].strip().splitlines() or [""]
    return once(page, left[-1], page[first:last], right[0])


def once(page: str, *words: str) -> bool:
    whole = pattern(" ".join(words).strip())
    return len(re.findall(f"(?=({whole}))", page)) == 1


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_makes_a_link(text: str, around: str) -> None:
    made = link(PAGE, text, around, around)
    assert re.fullmatch(r"[!-~]+", made)
    if text.strip() and not re.search(r"\s", text):
        assert parts(made)[1] in text


# -- in answers

STORY = "https://example.org/harbour"


@pytest.fixture
def web(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of the three briefs, the harbour's taken from a web page."""
    read = askbrief.formats.read_all

    def from_the_web(path: Path, source: str) -> Contents:
        contents = read(path, source)
        story = replace(contents.document, source=STORY)
        return contents._replace(document=story) if "harbour" in source else contents

    monkeypatch.setattr(askbrief.formats, "read_all", from_the_web)
    Index.update([write(tmp_path / "news", NEWS)], tmp_path / "index", model=str(tiny_model))
    return tmp_path / "index"


def cited(cli: Cli, index: Path, question: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cli("ask", "--json", "--index", index, "--threshold", "0", question).json[
        "citations"
    ]
    assert found
    return found


def test_citations_of_web_pages_have_links(cli: Cli, web: Path) -> None:
    links = {}
    for question in ("what will it cost?", "who had seen five of them at the reservoir?"):
        for citation in cited(cli, web, question):
            source = citation["document"]["source"]
            links[source] = citation["link"]
            if source == STORY:
                text = NEWS["2024-05-02-harbour.txt"]
                assert citation["link"].startswith(f"{STORY}#:~:text=")
                assert goes_to(citation["link"], text, citation["start"], citation["end"])
    assert links.pop(STORY)
    assert links
    assert set(links.values()) == {None}
