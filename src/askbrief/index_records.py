"""The records of an index: what is stored of a document and its file, and what the index folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

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
class StoredSource:
    """A stored document and its source file: ``part`` is which document of a collection it is, None for a
    file of its own, and ``fields`` name what holds the text, title and so on of the collection's records."""

    id: str
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

    @classmethod
    def parse(cls, data: dict[str, Any]) -> ModelCard:
        """The card from its form in JSON. Raises KeyError, TypeError or AttributeError for another form."""
        files = {name: FileCard(**entry) for name, entry in data["files"].items()}
        return cls(**{**data, "files": files})


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
