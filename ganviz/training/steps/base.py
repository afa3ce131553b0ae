"""What one update needs, and what every way of computing it must offer.

A way computes gradients; the order of gradients and updates is a rule's (``training.rules``), and what an update does
is an optimizer's.
"""

from __future__ import annotations

import abc
from collections.abc import Callable

import torch
from torch import Tensor

from ganviz.losses.constraints import NoConstraint
from ganviz.losses.formulation import Formulation
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.inputs import Inputs, Normals, split
from ganviz.training.players import Counts, Players
from ganviz.training.scores import ScoreBlock
from ganviz.training.sources import Named, Sources
from ganviz.training.steps.method import Between, nothing
from ganviz.training.steps.without_d import WithoutDiscriminator


@dataclass(frozen=True, slots=True)
class Drawn:
    """A penalty's numbers that were drawn ahead: one a sample, and where they are needed as many as it has.

    Both have a leading axis: of length 1 where all lanes share them, else of the lanes that ask.
    """

    uniforms: Tensor
    normals: Tensor | None = None

    def of(self, group: LaneGroup) -> Drawn:
        """Return those of a group's lanes."""
        if len(self.uniforms) <= 1:
            return self
        return Drawn(group.pick(self.uniforms), None if self.normals is None else group.pick(self.normals))

    def random(self, size: tuple[int, ...], /) -> Tensor:
        """Return the uniform ones."""
        return self.uniforms.view(len(self.uniforms), *size[1:])

    def standard_normal(self, size: tuple[int, ...], /) -> Tensor:
        """Return the normal ones."""
        assert self.normals is not None
        return self.normals.view(-1, *size[1:])


@dataclass(frozen=True, slots=True)
class LaneGroup:
    """Lanes that share a formulation; ``index`` is None for all lanes of the run."""

    formulation: Formulation
    lanes: tuple[int, ...]
    index: Tensor | None

    def pick(self, tensor: Tensor) -> Tensor:
        """Return the group's part of a tensor with a leading lane axis."""
        return tensor if self.index is None else tensor[self.index]


WHOLE_VECTORS = 32
"""Batches of a multiple of this many scores are computed in whole vectors on every processor."""


def lane_groups(config: RunConfig, device: str) -> tuple[LaneGroup, ...]:
    """Return the lanes by formulation; each by itself where a batch does not fill whole vectors.

    The rows of several lanes are one long loop to torch. What is left over at the end of a loop goes through scalar
    code, whose exponentials differ in the last bit: which scores these are would depend on the neighbors.
    """
    is_apart = device == "cpu" and config.training.n_scores % WHOLE_VECTORS != 0
    shared: dict[tuple[Formulation, int], list[int]] = {}
    for lane, lane_config in enumerate(config.rows):
        shared.setdefault((lane_config.formulation, lane if is_apart else 0), []).append(lane)
    everyone = len(shared) == 1
    return tuple(
        LaneGroup(formulation, tuple(lanes), None if everyone else torch.tensor(lanes, device=device))
        for (formulation, _), lanes in shared.items()
    )


