"""What a Word document shows: struck-out, hidden and deleted words aren't part of its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from askbrief.formats.nested_blocks import cut
from askbrief.formats.ooxml import attribute
from askbrief.formats.raised import exponent

if TYPE_CHECKING:
    from lxml.etree import _Element

UNSHOWN = ("strike", "dstrike", "vanish")
"""Properties of runs. Where both styles of a run set one, they cancel each other (ISO 29500-1, 17.7.3)."""
OFF = frozenset({"0", "false", "off"})
LONGEST_CHAIN = 10
"""Styles that are based on one another."""

Look = Mapping[str, bool]
"""Which of ``UNSHOWN`` something sets, and whether it sets them on or off."""


def remove_unshown(body: _Element, styles: _Element) -> None:
    """Remove what isn't shown from a document's elements, and join paragraphs whose end was deleted."""
    looks = _looks(styles)
    usual = next((attribute(each, "styleId") for each in styles.iter("style") if _is_usual(each)), "")
    for change in list(body.iter("del", "moveFrom", "Fallback")):
        if len(change):  # an empty one is a property, of a paragraph's end or a row
            cut(change)
    for run in list(body.iter("r")):
        if not _shown(run, looks, usual):
            cut(run)
    for paragraph in body.iter("p"):
        _raise_exponents(paragraph)
    for row in list(body.iter("tr")):
        if _has(row, "trPr", "del") or _has(row, "trPr", "hidden"):
            cut(row)
    for field in list(body.iter("sdt")):
        if _has(field, "sdtPr", "showingPlcHdr"):  # “Click here to enter text”
            cut(field)
    for paragraph in list(body.iter("p")):
        _join(paragraph)


def _raise_exponents(paragraph: _Element) -> None:
    """Write exponents with raised figures: 10⁶, never 106."""
    before = ""
    for text in paragraph.iter("t"):
        words, run = text.text or "", text.getparent()
        place = None if run is None else run.find("rPr/vertAlign")
        if place is not None and attribute(place, "val") == "superscript":
            text.text = words = exponent(before, words) or words
        before = (before + words)[-40:]


def _shown(run: _Element, looks: Mapping[str, Look], usual: str) -> bool:
    own = run.find("rPr")
    paragraph = next(run.iterancestors("p"), None)
    around = None if paragraph is None else paragraph.find("pPr")
    by_style = [looks.get(_style(around, "pStyle") or usual, {}), looks.get(_style(own, "rStyle"), {})]
    direct = {} if own is None else _look(own)
    return not any(direct.get(name, sum(look.get(name, False) for look in by_style) == 1) for name in UNSHOWN)


def _style(properties: _Element | None, name: str) -> str:
    style = None if properties is None else properties.find(name)
    return "" if style is None else attribute(style, "val")


def _look(properties: _Element) -> Look:
    return {str(each.tag): _is_on(each) for each in properties.iterchildren(*UNSHOWN)}


def _is_on(element: _Element) -> bool:
    return attribute(element, "val").lower() not in OFF


def _is_usual(style: _Element) -> bool:
    """Whether a style is that of paragraphs that name none."""
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true", "on"}


def _looks(styles: _Element) -> dict[str, Look]:
    """What each style sets, by its id, with what it takes over from the style that it is based on."""
    own: dict[str, Look] = {}
    based: dict[str, str] = {}
    for style in styles.iter("style"):
        name, properties = attribute(style, "styleId"), style.find("rPr")
        own[name] = {} if properties is None else _look(properties)
        based[name] = _style(style, "basedOn")
    return {name: _inherited(_chain(name, based), own) for name in own}


def _chain(name: str, based: Mapping[str, str]) -> list[str]:
    chain = [name]
    while chain[-1] in based and len(chain) <= LONGEST_CHAIN:
        chain.append(based[chain[-1]])
    return chain


def _inherited(chain: Iterable[str], own: Mapping[str, Look]) -> Look:
    return {name: on for style in reversed(list(chain)) for name, on in own.get(style, {}).items()}


def _has(element: _Element, properties: str, name: str) -> bool:
    found = element.find(f"{properties}/{name}")
    return found is not None and _is_on(found)


def _join(paragraph: _Element) -> None:
    """Put a paragraph before the words of the next one if its end isn't shown: Word then shows one."""
    after = paragraph.getnext()
    mark = paragraph.find("pPr/rPr")
    gone = mark is not None and any(_has(mark, ".", name) for name in ("del", "moveFrom", "vanish"))
    if not gone or after is None or after.tag != "p":
        return
    words = [each for each in paragraph if each.tag != "pPr"]
    at = 1 if len(after) and after[0].tag == "pPr" else 0
    after[at:at] = words
    cut(paragraph)
