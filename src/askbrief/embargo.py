"""Embargoes, which agencies keep on their items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime


def under_embargo(details: Mapping[str, str], now: datetime) -> str | None:
    """The time until which an item is under embargo, as it is written; None if that is over."""
    written = details.get("embargo", "")
    try:
        until = datetime.fromisoformat(written)
    except ValueError:
        return None
    return written if (until if until.tzinfo else until.replace(tzinfo=UTC)) > now else None
