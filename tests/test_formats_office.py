"""DOCX, ODT, EPUB, RTF and mail: paragraphs, what they tell of themselves, damaged and hostile files."""

from __future__ import annotations

import struct
import time
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from io import BytesIO
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askbrief.errors import SourceError
from askbrief.formats import FORMATS, docx, epub, mail, odt, rtf
from askbrief.formats import ooxml as zipped
from askbrief.types import Document
from growth import assert_linear
from mutations import hold, mutated, pieces, taken

PROSE = "The ferry to Hollin was cancelled on Friday because of ice in the harbour, the owners said."
MORE = "“It will sail again as soon as the ice has gone,” said Zoë Lee, who owns it."
Read = Callable[[bytes, str], Document]

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)
"""A billion laughs, and a file that is none of the document's."""


def zipped_up(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


# -- DOCX

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    '<cp:coreProperties xmlns:cp="a" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="b">'
    "<dc:title>Ice in the harbour</dc:title><dc:creator>Ann Onym</dc:creator>"
    "<dcterms:created>2024-04-26T09:00:00Z</dcterms:created>"
    "<dcterms:modified>2024-05-03T09:30:00Z</dcterms:modified></cp:coreProperties>"
)
STYLES = (
    f'<w:styles {W}><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="House head"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Level"><w:name w:val="Ours"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:styleId="Plain"><w:name w:val="Normal"/></w:style></w:styles>'
)


def paragraph(words: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def a_docx(body: str, extra: Mapping[str, str | bytes] | None = None, head: str = "") -> bytes:
    text = f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped_up({"word/document.xml": text, **(extra or {})})


def from_docx(body: str, **extra: str) -> Document:
    document = docx.read(a_docx(body, {"word/styles.xml": STYLES, **extra}), "a.docx")
    hold(document)
    return document


class TestDocx:
    def test_paragraphs_and_headings(self) -> None:
        heads = [
            paragraph(name, style)
            for name, style in [("When", "berschrift1"), ("Where", "Own"), ("Who", "Level")]
        ]
        body = (
            paragraph(PROSE)
            + "".join(heads)
            + paragraph("Ice ..... 3", "Verzeichnis1")
            + paragraph(MORE, "Plain")
        )
        document = from_docx(body)
        assert pieces(document) == [PROSE, MORE]
        assert document.text == f"{PROSE}\n\nWhen\n\nWhere\n\nWho\n\nIce ..... 3\n\n{MORE}"

    def test_runs_are_joined_as_they_stand(self) -> None:
        runs = "".join(
            f"<w:r><w:rPr><w:b/></w:rPr><w:t>{part}</w:t></w:r>" for part in ["Hol", "lin", " is "]
        )
        more = "<w:r>\n <w:t>far</w:t><w:tab/><w:t>off</w:t><w:noBreakHyphen/><w:t>shore.</w:t></w:r>"
        spaced = runs.replace("<w:t> is ", '<w:t xml:space="preserve"> is ')
        assert pieces(from_docx(f"<w:p>{spaced}{more}</w:p>")) == ["Hollin is far off-shore."]

    def test_rows_of_tables_and_items(self) -> None:
        rows = "".join(
            f"<w:tr><w:tc>{paragraph(a)}</w:tc><w:tc>{paragraph(b)}</w:tc></w:tr>"
            for a, b in [("Hollin", "3"), ("Brae", "5")]
        )
        item = (
            '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>An item.</w:t></w:r></w:p>'
        )
        assert pieces(from_docx(f"<w:tbl>{rows}</w:tbl>{item}{item}")) == [
            "Hollin | 3", "Brae | 5", "An item.", "An item."
        ]  # fmt: skip

    def test_what_was_deleted_or_is_there_twice_is_left_out(self) -> None:
        gone = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        gone += "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
        came = '<w:ins w:author="a"><w:r><w:t> today</w:t></w:r></w:ins>'
        field = "<w:r><w:instrText> HYPERLINK x </w:instrText></w:r>"
        body = f"<w:p><w:r><w:t>It sails</w:t></w:r>{gone}{came}{field}<w:r><w:t>.</w:t></w:r></w:p>"
        box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
        twice = f'<m:Both xmlns:m="m"><m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:Both>'
        assert pieces(from_docx(f"{body}<w:p><w:r>{twice}</w:r></w:p>")) == ["It sails today.", "In a box."]

    def test_what_it_tells_of_itself(self) -> None:
        document = from_docx(paragraph(PROSE), **{"docProps/core.xml": CORE})
        assert (document.title, document.author, document.date) == (
            "Ice in the harbour",
            "Ann Onym",
            "2024-05-03",
        )

    def test_the_time_of_a_template_is_not_the_document_s(self) -> None:
        core = CORE.replace("2024-05-03T09:30:00Z", "2013-12-23T23:15:00Z")
        assert from_docx(paragraph(PROSE), **{"docProps/core.xml": core}).date is None

    def test_the_text_may_have_another_name(self) -> None:
        relation = '<Relationship Type="http://a/officeDocument" Target="/word/document2.xml"/>'
        parts = {
            "_rels/.rels": f"<Relationships>{relation}</Relationships>",
            "word/document2.xml": f"<w:document {W}><w:body>{paragraph(PROSE)}</w:body></w:document>",
        }
        assert pieces(docx.read(zipped_up(parts), "a.docx")) == [PROSE]


# -- ODT

SPACES = " ".join(
    f'xmlns:{name}="{name}"' for name in ("office", "text", "table", "style", "draw", "dc", "meta")
)


def an_odt(body: str, extra: Mapping[str, str | bytes] | None = None, head: str = "") -> bytes:
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"{head}<office:document-content {SPACES}>{styles}{text}</office:document-content>"
    return zipped_up(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(extra or {})}
    )


