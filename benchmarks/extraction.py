"""Reading files beside encoding what is in them: parsing and cutting, for each format, and the model.

    python benchmarks/extraction.py

The sentences of the seed article, in an order of its own for each file, are written as files of each format
by the builders that the tests use. Of each format all files are read as ``askbrief index`` reads them, risky
ones by the process for these, and cut into sentences and passages; these are then encoded by the default
model. Which comes first changes from round to round; told is how many times faster reading is.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import results
from askbrief import formats
from askbrief.embed.packaged_embedder import PackagedEmbedder
from askbrief.embed.query_embedder import token_counter
from askbrief.formats import text as plain
from askbrief.indexing.pipeline import PASSAGE_TOKENS
from askbrief.packaged import READER, packaged
from askbrief.text import group_passages, split_sentences

ROOT = Path(__file__).resolve().parent.parent
FILES, PARAGRAPHS, ROUNDS = 20, 40, 3
OF_PARAGRAPH = 4
"""Sentences of a paragraph."""
PAGE_PARAGRAPHS = 5
"""Paragraphs on a page of a PDF."""
BAR = 10.0

Build = Callable[[Sequence[str]], bytes]


def builders() -> dict[str, Build]:
    """Suffix to what makes a file of it, of paragraphs."""
    sys.path.append(str(ROOT / "tests"))
    import test_formats_office as office
    import test_formats_pdf as pdf

    def each(before: str, after: str) -> Callable[[Sequence[str]], str]:
        return lambda paragraphs: "".join(f"{before}{words}{after}" for words in paragraphs)

    html, odt, rtf = each("<p>", "</p>"), each("<text:p>", "</text:p>"), each("\\pard ", "\\par\n")
    return {
        ".txt": lambda told: "\n\n".join(told).encode(),
        ".md": lambda told: ("# Report\n\n" + "\n\n".join(told)).encode(),
        ".html": lambda told: f"<html><body><article>{html(told)}</article></body></html>".encode(),
        ".pdf": lambda told: pdf.of(
            [pdf.page(pdf.column([pdf.wrapped(words, 90) for words in told[at : at + PAGE_PARAGRAPHS]]))
             for at in range(0, len(told), PAGE_PARAGRAPHS)]
        ),
        ".docx": lambda told: office.a_docx("".join(map(office.paragraph, told))),
        ".odt": lambda told: office.an_odt(odt(told)),
        ".epub": lambda told: office.an_epub({"a.xhtml": html(told)}),
        ".rtf": lambda told: office.an_rtf(rtf(told)),
        ".eml": _mail,
    }  # fmt: skip


def _mail(told: Sequence[str]) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "desk@news.example", "Report"
    message.set_content("\n\n".join(told))
    return message.as_bytes()


def written(count: int) -> list[list[str]]:
    """The paragraphs of so many files, without signs that only some formats can hold as they are."""
    article = (
        next((ROOT / "seeds").glob("*.txt")).read_text("utf-8").translate(dict.fromkeys(map(ord, "&<\\{}")))
    )
    plain_text = article.translate(str.maketrans("“”‘’–—…", "\"\"''--.")).encode("ascii", "ignore").decode()
    found = split_sentences(plain_text, list(plain.paragraphs(plain_text)))
    pool = [" ".join(plain_text[each.start : each.end].split()) for each in found]
    draw = random.Random(1)  # noqa: S311
    return [[" ".join(draw.sample(pool, OF_PARAGRAPH)) for _ in range(PARAGRAPHS)] for _ in range(count)]


def cut(data: bytes, suffix: str, count: Callable[[Sequence[str]], list[int]]) -> list[str]:
    """The passages of a file, as indexing makes them."""
    document = formats.parse(data, suffix, f"report{suffix}")
    found = split_sentences(document.text, document.paragraphs)
    return [
        document.text[p.start : p.end] for p in group_passages(document.text, found, count, PASSAGE_TOKENS)
    ]


def compared(files: Sequence[bytes], suffix: str, model: Any, count: Any) -> dict[str, Any]:
    """Seconds of reading and of encoding, and how many times faster reading was in each round."""
    passages = [text for data in files for text in cut(data, suffix, count)]  # warms the reader up

    def read() -> object:
        return [cut(data, suffix, count) for data in files]

    def encode() -> object:
        return model.embed(sorted(passages, key=len))

    taken: dict[str, list[float]] = {"read": [], "encode": []}
    for number in range(ROUNDS):
        for name, work in (("read", read), ("encode", encode))[:: 1 if number % 2 else -1]:
            started = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - started)
    faster = [encode / read for read, encode in zip(taken["read"], taken["encode"], strict=True)]
    return {
        "characters": sum(map(len, passages)),
        "passages": len(passages),
        "seconds": {name: round(statistics.median(values), 3) for name, values in taken.items()},
        "times_faster": {"median": round(statistics.median(faster), 1), "least": round(min(faster), 1)},
    }


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=FILES, help="of each format")
    parser.add_argument("--no-save", action="store_true", help="write no result file")
    given = parser.parse_args()
    model, count = PackagedEmbedder(), token_counter(packaged(READER))
    model.embed(["to warm up"] * 32)
    told = written(given.files)
    found = {}
    for suffix, build in builders().items():
        found[suffix] = compared([build(paragraphs) for paragraphs in told], suffix, model, count)
        print(suffix, json.dumps(found[suffix]), flush=True)
    if not given.no_save:
        print(results.write("extraction", {"formats": found, "files": given.files, "bar": BAR}))


if __name__ == "__main__":
    main()
