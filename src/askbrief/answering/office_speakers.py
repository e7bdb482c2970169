"""Who speaks in a document for the office, body or person that a question names by other words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from askbrief.english.names import NameMatcher
from askbrief.english.offices import holds_in, introduced
from askbrief.types import Quotation, Quoted


def speaking_for(
    who: str, quoted: Sequence[Quoted], title: str, text: Callable[[str], str], names: NameMatcher
) -> list[Quotation]:
    """The quotations of a document whose speaker ``who`` means.

    It means them by their name, their office, or the words for them. If there are none, by an office that
    the document's title completes: “Governor Lee” is the governor of the central bank under “Central bank
    holds rates”. If the office only speaks there unnamed, the one named speaker is meant too if ``text``,
    which gives the text of a document by its id, introduces them by the post that they hold.
    """
    found = [one for one in quoted if _speaks_for(who, one, names)]
    if not found:
        found = [one for one in quoted if holds_in(who, one.quotation.role or one.speaker or "", title)]
        if len({one.quotation.name for one in found}) > 1:
            return []
    named = {one.quotation.name for one in quoted if one.quotation.name}
    if found and len(named) == 1 and not any(one.quotation.name for one in found):
        (name,) = named
        if introduced(text(found[0].document.id), name):
            found = [one for one in quoted if one in found or one.quotation.name]
    return [one.quotation for one in found]


def _speaks_for(who: str, quoted: Quoted, names: NameMatcher) -> bool:
    """Whether a quotation is attributed to ``who``, by the words for its speaker, by their name or office."""
    said = quoted.quotation
    told = f"{quoted.speaker or ''} {said.role or ''} {said.name or ''}"
    return names.mentions(who, told) or any(
        names.mentions(who, words) for words in (quoted.speaker, said.name) if words
    )
