"""Answers questions over an archive of news briefs in the archive's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbrief._version import __version__ as __version__
from askbrief.errors import AskbriefError
from askbrief.types import Answer, Citation

if TYPE_CHECKING:
    from askbrief.api import Index

__all__ = ["Answer", "AskbriefError", "Citation", "Index"]


def __getattr__(name: str) -> object:
    """Import ``Index`` when it is first asked for: the command line must start without it."""
    if name == "Index":
        from askbrief.api import Index

        return Index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
