"""The commands' names and their parsing; a command is imported when it is invoked."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from askbrief._version import __version__

COMMANDS = {
    "index": "Index files, folders and web pages, or bring the index up to date.",
    "ask": "Answer a question with verbatim, cited passages of the archive.",
    "search": "Find every place that has these words, exactly.",
    "quotes": "List quotations with their speakers and places.",
    "speakers": "List who is quoted, most often first.",
    "check": "Check the quotations of a draft against the archive.",
    "log": "List the answers that `ask --save` kept, the earliest first.",
    "verify": "Check that the citations of a saved answer still hold.",
    "show": "Print a document with numbered paragraphs and sentences.",
    "resident": "Keep models and index in memory, so that other commands begin at once.",
    "serve": "Serve pages and an HTTP API for the archive until Ctrl-C.",
    "mcp": "Serve the archive to an assistant over the Model Context Protocol.",
    "status": "Show what the index holds and whether it is intact.",
    "copy": "Copy an archive between folders and PostgreSQL databases.",
    "remove": "Remove documents from the index; their files are kept.",
    "compact": "Rebuild the search files and reclaim disk space.",
    "eval": "Measure answers against gold questions.",
}
"""Each command and the first line of its help."""

_STYLE: dict[str, Any] = {
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


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
    """Declares the options of all commands; ``entry.main`` looks for ``--debug`` itself."""
