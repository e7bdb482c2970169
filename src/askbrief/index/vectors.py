"""Nearest passages by vector: a FAISS index over the database's vectors. The only importer of faiss."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import IndexDamaged, StorageError

if TYPE_CHECKING:
    import numpy as np

    from askbrief.types import Vectors


class VectorIndex:
    """Exact inner-product search over unit vectors, by passage id."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, ids: np.ndarray, vectors: Vectors) -> VectorIndex:
        """An index over ``vectors`` (float32, one row an id)."""
        import faiss

        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        if len(ids):
            index.add_with_ids(vectors, ids)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> VectorIndex:
        """The index stored at ``path``. Raises IndexDamaged."""
        import faiss

        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexDamaged(
                f"{path} is missing, cut short or altered: run `askbrief index` to make it anew"
            ) from error

    def save(self, path: Path) -> None:
        """Write the index to ``path``. Raises StorageError."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise StorageError(
                f"{path} can't be written: free some space or check its permissions"
            ) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (id, cosine), nearest first, among ``allowed`` where given."""
        import faiss
        import numpy as np

        k = min(k, len(self) if allowed is None else len(allowed))
        if k == 0:
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # its stubs lack it
        scores, ids = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ >= 0]

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> list[float]:
        """Cosine of ``vector`` with each of the stored passages ``ids``."""
        return [float(self._index.reconstruct(id_) @ vector) for id_ in ids]
