"""txtai with content storage and FAISS: index texts, or ask what was indexed."""

from __future__ import annotations

import sys

from protocol import NEAREST, run
from txtai.embeddings import Embeddings


class Txtai:
    """The peer as ``protocol`` wants it."""

    def __init__(self, folder: str, model: str) -> None:
        self.path = f"{folder}/index"
        self.settings = {
            "path": model,
            "content": True,
            "backend": "faiss",
            "method": "sentence-transformers",
        }

    def prepare(self) -> None:
        """Load what encodes passages."""
        self.embeddings = Embeddings(self.settings)
        self.embeddings.transform("a text")

    def index(self, texts: list[str]) -> None:
        """Encode and store the texts, and save them."""
        self.embeddings.index(texts)
        self.embeddings.save(self.path)

    def load(self) -> None:
        """Load what answers."""
        self.embeddings = Embeddings()
        self.embeddings.load(self.path)

    def ask(self, question: str) -> list[str]:
        """The texts nearest to a question."""
        return [found["text"] for found in self.embeddings.search(question, NEAREST)]


if __name__ == "__main__":
    run(Txtai, sys.argv[1:])
