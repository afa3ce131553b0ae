"""All files of a folder change at once, or so that a kill leaves files of one moment only, and nothing is lost.

New files are staged beside the old ones. Once they are complete, the old ones are moved out of the way, the first new
file, a run's checkpoint, takes the place of the old one in one step, and the others follow. Whoever comes next finds
what was complete and puts the rest in place.
"""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from ganviz.training.atomic import obstacle

STAGED = ".ganviz-"
_COMPLETE = "complete.json"
_OLD = "old"


def check_places(folder: Path, names: Sequence[str]) -> None:
    """Raise OSError where a folder, a pipe or a device stands in the place of one of the files."""
    for name in names:
        if reason := obstacle(folder / name):
            raise OSError(errno.EINVAL, f"{name!r} is there, and {reason}", str(folder / name))


def put_in_place(folder: Path, staged: Path, names: Sequence[str]) -> None:
    """Move the files ``names`` from ``staged``, a folder below ``folder``, to their places.

    Raises
    ------
    OSError
        When that cannot be done; the old files are where they were.
    """
    check_places(folder, names)
    (staged / _OLD).mkdir()
    draft = staged / f"{_COMPLETE}.draft"
    draft.write_text(json.dumps(list(names)), encoding="utf-8")
    draft.replace(staged / _COMPLETE)
    try:
        _go_on(folder, staged, names)
    except BaseException:
        (staged / _COMPLETE).unlink()
        _go_back(folder, staged, names)
        raise


def _go_on(folder: Path, staged: Path, names: Sequence[str]) -> None:
    first, *others = names
    if (staged / first).exists():  # else the old files have gone already, and what is there are new ones
        for name in others:
            if (folder / name).exists():
                (folder / name).replace(staged / _OLD / name)
        _set_aside(folder / first, staged / _OLD / first)
        (staged / first).replace(folder / first)
    for name in others:
        if (staged / name).exists():
            (staged / name).replace(folder / name)


def _set_aside(path: Path, target: Path) -> None:
    """Give a file a second name, without taking the first where the file system allows that."""
    if not path.exists() or target.exists():
        return
    try:
        target.hardlink_to(path)
    except OSError:
        path.replace(target)


def _go_back(folder: Path, staged: Path, names: Sequence[str]) -> None:
    """Put the old files back; new ones that had no forerunner go."""
    for name in names:
        with contextlib.suppress(OSError):
            if (staged / _OLD / name).exists():
                (staged / _OLD / name).replace(folder / name)
            elif not (staged / name).exists():
                (folder / name).unlink()


def tidy_up(folder: Path) -> None:
    """Finish what another process had begun, and remove what it has left; nobody else may be writing there."""
    for staged in sorted(folder.glob(f"{STAGED}*")):
        if not staged.is_dir() or staged.is_symlink():
            continue
        with contextlib.suppress(OSError, ValueError, TypeError):
            names = json.loads((staged / _COMPLETE).read_text(encoding="utf-8"))
            if all(Path(name).name == name for name in names):
                _go_on(folder, staged, names)
        shutil.rmtree(staged, ignore_errors=True)
