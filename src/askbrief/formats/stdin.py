"""Standard input: one text, or records if it looks like JSON."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from askbrief.errors import SourceError
from askbrief.formats.collections.items import CollectionItem, DocumentRef, UnreadableRef
from askbrief.formats.collections.limits import Budget
from askbrief.formats.collections.unpack import unpack
from askbrief.formats.discover import STDIN
from askbrief.formats.record_fields import Fields
from askbrief.formats.registry import parse

_LINES = re.compile(rb'\s*\{[ \t]*"')
_ARRAY = re.compile(rb'\s*(?:\[\s*)?\{\s*"')


def from_stream(stream: io.BufferedReader, fields: Fields, budget: Budget) -> Iterator[CollectionItem]:
    """The documents in a stream without a name. Documents without a name of their own are named by the digest
    of their text, so that the next input doesn't replace them.

    Raises:
        SourceError: it is empty, too large for one text, or its JSON breaks off.
    """
    head = stream.peek(64)
    suffix = ".jsonl" if _LINES.match(head) else ".json" if _ARRAY.match(head) else ""
    if not suffix:
        data = budget.read(stream)
        name = hashlib.sha256(data).hexdigest()[:12]
        yield DocumentRef(name, name, True, partial(parse, data, ".txt"))
        return
    for each in unpack(stream, f"{STDIN}{suffix}", fields, budget):
        yield _named_by_text(each) if isinstance(each, DocumentRef) and not each.named else each


def _named_by_text(ref: DocumentRef) -> CollectionItem:
    try:
        name = ref.read(STDIN).sha256[:12]
    except SourceError as error:
        return UnreadableRef(ref.part, ref.other, False, str(error).removeprefix(f"{STDIN} "))
    return replace(ref, part=name, other=f"{name}~{ref.part}")
