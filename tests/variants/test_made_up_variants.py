"""A variant of each kind is one small file and one line: menu, form, CLI, files and contracts follow."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QToolButton, QWidget

from ganviz.cli import main
from ganviz.data import DISTRIBUTIONS
from ganviz.losses import presets
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.networks.activations import ACTIVATIONS
from ganviz.session.commands import Look, Reconfigure, Restart
from ganviz.session.events import ConfigChanged, Refused
from ganviz.session.runner import Runner
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.optimizers import OPTIMIZERS, SGD
from ganviz.training.rules import RULES
from ganviz.training.schedules import SCHEDULES
from ganviz.training.trainer import Trainer
from ganviz.views.bases.plot_export import view_image
from ganviz.views.forms.choices import ChoiceForm
from ganviz.views.pictures import plane_view
from ganviz.views.pictures.layers import LAYERS
from ganviz.views.window import action_table, docks, docstrings, losses_guide, view_actions, wishes
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory

HERE = Path(__file__).parent
STEPS = 6
SMALL = ("--set", "architecture.width=8", "--set", "training.batch_size=16", "--device", "cpu", "--quiet")

PENALTY = "formulation.penalties.made_up_penalty"
VARIANTS = {
    # the name of its file: its list and name there, the longest it may be, what chooses it, what changes it
    "pointwise": (ADVERSARIAL_LOSSES, "losses", 50, "formulation.loss", "formulation.loss.margin"),
    "paired": (ADVERSARIAL_LOSSES, "losses", 50, "formulation.loss", "formulation.loss.lead"),
    "averaged": (ADVERSARIAL_LOSSES, "losses", 50, "formulation.loss", "formulation.loss.lead"),
    "penalty": (PENALTIES, "penalties", 50, None, f"{PENALTY}.weight"),
    "input": (INPUTS, "inputs", 50, None, "formulation.inputs.made_up_input.pull"),
    "constraint": (CONSTRAINTS, "constraints", 50, "formulation.constraint", "formulation.constraint.radius"),
    "rule": (RULES, "rules", 50, "training.rule", "training.rule.more"),
    "optimizer": (OPTIMIZERS, "optimizers", 50, "generator_optimizer", "generator_optimizer.memory"),
    "distribution": (DISTRIBUTIONS, "data", 30, "distribution", "distribution.arm"),
}
NUMBER = 2.0
each = pytest.mark.parametrize("name", VARIANTS)


def class_of(name):
    module = importlib.import_module(f"tests.variants.made_up_{name}")
    return getattr(module, f"MadeUp{name.capitalize()}")


@pytest.fixture(autouse=True)
def _one_line_in_each_list(monkeypatch):
    for name, (catalog, *_) in VARIANTS.items():
        cls = class_of(name)
        monkeypatch.setitem(catalog._classes, cls.key, cls)


@pytest.fixture
def ganviz(capsys):
    def call(*arguments):
        capsys.readouterr()
        refuse = lambda given: pytest.fail("no window is wanted")  # noqa: E731
        code = main([str(argument) for argument in arguments], refuse, refuse, refuse)
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return captured.out

    return call


def assignments(name):
    """Return the ``--set`` words that choose the variant and change its number."""
    _, _, _, choice, number = VARIANTS[name]
    value = 0.5 if name == "optimizer" else NUMBER
    chosen = ["--set", f"{choice}={class_of(name).key}"] if choice else []
    return [*chosen, "--set", f"{number}={value:g}"]


def held(config, name):
    """Return the variant that a configuration holds."""
    lane = config.lanes[0]
    game = lane.formulation
    places = [
        game.loss,
        *game.penalties,
        *game.inputs,
        game.constraint,
        lane.generator_optimizer,
        config.training.rule,
    ]
    (found,) = [spec for spec in [*places, config.distribution] if type(spec) is class_of(name)]
    return found


def weights(trainer):
    trainer.flush()
    return {key: tensor.clone() for key, tensor in trainer._players.tensors.items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for key in a:
        assert torch.equal(a[key], b[key]), key


@pytest.mark.parametrize(
    ("name", "longest"), [*((n, v[2]) for n, v in VARIANTS.items()), ("view", 120), ("layer", 120)]
)
def test_it_is_as_short_as_promised(name, longest):
    assert (HERE / f"made_up_{name}.py").read_text(encoding="utf-8").count("\n") <= longest


CATALOGS = (
    ADVERSARIAL_LOSSES, PENALTIES, CONSTRAINTS, INPUTS, RULES, OPTIMIZERS, SCHEDULES, ACTIVATIONS, DISTRIBUTIONS
)  # fmt: skip
LONGER = {
    "LeastSquares": "three targets, what G descends with any of them, and where they mislead it",
    "Wasserstein": "slopes by hand, and what its numbers mean and do not mean",
    "AveragedLeastSquares": "slopes by hand for both roles, and a best D of its own",
    "AveragedRelativistic": "slopes by hand, and those of both roles in one call",
    "EnergyMargin": "an energy of its own, with a margin that moves every range",
    "MMD": "a kernel with a bandwidth, and two papers",
    "CustomLoss": "formulas that people type",
    "CustomPairedLoss": "formulas that people type",
    "Roth": "weighed by the score: differentiated as a whole, refused without a logit",
    "Consistency": "weights for both kinds of samples, moved alike",
    "InstanceNoise": "annealed, written into scripts, and summed in an order that lanes rely on",
    "Unrolled": "G's loss and the equilibrium are others while it looks ahead",
    "SGD": "torch has no negative momentum: a class for scripts",
    "OptimisticAdam": "torch has none: a class for scripts",
    "Checkerboard": "an exact density, also smoothed",
    "PointsFile": "a kind of data: a file of somebody else",
    "MNIST": "a kind of data: files of somebody else",
    "ImageFolder": "a kind of data: a folder of somebody else",
}
"""Entries of more than 50 lines, 30 for data of a known kind, and what they are spent on."""


def test_entries_are_as_short_as_made_up_ones_or_have_a_reason():
    """Entries that share a file share what stands around them; data's are classes alone."""
    of_file = Counter(inspect.getfile(cls) for catalog in CATALOGS for cls in catalog.values())
    long = set()
    for catalog in CATALOGS:
        for cls in catalog.values():
            path = inspect.getfile(cls)
            n = len(inspect.getsource(cls).splitlines()) - 1  # without the decorator
            if catalog is DISTRIBUTIONS:
                is_long = n > 30
            else:
                is_long = Path(path).read_text(encoding="utf-8").count("\n") > 50 * of_file[path]
            long |= {cls.__name__} if is_long else set()
    assert long == set(LONGER)