def from_odt(body: str, **extra: str) -> Document:
    document = odt.read(an_odt(body, extra), "a.odt")
    hold(document)
    return document


class TestOdt:
    def test_paragraphs_and_headings(self) -> None:
        title = '<text:p text:style-name="P1">Ice closes harbours</text:p><text:h>When</text:h>'
        document = from_odt(f"{title}<text:p>{PROSE}</text:p><text:p>{MORE}</text:p>")
        assert pieces(document) == [PROSE, MORE]
        assert document.text.startswith("Ice closes harbours\n\nWhen\n\n")

    def test_spans_spaces_and_breaks(self) -> None:
        body = 'Hol<text:span>lin</text:span><text:s text:c="3"/>is<text:tab/>far<text:line-break/>off.'
        assert pieces(from_odt(f"<text:p>{body}</text:p>")) == ["Hollin is far\noff."]

    def test_items_and_rows(self) -> None:
        items = "".join(
            f"<text:list-item><text:p>{name}</text:p></text:list-item>" for name in ("One.", "Two.")
        )
        cells = "".join(
            f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in ("Hollin", "3")
        )
        row = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
        body = f"<text:list>{items}</text:list>{row}"
        assert pieces(from_odt(body)) == ["One.", "Two.", "Hollin | 3"]

    def test_comments_and_what_was_deleted_are_left_out_and_notes_follow(self) -> None:
        gone = "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        note = (
            "<text:note-citation>1</text:note-citation><text:note-body><text:p>A.</text:p></text:note-body>"
        )
        note = f"<text:note>{note}</text:note>"
        said = "<office:annotation><dc:creator>Bo</dc:creator><text:p>Sure?</text:p></office:annotation>"
        assert pieces(from_odt(f"{gone}<text:p>It sails{note} today{said}.</text:p>")) == [
            "It sails today.",
            "A.",
        ]

    def test_what_it_tells_of_itself(self) -> None:
        meta = (
            f"<office:document-meta {SPACES}><office:meta><dc:title>Ice</dc:title>"
            "<meta:initial-creator>Ann Onym</meta:initial-creator>"
            "<dc:date>2024-05-03T09:30:00.5</dc:date></office:meta></office:document-meta>"
        )
        document = from_odt(f"<text:p>{PROSE}</text:p>", **{"meta.xml": meta})
        assert (document.title, document.author, document.date) == ("Ice", "Ann Onym", "2024-05-03")

    def test_encrypted(self) -> None:
        manifest = '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
        data = an_odt("", {"META-INF/manifest.xml": manifest})
        with pytest.raises(SourceError, match=r"^a\.odt is encrypted; save it without a password"):
            odt.read(data, "a.odt")


