"""What a database has of documents, as a run of the writer and a copy ask for it."""

from __future__ import annotations

from askbrief.index_records import PreparedDocument, StoredDocument
from askbrief.storage.postgres import model_files
from askbrief.storage.postgres.server_documents import ServerDocuments
from askbrief.storage.postgres.server_quotations import quotations
from askbrief.types import EVERYTHING, Passage

PLACES = """
    SELECT p.start, p."end", p.first, p.last, p.digest, p.vector FROM askbrief.documents d
    JOIN askbrief.passages p ON p.shard = d.shard AND p.document = d.row WHERE d.id = %s ORDER BY p.id
"""


class ServerArchive(ServerDocuments):
    """Fills ``protocols.StoredDocuments``."""

    def prepared(self, stored: StoredDocument) -> PreparedDocument:
        """A stored document as it would be added to another archive, with its vectors."""
        import numpy as np

        from askbrief.storage.postgres.server_vectors import unpacked

        rows = self.database.rows(PLACES, (stored.id,))
        vectors = [unpacked(blob) for *_, blob in rows]
        query = "SELECT quoted FROM askbrief.documents WHERE id = %s"
        return PreparedDocument(
            self.document(stored.id),
            stored.location,
            self.sentences(stored.id),
            tuple(Passage(*row[:4]) for row in rows),
            tuple(bytes(row[4]) for row in rows),
            np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32),
            stored.state,
            tuple(each.quotation for each in quotations(self, EVERYTHING, stored.id)),
            int(self.database.one(query, (stored.id,))),
        )

    def have_model_files(self) -> None:
        """Have the files of an exported model in ``folder``. Raises IndexDamaged."""
        if (model := self.model()) is not None:
            model_files.fetch(self, model)
