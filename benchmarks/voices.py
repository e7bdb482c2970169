"""Who said what: gold questions on what people said, thought and mentioned, put to thirty articles at once.

    python benchmarks/voices.py --data ../shared/data --set held_out

The questions stand in ``eval/voices.jsonl`` and, on thirty other articles, in ``eval/voices_held_out.jsonl``;
``eval/README.md`` describes them. The first is for work on the rules, the second is only measured. The
articles are the data's; they are written into a temporary folder as plain text files and indexed together, so
that a speaker of one can be mistaken for a speaker of another. A trap asks what someone who speaks in the
archive says on a matter that only others speak on: the right reply is a refusal. Misses of the first set are
shown in the terminal with what was cited; a result holds figures only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

import results
from askbrief.api import Index
from askbrief.evaluate import bootstrap, measures
from askbrief.evaluate.gold import GoldPlace
from askbrief.types import Answer, Citation

HERE = Path(__file__).parent
GOLD = {
    "dev": HERE.parent / "eval" / "voices.jsonl",
    "held_out": HERE.parent / "eval" / "voices_held_out.jsonl",
}
BARS = {"speaker@1": 0.95, "refused": 0.90}
"""The least that each measure should reach."""

MEANINGS = {
    "speaker@1": "answerable: answered, and the first citation is by the right speaker",
    "evidence@1": "answerable: answered, and the first citation overlaps the evidence",
    "both@1": "answerable: answered, with the right speaker and evidence first",
    "wrongly_refused": "answerable: refused",
    "speaker@1_answered": "answerable and answered: the first citation is by the right speaker",
    "every_speaker": "answerable and answered: every citation is by the right speaker",
    "refused": "traps: refused",
}
_TITLES = """mr mrs ms miss dr prof professor sir lord lady baroness dame cardinal archbishop reverend judge
    justice sen senator rep representative president minister secretary chancellor commissioner chairman chief
    constable qc mp am jr the"""
TITLES = frozenset(_TITLES.split())
"""Words that stand with a name and tell nobody from another."""

Values: TypeAlias = dict[str, float]


@dataclass(frozen=True, slots=True)
class Voice:
    """One gold question: who must be cited, and every place in one document that is a right answer.

    ``cue`` tells how the best evidence names its speaker: by "name", "role" or "pronoun", or not at all
    ("none": quoted words that go on); it is empty for traps, whose document is where others speak.
    """

    question: str
    answerable: bool
    speaker: str | None
    document: str
    evidence: tuple[tuple[int, int], ...]
    kind: str
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question, the reply to it, and the measures that apply."""

    voice: Voice
    answer: Answer
    values: Values


def load(path: Path) -> tuple[Voice, ...]:
    """The gold questions in the file's order."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return tuple(
        Voice(**row | {"evidence": tuple((start, end) for start, end in row["evidence"])}) for row in rows
    )


# -- the articles


def text_of(corpora: Path, document: str) -> str:
    """The text that offsets count in: a file as it is, or ``file#id``: a Reuters story below its title.

    Of a story, only the control characters and spaces that end its body are left out.
    """
    file, _, id_ = document.partition("#")
    if not id_:
        return (corpora / file).read_bytes().decode("utf-8")
    story = _stories(corpora / file)[id_]
    body = story["body"].rstrip(" \n\x03")
    return f"{story['title']}\n\n{body}\n"


@cache
def _stories(path: Path) -> Mapping[str, Mapping[str, Any]]:
    return {story["id"]: story for story in json.loads(path.read_text("utf-8"))}


def name_of(document: str) -> str:
    """The path of a document's file in the folder that is indexed."""
    file, _, id_ = document.partition("#")
    return f"{file.removesuffix('.json')}/{id_}.txt" if id_ else file


def lay_out(corpora: Path, documents: Iterable[str], folder: Path) -> str:
    """Write the documents below ``folder``; the sha256 of all their texts."""
    digest = hashlib.sha256()
    for document in sorted(documents):
        content = text_of(corpora, document).encode("utf-8")
        path = folder / name_of(document)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digest.update(content)
    return digest.hexdigest()


# -- judging


def same_person(named: str | None, wanted: str) -> bool:
    """Whether two names may be one person's: equal surnames, and no first names that contradict.

    Titles and single initials count for nothing. A name of one word is a surname, or, as in much of Asia,
    the name that goes first.
    """
    words, others = _words(named or ""), _words(wanted)
    if not words or not others:
        return False
    if len(words) == 1 or len(others) == 1:
        single, full = sorted((words, others), key=len)
        return single[0] in (full[0], full[-1])
    fewer, more = sorted((set(words), set(others)), key=len)
    return words[-1] == others[-1] and (words[0] == others[0] or fewer <= more)


def _words(name: str) -> list[str]:
    words = re.findall(r"[^\W\d_][\w'’-]*", name.casefold().replace("’", "'"))
    return [word for word in words if len(word) > 1 and word not in TITLES]


