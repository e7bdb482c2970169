"""The quotations of a text, and the attribution of each: who said it.

``quotations(text, sentences)`` returns the direct, mixed and indirect quotations; ``with_speakers(sentences,
quotations)`` returns the sentences with their speakers; ``RULES`` is the version of the rules, ``LONGEST``
the number of characters of a text that are searched.

A sentence is read with its quotations masked, so that only the reporter's words decide who speaks. ``cues``
and ``reporting_verbs`` find the verbs that report, ``verb_subjects`` and ``appositions`` their subjects,
``reported_content`` what they report, from ``content_start`` to ``content_end``; ``speaker_resolution``,
``roles`` and ``organisations`` decide whom “he”, “the spokesman” and “the ministry” mean; ``extract``
composes them. The tables are in ``data/reporting.toml``. A rule that is not sure finds nothing, because a
wrong speaker is worse than none.
"""

from askbrief.quotes.extract import LONGEST, RULES, quotations
from askbrief.quotes.sentence_speakers import with_speakers

__all__ = ["LONGEST", "RULES", "quotations", "with_speakers"]
