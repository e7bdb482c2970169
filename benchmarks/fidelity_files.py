"""Files in the formats of a newsroom, written by the libraries and programs that people write them with.

    python benchmarks/fidelity_files.py

Needs python-docx, odfpy, reportlab and EbookLib (``data/fidelity/makers.txt`` has the versions); what they
wrote is kept in ``data/fidelity``, a file for each layout and story, with what a reader sees of it beside it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

from fidelity_pages import STORIES, Story, stories

FOLDER = STORIES.parent
WORDS_BOLD = 5
"""Every so many words are bold or struck out."""
LEFT_OUT = "not"
"""What is struck out or hidden in a paragraph."""

Made = tuple[bytes, list[str]]
Maker = Callable[[Story], Made]


def _runs(words: str) -> list[tuple[str, bool]]:
    """The words of a paragraph in runs, of which some are bold."""
    every = words.split(" ")
    return [
        (word if at == 0 else f" {word}", at % WORDS_BOLD == WORDS_BOLD - 1) for at, word in enumerate(every)
    ]


def docx_runs(story: Story) -> Made:
    """Word: bold runs within sentences, and a table."""
    from docx import Document

    made = Document()
    made.add_heading(story.title, 0)
    for words in story.paragraphs:
        paragraph = made.add_paragraph()
        for run, bold in _runs(words):
            paragraph.add_run(run).bold = bold
    head, *rows = story.table
    table = made.add_table(rows=0, cols=len(head))
    for row in story.table:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return _saved(made), [*story.paragraphs, " ".join(head), *(" ".join(row) for row in rows)]


def docx_struck(story: Story) -> Made:
    """Word: struck-out and hidden runs, a header and a footer."""
    from docx import Document

    made = Document()
    made.sections[0].header.paragraphs[0].text = "Draft for the desk"
    made.sections[0].footer.paragraphs[0].text = "Not for release"
    made.add_heading(story.title, 0)
    for words in story.paragraphs:
        paragraph = made.add_paragraph()
        first, rest = words.split(" ", 1)
        paragraph.add_run(f"{first} ")
        paragraph.add_run(f"{LEFT_OUT} ").font.strike = True
        paragraph.add_run(f"{LEFT_OUT} ").font.hidden = True
        paragraph.add_run(rest)
    return _saved(made), story.paragraphs


def docx_list(story: Story) -> Made:
    """Word: a list with bullets between paragraphs."""
    from docx import Document

    made = Document()
    made.add_heading(story.title, 0)
    for at, words in enumerate(story.paragraphs):
        made.add_paragraph(words, style="List Bullet" if at % 2 else None)
    return _saved(made), story.paragraphs


def _saved(made: object) -> bytes:
    out = io.BytesIO()
    made.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def odt_spans(story: Story) -> Made:
    """LibreOffice: bold and struck-out spans within sentences."""
    from odf.opendocument import OpenDocumentText
    from odf.style import Style, TextProperties
    from odf.text import H, P, Span

    made = OpenDocumentText()
    bold = Style(name="Strong", family="text")
    bold.addElement(TextProperties(fontweight="bold"))
    struck = Style(name="Struck", family="text")
    struck.addElement(TextProperties(textlinethroughstyle="solid", textlinethroughtype="single"))
    made.automaticstyles.addElement(bold)
    made.automaticstyles.addElement(struck)
    made.text.addElement(H(outlinelevel=1, text=story.title))
    for words in story.paragraphs:
        paragraph = P()
        for at, (run, is_bold) in enumerate(_runs(words)):
            paragraph.addElement(Span(stylename=bold, text=run)) if is_bold else paragraph.addText(run)
            if at == 1:
                paragraph.addElement(Span(stylename=struck, text=f" {LEFT_OUT}"))
        made.text.addElement(paragraph)
    return _saved(made), story.paragraphs


def _pdf(story: Story, columns: int) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    def decorated(canvas: object, _: object) -> None:
        canvas.drawString(60, 810, story.site)  # type: ignore[attr-defined]
        canvas.drawString(280, 30, "Page 1")  # type: ignore[attr-defined]

    out = io.BytesIO()
    made = BaseDocTemplate(out, pagesize=A4, title=story.title, author=story.author, invariant=1)
    width = (A4[0] - 120 - 20 * (columns - 1)) / columns
    height = 700 if columns == 1 else 130
    frames = [Frame(60 + at * (width + 20), 780 - height, width, height) for at in range(columns)]
    made.addPageTemplates(PageTemplate("page", frames, onPage=decorated))
    styles = getSampleStyleSheet()
    flow = [Paragraph(story.title, styles["Heading1" if columns == 1 else "Heading3"])]
    flow += [Paragraph(words, styles["BodyText"]) for words in story.paragraphs]
    made.build(flow)
    return out.getvalue()


def pdf_page(story: Story) -> Made:
    """A PDF of one column, with the site above and the number below."""
    return _pdf(story, 1), story.paragraphs


def pdf_columns(story: Story) -> Made:
    """A PDF of two columns."""
    return _pdf(story, 2), story.paragraphs


def epub_chapters(story: Story) -> Made:
    """A book of two chapters, with links and struck-out words."""
    from ebooklib import epub

    made = epub.EpubBook()
    made.set_identifier("urn:fidelity")
    made.set_title(story.title)
    made.set_language("en")
    made.add_author(story.author)
    chapters = []
    for number, part in enumerate((story.paragraphs[:3], story.paragraphs[3:])):
        chapter = epub.EpubHtml(title=f"Part {number}", file_name=f"c{number}.xhtml", lang="en")
        head = f"<h1>{story.title}</h1>" if not number else ""
        marked = (
            words.replace(" ", f" <del>{LEFT_OUT} </del>", 1).replace(" the ", " <a href='#'>the</a> ")
            for words in part
        )
        chapter.content = head + "".join(f"<p>{words}</p>" for words in marked)
        made.add_item(chapter)
        chapters.append(chapter)
    made.toc = chapters
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    made.spine = ["nav", *chapters]
    out = io.BytesIO()
    epub.write_epub(out, made)
    return out.getvalue(), story.paragraphs


def _mail(story: Story) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"] = f"{story.author} <desk@post.example>"
    made["To"] = "all@post.example"
    made["Subject"] = story.title
    made["Date"] = "Tue, 05 Mar 2024 10:00:00 +0000"
    return made


def mail_flowed(story: Story) -> Made:
    """A mail whose lines are wrapped to be joined again (RFC 3676)."""
    lines = []
    for words in story.paragraphs:
        line = ""
        for word in words.split(" "):
            if len(line) + len(word) > 65:
                lines.append(line)
                line = ""
            line += f"{word} "
        lines += [line.rstrip(), ""]
    made = _mail(story)
    made.set_content("\n".join(lines), params={"format": "flowed"}, cte="quoted-printable")
    return bytes(made), story.paragraphs


def mail_html(story: Story) -> Made:
    """A mail whose plain part only says that there is HTML."""
    made = _mail(story)
    made.set_content("This message is in HTML. View it in a program that shows HTML.\n")
    made.add_alternative("".join(story.tagged()), subtype="html")
    return bytes(made), story.paragraphs


def rtf_runs(story: Story) -> Made:
    """RTF as Word writes it: runs, struck-out and hidden words, marks as escapes."""

    def escaped(words: str) -> str:
        return "".join(each if each.isascii() else f"\\u{ord(each)}?" for each in words)

    body = []
    for words in (story.title, *story.paragraphs):
        runs = (
            f"{{\\b {run}}}" if bold and run.startswith(" ") else run for run, bold in _runs(escaped(words))
        )
        left_out = f"{{\\strike  {LEFT_OUT}}}{{\\v  {LEFT_OUT}}}" if words != story.title else ""
        body.append("\\pard\\plain " + "".join(runs) + left_out + "\\par")
    text = (
        "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0 Arial;}}{\\*\\generator Word;}\n"
        + "\n".join(body)
        + "}"
    )
    return text.encode("ascii"), story.paragraphs


LAYOUTS: dict[str, tuple[str, Maker]] = {
    "docx runs": (".docx", docx_runs),
    "docx struck out": (".docx", docx_struck),
    "docx list": (".docx", docx_list),
    "odt spans": (".odt", odt_spans),
    "pdf page": (".pdf", pdf_page),
    "pdf columns": (".pdf", pdf_columns),
    "epub chapters": (".epub", epub_chapters),
    "mail flowed": (".eml", mail_flowed),
    "mail in HTML": (".eml", mail_html),
    "rtf runs": (".rtf", rtf_runs),
}
"""The layouts, each with its suffix and what makes it."""


def main() -> None:
    """Write all files, and what a reader sees of them."""
    for layout, (suffix, make) in LAYOUTS.items():
        for number, story in enumerate(stories(), 1):
            data, paragraphs = make(story)
            name = f"{layout.replace(' ', '-')}-{number}"
            (FOLDER / f"{name}{suffix}").write_bytes(data)
            facts = {"layout": layout, "title": story.title, "paragraphs": paragraphs}
            (FOLDER / f"{name}.json").write_text(
                json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8"
            )


if __name__ == "__main__":
    main()
