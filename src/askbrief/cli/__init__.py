"""The command line: one module a command, each with the text that it prints."""

from askbrief.cli.app import app, main, run

__all__ = ["app", "main", "run"]
