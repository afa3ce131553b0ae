"""The gallery of formulations: what it lists, how it is searched, and that it opens within its window."""

import dataclasses
import json
import subprocess
import sys

import made_up
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ganviz.losses.adversarial.custom import typed_loss
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.zero_centered import R2
from ganviz.losses.presets import FORMULATIONS, NamedFormulation, named_formulation, shared_plain
from ganviz.views.controls.formula_label import FormulaLabel
from ganviz.views.controls.gallery import Gallery
from ganviz.views.controls.gallery_rows import NAMED, shape_path
from ganviz.views.look.formula import formula_width
from ganviz.views.look.theme import DARK, LIGHT
from ganviz.views.window import own_formulations
from ganviz.views.window.memory import WindowMemory


@pytest.fixture
def opened(open_window, qtbot):
    def make(width=1440, height=900, formulation="ragan"):
        window = open_window(made_up.run_config(formulations=(formulation,)))
        window.resize(width, height)
        qtbot.wait(60)
        window.strip._more.click()
        qtbot.wait(20)
        return window, window.strip.gallery

    return make


def test_it_lists_every_formulation_once(opened):
    _, gallery = opened()
    assert sorted(gallery.shown()) == sorted(FORMULATIONS)
    headers = [item.text() for item in gallery._items() if item.data(NAMED) is None]
    assert len(headers) == len(set(headers))
    assert headers[:2] == ["Cross-entropy", "Least squares"]
    assert gallery.list.currentItem().data(NAMED).key == "ragan"


def test_it_finds_all_words_anywhere(opened):
    _, gallery = opened()
    for text, expected in (
        ("wgan", {"wasserstein", "wgan_gp", "wgan_lp"}),
        ("HINGE relativ", {"rphinge", "rahinge"}),
        ("gulrajani", {"wgan_gp"}),
        ("lsgan", {"least_squares", "rplsgan", "ralsgan"}),
        ("nsgan", {"non_saturating"}),
        ("minimax", {"saturating"}),
        ("geometric", {"hinge"}),
        ("χ²", set()),
        ("2 JSD", {"saturating", "mixed", "fgan_js", "fgan_gan"}),
        ("alike Sønderby", {"reverse_kl"}),
        ("no such thing", set()),
    ):
        check_found(gallery, text, expected)


def check_found(gallery, text, expected):
    gallery.search.setText(text)
    assert set(gallery.shown()) == expected
    assert gallery._nothing.isHidden() is gallery._explain.isEnabled() is bool(expected)
    families = {FORMULATIONS[key].formulation.loss.family for key in expected}
    headers = {item.text() for item in gallery._items() if item.data(NAMED) is None and not item.isHidden()}
    assert headers == families


def test_enter_chooses_what_was_found_and_arrows_move(opened, qtbot):
    window, gallery = opened()
    qtbot.keyClicks(gallery.search, "f-gan")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Down)
    qtbot.keyClick(gallery.search, Qt.Key.Key_Return)
    assert not gallery.isVisible()
    assert window.commands[-1].config.lanes[0].formulation == named_formulation("fgan_reverse_kl")
    gallery.search.setText("no such thing")
    n = len(window.commands)
    qtbot.keyClick(gallery.search, Qt.Key.Key_Return)
    assert len(window.commands) == n


def test_esc_and_a_second_look_leave_everything_as_it_was(opened, qtbot):
    window, gallery = opened()
    n = len(window.commands)
    gallery.search.setText("hinge")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Escape)
    assert not gallery.isVisible()
    assert len(window.commands) == n
    assert window.strip._more.isChecked()
    window.strip._more.click()
    assert gallery.search.text() == ""
    assert len(gallery.shown()) == len(FORMULATIONS)


@pytest.mark.parametrize(("width", "height"), [(720, 450), (1024, 700), (1440, 900)])
def test_it_opens_within_the_window_and_cuts_nothing(opened, width, height):
    window, gallery = opened(width, height)
    corner = window.mapFromGlobal(gallery.pos())
    assert window.rect().contains(gallery.rect().translated(corner))
    rows = gallery._rows
    for item in gallery._entries():
        texts = rows._texts(item.data(NAMED), rows._text_width())
        assert all(formula_width(text, font) <= rows._text_width() for text, font, _ in texts)
        hint = rows.sizeHint(None, gallery.list.indexFromItem(item))
        assert gallery.list.visualItemRect(item).height() == hint.height()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.key)
def test_its_letters_are_those_of_the_theme(qtbot, qapp, theme):
    gallery = Gallery(None, "All")
    qtbot.addWidget(gallery)
    gallery.apply_theme(theme)
    (warned,) = [item for item in gallery._entries() if item.data(NAMED).key == "least_squares_0"]
    colors = [color for _, _, color in gallery._rows._texts(warned.data(NAMED), 600)]
    assert colors[0] == theme.text
    assert colors[-1] == theme.warning


