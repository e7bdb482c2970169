"""Articles in the data of pages that a script puts together in a browser: JSON-LD, or a framework's state.

No framework is known by name. Of all strings in a page's JSON, those of an article's paragraphs share one way
from the root (``props.article.body.*.html``), and make up more prose than the strings of any other way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from askbrief.formats.document import Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LEAST_WORDS = 8
"""A string of fewer words is a label, unless others beside it are prose."""
MARKUP = re.compile(r"<(?:p|div|br|li|h[1-6]|a|b|i|em|strong|span)\b[^<>]*>|&(?:\w+|#\d+);", re.IGNORECASE)
ASSIGNED = re.compile(r"^\s*(?:window|self|var|let|const)\b[^={\n]{0,80}=\s*(?=[{\[])")

Way = tuple[str, ...]


def article(tree: HtmlElement) -> list[Block]:
    """The blocks of the article in a page's JSON: its ``articleBody``, else the largest prose of one way."""
    named: list[str] = []
    strings: list[tuple[Way, str]] = []
    for data in _data(tree):
        for way, value in _strings(data):
            named += [value] if way[-1:] == ("articleBody",) else []
            strings.append((way, value))
    if named:
        return _blocks([max(named, key=len)])
    return _blocks(_largest(strings))


def _data(tree: HtmlElement) -> Iterator[Any]:
    """What each script holds that is JSON, by itself or assigned to a name."""
    for script in tree.iter("script"):
        written = script.text or ""
        assigned = ASSIGNED.match(written)
        if "json" not in script.get("type", "") and not assigned:
            continue
        start = assigned.end() if assigned else len(written) - len(written.lstrip())
        try:
            yield json.JSONDecoder(strict=False).raw_decode(written, start)[0]
        except (ValueError, RecursionError):  # not JSON after all, or nested to do harm
            continue


def _strings(data: Any) -> Iterator[tuple[Way, str]]:
    """Each string with its way, in order; places in lists are all the same way."""
    stack: list[tuple[Way, Any]] = [((), data)]
    while stack:
        way, value = stack.pop()
        if isinstance(value, str):
            yield way, value
        elif isinstance(value, dict):
            stack.extend(((*way, key), inside) for key, inside in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend(((*way, "*"), inside) for inside in reversed(value))


def _largest(strings: list[tuple[Way, str]]) -> list[str]:
    """The strings of the way with the most prose; a paragraph that was cut for its links is whole again."""
    ways: dict[Way, list[str]] = {}
    for way, value in strings:
        ways.setdefault(way, []).append(value)
    prose = {
        way: sum(len(v) for v in values if len(v.split()) >= LEAST_WORDS) for way, values in ways.items()
    }
    best = max(prose, key=lambda way: prose[way], default=())
    joined: list[str] = []
    for value in ways.get(best, []):
        if joined and (joined[-1][-1:].isspace() or value[:1].isspace() or value[:1] in {*",.;:)”’!?"}):
            joined[-1] += value
        else:
            joined.append(value)
    return joined


def _blocks(strings: list[str]) -> list[Block]:
    """Blocks of strings that are HTML or plain lines."""
    from lxml import html

    from askbrief.formats.markup import blocks

    found: list[Block] = []
    for value in strings:
        if MARKUP.search(value):
            found += blocks(html.fragment_fromstring(value, create_parent="div"))
        else:
            found += [Block(line) for line in value.splitlines()]
    return found
