"""Folders to write to: tried out before, filled at once, and never overwritten unasked."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganviz.session.exporting import write_config, write_history, write_samples
from ganviz.session.folder_swap import STAGED, check_places, put_in_place, tidy_up
from ganviz.session.saved_run import CHECKPOINT
from ganviz.spec import InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.training.atomic import FileError, TakenError, atomic_path
from ganviz.training.claims import FolderClaim, claim_folder

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

TRIAL_BYTES = 1 << 16
FILES = (CHECKPOINT, "history.csv", "samples.npz", "config.json", "metrics.json")


class OutputFolder:
    """A folder to write named files to, all of them or none; made when it is not there, and tried out at once.

    Parameters
    ----------
    path : Path
    names : sequence of str
        The files that will be written.
    is_forced : bool
        Whether files of these names may be overwritten.

    Raises
    ------
    InvalidValueError
        When the folder holds one of the files already and ``is_forced`` is not given, or another run writes to it.
    FileError
        When nothing can be written there.
    """

    def __init__(self, path: Path, names: Iterable[str], *, is_forced: bool = False) -> None:
        self.path, self.names = path, tuple(names)
        self._claim: FolderClaim | None = None
        try:
            if path.is_dir():
                self._claim_it()
            self._check_present(is_forced=is_forced)
            check_places(path, self.names)
            path.mkdir(parents=True, exist_ok=True)
            if self._claim is None:
                self._claim_it()
            with tempfile.TemporaryFile(dir=path) as file:
                file.write(bytes(TRIAL_BYTES))
        except InvalidValueError:
            self.give_up()
            raise
        except OSError as error:
            self.give_up()
            reason = "it is not a folder" if isinstance(error, FileExistsError) else reason_of(error)
            raise FileError(f"{str(path)!r} cannot be written to: {reason}.") from error

    def _claim_it(self) -> None:
        """Keep others from writing here, and put in order what was left by one that was killed."""
        self._claim = claim_folder(self.path)
        if self._claim is None:
            raise InvalidValueError(
                f"Another run is writing to the folder {str(self.path)!r}; choose another one."
            )
        tidy_up(self.path)

    def _check_present(self, *, is_forced: bool) -> None:
        present = [name for name in self.names if (self.path / name).exists()]
        if present and not is_forced:
            raise InvalidValueError(
                f"The folder {str(self.path)!r} already holds {', '.join(present)}; "
                "choose another one, or give --force to overwrite."
            )

    def give_up(self) -> None:
        """Let others write here."""
        if self._claim is not None:
            self._claim.give_up()
            self._claim = None

    @property
    def files(self) -> list[Path]:
        """Return the paths of everything that will be written."""
        return [self.path / name for name in self.names]

    def write(self, write: Callable[[Path], None]) -> None:
        """Let ``write`` put the files into a folder that it is given; then all take their places.

        Raises
        ------
        FileError
            When they cannot be written; what was there stays as it was.
        """
        try:
            with tempfile.TemporaryDirectory(prefix=STAGED, dir=self.path) as staged:
                write(Path(staged))
                put_in_place(self.path, Path(staged), self.names)
        except OSError as error:
            raise FileError(f"{str(self.path)!r} cannot be written to: {reason_of(error)}.") from error


def run_folder(path: Path, *, is_forced: bool = False) -> OutputFolder:
    """Return the folder for everything of one run."""
    return OutputFolder(path, FILES, is_forced=is_forced)


def write_run(folder: OutputFolder, trainer: Trainer, summary: dict[str, Any]) -> None:
    """Write everything of a run to the folder that :func:`run_folder` gave.

    Raises
    ------
    FileError
        When not all of it can be written. The checkpoint is kept whatever happens to the rest, beside the folder's
        files, or else in the working or the temporary folder, and the text names it.
    """
    try:
        folder.write(lambda staged: _write_run(staged, trainer, summary))
    except (OSError, InvalidValueError, UnicodeError) as error:
        kept = rescued(trainer, folder.path)
        if kept is None:
            raise
        raise FileError(f"{str(error).rstrip('.')}; the run itself is kept in {str(kept)!r}.") from error


def rescued(trainer: Trainer, *wished: Path) -> Path | None:
    """Write the run to a new file in the first folder that takes it: these, the working one, the temporary one.

    Returns
    -------
    Path or None
        The file; None where no folder takes it.
    """
    places: list[Callable[[], Path]] = [partial(Path, folder) for folder in wished]
    places += [Path.cwd, _temporary]
    for place in places:
        with contextlib.suppress(OSError):  # the working folder may have been removed
            return save_under_new_name(place(), trainer)
    return None


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def save_under_new_name(folder: Path, trainer: Trainer) -> Path:
    """Write the run to a file of a name that nobody has given; of two runs that keep a step here, each gets its own.

    Raises
    ------
    FileError
        When it cannot be written, or the folder has a hundred files of that step.
    """
    from ganviz.training.checkpoint import save_checkpoint

    for end in ("", *(f"-{i}" for i in range(2, 100))):
        path = folder / f"ganviz-step-{trainer.step}{end}.ganviz"
        if not path.exists():
            with contextlib.suppress(TakenError):
                save_checkpoint(path, trainer, is_new=True)
                return path
    raise FileError(f"{str(folder)!r} holds too many files of step {trainer.step}.")


def _write_run(folder: Path, trainer: Trainer, summary: dict[str, Any]) -> None:
    from ganviz.training.checkpoint import save_checkpoint

    save_checkpoint(folder / CHECKPOINT, trainer)
    write_history(folder / "history.csv", trainer)
    write_samples(folder / "samples.npz", trainer)
    write_config(folder / "config.json", trainer.config)
    with atomic_path(folder / "metrics.json") as temporary:
        temporary.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
