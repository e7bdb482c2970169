"""What can be set from outside: one record, filled from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PASSAGES = 10
"""Passages read for a question."""


DIGITS = 4
"""Of a probability: more would say more than is known."""

NO_READER = "none"
"""The reader's name that stands for sentence scoring."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index lies, and what reads (the reader that ships, where None)."""

    index: Path = Path("index")
    reader: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that ``ASKBRIEF_INDEX`` and ``ASKBRIEF_READER`` change."""
        return cls(
            index=Path(environment.get("ASKBRIEF_INDEX") or "index"),
            reader=environment.get("ASKBRIEF_READER") or None,
        )
