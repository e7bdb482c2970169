"""Patterns of the words that questions begin with, of which the other patterns of questions are made."""

from __future__ import annotations

from askbrief.english.lexicon import choice

WH = r"(?:who(?:m|se)?|what|which|when|where|why|how)"
PREPOSITION = r"(?:(?:by|for|in|from|to|at|on|with|of) )?"
"""What may come before: "by whom", "for how much"."""
AUXILIARY = rf"{choice('auxiliaries')}\b"
