"""Settings from the environment, and the defaults of options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DIGITS = 4
"""Digits of a probability; more would suggest a precision that it doesn't have."""

SMALL_READER = "small"
"""The reader's name for the small one of the two that ship, by itself."""

NO_READER = "none"
"""The reader's name for the lexical baseline."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The index folder, and the reader (None for the packaged one)."""

    index: Path = Path("index")
    reader: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of ``ASKBRIEF_INDEX`` and ``ASKBRIEF_READER``."""
        return cls(
            index=Path(environment.get("ASKBRIEF_INDEX") or "index"),
            reader=environment.get("ASKBRIEF_READER") or None,
        )
