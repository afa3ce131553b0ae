"""A whole run as one Python file: data, random numbers, networks, formulation, optimizers and the loop."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from textwrap import indent
from typing import Any, cast

from ganviz import __version__
from ganviz.losses.inputs.base import AbstractInput
from ganviz.losses.penalties.base import AbstractSlopePenalty, interpolates
from ganviz.losses.presets import title_of
from ganviz.losses.written import Written
from ganviz.session.scripting.formulas import formulation_script, plain, points_script, slope_penalty
from ganviz.session.scripting.loop import step_script
from ganviz.session.scripting.numbers import RANDOM
from ganviz.session.scripting.texts import BATCHES, HEAD, LOOP, NORMALS, PLACED, SECTION, tidy
from ganviz.spec import InvalidValueError
from ganviz.training.blocks import batches_in_a_block
from ganviz.training.config import RunConfig
from ganviz.training.optimizers.base import AbstractOptimizer


def run_script(config: RunConfig, lane: int = 0, steps: int = 1000, notes: Sequence[str] = ()) -> str:
    """Return one lane of a run as a script.

    Parameters
    ----------
    config : RunConfig
    lane : int
    steps : int
        Steps that it makes.
    notes : sequence of str
        Sentences for the beginning.

    Raises
    ------
    InvalidValueError
        When there is no such lane, a part of it has no form as a script, or data cannot be read.
    """
    if not 0 <= lane < len(config.lanes):
        raise InvalidValueError(f"There is no lane {lane}; lanes are 0 to {len(config.lanes) - 1}.")
    return _Script(config, lane).text(steps, notes)


class _Script:
    """One lane, section by section."""

    def __init__(self, config: RunConfig, lane: int) -> None:
        self.config, self.lane = config, config.lanes[lane]
        self.formulation, self.training = self.lane.formulation, config.training
        self.penalties = [slope_penalty(one) for one in self.formulation.penalties]
        self.inputs = [(one, one.key) for one in self.formulation.inputs]
        self.has_d = self.lane.has_discriminator
        self.sees_real = self.formulation.loss.generator_sees_real
        self.has_interpolates = any(one.points == interpolates for one in self.penalties)
        self.has_noise = any(one.needs_noise for one in self.penalties)
        self.counts = any(one.interval > 1 for one in self.penalties)
        self.n_numbers = math.prod(config.distribution.shape)

    def text(self, steps: int, notes: Sequence[str]) -> str:
        sections = {
            "NumPy's random numbers, which the run drew, in plain Python (of GANs nothing: read on at Data)": RANDOM,
            "Data": self.config.distribution.script(),
            "Random numbers": self._numbers(),
            "Networks": self._networks(),
            "The formulation": formulation_script(self.formulation, with_imports=False),
            "What each player minimizes": self._objectives(),
            "Optimizers": self._optimizers(),
        }
        head = self._head(steps, notes)
        helpers, body = step_script(self.lane, self.training, counts=self.counts)
        sections["The game"] = helpers + self._loop(body, steps)
        for title, text in sections.items():
            head += SECTION.format(line="-" * (len(title)), title=title) + text.strip("\n") + "\n"
        return tidy(head)

    def _head(self, steps: int, notes: Sequence[str]) -> str:
        device = self.training.device
        auto = '"cuda" if torch.cuda.is_available() else "cpu"'
        title = self.lane.label or title_of(self.formulation)
        if self.training.seeds > 1:
            notes = [*notes, f"Of {self.training.seeds} seeds it plays the first."]
        if not self.has_d:
            notes = [*notes, "D is made, and left alone: this loss has no use for it."]
        lines = "".join(f"{plain(note)}\n" for note in notes)
        return HEAD.format(
            title=plain(title), data=plain(self.config.distribution.title), version=__version__, notes=lines,
            steps=steps, batch=self.training.batch_size, seed=self.training.seed,
            device=auto if device == "auto" else repr(device), threads=self.training.threads,
        )  # fmt: skip

    def _numbers(self) -> str:
        batch, latents = self.training.batch_size, self.config.latents
        single = batches_in_a_block(batch, self.n_numbers)
        text = BATCHES.format(
            latent_size=latents.size, latents=latents.drawn.script(), reals_at_once=single,
            latents_at_once=batches_in_a_block(batch, latents.size),
        )  # fmt: skip
        lines = []
        if self.sees_real:
            lines.append(f"partners = blocks(sample_real, BATCH, {single}, 4)  # real samples for G's update")
        if self.has_noise:
            lines.append(f"penalty_noise = blocks(sample_normal, BATCH, {single}, 5)")
        double = batches_in_a_block(2 * batch, self.n_numbers)
        for player, number in (("d", 6), ("g", 7)):
            for _, key in self._noises:
                mark = zlib.crc32(key.encode())
                lines.append(f"{player}_{key} = blocks(sample_normal, 2 * BATCH, {double}, {number}, {mark})")
        shape = ", ".join(map(str, self.config.distribution.shape))
        needs_normal = self.has_noise or self._noises
        text += (PLACED if lines else "") + (NORMALS.format(shape=shape) if needs_normal else "")
        text += "\n\n" * bool(lines) + "".join(f"{line}\n" for line in lines)
        if self.has_interpolates:
            text += "penalty_rng = Random([SEED, 3])\n"
        return text

    def _networks(self) -> str:
        config = self.config
        seed = f"SEED + {self.lane.seed}" if self.lane.seed else "SEED"
        made = config.architecture.networks_script(
            config.latents.size, config.distribution.shape, config.judged_shape
        )
        return f"rng = Random([{seed}, 0])  # draws first weights: G's, then D's\n\n{made}"

    def _objectives(self) -> str:
        of_g = (
            "def generator_objective(fake):\n"
            f'    """Return L_G on generated samples{", against D as it is" * self.has_d}."""\n'
            f"{indent(chr(10).join(self._of_generator()), '    ')}\n"
        )
        if not self.has_d:
            return of_g
        return (
            "def discriminator_objective(fake):\n"
            '    """Return L_D, with its penalties, on a fresh real batch and on generated samples."""\n'
            f"{indent(chr(10).join(self._of_discriminator()), '    ')}\n\n\n{of_g}"
        )

    def _of_discriminator(self) -> list[str]:
        lines = ["real = next(reals)", *self._seen("d", ("real", "fake")), *self._packed("real", "fake")]
        if self.has_interpolates:
            size = (self.training.n_scores, *[1] * len(self.config.judged_shape))
            lines.append(f"epsilon = penalty_rng.random({size}).to(DEVICE, DTYPE)")
        if self.has_noise:
            lines.append("noise = next(penalty_noise).view_as(real)")
        if getattr(self.config.architecture, "spectral_norm", False):
            lines += [
                "D.train()",
                "t_real, t_fake = D(torch.cat([real, fake])).chunk(2)",
                "D.eval()  # power iterations follow D's own update alone",
            ]
        else:
            lines.append("t_real, t_fake = D(real), D(fake)")
        lines.append("loss = discriminator_loss(t_real, t_fake)")
        return [*lines, *(line for one in self.penalties for line in _penalty_lines(one)), "return loss"]

    def _of_generator(self) -> list[str]:
        if not self.has_d:
            return ["return generator_loss(next(partners), fake)"]
        seen = self._seen("g", ("fake", "real"))
        if not self.sees_real:
            return [*seen, *self._packed("fake"), "return generator_loss(D(fake))"]
        lines = ["real = next(partners)", *seen, *self._packed("fake", "real")]
        return [*lines, "return generator_loss(D(real), D(fake))"]

    def _packed(self, *names: str) -> list[str]:
        """Return how samples are put together where D judges several at once."""
        if self.training.packing == 1:
            return []
        shape = ", ".join(map(str, (self.training.n_scores, *self.config.judged_shape)))
        return [f"{name} = {name}.reshape({shape})" for name in names]

    @property
    def _noises(self) -> list[tuple[AbstractInput, str]]:
        """Return the inputs that need normal numbers."""
        return [(one, key) for one, key in self.inputs if one.is_random]

    def _seen(self, player: str, names: tuple[str, str]) -> list[str]:
        """Return what D sees of two batches, as far as they are there."""
        lines = []
        there = names if player == "d" or self.sees_real else names[:1]
        for one, key in self.inputs:
            noises = [f"{name}_noise" for name in names]
            if one.is_random:
                lines.append(f"{', '.join(noises)} = next({player}_{key}).chunk(2)")
            lines += [
                f"{name} = {_written_input(one, name, noise)}"
                for name, noise in zip(there, noises, strict=False)
            ]
        return lines

    def _optimizers(self) -> str:
        players = {"g": self.lane.generator_optimizer}
        if self.has_d:
            players["d"] = self.lane.discriminator_optimizer
        scripts = {player: one.script() for player, one in players.items()}
        classes = {one.script_class for player, one in players.items() if _names_class(one, scripts[player])}
        lines = []
        for player, one in players.items():
            made = scripts[player].replace("parameters", f"{player.upper()}.parameters()", 1)
            lines.append(f"{player}_optimizer = {made}")
            if not one.schedule.is_constant:
                lines.append(
                    f"{player}_schedule = torch.optim.lr_scheduler.LambdaLR({player}_optimizer, "
                    f"lambda n: {one.schedule.script()})"
                )
        return "\n".join([*sorted(classes), *[""] * bool(classes), *lines]) + "\n"

    def _loop(self, body: str, steps: int) -> str:
        start = []
        if "players" in body:
            start.append("players = [*G.parameters(), *D.parameters()]")
        if self.counts:
            start.append("n_updates = 0  # of D, for penalties that count in every k-th one")
        if self.training.ema_decay:
            start.append(
                "average = [weights.detach().clone() for weights in G.parameters()]  # of G's weights"
            )
        strengths = [f"{key}_strength = {one.script()}" for one, key in self.inputs]
        if strengths:
            body = "\n".join(strengths) + "\n\n" + body
        d_loss = "d_loss.item()" if self.has_d else "math.nan"
        loop = LOOP.format(body=indent(body, "    "), every=max(1, steps // 20), d_loss=d_loss)
        return "\n\n" + "\n".join(start) + loop


def _penalty_lines(penalty: AbstractSlopePenalty) -> list[str]:
    call = f"{penalty.key}({points_script(penalty.points)})"
    if penalty.interval == 1:
        return [f"loss = loss + {call}"]
    return [
        f"if n_updates % {penalty.interval} == 0:",
        f"    loss = loss + {penalty.interval} * {call}",
    ]


def _written_input(one: AbstractInput, name: str, noise: str) -> str:
    """Return what is seen of samples, given names in place of tensors."""
    names = [cast(Any, Written.name(part)) for part in (name, noise, f"{one.key}_strength")]
    try:
        return str(one.seen(*names))
    except (TypeError, AttributeError) as error:
        raise InvalidValueError(f"{one.title} cannot be written as a script: {error}.") from error


def _names_class(optimizer: AbstractOptimizer, script: str) -> bool:
    name = script.partition("(")[0]
    return f"class {name}(" in optimizer.script_class
