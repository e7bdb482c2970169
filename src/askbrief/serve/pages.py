"""The pages."""

from __future__ import annotations

from html import escape

from starlette.routing import BaseRoute

from askbrief.serve.problems import Problem

ROUTES: list[BaseRoute] = []


def problem(of: Problem) -> str:
    """A page that says what went wrong."""
    return f"<!doctype html><title>{escape(of.title)}</title><p>{escape(of.detail)}"