@pytest.mark.parametrize("key", FORMULATIONS)
def test_every_shape_is_drawn(key):
    loss = FORMULATIONS[key].formulation.loss
    path = shape_path(FORMULATIONS[key])
    assert path.elementCount() > 10
    for i in range(0, path.elementCount(), 7):
        element = path.elementAt(i)
        (value,) = loss.g_shape(np.array([element.x]))
        assert -element.y == pytest.approx(value)


def test_shapes_need_no_torch():
    code = (
        "import sys\nfrom ganviz.losses.presets import FORMULATIONS\n"
        "from ganviz.views.controls.gallery_rows import shape_path, words_of\n"
        "[(shape_path(named), words_of(named)) for named in FORMULATIONS.values()]\nprint('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_lane_is_added_by_the_same_list(open_window, qtbot):
    window = open_window(made_up.run_config(formulations=("hinge",)))
    wished = []
    window.strip.lane_wished.connect(lambda lane, named: wished.append((lane, named.key)))
    window.strip._add.click()
    gallery = window.strip.new_lane
    assert gallery.isVisible()
    assert (
        gallery._title.text() == "One more lane with the state of Hinge, from now on under:"
    )  # of two, a third
    qtbot.keyClicks(gallery.search, "neyman")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Return)
    assert wished == [(0, "fgan_neyman")]


def test_a_composed_formulation_appears_in_the_strip(open_window):
    composed = Formulation(named_formulation("fgan_pearson").loss, (R2(),))
    config = made_up.run_config(formulations=("hinge",))
    window = open_window(config)
    lane = dataclasses.replace(config.lanes[0], formulation=composed, label="")
    window.show_config(dataclasses.replace(config, lanes=(lane,)), is_new_run=False)
    assert window.strip._more.isChecked()
    assert window.strip._more.text() == "f-GAN Pearson + R2 ▾"
    assert not any(button.isChecked() for button in window.strip._group.buttons())


def test_formulas_without_room_end_with_an_ellipsis(qtbot):
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula("L<sub>G</sub> = E log(1 + exp(t<sub>r</sub> − E t<sub>f</sub>)) + 1")
    label.resize(900, 24)
    assert label.shown().endswith("+ 1")
    label.resize(120, 24)
    assert label.shown().endswith(" …")
    assert formula_width(label.shown(), label.font()) <= 120
    label.resize(4, 24)
    assert label.shown() == ""
    label.set_formula("L<sub>G</sub> = E softplus(−t<sub>f</sub>)")
    label.resize(60, 24)
    assert label.shown() == ""  # not "L_G = E …"
    label.set_formula("L<sub>G</sub> = E k(x, x′) + 2 E k(G(z), G(z′))")
    widths = range(1, 400, 5)
    assert {label.shown() for width in widths if label.resize(width, 24) is None} == {
        "", "L<sub>G</sub> = E k(x, …", "L<sub>G</sub> = E k(x, x′) …", "L<sub>G</sub> = E k(x, x′) + 2 E k(G(z), …",
        label._markup,
    }  # fmt: skip
    label.set_formula("L<sub>G</sub> = −E t<sub>f</sub>; L<sub>D</sub> + R1")
    shown = {label.shown() for width in widths if label.resize(width, 24) is None}
    assert shown == {"", "L<sub>G</sub> = −E t<sub>f</sub> …", label._markup}


def test_a_formulation_is_kept_from_one_start_to_the_next(open_window, qtbot):
    window = open_window()
    mine = Formulation(typed_loss("softplus(-t); softplus(t); relu(1 - t)"))
    mine = dataclasses.replace(mine, loss=dataclasses.replace(mine.loss, name="Mine"))
    panel = window.settings._formulation
    panel.show_formulations([named_formulation("hinge")])
    assert not panel._keep.isEnabled(), "it is in the list already"
    panel.show_formulations([mine])
    for _ in range(2):
        qtbot.mouseClick(panel._keep, Qt.MouseButton.LeftButton)
    panel._copy.menu().actions()[0].trigger()
    assert json.loads(QApplication.clipboard().text()) == {"name": "Mine", **mine.to_plain()}
    window.close()
    again = open_window()
    gallery = again.strip.gallery
    assert gallery.shown()[:2] == ["own_0", "saturating"]
    again.strip._more.click()
    qtbot.keyClicks(gallery.search, "mine")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Return)
    assert again.commands[-1].config.lanes[0].formulation == mine
    again.strip._more.click()
    qtbot.keyClicks(gallery.search, "mine")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Delete)
    assert gallery.shown() == []
    assert not open_window().strip.new_lane.shown()[0].startswith("own")


