"""Errors that several formats share."""

from __future__ import annotations

from collections.abc import Sized

from askbrief.errors import SourceError


def not_in_format(source: str, kind: str) -> SourceError:
    """The error for content that isn't what the file's suffix says; ``kind`` as “a PDF”."""
    return SourceError(f"{source} is not {kind} despite its extension", hint="rename it, or convert it")


def encrypted(source: str, hint: str = "save it without a password and index that") -> SourceError:
    """The error for a file that can't be opened without a password."""
    return SourceError(f"{source} is encrypted", hint=hint)


def require_size(items: Sized, most: int, source: str, hint: str = "split it", unit: str = "bytes") -> None:
    """Refuse more than ``most`` items. Raises SourceError."""
    if len(items) > most:
        raise SourceError(f"{source} has {len(items):,} {unit}; at most {most:,} are read", hint=hint)
