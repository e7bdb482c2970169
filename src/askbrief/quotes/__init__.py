"""Text to its quotations, and sentences to who speaks in them.

A sentence is read with its quotations masked, so that only the reporter's own words tell who speaks:
``marks`` finds the quotations, ``cues`` and ``verbs`` the reporting verbs, ``attitudes`` those that tell what
somebody thinks or wants, ``subjects`` and ``appositions`` their subjects, ``contents``, ``ends`` and
``adjuncts`` what they report, ``resolve``, ``roles`` and ``bodies`` whom “he”, “the spokesman” and “the
ministry” mean; ``extract`` composes them. What the rules know of English stands in ``data/reporting.toml``; a
rule that is not sure says nothing, because words in the wrong mouth cost more than a speaker left out.
"""

from askbrief.quotes.attribution import with_speakers
from askbrief.quotes.extract import RULES, quotations

__all__ = ["RULES", "quotations", "with_speakers"]
