"""A LangChain retriever over an askbrief index. Needs the package ``langchain-core``."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr

from askbrief.integrations.found_passages import Passages, metadata
from askbrief.options import PASSAGES, AskOptions


class AskbriefRetriever(BaseRetriever):
    """Gives the ``k`` passages nearest to a question, verbatim, with offsets and speakers in their metadata.

    ``index`` is the folder of the index; the filters are those of ``Index.ask``. Raises the errors of
    ``askbrief``.

    >>> AskbriefRetriever(index="index", k=5).invoke("the price of the pier")  # doctest: +SKIP
    """

    index: str
    k: int = PASSAGES
    since: str | None = None
    until: str | None = None
    source: str | None = None
    speaker: str | None = None
    _passages: Passages = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Open nothing yet: the index is opened for the first question."""
        super().model_post_init(context)
        self._passages = Passages(self.index)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        options = AskOptions(self.k, self.since, self.until, self.source, self.speaker)
        return [
            Document(
                id=f"{hit.document.id}#char={hit.start},{hit.end}",
                page_content=hit.text,
                metadata=metadata(hit),
            )
            for hit in self._passages.of(query, options)
        ]
