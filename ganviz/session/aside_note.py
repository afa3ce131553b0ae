"""What a run that was put aside is, in words that can be read without the run itself."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from ganviz.resources import open_file
from ganviz.spec.frozen import dataclass
from ganviz.training.atomic import atomic_path
from ganviz.training.config import RunConfig

LONGEST_TITLE = 120
MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class AsideNote:
    """Step and title of a run in a file, kept in a file of its own beside it."""

    step: int = 0
    title: str = ""

    def write(self, run: Path) -> None:
        """Write the note beside ``run``; raise FileError where that fails, and keep the one that there is."""
        with atomic_path(note_path(run)) as temporary:
            temporary.write_text(json.dumps({"step": self.step, "title": self.title}), encoding="utf-8")


def note_path(run: Path) -> Path:
    """Return where the note of a run is."""
    return run.with_suffix(".json")


def note_of(config: RunConfig, step: int) -> AsideNote:
    """Return the note of a run."""
    lanes = ", ".join(config.lane_title(lane) for lane in range(len(config.lanes)))
    return AsideNote(step, f"{config.distribution.title}, {lanes}"[:LONGEST_TITLE])


def read_note(run: Path) -> AsideNote:
    """Return the note beside ``run``; an empty one where there is none that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
        with open_file(note_path(run)) as file:
            plain = json.loads(file.read(MOST_BYTES))
        step, title = plain["step"], plain["title"]
        if type(step) is int and 0 <= step < 10**15 and isinstance(title, str):
            return AsideNote(step, title[:LONGEST_TITLE])
    return AsideNote()
