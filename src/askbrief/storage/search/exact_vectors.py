"""Nearest passages by comparing a question with every vector: for small archives, and for what was committed
after the search files. It needs no more than numpy, which starts sooner than FAISS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from askbrief.storage.search.vectors import Blocks
    from askbrief.types import Vectors


class ExactVectors:
    """Inner-product search over unit vectors [passages, dimension] in memory, by passage id."""

    probes = 0
    """Lists that are searched, as a ``VectorIndex`` has them: all is compared."""

    def __init__(self, blocks: Blocks = ()) -> None:
        """Take ids in ascending order and their vectors."""
        import numpy as np

        ids, vectors = zip(*blocks, strict=True) if (blocks := list(blocks)) else ((), ())
        self._ids = np.concatenate(ids) if ids else np.empty(0, dtype=np.int64)
        self._vectors: Vectors | None = np.concatenate(vectors) if vectors else None

    def __len__(self) -> int:
        return len(self._ids)

    def search(
        self,
        vector: Vectors,
        k: int,
        allowed: np.ndarray | None = None,
        without: np.ndarray | None = None,
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (id, cosine), nearest first and of equal ones the earliest, among
        ``allowed`` (ids, ascending) if given, and ``without`` those."""
        import numpy as np

        if self._vectors is None:
            return []
        ids, vectors = self._ids, self._vectors
        if allowed is not None:
            kept = np.isin(ids, allowed, assume_unique=True)
            ids, vectors = ids[kept], vectors[kept]
        if without is not None and len(without):
            kept = np.isin(ids, without, assume_unique=True, invert=True)
            ids, vectors = ids[kept], vectors[kept]
        k = min(k, len(ids))
        if not k:
            return []
        scores = vectors @ vector
        near = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
        order = near[np.argsort(-scores[near], kind="stable")[:k]]
        return list(zip(ids[order].tolist(), scores[order].tolist(), strict=True))
