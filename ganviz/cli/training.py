"""Commands that train a run or write what it holds."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ganviz.cli.interrupt import Interrupt
from ganviz.cli.progress import Progress
from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.examination import examine
from ganviz.session.choosing import checked_steps, chosen_run
from ganviz.session.commands import Run
from ganviz.session.events import Event, LaneDiverged
from ganviz.session.exporting import weight_files, write_config, write_history, write_samples, write_weights
from ganviz.session.live_log import NoLog, RunLog
from ganviz.session.periodic_checkpoints import PeriodicCheckpoints, read_interval
from ganviz.session.run_folder import OutputFolder, rescued, run_folder, write_run
from ganviz.session.runner import Runner
from ganviz.session.runs.about import About, parent_of, write_about
from ganviz.session.saved_run import CHECKPOINT
from ganviz.session.scripting import write_script
from ganviz.session.seed_words import comparison_texts, seeds_text
from ganviz.session.summary import run_summary
from ganviz.spec import InvalidValueError, UnknownKeyError
from ganviz.training.atomic import FileError
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.memory_need import OutOfMemoryError, memory_sentence
from ganviz.training.reproduction import keep_again
from ganviz.training.snapshot import LaneStatus
from ganviz.training.trainer import Trainer

log = logging.getLogger("ganviz")

EXPORTS = ("history", "samples", "config", "weights", "script")


def train(options: argparse.Namespace) -> int:
    """Train a new run."""
    config, usual = chosen_run(
        preset=options.preset, config=options.config, data=options.data, formulations=options.formulation,
        seed=options.seed, seeds=options.seeds, device=options.device, settings=options.set,
    )  # fmt: skip
    steps = checked_steps(options.steps if options.steps is not None else usual)
    if not options.quiet:
        for loss in dict.fromkeys(lane.formulation.loss for lane in config.lanes):
            if isinstance(loss, CustomLoss | CustomPairedLoss):
                print(f"{loss.called}: {' '.join(examine(loss))}", file=sys.stderr)
    return _train(Runner(config), steps, options)


def resume(options: argparse.Namespace) -> int:
    """Go on with a saved run."""
    steps = checked_steps(options.steps)
    trainer = _opened(options.file, options.from_step, is_trained=True)
    if trainer.is_finished:
        raise InvalidValueError(
            f"Every lane of {str(options.file)!r} has diverged; there is nothing to go on with."
        )
    start = trainer.step
    code = _train(Runner(trainer=trainer), start + steps, options)
    if options.out and (made := options.out / CHECKPOINT).resolve() != options.file.resolve():
        write_about(made, About(parent=parent_of(made, options.file), parent_step=start))
    return code


def _opened(file: Path, at_step: int | None = None, *, is_trained: bool = False) -> Trainer:
    """Return a saved run, as it was at a step where one is given; tell what it has of note, or why it cannot train.

    A step that is no keyframe is made anew.
    """
    trainer = load_checkpoint(file)
    if at_step is not None:
        keep_again(trainer, at_step)
        trainer.rewind(at_step)
    if is_trained:
        trainer.check_trainable()
    for note in trainer.notes:
        log.warning("%s", note)
    return trainer


def export(options: argparse.Namespace) -> int:
    """Write data of a saved run."""
    out: Path = options.out
    kinds = _kinds(options.what, out)
    trainer = _opened(options.file)
    writers: dict[str, Callable[[Path], None]] = {}
    for kind in kinds:
        writers |= _writers(kind, trainer)
    if out.suffix == ".py":
        if len(writers) > 1:
            raise InvalidValueError(
                f"The run has {len(writers)} lanes, a script each: --out must be a folder, not {out.name!r}."
            )
        (writer,) = writers.values()
        writers, out = {out.name: writer}, out.parent
    folder = OutputFolder(out, writers, is_forced=options.force)

    def write(staged: Path) -> None:
        for name, writer in writers.items():
            writer(staged / name)

    try:
        folder.write(write)
    finally:
        folder.give_up()
    print("written: " + ", ".join(map(str, folder.files)))
    return 0


def _kinds(what: str | None, out: Path) -> list[str]:
    """Return which kinds of files are to be written, once each."""
    is_script = out.suffix == ".py"
    if what is None:
        return ["script"] if is_script else [kind for kind in EXPORTS if kind != "script"]
    kinds = list(dict.fromkeys(kind.strip() for kind in what.split(",")))
    for kind in kinds:
        if kind not in EXPORTS:
            raise UnknownKeyError("kind of export", kind, list(EXPORTS))
    if is_script and kinds != ["script"]:
        raise InvalidValueError(f"A script alone goes to {out.name!r}: --out must be a folder for {what}.")
    return kinds


def _writers(kind: str, trainer: Trainer) -> dict[str, Callable[[Path], None]]:
    """Return what writes the files of one kind of export, by their names."""
    if kind == "history":
        return {"history.csv": partial(write_history, trainer=trainer)}
    if kind == "samples":
        return {"samples.npz": partial(write_samples, trainer=trainer)}
    if kind == "config":
        return {"config.json": partial(write_config, config=trainer.config)}
    lanes = range(len(trainer.config.lanes))
    if kind == "script":
        return {f"script_{lane}.py": partial(write_script, trainer=trainer, lane=lane) for lane in lanes}
    return {
        name: partial(write_weights, trainer=trainer, row=row)
        for name, row in weight_files(trainer.config).items()
    }


def _train(runner: Runner, until: int, options: argparse.Namespace) -> int:
    interval = read_interval(options.checkpoint_every)
    folder = run_folder(options.out, is_forced=options.force) if options.out else None
    periodic = PeriodicCheckpoints(folder.path if folder else Path.cwd(), interval)
    try:
        with contextlib.closing(_opened_log(runner.trainer, folder, options)) as run_log:
            return _train_into(folder, runner, until, options, periodic, run_log)
    finally:
        if folder:
            folder.give_up()


def _opened_log(trainer: Trainer, folder: OutputFolder | None, options: argparse.Namespace) -> RunLog | NoLog:
    """Return the log that is wished for, begun."""
    path = options.log
    if path is None:
        return NoLog()
    if folder and path.absolute() in [one.absolute() for one in folder.files]:
        raise InvalidValueError(f"{str(path)!r} is written when the run has ended; give --log another name.")
    return RunLog(path, trainer, goes_on=options.command == "resume", is_forced=options.force)


def _train_into(
    folder: OutputFolder | None,
    runner: Runner,
    until: int,
    options: argparse.Namespace,
    periodic: PeriodicCheckpoints,
    run_log: RunLog | NoLog,
) -> int:
    trainer = runner.trainer
    if not options.quiet and (found := trainer.config.distribution.summary):
        print(found, file=sys.stderr)
    first, start = trainer.step, time.perf_counter()
    progress = Progress(first, until, is_shown=sys.stderr.isatty() and not options.quiet)
    with Interrupt() as interrupt:
        try:
            _advance(runner, until, interrupt, progress, periodic, run_log)
            seconds = time.perf_counter() - start
            run_log.write()
            files = [*(folder.files if folder else ()), *run_log.files]
            summary = run_summary(trainer, seconds, trainer.step - first, files)
        except Exception as error:
            _keep_what_there_is(trainer, folder, error, is_worth_it=trainer.step > first)
            raise
        if folder:
            write_run(folder, trainer, summary)
        kept = folder.path if folder else None
        is_cut = interrupt.signal is not None or bool(run_log.missing)
        if is_cut and kept is None and trainer.step > first:
            kept = rescued(trainer)
        if kept is not None or not is_cut:
            periodic.remove()
    where = f"; {str(kept)!r} holds the run" if kept else ""
    if interrupt.signal is not None:
        print(f"ganviz: interrupted at step {trainer.step}{where}.", file=sys.stderr)
        return 128 + interrupt.signal
    _print_result(summary, as_json=options.json)
    if run_log.missing:
        raise FileError(f"{run_log.missing}{where}.")
    return 3 if any(status.diverged_at is not None for status in trainer.lanes) else 0


def _keep_what_there_is(
    trainer: Trainer, folder: OutputFolder | None, error: Exception, *, is_worth_it: bool
) -> None:
    """Keep a run that an error has ended; refused memory is a sentence.

    Raises
    ------
    OutOfMemoryError
        Where that was the error.
    """
    path = None
    with contextlib.suppress(Exception):  # what is told is the first error
        path = rescued(trainer, *([folder.path] if folder else [])) if is_worth_it else None
    where = f" {str(path)!r} holds the run." if path else ""
    if sentence := memory_sentence(error):
        raise OutOfMemoryError(f"{sentence}{where}") from error
    log.error("An error has ended the run.%s", where)


def _advance(
    runner: Runner,
    until: int,
    interrupt: Interrupt,
    progress: Progress,
    periodic: PeriodicCheckpoints,
    run_log: RunLog | NoLog,
) -> None:
    """Train until a step, the end of all lanes or a signal; write the log and checkpoints on the way."""
    trainer = runner.trainer
    while trainer.step < until and not trainer.is_finished and interrupt.signal is None:
        runner.handle(Run(periodic.stop_after(trainer.step, until)))
        while runner.is_running and interrupt.signal is None:
            _report(runner.advance(), runner)
            progress.show(trainer.step)
            run_log.follow()
            if trainer.step < until:
                periodic.keep_if_due(trainer)
    progress.end()


def _report(events: list[Event], runner: Runner) -> None:
    for event in events:
        if isinstance(event, LaneDiverged):
            title = runner.trainer.config.row_title(event.lane)
            log.warning("%s %s.", title, LaneStatus(event.step, event.cause).sentence)


def _print_result(summary: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary))
        return
    print(
        f"{summary['steps']} steps on {Path(str(summary['data_file'] or summary['data'])).name}, "
        f"{summary['steps_per_second']:,.0f} steps/s ({summary['device']}, {summary['step_method']})"
    )
    lanes = summary["lanes"]
    assert isinstance(lanes, list)
    for lane in lanes:
        print(seeds_text(lane) if "seeds" in lane else _lane_text(lane))
    for found in comparison_texts(summary):
        print(found)
    files = summary["files"]
    if isinstance(files, list) and files:
        print("written: " + ", ".join(files))


def _lane_text(lane: dict[str, dict[str, float | None]]) -> str:
    losses, metrics = lane["losses"], lane["metrics"]
    figures = losses | (lane["scores"] if "read_as_logits" in lane else {})
    parts = [f"{name} {value:.4f}" for name, value in figures.items() if value is not None]
    if metrics["modes_hit"] is not None:
        parts.append(f"modes {metrics['modes_hit']} of {metrics['n_modes']}")
    names = ("quality_fraction", "sliced_wasserstein", "sliced_wasserstein_floor", "js_divergence")
    parts += [f"{name} {value:.4f}" for name in names if (value := metrics[name]) is not None]
    return f"{lane['label']} ({lane['state']}): " + ", ".join(parts)
