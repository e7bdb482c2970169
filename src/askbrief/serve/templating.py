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


class Given(dict[str, str]):
    """The parameters of a request; one that is not given is None to a template."""

    def __missing__(self, _: str) -> None:
        return None


def rendered(template: str, *, given: dict[str, str], **values: Any) -> str:
    """A template with some values, and with the parameters that are ``given``."""
    return _environment().get_template(template).render(given=Given(given), **values)
