"""Texts to unit vectors: SentenceTransformer when indexing, its ONNX export when asking."""
