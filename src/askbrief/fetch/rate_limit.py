"""How hosts are treated: a pause between visits, and no more visits where one asks for rest or is down."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.fetch.records import Limits, Means

DOWN = 3
"""Visits that fail in a row, after which a host is let be for the rest of a run."""


class Manners:
    """What is known of each host in one run."""

    def __init__(self, limits: Limits, means: Means) -> None:
        self._limits = limits
        self._means = means
        self._ready: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._failed: dict[str, int] = {}
        self._closed: dict[str, str] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Note the delay that a host's robots.txt asks for."""
        self._delays[host] = max(self._limits.delay, min(seconds, self._limits.longest_delay))

    def await_turn(self, address: Address) -> None:
        """Wait until the host may be visited again.

        Raises:
            FetchError: it is let be for the rest of this run.
        """
        host = address.host
        if host in self._closed:
            raise FetchError(f"{address} was not fetched: {host} {self._closed[host]}")
        self.rest(self._ready.get(host, 0.0) - self._means.now())

    def rest(self, seconds: float) -> None:
        """Let time pass."""
        if seconds > 0:
            self._means.sleep(seconds)

    def left(self, host: str) -> None:
        """A visit is over: the next may begin after the delay."""
        self._ready[host] = self._means.now() + self._delays.get(host, self._limits.delay)

    def welcome(self, host: str) -> None:
        """The host may be visited at once."""
        self._ready.pop(host, None)

    def answered(self, host: str) -> None:
        """The host is there, and has nothing against visits."""
        self._failed.pop(host, None)

    def failed(self, host: str) -> None:
        """A visit came to nothing, by no fault of the page's."""
        self._failed[host] = self._failed.get(host, 0) + 1
        if self._failed[host] >= DOWN:
            self._closed[host] = f"failed {DOWN} times in a row; try again later"

    def close(self, host: str, seconds: float) -> None:
        """The host asks for more time than can be waited for."""
        self._closed[host] = f"asks for a pause of {seconds:,.0f} seconds; try again after it"

    def asked_for(self, headers: Mapping[str, str]) -> float | None:
        """Seconds until a server wants to be asked again (RFC 9110, 10.2.3); None where it does not say."""
        told = headers.get("retry-after", "").strip()
        if told.isdecimal():
            return float(told[:9])
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - self._means.date())
        except (ValueError, TypeError, OverflowError):
            return None
