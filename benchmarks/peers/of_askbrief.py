"""askbrief as the peers are measured: each text a file, so that each is a document of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

from protocol import NEAREST, run

from askbrief.api import Index
from askbrief.embed import models


class Askbrief:
    """askbrief as ``protocol`` wants it."""

    def __init__(self, folder: str, model: str) -> None:
        del model  # the packaged one, which the others are given
        self.folder = Path(folder)

    def prepare(self) -> None:
        """Load what encodes passages, and export what encodes questions."""
        located = models.locate(models.DEFAULT_MODEL)
        loaded = models.load(located)
        mock.patch.object(models, "locate", return_value=located).start()
        mock.patch.object(models, "load", return_value=loaded).start()
        first = self.folder / "first.txt"
        first.write_text("A first text, so that the model is exported.\n", "utf-8")
        Index.update([first], self.folder / "index")

    def index(self, texts: list[str]) -> None:
        """Write the texts to files, and index them."""
        files = self.folder / "texts"
        files.mkdir()
        for number, text in enumerate(texts):
            (files / f"{number:06}.txt").write_text(text, "utf-8", newline="")
        Index.update([files], self.folder / "index")

    def load(self) -> None:
        """Open the index."""
        self.opened = Index.open(self.folder / "index")

    def ask(self, question: str) -> list[str]:
        """The passages nearest to a question."""
        return [hit.text for hit in self.opened.hits(question, k=NEAREST)]


class Read(Askbrief):
    """The same, with the passages read and an answer cited, which the others don't do."""

    def ask(self, question: str) -> list[str]:
        """The sentences that answer."""
        return [citation.text for citation in self.opened.ask(question).citations] or ["nothing"]


if __name__ == "__main__":
    run(Read if sys.argv[1] == "read" else Askbrief, sys.argv[1:])
