"""What has become of the citations of saved answers.

A document that isn't in the index is no longer in the archive: its citations are gone, even if its file is
there, because a file beside a forged answer proves nothing. Who speaks is decided by the index alone. A
source that is missing or can't be read proves nothing either: an index may be used far from its files, and
its text is the cited one if the sha256 agrees. The index decides then, and the report says that the source is
missing. A file that can be read but no longer has any text has lost the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal, TypeAlias

from askbrief.english.names import Likeness, NameMatcher
from askbrief.protocols import IndexReader
from askbrief.text.extents import touched
from askbrief.text.text_fragment import is_web
from askbrief.types import Answer, Citation, Source
from askbrief.verify.compare import Finding, FoundWords, State, Version, compare, short
from askbrief.verify.versions import Absent, Versions, versions

SourceState: TypeAlias = State | Literal["missing", "unread"]
"""A source can also be missing, or unread: a file that can't be read, or a web page. Neither counts."""

_ORDER: tuple[State, ...] = ("intact", "moved", "changed", "gone")
_PLURAL = {"has": "have", "was": "were"}
_NOT_INDEXED = Finding("gone", "does not have the document")


@dataclass(frozen=True, slots=True)
class VerifiedCitation:
    """A citation with the worse of its states in the index and in the source, and the reason on one line.

    ``text``, ``start``, ``end`` and ``document`` are those of the citation; ``found`` is where its words are
    now, or the words in their place, None if they are intact or gone.
    """

    state: State
    index: State
    source: SourceState
    why: str
    text: str
    start: int
    end: int
    document: Source
    found: FoundWords | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The citations in the order of the answers, and the ``faults``: answers that are in none of their
    citations. ``intact`` if all citations are, and there are no faults."""

    citations: tuple[VerifiedCitation, ...]
    faults: tuple[str, ...]
    intact: bool


def verify(
    answers: Sequence[Answer], index: IndexReader, names: NameMatcher, *, sources: bool = True
) -> Verification:
    """What has become of the citations of ``answers``, those of unanswered questions included.

    A source is read where the index has it, or else by its name from the current folder; none is without
    ``sources``, if an answer may come from anybody. A speaker, if the
    citation names one, must be one whom the index names for its sentences, by any form of the name. Score,
    title and date are not checked. Raises IndexDamaged for a document that was altered in the index.
    """
    of = cache(partial(versions, index, sources=sources))
    every = (citation for answer in answers for citation in answer.citations)
    citations = tuple(_verified(citation, of(citation.document), names) for citation in every)
    faults = tuple(fault for answer in answers if (fault := _fault(answer)))
    return Verification(citations, faults, not faults and all(each.state == "intact" for each in citations))


def _fault(answer: Answer) -> str | None:
    """What is wrong with an answer whose words aren't those of a citation; None if nothing is."""
    cited = {citation.answer.text for citation in answer.citations if citation.answer}
    if answer.answer is None or answer.answer in cited:
        return None
    return f"the answer “{short(answer.answer)}” to “{short(answer.question)}” is in none of its citations"


def _verified(citation: Citation, document: Versions, names: NameMatcher) -> VerifiedCitation:
    index = _indexed(citation, document.index, names) if document.index else _NOT_INDEXED
    now = document.source
    source = now if isinstance(now, Absent) else compare(citation, now, "source")
    findings = [index, *_counting(source)]
    worst = max(findings, key=lambda finding: _ORDER.index(finding.state))
    return VerifiedCitation(
        state=worst.state,
        index=index.state,
        source=source.state,
        why=_why(index, source, "the page" if is_web(citation.document.source) else "the file"),
        text=citation.text,
        start=citation.start,
        end=citation.end,
        document=citation.document,
        found=next((finding.found for finding in (worst, *findings) if finding.found), None),
    )


def _indexed(citation: Citation, version: Version, names: NameMatcher) -> Finding:
    """What has become of a citation in the index: also *changed* if its speaker is not the one there."""
    finding, saved = compare(citation, version, "index"), citation.speaker
    if not saved or finding.state not in ("intact", "moved"):
        return finding
    place = finding.found or citation
    spoken = touched(version.sentences, place.start, place.end)
    speakers = dict.fromkeys(sentence.speaker for sentence in spoken if sentence.speaker)
    if any(names.likeness(saved, speaker) >= Likeness.PARTIAL for speaker in speakers):
        return finding
    known = f"gives it to {' and '.join(map(short, speakers))}, not to" if speakers else "doesn't give it to"
    return replace(finding, state="changed", why=f"{finding.why}, but {known} {short(saved)}")


def _counting(source: Finding | Absent) -> list[Finding]:
    """The finding of the source, if it counts."""
    if isinstance(source, Finding):
        return [source]
    return [Finding("gone", source.why)] if source.state == "gone" else []


def _why(index: Finding, source: Finding | Absent, name: str) -> str:
    if index.why != source.why:
        return f"the index {index.why}; {name} {source.why}"
    verb, rest = index.why.split(" ", 1)
    return f"the index and {name} {_PLURAL[verb]} {rest}"
