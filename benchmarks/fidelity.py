"""How faithfully files are read: the words lost, added and changed against what a reader sees of their
article.

    python benchmarks/fidelity.py

Pages are made in many layouts (``fidelity_pages.py``); files of other formats were written by the libraries
that people use (``fidelity_files.py``), and more may be added as data: ``data/fidelity/NAME.SUFFIX`` with
``NAME.json`` beside it, which has ``layout``, ``paragraphs`` (what a reader sees) and ``title``. Each peer
reads the files of the suffixes that it knows; MarkItDown and Docling in environments of their own
(``comparison.python_of``), with Markdown's signs taken away. They convert whole pages and leave nothing out.
Docling reads PDF with models that it downloads, so it is measured on the other formats. The title may be in a
text or not. *Inside* are words lost or changed within a paragraph of which most other words are there, and
words added within one: it says something else then.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

import fidelity_pages
import results
from askbrief import formats
from askbrief.errors import SourceError
from comparison import HERE, python_of

FOLDER = HERE / "data" / "fidelity"
PAGES = frozenset({".html"})
MOST = 0.5
"""Share of a paragraph's words that must be there for it to be read at all."""

COUNTED = ("files", "layouts", "unread", "words", "lost", "added", "changed", "inside", "inside_added")
"""What is reported; ``unread`` are files that a reader refuses, with all their words lost."""

_WORD = re.compile(r"\w+(?:[.,:’'-]\w+)*")

Extract = Callable[[Sequence["Case"]], list[str]]
"""The texts of files; an empty one for a file that is refused."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file and what a reader sees of its article."""

    layout: str
    suffix: str
    data: bytes
    title: str
    paragraphs: list[str]


def cases() -> Iterator[Case]:
    """The pages of all layouts and stories, then the files in the folder."""
    for layout, make in fidelity_pages.LAYOUTS.items():
        for story in fidelity_pages.stories():
            page, paragraphs = make(story)
            yield Case(layout, ".html", page.encode(), story.title, paragraphs)
    for path in sorted(FOLDER.iterdir()):
        told = path.with_suffix(".json")
        if path.suffix != ".json" and told.exists():
            facts = json.loads(told.read_text("utf-8"))
            yield Case(facts["layout"], path.suffix, path.read_bytes(), facts["title"], facts["paragraphs"])


def compared(case: Case, text: str) -> Counter[str]:
    """The words of a case that a text has lost, added and changed, in all and inside sentences."""
    told = [(word, at) for at, paragraph in enumerate(case.paragraphs) for word in _WORD.findall(paragraph)]
    lines = [line for line in text.splitlines() if _WORD.findall(line) != _WORD.findall(case.title)]
    read = _WORD.findall("\n".join(lines))
    matched: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    found = Counter(words=len(told))
    for kind, start, end, first, last in SequenceMatcher(
        None, [word for word, _ in told], read, autojunk=False
    ).get_opcodes():
        places = [at for _, at in told[start:end]]
        if kind == "equal":
            matched.update(places)
            continue
        wrong.update(places)
        if kind == "insert" and 0 < start < len(told) and told[start - 1][1] == told[start][1]:
            found["inside_added"] += last - first
        changed = min(end - start, last - first)
        found.update(changed=changed, lost=end - start - changed, added=last - first - changed)
    sizes = Counter(at for _, at in told)
    found["inside"] = sum(count for at, count in wrong.items() if matched[at] >= MOST * sizes[at])
    return found


def _each(read: Callable[[bytes, str], str], files: Sequence[Case]) -> list[str]:
    return [read(case.data, case.suffix) for case in files]


def _askbrief(data: bytes, suffix: str) -> str:
    try:
        return formats.parse(data, suffix, f"file{suffix}").text
    except SourceError:
        return ""


def _trafilatura(data: bytes, suffix: str) -> str:  # noqa: ARG001
    import trafilatura

    return trafilatura.extract(data, include_comments=False) or ""


def _readability(data: bytes, suffix: str) -> str:  # noqa: ARG001
    from lxml.html import fromstring
    from readability import Document

    tree = fromstring(Document(data.decode()).summary())
    for element in tree.iter("p", "div", "li", "tr", "td", "th", "br", "pre", "h1", "h2", "h3"):
        element.tail = f"\n{element.tail or ''}"
    return str(tree.text_content())


def _elsewhere(peer: str, files: Sequence[Case]) -> list[str]:
    """The texts that a peer reads in an environment of its own."""
    asked = [{"suffix": case.suffix, "data": base64.b64encode(case.data).decode()} for case in files]
    done = subprocess.run(
        [python_of(peer, pinned=False), HERE / "peers" / f"of_{peer}.py"],
        input="".join(f"{json.dumps(each)}\n" for each in asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line).get("text", "") for line in done.stdout.splitlines() if line.startswith("{")]


PEERS: dict[str, tuple[Extract, frozenset[str] | None]] = {
    "askbrief": (partial(_each, _askbrief), None),
    "trafilatura": (partial(_each, _trafilatura), PAGES),
    "readability-lxml": (partial(_each, _readability), PAGES),
    "MarkItDown": (partial(_elsewhere, "markitdown"), PAGES | {".docx", ".pdf", ".epub"}),
    "Docling": (partial(_elsewhere, "docling"), PAGES | {".docx", ".odt", ".eml", ".epub"}),
}
"""What reads files, and the suffixes that it knows; None for all."""


def measured(extract: Extract, suffixes: frozenset[str] | None) -> dict[tuple[str, str], Counter[str]]:
    """The counts of each layout that a peer reads, by suffix and layout."""
    files = [case for case in cases() if suffixes is None or case.suffix in suffixes]
    found: dict[tuple[str, str], Counter[str]] = {}
    for case, text in zip(files, extract(files), strict=True):
        counts = found.setdefault((case.suffix, case.layout), Counter())
        counts.update(files=1, unread=not text, **compared(case, text))
    return found


def summed(layouts: dict[tuple[str, str], Counter[str]]) -> dict[str, int]:
    """The counts of several layouts together."""
    total: Counter[str] = Counter(layouts=len(layouts))
    for each in layouts.values():
        total.update(each)
    return {key: total[key] for key in COUNTED}


def _others(layouts: dict[tuple[str, str], Counter[str]]) -> dict[tuple[str, str], Counter[str]]:
    return {key: each for key, each in layouts.items() if key[0] not in PAGES}


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--layouts", action="store_true", help="print each layout that isn't read in full")
    parser.add_argument("--no-save", action="store_true", help="write no result file")
    given = parser.parse_args()
    result = {}
    for name, peer in PEERS.items():
        try:
            layouts = measured(*peer)
        except ImportError:
            print(f"{name}: not installed")
            continue
        suffixes = dict.fromkeys(suffix for suffix, _ in layouts)
        by_suffix = {
            suffix: summed({key: each for key, each in layouts.items() if key[0] == suffix})
            for suffix in suffixes
        }
        result[name] = {**by_suffix[".html"], "others": summed(_others(layouts)), "formats": by_suffix}
        print(name, json.dumps(result[name]), flush=True)
        for key, each in layouts.items() if given.layouts else ():
            if each["lost"] or each["added"] or each["changed"]:
                print(f"  {' '.join(key)}: {dict(each)}")
    if not given.no_save:
        print(results.write("fidelity", {"peers": result}))


if __name__ == "__main__":
    main()
