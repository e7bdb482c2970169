"""PDF: paragraphs over lines, columns and pages, where pages begin, what is left out, and hostile files."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import pairwise, zip_longest

import pytest
from hypothesis import HealthCheck, given, settings

from askbrief.errors import SourceError
from askbrief.formats.pdf import pdf_pages as pdf
from askbrief.types import Document, page_of
from growth import assert_linear
from mutations import hold, mutated, pieces, taken

Shown = tuple[float, float, float, str]
"""A line of a page: where it begins, its size and its words; in bold after a “*”."""

PROSE = (
    "The ferry to Hollin was cancelled on Friday because of ice in the harbour, the owners of the line said, "
    "and nobody in the town could tell when the next of them would sail. Two hundred people wait on the quay."
)
MORE = (
    "It will sail again as soon as the ice has gone, the minister of transport told the council on Monday. "
    "The council asked for a second ship, which the ministry in the capital has refused three times."
)
THIRD = (
    "Fishermen of the island broke a way through the ice with a trawler on Tuesday, and brought bread and "
    "coal. They were paid nothing for it."
)


def page(shown: Iterable[Shown]) -> bytes:
    """What draws the lines of a page."""
    parts = []
    for x, y, size, words in shown:
        font = "/F2" if words.startswith("*") else "/F1"
        raw = (
            words.lstrip("*")
            .encode("cp1252")
            .replace(b"\\", b"\\\\")
            .replace(b"(", b"\\(")
            .replace(b")", b"\\)")
        )
        parts.append(f"BT {font} {size} Tf 1 0 0 1 {x} {y} Tm (".encode() + raw + b") Tj ET")
    return b"\n".join(parts)


def of(pages: Sequence[bytes], info: str = "", objects: Sequence[bytes] = (), root: str = "") -> bytes:
    """A PDF of pages; ``objects`` are further ones, from number 100 on."""
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    made = {
        1: f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode(),
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        5: f"<< {info} >>".encode(),
    }
    for number, content in enumerate(pages):
        made[10 + 2 * number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {11 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        ).encode()
        made[11 + 2 * number] = stream(content)
    made |= dict(enumerate(objects, 100_000))
    out, places = BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in made.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in places.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    out.write(
        b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(made) + 1, start)
    )
    return out.getvalue()


def stream(data: bytes, told: str = "") -> bytes:
    return f"<< {told} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def wrapped(text: str, width: int = 48) -> list[str]:
    """The words of a text in lines; unlike textwrap, which would break at hyphens."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def column(
    paragraphs: Iterable[Sequence[str]], x: float = 60, y: float = 740, size: float = 10, gap: float = 8
) -> list[Shown]:
    """Paragraphs of lines below each other, a gap between each two."""
    shown: list[Shown] = []
    for lines in paragraphs:
        for line in lines:
            shown.append((x, y, size, line))
            y -= 1.2 * size
        y -= gap
    return shown


def indented(paragraphs: Iterable[Sequence[str]], x: float = 60, y: float = 740) -> list[Shown]:
    shown: list[Shown] = []
    for lines in paragraphs:
        for number, line in enumerate(lines):
            shown.append((x + (12 if number == 0 else 0), y, 10, line))
            y -= 12
    return shown


def told(*pages: Iterable[Shown], info: str = "") -> Document:
    document = pdf.read(of([page(shown) for shown in pages], info), "a.pdf")
    hold(document)
    return document


def test_paragraphs_with_gaps_between() -> None:
    document = told(column(map(wrapped, [PROSE, MORE, THIRD])))
    assert pieces(document) == [PROSE, MORE, THIRD]
    assert document.text == "\n\n".join([PROSE, MORE, THIRD])


def test_paragraphs_with_first_lines_set_in() -> None:
    assert pieces(told(indented(map(wrapped, [PROSE, MORE, THIRD])))) == [PROSE, MORE, THIRD]


def test_paragraphs_told_by_short_last_lines_alone() -> None:
    assert pieces(told(column(map(wrapped, [PROSE, MORE, THIRD]), gap=0))) == [PROSE, MORE, THIRD]


