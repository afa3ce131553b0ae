"""``ganviz sweep``: every combination of some settings, over seeds, here or on a cluster."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shlex
import sys
import time
from collections.abc import Iterator
from typing import Any

from ganviz.cli.interrupt import Interrupt
from ganviz.session.figure_titles import figure_title
from ganviz.session.seed_words import difference_text
from ganviz.session.spread import IN_BRACKETS, spread
from ganviz.session.sweeps.cell import CellResult
from ganviz.session.sweeps.plan import SweepPlan, command_lines, plan_of, read_values
from ganviz.session.sweeps.results import SweepResult
from ganviz.session.sweeps.running import run_sweep
from ganviz.session.sweeps.spec_file import SweepSpec, read_spec
from ganviz.spec import InvalidValueError, finite

DONE, FAILED = 0, 1
SHOWN = ("sliced_wasserstein", "quality_fraction", "modes_hit", "js_divergence", "value")
"""The first three of these that a sweep has are printed."""


def sweep(options: argparse.Namespace) -> int:
    """Train a sweep, or print its commands; return 1 when a cell failed, more when a signal ended it."""
    with Interrupt() as interrupt:
        return _sweep(options, interrupt)


def _sweep(options: argparse.Namespace, interrupt: Interrupt) -> int:
    spec = _spec(options)
    goes_on = options.resume and not spec.axes
    plan = None if goes_on else plan_of(spec.axes, spec.base, spec.n_seeds, spec.steps)
    if options.print_commands:
        if plan is None:
            raise InvalidValueError("--print-commands needs what is varied, as without --resume.")
        print("\n".join(command_lines(plan, spec.base, options.out)))
        return DONE

    def planned(plan: SweepPlan) -> None:
        for text in options.compare:
            _pair(text, plan)  # says what is wrong before anything is trained
        progress.planned(plan)

    progress = _JsonProgress() if options.progress_json else _Progress(is_shown=not options.quiet)
    result = run_sweep(
        plan, options.out, resumes=options.resume, workers=options.workers, cluster=options.cluster,
        planned=planned, told=progress.told, noted=progress.noted, warned=progress.warned,
        is_stopped=lambda: interrupt.signal is not None,
    )  # fmt: skip
    for index, error in result.errors.items():
        print(f"ganviz: cell {index + 1} ({result.plan.title(index)}) failed: {error}", file=sys.stderr)
    if interrupt.signal is not None:
        print(f"ganviz: {_interrupted(result, options)}", file=sys.stderr)
        return 128 + interrupt.signal
    if options.progress_json:
        return FAILED if result.errors else DONE
    compared = [one for text in options.compare for one in result.comparisons(*_pair(text, result.plan))]
    if options.json:
        summary = result.summary()
        summary["comparisons"] += [one for one in compared if one not in summary["comparisons"]]
        print(json.dumps(summary, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join((*_lines(result), *_comparisons(result.plan, compared), f"written: {options.out}")))
    return FAILED if result.errors else DONE


def _interrupted(result: SweepResult, options: argparse.Namespace) -> str:
    """Return how far the sweep is, and the command that goes on with it."""
    n_done = len(result.cells) - len(result.errors)
    command = shlex.join(["ganviz", "sweep", "--resume", "--out", str(options.out)])
    return f"interrupted with {n_done} of {len(result.plan.cells)} cells done; `{command}` does the rest."


def _spec(options: argparse.Namespace) -> SweepSpec:
    """Return the sweep of the file, if there is one, with what the options say instead."""
    spec = read_spec(options.spec) if options.spec else SweepSpec()
    axes = {axis.path: axis for axis in spec.axes}
    given = [read_values(text) for text in options.vary]
    if len({axis.path for axis in given}) < len(given):
        raise InvalidValueError("--vary names a setting twice; give all its values at once.")
    axes |= {axis.path: axis for axis in given}
    words = ("preset", "config", "data", "formulation", "seed", "device")
    base = {name: value for name in words if (value := getattr(options, name)) is not None}
    return SweepSpec(
        tuple(axes.values()),
        dataclasses.replace(spec.base, **base, settings=(*spec.base.settings, *options.set)),
        spec.n_seeds if options.seeds is None else options.seeds,
        spec.steps if options.steps is None else options.steps,
    )


def _pair(text: str, plan: SweepPlan) -> tuple[int, int]:
    """Return the two cells that ``--compare`` names, counted from 0."""
    numbers, n = [part.strip() for part in text.split(",")], len(plan.cells)
    if len(numbers) != 2 or not all(
        one.isascii() and one.isdecimal() and 1 <= int(one) <= n for one in numbers
    ):
        raise InvalidValueError(f"--compare takes two cells from 1 to {n}, as 1,{n}, not {text!r}.")
    return int(numbers[0]) - 1, int(numbers[1]) - 1


def _comparisons(plan: SweepPlan, compared: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each pair of cells: in which figures they differ, and whether that could be chance."""
    pairs: dict[tuple[int, int], list[str]] = {}
    for one in compared:
        words = f"{figure_title(one['figure'])} {difference_text(one, one['figure'])}"
        pairs.setdefault((one["cells"][0] - 1, one["cells"][1] - 1), []).append(words)
    for (first, second), parts in pairs.items():
        yield f"{plan.title(second)} minus {plan.title(first)}, by equal seeds: {', '.join(parts)}"
    if pairs:
        yield "differences: medians over pairs of equal seeds; p of Wilcoxon's signed-rank test, two-sided"


