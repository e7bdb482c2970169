"""Sources: decoding without loss, paragraphs by how a file was written, and the walk over folders."""

from __future__ import annotations

import os
import textwrap
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.errors import SourceError
from askbrief.formats import FoundFile, Skipped, find, markdown, read, text
from askbrief.formats.decoding import decode
from askbrief.types import Document

SEED = Path(__file__).parents[1] / "seeds" / "000_0d06cd820be1c650.txt"
FIRST = "The minister said on Friday that talks would go on until a solution had been found for all sides."
SECOND = "Nobody at the ministry in Berlin could say how long that would take, or who would pay for it."
THIRD = "The opposition, which had asked for the figures in May, called the answer an insult to Parliament."


def pieces(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.paragraphs]


def plain(written: str, source: str = "a.txt") -> Document:
    return text.read(written.encode(), source)


def marked(written: str) -> Document:
    return markdown.read(written.encode(), "a.md")


def flat(paragraphs: list[str]) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in paragraphs]


class TestDecode:
    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_news_punctuation(self, encoding: str) -> None:
        written = "“We won’t pay £5 — or €6,” said José at the café in Zürich…\r\nThat was all.\r\n"
        assert decode(written.encode(encoding), "a.txt") == written

    def test_latin_1(self) -> None:
        written = "El ministro señaló que la negociación continuará mañana en España.\n"
        assert decode(written.encode("latin-1"), "a.txt") == written

    @pytest.mark.parametrize(
        ("encoding", "written"),
        [
            ("cp1251", "Министр иностранных дел заявил, что переговоры будут продолжаться до осени.\n"),
            ("koi8_r", "Министр иностранных дел заявил, что переговоры будут продолжаться до осени.\n"),
            ("iso8859_2", "Minister powiedział, że rozmowy będą kontynuowane, dopóki nie będzie zgody.\n"),
        ],
    )
    def test_other_alphabets_are_right_or_refused(self, encoding: str, written: str) -> None:
        try:
            decoded = decode((written * 5).encode(encoding), "a.txt")
        except SourceError:
            assert encoding == "iso8859_2"  # too like its neighbours for so little text
        else:
            assert decoded == written * 5

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
    def test_byte_order_mark_stays(self, encoding: str) -> None:
        assert decode("\ufeffPrice: €5".encode(encoding), "a.txt") == "\ufeffPrice: €5"

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"%PDF-1.7 and then some", "PDF"),
            (b"PK\x03\x04rest", "ZIP"),
            (b"\x89PNG\r\n\x1a\nrest", "PNG"),
            (b"\x7fELFrest", "ELF"),
            (b"some\x00text", "NUL"),
            (b"\xe9\x00\xe8", "NUL"),
            (b"a\x01\x02\x03\x04b", "control"),
        ],
    )
    def test_binary_is_refused_by_name(self, data: bytes, kind: str) -> None:
        with pytest.raises(SourceError, match=rf"^a\.bin is binary \(.*{kind}.*not text; "):
            decode(data, "a.bin")

    @pytest.mark.parametrize(
        "data",
        [
            "“Café”".encode() + b" and \x93caf\xe9\x94 in one file",  # UTF-8 and Windows-1252 mixed
            b"Zbo\xbfe i \xb3\xb9ka",  # Polish in Windows-1250, too little to be sure
            b"\xff\xfea",  # half a UTF-16 character
        ],
    )
    def test_doubt_is_refused(self, data: bytes) -> None:
        with pytest.raises(SourceError, match=r"^a\.txt .*UTF-8"):
            decode(data, "a.txt")

    @given(st.binary(max_size=300))
    @settings(max_examples=150)
    def test_any_bytes_give_honest_text_or_a_source_error(self, data: bytes) -> None:
        try:
            decoded = decode(data, "a.txt")
        except SourceError:
            return
        assert decoded.encode() or not data
        assert "\ufffd" not in decoded or "\ufffd".encode() in data

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
    def test_utf_8_round_trips(self, written: str) -> None:
        assert decode(written.encode(), "a.txt") == written


