"""The tools: what each is called with, what it gives, and how it finds that. All only read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from askbrief import present
from askbrief.errors import AnswerError, OptionError
from askbrief.mcp_server import texts
from askbrief.options import PASSAGES, AskOptions
from askbrief.present import contract_schemas as contracts
from askbrief.present.contract_schemas import Schema
from askbrief.serve.api import index_status, quotation_page, speaker_notes, speaker_page
from askbrief.serve.limits import (
    LARGEST_BODY,
    LONGEST_DRAFT,
    LONGEST_VALUE,
    MOST_BEFORE,
    MOST_CITATIONS,
    MOST_PASSAGES,
)
from askbrief.serve.parameters import DOCUMENTS, SPEAKERS, chosen
from askbrief.types import Citation, Document, Extent, Quoted, SearchOrder, SearchPlace, Sentence, Source

if TYPE_CHECKING:
    from askbrief.serve.served_index import ServedIndex

Json: TypeAlias = dict[str, Any]
Arguments: TypeAlias = Mapping[str, Any]
Lane: TypeAlias = Literal["ask", "look", "check"]
"""Which threads do the work: see ``serve.lanes``."""

ROWS, MOST_ROWS = 20, 100
"""Rows of a list, unless a call says how many, and at most: an assistant reads all that it is given."""
LONGEST_SHOWN = 30_000
"""Characters of a document that are shown at once."""
MOST_PLACES = 10
"""Places of a document that a search gives."""
MOST_LINKS = 20
"""Links to documents beside a result."""


@dataclass(frozen=True, slots=True)
class Link:
    """Characters of a document, or all of it, that a result refers to."""

    document: Source
    extent: Extent | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool found: in words, as a JSON contract, and the places that it refers to."""

    text: str
    content: Json
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: ``inputs`` is the schema of its arguments, ``outputs`` makes that of its content."""

    name: str
    title: str
    description: str
    inputs: Schema
    outputs: Callable[[], Schema]
    run: Callable[[ServedIndex, Arguments], Reply]
    lane: Lane = "look"


# -- what they do


def _ask(index: ServedIndex, given: Arguments) -> Reply:
    options = AskOptions(given.get("k", PASSAGES), **_filter(given))
    found = index.answer(given["question"], options, tuple(given.get("before", ())))
    return Reply(texts.answer(found), present.answer(found), _links(found.citations))


def _search(index: ServedIndex, given: Arguments) -> Reply:
    found = index.index.search(
        given["query"],
        limit=given.get("limit", ROWS),
        offset=given.get("offset", 0),
        sort=given.get("sort", "relevance"),
        **_filter(given),
    )
    content = present.search(found)
    for hit in content["hits"]:
        hit["found"] = len(hit["places"])
        hit["places"] = hit["places"][:MOST_PLACES]
    places = [place for hit in found.hits for place in hit.places[:1]]
    return Reply(texts.search(found, MOST_PLACES), content, _links(places))


def _quotes(index: ServedIndex, given: Arguments) -> Reply:
    options = AskOptions(**_filter(given))
    page = quotation_page(index, given, given.get("limit", ROWS))
    notes = index.index.filter_notes(options)
    items = [present.quotation(each) for each in page.items]
    content = {"quotations": items, "next": page.next, "notes": notes}
    return Reply(texts.quotations(page.items, page.next, notes), content, _links(page.items))


def _speakers(index: ServedIndex, given: Arguments) -> Reply:
    found = index.speakers(**chosen(given, SPEAKERS))
    page = speaker_page(found, given, given.get("limit", ROWS))
    notes = speaker_notes(index, given)
    items = [present.speaker(each) for each in page.items]
    content = {"speakers": items, "next": page.next, "notes": notes}
    return Reply(texts.speakers(page.items, page.next, notes), content)


def _show(index: ServedIndex, given: Arguments) -> Reply:
    found, sentences = index.show(given["document"])
    length = len(found.text)
    start, end = given.get("start", 0), given.get("end", length)
    if not start <= min(end, length):
        hint = "give a start before the end"
        raise OptionError(f"characters {start}–{end} are not in a document of {length}", hint=hint)
    extent = start, _end_of_part(sentences, start, min(end, length))
    next_ = extent[1] if extent[1] < min(end, length) else None
    content = _part(present.shown(found, sentences), found, extent, next_)
    return Reply(texts.document(found, extent, next_), content, (Link(Source.of(found), extent),))


def _end_of_part(sentences: Sequence[Sentence], start: int, end: int) -> int:
    """Where a part that begins at ``start`` ends: with a sentence, if it can't be all up to ``end``."""
    most = start + LONGEST_SHOWN
    return end if end <= most else max((s.end for s in sentences if start < s.end <= most), default=most)


