"""Who may ask a server, and what its replies may do in a browser."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from askbrief.errors import SettingsError
from askbrief.serve import Access
from askbrief.serve.security import HEADERS, is_loopback
from conftest import Archive
from serving import problem, served

TOKEN = "a-token-of-some-length"  # noqa: S105
PATHS = ["/", "/quotes", "/api/status", "/api/nothing", "/healthz", "/openapi.json", "/static/app.css"]


@pytest.fixture(scope="module")
def client(made: Archive) -> Iterator[TestClient]:
    with served(made.index) as client:
        yield client


@pytest.fixture(scope="module")
def locked(made: Archive) -> Iterator[TestClient]:
    with served(made.index, Access.of("::", ["News.example"], {"ASKBRIEF_TOKEN": TOKEN})) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
def test_every_reply_has_the_headers(client: TestClient, path: str) -> None:
    for host in ("localhost", "evil.example"):
        reply = client.get(path, headers={"host": host})
        assert {name: reply.headers[name] for name in HEADERS} == HEADERS
        assert "access-control-allow-origin" not in reply.headers
        assert "server" not in reply.headers
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8750", "127.0.0.1:1", "[::1]:8750", "LOCALHOST"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/status", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8750", "localhost.evil.example", "127.0.0.1.nip.io", "evil@localhost", "",
     "a b", "localhost/x", "localhost:x", "localhost\\@evil.example", "192.168.0.1", "[::1", "localhost?"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/ask?question=who", "/healthz"])
def test_other_hosts_are_refused(client: TestClient, host: str, path: str) -> None:
    reply = client.get(path, headers={"host": host})
    assert reply.status_code == 421
    assert "host" in problem(reply)


def test_two_hosts_are_refused(client: TestClient) -> None:
    assert client.get("/", headers=[("host", "localhost"), ("host", "evil.example")]).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "ftp://localhost"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
@pytest.mark.parametrize("path", ["/api/check", "/api/verify", "/check", "/verify"])
def test_other_sites_can_not_post(client: TestClient, headers: dict[str, str], path: str) -> None:
    assert client.post(path, data={"draft": "x"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "https://localhost"},
    ],
)
def test_our_own_pages_and_programs_can(client: TestClient, headers: dict[str, str]) -> None:
    assert (
        client.post("/api/check", json={"draft": "“Nobody said this, ever.”"}, headers=headers).status_code
        == 200
    )


def test_a_link_from_elsewhere_opens_a_page_but_nothing_is_embedded(client: TestClient) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert client.get("/api/status", headers=link).status_code == 200
    assert client.get("/api/status", headers=embedded).status_code == 403


def test_a_token_is_asked_for(locked: TestClient) -> None:
    reply = locked.get("/api/status")
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"].startswith("Basic ")
    assert TOKEN not in reply.text
    assert locked.get("/healthz").status_code in (200, 503)
    assert locked.get("/static/app.css").status_code == 401


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Basic " + base64.b64encode(f"anna:{TOKEN}".encode()).decode(), 200),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer", 401),
        ("Bearer é", 401),
        ("Basic !!", 401),
        ("Basic " + base64.b64encode(b"\xff\xfe").decode(), 401),
        ("Basic " + base64.b64encode(TOKEN.encode()).decode(), 401),
        (f"Digest {TOKEN}", 401),
    ],
)
def test_the_token_is_a_bearer_or_a_password(locked: TestClient, given: str, status: int) -> None:
    reply = locked.get("/api/status", headers={b"authorization": given.encode("latin-1")})
    assert reply.status_code == status


def test_allowed_hosts_are_answered(locked: TestClient) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert locked.get("/api/status", headers={**headers, "host": "news.example:443"}).status_code == 200
    assert locked.get("/api/status", headers={**headers, "host": "other.example"}).status_code == 421


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "news.example", ""])  # noqa: S104
def test_other_addresses_need_a_token(host: str) -> None:
    with pytest.raises(SettingsError, match="ASKBRIEF_TOKEN"):
        Access.of(host, [], {})
    with pytest.raises(SettingsError, match="too short"):
        Access.of(host, [], {"ASKBRIEF_TOKEN": "short"})
    assert Access.of(host, [], {"ASKBRIEF_TOKEN": TOKEN}).token == TOKEN


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "[::1]", "127.8.9.1"])
def test_this_machine_needs_none(host: str) -> None:
    assert is_loopback(host)
    assert Access.of(host, [], {}).token is None


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/%2e%2e/%2e%2e/askbrief.db",
     "/static/app.css%00", "/api/documents/..%2f..%2faskbrief.db", "/documents/%2fetc%2fpasswd",
     "/../../etc/passwd"],
)  # fmt: skip
def test_no_path_of_a_request_is_opened(client: TestClient, path: str, made: Archive) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    assert "root:" not in reply.text
    assert str(made.index) not in reply.text


def test_a_socket_of_another_kind_is_refused(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/ask"):
        pass


def test_paths_stay_out_of_what_is_logged_to_the_client(tmp_path: Path) -> None:
    from askbrief.errors import IndexDamaged
    from askbrief.serve.problems import of_error

    found = of_error(IndexDamaged(f"{tmp_path}/askbrief.db is damaged", hint="rebuild it"))
    assert str(tmp_path) not in found.detail + (found.hint or "")