@each
def test_it_is_listed_with_its_settings(ganviz, name):
    _, listed_as, _, _, number = VARIANTS[name]
    cls = class_of(name)
    assert cls.key in [entry["key"] for entry in json.loads(ganviz("list", listed_as, "--json"))]
    settings = [(entry["path"], entry["of"]) for entry in json.loads(ganviz("list", "settings", "--json"))]
    assert (number, cls.key) in settings


@each
def test_it_is_trained_saved_and_resumed_by_the_command_line(ganviz, tmp_path, name):
    chosen = assignments(name)
    found = {}
    for folder, steps in (("whole", 2 * STEPS), ("half", STEPS)):
        ganviz("train", *chosen, *SMALL, "--steps", steps, "--out", tmp_path / folder)
        (file,) = (tmp_path / folder).glob("*.ganviz")
        found[folder] = file
    ganviz("resume", found["half"], "--steps", STEPS, "--out", tmp_path / "rest", "--quiet")
    (rest,) = (tmp_path / "rest").glob("*.ganviz")
    whole, resumed = load_checkpoint(found["whole"]), load_checkpoint(rest)
    assert whole.step == resumed.step == 2 * STEPS
    assert held(resumed.config, name) == held(whole.config, name) != class_of(name)()
    assert_same(weights(whole), weights(resumed))
    assert np.isfinite(whole.history.table(0)[:, :1]).all()


