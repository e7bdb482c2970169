"""Time of the rule-based parts on texts that are made to take long: by their size, and for each megabyte.

    python benchmarks/shapes.py [--kilobytes 64]

Each shape is one form repeated, as a broken page, a pasted table or an attack may have it. It is read at
two sizes, of which the larger has four times as much. The exponent says how time grows with size: 1 in
proportion, 2 with the square. The figures go to ``benchmarks/results/shapes-COMMIT.json``; exit 1 if one has
an exponent above 1.15 or takes more than 2 s a megabyte.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import process_time

from askbrief.check.draft import draft_quotations
from askbrief.errors import SourceError
from askbrief.formats.registry import FORMATS
from askbrief.formats.text import paragraphs
from askbrief.quotes import quotations
from askbrief.text import split_sentences
from askbrief.text.text_fragment import link
from askbrief.verify import load

EXPONENT, SECONDS = 1.15, 2.0
"""What a shape may have at most, and take for a megabyte."""
LARGER, TRIES = 4, 5

Work = Callable[[str], object]


def parse(data: bytes, suffix: str, source: str) -> object:
    """The documents in some bytes, read in this process, whose time is measured."""
    return FORMATS.by_suffix[suffix].contents(data, source)


def quoted(text: str) -> object:
    """The quotations of a text."""
    return quotations(text, split_sentences(text, tuple(paragraphs(text))))


def page(attributes: str) -> object:
    """A page whose paragraph has some attributes."""
    return parse(
        f"<html><body><p {attributes}>The pier is open.</p></body></html>".encode(), ".html", "a.html"
    )


def mail(headers: str) -> object:
    """A mail with some headers."""
    return parse(f"Subject: A\n{headers}\n\nThe pier is open.\n".encode(), ".eml", "a.eml")


def linked(text: str) -> object:
    """A link to a sentence in the middle of a page."""
    half = len(text) // 2
    return link("https://example.org/", "The pier is open.", text[:half], text[half:])


def loaded(text: str) -> object:
    """The answers of a file."""
    return load(text, "answers")


CITATION = {
    "text": "The pier is open.", "start": 0, "end": 17, "paragraph": 1, "sentences": [1, 1], "answer": None,
    "document": {"id": "a", "source": "a.txt", "sha256": "0"},
}  # fmt: skip
ANSWER = json.dumps({"question": "a", "answer": None, "citations": [CITATION]})

SHAPES: Mapping[str, tuple[Work, str]] = {
    "names: capitals behind an apostrophe": (quoted, "'A"),
    "names: single capitals": (quoted, "A "),
    "names: one name without an end": (quoted, "Ann Lee "),
    "names: one name in many sentences": (quoted, "Ann Lee said that it was over. "),
    "names: initials": (quoted, "J. R. R. "),
    "names: titles": (quoted, "Mr Dr Prof "),
    "roles: of one another": (quoted, "the minister of the "),
    "roles: deputies": (quoted, "deputy "),
    "roles: apposed": (quoted, "Ann Lee, the mayor, "),
    "ministries: of one another": (quoted, "Ministry of Foreign Affairs and "),
    "ministries: said": (quoted, "the Foreign Ministry said the Foreign Ministry "),
    "marks: opened": (quoted, "“a "),
    "marks: closed": (quoted, "a” "),
    "marks: nested": (quoted, "“‘"),
    "marks: plain": (quoted, "\" ' "),
    "names: letters without an end": (quoted, "A"),
    "verbs: without an end": (quoted, "said "),
    "drafts: quotations": (draft_quotations, "“We will build the pier by winter,” Ann Lee said.\n\n"),
    "drafts: marks": (draft_quotations, "“a "),
    "drafts: blocks": (draft_quotations, "> We will build it.\n\n"),
    "drafts: links": (draft_quotations, "[a](b) "),
    "drafts: brackets": (draft_quotations, "["),
    "saved answers: lines": (loaded, f"{ANSWER}\n"),
    "links: a sentence that is everywhere": (linked, "The pier is open. "),
    "links: blank lines": (linked, "\n\n"),
    "links: cells": (linked, "| a "),
    "HTML: attributes": (page, 'a="b" '),
    "HTML: one attribute of many names": (page, "ab"),
    "HTML: quotes": (page, "'\""),
    "HTML: styles": (page, 'style="display:none;" '),
    "mail: headers": (mail, "X-A: b\n"),
    "mail: addresses": (mail, "To: Ann <a@example.org>,\n b@example.org, "),
    "mail: encoded words": (mail, "Subject: =?utf-8?q?a?=\n =?utf-8?q?b?=\n"),
    "mail: comments": (mail, "Date: ((("),
    "mail: parts": (mail, "Content-Type: a/b; c=d;\n e=f;\n"),
}
"""What is done with each shape, and what is repeated in it."""


def seconds(work: Work, text: str) -> float:
    """Seconds of the processor that some work takes: the least of some tries."""
    least = math.inf
    for _ in range(TRIES):
        began = process_time()
        with suppress(SourceError):  # refused, which has to be as quick
            work(text)
        least = min(least, process_time() - began)
        if least > 1:
            break
    return least


def measured(work: Work, piece: str, size: int) -> dict[str, float]:
    """The exponent of a shape, and its seconds a megabyte at the larger size."""
    less, more = (piece * (1 + characters // len(piece)) for characters in (size, LARGER * size))
    small, large = seconds(work, less), seconds(work, more)
    exponent = math.log(max(large, 1e-6) / max(small, 1e-6)) / math.log(len(more) / len(less))
    return {"exponent": round(exponent, 2), "seconds_a_megabyte": round(large / len(more) * 1e6, 2)}


def main() -> int:
    """Measure all shapes; 1 if one grows or takes too much."""
    import results  # here, since tests take the shapes alone

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kilobytes", type=int, default=64, help="of the smaller size")
    size = parser.parse_args().kilobytes * 1000
    found = {}
    for name, (work, piece) in SHAPES.items():
        found[name] = measured(work, piece, size)
        print(f"{name:45} {found[name]}", flush=True)
    over = [
        name
        for name, one in found.items()
        if one["exponent"] > EXPONENT or one["seconds_a_megabyte"] > SECONDS
    ]
    path = results.write(
        "shapes", {"kilobytes": [size // 1000, LARGER * size // 1000], "shapes": found, "over": over}
    )
    print(f"{path}: {len(over)} of {len(found)} over")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
