"""A Haystack retriever over an askbrief index. Needs the package ``haystack-ai``."""

from __future__ import annotations

from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict

from askbrief.integrations.found_passages import Passages, metadata
from askbrief.options import PASSAGES, AskOptions


@component
class AskbriefRetriever:
    """Gives the passages nearest to a question, verbatim, with offsets and speakers in their meta.

    ``index`` is the folder of the index; the filters are those of ``Index.ask``. Raises the errors of
    ``askbrief``.

    >>> AskbriefRetriever("index").run("the price of the pier", top_k=5)["documents"]  # doctest: +SKIP
    """

    def __init__(
        self,
        index: str,
        top_k: int = PASSAGES,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
    ) -> None:
        self._options = AskOptions(top_k, since, until, source, speaker)
        self._index = index
        self._passages = Passages(index)

    @component.output_types(documents=list[Document])
    def run(self, query: str, top_k: int | None = None) -> dict[str, list[Document]]:
        """The ``top_k`` best passages as ``documents``, best first."""
        told = self._options
        k = told.k if top_k is None else top_k
        options = AskOptions(k, told.since, told.until, told.source, told.speaker)
        documents = []
        for hit in self._passages.of(query, options):
            meta = metadata(hit)
            place = f"{hit.document.id}#char={hit.start},{hit.end}"
            documents.append(Document(id=place, content=hit.text, meta=meta, score=meta.pop("score")))
        return {"documents": documents}

    def to_dict(self) -> dict[str, Any]:
        """What a pipeline is saved as."""
        told = self._options
        made: dict[str, Any] = default_to_dict(
            self,
            index=self._index,
            top_k=told.k,
            since=told.since,
            until=told.until,
            source=told.source,
            speaker=told.speaker,
        )
        return made

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AskbriefRetriever:
        """The retriever of a saved pipeline."""
        made: AskbriefRetriever = default_from_dict(cls, data)
        return made