# -- EPUB

CONTAINER = '<container xmlns="c"><rootfiles><rootfile full-path="O/book.opf"/></rootfiles></container>'
ITEM = '<item id="{0}" href="{1}" media-type="application/xhtml+xml" {2}/>'
XHTML = '<?xml version="1.0" encoding="utf-8"?>{}<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


def an_epub(
    chapters: Mapping[str, str], extra: Mapping[str, str | bytes] | None = None, head: str = ""
) -> bytes:
    items = "".join(ITEM.format(f"i{n}", name.replace(" ", "%20"), "") for n, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    about = (
        "<dc:title>Ice in the north</dc:title><dc:creator>Ann Onym</dc:creator><dc:date>2024-05-03</dc:date>"
        "<dc:publisher>Harbour Press</dc:publisher><dc:identifier>https://news.example/ice</dc:identifier>"
    )
    nav = ITEM.format("nav", "nav.xhtml", 'properties="nav"')
    package = (
        f'<package xmlns="p" xmlns:dc="d"><metadata>{about}</metadata><manifest>{nav}{items}</manifest>'
        f'<spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "O/book.opf": package}
    parts["O/nav.xhtml"] = XHTML.format("", "<nav><ol><li><a>Chapter one of it</a></li></ol></nav>")
    parts |= {f"O/{name}": XHTML.format(head, body) for name, body in chapters.items()}
    return zipped_up({**parts, **(extra or {})})


OUTLINED = '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Ice</w:t></w:r></w:p>'


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".docx", a_docx(OUTLINED + paragraph(PROSE))),
        (".odt", an_odt(f"<text:h>Ice</text:h><text:p>{PROSE}</text:p>")),
    ],
    ids=["docx", "odt"],
)
def test_a_file_that_states_no_title_has_that_of_its_first_heading(suffix: str, data: bytes) -> None:
    document = FORMATS.by_suffix[suffix].contents(data, "a.file").document
    assert (document.title, pieces(document)) == ("Ice", [PROSE])


class TestEpub:
    def test_chapters_in_the_order_of_the_spine(self) -> None:
        chapters = {"z one.xhtml": f"<h1>One</h1><p>{PROSE}</p>", "a.xhtml": f"<h1>Two</h1><p>{MORE}</p>"}
        document = epub.read(an_epub(chapters), "a.epub")
        hold(document)
        assert pieces(document) == [PROSE, MORE]
        assert document.text == f"One\n\n{PROSE}\n\nTwo\n\n{MORE}"

    def test_what_it_tells_of_itself(self) -> None:
        told = epub.read(an_epub({"a.xhtml": f"<p>{PROSE}</p>"}), "a.epub")
        assert (told.title, told.author, told.date) == ("Ice in the north", "Ann Onym", "2024-05-03")
        assert (told.site, told.url) == ("Harbour Press", "https://news.example/ice")

    def test_named_characters(self) -> None:
        document = epub.read(
            an_epub({"a.xhtml": "<p>Ice&nbsp;&mdash; caf&eacute; &amp; &lt;b&gt;.</p>"}), "a.epub"
        )
        assert pieces(document) == ["Ice — café & <b>."]

    def test_the_words_are_those_that_a_reader_sees(self) -> None:
        body = (
            f"<p>{PROSE}<sup><a href='#n1'>1</a></sup></p><p hidden='hidden'>Not this.</p>"
            "<p><q>It is <del>thick</del> thin,</q> he said of 10<sup>6</sup> floes.</p><script/><a id='x'/>"
            "<table><tr><th>Pier</th><th>Ice</th></tr><tr><td>Old</td><td>9 cm</td></tr></table>"
            "<pre>ICE (Desk) - It is back.\n\nBoats stay in.</pre>"
            '<p><span class="dropcap">N</span>obody sails.</p>'
        )
        document = epub.read(an_epub({"a.xhtml": body}), "a.epub")
        assert pieces(document) == [
            PROSE, "“It is thin,” he said of 10⁶ floes.", "Old | Ice: 9 cm",
            "ICE (Desk) - It is back.", "Boats stay in.", "Nobody sails.",
        ]  # fmt: skip

    def test_a_chapter_that_is_not_well_formed_is_read_as_html(self) -> None:
        assert pieces(epub.read(an_epub({"a.xhtml": f"<p>{PROSE}<br><p>{MORE}"}), "a.epub")) == [PROSE, MORE]

    def test_locked_books_and_locked_typefaces(self) -> None:
        chapters = {"a.xhtml": f"<p>{PROSE}</p>"}
        for name, locked in [("O/a.xhtml", True), ("O/font.otf", False)]:
            told = f'<encryption xmlns="e"><CipherReference URI="{name}"/></encryption>'
            document = taken(epub.read, an_epub(chapters, {"META-INF/encryption.xml": told}))
            assert (document is None) == locked


