"""Every loss of the catalog with every penalty that fits it under every rule: trained, then switched into every other.

Run by hand: ``python -W error tests/campaigns/catalogue.py --steps 300``; ``--rules consensus`` for some alone, and in
pieces: ``--start 34 --games 34``, or ``--minutes 7``; each line ends with the game to go on with. Unrolling looks
``--inner-steps`` ahead: its cost is that number's, its code is the same.
Each game trains on the soft ring as a lane among 34, which is what it is alone (tests/training/test_independence.py),
and must be finite up to its end or to the step at which it is said to have diverged; then it is switched into every
named formulation for two steps, and back to itself for one between them. Games contain all formulations by name: each
of these is switched into each other. It tells which diverged, and ends with a traceback where a history is not honest.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch

from ganviz.losses.adversarial.base import (
    AbstractAdversarialLoss,
    AbstractAveragedLoss,
    AbstractPairedLoss,
    AbstractPointwiseLoss,
)
from ganviz.losses.adversarial.f_divergence import AbstractFDivergence
from ganviz.losses.constraints import CONSTRAINTS, NoConstraint
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.rules import RULES
from ganviz.training.rules.base import AbstractRule
from ganviz.training.rules.unrolled import Unrolled
from ganviz.training.trainer import Trainer

LANES = 34
OF_SCORES = AbstractPointwiseLoss, AbstractPairedLoss, AbstractAveragedLoss
OF_D = ("d_loss", "total", "d_grad_norm")
WATCHED = ("g_loss", "g_grad_norm", *OF_D)


def losses() -> list[AbstractAdversarialLoss]:
    """Return every loss of a game: those of the named formulations, and f-GANs with the alternative generator."""
    named = dict.fromkeys(
        one.formulation.loss for one in FORMULATIONS.values() if isinstance(one.formulation.loss, OF_SCORES)
    )
    alternative = [
        dataclasses.replace(loss, generator_loss="alternative")  # type: ignore[call-arg]  # an f-GAN's field
        for loss in named
        if isinstance(loss, AbstractFDivergence)
    ]
    return [*named, *alternative]


def games() -> list[Formulation]:
    """Return every loss with nothing, with each penalty that fits it, each constraint and each input."""
    found = []
    for loss in losses():
        found.append(Formulation(loss))
        found += [
            Formulation(loss, (cls(),))
            for cls in PENALTIES.values()
            if not cls().refusal(loss.score_kind, loss.called)
        ]
        found += [Formulation(loss, (), cls()) for cls in CONSTRAINTS.values() if cls is not NoConstraint]
        found += [Formulation(loss, (), NoConstraint(), (cls(),)) for cls in INPUTS.values()]
    return [*dict.fromkeys([*found, *(one.formulation for one in FORMULATIONS.values())])]


def check_honest(trainer: Trainer, lane: int) -> int | None:
    """Raise AssertionError unless a lane is finite up to the step at which it diverged, if it did; return that step."""
    status, table = trainer.lanes[lane], trainer.history.table(lane)
    known = table[: (status.diverged_at or trainer.step + 1) - 1]
    assert bool(status.cause) is (status.diverged_at is not None)
    # In steps that a loss without a discriminator has made, D has no numbers.
    idle = np.isnan(known[:, [COLUMNS.index(name) for name in OF_D]]).all(1)
    if status.diverged_at is None:
        assert idle[-1] == (not trainer.config.rows[lane].has_discriminator)
    for name in WATCHED:
        kept = known[~idle] if name in OF_D else known
        assert np.isfinite(kept[:, COLUMNS.index(name)]).all(), (trainer.config.lane_title(lane), name)
    return status.diverged_at


def trained(
    run: RunConfig, formulations: Sequence[Formulation], steps: int, *, is_switched: bool
) -> list[str]:
    """Train games as lanes of one run, then switch each into every formulation by name; return what diverged."""
    games_ = tuple(map(LaneConfig, formulations))
    trainer = Trainer(dataclasses.replace(run, lanes=games_))
    trainer.train(steps)
    trainer.flush()
    told = []
    for lane, formulation in enumerate(formulations):
        step = check_honest(trainer, lane)
        if step is not None:
            told.append(f"{formulation.title} in step {step}")
    named = [LaneConfig(one.formulation) for one in FORMULATIONS.values()] if is_switched else []
    n_before = len(told)
    for shift in range(len(named)):
        others = tuple(named[(lane + shift) % len(named)] for lane in range(len(games_)))
        for lanes, n in ((others, 2), (games_, 1)):
            trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes))
            trainer.train(n)
    trainer.flush()
    stopped = [check_honest(trainer, lane) for lane in range(len(formulations))]
    n_after = sum(step is not None for step in stopped)
    if n_after != n_before:
        told.append(f"({n_after - n_before} more of these lanes while they were switched)")
    return told


def with_rule(key: str, inner_steps: int) -> AbstractRule:
    """Return a rule with its usual numbers, and how far unrolling looks ahead."""
    rule = RULES[key]()
    return dataclasses.replace(rule, inner_steps=inner_steps) if isinstance(rule, Unrolled) else rule


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rules", nargs="*", default=list(RULES), choices=list(RULES))
    parser.add_argument("--width", type=int, default=MLP().width, help="of both networks")
    parser.add_argument("--batch", type=int, default=TrainingSettings().batch_size)
    parser.add_argument("--every", type=int, default=1, help="n: play each n-th game")
    parser.add_argument("--start", type=int, default=0, help="the first game's place in the list")
    parser.add_argument("--games", type=int, default=10_000, help="how many")
    parser.add_argument("--minutes", type=float, default=1e6, help="start no further lanes after these")
    parser.add_argument("--inner-steps", type=int, default=Unrolled().inner_steps, help="K of unrolling")
    parser.add_argument("--unswitched", action="store_true", help="train alone: in half the time")
    options = parser.parse_args()
    torch.set_num_threads(1)
    played = games()[options.start : options.start + options.games : options.every]
    write(f"{len(losses())} losses, {len(games())} games, {len(played)} of them")
    end = time.monotonic() + 60 * options.minutes
    for key in options.rules:
        settings = TrainingSettings(rule=with_rule(key, options.inner_steps), batch_size=options.batch)
        run = RunConfig(architecture=MLP(width=options.width), training=settings)
        start, told, n = time.monotonic(), list[str](), 0
        while n < len(played) and time.monotonic() < end:
            told += trained(run, played[n : n + LANES], options.steps, is_switched=not options.unswitched)
            n = min(n + LANES, len(played))
            following, took = options.start + n * options.every, time.monotonic() - start
            write(
                f"{key}: {n} games in {took:.0f} s; diverged: {'; '.join(told) or 'none'}; next: {following}"
            )


def write(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
