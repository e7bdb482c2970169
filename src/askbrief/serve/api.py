"""The API: what the commands print with ``--json``, and as CSV."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from askbrief import present
from askbrief.options import AskOptions
from askbrief.question import validated_question
from askbrief.serve import cursors, drafts, parameters
from askbrief.serve.limits import MOST_ROWS, MOST_ROWS_CSV, ROWS
from askbrief.serve.replies import (
    CSV,
    HTML,
    MARKDOWN,
    Content,
    as_json,
    as_text,
    lanes,
    served,
    tagged,
    untagged,
)
from askbrief.types import ListPlace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from askbrief.check import Checked, DraftText
    from askbrief.serve.served_index import ServedIndex
    from askbrief.types import Quoted, Source, Speaker

LISTED = ("limit", "cursor", "format")
QUOTES = (*parameters.FILTER, "about", "document")
TABLES = ("json", "csv")
FORMATS = ("json", *present.FORMATS)
SPEAKER = ("name", "forms", "role", "quotations", "documents", "since", "until")
DOCUMENT = ("id", "title", "date", "source", "url", "sha256")


async def ask(request: Request) -> Response:
    """The answer to a question, as ``ask --json`` prints it; that there is none is an answer too."""
    values = parameters.given(request.query_params, (*parameters.ASK, "format"))
    question = validated_question(values.get("question", ""))
    options, before = parameters.ask_options(values), parameters.earlier(request.query_params)
    wanted, index = parameters.one_of(values, "format", FORMATS), served(request)

    def work() -> Content:
        found = index.answer(question, options, before)
        if wanted != "json":
            return exported(present.of_answers([found]), wanted, "answer")
        return as_json(present.answer(found))

    return await tagged(request, lanes(request).ask, work)


async def search(request: Request) -> Response:
    """Every document with the words of a query, as ``search --json`` prints it, some at a time."""
    values = parameters.given(request.query_params, (*parameters.SEARCH, "format"))
    wanted, asked, index = (
        parameters.one_of(values, "format", FORMATS),
        parameters.search(values),
        served(request),
    )

    def work() -> Content:
        found = index.index.search(**asked)
        if wanted != "json":
            return exported(present.of_search(found), wanted, "search")
        return as_json(present.search(found))

    return await tagged(request, lanes(request).look, work)


async def quotes(request: Request) -> Response:
    """Quotations by date and place, some at a time."""
    values = parameters.given(request.query_params, (*QUOTES, *LISTED))
    options = parameters.ask_options(values)
    size, wanted = _size(values, FORMATS)
    index = served(request)

    def work() -> Content:
        page = quotation_page(index, values, size)
        if wanted != "json":
            text = exported(present.of_quotations(page.items), wanted, "quotes")
            return replace(text, headers=_link(request, page.next))
        items = [present.quotation(each) for each in page.items]
        more = {"notes": index.index.filter_notes(options)}
        return _listed(request, "quotations", items, page.next, more)

    return await tagged(request, lanes(request).look, work)


def quotation_page(index: ServedIndex, values: Mapping[str, Any], size: int) -> cursors.Page[Quoted]:
    """The quotations that some parameters ask for, of which no more than that are read. Raises NotFound for a
    document that isn't there."""
    options = AskOptions(**parameters.chosen(values, parameters.FILTER))
    if "document" in values:
        index.show(values["document"])  # by exactly its id
    shape, cursor = (True, "", ""), values.get("cursor")
    last = cursors.place(cursor, shape)
    start = None if last is None else ListPlace(None if last[0] else last[1], last[2])
    chosen = {name: values.get(name) for name in ("about", "document")}
    found = index.index.each_quotation(options, start=start, exact=True, **chosen)
    return cursors.page(found, _quotation_key, shape, cursor, size)


def _quotation_key(quoted: Quoted) -> cursors.Key:
    """What quotations are sorted by: the date, undated last, and the document."""
    about = quoted.document
    return about.date is None, about.date or "", about.source


async def speakers(request: Request) -> Response:
    """Who is quoted, most often first, some at a time."""
    values = parameters.given(request.query_params, (*parameters.SPEAKERS, *LISTED))
    size, wanted = _size(values)
    index = served(request)

    def work() -> Content:
        page = speaker_page(index.speakers(**parameters.chosen(values, parameters.SPEAKERS)), values, size)
        if wanted == "csv":
            rows = [
                (each.name, "; ".join(each.forms), *(getattr(each, name) for name in SPEAKER[2:]))
                for each in page.items
            ]
            return _table(request, SPEAKER, rows, "speakers.csv", page.next)
        items = [present.speaker(each) for each in page.items]
        return _listed(request, "speakers", items, page.next, {"notes": speaker_notes(index, values)})

    return await tagged(request, lanes(request).look, work)


def speaker_page(found: Sequence[Speaker], values: Mapping[str, Any], size: int) -> cursors.Page[Speaker]:
    """Some of the speakers, sorted by how often they are quoted, then by their names."""
    return cursors.page(found, lambda one: (-one.quotations, one.name), (0, ""), values.get("cursor"), size)


def speaker_notes(index: ServedIndex, values: Mapping[str, Any]) -> list[str]:
    """What there is to say of the filter of speakers, as of that of quotations."""
    return index.index.filter_notes(AskOptions(**parameters.chosen(values, parameters.DOCUMENTS)))


async def documents(request: Request) -> Response:
    """The documents in the order of their source names, some at a time."""
    values = parameters.given(request.query_params, LISTED)
    size, wanted = _size(values)
    index = served(request)

    def work() -> Content:
        page = document_page(index, values, size)
        if wanted == "csv":
            rows = [tuple(getattr(each, name) for name in DOCUMENT) for each in page.items]
            return _table(request, DOCUMENT, rows, "documents.csv", page.next)
        return _listed(request, "documents", [asdict(each) for each in page.items], page.next)

    return await tagged(request, lanes(request).look, work)