def judge(voice: Voice, answer: Answer) -> Values:
    """The measures that apply to one reply, each 0 or 1."""
    if not voice.answerable:
        return {"refused": float(not answer.answered)}
    assert voice.speaker is not None
    if not answer.answered:
        return {"speaker@1": 0.0, "evidence@1": 0.0, "both@1": 0.0, "wrongly_refused": 1.0}
    speakers = [same_person(citation.speaker, voice.speaker) for citation in answer.citations]
    evidence = _on_evidence(voice, answer.citations[0])
    return {
        "speaker@1": float(speakers[0]),
        "evidence@1": float(evidence),
        "both@1": float(speakers[0] and evidence),
        "wrongly_refused": 0.0,
        "speaker@1_answered": float(speakers[0]),
        "every_speaker": float(all(speakers)),
    }


def _on_evidence(voice: Voice, citation: Citation) -> bool:
    cited = GoldPlace(citation.document.source, citation.start, citation.end)
    return any(
        measures.overlap(cited, GoldPlace(name_of(voice.document), *extent)) for extent in voice.evidence
    )


# -- telling


def told(asked: Sequence[Asked]) -> dict[str, Any]:
    """Every measure with its interval; by kind and by cue; and whether the bars are reached."""
    figures = _means(asked)
    bars = {name: {"bar": bar, "met": figures[name]["value"] >= bar} for name, bar in BARS.items()}
    return {
        "n": len(asked),
        "metrics": figures,
        "bars": bars,
        "kinds": _by(asked, lambda one: one.voice.kind),
        "cues": _by([one for one in asked if one.voice.cue], lambda one: one.voice.cue),
    }


def _by(asked: Iterable[Asked], key: Callable[[Asked], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        groups.setdefault(key(one), []).append(one)
    return {name: {"n": len(group), **_means(group)} for name, group in sorted(groups.items())}


def _means(asked: Sequence[Asked]) -> dict[str, bootstrap.Interval]:
    columns = {name: [one.values[name] for one in asked if name in one.values] for name in MEANINGS}
    return {name: bootstrap.mean(np.array(values)) for name, values in columns.items() if values}


def show(figures: Mapping[str, Any]) -> None:
    """The figures as tables."""
    for name, figure in figures["metrics"].items():
        bar = figures["bars"].get(name)
        verdict = f"  bar {bar['bar']:.2f} {'met' if bar['met'] else 'not met'}" if bar else ""
        print(f"{name:<20}{_interval(figure)}  {MEANINGS[name]}{verdict}")
    for part in ("kinds", "cues"):
        for group, row in figures[part].items():
            cells = (f"{name} {_interval(row[name])}" for name in MEANINGS if name in row)
            print(f"\n{part[:-1]} {group}, n {row['n']}:", *cells, sep="\n    ")


def _interval(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def show_misses(asked: Iterable[Asked]) -> None:
    """Each question that was not replied to as it should be, and what was cited, by whom."""
    for one in asked:
        voice, answer = one.voice, one.answer
        if one.values.get("refused", one.values.get("both@1")) and one.values.get("every_speaker", 1.0):
            continue
        wanted = voice.speaker or "a refusal"
        verb = "cited" if answer.answered else "refused; nearest"
        print(f"\n{voice.kind}: {voice.question}  (wants {wanted}; {answer.confidence:.2f})")
        for citation in answer.citations:
            speaker = citation.speaker or "nobody named"
            right = " ✓" if voice.answerable and _on_evidence(voice, citation) else ""
            text = " ".join(citation.text.split())
            print(f"    {verb} {citation.document.source}, by {speaker}{right}: {text[:160]}")


def main() -> None:
    """Lay out, index, ask, print, and write where that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--json", action="store_true", help="print the result as JSON, without the misses")
    parser.add_argument("--save", action="store_true", help="write the result, named by commit")
    parser.add_argument("--set", choices=GOLD, default="dev", help="dev, to work on the rules")
    given = parser.parse_args()
    gold = GOLD[given.set]
    voices = load(gold)
    with tempfile.TemporaryDirectory() as temporary:
        news = Path(temporary) / "news"
        documents = {voice.document for voice in voices}
        digest = lay_out(given.data / "corpora", documents, news)
        with Index.build([news], Path(temporary) / "index") as index:
            replies = [(voice, index.ask(voice.question)) for voice in voices]
            reader, card = index.reader, index.status().model
    asked = [Asked(voice, answer, judge(voice, answer)) for voice, answer in replies]
    figures = {
        "gold": {"name": gold.name, "sha256": hashlib.sha256(gold.read_bytes()).hexdigest()},
        "articles": {"documents": len(documents), "sha256": digest},
        "model": card.name if card else None,
        "reader": reader,
        **told(asked),
    }
    if given.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        if given.set == "dev":
            show_misses(asked)
            print()
        show(figures)
    if given.save:
        print("written:", results.write(gold.stem, figures))


if __name__ == "__main__":
    main()
