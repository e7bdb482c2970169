"""The records of an index: what is stored of a document and its file, and what the index folder holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from askbrief import json_records
from askbrief.types import Document, Passage, Quotation, Sentence

if TYPE_CHECKING:
    from askbrief.types import Vectors

FileState: TypeAlias = tuple[int, int] | None
"""A file's size in bytes and when it was last modified, in nanoseconds; None if that says nothing."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document that is cut and embedded, ready to be stored.

    ``location`` identifies its file, ``state`` a version of that file. ``digests`` and ``vectors`` [passages,
    dimension] belong to ``passages``; ``rules`` is the number of the rules that found the quotations.
    """

    document: Document
    location: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    digests: tuple[bytes, ...]
    vectors: Vectors
    state: FileState = None
    quotations: tuple[Quotation, ...] = ()
    rules: int = 0


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What shows whether a file has changed since it was stored; ``metadata`` are the columns of
    ``document_metadata.READ``."""

    id: str
    source: str
    location: str
    title: str
    date: str | None
    sha256: str
    state: FileState
    metadata: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class CollectionState:
    """A file that holds many documents: where it is, the name that its documents' sources begin with, its
    state when it was read, by which fields, and what was skipped then, with the reasons."""

    location: str
    source: str
    state: FileState
    fields: dict[str, str]
    skipped: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A stored document, its source name and file: ``part`` is which document of a collection it is, None for
    a file of its own, and ``fields`` name what holds the text, title and so on of its records."""

    id: str
    source: str
    file: str
    part: str | None = None
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """How much an archive holds, and its revision, which grows with every commit."""

    documents: int
    sentences: int
    passages: int
    revision: int


@dataclass(frozen=True, slots=True)
class FileCard:
    """Size in bytes and sha256 of a file."""

    bytes: int
    sha256: str


Files: TypeAlias = dict[str, FileCard]
"""Path within the index folder, with forward slashes, to what the file must be."""

_NAME = re.compile(r"\w[\w.+-]*", re.ASCII)


def require_names(kind: str, names: Iterable[str]) -> None:
    """Raise ValueError unless these are plain names that begin with their kind: in an index folder that
    somebody else made, a name may lead anywhere."""
    if other := next((name for name in names if not (name.startswith(kind) and _NAME.fullmatch(name))), None):
        raise ValueError(f"{other!r} is no name of {kind} files")


def require_within(folder: str, files: Iterable[str]) -> None:
    """Raise ValueError unless these are paths of files right within a folder."""
    for each in files:
        inside, _, name = each.partition("/")
        if inside != folder or not _NAME.fullmatch(name):
            raise ValueError(f"{each!r} isn't a file of {folder}")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The model that made the vectors: its name and weights, and its export for asking.

    ``agreement`` is the mean cosine between export and model; ``encoder`` the export's folder, which holds
    ``files``, or empty for the graph in the package. ``graph`` is the sha256 of the graph that embedded the
    passages; empty if SentenceTransformer did.
    """

    name: str
    sha256: str
    dimension: int
    window: int
    agreement: float
    encoder: str
    files: Files
    graph: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for a card that names files outside its folder."""
        if self.encoder or self.files:
            require_names("encoder", [self.encoder])
            require_within(self.encoder, self.files)

    @classmethod
    def parse(cls, data: object) -> ModelCard:
        """The card from its form in JSON. Raises ValueError for another form."""
        return json_records.record(cls, data)


@dataclass(frozen=True, slots=True)
class Status:
    """Counts, the model, the revision, the size on disk in bytes, and what is damaged, if anything is.

    ``whole`` is true if everything is as it was written; ``fault`` says what is not. ``verified`` says
    whether every byte was read, or sizes and structure alone.
    """

    index: str
    documents: int
    sentences: int
    passages: int
    model: ModelCard | None
    revision: int
    bytes: int
    whole: bool
    fault: str | None
    verified: bool
