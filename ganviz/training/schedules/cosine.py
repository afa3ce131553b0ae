"""Half a cosine down, without restarts (Loshchilov & Hutter 2017, arXiv 1608.03983, equation 5)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.schedules.base import AbstractDecay

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class CosineDecay(AbstractDecay):
    """The learning rate falls slowly at first and at last, fastest in the middle."""

    key: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine decay"
    left: ClassVar[str] = "(1 + math.cos(math.pi * {done})) / 2"

    def remaining(self, done: Tensor) -> Tensor:
        """Return (1 + cos(π done)) / 2."""
        return (done * math.pi).cos().add(1).mul(0.5)
