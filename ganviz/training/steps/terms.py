"""What a step writes down of its penalties."""

from __future__ import annotations

import torch
from torch import Tensor

from ganviz.training.columns import PENALTY_COLUMNS
from ganviz.training.sources import Share
from ganviz.training.steps.base import LaneGroup

_KINDS = {key: i for i, key in enumerate(PENALTY_COLUMNS)}


def is_left_out(share: Share) -> bool:
    """Return whether something does not count in an update, and need not be computed; unknown is no."""
    return isinstance(share, float) and share == 0


def record_term(terms: Tensor, key: str, group: LaneGroup, value: Tensor | None, share: Share) -> None:
    """Put a group's weighted penalty of one kind into ``terms`` ``[kinds, lanes]``, NaN where it does not count."""
    if key not in _KINDS:
        return
    if value is None:
        value = terms.new_full((len(group.lanes),), torch.nan)
    elif isinstance(share, Tensor):
        value = torch.where(share > 0, value, torch.nan)
    place = terms[_KINDS[key]]
    if group.index is None:
        place.copy_(value)
    else:
        place.index_copy_(0, group.index, value)
