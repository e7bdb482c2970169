"""Where a PostgreSQL database is, from the URL that names it: how it may be reached, and how it is shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from askbrief.errors import OptionError

SCHEMES = ("postgresql", "postgres")

SECRETS = ("password", "sslpassword")
"""Parameters that a command line would show to every user of the machine."""

ENCRYPTED = "require"
"""What is demanded of a server on another machine whose URL does not say ``sslmode``."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The parameters of a connection, as libpq names them, and the place as messages name it."""

    parameters: Mapping[str, str]
    location: str = field(compare=False)

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str] = os.environ) -> ServerAddress:
        """The database that a URL of libpq's form names. Raises OptionError.

        What it leaves out comes from libpq's environment, password and service files. A password in the URL
        is refused. Off this machine, the connection is encrypted unless ``sslmode`` says otherwise.
        """
        try:
            parts = urlsplit(url)
            given = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        except ValueError as error:
            raise _no_url("the store is not the URL of a database") from error
        if parts.scheme not in SCHEMES:
            raise _no_url(
                f"the store begins with `{parts.scheme}:`" if parts.scheme else "the store has no scheme"
            )
        _require_no_secret(parts.netloc, given)
        _, _, hosts = parts.netloc.rpartition("@")
        names, ports = _hosts(hosts)
        user = unquote(parts.netloc.rpartition("@")[0].partition(":")[0])
        found = {"host": names, "port": ports, "user": user, "dbname": unquote(parts.path[1:])}
        parameters = {**{name: value for name, value in found.items() if value}, **given}
        if (
            "sslmode" not in parameters
            and not environment.get("PGSSLMODE")
            and not _here(parameters, environment)
        ):
            parameters["sslmode"] = ENCRYPTED
        database = f"/{parameters.get('dbname', '')}"
        host = "" if hosts else parameters.get("host") or environment.get("PGHOST", "")
        return cls(parameters, f"{SCHEMES[0]}://{hosts}{database}" + (f"?host={host}" if host else ""))


def _no_url(what: str) -> OptionError:
    return OptionError(what, hint="write it as `--store postgresql://USER@HOST/DATABASE`")


def _require_no_secret(netloc: str, given: Mapping[str, str]) -> None:
    if ":" in netloc.rpartition("@")[0] or any(name in given for name in SECRETS):
        raise OptionError(
            "the URL of the store has a password, which every user of this machine could read",
            hint="leave it out, and keep it in `~/.pgpass`, in PGPASSWORD or in a service file",
        )


def _hosts(hosts: str) -> tuple[str, str]:
    """The names and the ports of one or several hosts, each separated by commas, as libpq has them."""
    names, ports = [], []
    for each in hosts.split(","):
        name, colon, port = each.rpartition(":")
        if not colon or port.endswith("]"):
            name, port = each, ""
        if port and not port.isdecimal():
            raise _no_url(f"{port!r} is not a port")
        names.append(unquote(name).strip("[]"))
        ports.append(port)
    return ",".join(names), ",".join(ports) if any(ports) else ""


def _here(parameters: Mapping[str, str], environment: Mapping[str, str]) -> bool:
    """Whether every host that may be meant is this machine; what a service file says isn't known."""
    if "service" in parameters or environment.get("PGSERVICE"):
        return False
    address = parameters.get("hostaddr") or environment.get("PGHOSTADDR")
    hosts = address or parameters.get("host") or environment.get("PGHOST") or ""
    return all(map(_is_loopback, hosts.split(",")))


def _is_loopback(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