# -- hostile zip files


class Kind(NamedTuple):
    """A format within zip files: its reader, what makes a file of a body, and a body of ``PROSE``."""

    suffix: str
    read: Read
    make: Callable[..., bytes]
    body: str
    tag: str


KINDS = [
    Kind(".docx", docx.read, a_docx, paragraph(PROSE), "w:p"),
    Kind(".odt", odt.read, an_odt, f"<text:p>{PROSE}</text:p>", "text:p"),
    Kind(".epub", epub.read, lambda body, *more: an_epub({"a.xhtml": body}, *more), f"<p>{PROSE}</p>", "div"),
]


def refused(read: Read, data: bytes, why: str) -> None:
    started = time.process_time()
    with pytest.raises(SourceError, match=rf"^a\.file {why}[^\n]*$"):
        read(data, "a.file")
    assert time.process_time() - started < 20


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.suffix)
class TestHostileZips:
    def test_it_reads_what_was_made(self, kind: Kind) -> None:
        assert pieces(kind.read(kind.make(kind.body), "a.file")) == [PROSE]
        assert FORMATS.by_suffix[kind.suffix].read is kind.read

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_cut_short(self, kind: Kind, share: float) -> None:
        data = kind.make(kind.body)
        refused(kind.read, data[: int(share * len(data))], "is cut short or damaged")

    @pytest.mark.parametrize("data", [b"", b"Some text.", b"%PDF-1.7 and", b"{\\rtf1 a}", b"<html>"])
    def test_wrong_suffix(self, kind: Kind, data: bytes) -> None:
        refused(kind.read, data, "is not an? .*rename it")

    def test_another_zip(self, kind: Kind) -> None:
        refused(kind.read, zipped_up({"a.txt": PROSE}), "lacks its part")

    def test_a_zip_bomb(self, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zipped, "LARGEST_PART", 10_000_000)
        refused(kind.read, kind.make(kind.body + " " * 30_000_000), "unpacks to more than 10,000,000 bytes")

    def test_a_billion_laughs_and_files_of_others(self, kind: Kind) -> None:
        laughing = kind.body.replace(PROSE, f"{PROSE} &a9;&file;")
        refused(kind.read, kind.make(laughing, None, LAUGHS), ".*declares entities")

    def test_laughs_in_another_encoding(self, kind: Kind) -> None:
        """The declarations are not seen as they stand in the file, and are not heeded either."""
        laughing = kind.make(kind.body.replace(PROSE, f"{PROSE} &a9;&file;"), None, LAUGHS)
        with zipfile.ZipFile(BytesIO(laughing)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = next(name for name, part in parts.items() if b"&a9;" in part)
        text = parts[name].decode().replace('<?xml version="1.0" encoding="utf-8"?>', "")
        document = taken(kind.read, zipped_up({**parts, name: text.encode("utf-16")}))
        assert document is None or ("haha" not in document.text and "root:" not in document.text)

    def test_elements_that_nest_without_end(self, kind: Kind) -> None:
        data = kind.make(f"<{kind.tag}>" * 100_000 + kind.body + f"</{kind.tag}>" * 100_000)
        refused(kind.read, data, ".*(nests elements too deeply|is damaged)")

    def test_a_locked_part(self, kind: Kind) -> None:
        data = bytearray(kind.make(kind.body))
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = data.find(mark)
            while place >= 0:
                struct.pack_into("<H", data, place + at, data[place + at] | 1)
                place = data.find(mark, place + 1)
        refused(kind.read, bytes(data), "is encrypted; save it without a password")

    def test_no_prose(self, kind: Kind) -> None:
        refused(kind.read, kind.make(kind.body.replace(PROSE, " ")), "is empty")


def test_office_files_of_before_and_locked_ones() -> None:
    old = b"\xd0\xcf\x11\xe0" + b"\0" * 600
    refused(docx.read, old, "is in an office format from before 2007")
    refused(docx.read, old + "EncryptedPackage".encode("utf-16-le"), "is encrypted")


def test_packed_in_an_unusual_way() -> None:
    text = f"<w:document {W}><w:body>{paragraph(PROSE)}</w:body></w:document>"
    refused(
        docx.read, zipped_up({"word/document.xml": text}, zipfile.ZIP_LZMA), "is compressed in an unusual way"
    )


FARES = (("Route", "Old fare", "New fare"), ("Harl", "12.00", "14.00"), ("Brae", "8.00", "9.50"))
READ_FARES = ["Harl | Old fare: 12.00 | New fare: 14.00", "Brae | Old fare: 8.00 | New fare: 9.50"]
TEAMS = (("Team", "Coach"), ("Harl", "Ann Lee"), ("Brae", "Tom Roe"))


@pytest.mark.parametrize(
    ("rows", "marked", "found"),
    [
        (FARES, False, READ_FARES),
        (FARES, True, READ_FARES),
        (TEAMS, True, ["Harl | Coach: Ann Lee", "Brae | Coach: Tom Roe"]),
        (TEAMS, False, ["Team | Coach", "Harl | Ann Lee", "Brae | Tom Roe"]),
    ],
)
def test_cells_of_office_files_have_the_headings_of_their_columns(
    rows: tuple[tuple[str, ...], ...], marked: bool, found: list[str]
) -> None:
    head = "<w:trPr><w:tblHeader/></w:trPr>" if marked else ""
    cells = ["".join(f"<w:tc><w:tcPr/>{paragraph(word)}</w:tc>" for word in row) for row in rows]
    written = "".join(f"<w:tr>{'' if at else head}{row}</w:tr>" for at, row in enumerate(cells))
    assert pieces(from_docx(f"<w:tbl><w:tblPr/>{written}</w:tbl>{paragraph(PROSE)}")) == [*found, PROSE]
    lines = [
        "".join(f"<table:table-cell><text:p>{word}</text:p></table:table-cell>" for word in row)
        for row in rows
    ]
    lines = [f"<table:table-row>{line}</table:table-row>" for line in lines]
    first = f"<table:table-header-rows>{lines[0]}</table:table-header-rows>" if marked else lines[0]
    body = f"<table:table>{first}{''.join(lines[1:])}</table:table><text:p>{PROSE}</text:p>"
    assert pieces(from_odt(body)) == [*found, PROSE]


@pytest.mark.parametrize(
    ("before", "raised", "shown"),
    [("10", "6", "10⁶"), ("5 km", "2", "5 km²"), ("the 21", "st", "the 21st")],
)
@pytest.mark.parametrize("position", ["super 58%", "33% 58%"])
def test_exponents_stay_raised_in_odt(position: str, before: str, raised: str, shown: str) -> None:
    look = (
        f'<style:style style:name="T1"><style:text-properties style:text-position="{position}"/>'
        '</style:style><style:style style:name="T2"><style:text-properties style:text-position="sub 58%"/>'
        "</style:style>"
    )
    styles = f"<office:document-styles {SPACES}>{look}</office:document-styles>"
    body = (
        f"<text:p><text:span><text:span>It took</text:span></text:span> {before}"
        f'<text:span text:style-name="T1">{raised}</text:span> of H'
        '<text:span text:style-name="T2">2</text:span>O in all.</text:p>'
    )
    assert pieces(from_odt(body, **{"styles.xml": styles})) == [f"It took {shown} of H2O in all."]


# -- RTF

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204 Times;}}"
    r"{\colortbl;\red0;}{\stylesheet{\s1 heading 1;}}{\*\generator Word;}"
)


