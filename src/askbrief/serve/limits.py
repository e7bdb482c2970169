"""How much one request may ask for, and the body of a request, read within that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from askbrief.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_PASSAGES = 50
"""Passages read for a question, at most: each costs a run of the reading models."""
LONGEST_VALUE = 2_000
"""Characters of a parameter; a question has at most 500 words anyway."""
LONGEST_DRAFT = 200_000
"""Characters of a draft: a book chapter, or the transcript of a hearing."""
MOST_CITATIONS = 1_000
"""Citations in the answers that are verified at once."""
MOST_BEFORE = 20
"""Earlier questions that a follow-up names."""
LARGEST_BODY = 4_000_000
"""Bytes of a body: a Word file has pictures too."""
BODY_SECONDS = 30.0
"""Seconds in which a body must have arrived."""
ROWS, MOST_ROWS, MOST_ROWS_CSV = 50, 500, 10_000
"""Rows of a list: unless a request says how many, at most, and of CSV."""


async def body(request: Request, most: int = LARGEST_BODY) -> bytes:
    """The body of a request. Raises Problem for one that is too large, or doesn't arrive."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > most:
        raise too_large(most)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request, most)
    except TimeoutError as error:
        raise Problem(408, f"the body did not arrive in {BODY_SECONDS:g} seconds") from error


async def _read(request: Request, most: int) -> bytes:
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise too_large(most)
    return bytes(found)


def too_large(most: int) -> Problem:
    """The problem of a body of more than ``most`` bytes."""
    return Problem(413, "the body is too large", hint=f"send at most {most:,} bytes")
