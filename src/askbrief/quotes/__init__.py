"""Text to its quotations, and sentences to who speaks in them.

A sentence is read with its quotations masked, so that only the reporter's own words tell who speaks:
``marks`` finds the quotations, ``cues`` the reporting verbs and ``subjects`` their subjects, ``contents`` and
``adjuncts`` what they report, ``resolve`` and ``roles`` whom “he” and “the spokesman” mean; ``extract``
composes them. What the rules know of English stands in ``data/reporting.toml``; a rule that is not sure says
nothing, because words in the wrong mouth cost more than a speaker left out.
"""

from askbrief.quotes.extract import quotations
from askbrief.quotes.voices import spoken

RULES = 1
"""Number of the rules: an index whose quotations were found by others finds them anew."""

__all__ = ["RULES", "quotations", "spoken"]
