"""One exchange with a server, on a connection to a number that was checked: bounded in bytes and in time.

urllib3's connections are used by themselves, without its pools: these would look names up again, follow
redirects and take proxies from the environment.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from askbrief._version import __version__
from askbrief.errors import FetchError
from askbrief.fetch.address import Address, HostError
from askbrief.fetch.decompress import unpacked
from askbrief.fetch.records import Limits

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import HTTPResponse

AGENT = f"askbrief/{__version__}"

HEADERS = {
    "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}

PIECE = 65_536
"""Bytes that are read at a time."""

NUMBERS = 3
"""Of a host, tried one after the other."""

GOOD = frozenset({200, 203})
"""Statuses with a page behind them; what else a server writes is not read."""


class Passing(FetchError):
    """What may be otherwise in a moment: a connection that breaks, a server that is not there."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered: names of ``headers`` in lower case; ``data`` unpacked, empty but of a page."""

    status: int
    headers: Mapping[str, str]
    data: bytes = b""


Judge = Callable[[Mapping[str, str]], None]
"""Looks at the headers of a page before the rest of it is read; raises FetchError where it is not wanted."""


def exchanged(
    address: Address, numbers: Sequence[str], headers: Mapping[str, str], limits: Limits, judge: Judge
) -> Response:
    """What the server at one of ``numbers`` answers to a request for ``address``.

    Raises:
        Passing: no connection, or one that broke or took too long.
        HostError: a certificate that is not the host's.
        FetchError: more bytes than the limits allow, or headers without an end.
    """
    import urllib3

    try:
        with _connected(address, numbers, limits) as connection, _cut_off(connection, limits) as late:
            return _asked(connection, address, headers, limits, judge, late)
    except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
        why = f": no safe connection ({_reason(error)}); check the address and this machine's clock"
        raise HostError(address, why) from error
    except http.client.LineTooLong as error:
        raise _garbled(address, "a header that is too long") from error
    except (http.client.HTTPException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if "headers" in str(error):  # http.client: "got more than 100 headers"
            raise _garbled(address, "too many headers") from error
        if _is_slow(error):
            raise Passing(f"{address}: no answer in time; try again later") from error
        raise Passing(f"{address}: the connection failed ({_reason(error)}); try again later") from error


def _garbled(address: Address, what: str) -> FetchError:
    return FetchError(f"{address}: the server's answer has {what}; save the page and index the file")


def _is_slow(error: Exception) -> bool:
    from urllib3.exceptions import NewConnectionError
    from urllib3.exceptions import TimeoutError as Slow

    # That a connection is refused is one of urllib3's timeouts, for the sake of older programs.
    return isinstance(error, (Slow, TimeoutError)) and not isinstance(error, NewConnectionError)


def _reason(error: BaseException) -> str:
    """The words of what lies at the bottom of an error, some of which are the server's."""
    inner = error
    while (below := inner.__cause__ or inner.__context__) is not None:
        inner = below
    words = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return "".join(filter(str.isprintable, " ".join(str(words).split())))[:200]


@contextmanager
def _connected(address: Address, numbers: Sequence[str], limits: Limits) -> Iterator[HTTPConnection]:
    """A connection to the first of the numbers that takes one; of https, with the host's certificate."""
    for left, number in zip(range(min(len(numbers), NUMBERS) - 1, -1, -1), numbers, strict=False):
        connection = _connection(address, number, limits)
        try:
            connection.connect()
        except Exception:
            connection.close()
            if not left:
                raise
            continue
        try:
            yield connection
        finally:
            connection.close()
        return


def _connection(address: Address, number: str, limits: Limits) -> HTTPConnection:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    if address.scheme == "http":
        return HTTPConnection(number, address.port, timeout=limits.connect)
    host = address.host.rstrip(".")
    return HTTPSConnection(
        number,
        address.port,
        timeout=limits.connect,
        server_hostname=host,
        ssl_context=_trusted(),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that this system trusts."""
    return ssl.create_default_context()


@contextmanager
def _cut_off(connection: HTTPConnection, limits: Limits) -> Iterator[threading.Event]:
    """Break the connection when its time is over: a server that sends a byte now and then is never silent.

    The event tells that it was.
    """
    late = threading.Event()
    sock = connection.sock

    def cut() -> None:
        late.set()
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which would wait

    timer = threading.Timer(limits.total, cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _asked(
    connection: HTTPConnection,
    address: Address,
    headers: Mapping[str, str],
    limits: Limits,
    judge: Judge,
    late: threading.Event,
) -> Response:
    """Request and answer; whatever fails after the time is over has failed of that."""
    try:
        connection.timeout = limits.read
        connection.request(
            "GET",
            address.target,
            headers={"Host": address.authority, **HEADERS, **headers},
            preload_content=False,
            decode_content=False,
        )
        with connection.getresponse() as response:
            told = {name.lower(): _readable(value) for name, value in response.headers.items()}
            if response.status not in GOOD:
                return Response(response.status, told)
            judge(told)
            data = _body(response, address, limits, told)
    except Exception as error:
        if late.is_set():
            raise _too_slow(address, limits) from error
        raise
    if late.is_set():
        raise _too_slow(address, limits)
    return Response(response.status, told, unpacked(data, told.get("content-encoding", ""), address, limits))


def _too_slow(address: Address, limits: Limits) -> Passing:
    return Passing(f"{address}: not done within {limits.total:g} seconds; try again later")


def _readable(value: str) -> str:
    """A header's value: http.client reads Latin-1, and servers write UTF-8."""
    with suppress(UnicodeError):
        return value.encode("latin-1").decode()
    return value


def _body(response: HTTPResponse, address: Address, limits: Limits, told: Mapping[str, str]) -> bytes:
    """The bytes as they come over the wire."""
    length = told.get("content-length", "")
    announced = int(length) if length.isdecimal() and "transfer-encoding" not in told else None
    if announced is not None and announced > limits.received:
        raise _too_large(address, announced, limits)
    data = bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > limits.received:
            raise _too_large(address, len(data), limits)
    if announced is not None and len(data) < announced:
        raise Passing(f"{address}: only {len(data):,} of {announced:,} bytes came; try again later")
    return bytes(data)


def _too_large(address: Address, size: int, limits: Limits) -> FetchError:
    return FetchError(
        f"{address} has {size:,} bytes or more, at most {limits.received:,} are fetched; leave it out"
    )
