"""Digests: a sentence of each document on a topic, or of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from askbrief.answering import compose as answer
from askbrief.answering.archive_view import ArchiveView
from askbrief.types import Answer, Filter, Hit

if TYPE_CHECKING:
    from askbrief.question import AskedDay


def of_topic(
    archive: ArchiveView, question: str, topic: str | None, hits: Sequence[Hit], wanted: Filter
) -> Answer | None:
    """A digest of what there is on a question's topic; None if it has no topic, or there is nothing."""
    from askbrief.read import read_topic

    spans = read_topic(topic, hits) if topic else []
    if not spans:
        return None
    policy = answer.Policy(0.0, answer.MOST_OF_DIGEST, newest=True, names=wanted.names)
    digest = answer.compose(question, hits, spans, policy, archive.copied(wanted))
    return replace(digest, digest=True) if digest.answered else None


def of_day(archive: ArchiveView, question: str, asked: AskedDay, k: int, wanted: Filter) -> Answer | None:
    """A digest of the documents of a day; None if there are none."""
    from askbrief.read import read_leads, read_topic

    day = asked.among(each.date for each in archive.index.documents())
    if day is None or not (wanted.since or day) <= day <= (wanted.until or day):
        return None
    narrowed = replace(wanted, since=day, until=day)
    hits = archive.retrieve(asked.topic or question, k, narrowed)
    spans = read_topic(asked.topic, hits) if asked.topic else read_leads(hits)
    if not spans:
        return None
    policy = answer.Policy(0.0, answer.MOST_OF_DIGEST, names=wanted.names)
    digest = answer.compose(question, hits, spans, policy)
    return replace(digest, digest=True) if digest.answered else None
