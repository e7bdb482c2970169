"""A baseline reader without a reading model: sentences scored by words, embeddings and retrieval."""
