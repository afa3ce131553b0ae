"""Both networks of every lane: what they are made of, and every tensor that training changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from ganviz.losses.penalties import PENALTIES
from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.network import Network
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.memories import PREFIX, Memories, fit_memories, memories_of
from ganviz.training.optimizers import OPTIMIZERS, AbstractOptimizer
from ganviz.training.updates import FlatOptimizer

Tensors = dict[str, Tensor]
Counts = dict[str, list[int]]

PLAYERS = ("generator", "discriminator")


@dataclass(frozen=True, slots=True)
class Player:
    """One network in all lanes: ``parameters`` ``[lanes, n]`` and ``buffers`` ``[lanes, m]`` change in place."""

    network: Network
    parameters: Tensor
    buffers: Tensor
    optimizer: FlatOptimizer


def networks_of(config: RunConfig) -> tuple[Network, Network]:
    """Return generator and discriminator."""
    return _networks(config.architecture, config.latents.size, config.distribution.shape, config.judged_shape)


@lru_cache(maxsize=16)
def _networks(
    architecture: AbstractArchitecture, latent_size: int, shape: tuple[int, ...], judged: tuple[int, ...]
) -> tuple[Network, Network]:
    return architecture.generator(latent_size, shape), architecture.discriminator(judged)


def initial_tensors(config: RunConfig, device: str, dtype: torch.dtype) -> tuple[Tensors, Counts]:
    """Return every row's tensors before the first step; lanes of equal seed are equal."""
    tensors: Tensors = {}
    networks = networks_of(config)
    rngs = [
        np.random.default_rng([config.seed_of(row) + lane.seed, 0]) for row, lane in enumerate(config.rows)
    ]
    for name, network in zip(PLAYERS, networks, strict=True):
        rows = [network.initial(rng) for rng in rngs]
        tensors[name] = torch.stack([parameters for parameters, _ in rows]).to(device, dtype)
        tensors[f"{name}_buffers"] = torch.stack([buffers for _, buffers in rows]).to(device, dtype)
    if config.training.ema_decay:
        tensors["ema"] = tensors["generator"].clone()
    fit_slots(tensors, config)
    return tensors, {name: [0] * config.n_rows for name in PLAYERS}


def optimizers_of(config: RunConfig) -> dict[str, list[AbstractOptimizer]]:
    """Return each player's optimizers, by lane."""
    return {
        "generator": [lane.generator_optimizer for lane in config.rows],
        "discriminator": [lane.discriminator_optimizer for lane in config.rows],
    }


def slots_of(config: RunConfig) -> dict[str, list[str]]:
    """Return the slots that any lane's optimizer declares, by player; their tensors are ``<player>_<slot>``."""
    return {
        player: list(dict.fromkeys(slot for spec in specs for slot in spec.slots))
        for player, specs in optimizers_of(config).items()
    }


def kept_slots(tensors: Tensors, player: str) -> list[str]:
    """Return the names of the tensors that hold a player's slots."""
    return [name for name in tensors if name.startswith(f"{player}_") and name != f"{player}_buffers"]


def drop_unused_slots(tensors: Tensors, config: RunConfig) -> None:
    """Take away, in place, the slots that no optimizer declares; version 0.1 kept two of each whatever was used."""
    for player, slots in slots_of(config).items():
        for name in kept_slots(tensors, player):
            if name.removeprefix(f"{player}_") not in slots:
                del tensors[name]
    for name in [name for name in tensors if name.startswith(PREFIX) and name not in memories_of(config)]:
        del tensors[name]


def known_names() -> set[str]:
    """Return the names of all tensors that any run may have; files of later versions may hold others."""
    slots = {slot for optimizer in OPTIMIZERS.values() for slot in optimizer.slots} | {"buffers"}
    own = {name for player in PLAYERS for name in (player, *(f"{player}_{slot}" for slot in slots))}
    return own | {"ema"} | {PREFIX + key for key in PENALTIES}


def fit_slots(tensors: Tensors, config: RunConfig) -> None:
    """Let there be, in place, exactly the slots that a configuration's optimizers declare; new ones hold 0."""
    drop_unused_slots(tensors, config)
    for player, slots in slots_of(config).items():
        for slot in slots:
            if f"{player}_{slot}" not in tensors:
                tensors[f"{player}_{slot}"] = torch.zeros_like(tensors[player])
    fit_memories(tensors, config)


