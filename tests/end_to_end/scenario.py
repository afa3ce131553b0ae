"""What a person does in one sitting, with the real window and engine; run as a program of its own.

    python scenario.py FOLDER

Ends with status 0 and the line "done" when everything was seen to happen.
"""

import sys
from pathlib import Path

import numpy as np
from hands import CTRL, NONE, PATIENCE_S, SHIFT, choose, click, in_dialog, named, see, wait, write
from other_sitting import OtherSitting
from plot_sitting import SOME_STEPS, PlotSitting
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QToolButton,
)

from ganviz.app import Session
from ganviz.losses.presets import FORMULATIONS
from ganviz.session.run_presets import run_preset
from ganviz.session.state import RunState
from ganviz.training.snapshot import Stamp
from ganviz.views.window.export_dialog import DATA


class Person:
    """Somebody in front of the window."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session()
        self.window = self.session.window
        self.problems: list[str] = []
        hook = sys.excepthook
        sys.excepthook = lambda *error: (self.problems.append(repr(error[1])), hook(*error))
        self.paused_at = -1
        self.window.presenter.state_arrived.connect(self.state_changed)
        self.window.show()
        self.window.activateWindow()
        self.see("a window with the focus", self.window.isActiveWindow)
        self.see("a first trained frame", lambda: self.step() > 0)
        in_dialog(lambda: self.press(Qt.Key.Key_Comma, CTRL), self.asks_nothing)

    def step(self) -> int:
        last = self.window.last_snapshot
        return last.stamp.step if last else 0

    def state_changed(self, state: RunState, stamp: Stamp) -> None:
        self.paused_at = stamp.step if state is RunState.PAUSED else -1

    def see(self, what: str, condition, patience_s: float = PATIENCE_S) -> None:
        try:
            see(what, condition, patience_s)
        except SystemExit as end:
            raise SystemExit(f"{end}; banner: {self.window.banner.text!r}") from None

    def status(self) -> str:
        labels = self.window.statusBar().findChildren(QLabel)
        return next(one.text() for one in labels if one.accessibleName() == "How the run is doing")

    def press(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    @staticmethod
    def asks_nothing(preferences) -> None:
        box = next(iter(preferences.findChildren(QCheckBox)))
        assert box.isChecked()
        click(box)
        click(named(preferences, QPushButton, "OK"))

    def formulation(self, lane: int = 0):
        return self.window.last_snapshot.config.lanes[lane].formulation

    def switches_formulations(self) -> None:
        named = list(FORMULATIONS.values())[:9]  # those that have a key
        for i in range(20):
            wanted = named[i % len(named)].formulation
            self.press(Qt.Key(Qt.Key.Key_1 + i % len(named)))
            self.see(f"formulation {i % len(named) + 1}", lambda wanted=wanted: self.formulation() == wanted)
        self.press(Qt.Key.Key_2)
        self.see("non-saturating again", lambda: self.formulation() == named[1].formulation)

    def adds_a_lane(self, words: str) -> None:
        n = len(self.window.config.lanes)
        click(named(self.window.strip, QToolButton, "Add lane"))
        self.see("the list of formulations", lambda: QApplication.activePopupWidget() is not None)
        QTest.keyClicks(QApplication.focusWidget(), words)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        self.see("one lane more", lambda: len(self.window.last_snapshot.config.lanes) == n + 1)

    def removes_a_lane(self, lane: int) -> None:
        """Choose it in the menu of the button."""
        config = self.window.config
        button = named(self.window.strip, QToolButton, "Remove lane")
        in_dialog(lambda: click(button), lambda _: choose(config.lane_title(lane)))
        self.see(
            "one lane less", lambda: len(self.window.last_snapshot.config.lanes) == len(config.lanes) - 1
        )

    def adds_and_removes_a_lane(self) -> None:
        self.adds_a_lane("saturating")
        self.removes_a_lane(0)

    def pauses(self) -> None:
        """Press Space; where others are busy, the picture of the last step comes late."""
        self.press(Qt.Key.Key_Space)
        self.see("a pause", lambda: self.status().startswith("Paused"))
        self.see("its last step", lambda: self.step() == self.paused_at)

    def pauses_and_steps(self) -> None:
        self.pauses()
        before = self.step()
        self.press(Qt.Key.Key_Period)
        self.see("one step", lambda: self.step() == before + 1)
        self.press(Qt.Key.Key_Space)
        self.see("training again", lambda: self.step() > before + 5)

    def touches_every_plot(self) -> None:
        self.press(Qt.Key.Key_F)
        self.see("some steps", lambda: self.step() >= SOME_STEPS)
        self.pauses()
        sitting = PlotSitting(self.window)
        sitting.play()
        sitting.follows_the_run(lambda: self.press(Qt.Key.Key_Space))
        self.pauses()
        OtherSitting(self.window).play()
        self.press(Qt.Key.Key_Space)
        self.adds_a_lane("least squares")
        sitting.shows_one_curve_of_one_lane()
        self.removes_a_lane(1)

    def looks_at_single_steps(self) -> None:
        """Type a step that is no keyframe, go on from there step by step, and come back, while the run trains."""

        def types() -> None:
            dialog = QApplication.activeModalWidget()
            field = dialog.findChild(QSpinBox)
            field.selectAll()
            QTest.keyClicks(field, "313")
            QTest.keyClick(dialog, Qt.Key.Key_Return)

        def sees(step: int) -> None:
            self.see(f"step {step}", lambda: self.window.last_snapshot.viewed_step == step)

        assert 313 not in self.window.exact_steps.keyframes
        QTimer.singleShot(500, types)
        QTest.keyClick(self.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        sees(313)
        self.window.activateWindow()  # where no window manager does
        self.see("the window with the focus", self.window.isActiveWindow)
        for key, step in ((Qt.Key.Key_Comma, 312), (Qt.Key.Key_Comma, 311), (Qt.Key.Key_Period, 312)):
            QTest.keyClick(self.window, key, Qt.KeyboardModifier.AltModifier)
            sees(step)
        self.press(Qt.Key.Key_End)
        self.see("now", lambda: self.window.last_snapshot.viewed_step == self.step())

    def looks_at_digits_and_comes_back(self) -> None:
        settings = self.window.settings
        self.press(Qt.Key.Key_F, CTRL)
        QTest.keyClicks(QApplication.focusWidget(), "D steps")
        self.see("its field", lambda: named(settings, QSpinBox, "D steps per G step"))
        write(named(settings, QSpinBox, "D steps per G step"), "2")
        self.see("two D steps", lambda: self.window.config.training.d_steps == 2)
        mine = self.window.config
        write(settings.search, "")
        data = named(settings, QComboBox, "Distribution")
        data.setFocus()
        QTest.keyClicks(data, "MNIST")
        self.see("digits", lambda: self.window.docks.views["digits"].snapshot is not None)
        self.window.setFocus()
        self.press(Qt.Key.Key_Z, CTRL)
        self.see("points again", lambda: self.window.last_snapshot.config.distribution.kind.name == "plane")
        assert self.window.config == mine, "a setting was lost on the way to digits and back"

    def saves_and_loads(self) -> None:
        path, broken = self.folder / "run.ganviz", self.folder / "broken.ganviz"
        broken.write_bytes(b"no run")
        self.names_a_file(Qt.Key.Key_S, CTRL | SHIFT, path)
        self.see("a checkpoint", path.exists)
        self.names_a_file(Qt.Key.Key_O, CTRL, broken)
        self.see("a refusal", lambda: "is not a ganviz checkpoint" in self.window.banner.text)
        run = self.window.last_snapshot.stamp.run
        self.names_a_file(Qt.Key.Key_O, CTRL, path)
        self.see("the loaded run", lambda: self.window.last_snapshot.stamp.run != run)
        before = self.step()
        self.press(Qt.Key.Key_Space)
        self.see("training from there", lambda: self.step() > before)

    def names_a_file(self, key: Qt.Key, modifiers, path: Path) -> None:
        def types(dialog) -> None:
            field = dialog.findChild(QLineEdit, "fileNameEdit")
            while dialog.isVisible():  # a list of what is there may come over it, and take the key
                QTest.keyClick(field, Qt.Key.Key_A, CTRL)
                QTest.keyClicks(field, str(path))
                if (offered := QApplication.activePopupWidget()) is not None:
                    QTest.keyClick(offered, Qt.Key.Key_Escape)
                QTest.keyClick(field, Qt.Key.Key_Return)
                wait(200)

        self.window.setFocus()
        in_dialog(lambda: self.press(key, modifiers), types)

    def exports_everything(self) -> None:
        out, names = self.folder / "export", list[str]()
        # No picture in a file knows the display: where there is one, they are of one kind and none moves.
        is_all = QGuiApplication.platformName() == "offscreen"
        wanted = [title for _, _, title in DATA]
        wanted += ["SVG", "PDF", "Animated GIF of the plane"] if is_all else []

        def wishes(dialog) -> None:
            for box in dialog.findChildren(QCheckBox):
                if box.text() in wanted or box.text().startswith("Checkpoint"):
                    box.setFocus()
                    QTest.keyClick(box, Qt.Key.Key_Space)
            names.extend(dialog.wish().names())
            write(named(dialog, QLineEdit, "Folder"), str(out))  # Enter exports

        in_dialog(lambda: self.press(Qt.Key.Key_E, CTRL), wishes)
        for name in names:
            # An animation looks at every keyframe and paints it, which takes long where others are busy.
            self.see(name, lambda name=name: any(out.glob(f"*_{name}")), 3 * PATIENCE_S)
        (step,) = {int(path.name.split("_")[1].removeprefix("step-")) for path in out.iterdir()}
        rows = next(out.glob("*_history.csv")).read_text("utf-8").splitlines()
        column = rows[0].split(",").index("step")
        last = max(int(row.split(",")[column]) for row in rows if row.startswith("0,"))
        assert last == step, f"the history ends at {last}, the plots are of {step}"
        with np.load(next(out.glob("*_samples.npz"))) as samples:
            assert int(samples["step"]) == step, "the samples are of another moment than the plots"
        before = self.step()
        self.see("training after the export", lambda: self.step() > before)

    def does(self, words: str) -> None:
        """Find a command by its name, and do it."""
        self.press(Qt.Key.Key_P, CTRL | SHIFT)
        (commands,) = (one for one in self.window.findChildren(QDialog) if one.isVisible())
        commands.activateWindow()  # where no window manager does
        self.see("the commands", lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        QTest.keyClicks(QApplication.focusWidget(), words)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def resizes_and_closes(self) -> None:
        self.window.resize(1024, 700)
        wait(500)
        self.window.grab().save(str(self.folder / "small.png"))
        self.does("appearance dark")
        self.window.resize(1440, 900)
        wait(500)
        self.window.grab().save(str(self.folder / "large.png"))
        self.closes()
        assert not self.session.bridge.is_running, "the training thread runs on"

    def closes(self) -> None:
        """Close the window; where others are busy, the run has been trained so long by now that it is asked about."""

        def discard() -> None:
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                box.button(QMessageBox.StandardButton.Discard).click()

        asked = QTimer(timeout=discard)
        asked.start(200)
        self.window.close()
        self.see("a closed window", lambda: not self.window.isVisible())
        asked.stop()


def main() -> None:
    app = QApplication(["ganviz"])
    person = Person(Path(sys.argv[1]))
    assert person.window.config == run_preset("default").config
    person.touches_every_plot()
    person.looks_at_single_steps()
    person.switches_formulations()
    person.adds_and_removes_a_lane()
    person.pauses_and_steps()
    person.looks_at_digits_and_comes_back()
    person.saves_and_loads()
    person.exports_everything()
    person.resizes_and_closes()
    app.processEvents()
    if person.problems:
        raise SystemExit(f"exceptions: {person.problems}")
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