class _Progress:
    """A line on standard error for every cell that is finished."""

    plan: SweepPlan

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._n, self._start = 0, time.perf_counter()

    def planned(self, plan: SweepPlan) -> None:
        """Take note of the plan."""
        self.plan = plan

    def noted(self, index: int, step: int) -> None:
        """Say nothing of a cell that is being trained."""

    def warned(self, words: str) -> None:
        """Say what has become of a job, also to those who want no lines of progress."""
        print(f"ganviz: {words}", file=sys.stderr)

    def told(self, index: int, cell: CellResult) -> None:
        """Say that a cell is finished."""
        self._n += 1
        if not self._is_shown:
            return
        n_diverged = sum(row.diverged_at is not None for row in cell.rows)
        state = "failed" if cell.error else f"{n_diverged} diverged" if n_diverged else "done"
        seconds = time.perf_counter() - self._start
        of = f"{self._n} of {len(self.plan.cells)}: {self.plan.title(index)}"
        print(f"{of}, {state}, after {seconds:,.1f} s", file=sys.stderr)


class _JsonProgress(_Progress):
    """A JSON object a line on standard output for all that happens, for programs that show it."""

    def __init__(self) -> None:
        super().__init__(is_shown=False)

    def planned(self, plan: SweepPlan) -> None:
        """Print what is going to be trained."""
        super().planned(plan)
        axes = [[axis.path, list(axis.values)] for axis in plan.axes]
        cells = [list(cell.values) for cell in plan.cells]
        counts = {"seeds": plan.n_seeds, "first_seed": plan.seeds[0], "steps": plan.steps}
        _print_line({"event": "planned", "vary": axes, "cells": cells, **counts})

    def noted(self, index: int, step: int) -> None:
        """Print where a cell is."""
        _print_line({"event": "step", "cell": index + 1, "step": step})

    def warned(self, words: str) -> None:
        """Print what has become of a job."""
        _print_line({"event": "warned", "words": words})

    def told(self, index: int, cell: CellResult) -> None:
        """Print what a cell has come to."""
        result = SweepResult(self.plan, {index: cell})
        values = {
            name: [finite(one) for one in result.trained_values(name)[index]] for name in result.figures
        }
        _print_line({"event": "cell", **result.cell_summary(index), "seed_values": values})


def _print_line(plain: dict[str, Any]) -> None:
    print(json.dumps(plain, ensure_ascii=False, allow_nan=False), flush=True)


def _lines(result: SweepResult) -> Iterator[str]:
    """Yield a line a cell: the medians of some figures over seeds, and how far these lie apart in brackets."""
    shown = [figure for figure in SHOWN if figure in result.figures][:3]
    medians = {figure: result.quantiles(figure)["median"] for figure in shown}
    for index in range(len(result.plan.cells)):
        stopped = result.diverged_at[index]
        parts = [f"{(stopped == 0).sum()} of {result.plan.n_seeds} trained"]
        for figure, found in medians.items():
            ends = spread(result.trained_values(figure)[index].tolist())
            if found[index] == found[index]:
                words = f" ({ends[0]:.4g} to {ends[1]:.4g})" if ends else ""
                parts.append(f"{figure_title(figure)} {found[index]:.4g}{words}")
        yield f"{result.plan.title(index)}: " + ", ".join(parts)
    yield f"figures: medians of the seeds that trained to the end, {IN_BRACKETS}"
