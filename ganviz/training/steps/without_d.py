"""Lanes without a discriminator: G's slopes come from its samples and real ones, and what is of D is NaN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from ganviz.losses.adversarial.of_samples import as_sample_loss
from ganviz.training.scores import ScoreBlock

if TYPE_CHECKING:
    from ganviz.training.steps.base import LaneGroup


class WithoutDiscriminator:
    """These lanes of a step; false where there is none.

    Each lane's distance is computed by itself, from memory of its own: sums over all pairs of samples would be rounded
    otherwise beside other lanes.
    """

    def __init__(self, groups: Sequence[LaneGroup], block: ScoreBlock, device: str) -> None:
        self._block = block
        self._lanes = [
            (lane, loss)
            for group in groups
            for lane in group.lanes
            if (loss := as_sample_loss(group.formulation.loss)) is not None
        ]
        self._index = torch.tensor([lane for lane, _ in self._lanes], device=device)

    def __bool__(self) -> bool:
        return bool(self._lanes)

    def hide_d(self, row: int) -> None:
        """Take back what was recorded in an update of a discriminator that does not play."""
        self._hide(row, self._block.d_scores, self._block.d_norms, self._block.penalties)

    def hide_g(self, row: int) -> None:
        """Take back the scores that it gave G's samples."""
        self._hide(row, self._block.g_scores)

    def _hide(self, row: int, *recorded: Tensor) -> None:
        if self._lanes:
            for one in recorded:
                one[row].index_fill_(0, self._index, torch.nan)

    def put_slopes(self, row: int, real: Tensor, generated: Tensor, slopes: Tensor) -> None:
        """Fill these lanes of ``slopes``; all ``[lanes, n, numbers]``."""
        for lane, loss in self._lanes:
            value, found = loss.with_slopes(real[lane].clone(), generated[lane].clone())
            slopes[lane].copy_(found)
            self._block.distances[row, lane] = value
        self.hide_g(row)

    def g_loss(self, row: int, real: Tensor, generated: Tensor, *, is_twice: bool) -> Tensor:
        """Return these lanes' L_G, summed, to be differentiated: more than once, with pairs in memory, if need be."""
        total = generated.new_zeros(())
        for lane, loss in self._lanes:
            x, y = real[lane].flatten(1).clone(), generated[lane].flatten(1)
            if is_twice:
                value = loss.distance(x, y)
                total = total + value
            else:
                with torch.no_grad():
                    value, slopes = loss.with_slopes(x, y.clone())
                total = total + (slopes * y).sum()
            self._block.distances[row, lane] = value.detach()
        self.hide_g(row)
        return total
