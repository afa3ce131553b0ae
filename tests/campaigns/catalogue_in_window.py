"""Every game of ``catalogue.py`` under every rule in the real window, chosen there by hand, 300 steps each.

Run by hand: ``xvfb-run -a python tests/campaigns/catalogue_in_window.py --steps 300``; ``--rules consensus`` for some
alone, ``--kept`` to choose each game at once, as those that somebody has kept, and ``--start`` and ``--minutes`` for
pieces. ``--lanes 8`` plays as many games beside each other: a lane is alone what it is beside others
(tests/training/test_independence.py), and the window has that many more to show at once.
A game is put in force while the one before it trains, by the menu of losses and the switches of penalties, constraint
and inputs; after a few steps the run is started again with it, and has to come to its end or to say that it diverged.
With ``--switch`` all lanes are then switched into every formulation by name, each of which is undone before the next.
It ends with status 1 where there was an exception, a warning of Qt, a formulation that is not the one chosen, or an
engine that stands still.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

NOISE = ("propagateSizeHints", "This plugin does not support")
"""What Qt says of a screen without a window manager."""
PATIENCE_S = 300.0
"""On a machine that others use."""
LIVE_STEPS = 2
"""Steps of a game in the run of the one before it."""


def wait(ms: int) -> None:
    """Let Qt work."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


