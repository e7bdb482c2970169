"""Mail: which part is read, and whose words they are: the sender's, or those of whom the mail quotes."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief import Index, formats
from askbrief.errors import SourceError
from askbrief.formats import DocumentRef, LeftOut, mail
from askbrief.formats.mail_messages import split
from askbrief.formats.mail_parts import MailLine
from askbrief.types import Document
from conftest import Cli

OWN = "We will call the pilots on Friday."
OTHER = "The channel stays closed until the wreck is raised."
THIRD = "Nobody has asked the divers."
HEAD = (
    "From: Ada Lind <ada@post.example>\nSubject: Re: Wreck\nDate: Wed, 09 Aug 2023 10:00:00 +0000\n"
    "MIME-Version: 1.0\n"
)


def plain(body: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    return f"{HEAD}Content-Type: {kind}\n\n{body}\n".encode()


def multipart(kind: str, *parts: tuple[str, str]) -> bytes:
    inner = "".join(f"--b1\nContent-Type: {kind}\n\n{body}\n" for kind, body in parts)
    return plain(f"{inner}--b1--", f'multipart/{kind}; boundary="b1"')


def cited(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.paragraphs]


def messages(data: bytes) -> list[tuple[list[str], str | None, str | None]]:
    """What each message says, its author, and its date."""
    first, others, _ = mail.read_all(data, "a.eml")
    found = [first, *others]
    return [(cited(each), each.author, each.date) for each in found]


ME = "Ada Lind", "2023-08-09"


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ([("text/plain", OWN), ("image/png", "x"), ("text/plain", OTHER)], [OWN, OTHER]),
        ([("text/plain", OWN), ("text/html", f"<p>{OTHER}</p>")], [OWN, OTHER]),
        ([("text/plain", OWN), ("text/html", f"<p>{OWN}</p>")], [OWN]),
    ],
)
def test_all_parts_that_are_shown_are_read_in_order(parts: list[tuple[str, str]], read: list[str]) -> None:
    assert cited(mail.read(multipart("mixed", *parts), "a.eml")) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" \n", OTHER),
        ("Your mail program can't show HTML. View this message in a browser.", OTHER),
        ("Hello.", OTHER),
        (OWN, OWN),
    ],
)
def test_of_two_versions_the_one_with_the_text_is_read(written: str, read: str) -> None:
    data = multipart("alternative", ("text/plain", written), ("text/html", f"<p>{OTHER}</p>"))
    assert cited(mail.read(data, "a.eml")) == [read]


def test_a_signature_ends_with_its_part() -> None:
    signed = multipart("mixed", ("text/plain", f"{OWN}\n-- \nAda Lind"), ("text/plain", OTHER))
    assert cited(mail.read(signed, "a.eml")) == [OWN, OTHER]


def test_lines_that_flow_are_joined() -> None:
    flowed = "The channel stays \nclosed until the \n wreck is raised.\n> Has nobody asked \n> the divers?\n"
    data = plain(flowed, "text/plain; charset=utf-8; format=flowed")
    assert mail.read(data, "a.eml").text.splitlines() == [
        "The channel stays closed until the wreck is raised.",
        "> Has nobody asked the divers?",
    ]
    deleted = plain("Wre \ncks.\n", 'text/plain; format=flowed; delsp="yes"')
    assert mail.read(deleted, "a.eml").text == "Wrecks."


@pytest.mark.parametrize(
    ("above", "author", "day"),
    [
        ("On Mon, 7 Aug 2023 at 09:12, Maren Holt <maren@port.example> wrote:", "Maren Holt", "2023-08-07"),
        (
            "On Mon, Aug 7, 2023 at 9:12 AM Maren Holt <\nmaren@port.example> wrote:",
            "Maren Holt",
            "2023-08-07",
        ),
        ("On 07/08/2023 09:12, Maren Holt wrote:", "Maren Holt", None),
        ("Maren Holt <maren@port.example> writes:", "Maren Holt", None),
        ("Am 07.08.2023 um 09:12 schrieb Maren Holt:", None, None),
        ("", None, None),
    ],
)
def test_quoted_words_are_not_the_senders(above: str, author: str | None, day: str | None) -> None:
    body = f"{OWN}\n\n{above}\n> {OTHER}\n>\n> > {THIRD}\n\n-- \nAda Lind, Sound Post\n"
    first, second, third = messages(plain(body))
    assert first == ([OWN], *ME)
    assert second[0] == [OTHER]
    assert (second[1], second[2]) == (author, day) or above.startswith("Am ")
    assert third == ([THIRD], None, None)


@pytest.mark.parametrize(
    "headers",
    [
        "-----Original Message-----\nFrom: Maren Holt [mailto:maren@port.example]\n"
        "Sent: Monday, August 7, 2023 9:12 AM\n"
        "To: Ada Lind\nSubject: Wreck",
        "---------- Forwarded message ---------\nFrom: Maren Holt <maren@port.example>\n"
        "Date: Mon, Aug 7, 2023 at 9:12 AM\n"
        "Subject: Wreck\nTo: <ada@post.example>\n",
        "Begin forwarded message:\n\nFrom: Maren Holt <maren@port.example>\nSubject: Wreck\n"
        "Date: 7 August 2023 at 09:12\n",
        "________________________________\nVon: Maren Holt <maren@port.example>\nGesendet: 7 August 2023\n"
        "Betreff: Wreck",
        "*From:* Maren Holt\n*Date:* 7 August 2023\n*Subject:* Wreck",
    ],
)  # fmt: skip
@pytest.mark.parametrize("comment", [OWN, ""])
def test_a_forwarded_message_is_a_document_of_its_own(headers: str, comment: str) -> None:
    data = plain(f"{comment}\n\n{headers}\n\n{OTHER}\n")
    found = messages(data)
    assert found == ([([OWN], *ME)] if comment else []) + [([OTHER], "Maren Holt", "2023-08-07")]
    first, others, _ = mail.read_all(data, "a.eml")
    forwarded = others[0] if comment else first
    assert forwarded.title == "Wreck"


def test_an_attached_message_is_a_document_of_its_own() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    for message, name, text in ((inner, "Maren Holt", OTHER), (outer, "Ada Lind", OWN)):
        message["From"], message["Subject"] = f"{name} <a@b.example>", "Wreck"
        message.set_content(text)
    outer.add_attachment(inner)
    assert messages(outer.as_bytes(policy=SMTP)) == [([OWN], "Ada Lind", None), ([OTHER], "Maren Holt", None)]


@pytest.mark.parametrize(
    "html",
    [
        f'<div>{OWN}</div><div class="gmail_quote"><div>On Mon, 7 Aug 2023, Maren Holt '
        f'&lt;m@p.example&gt; wrote:'
        f'<br></div><blockquote class="gmail_quote"><p>{OTHER}</p></blockquote></div>',
        f'<div>{OWN}</div><blockquote type="cite"><div>On 7 Aug 2023, at 09:12, Maren Holt '
        f'&lt;m@p.example&gt; wrote:'
        f"</div><div>{OTHER}</div></blockquote>",
        f"<p>{OWN}</p><div id='Signature'><p>Ada Lind, Sound Post.</p></div><hr><div "
        f"id='divRplyFwdMsg'><b>From:</b>"
        f" Maren Holt<br><b>Sent:</b> 7 Aug 2023<br><b>Subject:</b> Wreck<br></div><p>{OTHER}</p>",
    ],
)  # fmt: skip
def test_quoted_html_is_not_the_senders(html: str) -> None:
    first, second = messages(plain(html, "text/html; charset=utf-8"))
    assert first[1:] == ME
    assert first[0][0] == OWN
    assert second == ([OTHER], "Maren Holt", "2023-08-07")


def test_a_block_quote_that_the_sender_sets_is_the_senders() -> None:
    html = f"<p>{OWN}</p><blockquote>{OTHER}</blockquote>"
    assert messages(plain(html, "text/html")) == [([OWN, OTHER], *ME)]


@pytest.mark.parametrize(
    "text",
    ["On Monday she wrote: no.", "From: the quay, one saw it.", "On Monday she wrote:", "Yours, from Ada"],
)
def test_sentences_that_look_like_headers_are_the_senders(text: str) -> None:
    assert messages(plain(f"{OWN}\n\n{text}\n\n{OTHER}\n")) == [([OWN, text, OTHER], *ME)]


lines = st.lists(
    st.builds(
        MailLine,
        st.sampled_from(["", OWN, "-- ", "From: a@b.c", "Date: 7 May 2023", "On 7 May 2023 Ada wrote:",
         "Sent from my desk"]),
        st.integers(0, 2),
    ),
    max_size=12,
)  # fmt: skip


@given(lines)
def test_no_line_is_lost_or_told_twice(lines: list[MailLine]) -> None:
    """A line is the sender's, or in one quoted message, or is furniture (headers, signatures)."""
    own, quoted = split(lines)
    words = [line for line, mine in zip(lines, own, strict=True) if mine and line.text == OWN]
    inner = [line for each in quoted for line in each.lines if line.text == OWN]
    signed = any(line.text == "-- " and not line.depth for line in lines)
    written = [line for line in lines if line.text == OWN]
    assert len(words) + len(inner) == len(written) or signed
    assert len(words) + len(inner) <= len(written)


