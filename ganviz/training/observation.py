"""What probes may see of a run, from its tensors."""

from __future__ import annotations

import dataclasses
import functools
import zlib
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganviz.data.base import AbstractDistribution
from ganviz.networks.layers import ESTIMATE, EVALUATE, TRAIN_KEEP_BUFFERS
from ganviz.training.config import RunConfig
from ganviz.training.history import History
from ganviz.training.inputs import Inputs
from ganviz.training.players import Tensors, networks_of
from ganviz.training.probes.base import Seeds, Subject, as_it_is, fixed_latents, probe_rng

N_ESTIMATE = 256
ESTIMATE_STREAM = 5
"""Latents that batch statistics are estimated from; not those that are shown."""

SEEN_STREAM = 16
"""Numbers for what D sees of real and generated samples; streams from here on."""


def shown_generator(config: RunConfig, tensors: Tensors, device: str) -> tuple[Tensor, Tensor]:
    """Return parameters and buffers of the generator that is shown, measured and exported.

    The running average's batch statistics are not those of the live weights, which training keeps: they are estimated
    anew, from fixed latents.
    """
    average, buffers = tensors.get("ema"), tensors["generator_buffers"]
    if average is None:
        return tensors["generator"], buffers
    if not buffers.shape[1]:
        return average, buffers
    latents = fixed_latents(config, N_ESTIMATE, ESTIMATE_STREAM).to(device, average.dtype)
    estimated = buffers.clone()
    with torch.no_grad():
        generator, _ = networks_of(config)
        generator.forward(average, estimated, latents.expand(len(average), *latents.shape), ESTIMATE)
    return average, estimated


def subject_of(
    config: RunConfig,
    step: int,
    tensors: Tensors,
    d_scores: NDArray[np.float32] | None,
    read_history: Callable[[], History],
    device: str,
    earlier: Callable[[int], Subject] | None = None,
) -> Subject:
    """Return the subject, of several seeds the first one's.

    ``d_scores`` ``[rows, 2 · batch]`` are those of the last discriminator update.
    """
    n = config.training.seeds
    if n == 1:
        one = _subject_of_a_seed(config, step, tensors, d_scores, read_history, device)
        return dataclasses.replace(one, earlier=earlier)

    def of_seed(number: int) -> Subject:
        own = {name: tensor[number::n].contiguous() for name, tensor in tensors.items()}
        scores = None if d_scores is None else d_scores[number::n]
        one = _subject_of_a_seed(
            config.with_seed(number), step, own, scores, lambda: read_history().of_seed(number), device
        )
        seeds = Seeds(config, read_history, of_seed)
        return dataclasses.replace(one, seeds=seeds, earlier=_of_seed(earlier, number))

    return of_seed(0)


def _of_seed(earlier: Callable[[int], Subject] | None, number: int) -> Callable[[int], Subject] | None:
    """Return the same for another seed than the first."""
    if earlier is None or number == 0:
        return earlier

    def of_seed(step: int) -> Subject:
        first = earlier(step)
        return first if first.seeds is None else first.seeds.subject(number)

    return of_seed


def _subject_of_a_seed(
    config: RunConfig,
    step: int,
    tensors: Tensors,
    d_scores: NDArray[np.float32] | None,
    read_history: Callable[[], History],
    device: str,
) -> Subject:
    generator, discriminator = networks_of(config)
    shown = functools.cache(functools.partial(shown_generator, config, tensors, device))
    shape = config.distribution.shape
    learned, shown_as = standardizing(config, device)

    def generate(latents: Tensor) -> Tensor:
        parameters, buffers = shown()
        made = generator.forward(parameters, buffers, latents.to(parameters.dtype), EVALUATE)
        return shown_as(made.reshape(*made.shape[:2], *shape))

    def train_on(latents: Tensor) -> tuple[Tensor, Tensor]:
        weights = tensors["generator"].detach().clone().requires_grad_()
        with torch.enable_grad():
            made = generator.forward(
                weights, tensors["generator_buffers"], latents.to(weights.dtype), TRAIN_KEEP_BUFFERS
            )
        return weights, shown_as(made.reshape(*made.shape[:2], *shape))

    packing = config.training.packing

    def judge(samples: Tensor) -> Tensor:
        samples = learned(samples)
        if samples.shape[2:] != config.judged_shape:
            samples = samples.repeat_interleave(packing, 1).reshape(*samples.shape[:2], *config.judged_shape)
        flat, buffers = tensors["discriminator"], tensors["discriminator_buffers"]
        scores = discriminator.forward(flat, buffers, samples.to(flat.dtype), EVALUATE)
        idle = [lane for lane, one in enumerate(config.lanes) if not one.has_discriminator]
        return scores.index_fill(0, torch.tensor(idle, device=device), torch.nan) if idle else scores

    real = fake = None
    if d_scores is not None:
        real, fake = np.split(d_scores, 2, axis=1)
    see, clear = _what_d_sees(config, step, device)
    return Subject(config, step, generate, judge, see, read_history, real, fake, device, train_on, clear)


