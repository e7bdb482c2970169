"""The parameters of a request as values of the library.

The library checks them itself: a mistyped date is an error, never an answer that the archive does not say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from askbrief.options import PASSAGES, SHOWN, AskOptions
from askbrief.serve.limits import (
    LONGEST_VALUE,
    MOST_BEFORE,
    MOST_PASSAGES,
    MOST_ROWS,
    MOST_ROWS_CSV,
)
from askbrief.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

DOCUMENTS = ("since", "until", "source")
FILTER = (*DOCUMENTS, "speaker")
ASK = ("question", "before", "k", *FILTER, "threshold")
SEARCH = ("query", "limit", "offset", "sort", "facets", *FILTER)
SPEAKERS = ("name", *DOCUMENTS)
REPEATED = frozenset({"before"})
"""Parameters that may be given several times."""

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def given(query: QueryParams, known: Collection[str]) -> dict[str, str]:
    """The parameters that have a value, by name. Raises Problem for one that is unknown, too long, not
    Unicode, or given twice."""
    found: dict[str, str] = {}
    for name, value in query.multi_items():
        if name not in known:
            hint = f"known are {', '.join(known)}" if known else None
            raise Problem(400, f"there is no parameter {name[:40]!r}", hint=hint)
        if len(value) > LONGEST_VALUE:
            hint = f"give at most {LONGEST_VALUE:,} characters"
            raise Problem(400, f"{name} has {len(value):,} characters", hint=hint)
        if "\0" in value:
            raise Problem(400, f"{name} has a null character", hint="leave it out")
        if name in found and name not in REPEATED:
            raise Problem(400, f"{name} is given twice", hint="give it once")
        if value.strip():
            found[name] = value
    return found


def chosen(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Those of some parameters that are given."""
    return {name: values[name] for name in names if name in values}


def earlier(query: QueryParams) -> tuple[str, ...]:
    """The questions that were asked before, oldest first. Raises Problem for too many."""
    questions = tuple(each for each in query.getlist("before") if each.strip())
    if len(questions) > MOST_BEFORE:
        raise Problem(400, f"{len(questions)} earlier questions", hint=f"give at most {MOST_BEFORE}")
    return questions


def whole_number(values: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A number that is given, or the usual one. Raises Problem for one that is out of range, or none."""
    if name not in values:
        return usual
    number = int(values[name]) if _NUMBER.fullmatch(values[name]) else -1
    if not least <= number <= most:
        hint = f"give a whole number from {least} to {most:,}"
        raise Problem(400, f"{name} is {values[name][:40]!r}", hint=hint)
    return number


def ask_options(values: Mapping[str, str]) -> AskOptions:
    """The options of a question, or of a filter. Raises Problem and OptionError."""
    threshold = None
    if "threshold" in values:
        try:
            threshold = float(values["threshold"])
        except ValueError as error:
            wrong = f"threshold is {values['threshold'][:40]!r}"
            raise Problem(400, wrong, hint="give a probability from 0 to 1") from error
    k = whole_number(values, "k", PASSAGES, 1, MOST_PASSAGES)
    since, until, source, speaker = (values.get(name) for name in FILTER)
    return AskOptions(k, since, until, source, speaker, threshold)


def search(values: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of ``Index.search``. Raises Problem; the library checks the rest."""
    if "query" not in values:
        raise Problem(400, "the query is empty", hint="search for something, e.g. bridge*")
    limit = whole_number(values, "limit", SHOWN, 1, MOST_ROWS)
    offset = whole_number(values, "offset", 0, 0, MOST_ROWS_CSV)
    facets = one_of(values, "facets", ("false", "true")) == "true"
    chosen = {name: values[name] for name in ("sort", *FILTER) if name in values}
    return {"query": values["query"], "limit": limit, "offset": offset, "facets": facets, **chosen}


def one_of(values: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """A choice that is given, or the first. Raises Problem for another."""
    chosen = values.get(name, choices[0])
    if chosen not in choices:
        raise Problem(400, f"{name} is {chosen[:40]!r}", hint=f"choose one of {', '.join(choices)}")
    return chosen
