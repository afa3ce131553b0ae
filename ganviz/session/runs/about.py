"""What a person says of a saved run, and what it was forked from: a small file beside the run's, ``NAME.about.json``.

These words are in no index alone: the folder is the truth, and an index can be thrown away.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from ganviz.resources import open_file
from ganviz.session.saved_run import run_name
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import reason_of
from ganviz.training.atomic import FileError, atomic_path

ENDING = ".about.json"
MOST_BYTES = 1 << 18
MOST_TAGS = 50
LONGEST_TAG, LONGEST_NOTES, LONGEST_PATH = 80, 20_000, 4096


@dataclass(frozen=True, slots=True)
class About:
    """Tags and notes of a run, and its parent.

    Attributes
    ----------
    tags : tuple of str
        Each once, in the order in which they were given.
    notes : str
    parent : str
        The file of the run that it was forked from, seen from its own folder where both are on one disk; else empty.
    parent_step : int
        The step of the keyframe that it goes on from.
    """

    tags: tuple[str, ...] = ()
    notes: str = ""
    parent: str = ""
    parent_step: int = 0

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "tags": list(self.tags), "notes": self.notes, "parent": self.parent, "parent_step": self.parent_step,
        }  # fmt: skip

    @property
    def parent_words(self) -> str:
        """Return what it was forked from, or nothing."""
        return f"{run_name(self.parent)} at step {self.parent_step:,}" if self.parent else ""


def about_from_plain(plain: Any) -> About:
    """Return what plain data say; what is of the wrong kind or too long is left out."""
    plain = plain if isinstance(plain, dict) else {}
    tags, step = plain.get("tags"), plain.get("parent_step")
    return About(
        tags_of(", ".join(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ""),
        _text(plain.get("notes"), LONGEST_NOTES),
        _text(plain.get("parent"), LONGEST_PATH),
        step if type(step) is int and 0 <= step < 10**15 else 0,
    )


def _text(value: Any, longest: int) -> str:
    return value[:longest] if isinstance(value, str) else ""


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags in a text with commas, each once."""
    found = (" ".join(tag.split())[:LONGEST_TAG] for tag in text.split(","))
    return tuple(dict.fromkeys(tag for tag in found if tag))[:MOST_TAGS]


def about_path(run: Path) -> Path:
    """Return where the words on a run are."""
    return run.with_name(run.name + ENDING)


def read_about(run: Path) -> About:
    """Return the words on a run; none where there is no file that can be read."""
    with contextlib.suppress(OSError, ValueError, RecursionError), open_file(about_path(run)) as file:
        return about_from_plain(json.loads(file.read(MOST_BYTES)))
    return About()


def write_about(run: Path, about: About) -> None:
    """Write the words on a run; no file is left where there are none.

    Raises
    ------
    FileError
        When they cannot be written; what was there stays.
    """
    path = about_path(run)
    if about == About():
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FileError(f"{str(path)!r} cannot be removed: {reason_of(error)}.") from error
        return
    text = json.dumps(about_from_plain(about.to_plain()).to_plain(), indent=1)
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def parent_of(run: Path, parent: Path) -> str:
    """Return how a run's words name the file of its parent."""
    try:
        return Path(os.path.relpath(parent, run.parent)).as_posix()
    except ValueError:  # on another disk of Windows
        return str(parent)