def test_items_with_lines_that_hang() -> None:
    first, second = wrapped("• " + PROSE), wrapped("• " + MORE)
    shown = [(60, 740, 10, first[0])] + [(70, 728 - 12 * n, 10, line) for n, line in enumerate(first[1:])]
    y = shown[-1][1] - 12
    shown += [(60, y, 10, second[0])] + [(70, y - 12 - 12 * n, 10, line) for n, line in enumerate(second[1:])]
    assert pieces(told(shown)) == ["• " + PROSE, "• " + MORE]


def test_columns_are_read_one_after_the_other() -> None:
    left, right = wrapped(PROSE, 30), wrapped(MORE, 30)
    document = told(column([left]) + column([right], x=320))
    assert pieces(document) == [PROSE, MORE]


def test_columns_that_were_drawn_row_by_row() -> None:
    columns = [column([wrapped(text, 30)], x) for x, text in [(60, PROSE), (220, MORE), (380, THIRD)]]
    drawn = [shown for row in zip_longest(*columns) for shown in row if shown]
    heads, foot = [(60, 780, 18, "Ice closes harbours")], [(60, 500, 10, "*What comes next")]
    document = told(heads + drawn + foot + column([wrapped(PROSE, 80)], y=480))
    assert pieces(document) == [PROSE, MORE, THIRD, PROSE]


def test_rows_of_a_table_are_read_row_by_row() -> None:
    rows = [("Hollin harbour office", "3 days of ice"), ("Brae harbour office", "5 days of ice")] * 3
    shown = [
        (x, 700 - 12 * n, 10, cell)
        for n, row in enumerate(rows)
        for x, cell in zip((60, 300), row, strict=True)
    ]
    assert told(shown).text.startswith("Hollin harbour office 3 days of ice")


def test_a_paragraph_goes_on_in_the_next_column_and_overleaf() -> None:
    lines = wrapped(PROSE, 30)
    assert pieces(told(column([lines[:3]], y=100) + column([lines[3:]], x=320))) == [PROSE]
    document = told(column([wrapped(MORE, 30), lines[:3]], y=300), column([lines[3:], wrapped(THIRD, 30)]))
    assert pieces(document) == [MORE, PROSE, THIRD]
    assert document.text[document.pages[1] :].startswith(lines[3])
    assert page_of(document.pages, document.pages[1] - 1) == 1
    assert page_of(document.pages, document.pages[1]) == 2


def test_a_footnote_does_not_part_a_paragraph_that_goes_on_overleaf() -> None:
    lines = wrapped(PROSE)
    note = column([["1 The line has sailed since 1911."]], y=60, size=7)
    document = told(column([wrapped(MORE), lines[:2]], y=300) + note, column([lines[2:]]))
    assert pieces(document) == [MORE, "1 The line has sailed since 1911.", PROSE]
    assert page_of(document.pages, document.text.index("1911")) == 1
    assert page_of(document.pages, document.text.index(lines[2])) == 2


def test_headings_are_told_by_size_or_weight_and_are_no_paragraphs() -> None:
    shown = [
        (60, 780, 18, "Ice closes harbours"),
        *column([wrapped(PROSE)]),
        (60, 600, 10, "*What comes next"),
    ]
    document = told(shown + column([wrapped(MORE)], y=585))
    assert pieces(document) == [PROSE, MORE]
    assert document.text == f"Ice closes harbours\n\n{PROSE}\n\nWhat comes next\n\n{MORE}"
    assert document.title == "Ice closes harbours"


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["The govern-", "ment has refused it."], "The government has refused it."),
        (["It is a well-", "known ship."], "It is a well-known ship."),
        (["The so-", "called wolves fled."], "The so-called wolves fled."),
        (
            ["His re-", "election in May. No re-election is sure."],
            "His re-election in May. No re-election is sure.",
        ),
        (["The well-", "being of all. Wellbeing counts."], "The wellbeing of all. Wellbeing counts."),
        (["An Anglo-", "American treaty."], "An Anglo-American treaty."),
        (["In 2023-", "2024 it froze."], "In 2023-2024 it froze."),
        (["The har\xad", "bour is shut."], "The harbour is shut."),
        (["It froze -", "hard."], "It froze - hard."),
        (["It froze\x97", "hard."], "It froze—hard."),
    ],
)
def test_words_broken_at_line_ends(lines: list[str], whole: str) -> None:
    shown = [(60, 700 - 12 * number, 10, line.replace("\x97", "—")) for number, line in enumerate(lines)]
    assert pieces(told(shown)) == [whole]