@pytest.mark.parametrize("name", ["pointwise", "paired", "averaged", "penalty"])
def test_it_is_in_the_guide(monkeypatch, name):
    monkeypatch.setattr(losses_guide, "FORMULATIONS", {one.key: one for one in presets._named()})
    cls = class_of(name)
    family = "losses/penalties" if name == "penalty" else losses_guide.family_page(cls.family)
    page = losses_guide.losses_page(family)
    assert f"<h3>{cls.title}</h3>" in page
    assert docstrings.paragraphs(cls)[0] in page
    assert cls.reference in page or name == "penalty"
    assert f"({'guide:' + family})" in losses_guide.losses_markdown()


def chosen_config(name, n_lanes=1):
    from ganviz.session.settings import with_settings

    plain = [word for word in (*assignments(name), *SMALL[:4]) if word != "--set"]
    config = with_settings(RunConfig(), plain)
    return dataclasses.replace(config, lanes=config.lanes * n_lanes)


@each
def test_it_does_not_depend_on_its_neighbors_and_forks_and_goes_back(name):
    alone, pair = Trainer(chosen_config(name)), Trainer(chosen_config(name, 2))
    for trainer in (alone, pair):
        trainer.train(STEPS)
    for key, tensor in weights(alone).items():
        assert torch.equal(weights(pair)[key][0], tensor[0]), key
    alone.train(70)
    before = weights(alone)
    alone.rewind(4)
    alone.train(70 + STEPS - 4)
    assert_same(before, weights(alone))
    alone.fork(0, alone.config.lanes[0])
    alone.train(3)
    for key, tensor in weights(alone).items():
        assert torch.equal(tensor[0], tensor[1]), key


def test_an_activation_is_a_file_and_a_line_too(ganviz, tmp_path, qtbot, monkeypatch):
    """Chosen by name inside an architecture, trained by autograd, exported as an ordinary module."""
    cls = class_of("activation")
    monkeypatch.setitem(ACTIVATIONS._classes, cls.key, cls)
    assert (HERE / "made_up_activation.py").read_text(encoding="utf-8").count("\n") <= 50
    assert cls.key in [entry["key"] for entry in json.loads(ganviz("list", "activations", "--json"))]
    ganviz(
        "train", "--set", f"architecture.activation={cls.key}", *SMALL, "--steps", STEPS, "--out", tmp_path
    )
    (file,) = tmp_path.glob("*.ganviz")
    trainer = load_checkpoint(file)
    assert trainer.config.architecture.activation == cls.key
    assert trainer.step_method == "autograd"
    window = open_window(qtbot, RunConfig())
    (menu, *_) = [box for box in window.findChildren(QComboBox) if box.findText("made up activation") >= 0]
    assert menu.accessibleName() == "Activation"


@pytest.mark.parametrize("name", ["pointwise", "paired", "averaged", "penalty", "input"])
def test_its_two_ways_of_gradients_are_one(monkeypatch, name):
    from ganviz.training.steps import AnalyticStep, AutogradStep

    ends = []
    for cls in (AnalyticStep, AutogradStep):
        monkeypatch.setattr("ganviz.training.steps.step_class", lambda config, cls=cls: cls)
        descent = SGD(learning_rate=0.1)  # Adam would make steps of what rounding leaves of a gradient of 0
        lane = dataclasses.replace(
            chosen_config(name).lanes[0], generator_optimizer=descent, discriminator_optimizer=descent
        )
        trainer = Trainer(dataclasses.replace(chosen_config(name), lanes=(lane,)), torch.float64)
        trainer.train(20)
        ends.append(weights(trainer))
    for key in ends[0]:
        torch.testing.assert_close(ends[0][key], ends[1][key], rtol=1e-9, atol=1e-12)


def open_window(qtbot, config):
    window = MainWindow(config, 400.0, WindowMemory())
    qtbot.addWidget(window)
    window.commands = []
    window.command_requested.connect(window.commands.append)
    window.resize(1440, 900)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    return window