def an_rtf(body: str) -> bytes:
    return (HEAD + body + "}").encode("cp1252")


def from_rtf(body: str) -> list[str]:
    document = rtf.read(an_rtf(body), "a.rtf")
    hold(document)
    return pieces(document)


class TestRtf:
    def test_paragraphs_and_headings(self) -> None:
        body = (
            rf"\pard\outlinelevel0\b Ice\b0\par\pard {PROSE}\par" "\n" r"\pard It sails\line today.\par Last."
        )
        assert from_rtf(body) == [PROSE, "It sails\ntoday.", "Last."]

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            (r"Zo\'eb said", "Zoë said"),
            (r"\ldblquote Ice\rdblquote  \emdash  said he\rquote s", "“Ice” — said he’s"),
            (r"\uc1\u8220?Ice\u8221? said", "“Ice” said"),
            (r"\uc2\u8220\'93\'94Ice", "“Ice"),
            (r"{\uc0\u8220 Ice}\u8221?.", "“Ice”."),
            (r"\u-10179?\u-8704? said", "\N{GRINNING FACE} said"),
            (r"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} said", "Привет said"),
            (r"can\-celled by\~far up\_on", "cancelled by far up-on"),
            (r"a \{b\} \\ c", r"a {b} \ c"),
            ("over\r\nlines", "overlines"),
            (r"10{\super 6} litres", "10⁶ litres"),
            (r"5 km\super 2\nosupersub , H\sub 2\nosupersub O", "5 km², H2O"),
            (r"the 21{\super st} floor", "the 21st floor"),
        ],
    )
    def test_characters(self, written: str, read: str) -> None:
        assert from_rtf(written) == [read]

    def test_what_is_not_shown(self) -> None:
        hidden = (
            r"{\header Head\par}{\footer Foot\par}{\pict\pngblip 89504e47}{\*\unknown gone}{\v gone}"
            r"{\deleted gone}{\footnote A note.}{\listtext 1.\tab}{\bkmkstart gone}"
            r'{\field{\*\fldinst{HYPERLINK "http://x"}}{\fldrslt It sails}}'
        )
        assert from_rtf(hidden + r" today.\par") == ["It sails today.", "A note."]

    def test_binary_pictures_are_passed_over(self) -> None:
        assert from_rtf(r"{\pict\bin7 {{{}}\x}It sails.") == ["It sails."]

    def test_rows(self) -> None:
        row = r"\trowd\pard\intbl {}\cell {}\cell\row "
        body = row.format("Hollin", "3") + row.format("Brae", "5") + rf"\pard {PROSE}\par"
        assert from_rtf(body) == ["Hollin | 3", "Brae | 5", PROSE]

    def test_what_it_tells_of_itself(self) -> None:
        made = r"{\creatim\yr2024\mo4\dy2}{\revtim\yr2024\mo5\dy3\hr9}"
        info = rf"{{\info{{\title Ice in the harbour}}{{\author Zo\'eb}}{made}}}"
        told = rtf.read(an_rtf(info + PROSE), "a.rtf")
        assert (told.title, told.author, told.date) == ("Ice in the harbour", "Zoë", "2024-05-03")

    @pytest.mark.parametrize("data", [b"", b"text", b"PK\x03\x04", b"{ \\rtf1 a}"])
    def test_wrong_suffix(self, data: bytes) -> None:
        refused(rtf.read, data, "is not an RTF file")

    def test_cut_short(self) -> None:
        refused(rtf.read, an_rtf(PROSE)[:-20], "is cut short")

    def test_groups_without_end(self) -> None:
        refused(rtf.read, an_rtf("{" * 1_000_000 + PROSE), "is cut short or nested too deeply")
        refused(rtf.read, an_rtf(r"{\pict 00}"), "is empty")

    @pytest.mark.parametrize(
        "unit",
        [
            r"{\field{\*\fldinst{HYPERLINK ",
            r"\u8220?",
            "}{",
            r"\'",
            r"{\f1\fcharset204 ",
            PROSE,
            r"\par ",
            r"\bin1 ",
        ],
    )
    def test_time_grows_with_the_file_and_not_faster(self, unit: str) -> None:
        def work(count: int) -> Callable[[], object]:
            data = an_rtf(unit * count)
            return lambda: taken(rtf.read, data)

        size = 100_000 // len(unit)
        assert_linear(work, size, 4 * size)