def test_one_that_cannot_be_read_takes_no_other_with_it(open_window):
    """As a later version may have kept it, to which it is left."""
    memory = WindowMemory()
    mine, other = (Formulation(named_formulation("hinge").loss, (R2(gamma=gamma),)) for gamma in (0.3, 0.4))
    later = {"name": "Later", "loss": {"kind": "of a later version"}}
    kept = [shared_plain(NamedFormulation("", "Mine", mine)), later, 7]
    memory.keep_text("own_formulations", json.dumps(kept))
    window = open_window()
    assert window.strip.gallery.shown()[:2] == ["own_0", "saturating"]
    window.strip.own_wished.emit(NamedFormulation("", "Other", other))
    window.strip.own_dropped.emit(mine)
    found = json.loads(memory.text("own_formulations", ""))
    assert found == [shared_plain(NamedFormulation("", "Other", other)), later, 7]
    for text in ("7", "{}", "[", '"hinge"'):
        memory.keep_text("own_formulations", text)
        assert open_window().strip.gallery.shown()[0] == "saturating"


def test_one_too_many_is_refused_and_takes_none_away(open_window, monkeypatch):
    monkeypatch.setattr(own_formulations, "MOST", 2)
    window = open_window()
    several = [
        NamedFormulation("", f"Mine {n}", Formulation(named_formulation("hinge").loss, (R2(gamma=n),)))
        for n in (0.1, 0.2, 0.3)
    ]
    for one in several:
        window.strip.own_wished.emit(one)
    assert window.strip.gallery.shown()[:3] == ["own_0", "own_1", "saturating"]
    assert "“Mine 0.3” is not kept: there are 2 already." in window.banner.text
    window.strip.own_wished.emit(several[1])  # one that is there may be kept anew
    window.strip.own_dropped.emit(several[0].formulation)
    window.strip.own_wished.emit(several[2])
    kept = json.loads(WindowMemory().text("own_formulations", ""))
    assert [one["name"] for one in kept] == ["Mine 0.3", "Mine 0.2"]


def test_a_composed_formulation_gets_a_name_and_is_shared_by_the_clipboard(open_window, qtbot):
    window = open_window()
    composed = Formulation(named_formulation("hinge").loss, (R2(),))
    panel, gallery = window.settings._formulation, window.strip.gallery
    panel.show_formulations([composed])
    qtbot.keyClicks(panel._name, "Tame <b>hinge")
    panel._copy.menu().actions()[0].trigger()
    qtbot.mouseClick(panel._keep, Qt.MouseButton.LeftButton)
    lane = dataclasses.replace(window.config.lanes[0], formulation=composed, label="")
    window.show_config(dataclasses.replace(window.config, lanes=(lane,)), is_new_run=False)
    assert window.strip._more.text().startswith("Tame <b>")
    (own,) = [item for item in gallery._entries() if item.data(NAMED).key == "own_0"]
    gallery.own_dropped.emit(own.data(NAMED).formulation)
    assert "own_0" not in gallery.shown()
    for text, told in (
        ("{}", "loss must be"),
        ("nonsense", "Unknown formulation"),
        ("", "Unknown formulation"),
    ):
        shared = QApplication.clipboard().text()
        QApplication.clipboard().setText(text)
        qtbot.mouseClick(gallery._paste, Qt.MouseButton.LeftButton)
        assert told in gallery._nothing.text()
        assert "own_0" not in gallery.shown()
        QApplication.clipboard().setText(shared)
    qtbot.mouseClick(gallery._paste, Qt.MouseButton.LeftButton)
    assert gallery.shown() == ["own_0"]
    assert gallery.list.currentItem().data(NAMED).formulation == composed
    assert named_formulation(shared) == composed, "the command line reads it too"


def test_what_a_search_finds_is_seen_from_its_first_one(opened):
    _, gallery = opened(1024, 700)
    bar = gallery.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    gallery.search.setText("kl")
    assert bar.value() == 0
    gallery.search.clear()
    assert bar.maximum() > 0


def test_a_name_is_found_before_what_has_its_letters_elsewhere(opened):
    _, gallery = opened(1024, 700)
    for text, expected in (
        ("own", "custom"),
        ("custom", "custom"),
        ("kl", "reverse_kl"),
        ("square", "least_squares"),
    ):
        gallery.search.setText(text)
        assert len(gallery.shown()) > 1
        current = gallery.list.currentItem()
        assert current.data(NAMED).key == expected, text
        assert gallery.list.viewport().rect().intersects(gallery.list.visualItemRect(current))
