"""Web addresses: parsed once, and checked before anything connects to them.

An address may lead into networks that only this machine sees: ``http://169.254.169.254/`` serves a cloud's
secrets. So connections go to the IP address that was checked here, never to a name, which may resolve to
another machine when it is looked up again (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from askbrief.errors import FetchError
from askbrief.fetch.system import System

PORTS = {"http": 80, "https": 443}

LONGEST = 4000
"""Characters of an address; about what browsers and servers accept."""

TRACKERS = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_ga|at_medium|at_campaign")
"""Query parameters that track where a reader came from, and don't select a page."""

GLOBAL = ipaddress.ip_network("2000::/3")
"""Global unicast addresses of IPv6 (RFC 4291, section 4)."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052)."""
SPECIAL = tuple(
    map(ipaddress.ip_network, ["192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20"])
)
"""Reserved in IANA's registries of special addresses; not every version of Python knows them all."""


class HostError(FetchError):
    """Nothing can be fetched from a host, whatever the page; ``why`` is the message without the address."""

    def __init__(self, address: Address, why: str, *, hint: str | None) -> None:
        super().__init__(f"{address}{why}", hint=hint)
        self.why = why


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an http or https address: ``host`` in ASCII, ``target`` the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def authority(self) -> str:
        """Host and port as in the ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt applies to."""
        return f"{self.scheme}://{self.authority}"

    @property
    def name(self) -> str:
        """The address without parameters that only track a reader."""
        path, mark, query = self.target.partition("?")
        if not mark:
            return str(self)
        kept = [each for each in query.split("&") if not TRACKERS.fullmatch(each.partition("=")[0])]
        return f"{self.origin}{path}" + ("?" + "&".join(kept) if kept else "")


def parse_address(url: str, base: str = "") -> Address:
    """The address that ``url`` means, relative to ``base``, without its fragment.

    Raises:
        FetchError: it is not an http or https address, or it contains a password.
    """
    name = shown(url)
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError(f"{name} is not a web address ({shown(str(error))})", hint="check it") from error
    if parts.scheme not in PORTS:
        raise FetchError(
            f"{name} can't be fetched: only http:// and https:// are supported",
            hint="give its path" if parts.scheme == "file" else "download it, and index the file",
        )
    if parts.username is not None or parts.password is not None:
        raise FetchError(
            f"{name} contains a user name or password", hint="save the page yourself, and index the file"
        )
    if not host or len(url) > LONGEST or "\\" in parts.netloc:
        raise FetchError(f"{name} is not a web address", hint="check it")
    target = _encoded(parts.path or "/") + (f"?{_encoded(parts.query)}" if parts.query else "")
    return Address(parts.scheme, _ascii(host, name), port or PORTS[parts.scheme], target)


def shown(url: str) -> str:
    """A given address as it may be printed: one line, not too long, and without a password."""
    line = "".join(c if c.isprintable() else "?" for c in url.strip())
    line = re.sub(r"^(\w+:/*)[^/?#]*@", r"\1…@", line)
    return line if len(line) <= 200 else line[:199] + "…"


def _encoded(part: str) -> str:
    return quote(part, safe="/%!$&'()*+,;=:@?~[]|")


def _ascii(host: str, name: str) -> str:
    """A host as it is looked up: lower case, and in Punycode if it is not ASCII."""
    import idna

    try:
        ascii_host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise FetchError(f"{name} has an invalid host name", hint="check it") from error
    if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", ascii_host):
        raise FetchError(f"{name} has an invalid host name", hint="check it")
    return ascii_host


def resolve(address: Address, system: System, *, allow_private: bool) -> list[str]:
    """The IP addresses to connect to, at least one, in the resolver's order.

    Raises:
        HostError: the host has none, or one of them is not public.
        OSError: the host name can't be looked up at the moment.
    """
    literal = _literal(address)
    try:
        found = [literal] if literal else system.lookup(address.host, address.port)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise
        found = []
    except UnicodeError:  # a label of more than 63 characters
        found = []
    if not found:
        raise HostError(address, f": there is no host {address.host}", hint="check the address")
    for number in found:
        if not allow_private and not public(ipaddress.ip_address(number)):
            host = f"{address.host} is" if number == address.host else f"{address.host} is {number},"
            raise HostError(
                address,
                f" is not fetched: {host} a private or local address",
                hint="`--allow-private` allows it",
            )
    return found


def _literal(address: Address) -> str | None:
    """The IP address that a host is written as, in any form that systems accept: 127.1, 0x7f000001."""
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
        raise HostError(
            address, f": {address.host} is not an IP address", hint="check the address"
        ) from error


def public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an IP address is public; an IPv4 address embedded in IPv6 is checked too."""
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
