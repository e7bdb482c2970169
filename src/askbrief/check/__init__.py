"""Label the quotations of a draft against the archive.

A quotation is what a draft has between quotation marks, and each paragraph of a block quote. It is *exact*
if the archive has its words in their order from the draft's speaker, *unconfirmed* if it has the words but
doesn't establish that this speaker said them, *altered* if it has nearly these words, *misattributed* if it
has the words from another speaker, and *absent* if it has nothing similar.

An editor's liberties stay exact: an ellipsis for omitted words, a bracket in place of a word or a letter, and
other quotation marks, apostrophes, dashes, spaces, capitals and punctuation; but not a “not” that an
ellipsis or a bracket hides. Words that the archive has outside quotation marks are labelled as a fact-checker
would: if it reports them as said by the draft's speaker, they are exact (the citation shows that they are a
report); if it reports another speaker, or they are the reporter's own, they are misattributed. Unconfirmed
are words whose speaker the archive leaves unnamed (“a spokeswoman”), which one speaker quotes from another,
or which the speaker denies. A quotation without a named speaker or an office in the draft is attributed to
nobody: for it, all words of the archive are exact.
"""

from askbrief.check.draft_file import DraftText, read_draft
from askbrief.check.labels import Checked, Label, check
from askbrief.check.lookup import Archive

__all__ = ["Archive", "Checked", "DraftText", "Label", "check", "read_draft"]
