"""askbrief ask: one question, many from standard input, or a prompt."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from askbrief.cli import output
from askbrief.cli.options import (
    AsJson,
    IndexFolder,
    ReaderName,
    Since,
    SourceGlob,
    SpeakerName,
    Until,
    folder,
)
from askbrief.cli.options import reader as named
from askbrief.errors import QuestionError
from askbrief.settings import PASSAGES
from askbrief.types import Answer

Put: TypeAlias = Callable[[str], Answer]

PROMPT = "? "
MOST_REMEMBERED = 1000
FROM_INPUT = "-"


def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(
            help="What to ask; - reads one question a line; nothing, on a terminal, opens a prompt.",
            metavar="QUESTION",
        ),
    ] = None,
    index: IndexFolder = None,
    json: AsJson = False,
    k: Annotated[int, typer.Option("-k", help="Passages to read.", min=1, metavar="N")] = PASSAGES,
    since: Since = None,
    until: Until = None,
    source: SourceGlob = None,
    speaker: SpeakerName = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Least probability at which to answer (default: the reader's own).",
            min=0.0,
            max=1.0,
            metavar="P",
        ),
    ] = None,
    reader: ReaderName = None,
) -> int:
    """Answer a question in the archive's own words, or say that the archive does not."""
    words = " ".join(question or []).strip()
    if question is None and not sys.stdin.isatty():
        raise QuestionError("no question: give one, or - to read them from standard input")
    if question is not None and words != FROM_INPUT:
        from askbrief.question.validate import validated_question

        words = validated_question(words)  # before anything is loaded
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads that asking has no use for
    from askbrief.api import Index

    with Index.open(folder(index), reader=named(reader)) as archive:
        put = partial(
            archive.ask,
            k=k,
            since=since,
            until=until,
            source=source,
            speaker=speaker,
            threshold=threshold,
        )
        if question is None:
            return _prompt(put, json)
        if words == FROM_INPUT:
            return _lines(put)
        return _told(put(words), json)


def _told(found: Answer, json: bool) -> int:
    if json:
        output.as_json(found)
    else:
        output.answer(found)
    return 0 if found.answered else 1


def _lines(put: Put) -> int:
    """Answer each line of standard input as it comes, a JSON object a line.

    A line that can't be asked gives an object with an ``error``, so that lines out match lines in. Gives 2
    where there was such a line, else 0 where any question was answered, else 1.
    """
    answered = failed = False
    for line in sys.stdin:
        try:
            found = put(line)
        except QuestionError as error:
            failed = True
            shown = line.strip()[:200].encode("utf-8", "replace").decode()
            output.as_json({"question": shown, "error": str(error)}, lines=True)
            continue
        answered = answered or found.answered
        output.as_json(found, lines=True)
    return 2 if failed else 0 if answered else 1


def _prompt(put: Put, json: bool) -> int:
    """Ask for questions until the input ends; what was asked is remembered for the next time."""
    output.note("Ask the archive; an empty line or Ctrl-D ends.")
    with _history():
        while True:
            try:
                line = input(PROMPT).strip()
            except EOFError:
                print()
                return 0
            if not line:
                return 0
            try:
                _told(put(line), json)
            except QuestionError as error:
                output.error(error.message, error.hint)
            print()


@contextmanager
def _history() -> Iterator[None]:
    """Line editing, with the questions of earlier times; without either where Python has no readline."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return
    import platformdirs

    path = Path(platformdirs.user_state_dir("askbrief")) / "questions"
    with suppress(OSError):  # the first time there is none, and there may be no home to keep it in
        path.parent.mkdir(parents=True, exist_ok=True)
        readline.read_history_file(path)
    readline.set_history_length(MOST_REMEMBERED)
    try:
        yield
    finally:
        with suppress(OSError):
            readline.write_history_file(path)