class Players:
    """Generator and discriminator with their optimizers, over given tensors.

    Parameters
    ----------
    config : RunConfig
    tensors : dict
        "generator", "discriminator", each with "_buffers" and what its optimizers remember ("_first", …); "ema" where
        the average is on. The leading axis is the lane. They are changed in place.
    counts : dict
        Updates that each player's optimizer has made, by lane.
    active : sequence of bool
        Lanes that are trained.
    """

    def __init__(self, config: RunConfig, tensors: Tensors, counts: Counts, active: Sequence[bool]) -> None:
        self.tensors = tensors
        self.active = tuple(active)
        specs, declared = optimizers_of(config), slots_of(config)
        made = []
        for name, network in zip(PLAYERS, networks_of(config), strict=True):
            flat, slots = tensors[name], {slot: tensors[f"{name}_{slot}"] for slot in declared[name]}
            moving = self.moving(config, name)
            optimizer = FlatOptimizer(flat, slots, counts[name], specs[name], moving)
            made.append(Player(network, flat, tensors[f"{name}_buffers"], optimizer))
        self.generator, self.discriminator = made
        self.averaged, self.memories = self._averaged(), Memories(tensors, active)

    def moving(self, config: RunConfig, player: str) -> list[bool]:
        """Return in which lanes a player is trained: D only where it plays."""
        plays = [player == "generator" or lane.has_discriminator for lane in config.rows]
        return [a and b for a, b in zip(self.active, plays, strict=True)]

    def _averaged(self) -> list[tuple[Tensor, Tensor]]:
        """Return running averages with the weights they follow: all lanes at once, or one by one the trained ones."""
        average, weights = self.tensors.get("ema"), self.generator.parameters
        if average is None:
            return []
        if all(self.active):
            return [(average, weights)]
        return [(average[lane], weights[lane]) for lane, active in enumerate(self.active) if active]

    @property
    def n_lanes(self) -> int:
        """Return the number of lanes."""
        return len(self.active)

    def counts(self) -> Counts:
        """Return each optimizer's number of updates, by lane."""
        return {
            "generator": self.generator.optimizer.updated_counts(),
            "discriminator": self.discriminator.optimizer.updated_counts(),
        }


def check_fits(config: RunConfig, tensors: Tensors, counts: Counts) -> None:
    """Raise ValueError when tensors read from a file are not those of this configuration."""
    lanes, slots = config.n_rows, slots_of(config)
    expected = {}
    for name, network in zip(PLAYERS, networks_of(config), strict=True):
        for kept in (name, *(f"{name}_{slot}" for slot in slots[name])):
            expected[kept] = (lanes, network.layout.n)
        expected[f"{name}_buffers"] = (lanes, network.buffer_layout.n)
    if config.training.ema_decay:
        expected["ema"] = expected["generator"]
    expected |= {name: (lanes, n) for name, n in memories_of(config).items()}
    if set(tensors) != set(expected):
        raise ValueError(f"the networks' tensors should be {sorted(expected)}, not {sorted(tensors)}")
    for name, shape in expected.items():
        check_tensor(name, tensors[name], shape, tensors["generator"].dtype)
    if tensors["generator"].dtype not in (torch.float32, torch.float64):
        raise ValueError(f"the networks' numbers cannot be {tensors['generator'].dtype}")
    if any(len(counts.get(name, ())) != lanes for name in PLAYERS):
        raise ValueError(f"the optimizers should have {lanes} counts of updates each")


def check_tensor(name: str, tensor: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> None:
    """Raise ValueError when a tensor read from a file is not an ordinary one of this shape and kind of number."""
    if tuple(tensor.shape) != shape:
        raise ValueError(f"the tensor {name!r} should have shape {shape}, not {tuple(tensor.shape)}")
    if tensor.dtype != dtype or tensor.layout != torch.strided or not tensor.is_contiguous():
        raise ValueError(f"the tensor {name!r} does not hold its numbers as it should")
