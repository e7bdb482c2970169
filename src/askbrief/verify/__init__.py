"""Saved answers checked again: every citation against the index, and against the source file itself.

The index is the archive; the source is the evidence. A document that the index does not hold is no longer of
the archive, so that its citations are gone, whatever lies on the disk: a file beside a forged answer proves
nothing. A source that is not there, or that can't be looked at, proves nothing either: an index may be asked
far from its files, and the text that it holds is the cited one, by its sha256. So the index decides then, and
that the source is missing is told. A file that can be read, but holds no text any more, has lost the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal, TypeAlias

from askbrief.protocols import IndexReader
from askbrief.text.text_fragment import is_web
from askbrief.types import Answer, Citation, Source
from askbrief.verify.compare import Finding, Found, State, compare, short
from askbrief.verify.held import Absent, Sides, sides
from askbrief.verify.saved_answer import load

__all__ = ["Checked", "Found", "Report", "SourceState", "State", "load", "verify"]

SourceState: TypeAlias = State | Literal["missing", "unread"]
"""Of a source, also: there is no such file; it can't be looked at, or is a web page. Neither counts."""

_ORDER: tuple[State, ...] = ("intact", "moved", "changed", "gone")
_PLURAL = {"holds": "hold", "was": "were"}
_NOT_HELD = Finding("gone", "does not hold the document")


@dataclass(frozen=True, slots=True)
class Checked:
    """What has become of one citation: the worse of what index and source say, and in one line why.

    ``text``, ``start``, ``end`` and ``document`` are the citation's own; ``found`` is where its words stand
    now, or what stands for them, None where they are intact or gone.
    """

    state: State
    index: State
    source: SourceState
    why: str
    text: str
    start: int
    end: int
    document: Source
    found: Found | None


@dataclass(frozen=True, slots=True)
class Report:
    """Each citation in the order of the answers; ``faults`` tell of answers that none of their citations
    holds. ``intact`` where there is nothing to tell."""

    citations: tuple[Checked, ...]
    faults: tuple[str, ...]
    intact: bool


def verify(answers: Sequence[Answer], index: IndexReader) -> Report:
    """What has become of the citations of ``answers``, those of unanswered questions included.

    A source is read where the index knows it to lie, or else by its name from the current folder. Score,
    speaker, title and date are not checked: they are askbrief's reading, not the document's words.
    Raises IndexDamaged for a document that was altered in the index.
    """
    of = cache(partial(sides, index))
    citations = tuple(_checked(citation, of(citation.document)) for a in answers for citation in a.citations)
    faults = tuple(fault for answer in answers if (fault := _fault(answer)))
    return Report(citations, faults, not faults and all(each.state == "intact" for each in citations))


def _fault(answer: Answer) -> str | None:
    """What is wrong with an answer that is not in its citations: its words are not the archive's."""
    held = {citation.answer.text for citation in answer.citations if citation.answer}
    if answer.answer is None or answer.answer in held:
        return None
    return f"the answer “{short(answer.answer)}” to “{short(answer.question)}” is in none of its citations"


def _checked(citation: Citation, have: Sides) -> Checked:
    index = compare(citation, have.index, "index") if have.index else _NOT_HELD
    source = have.source if isinstance(have.source, Absent) else compare(citation, have.source, "source")
    said = [index, *_counting(source)]
    worst = max(said, key=lambda finding: _ORDER.index(finding.state))
    return Checked(
        state=worst.state,
        index=index.state,
        source=source.state,
        why=_why(index, source, "the page" if is_web(citation.document.source) else "the file"),
        text=citation.text,
        start=citation.start,
        end=citation.end,
        document=citation.document,
        found=next((finding.found for finding in (worst, *said) if finding.found), None),
    )


def _counting(source: Finding | Absent) -> list[Finding]:
    """What the source says, if it says anything."""
    if isinstance(source, Finding):
        return [source]
    return [Finding("gone", source.why)] if source.state == "gone" else []


def _why(index: Finding, source: Finding | Absent, name: str) -> str:
    if index.why != source.why:
        return f"the index {index.why}; {name} {source.why}"
    verb, rest = index.why.split(" ", 1)
    return f"the index and {name} {_PLURAL[verb]} {rest}"
