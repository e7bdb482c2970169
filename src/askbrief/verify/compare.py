"""A citation compared with one version of its document: what has become of it, and where it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from askbrief.text.extents import touched_in_paragraph
from askbrief.text.numbering import numbered
from askbrief.types import AnswerText, Citation, Document, Extent, Sentence
from askbrief.verify import places

Side: TypeAlias = Literal["index", "source"]

State: TypeAlias = Literal["intact", "moved", "changed", "gone"]
"""What has become of a citation, from good to bad."""

SHOWN = 90
"""Characters of a text that are shown on a line."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document, and its sentences."""

    document: Document
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class FoundWords:
    """Where the cited words are now, or the words in their place.

    ``alike`` is 1 for the words themselves, else the similarity of ``text`` to them, from 0 to 1.
    ``paragraph`` and ``sentences`` are None if ``text`` is outside all sentences, ``answer`` if its words
    aren't in ``text``. ``within`` is the side that has it, ``document`` the source name there.
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
    """The state of a citation in one version; ``why`` continues "the index" or "the file"."""

    state: State
    why: str
    found: FoundWords | None = None


def compare(citation: Citation, version: Version, within: Side) -> Finding:
    """What has become of ``citation`` in a version of its document.

    It is *intact* if the text is the cited one, by its sha256, and words, offsets, paragraph, sentences and
    answer are all as cited. It is *moved* if its words are in the text, even at the same place in a text that
    was edited elsewhere; *changed* if other words are in their place; otherwise *gone*.
    """
    text = version.document.text
    here = text[citation.start : citation.end] == citation.text
    near = (citation.start, citation.end) if here else places.nearest(citation.text, text, citation.start)
    if near is None:
        return _reworded(citation, version, within)
    found = _found(citation, version, within, near)
    if citation.answer and (found.answer is None or (here and found.answer != citation.answer)):
        return _answer_elsewhere(citation.answer, found)
    if not here or not _same(citation, version):
        since = "" if _same(citation, version) else " still" if here else " now"
        return Finding("moved", f"{_origin(citation, version)} the words are{since} at {_at(near)}", found)
    return _in_place(citation, version, found)


def _in_place(citation: Citation, version: Version, found: FoundWords) -> Finding:
    """The words are at their place in the cited text: check its name and the numbers."""
    if (version.document.id, version.document.source) != (citation.document.id, citation.document.source):
        name = f"{version.document.source} (id {version.document.id})"
        return Finding("moved", f"has the document under another name, {name}", found)
    touched = touched_in_paragraph(version.sentences, found.start, found.end)
    full = (touched[0].start, touched[-1].end) if touched else None
    if full and full != (found.start, found.end):
        found = _found(citation, version, found.within, full)
        return Finding("moved", f"has the words, but the full sentences are at {_at(full)}", found)
    if (found.paragraph, found.sentences) != (citation.paragraph, citation.sentences):
        return Finding("moved", f"has the words in {_numbered(found)}", found)
    return Finding("intact", "has it as cited")


def _answer_elsewhere(said: AnswerText, found: FoundWords) -> Finding:
    """The sentences are as cited, but the answering words aren't at their place."""
    words = f"has it, but the words of its answer, “{short(said.text)}”,"
    if found.answer is None:
        return Finding("changed", f"{words} are not in it", found)
    return Finding("moved", f"{words} are at {_at((found.answer.start, found.answer.end))}", found)


def _reworded(citation: Citation, version: Version, within: Side) -> Finding:
    """The words in place of the cited ones: the most similar, or those at the old place, if there are any."""
    count = citation.sentences[1] - citation.sentences[0] + 1
    place = places.most_alike(citation.text, count, version.document.text, version.sentences)
    if place is None:  # the sentence that begins there: the text before it has kept its length
        place = next(((s.start, s.end) for s in version.sentences if s.start == citation.start), None)
    same = _same(citation, version)
    lost = "it never had these words" if same else "the words are no longer in it"
    if place is None:
        return Finding("gone", f"{_origin(citation, version)} {lost}")
    found = _found(citation, version, within, place)
    near = f"at {_at(place)}, {int(100 * found.alike)}% similar"
    now = f"{lost}; others are {near}" if same else f"other words are in their place, {near}"
    return Finding("changed", f"{_origin(citation, version)} {now}", found)


def _same(citation: Citation, version: Version) -> bool:
    return version.document.sha256 == citation.document.sha256


def _origin(citation: Citation, version: Version) -> str:
    """How a version differs from the cited one; if it doesn't, the citation is wrong."""
    return "has the document unchanged, but" if _same(citation, version) else "was edited:"


def _found(citation: Citation, version: Version, within: Side, place: Extent) -> FoundWords:
    start, end = place
    text = version.document.text[start:end]
    touched = touched_in_paragraph(version.sentences, *place)
    return FoundWords(
        within=within,
        document=version.document.source,
        text=text,
        start=start,
        end=end,
        paragraph=touched[0].paragraph if touched else None,
        sentences=(touched[0].number, touched[-1].number) if touched else None,
        answer=_answer(citation, text, start),
        alike=places.alike(citation.text, text),
    )


def _answer(citation: Citation, text: str, start: int) -> AnswerText | None:
    """The answer's words in ``text``, which begins at ``start``, nearest to their old place in it."""
    said = citation.answer
    place = places.nearest(said.text, text, said.start - citation.start) if said else None
    if place is None:
        return None
    first, last = place
    return AnswerText(text[first:last], start + first, start + last)


def _numbered(found: FoundWords) -> str:
    if found.paragraph is None or found.sentences is None:
        return "no sentence"
    return numbered(found.paragraph, found.sentences)


def _at(place: Extent) -> str:
    return f"{place[0]}–{place[1]}"


def short(text: str) -> str:
    """A text on one line, cut if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"
