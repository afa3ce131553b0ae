"""The script of a run that has been trained: as many steps, and a note of what was changed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ganviz.session.exporting import check_ending
from ganviz.session.scripting.run import run_script
from ganviz.training.atomic import atomic_path
from ganviz.training.history import ChangeMark

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

USUAL_STEPS = 1000
"""What a script of a run that has not begun makes."""


def script_of(trainer: Trainer, lane: int = 0) -> str:
    """Return one lane of a run as a script; raise InvalidValueError as :func:`run_script` does."""
    trainer.flush()
    notes = change_notes(trainer.history.marks, lane)
    return run_script(trainer.config, lane, trainer.step or USUAL_STEPS, notes)


def change_notes(marks: Sequence[ChangeMark], lane: int) -> tuple[str, ...]:
    """Return the sentence that warns of a lane's changes, or none."""
    changes = [f"{mark.label} after step {mark.step}" for mark in marks if mark.lane in (None, lane)]
    if not changes:
        return ()
    return (
        f"The run was changed on the way ({'; '.join(changes)}); this plays the last settings from the start.",
    )


def write_script(path: Path, trainer: Trainer, lane: int = 0) -> None:
    """Write one lane of a run as a Python file."""
    check_ending(path, (".py",))
    text = script_of(trainer, lane)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