# -- mail


def a_mail(text: str | None, html: str | None = None, charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Zoë Lee <zoe@news.example>"
    message["To"] = "desk@news.example"
    message["Subject"] = "Ice in the harbour — update"
    message["Date"] = "Fri, 03 May 2024 23:30:00 -0800"
    if text is not None:
        message.set_content(text, charset=charset)
    if html is not None:
        (message.add_alternative if text is not None else message.set_content)(html, subtype="html")
    return message


class TestMail:
    def test_the_plain_part_as_it_was_written(self) -> None:
        text = f"{PROSE}\n\n> {MORE}\n\n-- \nZoë\n"
        message = a_mail(text, "<p>Another text.</p>")
        message.add_attachment(b"Attached words.", maintype="text", subtype="plain", filename="a.txt")
        document = mail.read(message.as_bytes(), "a.eml")
        hold(document)
        assert document.text == text.strip()
        assert pieces(document) == [PROSE]
        assert (document.title, document.author, document.date) == (
            "Ice in the harbour — update",
            "Zoë Lee",
            "2024-05-03",
        )
        _, (quoted,), left_out = mail.read_all(message.as_bytes(), "a.eml")
        assert (pieces(quoted), quoted.author, quoted.source) == ([MORE], None, "a.eml#1")
        assert left_out == ["text/plain"]

    @pytest.mark.parametrize("charset", ["utf-8", "cp1252", "gb18030"])
    def test_encodings(self, charset: str) -> None:
        assert pieces(mail.read(a_mail(MORE, charset=charset).as_bytes(), "a.eml")) == [MORE]

    def test_an_encoding_that_is_not_what_it_says(self) -> None:
        data = a_mail("x").as_bytes().replace(b"x\n", MORE.encode("cp1252") + b"\n").replace(b"7bit", b"8bit")
        assert pieces(mail.read(data, "a.eml")) == [MORE]

    def test_html_where_there_is_no_plain_part(self) -> None:
        document = mail.read(
            a_mail(None, f"<style>p {{}}</style><h1>Ice</h1><p>{PROSE}</p><p>{MORE}</p>").as_bytes(), "a.eml"
        )
        assert pieces(document) == [PROSE, MORE]

    @pytest.mark.parametrize(
        ("sender", "author"), [("zoe@news.example", "zoe@news.example"), ("Zoë Lee", "Zoë Lee")]
    )
    def test_a_sender_without_a_name_or_an_address(self, sender: str, author: str) -> None:
        data = f"From: {sender}\nSubject: Ice\n\n{PROSE}\n".encode()
        assert mail.read(data, "a.eml").author == author

    @pytest.mark.parametrize("day", ["yesterday", "Fri, 99 May 2024 25:00:00", ""])
    def test_a_day_that_is_none(self, day: str) -> None:
        assert mail.read(f"From: a@b.c\nDate: {day}\n\n{PROSE}\n".encode(), "a.eml").date is None

    @pytest.mark.parametrize("data", [b"", PROSE.encode(), b"PK\x03\x04", b"Note: this\n\nIs a text."])
    def test_wrong_suffix(self, data: bytes) -> None:
        refused(mail.read, data, "(is not a mail|is a damaged mail)")

    def test_no_text(self) -> None:
        message = a_mail(None)
        message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
        refused(mail.read, message.as_bytes(), "is empty")

    def test_parts_within_parts_without_end(self) -> None:
        nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
        refused(
            mail.read, f"From: a@b.c\nMIME-Version: 1.0\n{nested}\n\n{PROSE}".encode(), "is a damaged mail"
        )

    @pytest.mark.parametrize(
        ("head", "unit"),
        [("To: ", "a@b.c, "), ("Subject: ", "=?utf-8?q?a?= "), ("From: ", "("), ("", "X: y\n")],
    )
    def test_headers_of_great_length(self, head: str, unit: str) -> None:
        def work(count: int) -> Callable[[], object]:
            data = f"{head}{unit * count}\nDate: Fri, 03 May 2024 23:30:00 -0800\n\n{PROSE}\n".encode()
            return lambda: taken(mail.read, data)

        assert_linear(work, 2_000, 8_000)


# -- any bytes

FUZZED: dict[str, tuple[Read, list[bytes], list[bytes]]] = {
    "docx": (
        docx.read,
        [a_docx(paragraph(PROSE) + paragraph(MORE), {"docProps/core.xml": CORE})],
        [b"PK\x01\x02"],
    ),
    "odt": (odt.read, [an_odt(f"<text:p>{PROSE}</text:p><text:h>{MORE}</text:h>")], [b"PK\x05\x06"]),
    "epub": (epub.read, [an_epub({"a.xhtml": f"<p>{PROSE}</p>"}), an_epub({})], [b"PK\x03\x04", b"\x08\0"]),
    "rtf": (
        rtf.read,
        [
            an_rtf(
                rf"{{\info{{\title Ice}}}}\pard {PROSE}\par\trowd\intbl a\cell b\cell\row \u8220?{{\f1 \'cf}}"
            )
        ],
        [
            rb"\u-1",
            rb"\'",
            rb"\bin9999999999 ",
            rb"\*",
            rb"\uc99 ",
            rb"\row",
            rb"\ansicpg0 ",
            rb"\yr9",
            b"{",
            b"}",
        ],
    ),
    "eml": (
        mail.read,
        [a_mail(PROSE, f"<p>{MORE}</p>").as_bytes(), a_mail(None, f"<p>{MORE}</p>").as_bytes()],
        [
            b"\n\n",
            b"Content-Type: ",
            b"=?",
            b"?=",
            b"charset=x",
            b"boundary=",
            b"From: ",
            b"Date: 0",
            b"base64",
        ],
    ),
}


@pytest.mark.parametrize("name", FUZZED)
def test_any_bytes_give_a_document_or_one_line(name: str) -> None:
    read, files, words = FUZZED[name]

    @given(mutated(files, words))
    @settings(
        max_examples=300,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def hold_any(data: bytes) -> None:
        taken(read, data)

    hold_any()


XML = [
    b"<",
    b">",
    b"</w:p>",
    b"<w:p>",
    b"&",
    b"&#0;",
    b"&nbsp;",
    b"<!--",
    b"<![CDATA[",
    b"]]>",
    b'xmlns:w="',
    b"<?",
    b"\xff",
]


@pytest.mark.parametrize("name", ["docx", "odt", "epub"])
def test_any_xml_gives_a_document_or_one_line(name: str) -> None:
    """Parts with changes, in zip files that are whole."""
    read, files, _ = FUZZED[name]
    with zipfile.ZipFile(BytesIO(files[0])) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}

    @given(
        st.sampled_from(list(parts)).flatmap(
            lambda part: st.tuples(st.just(part), mutated([parts[part]], XML))
        )
    )
    @settings(
        max_examples=300,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def hold_any(changed: tuple[str, bytes]) -> None:
        taken(read, zipped_up({**parts, changed[0]: changed[1]}))

    hold_any()