class Campaign:
    """The window, and what was wrong in it."""

    def __init__(self, *, by_form: bool, n_lanes: int) -> None:
        from PySide6.QtCore import qInstallMessageHandler
        from PySide6.QtWidgets import QApplication

        from ganviz.app import Session
        from ganviz.losses.presets import FORMULATIONS

        self.by_form, self.lane = by_form, 0
        self.app = QApplication.instance() or QApplication(["ganviz"])
        self.wrong, self.diverged, self.now = list[str](), list[str](), "the start"
        sys.excepthook = lambda *error: self.fail("".join(traceback.format_exception(*error)))
        qInstallMessageHandler(self._told)
        self.session = Session()
        self.window = self.session.window
        self.window._memory.set_flag("restarts_unasked")
        self.session.bridge.event_arrived.connect(self._heard)
        self.window.show()
        self.panel = self.window.findChild(self._class("controls.settings_panel", "SettingsPanel"))
        self.see("a first step", lambda: self.step() > 0)
        for n in range(2, n_lanes + 1):
            self.window.strip.lane_wished.emit(0, next(iter(FORMULATIONS.values())))
            self.see(f"{n} lanes", lambda n=n: len(self.window.last_snapshot.config.lanes) == n)
        self.window.run_bar.toggle_full_speed()

    @staticmethod
    def _class(module: str, name: str) -> Any:
        import importlib

        return getattr(importlib.import_module(f"ganviz.views.{module}"), name)

    def _told(self, kind: Any, context: Any, text: str) -> None:
        if not any(noise in text for noise in NOISE):
            self.fail(f"Qt says: {text}")

    def _heard(self, event: Any) -> None:
        if type(event).__name__ in ("Failed", "Refused"):
            self.fail(str(event))

    def fail(self, text: str) -> None:
        """Keep and tell what was wrong."""
        self.wrong.append(f"{self.now}: {text}")
        sys.stdout.write(self.wrong[-1] + "\n")
        sys.stdout.flush()

    def see(self, what: str, condition: Callable[[], object]) -> bool:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                self.fail(f"not seen: {what}; the banner says {self.window.banner.text!r}")
                return False
            wait(3)
        return True

    # what the window shows

    def step(self) -> int:
        """Return the step that is shown."""
        last = self.window.last_snapshot
        return last.stamp.step if last else 0

    def run(self) -> int:
        """Return the number of the run that is shown."""
        return int(self.window.last_snapshot.stamp.run)

    def formulation(self) -> Any:
        """Return the formulation that is shown of the lane that is meant."""
        return self.window.last_snapshot.config.lanes[self.lane].formulation

    def formulations(self) -> list[Any]:
        """Return the formulations that are shown, of all lanes."""
        return [lane.formulation for lane in self.window.last_snapshot.config.lanes]

    def have_diverged(self) -> bool:
        """Return whether all lanes are said to have diverged."""
        return all(lane.diverged_at is not None for lane in self.window.last_snapshot.lanes)

    # what a hand does

    def choose_rule(self, key: str, inner_steps: int) -> None:
        """Choose a rule in the form of the training, and how far unrolling looks ahead."""
        form = self.panel._forms["training"]._parts["rule"]
        self._choose(form, key)
        self.see("the rule", lambda: self._rule().key == key)
        if key == "unrolled":
            form._form._fields["inner_steps"].edited.emit(inner_steps)
            self.see("K", lambda: self._rule().inner_steps == inner_steps)

    def _rule(self) -> Any:
        return self.window.last_snapshot.config.training.rule

    def _choose(self, form: Any, key: str) -> None:
        """Choose an entry of a menu, as a hand does."""
        if form._box.currentData() != key:
            form._box.setCurrentIndex(form._box.findData(key))
            form._box.activated.emit(form._box.currentIndex())

    def choose(self, game: Any) -> None:
        """Put a game in force: as one that was kept, or part by part in the form."""
        if self.by_form:
            self._choose_in_form(game)
            return
        from ganviz.losses.presets import NamedFormulation

        self.window.strip._choose(NamedFormulation("", game.title, game))
        self.see(f"{game.title} in force", lambda: self.formulation() == game)

    def _choose_in_form(self, game: Any) -> None:
        """Put a game in force: what it lacks goes first, then comes its loss with its numbers, then what it adds."""
        form = self.panel._formulation._form
        self._switch(form, (), ())
        self._constrain(form, "none")
        named = self._named(game.loss)
        self.window.strip._choose(named)
        self.see(f"{named.title} in force", lambda: self._shown("loss") == named.formulation.loss)
        self._set_numbers(form, game.loss)
        self._constrain(form, game.constraint.key)
        self._switch(form, game.penalties, game.inputs)
        self.see(f"{game.title} in force", lambda: self.formulation() == game)

    def _shown(self, name: str) -> Any:
        """Return a part of the formulation that settings and snapshot show, None while they differ."""
        shown = getattr(self.formulation(), name)
        return shown if getattr(self.window.config.lanes[self.lane].formulation, name) == shown else None

    def _constrain(self, form: Any, key: str) -> None:
        self._choose(form._parts["constraint"], key)
        self.see(f"constraint {key}", lambda: getattr(self._shown("constraint"), "key", "") == key)

    def _named(self, loss: Any) -> Any:
        """Return the formulation of the gallery that has this loss, or its kind, and nothing else."""
        from ganviz.losses.formulation import Formulation
        from ganviz.losses.presets import FORMULATIONS, NamedFormulation

        plain = [one for one in FORMULATIONS.values() if one.formulation == Formulation(loss)]
        return plain[0] if plain else NamedFormulation("", loss.title, Formulation(type(loss)()))

    def _set_numbers(self, form: Any, loss: Any) -> None:
        """Enter what is another number than usual, as f-GANs' other generator."""
        fields = form._parts["loss"]._form._fields
        for field in dataclasses.fields(loss):
            value = getattr(loss, field.name)
            if getattr(self.formulation().loss, field.name) != value:
                fields[field.name].edited.emit(value)
        self.see(f"{loss.called} with its numbers", lambda: self._shown("loss") == loss)

    def _switch(self, form: Any, penalties: Any, inputs: Any) -> None:
        """Click the switches that are to be turned."""
        for name, wanted in (("penalties", penalties), ("inputs", inputs)):
            keys = {one.key for one in wanted}
            for key, (switch, _) in form._parts[name]._rows.items():
                is_on = key in keys
                if switch.isChecked() != is_on:
                    switch.click()
                    what = f"{key} {'on' if is_on else 'off'}"
                    self.see(what, lambda name=name, key=key, is_on=is_on: self._has(name, key) is is_on)

    def _has(self, name: str, key: str) -> bool | None:
        shown = self._shown(name)
        return None if shown is None else key in [one.key for one in shown]

    def mean(self, lane: int) -> None:
        """Mean a lane, -1 for all, with what is chosen next."""
        self.lane = max(lane, 0)
        self.window.strip.target.choose(lane if len(self.formulations()) > 1 else -1)

    def play(self, games: Sequence[Any], steps: int) -> None:
        """Choose a game for each lane, see it go on from the one before, and train all from the start."""
        for lane, game in enumerate(games):
            self.now = game.title
            self.mean(lane)
            self.choose(game)
        self.now = "; ".join(game.title for game in games)
        before = self.step()
        self.see("steps after the switch", lambda: self.step() >= before + LIVE_STEPS or self.have_diverged())
        run = self.run()
        self.window.files.worth.keep(None)  # after a minute it would be asked about, and nobody answers here
        self.window.actions_["same_weights"].trigger()
        self.see("a new run", lambda: self.run() != run)
        self.see("its steps", lambda: self.step() >= steps or self.have_diverged())
        if self.formulations() != [*games]:
            self.fail(f"trained were {[one.title for one in self.formulations()]}")
        for status, game in zip(self.window.last_snapshot.lanes, games, strict=True):
            if status.diverged_at is not None:
                self.diverged.append(f"{game.title} in step {status.diverged_at}")

    def switch(self, games: Sequence[Any]) -> None:
        """Switch all lanes into every formulation by name and, by undoing that, back to their games."""
        from ganviz.losses.presets import FORMULATIONS

        self.mean(-1)
        for named in FORMULATIONS.values():
            self.window.strip._choose(named)
            self._see_trained(f"{named.title} everywhere", [named.formulation] * len(games))
            self.window.actions_["undo"].trigger()
            self._see_trained(f"{named.title} undone", games)

    def _see_trained(self, what: str, wanted: Sequence[Any]) -> None:
        self.see(what, lambda: self.formulations() == [*wanted])
        before = self.step()
        self.see(f"a step of {what}", lambda: self.step() > before or self.have_diverged())


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rules", nargs="*")
    parser.add_argument("--every", type=int, default=1, help="n: play each n-th game")
    parser.add_argument("--start", type=int, default=0, help="the first game's place in the list")
    parser.add_argument("--lanes", type=int, default=1, help="games beside each other")
    parser.add_argument("--minutes", type=float, default=1e6, help="start no further games after these")
    parser.add_argument("--inner-steps", type=int, default=5, help="K of unrolling")
    parser.add_argument("--switch", action="store_true", help="then switch each into all others")
    parser.add_argument(
        "--kept", action="store_true", help="choose games whole, as the gallery's are, not in the form"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = str(Path(folder) / "home")
        from catalogue import games

        from ganviz.training.rules import RULES

        campaign = Campaign(by_form=not options.kept, n_lanes=options.lanes)
        played, end = games()[options.start :: options.every], time.monotonic() + 60 * options.minutes
        for rule in options.rules or RULES:
            start, n, at = time.monotonic(), len(campaign.diverged), 0
            campaign.choose_rule(rule, options.inner_steps)
            while at < len(played) and time.monotonic() < end:
                beside = played[at : at + options.lanes]
                beside = [*played[: options.lanes - len(beside)], *beside]  # as many as there are lanes
                campaign.play(beside, options.steps)
                if options.switch:
                    campaign.switch(beside)
                at = min(at + options.lanes, len(played))
                sys.stdout.write(f"{rule}: {at} games in {time.monotonic() - start:.0f} s\n")
                sys.stdout.flush()
            told = "; ".join(campaign.diverged[n:]) or "none"
            left = f"; go on with --start {options.start + at * options.every}" if at < len(played) else ""
            sys.stdout.write(
                f"{rule}: {at} games from {options.start} in {time.monotonic() - start:.0f} s; diverged: {told}{left}\n"
            )
            sys.stdout.flush()
        campaign.window.close_unasked()
        wait(200)
        campaign.session.leave()
    sys.stdout.write(f"{len(campaign.wrong)} wrong\n")
    return 1 if campaign.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
