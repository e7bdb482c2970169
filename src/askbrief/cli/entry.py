"""From the keyboard to the exit code: what any command meets that is interrupted or can't print.

Exit codes: 0, answered or done; 1, not found in the archive; 2, an error, printed on standard error as a line
and a hint; 130, interrupted by Ctrl-C; 141, nobody reads the output any more. Little is imported before a
command is parsed, so that Ctrl-C ends even the start with one line.
"""

from __future__ import annotations

import os
import sys

from askbrief.cli.handover import handed_over
from askbrief.cli.interrupts import INTERRUPTED, Interrupts, leave

TYPE_CHECKING = False  # as in ``interrupts``
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    import typer

FOUND, NOT_FOUND, ERROR, UNREAD = 0, 1, 2, 141
"""The last is 128 and the number of SIGPIPE, as shells have it."""

BUG = "this is a bug in askbrief; run again with `--debug` for the traceback"
WRITERS = frozenset({"index", "remove", "compact", "copy"})
"""Commands that change an index."""


def main(
    arguments: Sequence[str] | None = None,
    prepare: Callable[[], None] = lambda: None,
    *,
    hand_over: bool = False,
) -> int:
    """Run a command line and return its exit code; an error becomes a line or two on standard error, also
    one of ``prepare``, which is called first. It may be handed over to a process that the user keeps."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or bool(os.environ.get("ASKBRIEF_DEBUG"))
    given = [word for word in given if word != "--debug"]  # it may come before or after the command
    try:
        prepare()
        handed = hand_over and given and not debug and _named(given, "--store") is None
        code = handed_over(given, _folder(given)) if handed else None
        if code is None:
            code = _invoked(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = UNREAD
    except Exception as error:
        if debug:
            import traceback

            traceback.print_exc()
        code = _failed(error, _named(given, "--store") or _named(given, "--index"))
    if code == INTERRUPTED:  # typer returns it for an interruption too
        _say_interrupted(given)
    return code


def _invoked(given: list[str]) -> int:
    """The exit code of a command, which is imported now."""
    import typer

    from askbrief.cli.app import app

    try:
        code = app(given or ["--help"], prog_name="askbrief", standalone_mode=False)
    except typer.TyperException as error:
        return _usage_error(error)
    except typer.Abort:
        return INTERRUPTED
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # typer and rich make an exit with 1 of it
            return UNREAD
        return ERROR if error.code else FOUND
    return code if isinstance(code, int) else FOUND


def _named(given: Sequence[str], option: str) -> str | None:
    """What a command line names with an option; None if nothing."""
    from itertools import chain, pairwise

    following = (after for word, after in pairwise(given) if word == option)
    joined = (word.partition("=")[2] for word in given if word.startswith(f"{option}="))
    return next(chain(following, joined), None)


def _folder(given: Sequence[str]) -> str:
    """The index folder that a command line means."""
    return _named(given, "--index") or os.environ.get("ASKBRIEF_INDEX") or "index"


def _failed(error: Exception, index: str | None) -> int:
    """Print an error: of ours, with a hint for that index, or of a bug."""
    from askbrief.cli import terminal
    from askbrief.errors import AskbriefError, QueryError

    if isinstance(error, QueryError):
        terminal.query_error(error)
    elif isinstance(error, AskbriefError):
        terminal.error(error.message, terminal.for_index(error.hint, index))
    else:
        terminal.error(f"{type(error).__name__}: {error}", BUG)
    return ERROR


def _usage_error(error: typer.TyperException) -> int:
    """Print a usage error in the form of all errors, with the help to ask for as its hint."""
    from askbrief.cli import terminal

    message = error.format_message().strip().rstrip(".").replace("option: ", "option ")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "askbrief"
    terminal.error(message[:1].lower() + message[1:], f"run `{command} --help`")
    return ERROR


def _say_interrupted(given: Sequence[str]) -> None:
    from askbrief.cli import terminal

    kept = "; what was committed is kept" if WRITERS.intersection(given[:1]) else ""
    terminal.note(f"interrupted{kept}")


def run() -> NoReturn:
    """The entry point of the ``askbrief`` command."""
    Interrupts(_leave)
    try:
        from askbrief.cli import streams

        code = main(prepare=streams.prepare, hand_over=True)
    except KeyboardInterrupt:  # before a command began, or after it ended
        _leave()
    streams.drop()
    if code == INTERRUPTED:
        leave()
    sys.exit(code)


def _leave() -> NoReturn:
    _say_interrupted(sys.argv[1:])
    leave()
