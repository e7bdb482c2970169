"""Haystack's in-memory store with its SentenceTransformer embedders: index texts, or ask what was indexed."""

from __future__ import annotations

import sys

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import NEAREST, run


class Haystack:
    """The peer as ``protocol`` wants it."""

    def __init__(self, folder: str, model: str) -> None:
        self.path = f"{folder}/store.json"
        self.model = model

    def prepare(self) -> None:
        """Load what encodes passages."""
        self.embedder = SentenceTransformersDocumentEmbedder(model=self.model, progress_bar=False)
        self.embedder.warm_up()

    def index(self, texts: list[str]) -> None:
        """Encode and store the texts, and save the store."""
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(self.embedder.run([Document(content=text) for text in texts])["documents"])
        store.save_to_disk(self.path)

    def load(self) -> None:
        """Load what answers."""
        store = InMemoryDocumentStore.load_from_disk(self.path)
        self.retriever = InMemoryEmbeddingRetriever(store, top_k=NEAREST)
        self.asker = SentenceTransformersTextEmbedder(model=self.model, progress_bar=False)
        self.asker.warm_up()

    def ask(self, question: str) -> list[str]:
        """The texts nearest to a question."""
        found = self.retriever.run(query_embedding=self.asker.run(question)["embedding"])
        return [document.content for document in found["documents"]]


if __name__ == "__main__":
    run(Haystack, sys.argv[1:])