class AbstractStep(abc.ABC):
    """One way to compute gradients, and all that follows; writes scores and norms into a block's row.

    It is the :class:`ganviz.training.rules.Game` that rules move, and changes the players in place.

    Parameters
    ----------
    config : RunConfig
    players : Players
    sources : Sources
    block : ScoreBlock
    device : str

    It is a :class:`ganviz.training.steps.method.Method`.
    """

    name: str
    is_differentiated: bool = True

    def __init__(
        self, config: RunConfig, players: Players, sources: Sources, block: ScoreBlock, device: str
    ) -> None:
        self.players, self.sources, self.block = players, sources, block
        self.between: Between = nothing
        self.groups, training = lane_groups(config, device), config.training
        self.sees_real = training.rule.unrolling[0] > 0 or any(
            group.formulation.loss.generator_sees_real for group in self.groups
        )
        self._needs_noise = any(
            penalty.needs_noise for group in self.groups for penalty in group.formulation.penalties
        )
        self.inputs = Inputs(
            [(group.formulation.inputs, group.index) for group in self.groups], players.generator.parameters
        )
        self._rule = training.rule
        self.batch_size, self.d_steps, self.g_steps = training.batch_size, training.d_steps, training.g_steps
        self.n_seeds = training.seeds
        self.n_scores, self.judged_shape = training.n_scores, config.judged_shape
        self.fresh_latents, self.ema_share = training.fresh_latents, 1.0 - training.ema_decay
        self._constrained = [
            (group.formulation.constraint, players.discriminator.parameters[lane : lane + 1])
            for group in self.groups
            for lane in group.lanes
            if players.active[lane] and not isinstance(group.formulation.constraint, NoConstraint)
        ]
        self.without_d = WithoutDiscriminator(self.groups, block, device)
        self.playing = tuple(group for group in self.groups if group.formulation.loss.has_discriminator)
        self._stopped = {
            name: [
                (row, row.clone())
                for row, moves in zip(rows, players.moving(config, name), strict=True)
                if not moves
            ]
            for name, rows in (
                ("generator", players.generator.buffers),
                ("discriminator", players.discriminator.buffers),
            )
        }

    @abc.abstractmethod
    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute the discriminator's gradient, call ``between``, and compute the generator's.

        Real samples and latents are fresh; where the configuration says so, both see the same latents.
        """

    @abc.abstractmethod
    def discriminator_gradient(self, row: int, *, is_applied: bool = True) -> None:
        """Compute the discriminator's gradient on fresh batches; one that is measured only changes no buffers."""

    @abc.abstractmethod
    def generator_gradient(self, row: int) -> None:
        """Compute the generator's gradient on fresh latents."""

    def gradients_to_rest(self, row: int, strength: float) -> None:
        """Compute both gradients and those of their squares; only a step that differentiates twice can."""
        raise NotImplementedError(f"the {self.name} step does not differentiate its gradients")

    def noise(self) -> Tensor | None:
        """Return this discriminator update's normal numbers, or leave them out where no lane needs them."""
        if self._needs_noise:
            return self.sources.noise.take()
        self.sources.noise.skip()
        return None

    def normals(self, source: Named) -> tuple[Normals, Normals]:
        """Return this update's numbers for what D sees of two batches; there are none where no lane needs any."""
        drawn = {name: source.take(name) for name in self.inputs.names}
        source.advance()
        if self.n_seeds > 1:
            drawn = {name: self.in_rows(numbers) for name, numbers in drawn.items()}
        return split(drawn, int(self.n_seeds > 1)) if drawn else (drawn, drawn)

    def drawn(self, uniforms: Tensor, normals: Tensor | None) -> Drawn:
        """Return a penalty's numbers for all rows: each row's own where there are several seeds."""
        return Drawn(self.in_rows(uniforms), None if normals is None else self.in_rows(normals))

    def in_rows(self, drawn: Tensor) -> Tensor:
        """Return what was drawn for each seed, ``[seeds, …]``, for each row; as it is where all rows share it.

        A lane's seeds stand one after the other, so that each lane gets the whole of it.
        """
        if self.n_seeds == 1:
            return drawn
        n_lanes = self.players.n_lanes // self.n_seeds
        return drawn.expand(n_lanes, *drawn.shape).reshape(-1, *drawn.shape[1:])

    def counts(self) -> Counts:
        """Return how many updates each player's optimizer has made, by row."""
        return self.players.counts()

    def begin(self, step: int) -> None:
        """Note that the step after ``step`` others comes next: what changes from step to step follows."""
        self.inputs.begin(step)

    def step(self, row: int) -> None:
        """Make one whole step, by the configuration's rule."""
        self._rule.step(self, row)

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Make one discriminator update on fresh batches, or only measure its scores and gradient."""
        self.discriminator_gradient(row, is_applied=is_applied)
        if is_applied:
            self.finish_discriminator()

    def generator_step(self, row: int) -> None:
        """Make one generator update on fresh latents."""
        self.generator_gradient(row)
        self.finish_generator()
        self.between()

    def put_latents_back(self) -> None:
        """Let the next update have the latents of the last one."""
        self.sources.latents.put_back()

    def look_ahead(self) -> Callable[[], None]:
        """Apply both gradients; return what takes the weights back, and nothing but them."""
        players = self.players.generator, self.players.discriminator
        kept = [player.parameters.clone() for player in players]
        for player in players:
            player.optimizer.update()
        self._constrain()

        def take_back() -> None:
            for player, weights in zip(players, kept, strict=True):
                player.parameters.copy_(weights)

        return take_back

    def finish_discriminator(self) -> None:
        """Apply the discriminator's gradient and constraints."""
        self.players.discriminator.optimizer.update()
        self.players.memories.keep()
        self.sources.updates.advance()
        self._constrain()
        self._leave_stopped("discriminator")
        self.between()

    def _constrain(self) -> None:
        for constraint, parameters in self._constrained:
            constraint.apply(parameters)

    def finish_generator(self) -> None:
        """Apply the generator's gradient and let the running average follow."""
        self.players.generator.optimizer.update()
        for average, parameters in self.players.averaged:
            average.lerp_(parameters, self.ema_share)
        self._leave_stopped("generator")

    def _leave_stopped(self, name: str) -> None:
        """Undo what a pass through all lanes did to the buffers of those that are not trained."""
        for buffers, kept in self._stopped[name]:
            buffers.copy_(kept)
