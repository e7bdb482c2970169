"""Every error that askbrief raises on purpose.

An error says what happened to which thing; its ``hint`` says what to do about it. Both are sentence case
without a full stop; commands, options and paths are in backticks. The command line prints them as two lines
and exits with status 2.
"""

from __future__ import annotations


class AskbriefError(Exception):
    """An error that the user can understand and correct.

    ``message`` and ``hint`` are one line each; ``hint`` is None if there is no remedy to name. ``str()``
    gives both, as "message; hint".

    >>> str(AskbriefError("report.rtf is not an RTF file", hint="rename it"))
    'report.rtf is not an RTF file; rename it'
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class SourceError(AskbriefError):
    """A source can't be read, can't be decoded, or holds no prose."""


class FetchError(AskbriefError):
    """A web address is refused, or gives nothing that can be indexed."""


class IndexMissing(AskbriefError):
    """There is no index at the path."""


def empty_index(location: object) -> IndexMissing:
    """The error for an index at ``location`` that has nothing to answer from."""
    return IndexMissing(f"the index in {location} holds no document", hint="run `askbrief index PATH`")


class IndexClosed(AskbriefError):
    """An index was closed, and something is asked of it."""


class IndexDamaged(AskbriefError):
    """A file of the index is missing, cut short or altered."""


class IndexMismatch(AskbriefError):
    """The index was made with another model, or by a newer version of askbrief."""


class IndexOutdated(UserWarning):
    """Warning: a part of the index was made by libraries that did otherwise than the installed ones do."""


class IndexLocked(AskbriefError):
    """Another process is writing the index."""


class StorageError(AskbriefError):
    """The disk is full, or can't be written to."""


class ModelError(AskbriefError):
    """A model can't be loaded or exported, or its exported form disagrees with it."""


class QuestionError(AskbriefError):
    """A question that can't be asked."""


class OptionError(AskbriefError):
    """An option has a value that it can't have."""


class NotFound(AskbriefError):
    """No document has the given name."""


class AnswerError(AskbriefError):
    """A saved answer is not in the form that ``ask --json`` prints."""


class SettingsError(AskbriefError):
    """A file of settings, such as ``aliases.toml``, is not in the form that askbrief reads."""


class ModuleMissing(AskbriefError):
    """A package of an extra is not installed."""


class GoldError(AskbriefError):
    """A file of gold questions is not in a known form."""


class QueryError(AskbriefError):
    """A query of exact search that can't be understood.

    ``query`` is its text, ``start`` and ``end`` the extent, in characters, of what is wrong with it.
    """

    def __init__(
        self, message: str, query: str, start: int, end: int | None = None, *, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.query = query
        self.start = start
        self.end = max(start + 1, end or 0)
