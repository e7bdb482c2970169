"""A larger reader that teaches the small one: its encoder, and how far a pupil's scores and states are from
its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

# Special tokens by the names that BERT and MPNet give them.
RENAMED = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}


class Translated(nn.Module):
    """An MPNet encoder that takes BERT's ids.

    all-mpnet-base-v2 was made with BERT's uncased word pieces under other numbers, so inputs need translating
    only, and its scores lie on the very tokens that the small reader sees.
    """

    def __init__(self, encoder: nn.Module, table: Tensor) -> None:
        """Take the encoder and, for each of BERT's ids, the encoder's own [vocabulary]."""
        super().__init__()
        self.encoder = encoder
        self.config: Any = encoder.config
        self.register_buffer("table", table)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, **others: Any) -> Any:
        """Give the encoder's output; MPNet knows no token types."""
        del token_type_ids
        return self.encoder(input_ids=self.get_buffer("table")[input_ids], **others)


def translation(ours: Sequence[str], theirs: Sequence[str]) -> Tensor:
    """Give for each token of our vocabulary its number in theirs; ValueError when one is missing there."""
    numbers = {token: number for number, token in enumerate(theirs)}
    missing = [token for token in ours if RENAMED.get(token, token) not in numbers and not _is_spare(token)]
    if missing:
        raise ValueError(f"the teacher's vocabulary lacks {len(missing)} tokens, such as {missing[0]!r}")
    return torch.tensor([numbers.get(RENAMED.get(token, token), 0) for token in ours])


def _is_spare(token: str) -> bool:
    return token.startswith("[unused") or token == "[MASK]"  # noqa: S105


def soft_loss(scores: Tensor, soft: Tensor, temperature: float) -> Tensor:
    """Give each row's divergence of the scores from the teacher's [rows, tokens] (Hinton et al. 2015, section
    2).

    Times the squared temperature, so that its gradients keep their size whatever the temperature.
    """
    wanted = (soft / temperature).log_softmax(-1)
    given = (scores / temperature).log_softmax(-1)
    return (wanted.exp() * (wanted - given)).sum(-1) * temperature**2


def state_loss(states: Sequence[Tensor], taught: Sequence[Tensor], mask: Tensor) -> Tensor:
    """Give how unlike a pupil's states [rows, tokens, width] after each layer are to those of the teacher's
    layers as far up, between 0 and 1, over the tokens of the mask [rows, tokens]."""
    stride = (len(taught) - 1) / (len(states) - 1)
    pairs = ((state, taught[round(number * stride)]) for number, state in enumerate(states) if number)
    return torch.stack([1 - likeness(one, other, mask) for one, other in pairs]).mean()


def likeness(one: Tensor, other: Tensor, mask: Tensor) -> Tensor:
    """Give the linear centred kernel alignment of two representations [rows, tokens, width] of the same
    tokens, whose widths may differ (Kornblith et al. 2019, "Similarity of neural network representations
    revisited", section 3).

    Channels are brought to one scale, since a few in the encoders' states are tens of times as large as the
    rest, and would be all that counts.
    """
    one, other = (_standard(states.float(), mask.unsqueeze(-1)) for states in (one, other))
    norm = torch.linalg.matrix_norm
    alike: Tensor = norm(one.T @ other) ** 2 / (norm(one.T @ one) * norm(other.T @ other))
    return alike


def _standard(states: Tensor, mask: Tensor) -> Tensor:
    """The states of the mask's tokens, of mean 0 and deviation 1 by channel, and 0 elsewhere."""
    count = mask.sum()
    centred = (states - (states * mask).sum((0, 1)) / count) * mask
    return (centred / (centred.square().sum((0, 1)) / count + 1e-6).sqrt()).flatten(0, 1)