# -- files


def test_an_index_has_each_message_and_follows_changes(tmp_path: Path, tiny_model: Path, cli: Cli) -> None:
    files = tmp_path / "mail"
    files.mkdir()
    headers = "-----Original Message-----\nFrom: Maren Holt\nSent: 7 August 2023\n\n"
    (files / "a.eml").write_bytes(plain(f"{OWN}\n\n{headers}{OTHER}\n"))
    (files / "b.msg").write_bytes(b"\xd0\xcf\x11\xe0")
    index = tmp_path / "index"
    first = cli("index", str(files), "--index", str(index), "--model", str(tiny_model))
    assert "b.msg is not an Outlook message" in first.err
    with Index.open(index) as archive:
        assert sorted((each.source.rpartition("/")[2], each.date) for each in archive.documents()) == [
            ("a.eml", "2023-08-09"),
            ("a.eml#1", "2023-08-07"),
        ]
    (files / "a.eml").write_bytes(plain(OWN))
    cli("index", str(files), "--index", str(index))
    with Index.open(index) as archive:
        assert [each.date for each in archive.documents()] == ["2023-08-09"]


def test_one_message_of_a_file_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(plain(f"{OWN}\n\n> {OTHER}\n"))
    assert formats.read_one(tmp_path / "a.eml", "1", "a.eml#1").text == OTHER
    with pytest.raises(SourceError, match="no longer"):
        formats.read_one(tmp_path / "a.eml", "2", "a.eml#2")


def test_messages_of_a_mailbox_and_what_they_quote(tmp_path: Path) -> None:
    data = multipart("mixed", ("text/plain", f"{OWN}\n\n> {OTHER}"), ("application/pdf", "x"))
    (tmp_path / "a.mbox").write_bytes(b"From a@b.c Thu May  2 10:00:00 2024\n" + data)
    found = list(formats.read_collection(tmp_path / "a.mbox", "a.mbox"))
    parts = {each.part: each.read(each.part).author for each in found if isinstance(each, DocumentRef)}
    assert parts == {"1": "Ada Lind", "1.1": None}
    assert [each for each in found if isinstance(each, LeftOut)] == [
        LeftOut("attachments of messages", "application/pdf")
    ]


def test_a_mail_whose_parts_are_blank_is_refused() -> None:
    with pytest.raises(SourceError, match=r"x\.eml is empty"):
        mail.read(multipart("alternative", ("text/plain", " \n "), ("text/plain", "")), "x.eml")
