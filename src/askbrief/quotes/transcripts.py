"""Transcripts: paragraphs that begin with their speaker, as in “MR. KIRBY: We are ready.”

A label in capitals that names a person is one anywhere. Any other one (“THE COURT:”, “Q”, “Ms. Lee:”,
“@annlee:”) is one only in a text that has several, of which one is repeated or is a party's. A paragraph
without a label between two with one goes on with what is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import regex

from askbrief.english.given_names import pronoun
from askbrief.english.quote_marks import MARK
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.document_names import DocumentNames
from askbrief.quotes.speaker_resolution import Attribution
from askbrief.types import Extent

_LABEL = regex.compile(
    r"""[\s>]*+(?:Q\d{1,4}\s++)?(?P<name>
        (?:(?:the|The|of|for|de|van|von|al)\s|\p{Lu}[\p{L}\p{M}.'’-]*+\s|\p{Lu}\.\s){0,5}
        (?:\p{Lu}[\p{L}\p{M}.'’-]*+|\d{1,2})
        | @\w++)
    (?:,\s[^:\n“”"]{2,40}|(?:\s\((?P<bracket>[^)\n]{1,40})\)){1,2})?
    \s?(?P<cue>:)\s++(?=\S)
    | [\s>]*+(?P<name>(?:(?:The|Mrs?|Ms|Dr|Senator|Chair(?:man|woman)?|Vice|Representative)\.?\s){1,2}
        \p{Lu}[\p{L}\p{M}'’-]*+(?:\s\p{Lu}[\p{L}\p{M}'’-]++)?)(?P<cue>\.)\s++(?=\S)
    | [\s>]*+(?P<letter>[QA])(?P<dot>[.:]|(?=\s{2}|\t|\xa0|\s["“(–—-]*+\p{Lu}))\s*+(?=\S)""",
    regex.VERBOSE,
)
_ANOTHER = regex.compile(r"\s*(?:[-‐‑–—]+\s|>>)")
"""How a paragraph begins that somebody else says, in subtitles."""
_OFFICE = regex.compile(r"the\s.*\s(?:of|for)\s", regex.IGNORECASE | regex.DOTALL)
_HOLDER = regex.compile(r"(?:Mrs?|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness)\.?(?:\s\p{Lu}[\p{L}'’-]*+){1,3}")
_NOTE = regex.compile(r"[\s*_]*[(\[][^)\]]*[)\]][\s.*_]*")
_EXAMINER = regex.compile(r"[\s*_]*BY\s(?P<name>(?:M[RS]S?|MX|DR)\.\s\p{Lu}[\p{Lu}'’-]+)\s?:[\s*_]*")
"""Who puts the questions that follow, in the record of a court: BY MR. KEANE:"""
_SAID = ENGLISH.verbs - ENGLISH.found
_FEWEST = 3  # labelled paragraphs in a transcript
_QUESTION = regex.compile(r"[\s#>]*+(?:\*\*|__)(?:Q[.:]\s*)?[^*_\n]{6,300}\?(?:\*\*|__)\s*+")
_BEGINS = frozenset("“\"'‘«[(…-—*")
_ENDS = frozenset(".!?…”\"'’»])-—")
_I = regex.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|[Mm]y)\b")
_FEWEST_QUESTIONS = 2


class Turn(NamedTuple):
    """Who speaks in a paragraph, and where the words begin."""

    speaker: Attribution
    start: int


class _Label(NamedTuple):
    words: str
    name: Extent
    cue: Extent
    end: int
    hearing: bool  # “Mr. KIRBY. We are ready.”


def turns(text: str, plain: str, paragraphs: Sequence[Extent], names: DocumentNames) -> list[Turn | None]:
    """The turn of each paragraph of a text; None for one that is no part of a transcript.

    ``plain`` is the text without emphasis.
    """
    labels = _without_articles(plain, [_label(plain, extent) for extent in paragraphs])
    counts = Counter(label.words for label in labels if label)
    party = any(map(_is_party, counts))
    few = counts.total() < _FEWEST and not (party and 2 * counts.total() >= len(labels))
    dialogue = len(counts) > 1 and not few and (party or any(n > 1 for n in counts.values()))
    dialogue = dialogue or (len(labels) > 1 and all(label and _is_full_name(label.words) for label in labels))
    found = [label and _turn(label, dialogue, counts, names) for label in labels]
    found = _by_examiner(plain, paragraphs, labels, found, names)
    if dialogue and 2 * sum(map(bool, found)) >= len(found):
        _go_on(plain, paragraphs, labels, found)
    named = any(
        turn and (turn.speaker.name or _is_party(label.words))
        for turn, label in zip(found, labels, strict=True)
        if label
    )
    return found if named else _interview(text, paragraphs, labels, names)


def _label(text: str, paragraph: Extent) -> _Label | None:
    found = _LABEL.match(text, *paragraph)
    words = (found["name"] or "").lower().split() if found else []
    if not found or " ".join(words) in ENGLISH.captions:
        return None
    if not _SAID.isdisjoint(words[1:]):
        return None  # FIRE CHIEF ANN LEE TOLD REPORTERS: “…”
    if not (found["name"] or "").isupper() and not _is_said(text, found.end(), paragraph[1]):
        return None
    group, cue = ("letter", "dot") if found["letter"] else ("name", "cue")
    if _OFFICE.match(found["name"] or "") and _HOLDER.fullmatch((found.captures("bracket") or [""])[0]):
        group = "bracket"  # “The Minister for Transport (Ms Lind): We are ready.”
    return _Label(
        found.captures(group)[0], found.spans(group)[0], found.span(cue), found.end(), found["cue"] == "."
    )


def _without_articles(text: str, labels: Sequence[_Label | None]) -> list[_Label | None]:
    """The labels without “A” before a single space if the text asks no questions under “Q”: it is a word."""
    asked = sum(label.words == "Q" for label in labels if label) >= _FEWEST_QUESTIONS
    return [
        label if asked or not label or text[label.name[1] : label.end] != " " else None for label in labels
    ]


def _is_said(text: str, start: int, end: int) -> bool:
    """Whether words are what somebody may say, rather than a figure or the entry of a list."""
    last = text[start:end].rstrip("*_ \n")[-1:]
    return (text[start].isalpha() or text[start] in _BEGINS) and last in _ENDS


def _turn(label: _Label, dialogue: bool, counts: Counter[str], names: DocumentNames) -> Turn | None:
    """The turn that a label begins; None if it is none."""
    capitals = label.words.isupper() and len(label.words) > 1
    run = [word.capitalize() if capitals and word[-1] != "." else word for word in label.words.split()]
    run = [word.capitalize() if capitals or (label.hearing and word.isupper()) else word for word in run]
    name = (
        names.person(run)
        if not _is_party(label.words)
        and not _OFFICE.match(label.words)
        and (len(run) > 1 or names.knows(run[0]))
        else None
    )
    if name is None and len(run) == 1 and dialogue and counts[label.words] > 1 and not _is_party(run[0]):
        name = names.person(run) if run[0][0] != "@" else None
    party = dialogue and (_is_party(label.words) or label.words[0] == "@" or counts[label.words] > 1)
    if not party and not (name and (capitals or dialogue)):
        return None
    return Turn(Attribution(label.cue, "said", label.name, name, None), label.end)


def _is_party(label: str) -> bool:
    """Whether a label is for a part that somebody has: THE COURT; Q; REPORTER."""
    words = label.lower().split()
    return bool(words) and words[-1].rstrip(".") in ENGLISH.parties and len(words) <= 3


def _is_full_name(label: str) -> bool:
    """Whether a label is a first name that is known and a surname, and not “Said Ann Lee”."""
    words = label.split()
    return len(words) > 1 and words[0].lower() not in ENGLISH.verbs and pronoun(words[0]) is not None


def _by_examiner(
    text: str,
    paragraphs: Sequence[Extent],
    labels: Sequence[_Label | None],
    found: Sequence[Turn | None],
    names: DocumentNames,
) -> list[Turn | None]:
    """The turns, with who puts the questions (“Q”) below “BY MR. KEANE:” as their speaker."""
    examiner: str | None = None
    turns: list[Turn | None] = []
    for extent, label, turn in zip(paragraphs, labels, found, strict=True):
        if said := _EXAMINER.fullmatch(text, *extent):
            title, name = said["name"].split()
            examiner = names.person([title, name.capitalize()])
            turn = None
        elif turn and label and label.words == "Q" and examiner:
            turn = turn._replace(speaker=turn.speaker._replace(name=examiner))
        turns.append(turn)
    return turns


def _go_on(
    text: str, paragraphs: Sequence[Extent], labels: Sequence[_Label | None], found: list[Turn | None]
) -> None:
    """Give paragraphs between two turns the speaker of the first."""
    last = max((place for place, turn in enumerate(found) if turn), default=0)
    speaker: Attribution | None = None
    for place in range(last):
        turn, words = found[place], text[slice(*paragraphs[place])]
        if turn:
            speaker = turn.speaker
        elif labels[place] or _ANOTHER.match(words) or _is_heading(words):
            speaker = None
        elif speaker and not _NOTE.fullmatch(words):
            found[place] = Turn(speaker, paragraphs[place][0])


def _is_heading(words: str) -> bool:
    """Whether a paragraph in capitals is no speech: DIRECT EXAMINATION; BY MR. KEANE:"""
    return words.isupper() and words.rstrip("*_ \n")[-1:] not in _ENDS


def _interview(
    text: str, paragraphs: Sequence[Extent], labels: Sequence[_Label | None], names: DocumentNames
) -> list[Turn | None]:
    """The answers to questions in bold, if the text before the first names one person, who says “I”."""
    asked = [_QUESTION.fullmatch(text, *extent) is not None for extent in paragraphs]
    nobody: list[Turn | None] = [None] * len(paragraphs)
    if sum(asked) < _FEWEST_QUESTIONS:
        return nobody
    first = asked.index(True)
    before = paragraphs[first][0]
    people = [one for one in names.people if any(at < before for at, _ in names.mentions(one))]
    answers = [place for place in range(first, len(paragraphs)) if not asked[place]]
    if len(people) != 1 or not any(_I.search(text, *paragraphs[place]) for place in answers):
        return nobody
    (name,) = people
    for place in answers:
        start, end = paragraphs[place]
        question = max(at for at in range(place) if asked[at])
        if not labels[place] and not MARK.search(text, start, end):
            mention = names.mentions(name)[0]
            nobody[place] = Turn(Attribution(paragraphs[question], "said", mention, name, None), start)
    return nobody
