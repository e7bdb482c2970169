"""One exchange with a server, on a connection to a checked IP address, limited in bytes and time.

urllib3's connections are used without its pools, which would look up names again, follow redirects and use
proxies from the environment.
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
from askbrief.fetch.decompress import decompress
from askbrief.fetch.pages import FetchLimits

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
"""Bytes read at a time."""

MOST_ADDRESSES = 3
"""IP addresses of a host that are tried, in order."""

GOOD = frozenset({200, 203})
"""Statuses of pages; the content of other responses is not read."""


class TransientError(FetchError):
    """A failure that may pass: a broken connection, a server that is down."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response: ``headers`` with names in lower case; ``data`` decompressed, empty unless it is a page."""

    status: int
    headers: Mapping[str, str]
    data: bytes = b""


HeaderCheck = Callable[[Mapping[str, str]], None]
"""Called with the headers of a page before its content is read; raises FetchError to refuse it."""


def exchange(
    address: Address,
    numbers: Sequence[str],
    headers: Mapping[str, str],
    limits: FetchLimits,
    check_headers: HeaderCheck,
) -> Response:
    """The response of the server at one of the IP addresses ``numbers`` to a request for ``address``.

    Raises:
        TransientError: no connection, or one that broke or took too long.
        HostError: a certificate that is not the host's.
        FetchError: more bytes than the limits allow, or endless headers.
    """
    import urllib3

    try:
        with _connected(address, numbers, limits) as connection, _cut_off(connection, limits) as late:
            return _asked(connection, address, headers, limits, check_headers, late)
    except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
        why = f": no secure connection ({_reason(error)})"
        raise HostError(address, why, hint="check the address and this machine's clock") from error
    except http.client.LineTooLong as error:
        raise _malformed(address, "a header that is too long") from error
    except (http.client.HTTPException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if "headers" in str(error):  # http.client: "got more than 100 headers"
            raise _malformed(address, "too many headers") from error
        if _is_slow(error):
            raise TransientError(f"{address}: no answer in time", hint="try again later") from error
        raise TransientError(
            f"{address}: the connection failed ({_reason(error)})", hint="try again later"
        ) from error


def _malformed(address: Address, what: str) -> FetchError:
    return FetchError(f"{address}: the server's answer has {what}", hint="save the page and index the file")


def _is_slow(error: Exception) -> bool:
    from urllib3.exceptions import NewConnectionError
    from urllib3.exceptions import TimeoutError as Slow

    # In urllib3 a refused connection is a timeout too, for compatibility.
    return isinstance(error, (Slow, TimeoutError)) and not isinstance(error, NewConnectionError)


def _reason(error: BaseException) -> str:
    """The message of an error's first cause, without control characters, which a server may send."""
    inner = error
    while (below := inner.__cause__ or inner.__context__) is not None:
        inner = below
    words = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return "".join(filter(str.isprintable, " ".join(str(words).split())))[:200]


@contextmanager
def _connected(address: Address, numbers: Sequence[str], limits: FetchLimits) -> Iterator[HTTPConnection]:
    """A connection to the first IP address that accepts one; for https, with the host's certificate."""
    for left, number in zip(range(min(len(numbers), MOST_ADDRESSES) - 1, -1, -1), numbers, strict=False):
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


def _connection(address: Address, number: str, limits: FetchLimits) -> HTTPConnection:
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
    """The certificate authorities that this system trusts."""
    return ssl.create_default_context()


@contextmanager
def _cut_off(connection: HTTPConnection, limits: FetchLimits) -> Iterator[threading.Event]:
    """Close the connection when its time is up, however slowly a server keeps sending; sets the event."""
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
    limits: FetchLimits,
    check_headers: HeaderCheck,
    late: threading.Event,
) -> Response:
    """Request and response; any failure after the time limit counts as exceeding it."""
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
            received = {name.lower(): _readable(value) for name, value in response.headers.items()}
            if response.status not in GOOD:
                return Response(response.status, received)
            check_headers(received)
            data = _body(response, address, limits, received)
    except Exception as error:
        if late.is_set():
            raise _too_slow(address, limits) from error
        raise
    if late.is_set():
        raise _too_slow(address, limits)
    return Response(
        response.status, received, decompress(data, received.get("content-encoding", ""), address, limits)
    )


def _too_slow(address: Address, limits: FetchLimits) -> TransientError:
    return TransientError(f"{address}: not done within {limits.total:g} seconds", hint="try again later")


def _readable(value: str) -> str:
    """The value of a header: http.client decodes Latin-1, and servers send UTF-8."""
    with suppress(UnicodeError):
        return value.encode("latin-1").decode()
    return value


def _body(
    response: HTTPResponse, address: Address, limits: FetchLimits, received: Mapping[str, str]
) -> bytes:
    """The bytes as sent."""
    length = received.get("content-length", "")
    announced = int(length) if length.isdecimal() and "transfer-encoding" not in received else None
    if announced is not None and announced > limits.received:
        raise _too_large(address, announced, limits)
    data = bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > limits.received:
            raise _too_large(address, len(data), limits)
    if announced is not None and len(data) < announced:
        raise TransientError(
            f"{address}: only {len(data):,} of {announced:,} bytes were received", hint="try again later"
        )
    return bytes(data)


def _too_large(address: Address, size: int, limits: FetchLimits) -> FetchError:
    return FetchError(
        f"{address} has {size:,} bytes or more, at most {limits.received:,} are fetched", hint="leave it out"
    )
