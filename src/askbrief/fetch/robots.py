"""robots.txt: which pages of a host a program may fetch, and how fast (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from askbrief.errors import FetchError
from askbrief.fetch.address import Address, HostError, parse_address
from askbrief.fetch.http import Response

if TYPE_CHECKING:
    from protego import Protego

NAME = "askbrief"
"""The user agent that rules for this program name."""

MOST = 512_000
"""Bytes of a robots.txt that are read; the RFC requires at least 500 KiB."""


class Robots:
    """The rules of each host, fetched once a run."""

    def __init__(self, get: Callable[[Address], Response], slow_down: Callable[[str, float], None]) -> None:
        self._get = get
        self._slow_down = slow_down
        self._rules: dict[str, Protego | FetchError] = {}

    def require(self, address: Address) -> None:
        """Check that the page may be fetched.

        Raises:
            FetchError: the host's rules forbid it, or can't be fetched at the moment.
        """
        rules = self._rules.get(address.origin)
        if rules is None:
            rules = self._rules[address.origin] = self._fetched(address)
        if isinstance(rules, HostError):
            raise HostError(address, rules.why, hint=rules.hint)
        if isinstance(rules, FetchError):
            raise FetchError(
                f"{address} is not fetched, because its robots.txt is unknown: {rules.message}",
                hint=rules.hint,
            )
        if not rules.can_fetch(str(address), NAME):
            raise FetchError(
                f"{address} is closed to programs by {address.origin}/robots.txt",
                hint="save the page yourself, and index the file",
            )

    def _fetched(self, address: Address) -> Protego | FetchError:
        """The rules of the host; or the error if the server fails, when nothing may be fetched."""
        from protego import Protego

        try:
            response = self._get(parse_address(f"{address.origin}/robots.txt"))
        except FetchError as error:
            return error
        text = response.data[:MOST].decode("utf-8", "replace")  # empty unless the status is good
        rules = Protego.parse(text)
        if delay := rules.crawl_delay(NAME):
            self._slow_down(address.host, float(delay))
        return rules