def choose_by_hand(window, cls, name):
    """Choose the variant where a person would: in a menu, or by its switch."""
    if name in ("penalty", "input"):
        (switch,) = [box for box in window.findChildren(QCheckBox) if box.text() == cls.title]
        switch.click()
        return
    # Not the menus of a view that lists the same losses (it may be built before the forms, or never).
    menus = [
        box
        for box in window.findChildren(QComboBox)
        if box.findData(cls.key) >= 0 and isinstance(box.parent(), ChoiceForm)
    ]
    assert menus
    menus[0].setCurrentIndex(menus[0].findData(cls.key))
    menus[0].activated.emit(menus[0].currentIndex())


@each
def test_it_is_chosen_and_trained_through_the_window(qtbot, monkeypatch, name):
    """The window's own commands go to a runner, whose events and pictures come back."""
    monkeypatch.setattr(wishes, "confirm_restart", lambda *_: ("yes", False))
    start = dataclasses.replace(chosen_config("pointwise"), lanes=RunConfig().lanes)
    runner, window = Runner(start), open_window(qtbot, start)
    for event in runner.opening_events():
        window.handle_event(event)
    window.commands.clear()
    choose_by_hand(window, class_of(name), name)
    (command,) = [one for one in window.commands if isinstance(one, (Reconfigure, Restart))]
    events = runner.handle(command)
    assert not [event for event in events if isinstance(event, Refused)]
    assert any(isinstance(event, ConfigChanged) for event in events)
    for event in events:
        window.handle_event(event)
    assert held(window.config, name) == held(runner.config, name) == class_of(name)()
    runner.trainer.train(STEPS)
    snapshot = runner.answer(Look(window.docks.needs()))
    assert snapshot is not None
    window.show_snapshot(snapshot)
    title = class_of(name).title
    assert any(
        title in text for box in window.findChildren(QComboBox) for text in [box.currentText()]
    ) or any(box.text() == title and box.isChecked() for box in window.findChildren(QCheckBox))


@pytest.mark.parametrize("knows_layout", [False, True], ids=["first start", "layout of an older program"])
def test_a_view_is_docked_asked_for_and_drawn(qtbot, monkeypatch, knows_layout):
    cls = class_of("view")
    QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "ganviz", "ganviz").clear()
    if knows_layout:
        open_window(qtbot, RunConfig()).close()
    views = (*docks.VIEWS, cls)
    for reader in (docks, action_table):
        monkeypatch.setattr(reader, "VIEWS", views)
    config = chosen_config("pointwise")
    runner, window = Runner(config), open_window(qtbot, config)
    assert cls.title in [
        action.text() for menu in window.menuBar().actions() for action in _actions(menu.menu())
    ]
    dock = window.docks.docks[cls.key]
    assert not dock.isFloating()
    qtbot.waitUntil(lambda: window.docks.docks["metrics"] in window.tabifiedDockWidgets(dock))
    view = window.docks.views[cls.key]
    empty = view_image(view, QSize(300, 200), view.theme)
    runner.trainer.train(3)
    view.show_snapshot(runner.answer(Look(view.needs())))
    assert view_image(view, QSize(300, 200), view.theme) != empty


def test_a_layer_gets_a_button_asks_for_its_reading_and_is_drawn(qtbot, monkeypatch):
    layer = class_of("layer")()
    for module in (plane_view, view_actions):  # each has the one list under a name of its own
        monkeypatch.setattr(module, "LAYERS", (*LAYERS, layer))
    config = chosen_config("pointwise")
    runner, window = Runner(config), open_window(qtbot, config)
    view = window.docks.views["plane"]
    (button,) = [one for one in view.findChildren(QToolButton) if one.text() == layer.title]
    for key in view.layers():
        view.set_layer(key, False)
    assert view.needs() == ()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.needs() == layer.needs()
    assert window.actions_[f"layer:{layer.key}"].isChecked()
    runner.trainer.train(3)
    view.show_snapshot(runner.answer(Look(view.needs())))
    drawn = view_image(view, QSize(300, 300), view.theme)
    view.set_layer(layer.key, False)
    assert view_image(view, QSize(300, 300), view.theme) != drawn


def _actions(menu: QWidget | None):
    if menu is None:
        return []
    found = []
    for action in menu.actions():
        found += [action, *_actions(action.menu())]
    return found
