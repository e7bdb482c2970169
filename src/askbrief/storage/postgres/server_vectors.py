"""Vectors as PostgreSQL stores and is asked for them, through pgvector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgvector import HalfVector, Vector

from askbrief.storage.db import codec

if TYPE_CHECKING:
    from askbrief.types import Vectors


def packed(vector: Vectors) -> str:
    """A vector as it is stored: in half precision, the numbers that a folder stores in eight bits, so that
    both compare alike, and one can be copied to the other without loss."""
    return str(HalfVector(codec.vectors([codec.packed_vector(vector)])[0]).to_text())


def asked(vector: Vectors) -> str:
    """A vector as a question is compared."""
    return str(Vector(vector).to_text())


def unpacked(stored: bytes | str) -> Vectors:
    """A stored vector as float32."""
    import numpy as np

    half = HalfVector.from_text(stored) if isinstance(stored, str) else HalfVector.from_binary(stored)
    return np.asarray(half.to_numpy(), dtype=np.float32)