def test_a_word_broken_over_two_pages() -> None:
    document = told(column([["All of the govern-"]], y=80), column([["ment has refused it, said he."]]))
    assert pieces(document) == ["All of the government has refused it, said he."]
    assert document.text[document.pages[1] :].startswith("ment has")


def test_a_large_initial_belongs_to_its_word() -> None:
    lines = wrapped(PROSE)
    shown = [(60, 728, 30, "T"), (80, 740, 10, lines[0][1:]), *column([lines[1:]], y=728)]
    assert pieces(told(shown)) == [PROSE]


class TestFurniture:
    def book(self, texts: Sequence[str], head: str, foot: str) -> Document:
        return told(
            *(
                [(60, 800, 8, head.format(n)), *column([wrapped(text)]), (280, 40, 8, foot.format(n))]
                for n, text in enumerate(texts, 4)
            )
        )

    @pytest.mark.parametrize("foot", ["{}", "- {} -", "Page {} of 9", "The Harbour Gazette | {}"])
    def test_running_heads_and_page_numbers_are_left_out(self, foot: str) -> None:
        texts = [PROSE, MORE, THIRD]
        document = self.book(texts, "The Harbour Gazette, 3 May 2024", foot)
        assert document.text == "\n\n".join(texts)
        assert [document.text[start:].split()[0] for start in document.pages] == ["The", "It", "Fishermen"]

    def test_on_two_pages(self) -> None:
        assert self.book([PROSE, MORE], "The Harbour Gazette", "Page {}").text == f"{PROSE}\n\n{MORE}"

    def test_heads_of_chapters_with_page_numbers(self) -> None:
        heads = ["Ice", "Ice", "Snow", "Snow", "Snow", "Rain"]
        pages = [
            [(60, 800, 10, f"Chapter: {head} {n}"), *column([wrapped(f"{head} fell {n} days. {PROSE}")])]
            for n, head in enumerate(heads, 2)
        ]
        assert "Chapter" not in told(*pages).text

    def test_headings_with_numbers_of_their_own_stay(self) -> None:
        pages = [
            [(60, 800, 16, f"{n} {name}"), *column([wrapped(text)]), (280, 40, 8, str(n + 1))]
            for n, (name, text) in enumerate(
                zip(["Ice", "Snow", "Rain"], [PROSE, MORE, THIRD], strict=True), 1
            )
        ]
        document = told(*pages)
        assert [f"{n} {name}\n" in document.text for n, name in enumerate(["Ice", "Snow", "Rain"], 1)] == [
            True
        ] * 3

    def test_what_repeats_in_the_middle_of_pages_stays(self) -> None:
        texts = [wrapped(text) for text in (PROSE, MORE, THIRD)]
        pages = [column([text, ["Nobody was hurt."], text]) for text in texts]
        assert told(*pages).text.count("Nobody was hurt.") == 3


class TestAbout:
    def test_metadata(self) -> None:
        info = "/Title (Ice in the north) /Author (Ann Onym) /CreationDate (D:20240503093000+01'00')"
        document = told(column([wrapped(PROSE)]), info=info)
        assert (document.title, document.author, document.date) == (
            "Ice in the north",
            "Ann Onym",
            "2024-05-03",
        )

    @pytest.mark.parametrize("name", ["Microsoft Word - ice_final2.doc", "untitled", "ice.indd", ""])
    def test_names_of_files_are_no_titles(self, name: str) -> None:
        shown = [(60, 780, 18, "Ice closes harbours"), *column([wrapped(PROSE)])]
        assert told(shown, info=f"/Title ({name})").title == "Ice closes harbours"

    def test_a_day_in_the_name_or_in_a_line_is_surer_than_when_it_was_printed(self) -> None:
        data = of([page(column([wrapped(PROSE)]))], "/CreationDate (D:20240503)")
        assert pdf.read(data, "2019-01-02-ice.pdf").date == "2019-01-02"
        shown = column([["Published: 3 January 2019"], wrapped(PROSE)])
        assert told(shown, info="/CreationDate (D:20240503)").date == "2019-01-03"


def test_pages_without_text_begin_where_the_next_does() -> None:
    document = told([], column([wrapped(PROSE)]), [], column([wrapped(MORE)]), [])
    assert document.pages == (0, 0, len(PROSE) + 2, len(PROSE) + 2, len(document.text))
    assert [page_of(document.pages, start) for start, _ in document.paragraphs] == [2, 4]


