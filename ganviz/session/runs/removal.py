"""What goes when a saved run is deleted: its file with the words on it, or its folder where that holds nothing else."""

from __future__ import annotations

from pathlib import Path

from ganviz.session.run_folder import FILES
from ganviz.session.runs.about import about_path
from ganviz.session.saved_run import CHECKPOINT

_OF_A_RUN = frozenset({*FILES, "cell.json", about_path(Path(CHECKPOINT)).name})


def what_goes(folder: Path, place: str) -> tuple[Path, ...]:
    """Return the paths that are a run's alone; a folder with anything of somebody else's in it stays."""
    run = folder / place
    if run.name == CHECKPOINT and run.parent != folder:
        try:
            if {path.name for path in run.parent.iterdir()} <= _OF_A_RUN:
                return (run.parent,)
        except OSError:
            pass
    return tuple(path for path in (run, about_path(run)) if path.exists())
