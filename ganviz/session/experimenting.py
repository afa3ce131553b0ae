"""Plays experiments without a window, and finds out whether their claims hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from ganviz.session.claims import Claim, ClaimsProbe, Finding, Measured
from ganviz.session.experiments import Experiment
from ganviz.session.predictions import Answer
from ganviz.spec.frozen import dataclass
from ganviz.training.trainer import Trainer

AT_ONCE = 200
"""Steps between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All findings of an experiment at one seed, and the answer to what it asked first."""

    findings: tuple[Finding, ...]
    answer: Answer | None
    seconds: float
    steps: int

    @property
    def is_seen(self) -> bool:
        """Return whether every claim holds."""
        return all(finding.is_seen for finding in self.findings)


def _silent(step: int) -> None:
    """Say nothing."""


def play(experiment: Experiment, seed: int | None = None, say: Callable[[int], object] = _silent) -> Outcome:
    """Run an experiment from step 0 and check its claims.

    Parameters
    ----------
    experiment : Experiment
    seed : int or None
        Instead of the configuration's own.
    say : callable
        Is told the step every now and then.
    """
    start, n_steps = time.perf_counter(), 0
    measured: list[Finding] = []
    for at, (trainer, before, end) in enumerate(played_stages(experiment, seed, say)):
        measured += _findings(trainer, experiment.measured(at), end)
        n_steps = before + trainer.step
    findings, answer = experiment.told(measured)
    return Outcome(findings, answer, time.perf_counter() - start, n_steps)


def played_stages(
    experiment: Experiment, seed: int | None = None, say: Callable[[int], object] = _silent
) -> Iterator[tuple[Trainer, int, int]]:
    """Yield the trainer at each stage's end, the steps of those before it, and the step at which the stage ends.

    A stage that begins at step 0 again has a trainer of its own.
    """
    trainer, before = None, 0
    for stage, config in experiment.configs(seed):
        if trainer is None or trainer.config.needs_restart(config):
            before, trainer = before + (0 if trainer is None else trainer.step), Trainer(config)
        else:
            trainer.reconfigure(config)
        end = trainer.step + stage.steps
        while trainer.step < end and not trainer.is_finished:
            trainer.train(min(AT_ONCE, end - trainer.step))
            say(before + trainer.step)
        yield trainer, before, end


def _findings(trainer: Trainer, claims: tuple[Claim, ...], end: int) -> tuple[Finding, ...]:
    """Return what was found at a stage's end; nothing can be found where all lanes have stopped before it."""
    trainer.flush()
    probe = ClaimsProbe(claims)
    measured = (
        probe.measure(trainer.subject()) if trainer.step == end else Measured(np.full(len(claims), np.nan))
    )
    return probe.findings(measured, trainer.step)
