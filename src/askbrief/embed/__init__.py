"""Texts to unit vectors: the packaged model in int8, or any SentenceTransformer and its ONNX export."""
