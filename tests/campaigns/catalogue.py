"""Every loss of the catalog with every penalty that fits it under every rule: trained, then switched into every other.

Run by hand: ``python -W error tests/campaigns/catalogue.py --steps 300``; ``--rules consensus`` for some alone.
Each game trains on the soft ring as a lane among 32, which is what it is alone (tests/training/test_independence.py),
and must be finite up to its end or to the step at which it is said to have diverged; then each lane plays every named
formulation for two steps. It tells which diverged, and ends with a traceback where a history is not honest.
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
from ganviz.training.trainer import Trainer

LANES = 32
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


def trained(run: RunConfig, formulations: Sequence[Formulation], steps: int) -> list[str]:
    """Train games as lanes of one run, then switch each into every formulation by name; return what diverged."""
    trainer = Trainer(dataclasses.replace(run, lanes=tuple(map(LaneConfig, formulations))))
    trainer.train(steps)
    trainer.flush()
    told = []
    for lane, formulation in enumerate(formulations):
        step = check_honest(trainer, lane)
        if step is not None:
            told.append(f"{formulation.title} in step {step}")
    named = [one.formulation for one in FORMULATIONS.values()]
    n_before = len(told)
    for shift in range(len(named)):
        lanes = tuple(LaneConfig(named[(lane + shift) % len(named)]) for lane in range(len(formulations)))
        trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes))
        trainer.train(2)
    trainer.flush()
    stopped = [check_honest(trainer, lane) for lane in range(len(formulations))]
    n_after = sum(step is not None for step in stopped)
    if n_after != n_before:
        told.append(f"({n_after - n_before} more of these lanes while they were switched)")
    return told


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rules", nargs="*", default=list(RULES), choices=list(RULES))
    parser.add_argument("--width", type=int, default=MLP().width, help="of both networks")
    parser.add_argument("--batch", type=int, default=TrainingSettings().batch_size)
    parser.add_argument("--every", type=int, default=1, help="n: play each n-th game")
    options = parser.parse_args()
    torch.set_num_threads(1)
    played = games()[:: options.every]
    sys.stdout.write(f"{len(losses())} losses, {len(played)} games\n")
    for key in options.rules:
        settings = TrainingSettings(rule=RULES[key](), batch_size=options.batch)
        run = RunConfig(architecture=MLP(width=options.width), training=settings)
        start, told = time.monotonic(), list[str]()
        for at in range(0, len(played), LANES):
            told += trained(run, played[at : at + LANES], options.steps)
            sys.stdout.flush()
        took = time.monotonic() - start
        sys.stdout.write(
            f"{key}: {len(played)} games in {took:.0f} s; diverged: {'; '.join(told) or 'none'}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
