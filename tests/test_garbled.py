"""Texts that were decoded wrongly before: their signs, and that good text of many languages has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief.formats import garbled

WRITTEN = {
    "English": "It wasn’t “over” – the café’s owner said it cost €5 or £4 at 20 °C… ™",
    "French": "Le château où l’élève naïf reçoit sa clé à Noël : « Ça va ! »",
    "German": "Die Straße zur Mühle führt über größere Hügel, sagte Jäger.",
    "Spanish": "El señor Núñez pidió más atención para los niños: ¿por qué?",
    "Portuguese": "A informação não é útil, disse João à mãe.",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Russian": "Паром снова ходит по вторникам, сказал мэр.",
    "Greek": "Το πλοίο θα φύγει την Τρίτη, είπε ο δήμαρχος.",
    "emoji": "The ferry is back 🚢!",
}
CAPITALS = "«MAÇÃ» e «IRMÃ…», CAFÉ… SÃO JOSÉ’S, “Ä”, Â, É—, 25 m², § 4, À «VOILÀ»"


@pytest.mark.parametrize("text", [*WRITTEN.values(), CAPITALS, "", "plain\x85\ufeff", "Ångström Æsir ×3"])
def test_a_text_that_reads_as_it_was_written_has_no_sign(text: str) -> None:
    assert garbled(text) == []


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_utf_8_that_was_read_as_another_encoding_has_signs(text: str, encoding: str) -> None:
    assert garbled(_misread(text.encode(), encoding))


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("It wasnâ€™t, itâ€™s.", ["â€", "â€"]),
        ("A caf\ufffd.", ["\ufffd"]),
        ("\x93Yes,\x94 he said.", ["\x93", "\x94"]),
        ("ï»¿The caf\xc3\xa9", ["ï»¿", "Ã©"]),
        ("It wasnÃ¢â‚¬â„¢t.", ["Ã¢", "â‚¬", "â„¢"]),
    ],
)
def test_signs_are_given_in_their_order(text: str, signs: list[str]) -> None:
    assert garbled(text) == signs


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_has_no_sign(text: str) -> None:
    assert garbled(text) == []


def _misread(data: bytes, encoding: str) -> str:
    """The bytes as a program reads them that takes each for a character, as browsers do with those that
    Windows-1252 leaves open."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in data)