def _part(shown: Json, document: Document, extent: Extent, next_: int | None) -> Json:
    start, end = extent
    paragraphs = [each for each in shown["paragraphs"] if each["start"] < end and start < each["end"]]
    part = {"start": start, "end": end, "characters": len(document.text), "next": next_}
    return {**shown, "text": document.text[start:end], "paragraphs": paragraphs, **part}


def _check(index: ServedIndex, given: Arguments) -> Reply:
    found = index.index.check(given["draft"])
    matches = [each.match for each in found if each.match]
    return Reply(texts.check(found), present.check(found), _links(matches))


def _verify(index: ServedIndex, given: Arguments) -> Reply:
    from askbrief.verify import load

    answer = given["answer"]
    text = answer if isinstance(answer, str) else json.dumps(answer)
    if len(text) > LARGEST_BODY:
        raise AnswerError("the answer is too large", hint=f"give at most {LARGEST_BODY:,} characters")
    answers = load(text, "the answer")
    count = sum(len(each.citations) for each in answers)
    if count > MOST_CITATIONS:
        raise AnswerError(f"{count:,} citations", hint=f"verify at most {MOST_CITATIONS:,} at a time")
    report = index.index.verify(answers, sources=False)
    return Reply(texts.verification(report), present.verification(report))


def _status(index: ServedIndex, given: Arguments) -> Reply:  # noqa: ARG001
    state = index_status(index)
    return Reply(texts.status(state), state)


def _filter(given: Arguments) -> Json:
    return {name: given.get(name) for name in _FILTER}


def _links(cited: Iterable[Citation | Quoted | SearchPlace]) -> tuple[Link, ...]:
    """A link for each place, each once, up to ``MOST_LINKS``."""
    places = [(each.document, each.quotation if isinstance(each, Quoted) else each) for each in cited]
    links = dict.fromkeys(Link(document, (at.start, at.end)) for document, at in places)
    return tuple(links)[:MOST_LINKS]


# -- how they are called


def _inputs(*required: str, **properties: Schema) -> Schema:
    more = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **more, "additionalProperties": False}


def _text(description: str, most: int = LONGEST_VALUE) -> Schema:
    return {"type": "string", "description": description, "maxLength": most}


def _whole(description: str, least: int, most: int, usual: int | None = None) -> Schema:
    default = {} if usual is None else {"default": usual}
    return {"type": "integer", "description": description, "minimum": least, "maximum": most, **default}


