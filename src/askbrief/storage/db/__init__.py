"""The SQLite database, which is the truth of an index: documents, passages, quotations, duplicates."""
