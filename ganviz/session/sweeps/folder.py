"""The folder of a sweep: its plan, a folder for every cell that is complete, and tables of all of them.

A cell's files are written beside the others and take their place by one renaming: what stands under ``cells`` is
whole, whenever a driver is killed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ganviz import __version__
from ganviz.resources import open_file
from ganviz.session.folder_swap import STAGED
from ganviz.session.run_folder import OutputFolder
from ganviz.session.sweeps.cell import CellResult, check_files, read_packet, read_rows, read_seconds
from ganviz.session.sweeps.plan import SweepPlan, plan_from_plain
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.training.atomic import FileError, atomic_path

PLAN, CELL, CELLS = "sweep.json", "cell.json", "cells"
TABLES = ("table.csv", "results.npz", "summary.json")
MOST_PLAN_BYTES = 200_000_000
MOST_CELL_BYTES = 10_000_000


class SweepFolder:
    """Keeps a sweep's results; nobody else writes there until :meth:`give_up`.

    Parameters
    ----------
    path : Path
    plan : SweepPlan or None
        None goes on with the plan that the folder holds.
    resumes : bool
        Whether the folder may hold a part of this sweep already.

    Raises
    ------
    InvalidValueError
        When the folder holds a sweep and ``resumes`` is not given, or another sweep, or none to go on with.
    FileError
        When nothing can be written there.
    """

    def __init__(self, path: Path, plan: SweepPlan | None, *, resumes: bool) -> None:
        self.path = path
        if plan is None and not (path / PLAN).is_file():
            raise InvalidValueError(f"The folder {str(path)!r} holds no sweep to go on with.")
        self._output = OutputFolder(path, TABLES, is_forced=True)
        try:
            self.plan = self._claimed(plan, resumes=resumes)
        except BaseException:
            self.give_up()
            raise

    def _claimed(self, plan: SweepPlan | None, *, resumes: bool) -> SweepPlan:
        """Return the plan in force, which the folder holds from now on."""
        name = repr(str(self.path))
        if (self.path / PLAN).exists():
            kept = read_plan(self.path)
            if not resumes:
                raise InvalidValueError(
                    f"The folder {name} already holds a sweep; choose another one, or go on with it by --resume."
                )
            if plan is not None and plan != kept:
                raise InvalidValueError(f"The folder {name} holds another sweep: {_difference(plan, kept)}.")
            return kept
        assert plan is not None
        if present := [other for other in (*TABLES, CELLS) if (self.path / other).exists()]:
            raise InvalidValueError(
                f"The folder {name} already holds {', '.join(present)}; choose another one."
            )
        # first of all: a folder of cells without it could be neither gone on with nor begun anew
        with atomic_path(self.path / PLAN) as temporary:
            text = json.dumps({"ganviz": __version__, **plan.to_plain()}, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")
        return plan

    def give_up(self) -> None:
        """Let others write here."""
        self._output.give_up()

    def cell_path(self, index: int) -> Path:
        """Return where a cell's files are once it is complete."""
        return cell_path(self.path, index)

    def results(self) -> dict[int, CellResult]:
        """Return the cells that are complete, without their files; one that is damaged goes."""
        found = {}
        for index in range(len(self.plan.cells)):
            if not (path := self.cell_path(index)).exists():
                continue
            result = read_cell(path, self.plan)
            if result is None:
                shutil.rmtree(path, ignore_errors=True)
            else:
                found[index] = result
        return found

    def keep(self, index: int, packet: bytes, *, is_foreign: bool) -> CellResult:
        """Write what a worker has sent of a cell, and return it without its files.

        ``is_foreign`` reads its files as those of strangers before they take their place. What is no result of this
        cell becomes one that failed.

        Raises
        ------
        FileError
            When it cannot be written.
        """
        try:
            result = read_packet(packet, self.plan.seeds)
            if not result.error:
                self._write(index, result, is_foreign=is_foreign)
        except InvalidValueError as error:
            return CellResult(error=str(error))
        except OSError as error:
            raise FileError(f"{str(self.path)!r} cannot be written to: {reason_of(error)}.") from error
        return CellResult(result.rows, (), result.seconds, result.error)

    def _write(self, index: int, result: CellResult, *, is_foreign: bool) -> None:
        with tempfile.TemporaryDirectory(
            prefix=STAGED, dir=self.path, ignore_cleanup_errors=True
        ) as temporary:
            staged = Path(temporary) / "cell"
            staged.mkdir()
            for name, content in result.files:
                with atomic_path(staged / name) as path:
                    path.write_bytes(content)
            if is_foreign:
                check_files(staged, result.rows)
            with atomic_path(staged / CELL) as path:
                path.write_text(
                    json.dumps(self._cell_plain(index, result), indent=1) + "\n", encoding="utf-8"
                )
            target = self.cell_path(index)
            target.parent.mkdir(exist_ok=True)
            staged.rename(target)

    def _cell_plain(self, index: int, result: CellResult) -> dict[str, Any]:
        return {
            "ganviz": __version__,
            "cell": self.plan.title(index),
            "seconds": result.seconds,
            "rows": [
                {
                    "seed": row.seed,
                    "diverged_at": row.diverged_at,
                    "digest": row.digest,
                    "figures": row.figures,
                }
                for row in result.rows
            ],
            "config": self.plan.cells[index].config.to_plain(),
        }


def cell_path(folder: Path, index: int) -> Path:
    """Return the folder of a cell; they are numbered from 1."""
    return folder / CELLS / f"{index + 1:04}"


def read_plan(folder: Path) -> SweepPlan:
    """Return the plan in a sweep's folder; raise InvalidValueError where there is none that can be read."""
    path = folder / PLAN
    try:
        return plan_from_plain(json.loads(_text(path, MOST_PLAN_BYTES)))
    except OSError as error:
        raise InvalidValueError(f"{str(path)!r} cannot be read: {reason_of(error)}.") from error
    except InvalidValueError as error:
        raise InvalidValueError(f"{str(path)!r} cannot be used: {str(error).rstrip('.')}.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{str(path)!r} cannot be used: {error}.") from error


def read_cell(path: Path, plan: SweepPlan) -> CellResult | None:
    """Return a complete cell; None where its folder is damaged."""
    with contextlib.suppress(OSError, *UNFIT):
        plain = json.loads(_text(path / CELL, MOST_CELL_BYTES))
        return CellResult(read_rows(plain["rows"], plan.seeds), (), read_seconds(plain["seconds"]))
    return None


def _text(path: Path, most: int) -> bytes:
    with open_file(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError("it is larger than any file of a sweep")
    return content


def _difference(plan: SweepPlan, kept: SweepPlan) -> str:
    """Say in what two plans differ."""
    if plan.axes != kept.axes:
        return "it varies " + " and ".join(f"{axis.path}={','.join(axis.values)}" for axis in kept.axes)
    if plan.seeds != kept.seeds:
        return f"it has {kept.n_seeds} seeds from {kept.seeds[0]} on"
    if plan.steps != kept.steps:
        return f"it has {kept.steps} steps, not {plan.steps}"
    return "what its cells share is set otherwise"
