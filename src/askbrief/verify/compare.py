"""A citation against one text of its document: what has become of it, and where it stands now; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from askbrief.types import AnswerText, Citation, Document, Extent, Sentence
from askbrief.verify import places

Side: TypeAlias = Literal["index", "source"]

State: TypeAlias = Literal["intact", "moved", "changed", "gone"]
"""What has become of a citation, from good to bad."""

SHOWN = 90
"""Characters of a text that are told in a line."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document as one side has it, and its sentences."""

    document: Document
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Where the cited words stand now, or what stands in their place.

    ``alike`` is 1 for the words themselves, else the likeness of ``text`` to them, 0 to 1. ``paragraph`` and
    ``sentences`` are None where ``text`` lies outside of all sentences, ``answer`` where its words are not
    in ``text``. ``within`` is the side that holds it, ``document`` the source name that it has there.
    """

    within: Side
    document: str
    text: str
    start: int
    end: int
    paragraph: int | None
    sentences: tuple[int, int] | None
    answer: AnswerText | None
    alike: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What one side has to say of a citation; ``why`` goes on from its name (“the file …”)."""

    state: State
    why: str
    found: Found | None = None


def compare(citation: Citation, held: Text, within: Side) -> Finding:
    """What has become of ``citation`` in a text.

    It is *intact* where the text is the one that was cited, by its sha256, and words, offsets, paragraph,
    sentences and answer are all as said. It is *moved* where its words stand in the text, be it at the very
    place in a text that was changed elsewhere; *changed* where others stand for them; else *gone*.
    """
    text = held.document.text
    here = text[citation.start : citation.end] == citation.text
    near = (citation.start, citation.end) if here else places.nearest(citation.text, text, citation.start)
    if near is None:
        return _reworded(citation, held, within)
    found = _found(citation, held, within, near)
    if citation.answer and (found.answer is None or (here and found.answer != citation.answer)):
        return _answer_elsewhere(citation.answer, found)
    if not here or not _same(citation, held):
        still = "still" if here else "now"
        return Finding("moved", f"{_origin(citation, held)} the words {still} stand at {_at(near)}", found)
    return _in_place(citation, held, found)


def _in_place(citation: Citation, held: Text, found: Found) -> Finding:
    """The words stand where they should, in the text that was cited: is it called so, and numbered so?"""
    if (held.document.id, held.document.source) != (citation.document.id, citation.document.source):
        name = f"{held.document.source} (id {held.document.id})"
        return Finding("moved", f"holds the document by another name, {name}", found)
    touched = places.inside(held.sentences, (found.start, found.end))
    whole = (touched[0].start, touched[-1].end) if touched else None
    if whole and whole != (found.start, found.end):
        found = _found(citation, held, found.within, whole)
        return Finding("moved", f"holds the words, but the whole sentences there are {_at(whole)}", found)
    if (found.paragraph, found.sentences) != (citation.paragraph, citation.sentences):
        return Finding("moved", f"holds the words in {_numbered(found)}", found)
    return Finding("intact", "holds it")


def _answer_elsewhere(said: AnswerText, found: Found) -> Finding:
    """The sentences are as cited, but the words in them that answer are not where they should be."""
    words = f"holds it, but the words of its answer, “{short(said.text)}”,"
    if found.answer is None:
        return Finding("changed", f"{words} are not in it", found)
    return Finding("moved", f"{words} stand at {found.answer.start}–{found.answer.end}", found)


def _reworded(citation: Citation, held: Text, within: Side) -> Finding:
    """Other words, if any are there for those that were cited: the most alike, or those at the old place."""
    origin = _origin(citation, held)
    count = citation.sentences[1] - citation.sentences[0] + 1
    place = places.most_alike(citation.text, count, held.document.text, held.sentences)
    place = place or places.beginning_at(citation.start, held.sentences)
    if place is None:
        return Finding("gone", f"{origin} the words stand nowhere in it")
    found = _found(citation, held, within, place)
    now = f"other words stand for them, at {_at(place)}, {int(100 * found.alike)}% alike"
    return Finding("changed", f"{origin} {now}", found)


def _same(citation: Citation, held: Text) -> bool:
    return held.document.sha256 == citation.document.sha256


def _origin(citation: Citation, held: Text) -> str:
    """How a side came to differ from what was cited; where it has the text that was cited, the offsets of
    the citation are not those of its words."""
    return "holds the text that was cited, but" if _same(citation, held) else "was changed since:"


def _found(citation: Citation, held: Text, within: Side, place: Extent) -> Found:
    start, end = place
    text = held.document.text[start:end]
    touched = places.inside(held.sentences, place)
    return Found(
        within=within,
        document=held.document.source,
        text=text,
        start=start,
        end=end,
        paragraph=touched[0].paragraph if touched else None,
        sentences=(touched[0].number, touched[-1].number) if touched else None,
        answer=_answer(citation, text, start),
        alike=places.alike(citation.text, text),
    )


def _answer(citation: Citation, text: str, start: int) -> AnswerText | None:
    """The answer's words within ``text``, which stands at ``start``, nearest to their old place in it."""
    said = citation.answer
    place = places.nearest(said.text, text, said.start - citation.start) if said else None
    if place is None:
        return None
    first, last = place
    return AnswerText(text[first:last], start + first, start + last)


def _numbered(found: Found) -> str:
    if found.paragraph is None or found.sentences is None:
        return "no sentence"
    first, last = found.sentences
    sentences = f"sentence {first}" if first == last else f"sentences {first}–{last}"
    return f"paragraph {found.paragraph}, {sentences}"


def _at(place: Extent) -> str:
    return f"{place[0]}–{place[1]}"


def short(text: str) -> str:
    """A text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"
