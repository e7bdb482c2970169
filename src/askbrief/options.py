"""Options of asking and indexing: one frozen record each, checked alike in Python and on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, get_args

from askbrief.errors import OptionError
from askbrief.types import Progress, SearchOrder

if TYPE_CHECKING:
    from askbrief.fetch import FetchLimits


PASSAGES = 10
"""Number of passages read for a question."""

SHOWN = 10
"""Number of documents that a search gives."""

LONGEST_FILTER = 2_000
"""Characters of a pattern or a name by which documents are filtered."""

MOST_PASSAGES = 1_000
"""Passages that may be read for a question: reading these takes a minute."""


def no_progress(activity: str, done: int, total: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What is retrieved and read for a question.

    ``k`` passages are read, 1 to 1,000. ``since`` and ``until`` are ISO days, both inclusive; ``source`` is a
    glob over source names; ``speaker`` keeps what is attributed to whom it names, in any form of the name.
    ``threshold`` is the least probability, 0 to 1, at which to answer; None for the reader's own. Raises
    OptionError.
    """

    k: int = PASSAGES
    since: str | None = None
    until: str | None = None
    source: str | None = None
    speaker: str | None = None
    threshold: float | None = None

    def __post_init__(self) -> None:
        if not _is_whole(self.k) or self.k < 1:
            raise OptionError(f"-k is {self.k}", hint="at least one passage must be read")
        if self.k > MOST_PASSAGES:
            raise OptionError(f"-k is {self.k}", hint=f"at most {MOST_PASSAGES} passages are read")
        if self.threshold is not None and not (_is_number(self.threshold) and 0 <= self.threshold <= 1):
            shown = f"{self.threshold:g}" if _is_number(self.threshold) else repr(self.threshold)
            raise OptionError(f"the threshold is {shown}", hint="give a probability from 0 to 1")
        _require_filters(self.since, self.until, self.source, self.speaker)


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """Which of the documents that a query matches are given, and in which order.

    ``limit`` of them from ``offset`` on, sorted by ``sort``: “relevance”, “date” (newest first) or “oldest”.
    ``facets`` asks for the counts by month, source and speaker, which takes reading every document that
    matches. The filters are those of ``AskOptions``. Raises OptionError.
    """

    limit: int = SHOWN
    offset: int = 0
    sort: SearchOrder = "relevance"
    facets: bool = False
    since: str | None = None
    until: str | None = None
    source: str | None = None
    speaker: str | None = None

    def __post_init__(self) -> None:
        for name, value in (("limit", self.limit), ("offset", self.offset)):
            if not _is_whole(value) or value < 0:
                raise OptionError(f"{name} is {value}", hint="give 0 or more")
        if self.sort not in get_args(SearchOrder):
            orders = ", ".join(get_args(SearchOrder))
            raise OptionError(f"sort is {self.sort!r}, which is no order", hint=f"orders are {orders}")
        _require_filters(self.since, self.until, self.source, self.speaker)

    @property
    def asked(self) -> AskOptions:
        """The same filters for a question."""
        return AskOptions(since=self.since, until=self.until, source=self.source, speaker=self.speaker)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    """Whether a value is a text with something in it that SQLite can compare."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _require_filters(since: str | None, until: str | None, source: str | None, speaker: str | None) -> None:
    """Raise OptionError for days that are none, or the wrong way round, and for what is no text."""
    for name, value, hint in (("source", source, "give a pattern"), ("speaker", speaker, "give a name")):
        if value is not None and not _is_text(value):
            raise OptionError(f"{name} is {value!r}, which isn't text", hint=hint)
        if value is not None and len(value) > LONGEST_FILTER:
            most = f"give at most {LONGEST_FILTER:,} characters"
            raise OptionError(f"{name} has {len(value):,} characters", hint=most)
    for name, value in (("since", since), ("until", until)):
        if value is not None and not _is_day(value):
            raise OptionError(f"{name} is {value!r}, which isn't a day", hint="write it as 2024-06-07")
    if since and until and since > until:
        raise OptionError(f"since is {since}, after until, which is {until}", hint="exchange them")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How sources are indexed.

    ``model`` is the SentenceTransformer that embeds (None: the index's own, or the packaged default),
    ``device`` its PyTorch device (None: the best at hand; the packaged default runs in int8 on the CPU then),
    ``workers`` the number of PyTorch's embedding processes. ``rebuild`` starts over. ``limits`` bound what is
    fetched. ``fields`` name what holds ``text``, ``title``, ``date``, ``url`` and ``id`` of records if they
    don't go by usual names. ``exclude`` are patterns as in a ``.gitignore``. ``listed`` asks for a list of
    all changes, ``dry_run`` for that list alone. ``progress`` is the progress callback (activity, done,
    total). Raises OptionError.
    """

    model: str | None = None
    rebuild: bool = False
    device: str | None = None
    workers: int = 1
    limits: FetchLimits | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    exclude: Sequence[str] = ()
    listed: bool = False
    dry_run: bool = False
    progress: Progress = no_progress

    def __post_init__(self) -> None:
        if not _is_whole(self.workers) or self.workers < 1:
            raise OptionError(f"workers is {self.workers}", hint="at least one process must embed")


DEFAULTS = IndexOptions()