_FILTER: dict[str, Schema] = {
    "since": _text("Only documents from this day on, e.g. 2024-06-07."),
    "until": _text("Only documents up to this day, e.g. 2024-06-07."),
    "source": _text("Only documents whose source name matches this pattern, e.g. *.pdf."),
    "speaker": _text("Only statements of this speaker, in any form of the name."),
}
_ID = _text("The document's id, whole, as citations have it in document.id.")
_LIMIT = _whole("Most rows to give.", 1, MOST_ROWS, ROWS)
_CURSOR = _text("The `next` of an earlier reply, to go on from there.")
_OFFSETS = 2**31
_QUOTE = (
    "Texts are verbatim: quote them exactly, character for character, say who spoke and when, and name the "
    "document. What a speaker says is a claim of theirs, not a fact."
)

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "ask",
            "Ask the archive",
            "Answer a question about the news archive with verbatim, cited sentences, the speaker, and the "
            "probability that the answer is right; or learn that the archive does not say. Ask one plain "
            f"question at a time. {_QUOTE} If `answered` is false, tell the user that the archive does not "
            "say: the citations are then only the nearest passages, and answer nothing.",
            _inputs(
                "question",
                question=_text("The question, in English, e.g. What did Kirby say about Kharkiv?"),
                before={
                    "type": "array",
                    "description": "Questions asked before, oldest first, if this one follows them up.",
                    "items": _text("An earlier question."),
                    "maxItems": MOST_BEFORE,
                },
                k=_whole("Passages to read.", 1, MOST_PASSAGES, PASSAGES),
                **_FILTER,
            ),
            contracts.answer_schema,
            _ask,
            "ask",
        ),
        Tool(
            "search",
            "Search the archive exactly",
            "Find every document that has some words, and each sentence in it that does. Takes words, "
            '"exact phrases", AND, OR, NOT, beginnings (flood*), words near one another ("bank rates"~5), '
            "and speaker:, source: and date: (2024-01..2024-06). Use it to count, to list every place, or "
            f"where `ask` finds no answer. {_QUOTE}",
            _inputs(
                "query",
                query=_text('What to look for, e.g. "northern pier" AND speaker:Ilieva'),
                sort={
                    "type": "string",
                    "enum": list(get_args(SearchOrder)),
                    "description": "Best first, newest first (date) or oldest first.",
                    "default": "relevance",
                    "maxLength": LONGEST_VALUE,
                },
                limit=_whole("Most documents to give.", 1, MOST_ROWS, ROWS),
                offset=_whole("Documents to leave out at the beginning.", 0, _OFFSETS, 0),
                **_FILTER,
            ),
            contracts.search_schema,
            _search,
        ),
        Tool(
            "quotes",
            "List quotations",
            "List who is quoted with what, by date: direct, mixed and indirect quotations, said, denied, "
            f"asked or only an attitude. {_QUOTE} Put only direct quotations in quotation marks: the words "
            "of an indirect one are the reporter's.",
            _inputs(
                about=_text("Words that the sentences must have, in any inflection."),
                document=_ID,
                limit=_LIMIT,
                cursor=_CURSOR,
                **_FILTER,
            ),
            contracts.quotations_schema,
            _quotes,
        ),
        Tool(
            "speakers",
            "List speakers",
            "List who is quoted in the archive, most often first, with all forms of the name, the role, and "
            "from when to when. Use it to find out how the archive names somebody, or who is quoted in some "
            "days or sources.",
            _inputs(
                name=_text("Letters that a form of the name must have, e.g. Kirby."),
                limit=_LIMIT,
                cursor=_CURSOR,
                **{name: _FILTER[name] for name in DOCUMENTS},
            ),
            contracts.speakers_schema,
            _speakers,
        ),
        Tool(
            "show",
            "Show a document",
            "Give the text of a document, or characters of it, verbatim: the context of a citation. "
            f"At most {LONGEST_SHOWN:,} characters at a time; `next` is where it goes on. {_QUOTE}",
            _inputs(
                "document",
                document=_ID,
                start=_whole("The first character to give, counted from 0.", 0, _OFFSETS, 0),
                end=_whole("The character to end before; the end of the text without.", 0, _OFFSETS),
            ),
            contracts.part_schema,
            _show,
        ),
        Tool(
            "check",
            "Check a draft's quotations",
            "Check each quotation of a draft against the archive: exact, unconfirmed, altered, misattributed "
            "or absent, with the original and who says it. Call it on your own text before you hand it over, "
            "and correct what is not exact.",
            _inputs(
                "draft",
                draft=_text("The draft: plain text or Markdown with quotation marks.", LONGEST_DRAFT),
            ),
            contracts.check_schema,
            _check,
            "check",
        ),
        Tool(
            "verify",
            "Verify citations",
            "Check that the citations of an answer of `ask` still hold in the archive: intact, moved, "
            "changed or gone. The archive alone decides; no file or address that the answer names is opened.",
            _inputs(
                "answer",
                answer={
                    "type": "object",
                    "description": "What `ask` gave as structured content, whole.",
                },
            ),
            contracts.verification_schema,
            _verify,
        ),
        Tool(
            "status",
            "What the archive holds",
            "Tell how many documents the archive holds, its revision, and whether it is intact.",
            _inputs(),
            contracts.status_schema,
            _status,
        ),
    )
}
"""Every tool by its name."""
