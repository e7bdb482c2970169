"""Messages as Outlook saves them: read as the mails that they were."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from askbrief.errors import SourceError
from askbrief.formats import outlook
from askbrief.formats.registry import FORMATS
from mutations import mutated, pieces, taken

SAID = "The lock stays shut until the gate is mended."
OTHER = "Nobody has seen the barge since Friday."
SENT = ((1_709_294_400 + 11_644_473_600) * 10**7).to_bytes(8, "little")
"""The first of March 2024 at noon, in tenths of microseconds since 1601."""
END, FREE, FAT_ITSELF = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR, MINI = 512, 64

Tree = Mapping[str, Any]


def text(number: str, value: str) -> dict[str, bytes]:
    return {f"__substg1.0_{number}001F": value.encode("utf-16-le")}


def properties(head: int = 32, **values: tuple[int, bytes]) -> dict[str, bytes]:
    rows = (struct.pack("<HHI", kind, int(name[1:], 16), 6) + value for name, (kind, value) in values.items())
    return {"__properties_version1.0": b"\0" * head + b"".join(rows)}


def a_message(subject: str, said: str, head: int = 32, **more: Any) -> dict[str, Any]:
    texts = {"0037": subject, "0C1A": "Ada Lind", "5D01": "ada@lock.example", "1000": said}
    sizes = {
        f"n{number}": (0x1F, struct.pack("<II", 2 * len(value) + 2, 0)) for number, value in texts.items()
    }
    streams = [text(number, value) for number, value in texts.items()]
    made = properties(head, n0039=(0x40, SENT), **sizes)
    return {name: held for each in (made, *streams, more) for name, held in each.items()}


def compound(tree: Tree) -> bytes:
    """A compound file (MS-CFB, version 3) of a tree: streams by name, and folders of them."""
    entries: list[list[Any]] = [["Root Entry", 5, FREE, b""]]  # name, type, child, content
    siblings: dict[int, int] = {}

    def add(held: Tree, parent: int) -> None:
        before = None
        for name in sorted(held, key=lambda each: (len(each), each.upper())):
            at, value = len(entries), held[name]
            entries.append([name, 2 if isinstance(value, bytes) else 1, FREE, value])
            if before is None:
                entries[parent][2] = at
            else:
                siblings[before] = at
            before = at
            if not isinstance(value, bytes):
                entries[at][3] = b""
                add(value, at)

    add(tree, 0)
    mini, mini_fat, starts = b"", list[int](), dict[int, int]()
    for at, (_, kind, _, content) in enumerate(entries):
        if kind != 2 or not content:
            continue
        assert len(content) < 4096
        count = -(-len(content) // MINI)
        starts[at] = len(mini_fat)
        mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), END]
        mini += content.ljust(count * MINI, b"\0")
    sizes = [-(-len(entries) // 4), -(-len(mini_fat) * 4 // SECTOR), -(-len(mini) // SECTOR)]
    fat, places = [FAT_ITSELF], []
    for size in sizes:
        places.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + size), END]
    assert len(fat) <= SECTOR // 4
    starts[0] = places[2]
    rows = b""
    for at, (name, kind, child, content) in enumerate(entries):
        size = len(mini) if at == 0 else len(content)
        coded = name.encode("utf-16-le") + b"\0\0"
        rows += coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1)
        rows += struct.pack("<III", FREE, siblings.get(at, FREE), child) + b"\0" * 36
        rows += struct.pack("<IQ", starts.get(at, END), size)
    rows += (b"\0" * 68 + struct.pack("<III", FREE, FREE, FREE) + b"\0" * 48) * (-len(entries) % 4)
    head = outlook.COMPOUND + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, places[0], 0, 4096, places[1], sizes[1], END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    return b"".join([
        head,
        struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff"),
        rows,
        struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(sizes[1] * SECTOR, b"\xff"),
        mini.ljust(sizes[2] * SECTOR, b"\0"),
    ])  # fmt: skip


PLAIN = compound(a_message("Lock", f"{SAID}\r\n\r\nOn Friday, 1 March 2024, Bo Ray wrote:\r\n> {OTHER}\r\n"))


def test_a_message_is_read_as_a_mail() -> None:
    found = outlook.read_all(PLAIN, "a.msg")
    (quoted,) = found.inside
    assert (found.document.title, found.document.author) == ("Lock", "Ada Lind")
    assert (found.document.date, pieces(found.document)) == ("2024-03-01", [SAID])
    assert (quoted.author, pieces(quoted)) == ("Bo Ray", [OTHER])
    assert FORMATS.recognised(PLAIN) is outlook.FORMAT


def test_html_is_read_in_the_code_page_of_the_message() -> None:
    html = f"<p>{SAID}</p><p>“Così,” he said.</p>".encode("cp1252")
    page = properties(n3FDE=(3, (1252).to_bytes(8, "little")))
    data = compound({**a_message("Lock", ""), **page, "__substg1.0_10130102": html})
    assert pieces(outlook.read(data, "a.msg")) == [SAID, "“Così,” he said."]


def test_attached_messages_are_documents_and_other_attachments_are_left_out() -> None:
    attached = {"__substg1.0_3701000D": a_message("Barge", OTHER, head=24)}
    picture = {**text("370E", "image/png"), **text("3707", "a.png"), "__substg1.0_37010102": b"x"}
    folders: dict[str, Any] = {
        "__attach_version1.0_#00000000": attached,
        "__attach_version1.0_#00000001": picture,
    }
    found = outlook.read_all(compound(a_message("Lock", SAID, **folders)), "a.msg")
    (other,) = found.inside
    assert (other.title, pieces(other)) == ("Barge", [OTHER])
    assert list(found.left_out) == ["image/png"]


def test_what_is_no_message_or_has_no_text_that_is_read_is_refused() -> None:
    packed = {**a_message("Lock", ""), "__substg1.0_10090102": b"LZFu"}
    for data, why in [
        (b"Hello", "is not an Outlook message"),
        (compound(packed), "packed RTF"),
    ]:
        with pytest.raises(SourceError, match=why):
            outlook.read(data, "a.msg")


@given(mutated([PLAIN], [struct.pack("<I", END), struct.pack("<I", 0), b"__substg1.0_".hex().encode()]))
@settings(max_examples=200)
def test_any_bytes_give_a_document_or_one_line(data: bytes) -> None:
    taken(outlook.read, data)
