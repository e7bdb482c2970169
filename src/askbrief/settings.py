"""What can be set from outside: one record, filled from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PASSAGES = 10
"""Passages read for a question."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index lies."""

    index: Path = Path("index")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that ``ASKBRIEF_INDEX`` changes."""
        return cls(index=Path(environment.get("ASKBRIEF_INDEX") or "index"))
