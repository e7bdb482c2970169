"""A page asked for, politely: by the rules of its host, again where that helps, and along redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from askbrief.errors import FetchError
from askbrief.fetch.address import Address, parsed, resolved
from askbrief.fetch.cache import Kept
from askbrief.fetch.http import Judge, Passing, Response, exchanged
from askbrief.fetch.rate_limit import Manners
from askbrief.fetch.records import Limits, Means
from askbrief.fetch.robots import Robots

MOVED = frozenset({301, 308})
REDIRECTS = MOVED | {302, 303, 307}
RETRIED = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking for a page: the address that answered, and the one to know the page by.

    That is where it has moved for good; where a redirect is for the time being only, the page keeps its name.
    """

    at: Address
    name: str
    response: Response


class Visitor:
    """One run's visits, with what was learnt of each host."""

    def __init__(self, limits: Limits, means: Means) -> None:
        self._limits = limits
        self._means = means
        self._manners = Manners(limits, means)
        self._robots = Robots(self._rules, self._manners.slow_down)

    def visit(self, address: Address, kept: Kept | None, judge: Judge) -> Visit:
        """What the server has at an address, or 304 where that is what is ``kept`` of it.

        Raises:
            FetchError: it may not be fetched, or nothing came of it.
        """
        return self._followed(address, kept, judge, robots=True)

    def _rules(self, address: Address) -> Response:
        """A host's robots.txt, of which no delay is kept: whoever asks for it means well."""
        response = self._followed(address).response
        self._manners.welcome(address.host)
        return response

    def _followed(
        self,
        address: Address,
        kept: Kept | None = None,
        judge: Judge = lambda _: None,
        *,
        robots: bool = False,
    ) -> Visit:
        at, name, moved = address, address, True
        seen = {str(at)}
        for _ in range(self._limits.redirects + 1):
            if robots:
                self._robots.require(at)
            response = self._tried(at, _conditions(kept, at), judge)
            if response.status not in REDIRECTS:
                return Visit(at, name.name, response)
            at = parsed(response.headers.get("location", ""), str(at))
            moved = moved and response.status in MOVED
            name = at if moved else name
            if str(at) in seen:
                raise FetchError(f"{address} redirects in a circle; check the address")
            seen.add(str(at))
        raise FetchError(f"{address} redirects more than {self._limits.redirects} times; check the address")

    def _tried(self, address: Address, headers: Mapping[str, str], judge: Judge) -> Response:
        """The answer to a request that is made again where the server or the way to it fails."""
        for attempt in count(1):
            self._manners.await_turn(address)
            try:
                response = self._once(address, headers, judge)
            except Passing as error:
                fault, pause = error, None
            else:
                if response.status not in RETRIED:
                    self._manners.answered(address.host)
                    return response
                fault = Passing(f"{address}: the server has a fault ({response.status}); try again later")
                pause = self._manners.asked_for(response.headers)
            finally:
                self._manners.left(address.host)
            if pause is not None and pause > self._limits.longest_wait:
                self._manners.close(address.host, pause)
                self._manners.await_turn(address)  # tells
            if attempt == self._limits.tries:
                self._manners.failed(address.host)
                raise fault
            self._manners.rest(self._limits.backoff * 2 ** (attempt - 1) if pause is None else pause)
        raise AssertionError  # the count has no end

    def _once(self, address: Address, headers: Mapping[str, str], judge: Judge) -> Response:
        limits = self._limits
        try:
            numbers = resolved(address, self._means, allow_private=limits.allow_private)
        except OSError as error:
            raise Passing(f"{address}: {address.host} can't be looked up now; check the network") from error
        return exchanged(address, numbers, headers, limits, judge)


def _conditions(kept: Kept | None, at: Address) -> dict[str, str]:
    """The headers that ask for a page only where it is not what is kept of it (RFC 9110, 13.1)."""
    if kept is None or kept.at != str(at):
        return {}
    told = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified}
    return {name: value.encode().decode("latin-1") for name, value in told.items() if value}
