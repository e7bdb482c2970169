"""SRT and WebVTT: what is said in a recording, a paragraph for each turn, with the time of each cue.

Cues are joined to sentences. A speaker (``<v Name>``) is written before the words, as in a transcript. A line
with a dash is somebody else's, and begins a paragraph that names nobody. Sounds ("[Applause]") are shown and
not cited.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from askbrief.formats.decoding import decode
from askbrief.formats.document import About, Block, cleaned, composed, ends_sentence
from askbrief.formats.format import Format
from askbrief.formats.unreadable import not_in_format, require_size
from askbrief.types import Document

LARGEST = 20_000_000
"""Bytes; an hour of speech has a hundred thousand."""
PAUSE = 3000
"""Milliseconds of silence after a sentence that end a paragraph if nobody is named."""
FEWEST = 3
"""Cues of captions that scroll."""
LONGEST_RUN = 60
"""Words without the end of a sentence after which a paragraph ends with its cue: automatic captions have no
punctuation."""

_TIMING = re.compile(
    r"\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[\s]+([^<>\n]{1,200})>|</v>")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang|font|span)\b[^<>]*>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE)
_DASH = re.compile(r"\s*[-‐‑–—]+\s*(?=\S)")
_CHEVRONS = re.compile(r"\s*>>+")
_LABEL = re.compile(r"\s*(?:>>+\s*)?[A-Z][\w.'’-]*(?: [A-Z\d][\w.'’-]*){0,4}(?: ?\([^()]{1,40}\))?:\s")
_SOUND = re.compile(r"\s*[\[(♪♫][^\n]*[\])♪♫]\s*")
_STRONG_LABEL = re.compile(r"\s*(?:>>+\s*)?[A-Z][A-Z.'’ -]+:\s")

_ANOTHER = re.compile(r"(?<=[.!?…]) (?=>>|(?:>>+ ?)?[A-Z][A-Z.'’ -]{2,40}: )")
"""Between the words of one voice and those of another in one line."""


@dataclass(frozen=True, slots=True)
class SubtitleCue:
    """What is shown from ``start`` to ``end``, in milliseconds."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SubtitleLine:
    """A line of a cue, who says it if a tag names them, and whether a sign shows another voice."""

    text: str
    voice: str | None
    other: bool


@dataclass(slots=True)
class SubtitleTurn:
    """A paragraph: its text, and at which of its characters each cue begins, and when."""

    text: str
    voice: str | None
    prose: bool
    times: list[tuple[int, int]]


def read(data: bytes, source: str) -> Document:
    """The document in the bytes of an SRT or WebVTT file.

    Raises:
        SourceError: it can't be decoded, has no cue, or no words.
    """
    require_size(data, LARGEST, source)
    text = decode(data, source).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    cues = list(_cues(text, web=text.startswith("WEBVTT")))
    if not cues:
        raise not_in_format(source, "a file of subtitles")
    turns = _turns(_without_repeats(cues))
    found = composed(source, [Block(turn.text, turn.prose) for turn in turns], About())
    return replace(found, times=_times(found.text, turns))


def _cues(text: str, *, web: bool) -> Iterator[SubtitleCue]:
    """The cues in order. A blank line ends a cue of WebVTT, while many cues of SRT have some."""
    start = end = -1
    lines: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text):
        own = block.split("\n")
        place = next((at for at, line in enumerate(own) if _TIMING.match(line)), None)
        if place is None:
            if not web and start >= 0:
                lines += own
            continue
        if start >= 0:
            yield SubtitleCue(start, end, "\n".join(lines))
        start, end, lines = -1, -1, []
        for at, line in enumerate(own):
            if found := _TIMING.match(line):
                if start >= 0:  # no blank line between two cues: the number of the second is the last line
                    yield SubtitleCue(
                        start,
                        end,
                        "\n".join(lines[:-1] if lines and lines[-1].strip().isdecimal() else lines),
                    )
                parts = [int(part or 0) for part in found.groups()]
                start, end = _milliseconds(parts[:4], found[4]), _milliseconds(parts[4:], found[8])
                lines = []
            elif at > place:
                lines.append(line)
    if start >= 0:
        yield SubtitleCue(start, end, "\n".join(lines))


def _milliseconds(parts: list[int], fraction: str) -> int:
    hours, minutes, seconds, _ = parts
    return 1000 * (3600 * hours + 60 * minutes + seconds) + int(fraction.ljust(3, "0"))


