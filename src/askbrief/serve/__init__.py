"""The archive over HTTP: an API and pages, of one process, for those who don't work in a terminal.

    security ──> routes (api, pages) ──> lanes ──> ServedIndex ──> Index
    who may      parameters, limits,     threads   newest
    ask          problems                          revision

``security``, ``limits`` and ``lanes`` know nothing of routes: whatever else serves the archive uses them too.
Nothing is written over HTTP, and no path of a request is ever opened.
"""

from askbrief.serve.app import create_app
from askbrief.serve.security import Access
from askbrief.serve.server import run

__all__ = ["Access", "create_app", "run"]
