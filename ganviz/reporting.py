"""Reports as files: of a run, with every view that has a meaning for it drawn, or of a sweep's folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ganviz.session.reports import run_report, sweep_report
from ganviz.session.saved_run import saved_run
from ganviz.session.sweeps.folder import PLAN, cell_path, read_cell, read_plan
from ganviz.session.sweeps.results import SweepResult
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import atomic_path

Tell = Callable[[int, int], None]


def write_report(source: Path, out: Path, tell: Tell | None = None) -> None:
    """Write the report of a saved run, of the folder of one, or of a sweep's folder.

    ``tell`` is called with the number of pictures that are drawn, and of all, before each one.

    Raises
    ------
    InvalidValueError
        When the source is none of these.
    FileError
        When it cannot be written.
    """
    if (source / PLAN).is_file():
        plan = read_plan(source)
        cells = {index: read_cell(cell_path(source, index), plan) for index in range(len(plan.cells))}
        found = {index: cell for index, cell in cells.items() if cell is not None}
        text = sweep_report(SweepResult(plan, found))
    else:
        run = saved_run(source)
        if not run.is_file():
            raise InvalidValueError(
                f"{str(source)!r} is neither a saved run nor the folder of one or of a sweep."
            )
        text = report_of_run(run, tell)
    with atomic_path(out) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


def report_of_run(file: Path, tell: Tell | None = None) -> str:
    """Return the report of a saved run."""
    from ganviz.rendering import drawings, lane_words, opened
    from ganviz.session.summary import run_summary

    runner = opened(file)
    trainer = runner.trainer
    summary = run_summary(trainer, 0.0, 0, [])
    pictures = list(drawings(runner, tell))
    return run_report(trainer.config, summary, lane_words(runner), pictures, trainer.history.marks)
