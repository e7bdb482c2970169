"""Passages that a search returns for a question but that don't hold its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import tantivy

from askbrief.evaluate.squad import normalise


class PassagePool:
    """A BM25 index, in memory, over the texts with the given numbers."""

    def __init__(self, texts: Sequence[str], numbers: Sequence[int]) -> None:
        """Index `texts[number]` for each of the numbers."""
        schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem")
        schema = schema.add_integer_field("number", stored=True)
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for number in numbers:
            writer.add_document(tantivy.Document(text=texts[number], number=number))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._normal = {number: f" {normalise(texts[number])} " for number in numbers}

    def search(self, question: str, limit: int) -> list[int]:
        """Give the numbers of the texts that BM25 ranks first, best first."""
        words = re.findall(r"\w+", question)
        if not words:
            return []
        query = self._index.parse_query(" ".join(word.lower() for word in words), ["text"])
        hits = self._searcher.search(query, limit).hits
        return [int(self._searcher.doc(address)["number"][0]) for _, address in hits]

    def without(self, answers: Sequence[str], numbers: Sequence[int], own: int) -> list[int]:
        """Keep, each once, the texts other than `own` in which none of the answers stands as whole
        words."""
        golds = [f" {normal} " for answer in answers if (normal := normalise(answer))]
        kept = dict.fromkeys(number for number in numbers if number != own and number in self._normal)
        return [number for number in kept if not any(gold in self._normal[number] for gold in golds)]
