"""Answers questions over an archive of news briefs in the archive's own words."""

from __future__ import annotations

from importlib import import_module

from askbrief._version import __version__ as __version__

TYPE_CHECKING = False  # typing's own would take as long to import as all else here
if TYPE_CHECKING:
    from askbrief.api import Index
    from askbrief.errors import AskbriefError
    from askbrief.types import Answer, Citation

__all__ = ["Answer", "AskbriefError", "Citation", "Index"]

_MODULES = {"Answer": "types", "AskbriefError": "errors", "Citation": "types", "Index": "api"}


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for: the command line must start without them."""
    if name in _MODULES:
        return getattr(import_module(f"askbrief.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