def document_page(index: ServedIndex, values: Mapping[str, str], size: int) -> cursors.Page[Source]:
    """Some of the documents, of which no more are read."""
    cursor = values.get("cursor")
    (start,) = cursors.place(cursor, ("",)) or ("",)
    found = index.index.documents(start, size + 2)  # the last one that was given, these, and whether more
    return cursors.page(found, lambda document: (document.source,), ("",), cursor, size)


async def document(request: Request) -> Response:
    """A document with its paragraphs and sentences, as ``show --json`` prints it."""
    from askbrief.formats import garbled

    parameters.given(request.query_params, ())
    index, id_ = served(request), request.path_params["id"]

    def work() -> Content:
        found, sentences = index.show(id_)
        return as_json(present.shown(found, sentences, len(garbled(found.text))))

    return await tagged(request, lanes(request).look, work)


async def status(request: Request) -> Response:
    """What the index holds and whether it is intact, as ``status --json`` prints it."""
    parameters.given(request.query_params, ())
    index = served(request)
    return await tagged(request, lanes(request).look, lambda: as_json(index_status(index)))


def index_status(index: ServedIndex) -> dict[str, Any]:
    """What ``status --json`` prints, without a path."""
    state = present.status(index.index.status())
    return {
        name: index.hide_folder(value) if isinstance(value, str) else value for name, value in state.items()
    }


async def check(request: Request) -> Response:
    """The quotations of a draft, labelled, as ``check --json`` prints them, or as a report."""
    values = parameters.given(request.query_params, ("format",))
    wanted = parameters.one_of(values, "format", FORMATS)
    given, index = await drafts.sent(request, "draft"), served(request)
    return await untagged(
        lanes(request).check, lambda: check_report(*checked(index, drafts.draft(given)), wanted)
    )


def checked(index: ServedIndex, written: DraftText) -> tuple[Sequence[Checked], str]:
    """The quotations of a draft, and what they are numbered by."""
    found = index.index.check(written.text)
    return tuple(replace(each, line=written.number(each.line)) for each in found), written.numbers


def check_report(found: Sequence[Checked], numbers: str, wanted: str) -> Content:
    """The report on a draft in one of ``FORMATS``."""
    if wanted == "markdown":
        return as_text(present.check_report(found, drafts.NAME, numbers), MARKDOWN, "check.md")
    if wanted != "json":
        return exported(present.of_check(found, drafts.NAME, numbers), wanted, "check")
    return as_json(present.check(found))


async def verify(request: Request) -> Response:
    """What has become of the citations of saved answers, by the index alone: no file is opened."""
    parameters.given(request.query_params, ())
    given, index = await drafts.answer_body(request), served(request)

    def work() -> Content:
        return as_json(present.verification(index.index.verify(drafts.answers(given), sources=False)))

    return await untagged(lanes(request).look, work)


async def healthz(request: Request) -> Response:
    """Whether the server answers questions yet."""
    ready = served(request).ready
    headers = {"Cache-Control": "no-store"} | ({} if ready else {"Retry-After": "1"})
    body = b'{"status": "ok"}' if ready else b'{"status": "starting"}'
    return Response(body, 200 if ready else 503, headers, "application/json")


async def openapi(request: Request) -> Response:
    """This API, described by OpenAPI 3.1."""
    from askbrief.serve.openapi import document

    parameters.given(request.query_params, ())
    return await tagged(request, lanes(request).look, lambda: as_json(document()))


def exported(export: present.Export, wanted: str, name: str) -> Content:
    """An export as a file in one of ``present.FORMATS``."""
    kind, suffix = {"csv": (CSV, "csv"), "markdown": (MARKDOWN, "md"), "html": (HTML, "html")}[wanted]
    return as_text(present.exported(export, wanted), kind, f"{name}.{suffix}")


def _size(values: Mapping[str, str], formats: Sequence[str] = TABLES) -> tuple[int, str]:
    """How many rows are asked for, and in which format."""
    wanted = parameters.one_of(values, "format", formats)
    usual, most = (ROWS, MOST_ROWS) if wanted == "json" else (MOST_ROWS_CSV, MOST_ROWS_CSV)
    return parameters.whole_number(values, "limit", usual, 1, most), wanted


def _listed(
    request: Request,
    name: str,
    items: Sequence[Any],
    cursor: str | None,
    more: Mapping[str, Any] | None = None,
) -> Content:
    return replace(as_json({name: items, "next": cursor, **(more or {})}), headers=_link(request, cursor))


def _table(
    request: Request, columns: Sequence[str], rows: Sequence[Sequence[Any]], file: str, cursor: str | None
) -> Content:
    text = present.csv_table(columns, rows)
    return replace(as_text(text, CSV, file), headers=_link(request, cursor))


def _link(request: Request, cursor: str | None) -> dict[str, str]:
    """Where a list goes on, as a header (RFC 8288)."""
    if cursor is None:
        return {}
    return {"Link": f'<{request.url.path}?{with_cursor(request, cursor)}>; rel="next"'}


def with_cursor(request: Request, cursor: str) -> str:
    """The query of a request, with another cursor."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return urlencode([*kept, ("cursor", cursor)])


ROUTES = [
    Route("/healthz", healthz),
    Route("/openapi.json", openapi),
    Route("/api/ask", ask),
    Route("/api/search", search),
    Route("/api/quotes", quotes),
    Route("/api/speakers", speakers),
    Route("/api/documents", documents),
    Route("/api/documents/{id}", document),
    Route("/api/status", status),
    Route("/api/check", check, methods=["POST"]),
    Route("/api/verify", verify, methods=["POST"]),
]
