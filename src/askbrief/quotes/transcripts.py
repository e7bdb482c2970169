"""Transcripts: paragraphs that begin with their speaker, as in “MR. KIRBY: We are ready.”"""

from __future__ import annotations

import regex

from askbrief.quotes.document_names import DocumentNames
from askbrief.quotes.speaker_resolution import Attribution
from askbrief.types import Extent

_LABEL = regex.compile(r"(?P<name>(?:\p{Lu}[\p{Lu}.'’-]*+\s){0,4}\p{Lu}[\p{Lu}.'’-]++)(?P<cue>:)\s+(?=\S)")


def labelled(text: str, paragraph: Extent, names: DocumentNames) -> tuple[Attribution, int] | None:
    """The attribution of a paragraph that begins with a name in capitals, and where its words begin."""
    found = _LABEL.match(text, *paragraph)
    if not found:
        return None
    run = [word.capitalize() for word in found["name"].split()]
    name = names.person(run) if len(run) > 1 or names.knows(run[0]) else None
    if not name:
        return None
    return Attribution(found.span("cue"), "said", found.span("name"), name, None), found.end()
