"""How faithfully files are read: the words lost, added and changed against what a reader sees of their
article.

    python benchmarks/fidelity.py

Pages are made in many layouts (``fidelity_pages.py``). Files of any format may be added as data:
``data/fidelity/NAME.SUFFIX`` with ``NAME.json`` beside it, which has ``layout``, ``paragraphs`` (what a
reader sees) and ``title``. Each peer reads the files of the suffixes that it knows. The title may be in a
text or not. *Inside* are words lost or changed within a paragraph of which most other words are there, and
words added within one: it says something else then.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import fidelity_pages
import results
from askbrief import formats
from askbrief.errors import SourceError

FOLDER = Path(__file__).parent / "data" / "fidelity"
MOST = 0.5
"""Share of a paragraph's words that must be there for it to be read at all."""

_WORD = re.compile(r"\w+(?:[.,:’'-]\w+)*")

Extract = Callable[[bytes, str], str]


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


def _askbrief(data: bytes, suffix: str) -> str:
    return formats.parse(data, suffix, f"file{suffix}").text


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


PEERS: dict[str, tuple[Extract, frozenset[str] | None]] = {
    "askbrief": (_askbrief, None),
    "trafilatura": (_trafilatura, frozenset({".html"})),
    "readability-lxml": (_readability, frozenset({".html"})),
}
"""What reads files, and the suffixes that it knows; None for all."""


def measured(extract: Extract, suffixes: frozenset[str] | None) -> dict[str, Counter[str]]:
    """The counts of each layout that a peer reads."""
    found: dict[str, Counter[str]] = {}
    for case in cases():
        if suffixes is not None and case.suffix not in suffixes:
            continue
        try:
            text = extract(case.data, case.suffix)
        except SourceError:
            text = ""
        found.setdefault(case.layout, Counter()).update(files=1, **compared(case, text))
    return found


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
        total: Counter[str] = Counter()
        for each in layouts.values():
            total.update(each)
        result[name] = {
            key: total[key]
            for key in ("files", "words", "lost", "added", "changed", "inside", "inside_added")
        }
        result[name]["layouts"] = len(layouts)
        print(name, json.dumps(result[name]), flush=True)
        for layout, each in layouts.items() if given.layouts else ():
            if each["lost"] or each["added"] or each["changed"]:
                print(f"  {layout}: {dict(each)}")
    if not given.no_save:
        print(results.write("fidelity", {"peers": result}))


if __name__ == "__main__":
    main()
