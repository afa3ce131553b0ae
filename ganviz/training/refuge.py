"""Where a lane goes back to when it diverges: a frame at steps of its own, whatever keyframes there are.

Which keyframes are kept depends on how many lanes there are, on forks and on lanes taken away; what a lane is left with
does not. Each frame tells its refuge, None where it is that itself, so that going back and files keep it.
"""

from __future__ import annotations

import torch

from ganviz.training.frames import is_finite, restore_lane
from ganviz.training.keyframes import Frame
from ganviz.training.players import PLAYERS
from ganviz.training.scores import BLOCK_STEPS


def is_due(step: int) -> bool:
    """Return whether a refuge belongs at this step: early at powers of two, then every ``BLOCK_STEPS``."""
    return step % BLOCK_STEPS == 0 or step & (step - 1) == 0


def next_due(step: int) -> int:
    """Return the first step after ``step`` at which a refuge belongs."""
    return min(1 << step.bit_length(), step - step % BLOCK_STEPS + BLOCK_STEPS)


def made_of(frame: Frame, older: Frame) -> Frame:
    """Return the refuge at a frame, which is its own where all weights are finite; other lanes keep the ``older``."""
    frame["refuge"] = None
    if not older or is_finite(frame):
        return frame
    frame["refuge"] = refuge = {
        **frame,
        "tensors": {name: tensor.clone() for name, tensor in frame["tensors"].items()},
        "counts": {name: list(counts) for name, counts in frame["counts"].items()},
        "scores": None if frame["scores"] is None else frame["scores"].copy(),
    }
    for lane in range(len(frame["lanes"])):
        if not all(bool(torch.isfinite(frame["tensors"][name][lane]).all()) for name in PLAYERS):
            restore_lane(refuge["tensors"], refuge["counts"], refuge["scores"], older, lane)
    return refuge
