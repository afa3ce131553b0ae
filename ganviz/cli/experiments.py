"""``ganviz experiment``: plays one and prints what was measured beside what was claimed."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

from ganviz.session.claims import Finding
from ganviz.session.experimenting import Outcome, play
from ganviz.session.experiments import Experiment, experiment
from ganviz.session.predictions import Answer
from ganviz.session.settings import with_settings
from ganviz.spec import finite

SEEN, NOT_SEEN = 0, 1


def run_experiment(options: argparse.Namespace) -> int:
    """Play an experiment; return 0 when everything that it claims was seen."""
    chosen = experiment(options.key)
    if options.seed is not None:
        with_settings(
            chosen.config, [f"training.seed={options.seed}"]
        )  # refuses what is no seed before anything runs
    is_shown = sys.stderr.isatty() and not options.quiet

    def say(step: int) -> None:
        if is_shown:
            print(f"\rstep {step} of {chosen.steps}", end="", file=sys.stderr, flush=True)

    outcome = play(chosen, options.seed, say)
    if is_shown:
        print(file=sys.stderr)
    if options.json:
        print(json.dumps(_as_plain(chosen, outcome, options.seed), ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(_as_text(chosen, outcome)))
    return SEEN if outcome.is_seen else NOT_SEEN


def _as_plain(chosen: Experiment, outcome: Outcome, seed: int | None) -> dict[str, Any]:
    return {
        "key": chosen.key,
        "title": chosen.title,
        "claim": chosen.claim,
        "remember": chosen.remember,
        "when": chosen.when,
        "source": chosen.source,
        "share": chosen.share,
        "seed": chosen.config.training.seed if seed is None else seed,
        "seen": outcome.is_seen,
        "steps": outcome.steps,
        "seconds": outcome.seconds,
        "findings": [_finding(chosen, finding) for finding in outcome.findings],
        "prediction": None if outcome.answer is None else _prediction(outcome.answer),
    }


def _prediction(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.prediction.question,
        "choices": [choice.says for choice in answer.prediction.choices],
        "answer": answer.says or None,
        "value": finite(answer.value),
    }


def _finding(chosen: Experiment, finding: Finding) -> dict[str, Any]:
    claim = finding.claim
    return {
        "says": claim.says,
        "quantity": claim.quantity,
        "minus": claim.minus,
        "lane": claim.lane,
        "label": chosen.config.lane_title(claim.lane),
        "divided_by_lane": claim.compared_with,
        "mean_over_steps": claim.over,
        "step": finding.step,
        "value": finite(finding.value),
        "at_least": None if math.isinf(claim.low) else claim.low,
        "at_most": None if math.isinf(claim.high) else claim.high,
        "seen": finding.is_seen,
    }


def _as_text(chosen: Experiment, outcome: Outcome) -> Iterator[str]:
    yield f"{chosen.title}. {chosen.claim}"
    for finding in outcome.findings:
        claim, mark = finding.claim, "✓" if finding.is_seen else "✗"
        lanes = f"lane {claim.lane}"
        if claim.compared_with is not None:
            lanes += f" ÷ lane {claim.compared_with}"
        quantity = claim.quantity if claim.minus is None else f"{claim.quantity} − {claim.minus}"
        measured = f"{quantity} of {lanes}: {finding.value:.6g} ({claim.range})"
        yield f"{mark} step {finding.step}: {claim.says}. {measured}"
    yield f"When it shows: {chosen.when}"
    if (answer := outcome.answer) is not None:
        yield f"? {answer.prediction.question} {answer.says or 'None of the answers'}: {answer.value:.6g}"
    yield f"{'seen' if outcome.is_seen else 'not seen'}, {outcome.seconds:.1f} s; {chosen.source}"
