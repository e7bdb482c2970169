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
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from askbrief._version import __version__
from askbrief.errors import FetchError
from askbrief.fetch.address import Address, HostError
from askbrief.fetch.decompress import decompress
from askbrief.fetch.fetch_limits import FetchLimits
from askbrief.media_type import MediaType, parse_media_type

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
    """A response: ``at`` is the address that answered, ``name`` the one to know the page by, which changes
    with permanent redirects only; ``headers`` have names in lower case; ``data`` is decompressed, and empty
    unless it is a page."""

    at: Address
    status: int
    headers: Mapping[str, str]
    data: bytes = b""
    name: str = ""

    @property
    def media_type(self) -> MediaType:
        """The media type in the headers."""
        return parse_media_type(self.headers.get("content-type", ""))


HeaderCheck = Callable[[Response], None]
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
        with closing(_connected(address, numbers, limits)) as connection, _timed(connection, address, limits):
            response = _requested(connection, address, headers, limits, check_headers)
    except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
        why = f": no secure connection ({_reason(error)})"
        raise HostError(address, why, hint="check the address and this machine's clock") from error
    except (http.client.HTTPException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if str(error).startswith("got more than"):  # 100 headers, or 65536 bytes of one
            raise FetchError(
                f"{address}: the server's answer has too many or too long headers",
                hint="save the page and index the file",
            ) from error
        slow = isinstance(error, (urllib3.exceptions.TimeoutError, TimeoutError))
        # In urllib3 a refused connection is a timeout too, for compatibility.
        if slow and not isinstance(error, urllib3.exceptions.NewConnectionError):
            raise TransientError(f"{address}: no answer in time", hint="try again later") from error
        raise TransientError(
            f"{address}: the connection failed ({_reason(error)})", hint="try again later"
        ) from error
    encoding = response.headers.get("content-encoding", "")
    return replace(response, data=decompress(response.data, encoding, address, limits))


def _reason(error: BaseException) -> str:
    """The message of an error's first cause, without control characters, which a server may send."""
    inner = error
    while (below := inner.__cause__ or inner.__context__) is not None:
        inner = below
    words = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return "".join(filter(str.isprintable, " ".join(str(words).split())))[:200]


def _connected(address: Address, numbers: Sequence[str], limits: FetchLimits) -> HTTPConnection:
    """A connection to the first IP address that accepts one; for https, with the host's certificate."""
    from urllib3.connection import HTTPConnection, HTTPSConnection

    for left, number in reversed(list(enumerate(reversed(numbers[:MOST_ADDRESSES])))):
        if address.scheme == "http":
            connection = HTTPConnection(number, address.port, timeout=limits.connect)
        else:
            connection = HTTPSConnection(
                number,
                address.port,
                timeout=limits.connect,
                server_hostname=address.host.rstrip("."),
                ssl_context=_trusted(),
            )
        try:
            connection.connect()
        except Exception:
            connection.close()
            if not left:
                raise
        else:
            return connection
    raise AssertionError  # ``resolve`` returns one at least


@cache
def _trusted() -> ssl.SSLContext:
    """The certificate authorities that this system trusts."""
    return ssl.create_default_context()


@contextmanager
def _timed(connection: HTTPConnection, address: Address, limits: FetchLimits) -> Iterator[None]:
    """Close the connection when its time is up, however slowly a server keeps sending. Any failure after
    that counts as exceeding it."""
    late = threading.Event()
    sock = connection.sock

    def cut() -> None:
        late.set()
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which would wait

    timer = threading.Timer(limits.total, cut)
    timer.daemon = True
    timer.start()
    failure = None
    try:
        yield
    except Exception as error:
        if not late.is_set():
            raise
        failure = error
    finally:
        timer.cancel()
    if late.is_set():
        raise TransientError(
            f"{address}: not done within {limits.total:g} seconds", hint="try again later"
        ) from failure


def _requested(
    connection: HTTPConnection,
    address: Address,
    headers: Mapping[str, str],
    limits: FetchLimits,
    check_headers: HeaderCheck,
) -> Response:
    """The response as sent, its content still compressed."""
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
        answer = Response(address, response.status, received)
        if response.status not in GOOD:
            return answer
        check_headers(answer)
        return replace(answer, data=_body(response, address, limits))


def _readable(value: str) -> str:
    """The value of a header: http.client decodes Latin-1, and servers send UTF-8."""
    with suppress(UnicodeError):
        return value.encode("latin-1").decode()
    return value


def _body(response: HTTPResponse, address: Address, limits: FetchLimits) -> bytes:
    """The bytes as sent; urllib3 raises if they are fewer than announced."""
    data, announced = bytearray(), response.length_remaining or 0
    while max(announced, len(data)) <= limits.received and (piece := response.read1(PIECE)):
        data += piece
    size = max(announced, len(data))
    if size > limits.received:
        raise FetchError(
            f"{address} has {size:,} bytes or more, at most {limits.received:,} are fetched",
            hint="leave it out",
        )
    return bytes(data)
