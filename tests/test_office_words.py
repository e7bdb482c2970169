"""DOCX, ODT and RTF: the words that a program shows, and no others; notes, text boxes, inserted documents."""

from __future__ import annotations

import pytest

from askbrief.errors import SourceError
from askbrief.formats import docx
from mutations import pieces
from test_formats_office import W, a_docx, from_docx, from_odt, from_rtf, paragraph

RELATIONS = "word/_rels/document.xml.rels"


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def relation(kind: str, target: str) -> str:
    return f'<Relationship Id="r1" Type="http://a/relationships/{kind}" Target="{target}"/>'


class TestDocx:
    @pytest.mark.parametrize(
        "properties",
        ["<w:strike/>", '<w:dstrike w:val="true"/>', "<w:vanish/>", '<w:rStyle w:val="Gone"/>'],
    )
    def test_struck_out_and_hidden_words_are_left_out(self, properties: str) -> None:
        styles = (
            f'<w:styles {W}><w:style w:type="character" w:styleId="Struck"><w:rPr><w:strike/></w:rPr>'
            '</w:style><w:style w:type="character" w:styleId="Gone"><w:basedOn w:val="Struck"/></w:style>'
            "</w:styles>"
        )
        body = f"<w:p>{run('It costs ')}{run('12', properties)}{run('21 crowns.')}</w:p>"
        assert pieces(from_docx(body, **{"word/styles.xml": styles})) == ["It costs 21 crowns."]

    @pytest.mark.parametrize(
        ("before", "raised", "shown"),
        [("10", "6", "10⁶"), ("5 km", "2", "5 km²"), ("10", "-3", "10⁻³"), ("the 21", "st", "the 21st")],
    )
    def test_exponents_stay_raised(self, before: str, raised: str, shown: str) -> None:
        above = run(raised, '<w:vertAlign w:val="superscript"/>')
        body = f"<w:p>{run('It took ' + before)}{above}{run(' in all.')}</w:p>"
        assert pieces(from_docx(body)) == [f"It took {shown} in all."]

    def test_a_run_may_switch_off_what_its_style_sets(self) -> None:
        styles = (
            f'<w:styles {W}><w:style w:type="paragraph" w:styleId="Old"><w:rPr><w:strike/></w:rPr></w:style>'
            '<w:style w:type="character" w:styleId="Both"><w:rPr><w:strike/></w:rPr></w:style></w:styles>'
        )
        words = (
            run("Gone. ")
            + run("Kept. ", '<w:strike w:val="0"/>')
            + run("Both cancel.", '<w:rStyle w:val="Both"/>')
        )
        body = f'<w:p><w:pPr><w:pStyle w:val="Old"/></w:pPr>{words}</w:p>'
        assert pieces(from_docx(body, **{"word/styles.xml": styles})) == ["Kept. Both cancel."]

    def test_paragraphs_are_one_if_the_end_between_them_was_deleted(self) -> None:
        ended = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
        body = f"<w:p>{ended}{run('The ferry ')}</w:p>{paragraph('sails.')}{paragraph('It is late.')}"
        assert pieces(from_docx(body)) == ["The ferry sails.", "It is late."]

    def test_deleted_rows_and_prompts_of_forms_are_left_out(self) -> None:
        cell = f"<w:tc>{paragraph('gone')}</w:tc>"
        row = f"<w:tr><w:trPr><w:del/></w:trPr>{cell}{cell}</w:tr>"
        prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('Click here')}"
        body = f"<w:tbl>{row}</w:tbl>{prompt}</w:sdtContent></w:sdt>{paragraph('It sails.')}"
        assert pieces(from_docx(body)) == ["It sails."]

    def test_a_text_box_follows_the_sentence_in_which_it_is_anchored(self) -> None:
        box = (
            f"<w:pict><w:txbxContent>{paragraph('Call 110.')}{paragraph('Or ask.')}</w:txbxContent></w:pict>"
        )
        body = f"<w:p>{run('The ferry ')}<w:r>{box}</w:r>{run('sails.')}</w:p>{paragraph('It is late.')}"
        assert pieces(from_docx(body)) == ["The ferry sails.", "Call 110.", "Or ask.", "It is late."]

    def test_a_deleted_text_box_stays_deleted(self) -> None:
        box = f"<w:del><w:r><w:txbxContent>{paragraph('Gone.')}</w:txbxContent></w:r></w:del>"
        assert pieces(from_docx(f"<w:p>{run('It sails.')}{box}</w:p>")) == ["It sails."]

    def test_notes_follow_the_text_in_the_order_of_their_references(self) -> None:
        note = '<w:{0} w:id="{1}"><w:p><w:r><w:{0}Ref/></w:r>{2}</w:p></w:{0}>'
        feet = note.format("footnote", 1, run(" Interview.")) + note.format("footnote", 2, run(" Accounts."))
        marks = '<w:r><w:footnoteReference w:id="2"/></w:r>', '<w:r><w:footnoteReference w:id="1"/></w:r>'
        separator = (
            '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        )
        document = from_docx(
            f"<w:p>{run('It sails')}{marks[0]}{run(' today.')}{marks[1]}</w:p>{paragraph('It is late.')}",
            **{
                RELATIONS: f"<Relationships>{relation('footnotes', 'footnotes.xml')}</Relationships>",
                "word/footnotes.xml": f"<w:footnotes {W}>{separator}{feet}</w:footnotes>",
            },
        )
        assert pieces(document) == ["It sails today.", "It is late.", "Accounts.", "Interview."]


CHUNKS = {
    "page": b"<html><body><h2>More</h2><p>The quay is shut.</p></body></html>",
    "mail": b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><p>The quay is=\r\n shut.</p></html>",
    "rtf": b"{\\rtf1 The quay is shut.\\par}",
    "text": b"The quay is shut.\r\n",
    "word": a_docx(f"<w:p>{run('The quay is shut.')}{run('gone', '<w:strike/>')}</w:p>"),
}


def with_chunk(chunk: bytes, target: str = "chunk.bin") -> bytes:
    body = f'{paragraph("It sails.")}<w:altChunk r:id="r1" xmlns:r="r"/>{paragraph("It is late.")}'
    relations = f"<Relationships>{relation('aFChunk', target)}</Relationships>"
    return a_docx(body, {"word/chunk.bin": chunk, RELATIONS: relations})


@pytest.mark.parametrize("kind", CHUNKS)
def test_an_inserted_document_is_read_in_its_place(kind: str) -> None:
    document = docx.read(with_chunk(CHUNKS[kind]), "a.docx")
    assert pieces(document) == ["It sails.", "The quay is shut.", "It is late."]


@pytest.mark.parametrize("data", [with_chunk(b"\0\1\2" * 999), with_chunk(b"Ice.", "absent.htm")])
def test_an_inserted_document_that_cannot_be_read_is_named(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^a\.docx holds another document that can't be read \(word/"):
        docx.read(data, "a.docx")


def test_documents_in_documents_without_end_are_refused() -> None:
    data = a_docx(paragraph("It sails."))
    for _ in range(5):
        data = with_chunk(data)
    with pytest.raises(SourceError, match="another document that can't be read"):
        docx.read(data, "a.docx")


class TestOdt:
    @pytest.mark.parametrize(
        "look",
        [
            'style:text-line-through-style="solid"',
            'style:text-line-through-style="none" style:text-line-through-type="double"',
            'text:display="none"',
        ],
    )
    def test_struck_out_and_hidden_words_are_left_out(self, look: str) -> None:
        own = f'<style:style style:name="T1"><style:text-properties {look}/></style:style>'
        own += '<style:style style:name="T2" style:parent-style-name="T1"/>'
        own += '<style:style style:name="T3" style:parent-style-name="T1">'
        own += (
            '<style:text-properties style:text-line-through-style="none" text:display="true"/></style:style>'
        )
        words = "It costs <text:span text:style-name='T1'>12</text:span> 21 "
        words += "<text:span text:style-name='T2'>old</text:span>"
        words += "<text:span text:style-name='T3'>crowns</text:span>."
        styles = own.replace("<style:style ", "<style:style xmlns:style='style' xmlns:text='text' ")
        document = from_odt(f"<text:p>{words}</text:p>", **{"styles.xml": f"<styles>{styles}</styles>"})
        assert pieces(document) == ["It costs 21 crowns."]

    def test_hidden_sections_and_fields_are_left_out(self) -> None:
        body = '<text:section text:display="none"><text:p>gone</text:p></text:section>'
        body += '<text:p>It <text:hidden-text text:is-hidden="true">never </text:hidden-text>sails.</text:p>'
        assert pieces(from_odt(body)) == ["It sails."]

    def test_a_text_box_and_a_note_are_apart_from_the_sentence(self) -> None:
        box = "<draw:frame><draw:text-box><text:p>Call 110.</text:p></draw:text-box></draw:frame>"
        note = "<text:note><text:note-citation>1</text:note-citation>"
        note += "<text:note-body><text:p>Interview.</text:p></text:note-body></text:note>"
        body = f"<text:p>The ferry{note} {box}sails.</text:p><text:p>It is late.</text:p>"
        assert pieces(from_odt(body)) == ["The ferry sails.", "Call 110.", "It is late.", "Interview."]


class TestRtf:
    @pytest.mark.parametrize("words", ["\\strike 12 \\strike0 ", "{\\striked1 12 }", "{\\v\\strike0 12 }"])
    def test_struck_out_and_hidden_words_are_left_out(self, words: str) -> None:
        assert from_rtf(f"It costs {words}21 crowns.\\par") == ["It costs 21 crowns."]

    def test_notes_and_text_boxes_are_apart_from_the_sentence(self) -> None:
        note = "{\\super{\\footnote\\pard {\\super\\chftn} Interview.}}"
        box = "{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt \\pard Call 110.\\par Or ask.\\par}}}"
        assert from_rtf(f"The ferry{note} {box}sails.\\par It is late.\\par") == [
            "The ferry sails.", "Call 110.", "Or ask.", "It is late.", "Interview."
        ]  # fmt: skip
