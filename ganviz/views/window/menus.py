"""Menus and keys of the main window."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.commands import HalfStep, Restart, Step
from ganviz.session.run_presets import run_presets

if TYPE_CHECKING:
    from ganviz.views.window.main_window import MainWindow


def build_menus(window: MainWindow) -> None:
    """Fill the menu bar; every entry has its key beside it."""
    bar = window.menuBar()
    file, edit, run = bar.addMenu("&File"), bar.addMenu("&Edit"), bar.addMenu("&Run")
    view, help_menu = bar.addMenu("&View"), bar.addMenu("&Help")
    _add(file, "Open …", QKeySequence.StandardKey.Open, window.files.open)
    _add(file, "Save", QKeySequence.StandardKey.Save, window.files.save)
    _add(file, "Save as …", QKeySequence("Ctrl+Shift+S"), window.files.save_as)
    _add(file, "Export …", QKeySequence("Ctrl+E"), window.exports.ask)
    file.addSeparator()
    _add(file, "Quit", QKeySequence("Ctrl+Q"), window.close)
    window.undo_action = _add(edit, "Undo setting", QKeySequence("Ctrl+Z"), window.undo)
    window.redo_action = _add(edit, "Redo setting", QKeySequence("Ctrl+Shift+Z"), window.redo)
    edit.addSeparator()
    copies = edit.addMenu("Copy plot")
    for key, one in window.docks.views.items():
        _add(copies, type(one).title, None, functools.partial(window.exports.copy, key))
    edit.addSeparator()
    _add(edit, "Preferences …", QKeySequence("Ctrl+,"), window.dialogs.edit_preferences)
    _fill_run(window, run)
    for action in window.docks.toggle_actions():
        view.addAction(action)
    view.addSeparator()
    _add(view, "Reset layout", None, window.reset_layout)
    _add(view, "Full screen", QKeySequence("F11"), window.toggle_full_screen)
    _add(help_menu, "Guide", QKeySequence("F1"), window.dialogs.show_guide)
    _add(help_menu, "About ganviz", None, window.dialogs.show_about)


def _fill_run(window: MainWindow, run: QMenu) -> None:
    presets = run.addMenu("Presets")
    presets.setToolTipsVisible(True)
    for preset in run_presets():
        action = _add(presets, preset.title, None, functools.partial(window.choose_preset, preset))
        action.setToolTip(preset.help)
    formulations = run.addMenu("Formulation")
    for i, named in enumerate(FORMULATIONS.values()):
        key = f"\t{i + 1}" if i < 9 else ""
        _add(formulations, named.title + key, None, functools.partial(window.strip.choose, i))
    run.addSeparator()
    _add(run, "Continue from this keyframe", None, window.timeline.continue_here)


def _add(
    menu: QMenu,
    text: str,
    key: QKeySequence | QKeySequence.StandardKey | None,
    action: Callable[[], object],
) -> QAction:
    made = QAction(text, menu)
    if key is not None:
        made.setShortcut(key)
    made.triggered.connect(lambda _=False: action())
    menu.addAction(made)
    return made


def bind_keys(window: MainWindow) -> None:
    """Bind the keys that stand in no menu."""
    keys: dict[str, Callable[[], object]] = {
        "Space": lambda: _press_or(window.run_bar.toggle),
        ".": lambda: window.command_requested.emit(Step()),
        "D": lambda: window.command_requested.emit(Step(HalfStep.DISCRIMINATOR)),
        "G": lambda: window.command_requested.emit(Step(HalfStep.GENERATOR)),
        "R": lambda: window.command_requested.emit(Restart()),
        "Shift+R": lambda: window.command_requested.emit(Restart(new_weights=True)),
        "[": lambda: window.run_bar.change_speed(-1),
        "]": lambda: window.run_bar.change_speed(1),
        "F": window.run_bar.toggle_full_speed,
        "Left": lambda: window.timeline.track.go(-1),
        "Right": lambda: window.timeline.track.go(1),
    }
    for i in range(min(9, len(FORMULATIONS))):
        keys[str(i + 1)] = functools.partial(window.strip.choose, i)
    for key, action in keys.items():
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.activated.connect(action)


def _press_or(action: Callable[[], object]) -> None:
    """Press the button that has the focus, else do the action: both want the space bar."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton):
        focused.click()
    else:
        action()
