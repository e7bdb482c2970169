"""Answers questions over an archive of news briefs in the archive's own words."""

from __future__ import annotations

from importlib import import_module

from askbrief._version import __version__ as __version__

TYPE_CHECKING = False  # typing's own would take as long to import as all else here
if TYPE_CHECKING:
    from askbrief.api import Index
    from askbrief.check import Checked
    from askbrief.errors import (
        AnswerError,
        AskbriefError,
        FetchError,
        GoldError,
        IndexClosed,
        IndexDamaged,
        IndexLocked,
        IndexMismatch,
        IndexMissing,
        IndexOutdated,
        ModelError,
        ModuleMissing,
        NotFound,
        OptionError,
        QueryError,
        QuestionError,
        SettingsError,
        SourceError,
        StorageError,
    )
    from askbrief.index_records import Status
    from askbrief.types import (
        Answer,
        AnswerText,
        Citation,
        Document,
        Facet,
        Facets,
        Hit,
        Quotation,
        Quoted,
        SearchHit,
        SearchPlace,
        SearchResult,
        Sentence,
        Source,
        Speaker,
        Speech,
    )
    from askbrief.verify import Verification

_FROM = {
    "api": "Index",
    "check": "Checked",
    "verify": "Verification",
    "index_records": "Status",
    "errors": (
        "AnswerError AskbriefError FetchError GoldError IndexClosed IndexDamaged IndexLocked IndexMismatch "
        "IndexMissing IndexOutdated ModelError ModuleMissing NotFound OptionError QueryError QuestionError "
        "SettingsError SourceError StorageError"
    ),
    "types": (
        "Answer AnswerText Citation Document Facet Facets Hit Quotation Quoted SearchHit SearchPlace "
        "SearchResult Sentence Source Speaker Speech"
    ),
}
_MODULES = {name: module for module, names in _FROM.items() for name in names.split()}

__all__ = [
    "Answer",
    "AnswerError",
    "AnswerText",
    "AskbriefError",
    "Checked",
    "Citation",
    "Document",
    "Facet",
    "Facets",
    "FetchError",
    "GoldError",
    "Hit",
    "Index",
    "IndexClosed",
    "IndexDamaged",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexOutdated",
    "ModelError",
    "ModuleMissing",
    "NotFound",
    "OptionError",
    "QueryError",
    "QuestionError",
    "Quotation",
    "Quoted",
    "SearchHit",
    "SearchPlace",
    "SearchResult",
    "Sentence",
    "SettingsError",
    "Source",
    "SourceError",
    "Speaker",
    "Speech",
    "Status",
    "StorageError",
    "Verification",
]


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for: the command line must start without them."""
    if name in _MODULES:
        return getattr(import_module(f"askbrief.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
