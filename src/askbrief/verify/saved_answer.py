"""Saved answers, as ``ask --json`` and ``ask -`` print them; bad input is expected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard, get_args

from askbrief.errors import AnswerError
from askbrief.types import Answer, AnswerText, Citation, Origin, Source

SHOWN = 40
"""Characters of a wrong value that are shown."""

HINT = "give the output of `askbrief ask … --json`"

_BLANKS = re.compile(r"\s*")
_DECODER = json.JSONDecoder()


def load(content: bytes | str, name: str) -> tuple[Answer, ...]:
    """The answers of a file: one JSON object, a list of them, or one after another, as lines or not.

    The keys that ``verify`` checks are required; others (score, speaker, title, date) may be missing. A line
    of ``ask -`` with an error has no citations. Raises AnswerError, which begins with ``name``, for anything
    else.
    """
    try:
        text = content if isinstance(content, str) else content.decode(json.detect_encoding(content))
        text.encode()
    except UnicodeError as error:
        raise AnswerError(f"{name} isn't UTF-8", hint=HINT) from error
    records = list(_records(text, name))
    if not records:
        raise AnswerError(f"{name} has no answer", hint=HINT)
    if len(records) == 1:
        return (_answer(records[0], name),)
    return tuple(_answer(each, f"{name}: answer {number}") for number, each in enumerate(records, 1))


def _records(text: str, name: str) -> Iterator[Any]:
    """The JSON values: one after another, on lines of their own or not, or in a list."""
    at = _skipped(text, 0)
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except RecursionError as error:
            raise AnswerError(f"{name} is nested too deep", hint=HINT) from error
        except ValueError as error:
            raise AnswerError(f"{name} isn't JSON: {error}", hint=HINT) from error
        yield from value if isinstance(value, list) else [value]
        at = _skipped(text, at)


def _skipped(text: str, at: int) -> int:
    """The place after the white space at ``at``."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _answer(record: Any, where: str) -> Answer:
    fields = _object(record, where)
    if "error" in fields and "citations" not in fields:
        return Answer(_text(fields.get("question", ""), f"{where}: question"), False, 0.0, None, ())
    citations = _need(fields, "citations", where)
    if not isinstance(citations, list):
        raise _wrong(citations, "a list", f"{where}: citations")
    words = _need(fields, "answer", where)
    return Answer(
        question=_text(fields.get("question", ""), f"{where}: question"),
        answered=words is not None,
        confidence=0.0,
        answer=None if words is None else _text(words, f"{where}: answer"),
        citations=tuple(_citation(each, f"{where}: citation {n}") for n, each in enumerate(citations, 1)),
    )


def _citation(record: Any, where: str) -> Citation:
    fields = _object(record, where)
    text = _text(_need(fields, "text", where), f"{where}: text")
    if not text.strip():
        raise AnswerError(f"{where}: text is empty", hint=HINT)
    answer = _need(fields, "answer", where)
    return Citation(
        text=text,
        start=_number(fields, "start", where),
        end=_number(fields, "end", where),
        paragraph=_number(fields, "paragraph", where),
        sentences=_pair(_need(fields, "sentences", where), f"{where}: sentences"),
        answer=None if answer is None else _words(_object(answer, f"{where}: answer"), f"{where}: answer"),
        speaker=_may(fields, "speaker", where),
        score=0.0,
        document=_source(
            _object(_need(fields, "document", where), f"{where}: document"), f"{where}: document"
        ),
    )


def _words(fields: Mapping[str, Any], where: str) -> AnswerText:
    text = _text(_need(fields, "text", where), f"{where}: text")
    return AnswerText(text, _number(fields, "start", where), _number(fields, "end", where))


def _source(fields: Mapping[str, Any], where: str) -> Source:
    id_, source, sha256 = (
        _text(_need(fields, n, where), f"{where}: {n}") for n in ("id", "source", "sha256")
    )
    title = _text(fields.get("title", ""), f"{where}: title")
    date, url, language = (_may(fields, name, where) for name in ("date", "url", "language"))
    dated = next((each for each in get_args(Origin) if each == fields.get("dated")), None)
    return Source(id_, title, source, date, sha256, url, language, dated)


def _may(fields: Mapping[str, Any], key: str, where: str) -> str | None:
    """The text of a key that may be missing or null."""
    value = fields.get(key)
    return None if value is None else _text(value, f"{where}: {key}")


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(value, "an object", where)
    return value


def _need(fields: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in fields:
        raise AnswerError(f"{where} has no {key!r}", hint=HINT)
    return fields[key]


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "a text", where)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(value, "text in Unicode", where)
    return value


def _number(fields: Mapping[str, Any], key: str, where: str) -> int:
    value = _need(fields, key, where)
    if not _counts(value):
        raise _wrong(value, "a number from 0", f"{where}: {key}")
    return value


def _pair(value: Any, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_counts, value)):
        raise _wrong(value, "the numbers of the first and last sentence", where)
    return value[0], value[1]


def _counts(value: Any) -> TypeGuard[int]:
    """Whether a value is an int from 0, but not a boolean, which Python takes for an int."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _wrong(value: Any, expected: str, where: str) -> AnswerError:
    if isinstance(value, list | dict):
        shown = "a list" if isinstance(value, list) else "an object"
    else:
        shown = json.dumps(value)  # ASCII, whatever it holds
        shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return AnswerError(f"{where} is {shown}, not {expected}", hint=HINT)
