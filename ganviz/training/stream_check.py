"""Whether the random state in a file can be gone on from: of keyframes too, which are looked at much later."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from ganviz.training.blocks import batches_in_a_block
from ganviz.training.config import RunConfig
from ganviz.training.streams import check_place

_PLACES = ("partners", "noise", "d_inputs", "g_inputs", "updates")


def check_streams(config: RunConfig, state: Any) -> None:
    """Check random state that :func:`ganviz.training.seed_streams.load_streams` may be given.

    Raises
    ------
    ValueError
        When something is missing, or cannot be the state of a run of this configuration.
    """
    if not isinstance(state, dict):
        raise ValueError("the run has no random streams")
    if config.training.seeds > 1:
        _check_each_seed(config, state)
        return
    sizes = {"real": math.prod(config.distribution.shape), "latents": config.latents.size}
    for name, size in sizes.items():
        _check_batches(state.get(name), batches_in_a_block(config.training.batch_size, size))
    _check_bits(state.get("penalty"))
    for name in _PLACES:
        check_place(state.get(name, 0))


def _check_each_seed(config: RunConfig, state: dict[str, Any]) -> None:
    kept = state.get("seeds")
    if not isinstance(kept, list) or len(kept) != config.training.seeds:
        raise ValueError("the run has not the random streams of every seed")
    for number, one in enumerate(kept):
        check_streams(config.with_seed(number), one)


def _check_batches(state: Any, n_batches: int) -> None:
    if not isinstance(state, dict):
        raise ValueError("a random stream is missing")
    _check_bits(state.get("start"))
    position = state.get("position")
    if type(position) is not int or not 0 <= position <= n_batches:
        raise ValueError("the position of a random stream lies outside its block")


def _check_bits(text: Any) -> None:
    """Raise ValueError where a text is not the state of a PCG64."""
    try:
        np.random.PCG64().state = json.loads(text)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise ValueError("the state of a random stream is none") from error
