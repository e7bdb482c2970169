"""Whom “he” and “she” mean, in passages that name two people.

    python benchmarks/pronouns.py

Each of 400 passages is made of a form and of names drawn from ``data/pronouns.json``, with first names from
around the world. In three of four the text decides who speaks: by first names, a form of address, a
role, an earlier pronoun, or because only one of two spoke. In the others two people fit and nothing tells
them apart; there the right answer is nobody. ``wrong`` is the share of all pronouns that are given to
somebody who did not say it, or to somebody although the text leaves it open; ``resolved`` is the share of
those decided by the text that are given to whom it means. The rules were made with these forms in view, the
table of first names without these names. Intervals are over passages.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import results
from askbrief.evaluate import bootstrap
from askbrief.formats import text as plain
from askbrief.quotes import quotations
from askbrief.text.sentences import split_sentences

DATA = Path(__file__).parent / "data" / "pronouns.json"
SEED = 20240919
PASSAGES = 400


class Form(NamedTuple):
    """A passage with “{a}” and “{b}” for two people, and who each pronoun that speaks is, in order.

    ``{A}`` and ``{B}`` are their surnames; ``{he}``, ``{his}`` and their like agree with ``a``, ``{she}`` and
    ``{her}`` with ``b``. ``people`` says of both whether their first names tell their gender, which are then
    of two genders, or, with “same”, of one. “-” stands for nobody.
    """

    kind: str
    people: str
    speakers: str
    text: str


class Passage(NamedTuple):
    """A text, and who speaks in each of its pronouns, None where it is left open."""

    kind: str
    text: str
    speakers: tuple[str | None, ...]


def passages(random: Random) -> Iterator[Passage]:
    """As many passages as are measured, each form as often as any other."""
    data = json.loads(DATA.read_text("utf-8"))
    forms = [Form(*cells) for cells in data["forms"]]
    names = {kind: data[kind].split() for kind in ("he", "she", "either", "families")}
    for number in range(PASSAGES):
        yield passage(forms[number % len(forms)], names, random)


def passage(form: Form, names: dict[str, list[str]], random: Random) -> Passage:
    """A form with two people."""
    first = random.choice(("he", "she"))
    second = first if form.people in ("same", "unclear unclear") else "she" if first == "he" else "he"
    telling = [word == "clear" or word == "same" for word in (form.people.split() * 2)[:2]]
    given = []
    for gender, tells in zip((first, second), telling, strict=True):
        among = names[gender] if tells else names["either"]
        given.append(random.choice([name for name in among if name not in given]))
    families = random.sample(names["families"], 2)
    people = {mark: f"{name} {family}" for mark, name, family in zip("ab", given, families, strict=True)}
    people["-"] = ""
    male, other = first == "he", second == "he"
    text = form.text.format(
        **people,
        A=families[0],
        B=families[1],
        **_words(male, "he", "she", "his", "her", "wife", "husband"),
        man="man" if male else "woman",
        TitleA="Mr" if male else "Ms",
        she="he" if other else "she",
        She="He" if other else "She",
        her="his" if other else "her",
        TitleB="Mr" if other else "Ms",
        business="businessman" if other else "businesswoman",
    )
    return Passage(form.kind, text, tuple(people[mark] or None for mark in form.speakers.split()))


def _words(male: bool, *pairs: str) -> dict[str, str]:
    """The words for the first person by the words for a man: he, his, wife."""
    words = {man: man if male else woman for man, woman in zip(pairs[::2], pairs[1::2], strict=True)}
    return {"he": words["he"], "He": words["he"].title(), "his": words["his"], "wife": words["wife"]}


def given(text: str) -> list[str | None]:
    """The names that askbrief gives the pronouns that speak, in order."""
    found: dict[int, str | None] = {}
    for one in quotations(text, split_sentences(text, tuple(plain.paragraphs(text)))):
        if one.speaker and text[slice(*one.speaker)].lower() in ("he", "she"):
            found[one.speaker[0]] = one.name
    return [found[place] for place in sorted(found)]


def measured(made: Sequence[Passage]) -> dict[str, dict[str, bootstrap.Interval]]:
    """The shares wrong and resolved, of all passages and of each kind."""
    rows: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for one in made:
        pairs = list(zip(given(one.text), one.speakers, strict=False))
        pairs += [(None, speaker) for speaker in one.speakers[len(pairs) :]]
        wrong = sum(name is not None and name != speaker for name, speaker in pairs)
        right = sum(name is not None and name == speaker for name, speaker in pairs)
        row = (wrong, len(pairs), right, sum(speaker is not None for speaker in one.speakers))
        for kind in ("all", one.kind):
            rows[kind].append(row)
    return {kind: _shares(np.array(each, dtype=float)) for kind, each in rows.items()}


def _shares(rows: NDArray[np.float64]) -> dict[str, bootstrap.Interval]:
    def share(top: int, draw: NDArray[np.intp]) -> float:
        total = rows[draw].sum(axis=0)
        return float(total[top] / total[top + 1]) if total[top + 1] else float("nan")

    shares = {"wrong": 0, "resolved": 2} if rows[:, 3].any() else {"wrong": 0}
    return {name: bootstrap.statistic(partial(share, top), len(rows)) for name, top in shares.items()}


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--save", action="store_true", help="write a result file")
    parser.add_argument("--wrong", action="store_true", help="print the passages that aren't right")
    options = parser.parse_args()
    made = list(passages(Random(SEED)))  # noqa: S311
    quality = measured(made)
    for kind, figures in quality.items():
        cells = (f"{name} {v['value']:.3f} [{v['low']:.3f}, {v['high']:.3f}]" for name, v in figures.items())
        print(f"  {kind:<18}{sum(kind in ('all', one.kind) for one in made):5}  " + "  ".join(cells))
    if options.wrong:
        for one in made:
            if given(one.text) != list(one.speakers):
                print(one.text, one.speakers, given(one.text), sep="\n", end="\n\n")
    if options.save:
        print("written:", results.write("pronouns", {"passages": len(made), "quality": quality}))


if __name__ == "__main__":
    main()
