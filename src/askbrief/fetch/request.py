"""A page requested politely: as its host's robots.txt allows, with retries, and along redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from askbrief.errors import FetchError
from askbrief.fetch.address import Address, parse_address, resolve
from askbrief.fetch.cache import CacheEntry
from askbrief.fetch.fetch_limits import FetchLimits
from askbrief.fetch.http import HeaderCheck, Response, TransientError, exchange
from askbrief.fetch.rate_limit import RateLimiter
from askbrief.fetch.robots import Robots
from askbrief.fetch.system import System

MOVED = frozenset({301, 308})
REDIRECTS = MOVED | {302, 303, 307}
RETRIED = frozenset({429, 500, 502, 503, 504})


class Requester:
    """The requests of one run, with what is known of each host."""

    def __init__(self, limits: FetchLimits, system: System) -> None:
        self._limits = limits
        self._system = system
        self._rate_limiter = RateLimiter(limits, system)
        self._robots = Robots(self._rules, self._rate_limiter.slow_down)

    def get(
        self,
        address: Address,
        entry: CacheEntry | None = None,
        check_headers: HeaderCheck = lambda _: None,
        *,
        robots: bool = True,
    ) -> Response:
        """The response for an address; status 304 if the page is still as in its cache entry. ``robots`` is
        whether the robots.txt of each host applies.

        Raises:
            FetchError: the page may not be fetched, or the request failed.
        """
        at, name, moved = address, address, True
        seen = {str(at)}
        for _ in range(self._limits.redirects + 1):
            if robots:
                self._robots.require(at)
            response = self._tried(at, _conditions(entry, at), check_headers)
            if response.status not in REDIRECTS:
                return replace(response, name=name.name)
            at = parse_address(response.headers.get("location", ""), str(at))
            moved = moved and response.status in MOVED
            name = at if moved else name
            if str(at) in seen:
                raise FetchError(f"{address} redirects in a circle", hint="check the address")
            seen.add(str(at))
        raise FetchError(
            f"{address} redirects more than {self._limits.redirects} times", hint="check the address"
        )

    def _rules(self, address: Address) -> Response:
        """A host's robots.txt, which doesn't delay the request that follows."""
        response = self.get(address, robots=False)
        self._rate_limiter.welcome(address.host)
        return response

    def _tried(self, address: Address, headers: Mapping[str, str], check_headers: HeaderCheck) -> Response:
        """The response to a request that is repeated if the server or the connection fails."""
        for attempt in count(1):
            self._rate_limiter.await_turn(address)
            try:
                response = self._once(address, headers, check_headers)
            except TransientError as error:
                fault, pause = error, None
            else:
                if response.status not in RETRIED:
                    self._rate_limiter.answered(address.host)
                    return response
                fault = TransientError(
                    f"{address}: the server failed ({response.status})", hint="try again later"
                )
                pause = self._rate_limiter.asked_for(response.headers)
            finally:
                self._rate_limiter.left(address.host)
            if pause is not None and pause > self._limits.longest_wait:
                self._rate_limiter.close(address.host, pause)
                self._rate_limiter.await_turn(address)  # raises
            if attempt == self._limits.tries:
                self._rate_limiter.failed(address.host)
                raise fault
            self._rate_limiter.rest(self._limits.backoff * 2 ** (attempt - 1) if pause is None else pause)
        raise AssertionError  # the count has no end

    def _once(self, address: Address, headers: Mapping[str, str], check_headers: HeaderCheck) -> Response:
        limits = self._limits
        try:
            numbers = resolve(address, self._system, allow_private=limits.allow_private)
        except OSError as error:
            raise TransientError(
                f"{address}: {address.host} can't be looked up now", hint="check the network"
            ) from error
        return exchange(address, numbers, headers, limits, check_headers)


def _conditions(entry: CacheEntry | None, at: Address) -> dict[str, str]:
    """The headers that request a page only if it has changed (RFC 9110, 13.1)."""
    if entry is None or entry.at != str(at):
        return {}
    validators = {"If-None-Match": entry.etag, "If-Modified-Since": entry.modified}
    return {name: value.encode().decode("latin-1") for name, value in validators.items() if value}
