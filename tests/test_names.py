"""One notion of the same person: spellings, titles, nicknames, short forms, and a user's aliases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from askbrief import AskbriefError, Index
from askbrief.english.aliases import FILE, Aliases
from askbrief.english.names import KnownNames, Likeness, NameMatcher
from conftest import Cli, assert_line, write

NONE, MISSPELT, PARTIAL, COMPATIBLE, SAME = Likeness

PAIRS = [
    # case, accents, and letters that stand for them
    ("José Díaz", "jose diaz", SAME),
    ("Jürgen Müller", "Juergen Mueller", SAME),
    ("Jürgen Müller", "Jurgen Muller", SAME),
    ("Günter Grass", "Guenter Graß", SAME),
    ("Ole Sørensen", "Ole Soerensen", SAME),
    ("Tomas Reuel", "Tomas Ruel", MISSPELT),  # an e after a vowel is no umlaut in a name in -el
    ("Samuel Holm", "Samul Holm", MISSPELT),
    ("Ben Stone", "Ada Stone", NONE),
    ("Van Moreau", "Lise Moreau", NONE),
    ("Ben Stone", "Stone", SAME),
    ("Van Gogh", "Vincent van Gogh", COMPATIBLE),
    ("Lech Wałęsa", "Lech Walesa", SAME),
    ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan", SAME),
    ("John KIRBY", "john kirby’s", SAME),
    ("O’Connor", "O'Connor", SAME),
    # transliterations
    ("Volodymyr Zelenskiy", "Volodymyr Zelensky", SAME),
    ("Volodymyr Zelenskyy", "Vladimir Zelenskyi", SAME),
    ("Muammar Gaddafi", "Muammar Kadhafi", SAME),
    ("Qaddafi", "Gaddafi", SAME),
    ("Alexander Lukashenko", "Aliaksandr Lukashenka", SAME),
    ("Mohammed Khan", "Muhammad Khan", SAME),
    ("Viktor Yanukovych", "Victor Yanukovich", SAME),
    ("Yulia Tymoshenko", "Julia Timoshenko", SAME),
    ("Anton Gorbachyov", "Anton Gorbachev", SAME),
    ("Kiev City Council", "Kyiv City Council", SAME),
    # titles, honours, particles, order
    ("Prosecutor Maria Lopez", "Maria López", SAME),
    ("Sir Keir Starmer MP", "Keir Starmer", SAME),
    ("Tory leader Michael Howard", "Michael Howard", SAME),
    ("Turkish President Erdogan", "Recep Tayyip Erdoğan", COMPATIBLE),
    ("Secretary of State Ann Lee", "Ann Lee", SAME),
    ("Mayor Ann Lee of Ulm", "Ann Lee", SAME),
    ("IMF chief Ann Lee", "Ann Lee", SAME),
    ("Martin Luther King Jr.", "Martin Luther King", SAME),
    ("Bashar al-Assad", "Bashar Assad", SAME),
    ("al-Assad", "Bashar al Assad", COMPATIBLE),
    ("de Blasio", "Bill de Blasio", COMPATIBLE),
    ("Ursula von der Leyen", "Ursula Von der Leyen", SAME),
    ("Díaz, José", "José Díaz", SAME),
    ("Ann Lee, MP", "Ann Lee", SAME),
    ("Kim Jong-un", "Kim Jong Un", SAME),
    ("Jean-Claude Juncker", "Jean Claude Juncker", SAME),
    # a surname, a first name, initials, nicknames
    ("Kirby", "John Kirby", COMPATIBLE),
    ("John Kirby Jr.", "Kirby", COMPATIBLE),
    ("Boris", "Boris Johnson", PARTIAL),
    ("Au", "Ken Au", COMPATIBLE),
    ("Cardinal O'Connor", "Cormac Murphy O'Connor", COMPATIBLE),
    ("J. Díaz", "José Díaz", COMPATIBLE),
    ("JD Vance", "J. D. Vance", SAME),
    ("J.D. Vance", "JD Vance", SAME),
    ("John F. Kennedy", "John Kennedy", SAME),
    ("JFK", "John F. Kennedy", COMPATIBLE),
    ("Bob Ray", "Robert Ray", SAME),
    ("Ed Davey", "Edward Davey", SAME),
    ("Stephen King", "Steven King", SAME),
    ("John Major", "Major", COMPATIBLE),
    # bodies
    ("UN", "the United Nations", SAME),
    ("U.N.", "United Nations", SAME),
    ("WHO", "World Health Organisation", SAME),
    ("Labour", "Labour Party", SAME),
    ("the Conservatives", "Tory Party", SAME),
    ("EBU", "European Broadcasting Union", COMPATIBLE),
    ("Justice Department", "Department of Justice", SAME),
    ("Defense Ministry", "Ministry of Defence", SAME),
    ("UK Home Office", "Home Office", COMPATIBLE),
    ("US Treasury", "Treasury", COMPATIBLE),
    ("The Kremlin", "Kremlin", SAME),
    ("Apple Inc.", "Apple", SAME),
    # a letter wrong
    ("Micheal Howard", "Michael Howard", MISSPELT),
    ("Emmanuel Makron", "Emmanuel Macron", MISSPELT),
    ("Clark", "Clarke", MISSPELT),
    # two
    ("Ann Lee", "Anna Leeds", NONE),
    ("Ann Lee", "Anna Lee", NONE),
    ("Peter Hall", "Peter Holl", MISSPELT),
    ("Micheal Ford", "Michael Ford", MISSPELT),
    ("Ana Holm", "Anna Holm", MISSPELT),
    ("Tim Smith", "Tom Smith", NONE),
    ("Maria Rossi", "Mario Rossi", NONE),
    ("John Smith", "Jane Smith", NONE),
    ("Smith", "Smithers", NONE),
    ("Bill Clinton", "Hillary Clinton", NONE),
    ("John Kirby", "John Kerry", NONE),
    ("George W. Bush", "George H. W. Bush", NONE),
    ("Alexander Ray", "Alexandra Ray", NONE),
    ("Olena Zelenska", "Volodymyr Zelensky", NONE),
    ("Thomas James", "James Thomas", NONE),
    ("Maria García", "García Márquez", NONE),
    ("Al Gore", "Tipper Gore", NONE),
    ("Reid", "Reed", NONE),
    ("Bank of England", "Bank of Japan", NONE),
    ("Bank of England", "England", NONE),
    ("White House", "House", NONE),
    ("ECB", "European Commission", NONE),
    ("UN", "UK", NONE),
    ("Au", "African Union", NONE),
    ("Mr.", "Kirby", NONE),
    ("the president", "Kirby", NONE),
]


@pytest.mark.parametrize(("one", "other", "likeness"), PAIRS)
def test_how_well_two_names_agree(one: str, other: str, likeness: Likeness) -> None:
    names = NameMatcher()
    assert names.likeness(one, other) is likeness
    assert names.likeness(other, one) is likeness


def test_a_surname_fits_each_who_has_it() -> None:
    known = KnownNames(["George Bush", "Laura Bush", "Ann Lee"])
    assert NameMatcher().find("Bush", known) == ["George Bush", "Laura Bush"]
    assert NameMatcher().find("Mrs Laura Bush", known) == ["Laura Bush"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Bob", ["Robert Ray"]),
        ("United Nations", ["UN"]),
        ("World Health Organization", ["WHO"]),
        ("European Broadcasting Union", ["EBU"]),
        ("GWU", ["Gas Workers Union"]),
        ("José Díaz Ramírez", ["Jose Diaz"]),
        ("Bob Roy", []),
        ("Robrt", []),
        ("Jose Dias", ["Jose Diaz"]),
        ("Jsoe Diaz", []),
        ("Robrt Ray", ["Robert Ray"]),
        ("Lukaschenka", ["Alexander Lukashenko"]),
        ("Lukashenkov", []),
        ("", []),
        ("!", []),
        ("the", []),
    ],
)
def test_whom_an_archive_knows(wanted: str, found: list[str]) -> None:
    known = KnownNames(
        ["Robert Ray", "UN", "WHO", "EBU", "Gas Workers Union", "Jose Diaz", "Alexander Lukashenko"]
    )
    assert NameMatcher().find(wanted, known) == found


def test_forms_of_a_name_come_together_unless_they_fit_two() -> None:
    names = [
        *(
            "Bob Ray",
            "Robert Ray",
            "R. Ray",
            "Chris Lee",
            "Christine Lee",
            "Christopher Lee",
            "J. Lee",
            "Lee",
        ),
        *("Erdoğan", "Recep Tayyip Erdogan", "Recep Tayyip Erdoğan", "WHO", "World Health Organization"),
    ]
    groups = NameMatcher().grouped(names)
    assert sorted(sorted(group) for group in groups if len(group) > 1) == [
        ["Bob Ray", "R. Ray", "Robert Ray"],
        ["Erdoğan", "Recep Tayyip Erdogan", "Recep Tayyip Erdoğan"],
        ["WHO", "World Health Organization"],
    ]
    assert {group[0] for group in groups} >= {
        "Robert Ray",
        "Recep Tayyip Erdoğan",
        "World Health Organization",
    }


def test_an_alias_is_the_name() -> None:
    names = NameMatcher(Aliases({"George W. Bush": ("Bush", "Dubya"), "Velmora Health Office": ("WHO",)}))
    known = KnownNames(["George W. Bush", "Laura Bush", "Dubya", "World Health Organization"])
    assert names.find("Bush", known) == ["George W. Bush", "Dubya"]
    assert names.find("dubya", known) == ["George W. Bush", "Dubya"]
    assert names.find("George Bush", known) == ["George W. Bush", "Dubya"]
    assert names.find("Laura Bush", known) == ["Laura Bush"]
    assert names.find("WHO", known) == []
    assert names.likeness("Dubya", "Laura Bush") is NONE


# -- the library and the commands

BRIDGE = {
    "a.txt": "José Díaz told reporters that the bridge was safe.\n\n"
    "“It will hold for a century,” Díaz said.\n",
    "b.txt": "Robert Ray said that the tunnel was late. “We need two more years,” Ray said.\n",
    "c.txt": "The United Nations said that the camps were empty.\n",
    "d.txt": "Jose Diaz said that the road was closed.\n",
}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    root = tmp_path_factory.mktemp("bridge")
    Index.update([write(root / "files", BRIDGE)], root / "index", model=str(tiny_model))
    return root / "index"


@pytest.mark.parametrize(
    ("speaker", "documents"),
    [
        ("Jose Diaz", {"a.txt", "d.txt"}),
        ("José Díaz", {"a.txt", "d.txt"}),
        ("J. Díaz", {"a.txt", "d.txt"}),
        ("DIAZ", {"a.txt", "d.txt"}),
        ("Bob Ray", {"b.txt"}),
        ("UN", {"c.txt"}),
        ("Juan Díaz", set()),
        ("Di", set()),
    ],
)
def test_quotations_by_any_form_of_a_name(bridge: Path, speaker: str, documents: set[str]) -> None:
    with Index.open(bridge) as index:
        found = {Path(each.document.source).name for each in index.quotations(speaker=speaker)}
    assert found == documents


def test_speakers_are_listed_once(bridge: Path) -> None:
    with Index.open(bridge) as index:
        found = {each.name: each.forms for each in index.speakers()}
    assert found["José Díaz"] == ("Jose Diaz", "José Díaz")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Jose Diaz", "exact"), ("J. Diaz", "exact"), ("Mr Diaz", "exact"),
        ("Juan Diaz", "misattributed"), ("Bob Ray", "misattributed"),
    ],
)  # fmt: skip
def test_a_draft_may_use_any_form_of_a_name(bridge: Path, name: str, label: str) -> None:
    with Index.open(bridge) as index:
        (checked,) = index.check(f"“It will hold for a century,” {name} said.\n")
        assert checked.label == label
        (checked,) = index.check("“We need two more years,” Bob Ray said.\n")
        assert checked.label == "exact"


@pytest.mark.model
def test_questions_take_any_form_of_a_name(tmp_path: Path, cli: Cli) -> None:
    folder = tmp_path / "index"
    Index.update([write(tmp_path / "files", BRIDGE)], folder)
    with Index.open(folder) as index:
        for name in ("José Díaz", "Jose Diaz", "jose diaz", "Minister Diaz"):
            found = index.ask(f"what did {name} say about the bridge")
            assert found.answered
            assert Path(found.citations[0].document.source).name == "a.txt"
        assert not index.ask("what did Juan Diaz say about the bridge").answered
        assert index.ask("what did Bob Ray say about the tunnel").answered
        assert index.ask("what did the UN say about the camps").answered
        assert not index.ask("what did the Pier Man say about the bridge", speaker="the Pier Man").answered
        (folder / FILE).write_text('[people]\n"José Díaz" = ["the Pier Man"]\n', encoding="utf-8")
        assert index.ask("what did the Pier Man say about the bridge").answered
        assert index.ask("is the bridge safe?", speaker="the Pier Man").citations
    assert cli("quotes", "--speaker", "the Pier Man", "--index", folder).code == 0


# -- the user's file

MISSHAPEN = [
    ("people = 3", "people"),
    ("[places]\nKyiv = ['Kiev']", "places"),
    ("[people]\n'Ann Lee' = 'Annie'", "Ann Lee"),
    ("[people]\n'Ann Lee' = [3]", "Ann Lee"),
    ("[people]\n'Ann Lee' = ['']", "Ann Lee"),
    ("[people\n", "TOML"),
    ("\udcff", "TOML"),
]


@pytest.mark.parametrize(("text", "named"), MISSHAPEN)
def test_a_file_of_another_form_is_an_error(bridge: Path, cli: Cli, text: str, named: str) -> None:
    path = bridge / FILE
    try:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        assert_line(cli("quotes", "--speaker", "Ray", "--index", bridge), FILE, named)
        with Index.open(bridge) as index, pytest.raises(AskbriefError, match=FILE):
            index.speakers()
    finally:
        path.unlink()


def test_the_file_is_read_again_when_it_has_changed(bridge: Path) -> None:
    path = bridge / FILE
    with Index.open(bridge) as index:
        assert index.quotations(speaker="Bridgeman") == []
        path.write_text('[people]\n"Robert Ray" = ["Bridgeman"]\n', encoding="utf-8")
        assert index.quotations(speaker="Bridgeman")
        path.write_text('[people]\n"Robert Ray" = ["Tunnelman"]\n', encoding="utf-8")
        os.utime(path, ns=(1, 1))
        assert index.quotations(speaker="Bridgeman") == []
        assert index.quotations(speaker="tunnelman")
        path.unlink()
        assert index.quotations(speaker="Tunnelman") == []