def _without_repeats(cues: list[SubtitleCue]) -> Iterator[tuple[SubtitleCue, list[SubtitleLine]]]:
    """The lines of each cue, without those that the cue before it has shown if captions scroll: then they
    repeat."""
    every = [[line for line in _lines(cue.text) if line.text] for cue in cues]
    repeats = [_repeated(before, lines) for before, lines in pairwise([[], *every])]
    scrolls = len(cues) >= FEWEST and 3 * sum(map(bool, repeats)) >= len(cues)
    for cue, lines, again in zip(cues, every, repeats, strict=True):
        yield cue, lines[again:] if scrolls else lines


def _repeated(before: list[SubtitleLine], lines: list[SubtitleLine]) -> int:
    """How many of the first lines are the last of the cue before."""
    most = min(len(before), len(lines))
    shown, texts = [line.text for line in before], [line.text for line in lines]
    return next((n for n in range(most, 0, -1) if shown[-n:] == texts[:n]), 0)


def _lines(text: str) -> Iterator[SubtitleLine]:
    voice: str | None = None
    text = text.replace("\\N", "\n").replace("\\h", " ")
    number = sum(_DASH.match(line) is not None for line in text.split("\n"))
    for line in text.split("\n"):
        parts = _VOICE.split(line)
        for at in range(0, len(parts), 2):
            if at:
                voice = cleaned(html.unescape(parts[at - 1] or ""), " ") or None
            said = cleaned(html.unescape(_TAG.sub("", parts[at])), " ")
            other = number > 1 and _DASH.match(said) is not None
            first, *others = _ANOTHER.split(said)
            yield SubtitleLine(first, None if _DASH.match(said) and at == 0 else voice, other)
            yield from (SubtitleLine(each, None, True) for each in others)


def _turns(cues: Iterator[tuple[SubtitleCue, list[SubtitleLine]]]) -> list[SubtitleTurn]:
    turns: list[SubtitleTurn] = []
    voiced, ended = False, 0
    for cue, lines in cues:
        for line in lines:
            voiced = voiced or line.voice is not None
            before = turns[-1] if turns else None
            if _SOUND.fullmatch(line.text) and not (before and _unfinished(before)):
                turns.append(
                    SubtitleTurn(line.text, before.voice if before else None, False, [(0, cue.start)])
                )
                continue
            text = line.text
            if before is None or _begins(line, before, cue.start - ended):
                unnamed = voiced and line.voice is None and not _DASH.match(text) and not _LABEL.match(text)
                label = f"{line.voice}: " if line.voice else "- " if unnamed and before else ""
                turns.append(SubtitleTurn(label + text, line.voice, True, [(0, cue.start)]))
            else:
                before.times.append((len(before.text) + 1, cue.start))
                before.text += f" {text}"
        ended = cue.end
    return turns


def _unfinished(turn: SubtitleTurn) -> bool:
    return turn.prose and not ends_sentence(turn.text)


def _begins(line: SubtitleLine, before: SubtitleTurn, pause: int) -> bool:
    """Whether a line begins a paragraph, after a finished sentence or because somebody else speaks."""
    if not before.prose or line.other or line.voice != before.voice:
        return True
    if _STRONG_LABEL.match(line.text) or _CHEVRONS.match(line.text):
        return True
    if not ends_sentence(before.text):
        return _running(before.text) > LONGEST_RUN
    sign = _DASH.match(line.text) or _LABEL.match(line.text) or _DASH.match(before.text)
    return line.voice is not None or pause >= PAUSE or sign is not None


def _running(text: str) -> int:
    """How many words a text has after its last end of a sentence."""
    return len(re.split(r"[.!?…]\s", text)[-1].split())


def _times(text: str, turns: list[SubtitleTurn]) -> tuple[tuple[int, int], ...]:
    """Where in the whole text each cue begins, and when."""
    found: list[tuple[int, int]] = []
    at = 0
    for turn in turns:
        at = text.index(turn.text, at)
        found += ((at + start, time) for start, time in turn.times)
        at += len(turn.text)
    return tuple(found)


FORMAT = Format(
    read,
    (".srt", ".vtt"),
    ("text/vtt", "application/x-subrip", "text/srt"),
    lambda data: data.startswith((b"WEBVTT", b"\xef\xbb\xbfWEBVTT")),
    text=True,
    trusted=True,
)
