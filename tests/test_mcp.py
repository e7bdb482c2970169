"""The archive for assistants: the official client over every transport, in both eras of the protocol."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, get_args

import anyio
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp_types import TextResourceContents
from starlette.testclient import TestClient

from askbrief import Index, __version__
from askbrief.check import Checked, Label
from askbrief.check.align import Difference
from askbrief.errors import OptionError
from askbrief.mcp_server import tools
from askbrief.mcp_server.arguments import checked
from askbrief.mcp_server.document_uri import DocumentPlace, document_uri, place
from askbrief.mcp_server.served_archive import ServedArchive as Loaded
from askbrief.mcp_server.server import create_server, http_app
from askbrief.present import contract_schemas
from askbrief.serve.security import Access
from askbrief.verify import FoundWords, SourceState, State, Verification, VerifiedCitation
from conftest import ROOT, Archive, Cli, assert_line, write

T = TypeVar("T")

ERAS = ("legacy", "auto")
"""The handshake, and the revision that has none, which a client that knows both finds out."""
VERSIONS = {"legacy": "2025-11-25", "auto": "2026-07-28"}

QUESTION = "who will rebuild the northern pier before winter?"
REFUSED = "how tall is the lighthouse of Alexandria?"
DRAFT = "“We will rebuild the northern pier before spring,” mayor Petra Ilieva said.\n"

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": QUESTION}),
    ("ask", {"question": REFUSED}),
    ("ask", {"question": "what did Ilieva say about the pier?", "speaker": "Ilieva", "k": 3}),
    ("ask", {"question": QUESTION, "since": "2031-01-01"}),
    ("search", {"query": "pier OR bridge", "limit": 1}),
    ("search", {"query": "nowhere"}),
    ("quotes", {}),
    ("quotes", {"speaker": "Ilieva", "limit": 1}),
    ("speakers", {"limit": 1}),
    ("check", {"draft": DRAFT}),
    ("check", {"draft": "Nothing is quoted here."}),
    ("status", {}),
]


@contextmanager
def loaded(folder: Path) -> Iterator[Loaded]:
    """The archive of an index, with the lexical reader."""
    archive = Loaded(lambda: Index.open(folder, reader="none"))
    try:
        yield archive
    finally:
        archive.close()


def used(archive: Loaded, era: str, work: Callable[[Client], Awaitable[T]]) -> T:
    """What ``work`` gives with the official client of a server in this process."""

    async def main() -> T:
        async with Client(create_server(archive), mode=era) as client:
            assert client.protocol_version == VERSIONS[era]
            return await work(client)

    return anyio.run(main)


def called(folder: Path, name: str, arguments: dict[str, Any] | None = None, era: str = ERAS[1]) -> Any:
    """The result of one call."""
    with loaded(folder) as archive:
        return used(archive, era, lambda client: client.call_tool(name, arguments or {}))


def worded(result: Any) -> str:
    """The text of a result."""
    return str(result.content[0].text)


async def read(client: Client, uri: str) -> str:
    """The text of a resource."""
    (found,) = (await client.read_resource(uri)).contents
    assert isinstance(found, TextResourceContents)
    return found.text


def text_of(folder: Path, id_: str) -> str:
    """The text of a document."""
    with Index.open(folder, reader="none") as index:
        return index.show(id_)[0].text


# -- tools


@pytest.mark.parametrize("era", ERAS)
def test_tools_are_described_for_an_assistant(made: Archive, era: str) -> None:
    async def work(client: Client) -> None:
        listed = (await client.list_tools()).tools
        names = [tool.name for tool in listed]
        assert names == ["ask", "search", "quotes", "speakers", "show", "check", "verify", "status"]
        for tool in listed:
            hints = tool.annotations
            assert hints
            assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
            assert (hints.idempotent_hint, hints.open_world_hint) == (True, False)
            assert tool.output_schema
            for schema in (tool.input_schema, tool.output_schema):
                assert schema["type"] == "object"
                jsonschema.Draft202012Validator.check_schema(schema)
        of = {tool.name: tool.description or "" for tool in listed}
        for name in ("ask", "search", "quotes", "show"):
            assert "quote them exactly" in of[name]
            assert "say who spoke" in of[name]
        assert "Quote its texts exactly" in (client.instructions or "")

    with loaded(made.index) as archive:
        used(archive, era, work)


@pytest.mark.parametrize("era", ERAS)
def test_results_are_as_their_schemas_say(made: Archive, era: str) -> None:
    async def work(client: Client) -> None:
        schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        answer = None
        for name, arguments in CALLS:
            result = await client.call_tool(name, arguments)
            assert not result.is_error, (name, arguments, result)
            jsonschema.validate(result.structured_content, schemas[name])
            if name == "ask":
                answer = answer or result.structured_content
        assert answer
        shown = await client.call_tool("show", {"document": answer["citations"][0]["document"]["id"]})
        jsonschema.validate(shown.structured_content, schemas["show"])
        verified = await client.call_tool("verify", {"answer": answer})
        jsonschema.validate(verified.structured_content, schemas["verify"])
        assert verified.structured_content["intact"]

    with loaded(made.index) as archive:
        used(archive, era, work)


def test_schemas_that_are_written_out_have_the_keys_of_the_records() -> None:
    checked_item = contract_schemas.check_schema()["properties"]["quotations"]["items"]["properties"]
    assert checked_item.keys() == {field.name for field in fields(Checked)}
    assert checked_item["label"]["enum"] == list(get_args(Label))
    difference = checked_item["difference"]["anyOf"][0]["items"]["properties"]
    assert difference.keys() == {field.name for field in fields(Difference)}
    verified = contract_schemas.verification_schema()["properties"]
    assert verified.keys() == {field.name for field in fields(Verification)}
    citation = verified["citations"]["items"]["properties"]
    assert citation.keys() == {field.name for field in fields(VerifiedCitation)}
    assert citation["state"]["enum"] == list(get_args(State))
    assert set(citation["source"]["enum"]) >= {*get_args(State), "missing", "unread"}
    assert SourceState
    assert citation["found"]["anyOf"][0]["properties"].keys() == {field.name for field in fields(FoundWords)}


@pytest.mark.parametrize("era", ERAS)
def test_texts_are_verbatim_with_speaker_date_and_place(made: Archive, era: str) -> None:
    async def work(client: Client) -> None:
        for name, arguments, key in (
            ("ask", {"question": QUESTION}, "citations"),
            ("quotes", {"speaker": "Ilieva"}, "quotations"),
        ):
            result = await client.call_tool(name, arguments)
            found = result.structured_content[key]
            assert found
            for cited in found:
                text = text_of(made.index, cited["document"]["id"])
                assert text[cited["start"] : cited["end"]] == cited["text"]
                assert cited["text"] in worded(result)
                place_ = f"characters {cited['start']}–{cited['end']}"
                assert place_ in worded(result)
            assert "said by Petra Ilieva" in worded(result)
            assert "2024-05-02" in worded(result)
            links = [block for block in result.content if block.type == "resource_link"]
            assert await read(client, links[0].uri) == found[0]["text"]

    with loaded(made.index) as archive:
        used(archive, era, work)


def test_a_refusal_is_no_error(made: Archive) -> None:
    result = called(made.index, "ask", {"question": REFUSED})
    assert not result.is_error
    assert result.structured_content["answered"] is False
    assert worded(result).startswith("The archive does not say.")


def test_null_and_blank_arguments_are_none(made: Archive) -> None:
    plain = called(made.index, "quotes", {"about": "pier"})
    blank = called(made.index, "quotes", {"about": "pier", "speaker": None, "since": " ", "cursor": ""})
    assert plain.structured_content == blank.structured_content


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "question is missing"),
        ("ask", {"question": "  "}, "question is missing"),
        ("ask", {"question": ["a"]}, "give a string"),
        ("ask", {"question": "x" * 3000}, "3,000 characters"),
        ("ask", {"question": "who?", "k": "ten"}, "whole number from 1 to"),
        ("ask", {"question": "who?", "k": 0}, "whole number from 1 to"),
        ("ask", {"question": "who?", "since": "last week"}, "isn't a day"),
        ("ask", {"question": "who?", "path": "/etc/passwd"}, "there is no argument"),
        ("ask", {"question": "who?", "before": ["a"] * 99}, "99 items"),
        ("search", {"query": "pier AND (bridge"}, ""),
        ("search", {"query": "pier", "sort": "size"}, "orders are"),
        ("quotes", {"cursor": "x"}, "cursor"),
        ("quotes", {"document": "harbour"}, "no document has that id"),
        ("show", {"document": "/etc/passwd"}, "no document has that id"),
        ("verify", {"answer": {"citations": "all"}}, "citations"),
        ("verify", {"answer": "nothing"}, "isn't JSON"),
        ("check", {"draft": "x" * 200_001}, "200,001 characters"),
        ("status", {"verify": True}, "leave it out"),
    ],
)
def test_what_the_caller_can_mend_is_one_line(
    made: Archive, era: str, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = called(made.index, name, arguments, era)
    assert result.is_error
    assert len(result.content) == 1
    assert "\n" not in worded(result)
    assert told in worded(result)
    for word in ("pydantic", "validation error", "Traceback", "bug", str(made.index)):
        assert word not in worded(result)


@pytest.mark.parametrize("era", ERAS)
def test_an_unknown_tool_is_an_error_of_the_protocol(made: Archive, era: str) -> None:
    async def work(client: Client) -> None:
        with pytest.raises(MCPError, match="no tool is called that; there are ask, search"):
            await client.call_tool("remove", {})

    with loaded(made.index) as archive:
        used(archive, era, work)


def test_a_document_is_shown_in_parts(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "LONGEST_SHOWN", 100)
    with Index.open(archive.index, reader="none") as index:
        about = index.documents()[0]
        text = index.show(about.id)[0].text

    async def work(client: Client) -> str:
        parts, start = [], 0
        while start is not None:
            result = await client.call_tool("show", {"document": about.id, "start": start})
            shown = result.structured_content
            assert len(shown["text"]) <= 100
            assert shown["text"] == text[shown["start"] : shown["end"]]
            assert shown["text"] in worded(result)
            assert shown["characters"] == len(text)
            parts.append(shown["text"])
            start = shown["next"]
        return "".join(parts)

    with loaded(archive.index) as served:
        assert used(served, ERAS[1], work) == text
    beyond = called(archive.index, "show", {"document": about.id, "start": len(text) + 1})
    assert beyond.is_error


def test_lists_go_on(made: Archive) -> None:
    async def work(client: Client) -> list[Any]:
        found: list[Any] = []
        cursor = None
        while True:
            result = await client.call_tool("speakers", {"limit": 1, "cursor": cursor})
            found += result.structured_content["speakers"]
            cursor = result.structured_content["next"]
            if cursor is None:
                return found
            assert cursor in worded(result)

    with loaded(made.index) as archive:
        names = [each["name"] for each in used(archive, ERAS[1], work)]
    with Index.open(made.index, reader="none") as index:
        assert names == [each.name for each in index.speakers()]


def test_verifying_opens_no_file_that_an_answer_names(made: Archive, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The code of the safe is 4711.\n", encoding="utf-8")
    opened: list[str] = []
    watching = True

    def watch(event: str, given_: tuple[Any, ...]) -> None:
        if watching and event == "open":
            opened.append(str(given_[0]))

    sys.addaudithook(watch)
    citation = {
        "text": "The code of the safe is 4711.",
        "start": 0,
        "end": 29,
        "paragraph": 1,
        "sentences": [1, 1],
        "answer": None,
        "document": {"id": "x", "source": str(secret), "sha256": "0" * 64},
    }
    result = called(made.index, "verify", {"answer": {"answer": None, "citations": [citation]}})
    watching = False
    assert opened  # the index was
    assert str(secret) not in opened
    (verified,) = result.structured_content["citations"]
    assert verified["state"] == "gone"
    assert verified["source"] == "unread"


# -- resources


@pytest.mark.parametrize("era", ERAS)
def test_resources_are_documents_and_passages(made: Archive, era: str) -> None:
    async def work(client: Client) -> None:
        templates = (await client.list_resource_templates()).resource_templates
        assert [each.uri_template for each in templates] == [
            "askbrief://document/{id}",
            "askbrief://document/{id}#char={start},{end}",
        ]
        listed = (await client.list_resources()).resources
        assert len(listed) == 3
        for resource in listed:
            text = text_of(made.index, place(str(resource.uri)).id)
            assert await read(client, resource.uri) == text
            assert await read(client, f"{resource.uri}#char=3,9") == text[3:9]
        for wrong in ("askbrief://document/none", f"{listed[0].uri}#char=5,999999", "file:///etc/passwd"):
            with pytest.raises(MCPError) as raised:
                await client.read_resource(wrong)
            assert raised.value.error.code == -32602
            assert "\n" not in raised.value.error.message

    with loaded(made.index) as archive:
        used(archive, era, work)


@given(st.text(min_size=1, max_size=60), st.integers(0, 10**9), st.integers(0, 10**9))
def test_addresses_name_what_they_were_made_of(id_: str, start: int, end: int) -> None:
    assert place(document_uri(id_)) == DocumentPlace(id_, None)
    assert place(document_uri(id_, (start, end))) == DocumentPlace(id_, (start, end))


@pytest.mark.parametrize(
    "uri", ["", "askbrief://document/", "askbrief://document/a/b", "askbrief://document/a#char=1"]
)
def test_other_addresses_are_refused(uri: str) -> None:
    with pytest.raises(OptionError, match="no document's address"):
        place(uri)


# -- arguments


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.text(max_size=8), st.recursive(st.none() | st.integers() | st.text(), st.lists), max_size=4
    )
)
def test_any_arguments_are_taken_or_refused_in_one_line(arguments: dict[str, Any]) -> None:
    for tool in tools.TOOLS.values():
        told = ""
        try:
            checked(tool.inputs, arguments)
        except OptionError as error:
            told = str(error)
        assert "\n" not in told


def test_a_whole_number_may_be_written_as_a_fraction() -> None:
    inputs = tools.TOOLS["ask"].inputs
    assert checked(inputs, {"question": "who?", "k": 3.0}) == {"question": "who?", "k": 3}
    for wrong in (True, 2.5, "3"):
        with pytest.raises(OptionError, match="k is"):
            checked(inputs, {"question": "who?", "k": wrong})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(OptionError, match="not Unicode"):
        checked(tools.TOOLS["ask"].inputs, {"question": "who \ud800?"})


# -- the archive beside the server


def test_tools_are_listed_while_the_index_is_opened(made: Archive) -> None:
    may_open = threading.Event()

    def slow() -> Index:
        assert may_open.wait(60)
        return Index.open(made.index, reader="none")

    async def work(client: Client) -> Any:
        assert (await client.list_tools()).tools
        assert not may_open.is_set()
        may_open.set()
        return await client.call_tool("status", {})

    archive = Loaded(slow)
    try:
        assert used(archive, ERAS[1], work).structured_content["documents"] == 3
    finally:
        archive.close()


def test_an_index_that_is_made_later_is_found(tmp_path: Path, made: Archive, tiny_model: Path) -> None:
    async def work(client: Client) -> None:
        missing = await client.call_tool("ask", {"question": QUESTION})
        assert missing.is_error
        assert worded(missing) == "the archive holds no document yet; index some, then ask again"
        Index.update([made.files], tmp_path / "index", model=str(tiny_model))
        assert not (await client.call_tool("ask", {"question": QUESTION})).is_error

    with loaded(tmp_path / "index") as archive:
        used(archive, ERAS[1], work)


def test_each_call_sees_what_was_committed_before_it(archive: Archive, tiny_model: Path) -> None:
    async def work(client: Client) -> None:
        for number in range(3):
            word = f"obelisk{number}"
            found = await client.call_tool("search", {"query": word})
            assert found.structured_content["total"] == 0
            write(
                archive.files, {f"{word}.txt": f"The {word} was found in the harbour of Varna on Monday.\n"}
            )
            Index.update([archive.files], archive.index, model=str(tiny_model))
            found = await client.call_tool("search", {"query": word})
            assert found.structured_content["total"] == 1

    with loaded(archive.index) as served:
        used(served, ERAS[1], work)


# -- processes


def command(folder: Path, *words: str) -> list[str]:
    """The command line of the server."""
    program = "from askbrief.cli import run; run()"
    return [sys.executable, "-c", program, "mcp", "--index", str(folder), "--reader", "none", *words]


@pytest.mark.parametrize("era", ERAS)
def test_standard_input_and_output(made: Archive, era: str) -> None:
    program, *arguments = command(made.index)

    async def main() -> None:
        started = StdioServerParameters(command=program, args=arguments, env=dict(os.environ))
        async with Client(started, mode=era) as client:
            assert client.protocol_version == VERSIONS[era]
            result = await client.call_tool("ask", {"question": QUESTION})
            cited = result.structured_content["citations"][0]
            text = text_of(made.index, cited["document"]["id"])
            assert text[cited["start"] : cited["end"]] == cited["text"]
            assert (await client.call_tool("show", {"document": "none"})).is_error

    anyio.run(main)


def test_one_process_tells_the_eras_apart(made: Archive) -> None:
    """As they are on the wire: an opening request with an envelope, or the handshake."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    discover = {"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": meta}}
    listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {"_meta": meta}}
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    greeting = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    initialize = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": greeting}
    old_listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    modern = exchanged(made.index, [discover, listing])
    assert modern[1]["result"]["supportedVersions"] == ["2026-07-28"]
    assert modern[1]["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "askbrief"
    assert modern[2]["result"]["resultType"] == "complete"
    handshake = exchanged(made.index, [initialize, ready, old_listing])
    assert handshake[1]["result"]["protocolVersion"] == "2025-06-18"
    assert handshake[1]["result"]["serverInfo"]["name"] == "askbrief"
    assert "resultType" not in handshake[2]["result"]
    names = [[tool["name"] for tool in replies[2]["result"]["tools"]] for replies in (modern, handshake)]
    assert names[0] == names[1]


def exchanged(folder: Path, messages: list[dict[str, Any]]) -> dict[int, Any]:
    """The replies of a process by the ids of the requests, which are answered one after another; it then ends
    with 0, for its input does."""
    with subprocess.Popen(
        command(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        replies = {}
        for message in messages:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            if "id" in message:
                reply = json.loads(process.stdout.readline())
                replies[reply["id"]] = reply
        process.stdin.close()
        assert process.wait(60) == 0
        return replies


# -- HTTP

TOKEN = "correct-horse-battery-staple"  # noqa: S105 — of the test alone
HEADERS = {
    "accept": "application/json, text/event-stream",
    "content-type": "application/json",
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/list",
}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}


def test_http_serves_both_eras(made: Archive) -> None:
    """One process, of which a client with a handshake and one without are served; SIGTERM ends it with 0."""
    with subprocess.Popen(
        command(made.index, "--http", "--port", "0"), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        try:
            line = process.stderr.readline()
            address = line.partition(" on ")[2].partition(";")[0]
            assert address.endswith("/mcp"), line

            async def main(era: str) -> None:
                async with Client(address, mode=era) as client:
                    assert client.protocol_version == VERSIONS[era]
                    assert len((await client.list_tools()).tools) == 8
                    result = await client.call_tool("ask", {"question": QUESTION})
                    assert result.structured_content["citations"]
                    assert (await client.call_tool("ask", {})).is_error

            for era in ERAS:
                anyio.run(main, era)
        finally:
            process.terminate()
        assert process.wait(60) == 0


@contextmanager
def over_http(folder: Path, access: Access = Access()) -> Iterator[TestClient]:  # noqa: B008 — frozen
    """A client of the application that is served over HTTP."""
    with (
        loaded(folder) as archive,
        TestClient(http_app(archive, access), base_url="http://localhost") as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost"}, 200),
        ({"host": "evil.example"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 400),
        ({"content-length": "999999999"}, 413),
    ],
)
def test_http_answers_only_who_may_ask(made: Archive, headers: dict[str, str], status: int) -> None:
    with over_http(made.index) as client:
        reply = client.post("/mcp", content=json.dumps(LISTING), headers=HEADERS | headers)
    assert reply.status_code == status
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in reply.headers


def test_other_hosts_need_the_token(made: Archive) -> None:
    access = Access(frozenset({"localhost"}), TOKEN)
    with over_http(made.index, access) as client:
        assert client.post("/mcp", json=LISTING, headers=HEADERS).status_code == 401
        given_ = HEADERS | {"authorization": f"Bearer {TOKEN}"}
        assert client.post("/mcp", json=LISTING, headers=given_).status_code == 200


def test_a_server_for_others_is_refused_without_a_token(cli: Cli, made: Archive) -> None:
    assert_line(cli("mcp", "--http", "--host", "news.example", "--index", made.index), "ASKBRIEF_TOKEN")


def test_without_the_sdk_the_remedy_is_named(
    cli: Cli, made: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "askbrief.mcp_server.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    assert_line(cli("mcp", "--index", made.index), "mcp_types", "pip install 'askbrief[mcp]'")


# -- what is published


def test_the_registry_is_told_what_is_packaged() -> None:
    server = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    package = server["packages"][0]
    assert server["version"] == package["version"] == __version__
    assert f"mcp-name: {server['name']} " in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", server["name"])
    assert 3 <= len(server["name"]) <= 200
    assert 1 <= len(server["description"]) <= 100
    assert 1 <= len(server["title"]) <= 100
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert package["identifier"] == extras["project"]["name"]
    assert package["runtimeArguments"][0]["value"] == "askbrief[mcp]"
    assert "mcp" in extras["project"]["optional-dependencies"]


def test_the_name_for_the_registry_is_nobodys_until_a_publisher_sets_it() -> None:
    """Whoever owns the namespace of the name could vouch for this package."""
    namespace = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))["name"].partition("/")[0]
    assert namespace == "com.example"
    assert f"replace `{namespace}`" in (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")


def test_the_page_for_clients_names_every_tool() -> None:
    page = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [*tools.TOOLS]
