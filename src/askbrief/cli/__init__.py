"""The command line: parse, call, print. The only place with exit codes.

0: answered, or done. 1: not found in the archive. 2: an error, told in one line on standard error.
Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from click import ClickException
from click.exceptions import Exit

from askbrief import __version__
from askbrief.cli import archive, ask, check, evaluate, index, output, quotes, verify
from askbrief.errors import AskbriefError

FOUND, NOT_FOUND, ERROR, INTERRUPTED = 0, 1, 2, 130
BUG = "this is a bug in askbrief; run again with `--debug` for the traceback"

app = typer.Typer(
    name="askbrief",
    help="Answers questions over an archive of news briefs in the archive's own words.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("index")(index.index)
app.command("ask")(ask.ask)
app.command("eval")(evaluate.evaluate)
app.command("verify")(verify.verify)
app.command("quotes")(quotes.quotes)
app.command("speakers")(quotes.speakers)
app.command("check")(check.check)
app.command("show")(archive.show)
app.command("status")(archive.status)
app.command("remove")(archive.remove)
app.command("compact")(index.compact)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"askbrief {__version__}")
        raise Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="ASKBRIEF_DEBUG", help="Show the traceback of an error.")
    ] = False,
) -> None:
    """Takes what stands before the command; ``--debug`` is looked for by ``main``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; an error becomes a line or two on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or bool(os.environ.get("ASKBRIEF_DEBUG"))
    given = [word for word in given if word != "--debug"]  # it may come before or after the command
    try:
        code = app(given or ["--help"], prog_name="askbrief", standalone_mode=False)
        sys.stdout.flush()
    except ClickException as error:
        return _wrong_use(error)
    except (BrokenPipeError, SystemExit):  # typer and rich turn a broken pipe into an exit with 1
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())  # nobody reads: nothing to flush at exit
        return ERROR
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        if isinstance(error, AskbriefError):
            output.error(error.message, error.hint)
        else:
            output.error(f"{type(error).__name__}: {error}", BUG)
        return ERROR
    if code == INTERRUPTED:  # typer returns it for an interruption too
        output.error("interrupted", "what was committed is kept; run the command again to go on")
    return code if isinstance(code, int) else FOUND


def _wrong_use(error: ClickException) -> int:
    """Print a usage error as any other: in sentence case, without a full stop, with the help to ask for."""
    message = error.format_message().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "askbrief"
    output.error(message[:1].lower() + message[1:], f"run `{command} --help`")
    return ERROR


def run() -> None:
    """The entry point of the ``askbrief`` command; pipes carry UTF-8 whatever the system's encoding is."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors=errors)
    sys.exit(main())
