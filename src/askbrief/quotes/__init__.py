"""Sentences to who speaks in them, where the sentence itself says so.

A sentence is read with its quotations masked, so that only the reporter's own words can name a speaker: a
reporting verb, and the name that is its subject. What the rules know of English stands in
``data/reporting.toml``; a rule that is not sure says nothing, because words in the wrong mouth cost more than
a speaker left out.
"""

from askbrief.quotes.extract import quotations
from askbrief.quotes.voices import speakers

__all__ = ["quotations", "speakers"]
