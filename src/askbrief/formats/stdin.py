"""Standard input: one text, or records where it looks like JSON."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from askbrief.errors import SourceError
from askbrief.formats.collections import Bad, Member, Unpacking
from askbrief.formats.collections.document_ref import Container

NAME = "stdin"

_LINES = re.compile(rb'\s*\{[ \t]*"')
_ARRAY = re.compile(rb'\s*(?:\[\s*)?\{\s*"')


def piped(stream: io.BufferedReader, unpacking: Unpacking) -> Iterator[Member | Bad]:
    """The documents in a stream that has no name. Those that have none either are called by their text, so
    that what is piped in next does not take the place of what was before.

    Raises:
        SourceError: it is empty, too large for one text, or its JSON breaks off.
    """
    head = stream.peek(64)
    suffix = ".jsonl" if _LINES.match(head) else ".json" if _ARRAY.match(head) else ""
    if not suffix:
        yield _text(Container(stream, NAME, unpacking.fields, unpacking.budget, unpacking.parse))
        return
    for each in unpacking.members(stream, f"{NAME}{suffix}"):
        yield each if each.named or isinstance(each, Bad) else _by_text(each)


def _text(container: Container) -> Member:
    data = container.budget.whole(container.stream)
    called = hashlib.sha256(data).hexdigest()[:12]
    return Member(called, called, True, partial(container.parse, data, ".txt"))


def _by_text(member: Member) -> Member | Bad:
    try:
        called = member.read(NAME).sha256[:12]
    except SourceError as error:
        return Bad(member.part, member.other, False, str(error).removeprefix(f"{NAME} "))
    return replace(member, part=called, other=f"{called}~{member.part}")
