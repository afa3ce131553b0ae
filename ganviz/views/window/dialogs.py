"""Small dialogs: preferences, the questions before a restart and before going back, about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QWidget,
)

from ganviz import __version__
from ganviz.spec.words import grouped
from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.look.asking import answer_to
from ganviz.views.look.status_words import steps_words
from ganviz.views.window.appearance import APPEARANCES
from ganviz.views.window.memory import WindowMemory

if TYPE_CHECKING:
    from ganviz.views.window.guide import GuideDock


class PreferencesDialog(QDialog):
    """Asks how the window looks; GUI thread only."""

    def __init__(self, appearance: str, asks_before_restart: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._box = QComboBox()
        for key, title in APPEARANCES:
            self._box.addItem(title, key)
        self._box.setCurrentIndex(max(0, self._box.findData(appearance)))
        self._box.setAccessibleName("Appearance")
        self._asks = QCheckBox("Ask before a run is restarted, goes back or loses a lane")
        self._asks.setChecked(asks_before_restart)
        layout = QFormLayout(self)
        layout.addRow("Appearance", self._box)
        layout.addRow(self._asks)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addRow(buttons)

    @property
    def appearance(self) -> str:
        """Return "system", "light" or "dark"."""
        return str(self._box.currentData())

    @property
    def asks_before_restart(self) -> bool:
        """Return whether to ask."""
        return self._asks.isChecked()


def confirm_restart(parent: QWidget) -> tuple[str, bool]:
    """Ask whether a change may restart the run; return what :func:`_confirm` does."""
    return _confirm(
        parent, "Restart the run?", "This change starts the run again at step 0.", "Restart",
    )  # fmt: skip


def confirm_going_back(parent: QWidget, step: int, n_dropped: int) -> tuple[str, bool]:
    """Ask whether what came after a keyframe may be dropped; return what :func:`_confirm` does."""
    return _confirm(
        parent, "Go back?",
        f"The run goes on from step {grouped(step)}; what came after it, {steps_words(n_dropped)}, is dropped.",
        "Go back",
    )  # fmt: skip


def confirm_removal(parent: QWidget, title: str) -> tuple[str, bool]:
    """Ask whether a lane may go; return what :func:`_confirm` does."""
    return _confirm(
        parent, "Remove the lane?", f"Remove the lane “{title}”?",
        "Remove", "What it has learned and its curves go with it.",
    )  # fmt: skip


def confirm_overwriting(parent: QWidget, path: Path, what: str = "is there already") -> bool:
    """Ask whether a file may be overwritten."""
    box = QMessageBox(QMessageBox.Icon.Question, "Overwrite the file?", f"{path.name} {what}.")
    box.setParent(parent, box.windowFlags())
    box.setInformativeText(f"It is in {path.parent}. Saving replaces what it holds.")
    accept = box.addButton("Overwrite", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    _show_as_it_is(box)
    answer_to(box)
    return box.clickedButton() is accept


def confirm_deletion(parent: QWidget, names: Sequence[str], n_folders: int) -> bool:
    """Ask whether saved runs may go to the wastebasket; some of them with their folders."""
    what = f"the run “{names[0]}”" if len(names) == 1 else f"{len(names)} runs"
    box = QMessageBox(QMessageBox.Icon.Question, "Delete", f"Move {what} to the wastebasket?")
    box.setParent(parent, box.windowFlags())
    folders = {0: "", 1: " A folder that holds nothing else goes with it."}
    several = f" {n_folders} folders that hold nothing else go with them."
    listed = "" if len(names) == 1 else ", ".join(names[:8]) + (" …" if len(names) > 8 else "") + "."
    box.setInformativeText(f"{listed}{folders.get(n_folders, several)}".strip())
    accept = box.addButton("Move to wastebasket", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    _show_as_it_is(box)
    answer_to(box)
    return box.clickedButton() is accept


def confirm_leaving(parent: QWidget, name: str, lost: str) -> str:
    """Ask what becomes of an unsaved run; return "save", "discard" or "", which is neither."""
    box = QMessageBox(QMessageBox.Icon.Question, "Save the run?", f"The run “{name}” has not been saved.")
    box.setParent(parent, box.windowFlags())
    box.setInformativeText(f"{lost[0].upper()}{lost[1:]} would be lost.")
    kinds = QMessageBox.StandardButton
    box.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
    box.setDefaultButton(kinds.Save)
    _show_as_it_is(box)
    return {kinds.Save: "save", kinds.Discard: "discard"}.get(kinds(answer_to(box)), "")


def confirm_stopping(parent: QWidget) -> bool:
    """Ask whether a sweep that is being trained may be stopped."""
    note = "Cells that are complete stay in its folder, and the rest can be trained later."
    return _is_wanted(parent, "Stop the sweep?", "A sweep is being trained.", note, "Stop it")


def confirm_dropping(parent: QWidget, making: str) -> bool:
    """Ask whether a file that is still being made may be dropped, which a sentence tells of."""
    note = "It is not written when the window is closed now."
    return _is_wanted(parent, "Close the window?", making, note, "Close")


def _is_wanted(parent: QWidget, title: str, text: str, note: str, action: str) -> bool:
    """Ask whether something that goes on may end; Enter lets it go on."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text)
    box.setParent(parent, box.windowFlags())
    box.setInformativeText(note)
    accept = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
    answer_to(box)
    return box.clickedButton() is accept


