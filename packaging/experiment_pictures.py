"""Makes the small pictures of the list of experiments: plays each, and keeps what it shows as numbers.

    python packaging/experiment_pictures.py [KEY ...]

Without keys, it plays those whose set-up has changed since their picture was made, or that have none.
"""

from __future__ import annotations

import sys

import torch

from ganviz.resources import resource
from ganviz.session.experiment_pictures import kept_picture, set_up_of
from ganviz.session.experiments import experiment, experiments
from ganviz.session.picturing import made_picture, written


def main() -> None:
    """Play and keep."""
    torch.set_num_threads(1)  # so that seconds of the processor are those of a clock
    folder = resource("experiments").parent / "pictures"
    folder.mkdir(exist_ok=True)
    chosen = [experiment(key) for key in sys.argv[1:]] or [
        one
        for one in experiments()
        if (kept := kept_picture(one.key)) is None or kept.of != set_up_of(one.key)
    ]
    for one in sorted(chosen, key=lambda one: one.steps):
        path = folder / f"{one.key}.json"
        path.write_text(written(made_picture(one)), encoding="utf-8")
        sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
