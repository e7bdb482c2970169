"""The archive as an answer needs it: what is retrieved, whom a name means, and what documents say."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING

from askbrief.answering.alias_file import AliasFile
from askbrief.answering.compose import Copied
from askbrief.errors import IndexMismatch, empty_index
from askbrief.once import computed_once
from askbrief.options import AskOptions
from askbrief.protocols import IndexReader
from askbrief.retrieve import retrieve
from askbrief.types import Filter, FilterFit, Hit, Quoted

if TYPE_CHECKING:
    from askbrief.english.names import KnownNames, NameMatcher


class ArchiveView:
    """One revision of an archive, with the aliases that the user keeps beside it.

    Keywords are searched in ``beside`` while vectors are.
    """

    def __init__(self, index: IndexReader, aliases: AliasFile, beside: Executor) -> None:
        self.index = index
        self._aliases = aliases
        self._beside = beside
        self._people: tuple[NameMatcher, list[list[str]]] | None = None

    def of(self, index: IndexReader) -> ArchiveView:
        """The view of another revision."""
        return ArchiveView(index, self._aliases, self._beside)

    def retrieve(self, question: str, k: int, wanted: Filter) -> list[Hit]:
        """The ``k`` best passages that pass the filter, best first. Raises IndexMissing if there are none."""
        hits = retrieve(self.index, question, k, wanted, beside=self._beside)
        if not hits:
            self.require_documents()
        return hits

    def require_documents(self) -> None:
        """Raise IndexMissing for an empty archive."""
        if not self.index.stats().passages:
            raise empty_index(self.index.location)

    def called(self, who: str) -> list[str]:
        """The names by which the archive knows whom a question, a filter or a draft calls ``who``."""
        return self.names.find(who, self._known)

    def filter(self, options: AskOptions) -> Filter:
        """Which passages may be found; a speaker is whoever the archive knows by that name."""
        names = None if options.speaker is None else tuple(self.called(options.speaker))
        return Filter(options.since, options.until, options.source, names)

    def fit(self, options: AskOptions) -> FilterFit | None:
        """What passes the filter of some options; None if they have none."""
        wanted = self.filter(options)
        return self.index.fit(wanted) if wanted else None

    @property
    def names(self) -> NameMatcher:
        """What compares names, with the user's aliases."""
        return self._aliases.matcher()

    def people(self) -> list[list[str]]:
        """The names of speakers in groups, one for each person or body, the fullest name first."""
        names, kept = self.names, self._people
        if kept is None or kept[0] is not names:
            kept = self._people = names, names.grouped(self.index.speaker_names())
        return kept[1]

    @computed_once
    def _known(self) -> KnownNames:
        from askbrief.english.names import KnownNames

        return KnownNames(self.index.speaker_names())

    def text(self, id_: str) -> str:
        """The text of a document."""
        return self.index.document(id_).text

    def quoted(self, id_: str) -> list[Quoted]:
        """The quotations of a document; none in an older index, which keeps none."""
        try:
            return list(self.index.quotations(document=id_))
        except IndexMismatch:
            return []

    def copied(self, wanted: Filter) -> Copied:
        """What gives the passages of a document's duplicates, and whether they pass a filter."""

        def copied(document: str) -> list[tuple[Hit, bool]]:
            ids = self.index.duplicates(document)
            passing = set(self.index.duplicates(document, wanted)) if ids and wanted else set(ids)
            return [(hit, id_ in passing) for id_, hit in zip(ids, self.index.hits(ids), strict=True)]

        return copied