def test_page_of() -> None:
    assert page_of((), 3) is None
    assert [page_of((0, 10, 10, 20), start) for start in (0, 9, 10, 19, 20, 99)] == [1, 1, 3, 3, 4, 4]


def test_ligatures_are_letters() -> None:
    encoding = "/Differences [1 /fi /ffl /ffi]"
    font = f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << {encoding} >> >>".encode()
    data = of([page([(60, 700, 10, "The \x01rst ba\x02ing o\x03ce was shut.")])])
    number = data.index(b"3 0 obj")
    end = data.index(b"endobj", number)
    assert pieces(pdf.read(data[:number] + b"3 0 obj\n" + font + b"\n" + data[end:], "a.pdf")) == [
        "The first baffling office was shut."
    ]


def test_text_at_right_angles_is_left_out() -> None:
    stamp = b"BT /F1 10 Tf 0 1 -1 0 30 300 Tm (Stamped in the margin) Tj ET\n"
    document = pdf.read(of([stamp + page(column([wrapped(PROSE)]))]), "a.pdf")
    assert document.text == PROSE


def test_a_page_that_is_turned() -> None:
    turned = "\n".join(
        f"BT /F1 10 Tf 0 1 -1 0 {100 + 12 * n} 60 Tm ({line}) Tj ET" for n, line in enumerate(wrapped(PROSE))
    )
    assert pieces(pdf.read(of([turned.encode()]), "a.pdf")) == [PROSE]


# -- what can't be read


def refused(data: bytes, why: str) -> None:
    started = time.process_time()
    with pytest.raises(SourceError, match=rf"^a\.pdf {why}[^\n]*$"):
        pdf.read(data, "a.pdf")
    assert time.process_time() - started < 10


def test_a_scan() -> None:
    refused(of([b"0 0 1 rg 10 10 500 500 re f"] * 3), "has no text, only pictures of its 3 pages; run OCR")


def test_a_scan_with_page_numbers() -> None:
    with pytest.raises(SourceError, match=r"^a\.pdf .*(no prose|no text|is empty)"):
        pdf.read(of([page([(280, 40, 8, f"Page {n}")]) for n in range(1, 5)]), "a.pdf")


def encrypted(user: str, algorithm: str = "RC4-128") -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(of([page(column([wrapped(PROSE)]))]))))
    writer.encrypt(user, "owner", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_encrypted(algorithm: str) -> None:
    refused(encrypted("secret", algorithm), "is encrypted; save it without a password")
    assert pieces(pdf.read(encrypted("", algorithm), "a.pdf")) == [PROSE]  # a lock on printing alone


def test_fonts_that_do_not_tell_their_letters() -> None:
    odd = page([(60, 700, 10, "".join(map(chr, range(161, 190))))])
    differences = " ".join(f"/g{number}" for number in range(161, 190))
    font = f"/Encoding << /Differences [161 {differences}] >>".encode()
    data = of([odd]).replace(b"/Encoding /WinAnsiEncoding", font, 1)
    assert taken(pdf.read, data) is None


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"A text.", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF", b"PK\x03\x04"]
)
def test_what_is_no_pdf(data: bytes) -> None:
    refused(data, r"(is not a PDF|is a damaged PDF|has no text)")


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_cut_short(share: float) -> None:
    data = of([page(column([wrapped(text)])) for text in (PROSE, MORE, THIRD)])
    document = taken(pdf.read, data[: int(share * len(data))])
    assert document is None or set(pieces(document)) <= {PROSE, MORE, THIRD}


def test_a_stream_that_unpacks_to_gigabytes() -> None:
    bomb = zlib.compress(b"BT " * 100_000_000, 9)
    for filters, data in [("/FlateDecode", bomb), ("[/FlateDecode /FlateDecode]", zlib.compress(bomb))]:
        made = of([b""], objects=[stream(data, f"/Filter {filters}")])
        refused(made.replace(b"/Contents 11 0 R", b"/Contents 100000 0 R"), "is a damaged PDF .LimitReached")


