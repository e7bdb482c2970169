"""The command line: one module a command, each with the text that it prints."""

from askbrief.cli.entry import main, run

__all__ = ["main", "run"]
