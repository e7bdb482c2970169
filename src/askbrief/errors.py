"""Every error that askbrief raises on purpose.

AskbriefError
├── SourceError        a file that can't be read or decoded, or holds no prose
├── FetchError         a web address that is refused, or that gives nothing to index
├── IndexMissing       there is no index at the path
├── IndexDamaged       a file of the index is missing, cut short or altered
├── IndexMismatch      the index was made with another model, or by a newer version
├── IndexLocked        another process is writing the index
├── StorageError       the disk is full or refuses to be written
├── ModelError         a model can't be loaded or exported, or its export disagrees with it
├── QuestionError      a question that can't be asked
├── NotFound           no document answers to the name
├── AnswerError        a saved answer that is not of the form that `ask --json` prints
└── GoldError          a file of gold questions that is not of a known form

Each message is one line that says what happened, to which thing, and what to do. ``cli.py`` is the one
place that turns them into a line on standard error and exit status 2.
"""


class AskbriefError(Exception):
    """Something went wrong that the user can understand and mend."""


class SourceError(AskbriefError):
    """A source can't be read, can't be decoded, or holds no prose."""


class FetchError(AskbriefError):
    """A web address is refused, or gives nothing that can be indexed."""


class IndexMissing(AskbriefError):
    """No index lies at the path."""


class IndexDamaged(AskbriefError):
    """A file of the index is missing, cut short or altered."""


class IndexMismatch(AskbriefError):
    """The index was made with another model, or by a newer version of askbrief."""


class IndexLocked(AskbriefError):
    """Another process is writing the index."""


class StorageError(AskbriefError):
    """The disk is full, or refuses to be written."""


class ModelError(AskbriefError):
    """A model can't be loaded or exported, or its exported form disagrees with it."""


class QuestionError(AskbriefError):
    """A question that can't be asked."""


class NotFound(AskbriefError):
    """No document answers to the name given."""


class AnswerError(AskbriefError):
    """A saved answer is not of the form that ``ask --json`` prints."""


class GoldError(AskbriefError):
    """A file of gold questions is not of a known form."""
