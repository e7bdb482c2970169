"""What embeds the questions of an index: the packaged graph, or the export that the index carries."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from askbrief.once import shared
from askbrief.packaged import READER, packaged
from askbrief.protocols import Embedder

if TYPE_CHECKING:
    from askbrief.index_records import ModelCard


def query_embedder(index: Path, card: ModelCard) -> Embedder:
    """What embeds questions for an index whose model has this card. Raises IndexDamaged and ModelError."""
    if card.encoder:
        from askbrief.embed.query_embedder import QueryEmbedder

        digests = json.dumps([asdict(each) for each in card.files.values()])
        return shared((QueryEmbedder, digests), partial(QueryEmbedder, index / card.encoder))
    from askbrief.embed.packaged_embedder import PackagedEmbedder

    return shared((PackagedEmbedder, repr(card)), partial(PackagedEmbedder, card))


def token_counter(index: Path, card: ModelCard) -> Callable[[Sequence[str]], list[int]]:
    """A function that counts the tokens of texts, without special ones, for the model of an index."""
    from askbrief.embed.query_embedder import token_counter

    return token_counter(index / card.encoder if card.encoder else packaged(READER))
