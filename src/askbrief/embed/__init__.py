"""Texts to unit vectors: SentenceTransformer when indexing, its ONNX export when asking."""

from askbrief.embed.models import DEFAULT_MODEL, Model, PassageEmbedder, load, locate
from askbrief.embed.query_embedder import QueryEmbedder, token_counter
from askbrief.embed.query_export import export

__all__ = [
    "DEFAULT_MODEL",
    "Model",
    "PassageEmbedder",
    "QueryEmbedder",
    "export",
    "load",
    "locate",
    "token_counter",
]
