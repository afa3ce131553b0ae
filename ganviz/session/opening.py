"""How a run is opened, as a value that can be handed to another process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig

if TYPE_CHECKING:
    from ganviz.session.runner import Runner
    from ganviz.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first run is made of; calling it makes the runner, which loads torch.

    ``path`` is a file that the run goes on from whose process has died: where it was put aside, or where it had been
    read from at its step ``at_step``; ``run`` is its number, and ``note`` a sentence that it opens with.
    """

    config: RunConfig
    pace: float | None
    is_running: bool
    path: Path | None = None
    at_step: int | None = None
    run: int = 0
    note: str = ""

    def __call__(self) -> Runner:
        """Return the runner."""
        from ganviz.session.runner import Runner

        return Runner(
            trainer=self._trainer(),
            is_running=self.is_running,
            pace=self.pace,
            run=self.run,
            prepares_beside=True,
        )

    def _trainer(self) -> Trainer:
        from ganviz.session.data_change import startable
        from ganviz.spec import InvalidValueError
        from ganviz.training.checkpoint import load_checkpoint
        from ganviz.training.trainer import Trainer

        notes: tuple[str, ...] = (self.note,) if self.note else ()
        trainer = None
        if self.path is not None:
            try:
                trainer = load_checkpoint(self.path)
                if self.at_step in trainer.keyframes.steps and self.at_step != trainer.step:
                    trainer.rewind(self.at_step)
            except (InvalidValueError, OSError, ValueError) as error:
                notes += (f"The state that was put aside cannot be read, the run starts again: {error}",)
        if trainer is None:
            config, missing = startable(self.config)
            trainer, notes = Trainer(config), (*notes, *([missing] if missing else []))
        trainer.notes += notes
        return trainer
