"""robots.txt: what of a host a robot may fetch, and how fast (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from askbrief.errors import FetchError
from askbrief.fetch.address import Address, HostError, parsed
from askbrief.fetch.http import Response

if TYPE_CHECKING:
    from protego import Protego

NAME = "askbrief"
"""What rules for this program alone are headed by."""

MOST = 512_000
"""Bytes of a robots.txt that are read; the RFC wants 500 KiB at least."""


class Robots:
    """The rules of each host, fetched once a run."""

    def __init__(self, get: Callable[[Address], Response], slow_down: Callable[[str, float], None]) -> None:
        self._get = get
        self._slow_down = slow_down
        self._rules: dict[str, Protego | FetchError] = {}

    def require(self, address: Address) -> None:
        """Nothing where the page may be fetched.

        Raises:
            FetchError: the host's rules forbid it, or can't be had at the moment.
        """
        rules = self._rules.get(address.origin)
        if rules is None:
            rules = self._rules[address.origin] = self._fetched(address)
        if isinstance(rules, HostError):
            raise HostError(address, rules.why)
        if isinstance(rules, FetchError):
            raise FetchError(
                f"{address} is not fetched, as what programs may fetch there is unknown: {rules}"
            )
        if not rules.can_fetch(str(address), NAME):
            raise FetchError(
                f"{address} is closed to programs by {address.origin}/robots.txt; save the page yourself, "
                "and index the file"
            )

    def _fetched(self, address: Address) -> Protego | FetchError:
        """The rules of the host; where the server fails, the fault: nothing may be fetched then."""
        from protego import Protego

        try:
            response = self._get(parsed(f"{address.origin}/robots.txt"))
        except FetchError as error:
            return error
        text = response.data[:MOST].decode("utf-8", "replace")  # empty of any status but a good one
        rules = Protego.parse(text)
        if delay := rules.crawl_delay(NAME):
            self._slow_down(address.host, float(delay))
        return rules
