"""The commands' names, parsing and exit codes; a command is imported when it is invoked.

Exit codes: 0, answered or done; 1, not found in the archive; 2, an error, printed on standard error as a line
and a hint. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from askbrief._version import __version__
from askbrief.cli import terminal
from askbrief.errors import AskbriefError

FOUND, NOT_FOUND, ERROR, INTERRUPTED = 0, 1, 2, 130
BUG = "this is a bug in askbrief; run again with `--debug` for the traceback"

COMMANDS = {
    "index": "Index files, folders and web pages, or bring the index up to date.",
    "ask": "Answer a question with verbatim, cited passages of the archive.",
    "quotes": "List quotations with their speakers and places.",
    "speakers": "List who is quoted, most often first.",
    "check": "Check the quotations of a draft against the archive.",
    "verify": "Check that the citations of a saved answer still hold.",
    "show": "Print a document with numbered paragraphs and sentences.",
    "status": "Show what the index holds and whether it is intact.",
    "remove": "Remove documents from the index; their files are kept.",
    "compact": "Rebuild the search files and reclaim disk space.",
    "eval": "Measure answers against gold questions.",
}
"""Each command and the first line of its help."""

_STYLE: dict[str, Any] = {"pretty_exceptions_enable": False, "rich_markup_mode": None}


class LazyGroup(TyperGroup):
    """Lists commands by their declared help, and imports the one that is invoked."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The name, the command and the remaining arguments. Raises a usage error for an unknown name."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(str(name)), rest


def load(name: str) -> Any:
    """The command of that name, imported: ``askbrief.cli.<name>``, but ``evaluate`` for ``eval``."""
    module = "evaluate" if name == "eval" else name
    single = typer.Typer(add_completion=False, **_STYLE)
    single.command(name)(getattr(import_module(f"askbrief.cli.{module}"), module))
    return typer.main.get_command(single)


app = typer.Typer(
    name="askbrief",
    cls=LazyGroup,
    help="Ask questions of a news archive; get verbatim answers with character-exact citations.",
    **_STYLE,
)
for _name, _line in COMMANDS.items():
    app.command(_name, help=_line)(lambda: None)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"askbrief {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="ASKBRIEF_DEBUG", help="Show the traceback of an error.")
    ] = False,
) -> None:
    """Declares the options of all commands; ``main`` looks for ``--debug`` itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; an error becomes a line or two on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or bool(os.environ.get("ASKBRIEF_DEBUG"))
    given = [word for word in given if word != "--debug"]  # it may come before or after the command
    try:
        code = app(given or ["--help"], prog_name="askbrief", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        return _usage_error(error)
    except (BrokenPipeError, SystemExit) as error:  # typer and rich turn a broken pipe into an exit with 1
        if isinstance(error, SystemExit) and not error.code:  # shell completion
            return FOUND
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())  # nobody reads: nothing to flush at exit
        return ERROR
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        if isinstance(error, AskbriefError):
            terminal.error(error.message, error.hint)
        else:
            terminal.error(f"{type(error).__name__}: {error}", BUG)
        return ERROR
    if code == INTERRUPTED:  # typer returns it for an interruption too
        terminal.error("interrupted", "what was committed is kept; run the command again to go on")
    return code if isinstance(code, int) else FOUND


def _usage_error(error: typer.TyperException) -> int:
    """Print a usage error in the form of all errors, with the help to ask for as its hint."""
    message = error.format_message().strip().rstrip(".").replace("option: ", "option ")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "askbrief"
    terminal.error(message[:1].lower() + message[1:], f"run `{command} --help`")
    return ERROR


def run() -> None:
    """The entry point of the ``askbrief`` command; pipes carry UTF-8 whatever the system's encoding is."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors=errors)
    sys.exit(main())
