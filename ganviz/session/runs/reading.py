"""What a list keeps of a saved run, read from its file with the care of any opening: nothing in it is executed."""

from __future__ import annotations

import json
from pathlib import Path

from ganviz.session.exporting import formulation_name
from ganviz.session.runs.about import About
from ganviz.session.runs.curves import curves_of, packed
from ganviz.session.runs.entry import Entry, LaneEnd
from ganviz.session.runs.finding import Found
from ganviz.session.runs.picture import picture_of
from ganviz.session.summary import run_summary
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.memory_need import OutOfMemoryError, memory_in_words
from ganviz.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class ReadRun:
    """An entry with its picture, a PNG, and its curves, an NPZ file; empty where the run cannot be read.

    ``is_final`` says whether it is so until the file changes.
    """

    entry: Entry
    picture: bytes = b""
    curves: bytes = b""
    is_final: bool = True


def read_run(folder: Path, found: Found, about: About) -> ReadRun:
    """Return what a list keeps of a run; of one that cannot be opened, why."""
    try:
        with memory_in_words():
            trainer = load_checkpoint(folder / found.place)
            entry = _entry(trainer, found, about)
            curves = packed(curves_of(trainer.history, trainer.config.training.seeds))
            return ReadRun(entry, picture_of(trainer), curves)
    except InvalidValueError as error:
        entry = Entry(found.place, found.saved, error=str(error), about=about)
        return ReadRun(entry, is_final=not _is_of_machine(error))


def _is_of_machine(error: BaseException | None) -> bool:
    """Return whether a file could not be read for want of memory, rights or a disk: it may be read another time."""
    return error is not None and (
        isinstance(error, OSError | OutOfMemoryError) or _is_of_machine(error.__cause__)
    )


def _entry(trainer: Trainer, found: Found, about: About) -> Entry:
    config = trainer.config
    lanes = run_summary(trainer, 0.0, 0, [])["lanes"]
    return Entry(
        found.place, found.saved, trainer.step, trainer.keyframes.steps, config.distribution.key,
        tuple(
            LaneEnd(
                config.lane_title(i), formulation_name(config, i), lane["state"],
                {**lane["losses"], **lane["scores"], **lane["metrics"]},
            )
            for i, lane in enumerate(lanes)
        ),
        json.dumps(config.to_plain()), about=about,
    )  # fmt: skip
