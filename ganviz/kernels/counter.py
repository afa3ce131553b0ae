"""A number of updates that lives where the weights are.

Fast, the host writes it into its own memory, at a thirtieth of the price of a call of torch. Plain, torch adds 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ganviz.kernels import switch

COUNTED_BY_HOST = ("cpu",)
"""Devices whose memory the host writes itself."""


def counter(start: int, device: torch.device) -> tuple[Tensor, Callable[[], object]]:
    """Return a number that lives on ``device`` and what adds one to it; float32, as Adam's kernels want it."""
    if switch.PLAIN or device.type not in COUNTED_BY_HOST:
        count = torch.tensor(float(start), device=device)
        return count, partial(count.add_, 1)
    kept = np.array([start], dtype=np.float32)
    memory = kept.data

    def advance() -> None:
        memory[0] += 1

    return torch.from_numpy(kept)[0], advance
