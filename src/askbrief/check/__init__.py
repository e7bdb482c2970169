"""Label the quotations of a draft against the archive.

A quotation is what a draft has between quotation marks, and each paragraph of a block quote. It is *exact*
if the archive has its words in their order as a quotation of the draft's speaker, *unconfirmed* if it has the
words but not as a quotation, or doesn't establish that this speaker said them, *altered* if it has nearly
these words, *misattributed* if it has the words from another speaker, and *absent* if it has nothing similar.

An editor's liberties stay exact: an ellipsis for omitted words, a bracket in place of a word or a letter, and
other quotation marks, apostrophes, dashes, spaces, capitals and punctuation; but not a “not” that an
ellipsis or a bracket hides. The archive has words as a quotation within quotation marks, in a block quote, a
turn of a transcript or an answer of an interview, and above a signature. Words that it only reports as said
by the draft's speaker, wholly or in part, or that are the reporter's own, are unconfirmed; so are words whose
speaker it leaves unnamed (“a spokeswoman”), which one speaker quotes from another, or which the speaker
denies. A quotation without a named speaker or an office in the draft is attributed to nobody: for it, all
quotations of the archive are exact. A block quote is attributed to whoever a colon before it or a signature
below it names, not to whoever spoke in the paragraph before.
"""

from askbrief.check.draft_file import DraftText, read_draft
from askbrief.check.labels import Checked, Label, Reason, check
from askbrief.check.lookup import Archive

__all__ = ["Archive", "Checked", "DraftText", "Label", "Reason", "check", "read_draft"]
