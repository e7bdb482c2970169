"""A pause between requests to a host, and no more requests if it asks for a break or is down."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.fetch.fetch_limits import FetchLimits
from askbrief.fetch.system import System

DOWN = 3
"""Failures in a row after which a host is not requested again in a run."""


class RateLimiter:
    """The state of each host in one run."""

    def __init__(self, limits: FetchLimits, system: System) -> None:
        self._limits = limits
        self._system = system
        self._ready: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._failed: dict[str, int] = {}
        self._closed: dict[str, tuple[str, str]] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Set the delay that a host's robots.txt asks for."""
        self._delays[host] = max(self._limits.delay, min(seconds, self._limits.longest_delay))

    def await_turn(self, address: Address) -> None:
        """Wait until the host may be requested again.

        Raises:
            FetchError: it is not requested again in this run.
        """
        host = address.host
        if host in self._closed:
            why, hint = self._closed[host]
            raise FetchError(f"{address} was not fetched: {host} {why}", hint=hint)
        self.rest(self._ready.get(host, 0.0) - self._system.now())

    def rest(self, seconds: float) -> None:
        """Sleep."""
        if seconds > 0:
            self._system.sleep(seconds)

    def left(self, host: str) -> None:
        """A request ended: the next may begin after the delay."""
        self._ready[host] = self._system.now() + self._delays.get(host, self._limits.delay)

    def welcome(self, host: str) -> None:
        """The host may be requested at once."""
        self._ready.pop(host, None)

    def answered(self, host: str) -> None:
        """The host answered: forget its failures."""
        self._failed.pop(host, None)

    def failed(self, host: str) -> None:
        """A request failed for a reason that isn't the page's."""
        self._failed[host] = self._failed.get(host, 0) + 1
        if self._failed[host] >= DOWN:
            self._closed[host] = f"failed {DOWN} times in a row", "try again later"

    def close(self, host: str, seconds: float) -> None:
        """The host asks for a longer break than is waited for."""
        self._closed[host] = f"asks for a pause of {seconds:,.0f} seconds", "try again after it"

    def asked_for(self, headers: Mapping[str, str]) -> float | None:
        """Seconds until the server accepts a request again (RFC 9110, 10.2.3); None if it does not say."""
        value = headers.get("retry-after", "").strip()
        if value.isdecimal():
            return float(value[:9])
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._system.date())
        except (ValueError, TypeError, OverflowError):
            return None
