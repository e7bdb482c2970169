"""Web addresses: taken apart once, and checked before anything connects to them.

An address is a way into networks that only this machine sees: ``http://169.254.169.254/`` is a cloud's
secrets. So what is connected to is the very number that was checked here, never a name, which might be
looked up anew and mean another machine by then (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from askbrief.errors import FetchError
from askbrief.fetch.records import Means

Number: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}

LONGEST = 4000
"""Characters of an address; browsers and servers take about as many."""

TRACKERS = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_ga|at_medium|at_campaign")
"""Parameters that tell where a reader came from, and nothing of the page."""

GLOBAL = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out to the world (RFC 4291, section 4)."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052)."""
SPECIAL = tuple(
    map(ipaddress.ip_network, ["192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20"])
)
"""Set aside by IANA's registries of special addresses, whatever this version of Python knows of them."""


class HostError(FetchError):
    """Nothing can be fetched from a host, whatever the page; ``why`` is the line without the address."""

    def __init__(self, address: Address, why: str) -> None:
        super().__init__(f"{address}{why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in parts: ``host`` in ASCII, ``target`` the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def authority(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt is for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def name(self) -> str:
        """The address without what tells only where a reader came from."""
        path, asked, query = self.target.partition("?")
        if not asked:
            return str(self)
        kept = [each for each in query.split("&") if not TRACKERS.fullmatch(each.partition("=")[0])]
        return f"{self.origin}{path}" + ("?" + "&".join(kept) if kept else "")


def parsed(url: str, base: str = "") -> Address:
    """The address that ``url`` is, seen from ``base``; what stands behind ``#`` is left out.

    Raises:
        FetchError: it is none, of another scheme than http and https, or it carries a password.
    """
    told = shown(url)
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError(f"{told} is no web address ({error}): check it") from error
    if parts.scheme not in PORTS:
        raise FetchError(f"{told} can't be fetched: only http:// and https:// are; save it to a file first")
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"{told} carries a name or password: save the page yourself, and index the file")
    if not host or len(url) > LONGEST or "\\" in parts.netloc:
        raise FetchError(f"{told} is no web address: check it")
    target = _encoded(parts.path or "/") + (f"?{_encoded(parts.query)}" if parts.query else "")
    return Address(parts.scheme, _ascii(host, told), port or PORTS[parts.scheme], target)


def shown(url: str) -> str:
    """What is given for an address as it may be printed: one line, not too long, and without a password."""
    line = "".join(c if c.isprintable() else "?" for c in url.strip())
    line = re.sub(r"^(\w+:/*)[^/?#]*@", r"\1…@", line)
    return line if len(line) <= 200 else line[:199] + "…"


def _encoded(part: str) -> str:
    return quote(part, safe="/%!$&'()*+,;=:@?~[]|")


def _ascii(host: str, told: str) -> str:
    """A host as it is looked up: lower case, and in punycode where it is not ASCII."""
    import idna

    try:
        ascii_host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise FetchError(f"{told} has no name of a host that can be looked up: check it") from error
    if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", ascii_host):
        raise FetchError(f"{told} has no name of a host that can be looked up: check it")
    return ascii_host


def resolved(address: Address, means: Means, *, allow_private: bool) -> list[str]:
    """The numbers to connect to, one or more, in the resolver's order.

    Raises:
        HostError: the host has none, or one of them lies in no public network.
        OSError: the host's name can't be looked up at the moment.
    """
    literal = _literal(address)
    try:
        found = [literal] if literal else means.lookup(address.host, address.port)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise
        raise HostError(address, f": there is no host {address.host}; check the address") from error
    except UnicodeError as error:  # a label of more than 63 characters
        raise HostError(address, f": there is no host {address.host}; check the address") from error
    if not found:
        raise HostError(address, f": there is no host {address.host}; check the address")
    for number in found:
        if not allow_private and not public(ipaddress.ip_address(number)):
            told = f"{address.host} is" if number == address.host else f"{address.host} is {number},"
            raise HostError(
                address, f" is not fetched: {told} a private or local address; --allow-private allows it"
            )
    return found


def _literal(address: Address) -> str | None:
    """The number that a host is written as, in any of the ways that systems read: 127.1, 0x7f000001."""
    try:
        return str(ipaddress.ip_address(address.host))
    except ValueError:
        pass
    last = address.host.rstrip(".").rpartition(".")[2]
    if not re.fullmatch(r"\d+|0x[0-9a-f]*", last):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(address.host.rstrip(".")))
    except OSError as error:
        raise HostError(address, f": {address.host} is no number of a host; check the address") from error


def public(number: Number) -> bool:
    """Whether a number is of the open internet: what it wraps (IPv4 within IPv6) is looked at as well."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if number in TRANSLATED:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFF_FFFF)
        if inner is not None:
            return public(inner)
        if number not in GLOBAL:
            return False
    special = any(number.version == block.version and number in block for block in SPECIAL)
    return number.is_global and not (number.is_multicast or number.is_reserved or special)
