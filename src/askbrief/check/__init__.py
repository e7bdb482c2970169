"""The quotations of a draft, labelled against the archive.

What counts as a quotation is what stands within marks. It is *exact* where the archive has its words in their
order and may have them of the speaker whom the draft names, *altered* where it has nearly these words,
*misattributed* where it has the words from another mouth, and *absent* where it has nothing like them.

Editors' liberties stay exact: an ellipsis for words left out, a bracket in place of a word or of a letter,
other quotation marks, apostrophes, dashes and spaces, capitals, and punctuation; but not a “not” that an
ellipsis or a bracket hides. What the archive has outside of marks is labelled as a fact-checker would want
it: told of the speaker whom the draft names, it is exact (the citation shows that the words are a report);
told of another, or the reporter's own words laid in somebody's mouth, it is misattributed. A draft that names
nobody lays words in no mouth: for it, all that the archive says is exact.
"""

from askbrief.check.labels import Checked, Label, check
from askbrief.check.lookup import Archive

__all__ = ["Archive", "Checked", "Label", "check"]
