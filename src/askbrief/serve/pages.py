"""The pages: whole without a script, each at an address that gives it again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from askbrief import present
from askbrief.errors import AskbriefError, NotFound, QueryError
from askbrief.options import AskOptions
from askbrief.question import validated_question
from askbrief.serve import api, drafts, parameters, shown
from askbrief.serve.limits import LONGEST_DRAFT, ROWS
from askbrief.serve.problems import Problem, of_error
from askbrief.serve.replies import HTML, Content, as_text, lanes, served, tagged, untagged
from askbrief.serve.security import FORM_HEADERS
from askbrief.serve.templating import HERE, rendered

if TYPE_CHECKING:
    from starlette.requests import Request

    from askbrief.serve.lanes import Lane
    from askbrief.serve.served_index import ServedIndex
    from askbrief.types import Answer, Citation, Document, Extent, Sentence

ASK = (*parameters.ASK, "show")
SPEAKERS = (*parameters.SPEAKERS, "cursor")
DOCUMENT = ("start", "end", "find", "from")
SEARCH = ("query", "sort", *parameters.FILTER, "offset")
OF_SEARCH = 20
POSTED = ("check.html", "verify.html")
"""Pages with a form that is posted."""
LABELS = {
    "exact": "Words and speaker are as in the archive.",
    "unconfirmed": "The archive has the words, but not as this speaker’s quotation for sure.",
    "altered": "The archive has similar words, but not these.",
    "misattributed": "The archive gives these words to somebody else.",
    "absent": "The archive has nothing similar.",
}
"""What the labels of quotations say, from good to bad."""
STATES = {
    "intact": "The words are where the answer says.",
    "moved": "The words are in another place now, or the text around them was edited.",
    "changed": "Other words are there now, or another speaker.",
    "gone": "The archive no longer has them.",
}
"""What the states of citations say, from good to bad."""


async def _page(
    request: Request,
    lane: Lane,
    template: str,
    known: tuple[str, ...],
    work: Callable[[dict[str, str]], dict[str, Any]],
) -> Response:
    """A page whose parameters are right, or the same page with what is wrong above it."""
    common: dict[str, Any] = {"given": {}, "problem": None, "path": request.url.path}
    try:
        values = parameters.given(request.query_params, known)
    except Problem as problem:
        return _html(template, {**common, "problem": problem}, problem.status)

    def made() -> Content:
        try:
            found = {**common, "given": values, **work(values)}
        except (AskbriefError, Problem) as error:
            problem = of_error(error)
            if isinstance(error, NotFound) or problem.status >= 500:
                raise
            return _content(template, {**common, "given": values, "problem": problem}, problem.status)
        return _content(template, found)

    return await tagged(request, lane, made)


def _content(template: str, values: dict[str, Any], status: int = 200) -> Content:
    found = as_text(rendered(template, **values), HTML)
    headers = FORM_HEADERS if template in POSTED else {}
    return Content(found.body, HTML, status=status, headers=headers)


def _html(template: str, values: dict[str, Any], status: int) -> Response:
    return Response(_content(template, values).body, status, {"Cache-Control": "no-store"}, "text/html")


def problem(of: Problem) -> str:
    """A page that says what went wrong."""
    return rendered("problem.html", problem=of, given={}, path="")


async def ask(request: Request) -> Response:
    """A question with its answer: numbered evidence, and the source of one of them beside it."""
    index = served(request)

    def work(values: dict[str, str]) -> dict[str, Any]:
        before = parameters.earlier(request.query_params)
        options = parameters.ask_options(values)
        if "question" not in values:
            return {"before": before, "answer": None}
        question = validated_question(values["question"])
        answer = index.answer(question, options, before)
        cited = [(part, each) for part in answer.parts or (answer,) for each in part.citations]
        show = parameters.whole_number(values, "show", 1, 1, max(1, len(cited)))
        source = _source(index, *cited[show - 1]) if cited else None
        return {"before": before, "answer": answer, "cited": cited, "show": show, "source": source,
                "groups": _groups(answer)}  # fmt: skip

    lane = lanes(request).ask if request.query_params.get("question") else lanes(request).look
    return await _page(request, lane, "ask.html", ASK, work)


def _groups(answer: Answer) -> list[tuple[Answer, list[tuple[int, Citation]]]]:
    """The answer to each part of a question, with its numbered citations; the numbers go on."""
    numbers = itertools.count(1)
    return [(part, [(next(numbers), each) for each in part.citations]) for part in answer.parts or (answer,)]


def _source(index: ServedIndex, answer: Answer, cited: Citation) -> dict[str, Any] | None:
    """The paragraphs around a citation, marked; None if the document has other words there by now."""
    try:
        document, _ = index.show(cited.document.id)
    except NotFound:
        return None
    if document.text[cited.start : cited.end] != cited.text:
        return None
    marks: list[tuple[Extent, str]] = [((cited.start, cited.end), "cited")]
    if cited.answer and answer.answered:  # else nothing answers
        marks.append(((cited.answer.start, cited.answer.end), "answer"))
    first, last = cited.paragraph - shown.AROUND, cited.paragraph + shown.AROUND
    around = shown.paragraphs(document, first, last, marks)
    return {"document": document, "paragraphs": around, "cited": cited,
            "whole": len(around) == len(document.paragraphs)}  # fmt: skip


async def document(request: Request) -> Response:
    """A document: numbered paragraphs, a marked place, what was looked for, its quotations."""
    index, id_ = served(request), request.path_params["id"]

    def work(values: dict[str, str]) -> dict[str, Any]:
        found, sentences = index.show(id_)
        quotations = list(index.index.each_quotation(AskOptions(), document=id_, exact=True))
        marks = _marks(found, values)
        places = [extent for extent, kind in marks if kind == "found"]
        at = next((extent[0] for extent, _ in marks), 0)
        first = _first(found, sentences, values, at)
        last = first + shown.OF_A_PAGE - 1
        count = len(found.paragraphs)
        return {
            "document": found,
            "paragraphs": shown.paragraphs(found, first, last, marks),
            "quotations": quotations,
            "places": len(places),
            "earlier": max(1, first - shown.OF_A_PAGE) if first > 1 else None,
            "later": last + 1 if last < count else None,
            "count": count,
        }

    return await _page(request, lanes(request).look, "document.html", DOCUMENT, work)


def _marks(document: Document, values: dict[str, str]) -> list[tuple[Extent, str]]:
    """What is marked of a document: the place that is named, and what is looked for."""
    length = len(document.text)
    marks: list[tuple[Extent, str]] = []
    if "start" in values or "end" in values:
        start = parameters.whole_number(values, "start", 0, 0, length)
        end = parameters.whole_number(values, "end", length, start, length)
        marks.append(((start, end), "cited"))
    if words := values.get("find", "").split():
        pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
        marks += [(each.span(), "found") for each in pattern.finditer(document.text)]
    return marks


def _first(document: Document, sentences: tuple[Sentence, ...], values: dict[str, str], at: int) -> int:
    """The first paragraph of the page that is shown: as named, else of the page with the first mark."""
    count = max(1, len(document.paragraphs))
    there = shown.paragraph_at(sentences, at)
    usual = 1 + (there - 1) // shown.OF_A_PAGE * shown.OF_A_PAGE
    return parameters.whole_number(values, "from", usual, 1, count)


async def documents(request: Request) -> Response:
    """The documents, some at a time."""
    index = served(request)

    def work(values: dict[str, str]) -> dict[str, Any]:
        page = api.document_page(index, values, ROWS)
        return {"page": page, "count": index.documents}

    return await _page(request, lanes(request).look, "documents.html", ("cursor",), work)


async def quotes(request: Request) -> Response:
    """Quotations by speaker, subject and date, some at a time."""
    index = served(request)

    def work(values: dict[str, str]) -> dict[str, Any]:
        options = parameters.ask_options(values)
        page = api.quotation_page(index, values, ROWS)
        whole = page.next is None and "cursor" not in values
        count = len(page.items) if whole else _count(index, values, options)
        return {"page": page, "count": count, "notes": index.index.filter_notes(options)}

    return await _page(request, lanes(request).look, "quotes.html", (*api.QUOTES, "cursor"), work)


def _count(index: ServedIndex, values: dict[str, str], options: AskOptions) -> int | None:
    """How many quotations some parameters ask for; None if all of them would have to be read for that."""
    if "about" in values:
        return None
    return index.index.quotation_count(options, document=values.get("document"), exact=True)


async def speakers(request: Request) -> Response:
    """Who is quoted, most often first; those with some letters in a form of their name, or of some days."""
    index = served(request)

    def work(values: dict[str, str]) -> dict[str, Any]:
        found = index.speakers(**parameters.chosen(values, parameters.SPEAKERS))
        page = api.speaker_page(found, values, ROWS)
        most = found[0].quotations if found else 1
        return {"page": page, "count": len(found), "most": most, "notes": api.speaker_notes(index, values)}

    return await _page(request, lanes(request).look, "speakers.html", SPEAKERS, work)


async def search(request: Request) -> Response:
    """Every document with the words of a query, with facets."""
    index = served(request)

    def work(values: dict[str, str]) -> dict[str, Any]:
        if "query" not in values:
            return {"found": None}
        asked = parameters.search(values) | {"limit": OF_SEARCH, "facets": True}
        try:
            found = index.index.search(**asked)
        except QueryError as error:
            wrong = shown.pieces(error.query, 0, len(error.query), [((error.start, error.end), "found")])
            return {"found": None, "problem": of_error(error), "wrong": wrong}
        after = found.offset + len(found.hits)
        return {"found": found, "next": after if after < found.total else None}

    return await _page(request, lanes(request).look, "search.html", SEARCH, work)


async def status(request: Request) -> Response:
    """What the index holds, and whether it is intact."""
    index = served(request)
    return await _page(
        request, lanes(request).look, "status.html", (), lambda _: {"state": api.index_status(index)}
    )


async def check(request: Request) -> Response:
    """The form for a draft; with one, its quotations, or a report to keep."""
    common: dict[str, Any] = {"given": {}, "problem": None, "path": "/check", "labels": LABELS}
    common |= {"most": LONGEST_DRAFT, "checked": None, "draft": ""}
    if request.method == "GET" or request.method == "HEAD":
        parameters.given(request.query_params, ())
        return await tagged(request, lanes(request).look, lambda: _content("check.html", common))
    sent = await drafts.sent(request, "draft", ("format",))
    wanted, index = (sent.fields or {}).get("format") or "page", served(request)
    parameters.one_of({"format": wanted}, "format", ("page", *present.FORMATS))

    def work() -> Content:
        try:
            written = drafts.draft(sent)
            found, numbers = api.checked(index, written)
        except (AskbriefError, Problem) as error:
            wrong = of_error(error)
            return _content("check.html", {**common, "problem": wrong}, wrong.status)
        if wanted != "page":
            return api.check_report(found, numbers, wanted)
        values = {"checked": found, "numbers": numbers, "summary": present.check_summary(found)}
        return _content("check.html", {**common, **values, "draft": written.text, "reasons": present.REASONS})

    return await untagged(lanes(request).check, work)


async def verify(request: Request) -> Response:
    """The form for a saved answer; with one, what has become of its citations."""
    common: dict[str, Any] = {"given": {}, "problem": None, "path": "/verify", "states": STATES}
    common |= {"report": None, "sent": ""}
    if request.method == "GET" or request.method == "HEAD":
        parameters.given(request.query_params, ())
        return await tagged(request, lanes(request).look, lambda: _content("verify.html", common))
    given, index = await drafts.answer_body(request), served(request)

    def work() -> Content:
        sent = given.data.decode("utf-8", "replace")
        try:
            report = index.index.verify(drafts.answers(given), sources=False)
        except (AskbriefError, Problem) as error:
            wrong = of_error(error)
            return _content("verify.html", {**common, "problem": wrong, "sent": sent}, wrong.status)
        return _content("verify.html", {**common, "report": report, "sent": sent})

    return await untagged(lanes(request).look, work)


async def home(request: Request) -> Response:
    """The page to begin on."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/ask{query}", 307)


ROUTES: list[BaseRoute] = [
    Route("/", home),
    Route("/ask", ask),
    Route("/search", search),
    Route("/quotes", quotes),
    Route("/speakers", speakers),
    Route("/documents", documents),
    Route("/documents/{id}", document),
    Route("/check", check, methods=["GET", "POST"]),
    Route("/verify", verify, methods=["GET", "POST"]),
    Route("/status", status),
    Mount("/static", StaticFiles(directory=HERE / "static")),
]
