"""What the actions of the Run menu do."""

from __future__ import annotations

from collections.abc import Callable

from ganviz.session.commands import Command, HalfStep, Restart, Step
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.controls.timeline import Timeline


def run_commands(
    send: Callable[[Command], object],
    bar: RunBar,
    timeline: Timeline,
    unless_kept: Callable[[Callable[[], object]], object],
) -> dict[str, Callable[..., object]]:
    """Return what runs, steps, restarts and looks back, by the keys of the actions.

    ``unless_kept`` does what ends a run once the person has been asked about one that is worth something.
    """
    return {
        "toggle": bar.toggle,
        "step": lambda: send(Step()),
        "step_d": lambda: send(Step(HalfStep.DISCRIMINATOR)),
        "step_g": lambda: send(Step(HalfStep.GENERATOR)),
        "same_weights": lambda: unless_kept(lambda: send(Restart())),
        "new_weights": lambda: unless_kept(lambda: send(Restart(new_weights=True))),
        "slower": lambda: bar.change_speed(-1),
        "faster": lambda: bar.change_speed(1),
        "full_speed": bar.toggle_full_speed,
        "look_back": lambda: timeline.track.go(-1),
        "look_forward": lambda: timeline.track.go(1),
        "look_at_now": lambda: timeline.track.look_at(None),
        "continue": timeline.continue_here,
    }
