"""Nearest passages by vector: a FAISS index over the database's vectors. The only importer of faiss."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from askbrief.errors import StorageError
from askbrief.storage.search.manifest import altered, require_readable

if TYPE_CHECKING:
    import numpy as np

    from askbrief.types import Vectors

Blocks: TypeAlias = "Iterable[tuple[np.ndarray, Vectors]]"
"""Ids (int64) and unit vectors (float32), some thousands at a time."""

EXACT = 32_768
"""Passages up to which a question is compared with every one of them."""

CODEC = "SQ4"
"""How an approximate index keeps a vector, as FAISS names it: four bits a number."""

LISTS = 4
"""Inverted lists, times the square root of the passages (FAISS's guidelines for choosing an index)."""

TRAINED_ON = 40
"""Vectors for each list that its centre is found from: FAISS warns below 39."""

CODED_ON = 16_384
"""Vectors, about, that the ranges of the codes are found from."""

RECALL = 0.98
"""Share of the ten nearest that an approximate index is set to find, by the lists that it looks into."""

COMPARED = 2048
"""Vectors that are compared with all questions at a time: their scores are sorted in a few megabytes."""

SELF = 0.9
"""Cosine of a vector with itself, at least, where it is kept in four bits a number."""

WIDER = 4
"""Times as many lists, at least, are looked into if a filter leaves out some of what they hold."""


def library_version() -> str:
    """The version of FAISS."""
    import faiss

    return str(faiss.__version__)


class VectorIndex:
    """Inner-product search over unit vectors, by passage id: exact, or by the lists that lie nearest."""

    def __init__(self, index: Any, probes: int = 0) -> None:
        self._index = index
        self.probes = probes
        """Lists that are looked into; 0 for an index that compares with all."""

    @classmethod
    def exact(cls, blocks: Blocks, dimension: int) -> VectorIndex:
        """An index that compares a question with every vector."""
        import faiss

        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        for ids, vectors in blocks:
            index.add_with_ids(vectors, ids)
        return cls(index)

    @classmethod
    def lists(cls, blocks: Callable[[], Blocks], count: int, dimension: int) -> VectorIndex:
        """An index of inverted lists over ``count`` vectors; ``blocks`` gives them, the same each time."""
        import faiss

        number = LISTS * math.isqrt(count)
        index: Any = faiss.index_factory(dimension, f"IVF{number},{CODEC}", faiss.METRIC_INNER_PRODUCT)
        sample = _spread(blocks(), count, min(count, number * TRAINED_ON), dimension)
        faiss.Clustering(dimension, number, index.cp).train(sample, index.quantizer)
        index.train(sample[:: max(1, len(sample) // CODED_ON)])  # what is left: it would copy all of it
        for ids, vectors in blocks():
            index.add_with_ids(vectors, ids)
        return cls(index, probes=1)

    @classmethod
    def open(cls, path: Path, probes: int = 0, *, mapped: bool = True) -> VectorIndex:
        """The index stored at ``path``; one of lists is ``mapped``, or read to be changed. Raises
        IndexDamaged."""
        import faiss

        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP if probes and mapped else 0), probes)
        except RuntimeError as error:
            require_readable(path)
            raise altered(path) from error

    def change(self, added: Blocks, removed: Sequence[int]) -> None:
        """Take vectors out by their ids, and others in."""
        import faiss
        import numpy as np

        if removed:
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(removed, dtype=np.int64)))
        for ids, vectors in added:
            self._index.add_with_ids(vectors, ids)

    def save(self, path: Path) -> None:
        """Write the index to ``path``. Raises StorageError."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            hint = "free some space or check its permissions"
            raise StorageError(f"{path} can't be written", hint=hint) from error

    def finds(self, vectors: Vectors, k: int) -> bool:
        """Whether something is found, among ``k``, that is as near as each of some vectors is to itself."""
        return all(max((s for _, s in self.search(each, k)), default=0.0) >= SELF for each in vectors)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def tune(self, questions: Vectors, truth: np.ndarray, k: int) -> float:
        """Look into as few lists as find ``RECALL`` of the ``truth`` (ids [questions, nearest]) among the
        first ``k``; give the share that they find."""
        found = 0.0
        for half in range(2 * int(self._index.nlist).bit_length() + 1):
            self.probes = min(round(2 ** (half / 2)), self._index.nlist)
            got = self._index.search(questions, k, params=self._parameters(None, 1.0))[1]
            shares = [len(set(right) & set(ids)) / len(right) for right, ids in zip(truth, got, strict=True)]
            found = sum(shares) / len(shares)
            if found >= RECALL:
                break
        return found

    def search(
        self,
        vector: Vectors,
        k: int,
        allowed: np.ndarray | None = None,
        without: np.ndarray | None = None,
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (id, cosine), nearest first, among ``allowed`` where given, and
        ``without`` those; cosines are approximate if the index is."""
        k = min(k, len(self), len(self) if allowed is None else len(allowed))
        if k == 0:
            return []
        share = 1.0 if allowed is None else len(allowed) / len(self)
        parameters = self._parameters(_selector(allowed, without), share)
        scores, ids = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ >= 0]

    def _parameters(self, selector: Any, share: float) -> Any:
        """FAISS's parameters for a selector that lets this share of the passages through."""
        import faiss

        untyped: Any = faiss  # its stubs lack these keywords
        if not self.probes:
            return untyped.SearchParameters(sel=selector) if selector else None
        # The nearest that pass lie the further out the fewer pass, and what does not costs next to nothing.
        wider = max(WIDER, math.ceil(2 / math.sqrt(share))) if share < 1 else 1
        return untyped.SearchParametersIVF(sel=selector, nprobe=min(self.probes * wider, self._index.nlist))


def _selector(allowed: np.ndarray | None, without: np.ndarray | None) -> Any:
    """What lets FAISS see the passages ``allowed``, or all ``without`` some; None for all."""
    import faiss
    import numpy as np

    if allowed is not None and len(allowed):
        bits = np.zeros(int(allowed[-1]) + 1, dtype=bool)
        bits[allowed] = True
        untyped: Any = faiss  # its stubs want a pointer
        return untyped.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
    if without is not None and len(without):
        return faiss.IDSelectorNot(faiss.IDSelectorBatch(without))
    return None


def _spread(blocks: Blocks, count: int, wanted: int, dimension: int) -> Vectors:
    """``wanted`` of ``count`` vectors, spread evenly, with nothing else in memory beside them."""
    import numpy as np

    sample = np.empty((wanted, dimension), dtype=np.float32)
    at = filled = 0
    for ids, vectors in blocks:
        places = np.arange(at, at + len(ids) + 1) * wanted // count
        chosen = vectors[np.diff(places) > 0][: wanted - filled]
        sample[filled : filled + len(chosen)] = chosen
        at, filled = at + len(ids), filled + len(chosen)
    return sample[:filled]


def nearest(blocks: Blocks, questions: Vectors, k: int) -> np.ndarray:
    """Ids [questions, k] of the ``k`` nearest by comparing with all, nearest first."""
    import numpy as np

    best = np.full((len(questions), k), -np.inf, dtype=np.float32)
    names = np.full((len(questions), k), -1, dtype=np.int64)
    for block, rows in blocks:
        for at in range(0, len(block), COMPARED):
            ids, vectors = block[at : at + COMPARED], rows[at : at + COMPARED]
            scores = np.hstack([best, questions @ vectors.T])
            every = np.hstack([names, np.broadcast_to(ids, (len(questions), len(ids)))])
            order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
            best, names = np.take_along_axis(scores, order, 1), np.take_along_axis(every, order, 1)
    return names
