"""``python -m askbrief``: the command line."""

from askbrief.cli import run

run()