def ask_log_or_points(parent: QWidget, path: Path) -> str:
    """Ask what a table is whose columns do not tell; return "log", "points" or "", which is neither."""
    box = QMessageBox(QMessageBox.Icon.Question, "Open", f"What is in {path.name}?")
    box.setParent(parent, box.windowFlags())
    box.setInformativeText("Its columns do not tell. A log is opened beside the run; points begin another.")
    log = box.addButton("Losses of a GAN", QMessageBox.ButtonRole.AcceptRole)
    points = box.addButton("Points to learn", QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    _show_as_it_is(box)
    answer_to(box)
    chosen = box.clickedButton()
    return "log" if chosen is log else "points" if chosen is points else ""


def confirm_existing(parent: QWidget, n_files: int, folder: Path) -> str:
    """Ask what becomes of files that are there already; return "both", "overwrite" or "", which is neither."""
    files = "A file of this name is" if n_files == 1 else f"{n_files} files of these names are"
    box = QMessageBox(QMessageBox.Icon.Question, "Export", f"{files} there already.")
    box.setParent(parent, box.windowFlags())
    box.setInformativeText(f"The folder is {folder}.")
    both = box.addButton("Keep both", QMessageBox.ButtonRole.AcceptRole)
    overwrite = box.addButton("Overwrite", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(both)
    _show_as_it_is(box)
    answer_to(box)
    chosen = box.clickedButton()
    return "both" if chosen is both else "overwrite" if chosen is overwrite else ""


def _show_as_it_is(box: QMessageBox) -> None:
    """Let all texts of a question be plain: a file's name may look like markup."""
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)


def _confirm(parent: QWidget, title: str, text: str, action: str, note: str = "") -> tuple[str, bool]:
    """Ask whether something may be lost; return "yes", "save", which is yes once the run is saved, or "".

    And whether never to ask again.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, text)
    box.setParent(parent, box.windowFlags())
    box.setInformativeText(note)
    accept = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    save = box.addButton(f"Save, then {action[0].lower()}{action[1:]}", QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(accept)
    never = QCheckBox("Do not ask again", box)  # without a parent it goes before the box does
    box.setCheckBox(never)
    _show_as_it_is(box)
    answer_to(box)
    chosen = box.clickedButton()
    return "yes" if chosen is accept else "save" if chosen is save else "", never.isChecked()


def show_about(parent: QWidget) -> None:
    """Say what this is."""
    QMessageBox.about(
        parent,
        "About ganviz",
        f"<b>ganviz {__version__}</b><p>See what a GAN's loss formulation does, while it trains.</p>"
        "<p>MIT license. Digits: MNIST (LeCun, Cortes, Burges; CC BY-SA 3.0). Icons: Lucide (ISC).</p>",
    )


class WindowDialogs(QObject):
    """Opens dialogs; GUI thread only."""

    appearance_changed = Signal(str)
    experiment_wished = Signal(str)
    found_wished = Signal()
    """Emitted when the person asks for the runs of windows that were killed."""

    def __init__(self, window: QMainWindow, memory: WindowMemory, strip: FormulationStrip) -> None:
        super().__init__(window)
        self._window, self._memory = window, memory
        self.guide: GuideDock | None = None
        strip.explanation_wished.connect(self._explain)

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what opens them, by the keys of the actions."""
        return {
            "preferences": self.edit_preferences,
            "appearance": self.choose_appearance,
            "guide": self.show_guide,
            "about": self.show_about,
            "found_runs": self.found_wished.emit,
        }

    def edit_preferences(self) -> None:
        """Ask for preferences."""
        memory = self._memory
        dialog = PreferencesDialog(
            memory.text("appearance", "system"), not memory.flag("restarts_unasked"), self._window
        )
        if answer_to(dialog):
            memory.keep_text("restarts_unasked", "no" if dialog.asks_before_restart else "yes")
            self.choose_appearance(dialog.appearance)

    def choose_appearance(self, key: str) -> None:
        """Dress the window in "light", "dark" or what the "system" says, now and at later starts."""
        self._memory.keep_text("appearance", key)
        self.appearance_changed.emit(key)

    def _explain(self, family: str) -> None:
        from ganviz.views.window.losses_guide import family_page

        self.show_guide(family_page(family))

    def show_guide(self, page: str = "") -> None:
        """Open the guide at a page, or where it was; it floats at first. There is one, however often it is wished."""
        from ganviz.views.window.guide import GuideDock  # many files that no start needs

        if self.guide is None:
            self.guide = GuideDock(self._window)
            self.guide.experiment_wished.connect(self.experiment_wished)
        if page:
            self.guide.show_page(page)
        self.guide.show()
        self.guide.raise_()
        self.guide.activateWindow()

    def show_about(self) -> None:
        """Say what this is."""
        show_about(self._window)
