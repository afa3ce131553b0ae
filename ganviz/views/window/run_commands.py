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

    What lets the run go on looks at it: who looked back would see nothing move.
    ``unless_kept`` does what ends a run once the person has been asked about one that is worth something.
    """

    def go_on(action: Callable[[], object]) -> None:
        timeline.track.look_at(None)
        action()

    return {
        "toggle": lambda: bar.toggle() if bar.is_running else go_on(bar.toggle),
        "step": lambda: go_on(lambda: send(Step())),
        "step_d": lambda: go_on(lambda: send(Step(HalfStep.DISCRIMINATOR))),
        "step_g": lambda: go_on(lambda: send(Step(HalfStep.GENERATOR))),
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
