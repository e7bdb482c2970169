"""What both retrievers give of a passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from threading import Lock
from typing import Any

from askbrief.api import Index
from askbrief.options import AskOptions
from askbrief.types import Hit, Source


class Passages:
    """The passages of an index folder, which is opened for the first question and stays open."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._lock = Lock()
        self._index: Index | None = None

    def of(self, question: str, options: AskOptions) -> Iterator[Hit]:
        """The ``k`` passages of the newest revision that are nearest and pass the filters, best first."""
        with self._lock:
            if self._index is None:
                self._index = Index.open(self._folder)
            self._index.refresh()
        yield from self._index.hits(
            question,
            k=options.k,
            since=options.since,
            until=options.until,
            source=options.source,
            speaker=options.speaker,
        )


def metadata(hit: Hit) -> dict[str, Any]:
    """Where a passage is and who speaks in it: ``document_text[start:end]`` is its text, character for
    character; each of its ``sentences`` has its extent there and its speaker, None for the reporter."""
    return {
        **_document(hit.document),
        "start": hit.start,
        "end": hit.end,
        "speakers": sorted({each.speaker for each in hit.sentences if each.speaker}),
        "sentences": [asdict(each) for each in hit.sentences],
        "score": hit.score,
    }


def _document(source: Source) -> dict[str, Any]:
    return {"document_id": source.id, **{key: value for key, value in asdict(source).items() if key != "id"}}