class TestPlainText:
    def test_seed_is_a_paragraph_a_line(self) -> None:
        document = read(SEED, "seeds/kirby.txt")
        assert len(document.paragraphs) == 19
        assert pieces(document)[8].startswith("“The Russians really have kind of stalled out up there")
        assert document.title.startswith("French President Emmanuel Macron")
        assert document.title.endswith("…")
        assert len(document.title) <= 81

    def test_record(self) -> None:
        document = plain(f"Talks go on\n\n{FIRST}\n", "news/2024-06-07-talks.txt")
        assert document.id == sha256(b"news/2024-06-07-talks.txt").hexdigest()[:12]
        assert document.sha256 == sha256(document.text.encode()).hexdigest()
        assert (document.title, document.date) == ("Talks go on", "2024-06-07")

    @pytest.mark.parametrize(
        "name", ["2024-13-01-a.txt", "a2024-06-07.txt", "2024-06-071.txt", "20240607.txt"]
    )
    def test_no_date_is_invented(self, name: str) -> None:
        assert plain(FIRST, name).date is None

    def test_text_is_the_file_itself(self) -> None:
        written = f"\ufeff{FIRST}\r\n\r\n{SECOND}\r\n"
        document = plain(written)
        assert document.text == written
        assert pieces(document) == [FIRST, SECOND]

    @pytest.mark.parametrize("width", [40, 66, 72, 80])
    def test_hard_wrapped_blocks(self, width: int) -> None:
        written = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in (FIRST, SECOND, THIRD))
        assert flat(pieces(plain(written))) == [FIRST, SECOND, THIRD]

    def test_hard_wrapped_with_indents_as_on_the_wire(self) -> None:
        filled = (textwrap.fill(paragraph, 66, initial_indent="    ") for paragraph in (FIRST, SECOND, THIRD))
        written = "\n".join(filled).lstrip() + "\n Reuter\n\x03"
        assert flat(pieces(plain(written))) == [FIRST, SECOND, THIRD, "Reuter"]

    def test_short_lines_are_not_joined(self) -> None:
        lines = [
            "Ad sales boost profit",
            "Dollar gains on speech",
            "Yukos unit buyer faces loan claim",
            "Oil up",
        ]
        assert pieces(plain("\n".join(lines))) == lines

    def test_what_is_not_prose_is_left_out(self) -> None:
        assert pieces(plain(f"{FIRST}\n* * *\n-----\n{SECOND}\n")) == [FIRST, SECOND]

    def test_odd_line_ends(self) -> None:
        assert pieces(plain(f"{FIRST}\x0c{SECOND}\x85{THIRD}\u2028{FIRST}\r{SECOND}")) == [
            FIRST, SECOND, THIRD, FIRST, SECOND,
        ]  # fmt: skip

    @pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff\u2003\n".encode()])
    def test_empty(self, data: bytes) -> None:
        with pytest.raises(SourceError, match=r"^a\.txt is empty; "):
            text.read(data, "a.txt")

    def test_no_prose(self) -> None:
        with pytest.raises(SourceError, match=r"^a\.txt has no prose; "):
            text.read(b"---\n***\n", "a.txt")


class TestMarkdown:
    def test_front_matter_gives_title_and_day(self) -> None:
        document = marked("---\ntitle: 'A: story'\nDate: 2024-06-07 10:00:00\n---\n\n# Other\n\nProse.\n")
        assert (document.title, document.date) == ("A: story", "2024-06-07")
        assert pieces(document) == ["Other", "Prose."]

    @pytest.mark.parametrize(
        "fields", ["date: 2024-13-45", "title: [", "? {}: x", "date: June 7", "a: &a [*a]", "title: {a: b}"]
    )
    def test_bad_front_matter_is_ignored(self, fields: str) -> None:
        document = marked(f"---\nx: 1\n{fields}\n---\nProse stands here\n")
        assert (document.title, document.date) == ("Prose stands here", None)

    def test_a_rule_at_the_top_is_no_front_matter(self) -> None:
        assert pieces(marked("---\n\nFirst words.\n\n---\n\nLast words.\n")) == [
            "First words.",
            "Last words.",
        ]

    def test_title_is_the_first_heading_in_plain_words(self) -> None:
        assert (
            marked("Intro.\n\n## 1. The *big* [story](http://x) of `x` ##\n").title == "1. The big story of x"
        )

    def test_blocks_without_their_markers(self) -> None:
        written = (
            "\ufeff# Head #\n\nOne\ntwo.\r\n\r\n> Quoted\n\n- [ ] task\n- item\n  goes on\n  1. inner\n\n"
            "<!-- left\nout -->\n\n```\nleft out\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
            "Set\n===\n\n    Indented.\n"
        )
        expected = "Head / One two. / Quoted / task / item goes on / inner / a | b / 1 | 2 / Set / Indented."
        assert " / ".join(flat(pieces(marked(written)))) == expected

    def test_text_stays_raw(self) -> None:
        written = "# Head\r\n\r\nSome *words*.\r\n"
        assert marked(written).text == written


