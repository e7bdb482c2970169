"""Articles in the data of pages that a script renders in a browser: JSON-LD, or a framework's state.

No framework is known by name. Of all strings in a page's JSON, those of an article's paragraphs share one
path from the root (``props.article.body.*.html``), and have more prose than the strings of any other path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from askbrief.formats.document import Block
from askbrief.formats.field_markup import one_line
from askbrief.formats.shown_words import fragment_blocks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LEAST_WORDS = 8
"""A string of fewer words is a label, unless others beside it are prose."""
MARKUP = re.compile(r"<(?:p|div|br|li|h[1-6]|a|b|i|em|strong|span)\b[^<>]*>|&(?:\w+|#\d+);", re.IGNORECASE)
ASSIGNED = re.compile(r"^\s*(?:window|self|var|let|const)\b[^={\n]{0,80}=\s*(?=[{\[])")

JsonPath = tuple[str, ...]


def article(tree: HtmlElement) -> list[Block]:
    """The blocks of the article in a page's JSON: the posts of a live blog, its ``articleBody``, or else the
    path with most prose."""
    posts = [each for data in _data(tree, "ld+json") for each in _posts(data)]
    if posts:
        return [block for post in posts for block in _of_post(post)]
    named: list[str] = []
    strings: list[tuple[JsonPath, str]] = []
    for data in _data(tree):
        for path, value in _strings(data):
            named += [value] if path[-1:] == ("articleBody",) else []
            strings.append((path, value))
    if named:
        return _blocks([max(named, key=len)])
    return _blocks(_largest(strings))


def metadata(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The fields of the page's article in JSON-LD, with their names: those of the first object that has a
    date of publication, or of the first at all."""
    objects = [each for data in _data(tree, "ld+json") for each in _objects(data)]
    article = next((each for each in objects if "datePublished" in each), next(iter(objects), {}))
    yield from ((name, value) for name, value in article.items() if isinstance(value, str))


def types(tree: HtmlElement) -> Iterator[str]:
    """The types of the objects at the top of a page's JSON-LD."""
    for each in (each for data in _data(tree, "ld+json") for each in _objects(data)):
        kind = each.get("@type")
        yield from (str(one) for one in (kind if isinstance(kind, list) else [kind]))


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top of JSON-LD, or in its graph."""
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            graph = each.get("@graph")
            yield from (
                (inner for inner in graph if isinstance(inner, dict)) if isinstance(graph, list) else (each,)
            )


def _posts(data: Any) -> Iterator[dict[str, Any]]:
    """The posts of a live blog that have text, in the order of the page."""
    for each in _objects(data):
        updates = each.get("liveBlogUpdate")
        for post in updates if isinstance(updates, list) else [updates]:
            if isinstance(post, dict) and isinstance(post.get("articleBody"), str):
                yield post


def _of_post(post: dict[str, Any]) -> list[Block]:
    """The blocks of a post, below its time and its headline."""
    when = " ".join(str(post.get("datePublished") or "").partition("+")[0].rstrip("Z").split("T"))
    heads = [
        Block(one_line(words), False)
        for words in (when, post.get("headline"))
        if isinstance(words, str) and words
    ]
    return heads + _blocks([post["articleBody"]])


def _data(tree: HtmlElement, kind: str = "") -> Iterator[Any]:
    """The JSON in each script whose type has ``kind``, by itself or assigned to a variable."""
    for script in tree.iter("script"):
        if kind not in script.get("type", ""):
            continue
        written = script.text or ""
        assigned = ASSIGNED.match(written)
        if "json" not in script.get("type", "") and not assigned:
            continue
        start = assigned.end() if assigned else len(written) - len(written.lstrip())
        try:
            yield json.JSONDecoder(strict=False).raw_decode(written, start)[0]
        except (ValueError, RecursionError):  # not JSON after all, or nested maliciously
            continue


def _strings(data: Any) -> Iterator[tuple[JsonPath, str]]:
    """Each string with its path, in order; all items of a list have the same path."""
    stack: list[tuple[JsonPath, Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            stack.extend(((*path, key), inside) for key, inside in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend(((*path, "*"), inside) for inside in reversed(value))


def _largest(strings: list[tuple[JsonPath, str]]) -> list[str]:
    """The strings of the path with most prose; paragraphs that were split at links are joined."""
    paths: dict[JsonPath, list[str]] = {}
    for path, value in strings:
        paths.setdefault(path, []).append(value)
    prose = {
        path: sum(len(v) for v in values if len(v.split()) >= LEAST_WORDS) for path, values in paths.items()
    }
    best = max(prose, key=lambda path: prose[path], default=())
    joined: list[str] = []
    for value in paths.get(best, []):
        if joined and (joined[-1][-1:].isspace() or value[:1].isspace() or value[:1] in {*",.;:)”’!?"}):
            joined[-1] += value
        else:
            joined.append(value)
    return joined


def _blocks(strings: list[str]) -> list[Block]:
    """The blocks of strings that are HTML or plain lines."""
    found: list[Block] = []
    for value in strings:
        is_html = MARKUP.search(value)
        found += fragment_blocks(value) if is_html else [Block(line) for line in value.splitlines()]
    return found
