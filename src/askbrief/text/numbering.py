"""The numbers of a paragraph and its sentences as text."""

from __future__ import annotations


def numbered(paragraph: int, sentences: tuple[int, int]) -> str:
    """As "paragraph 9, sentences 1–2"; ``sentences`` are the first number and the last."""
    first, last = sentences
    which = f"sentence {first}" if first == last else f"sentences {first}–{last}"
    return f"paragraph {paragraph}, {which}"
