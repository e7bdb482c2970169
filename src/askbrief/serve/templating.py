"""Templates: everything that is put into them is escaped, and what they lack is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    from askbrief.serve import shown

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(shown.FILTERS)
    return environment


def rendered(template: str, **values: Any) -> str:
    """A template with some values."""
    return _environment().get_template(template).render(**values)