def _what_d_sees(
    config: RunConfig, step: int, device: str
) -> tuple[Callable[[Tensor, int], Tensor], Callable[[Tensor], Tensor]]:
    """Return what D sees of a batch, in packs, and what it would see of places without noise."""
    packing = config.training.packing
    learned, shown_as = standardizing(config, device)

    def see(samples: Tensor, number: int) -> Tensor:
        seen = shown_as(_seen(config, step, learned(samples), number))
        n = seen.shape[1] // packing
        return seen[:, : n * packing].reshape(len(seen), n, *config.judged_shape)

    def clear(samples: Tensor) -> Tensor:
        if not any(lane.formulation.inputs for lane in config.lanes):
            return samples
        return shown_as(_seen(config, step, learned(samples)))

    return see, clear


def standardizing(
    config: RunConfig, device: str
) -> tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]:
    """Return the maps from data to what networks learn and back, of samples or packs of them; differentiable.

    Both compute in double precision: an offset may be many times as large as what is left without it.
    """
    standardization = config.distribution.standardization
    if standardization is None:
        return as_it_is, as_it_is
    offset, scale = (
        torch.tensor(numbers, dtype=torch.float64, device=device)
        for numbers in (standardization.offset, standardization.scale)
    )

    def learned(data: Tensor) -> Tensor:
        each = data.double().reshape(*data.shape[:-1], -1, len(offset))
        return ((each - offset) / scale).reshape(data.shape).to(data.dtype)

    def shown_as(samples: Tensor) -> Tensor:
        each = samples.double().reshape(*samples.shape[:-1], -1, len(offset))
        return (each * scale + offset).reshape(samples.shape).to(samples.dtype)

    return learned, shown_as


def module_of(config: RunConfig, tensors: Tensors, device: str) -> nn.Sequential:
    """Return the shown generator of a single row as a module in evaluation mode; it ends in the data's own units."""
    parameters, buffers = shown_generator(config, tensors, device)
    return in_units_of(config.distribution, networks_of(config)[0].module(parameters[0], buffers[0]))


def in_units_of(data: AbstractDistribution, generator: nn.Sequential) -> nn.Sequential:
    """Return the generator with a last layer that undoes the standardization of its data, where there is one."""
    standardization = data.standardization
    if standardization is None:
        return generator
    last = nn.Linear(data.n_numbers, data.n_numbers)
    with torch.no_grad():
        last.weight.copy_(torch.diag(torch.tensor(standardization.scale)))
        last.bias.copy_(torch.tensor(standardization.offset))
    return nn.Sequential(*generator, last.to(next(generator.parameters()))).eval()


def _seen(config: RunConfig, step: int, samples: Tensor, number: int | None = None) -> Tensor:
    """Return what D sees of samples in the step that comes next, with numbers that are the same at every look.

    Without ``number`` all of them are 0: nothing is left of noise.
    """
    groups = [
        (lane.formulation.inputs, torch.tensor([i], device=samples.device))
        for i, lane in enumerate(config.lanes)
    ]
    inputs = Inputs(groups, samples)
    if not inputs:
        return samples
    inputs.begin(step)
    normals = {}
    for name in inputs.names:
        if number is None:
            normals[name] = samples.new_zeros(samples.shape[1:])
            continue
        rng = probe_rng(config, SEEN_STREAM + number, zlib.crc32(name.encode()))
        drawn = rng.standard_normal(samples.shape[1:], dtype=np.float32)
        normals[name] = torch.from_numpy(drawn).to(samples)
    return inputs.seen(samples, normals)