MARKS = [
    "a",
    "B.",
    " ",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "#",
    "-",
    "```",
    "\t",
    "<!--",
    "\r\n",
    "\ufeff",
    "---\n",
    "[a]: b",
    "\u2028",
    "\x0c",
    "=",
]


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.lists(st.sampled_from([*MARKS, "|"])).map("".join),
    )
)
@settings(max_examples=300)
def test_paragraphs_are_ordered_trimmed_and_apart(written: str) -> None:
    for reader in (text.read, markdown.read):
        try:
            document = reader(written.encode(), "a")
        except SourceError:
            continue
        assert document.text == written
        assert document.title
        end = 0
        for start, stop in document.paragraphs:
            assert end <= start < stop <= len(written)
            assert written[start:stop] == written[start:stop].strip().strip("\ufeff")
            end = stop


@pytest.mark.parametrize("reader", [text.read, markdown.read])
@pytest.mark.parametrize("unit", ["He said so. ", "a", " \ufeff", "> ", "[", "<a ", "`", "é"])
def test_one_line_of_megabytes_is_quick(reader: object, unit: str) -> None:
    data = ("x " + unit * (3_000_000 // len(unit))).encode()
    began = time.perf_counter()
    assert callable(reader)
    assert len(reader(data, "a").paragraphs) <= 1
    assert time.perf_counter() - began < 30


class TestFind:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        for name in (
            "in/b.txt",
            "in/a/z.MD",
            "in/a.text",
            "in/.hid.txt",
            "in/.git/c.txt",
            "in/SOURCE",
            "in/x.png",
        ):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("words")
        return tmp_path

    def test_folders_are_walked_in_order(self, folder: Path) -> None:
        assert folder.is_dir()
        found = [one.source for one in find([Path("in")]) if isinstance(one, FoundFile)]
        assert found == ["in/a/z.MD", "in/a.text", "in/b.txt"]

    def test_named_files_are_taken_as_they_are_and_once(self, folder: Path) -> None:
        names = [Path("in/SOURCE"), folder / "in" / "SOURCE", Path("in/.hid.txt"), Path("in/a")]
        assert [found.source for found in find(names)] == ["in/SOURCE", "in/.hid.txt", "in/a/z.MD"]

    def test_outside_the_current_folder_names_are_absolute(self, folder: Path) -> None:
        os.chdir(folder / "in" / "a")
        sources = [found.source for found in find([folder / "in" / "b.txt", Path("../a.text"), Path("z.MD")])]
        assert sources == [
            (folder / "in" / "b.txt").as_posix(),
            (folder / "in" / "a.text").as_posix(),
            "z.MD",
        ]

    def test_links_in_circles_and_to_nowhere(self, folder: Path) -> None:
        (folder / "in" / "a" / "loop").symlink_to(folder / "in")
        (folder / "in" / "c.txt").symlink_to(folder / "nowhere")
        (folder / "in" / "d.txt").symlink_to(folder / "in" / "b.txt")
        found = list(find([Path("in")]))
        assert sorted(one.source for one in found if isinstance(one, FoundFile)) == [
            "in/a.text",
            "in/a/z.MD",
            "in/b.txt",
        ]
        assert [one.source for one in found if isinstance(one, Skipped) and not one.intended] == ["in/c.txt"]

    def test_missing_path(self, folder: Path) -> None:
        assert folder.is_dir()
        with pytest.raises(SourceError, match=r"^no such file or folder: nope\.txt; "):
            find([Path("in"), Path("nope.txt")])

    def test_folder_that_cannot_be_listed(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        scandir = os.scandir

        def refuse(path: Path) -> object:
            if Path(path).name == "a":
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        assert folder.is_dir()
        assert next(find([Path("in")])) == Skipped(
            "in/a", "the folder can't be listed: Permission denied; allow reading it"
        )

    def test_name_that_is_not_utf_8_can_be_stored(self, folder: Path) -> None:
        (folder / "in" / os.fsdecode(b"caf\xe9.txt")).write_text("words")
        assert "in/caf\\xe9.txt" in [found.source for found in find([Path("in")])]

    def test_vanished_and_unreadable_files(self, folder: Path) -> None:
        with pytest.raises(SourceError, match=r"^gone\.txt has disappeared"):
            read(folder / "gone.txt", "gone.txt")
        with pytest.raises(SourceError, match=r"^in can't be read: .*; check"):
            read(folder / "in", "in")
