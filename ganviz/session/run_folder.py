"""A folder that holds one run: checkpoint, history, samples, configuration, metrics."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganviz.catalog import InvalidValueError
from ganviz.session.exporting import write_config, write_history, write_samples
from ganviz.training.atomic import FileError, atomic_path

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

FILES = ("checkpoint.ganviz", "history.csv", "samples.npz", "config.json", "metrics.json")


class RunFolder:
    """A folder to write a run to; made when it is not there, and tried out before training begins.

    Raises
    ------
    InvalidValueError
        When the folder holds a run already and ``is_forced`` is not given.
    FileError
        When nothing can be written there.
    """

    def __init__(self, path: Path, *, is_forced: bool = False) -> None:
        self.path = path
        present = [name for name in FILES if (path / name).exists()]
        if present and not is_forced:
            raise InvalidValueError(
                f"The folder {str(path)!r} holds a run already ({', '.join(present)}); "
                "choose another one, or give --force to overwrite it."
            )
        try:
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise FileError(f"{str(path)!r} cannot be written to: {error.strerror or error}.") from error

    @property
    def files(self) -> list[Path]:
        """Return the paths of everything that :meth:`write` writes."""
        return [self.path / name for name in FILES]

    def write_checkpoint(self, trainer: Trainer) -> Path:
        """Write the checkpoint alone and return its path."""
        from ganviz.training.checkpoint import save_checkpoint

        path = self.path / "checkpoint.ganviz"
        save_checkpoint(path, trainer)
        return path

    def write(self, trainer: Trainer, summary: dict[str, Any]) -> None:
        """Write everything; the checkpoint first."""
        self.write_checkpoint(trainer)
        write_history(self.path / "history.csv", trainer)
        write_samples(self.path / "samples.npz", trainer)
        write_config(self.path / "config.json", trainer.config)
        with atomic_path(self.path / "metrics.json") as temporary:
            temporary.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
