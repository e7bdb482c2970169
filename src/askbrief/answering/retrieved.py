"""A question that asks one thing, with what was retrieved for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askbrief.answering.archive_view import ArchiveView
from askbrief.options import AskOptions
from askbrief.types import Filter, Hit

if TYPE_CHECKING:
    from askbrief.question import SpeakerQuestion

RIVALS = 5
"""Passages on the matter of a question about what somebody said, in which others may be nearer to it."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question and the passages for it.

    ``plain`` is the question in the words of news, ``spoken`` what it asks if it is about who said what, and
    ``names`` by which names the archive knows whom it names. ``wanted`` is the user's filter, ``own`` that
    narrowed to these names, ``hits`` what passes that. ``beside`` is what anybody says on the matter.
    """

    question: str
    plain: str
    spoken: SpeakerQuestion | None
    names: Sequence[str]
    wanted: Filter
    own: Filter
    hits: Sequence[Hit]
    beside: Sequence[Hit]


def retrieved(archive: ArchiveView, question: str, options: AskOptions, *, speakers: bool) -> Retrieved:
    """What is retrieved for a question, which is about who said what only if ``speakers`` are looked for."""
    from askbrief.question import as_speaker_question, in_plain_words

    plain = in_plain_words(question)
    spoken = as_speaker_question(plain) if speakers else None
    names = archive.called(spoken.who) if spoken and spoken.who is not None else []
    wanted = archive.filter(options)
    own = _both(wanted, names)
    hits = archive.retrieve(plain, options.k, own)
    matter = spoken.topic if spoken and names and hits else ""
    beside = archive.retrieve(matter, RIVALS, wanted) if matter else hits
    return Retrieved(question, plain, spoken, names, wanted, own, hits, beside)


def _both(wanted: Filter, names: Sequence[str]) -> Filter:
    """A filter narrowed to the people whom a question names, if it lets any of them through."""
    passing = [name for name in names if wanted.names is None or name in wanted.names]
    return replace(wanted, names=tuple(passing)) if passing else wanted