def test_forms_within_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten forms that each draw the next ten times would draw for days."""
    monkeypatch.setattr(pdf, "LEAST_TIME", 0.5)
    forms = [
        stream(
            b"/X Do " * 10,
            f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {n} 0 R >> >>",
        )
        for n in range(100_001, 100_010)
    ]
    last = stream(page([(60, 700, 10, PROSE)]), "/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    data = of([b"/X Do " * 10] * 50, objects=[*forms, last])
    refused(
        data.replace(b"/Resources << /F", b"/Resources << /XObject << /X 100000 0 R >> /F"),
        "takes too long to read",
    )


def test_one_page_a_hundred_thousand_times() -> None:
    kids = b"10 0 R " * 100_000
    data = of([page(column([wrapped(PROSE)]))]).replace(b"/Count 1 /Kids [10 0 R]", b"/Kids [" + kids + b"]")
    refused(data, r"(has 100,000 pages|is a damaged PDF)")


def test_pages_within_pages_without_end() -> None:
    data = of([page(column([wrapped(PROSE)]))]).replace(b"/Kids [10 0 R]", b"/Kids [2 0 R 10 0 R]")
    taken(pdf.read, data)


def test_more_time_than_its_size_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LEAST_TIME", -1.0)
    refused(of([page(column([wrapped(PROSE)]))]), "takes too long to read for its")


def test_time_grows_with_the_pages_and_not_faster() -> None:
    def work(count: int) -> Callable[[], object]:
        data = of([page(column([wrapped(PROSE), wrapped(MORE)])) for _ in range(count)])
        return lambda: taken(pdf.read, data)

    assert_linear(work, 20, 80)


def test_a_paragraph_without_end_takes_time_in_proportion() -> None:
    """One that goes on over all pages, as text of a program without any marks does."""

    def work(count: int) -> Callable[[], object]:
        lines = ["the ferry of the island was cancelled on"] * 50
        data = of([page(column([lines]))] * count)

        def read() -> None:
            assert len(pdf.read(data, "a.pdf").paragraphs) == 1

        return read

    assert_linear(work, 10, 40)


@pytest.mark.parametrize("unit", ["aaa", "---", "1 ", ". ", "iv-"])
def test_a_line_of_great_length(unit: str) -> None:
    def work(count: int) -> Callable[[], object]:
        data = of([page([(60, 700, 10, unit * count), (60, 688, 10, unit * count)])])
        return lambda: taken(pdf.read, data)

    assert_linear(work, 25_000, 100_000)


def test_a_page_of_very_many_lines_and_very_many_pages() -> None:
    started = time.process_time()
    taken(pdf.read, of([page((60, 700 - n / 100, 0.01, f"line {n} of it") for n in range(8_000))]))
    taken(pdf.read, of([page([(60, 700, 10, "A head"), (60, 600, 10, PROSE)])] * 800))
    assert time.process_time() - started < 20


def test_page_numbers_are_those_of_the_pages() -> None:
    texts = [
        f"Report {n} of the council of Hollin says that {n * 7} ships came. {PROSE}" for n in range(1, 13)
    ]
    document = told(*(column([wrapped(text)]) for text in texts))
    assert [page_of(document.pages, document.text.index(text)) for text in texts] == list(range(1, 13))
    assert all(a < b for a, b in pairwise(document.pages))


FILES = [
    of([page(column([wrapped(PROSE), wrapped(MORE)])), page(indented([wrapped(THIRD)]))], "/Title (Ice)"),
    of([zlib.compress(page(column([wrapped(PROSE)])))]).replace(
        b"<<  /Length", b"<< /Filter /FlateDecode /Length"
    ),
    encrypted(""),
    encrypted("", "AES-256"),
]
WORDS = [
    b"/Kids [2 0 R]", b"10 0 R", b"<<", b">>", b"[", b"]", b"endobj", b"stream\n", b"BT", b"ET", b"Tj", b"q",
    b"cm", b"/Filter /LZWDecode", b"/Length -1", b"/Encrypt 5 0 R", b"trailer", b"startxref 0", b"/Prev 0",
    b"(((", b"Do", b"99999999999 0 R", b"/ToUnicode 3 0 R", b"/Contents [11 0 R 11 0 R]", b"0 0 0 0 0 0 Tm",
    b"-1e99",
]  # fmt: skip


@given(mutated(FILES, WORDS))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_bytes_give_a_document_or_one_line(data: bytes) -> None:
    taken(pdf.read, data)
