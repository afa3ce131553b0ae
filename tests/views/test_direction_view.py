"""The table of directions and ranges: the article's figures, its first mistake, and nothing invented for critics."""

from __future__ import annotations

import math

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QStyleOptionComboBox

from ganviz.losses.addition import LOST, addition
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.views.bases import lane_names
from ganviz.views.look.elided_box import ElidedBox
from ganviz.views.look.formula import formula_width, subscripted
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import direction_drawing, direction_view
from ganviz.views.pictures.direction_rows import DirectionRow, OwnTerms, table
from ganviz.views.pictures.direction_view import DirectionView
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.plot.plotting import Fonts, number, painting_on


def texts(of_d: AbstractAdversarialLoss | None, of_g: AbstractAdversarialLoss) -> list[tuple[str, ...]]:
    rows = table((of_d, of_g), addition(of_d, of_g), (math.nan,) * 3)
    return [row.texts[:5] for row in rows]


def test_the_articles_ranges_and_equilibria() -> None:
    """A6 and A7."""
    d = ("D: lower ↓", "↗ rises", "[0, ∞)", "[0, 2 ln 2]", "2 ln 2 = 1.386")
    assert texts(NonSaturating(), NonSaturating()) == [
        d,
        ("G: lower ↓", "↘ falls", "[0, ∞)", "[ln 2, ∞)", "ln 2 = 0.693"),
        ("nobody's", "↘ then ↗", "[2 ln 2, ∞)", "[2.038, ∞)", "3 ln 2 = 2.079"),
    ]
    assert texts(Saturating(), Saturating()) == [
        d,
        ("G: lower ↓", "↘ falls", "(−∞, 0]", "[−ln 2, 0]", "−ln 2 = −0.693"),
        ("nobody's", "→ flat", "[0, ∞)", "[0, ln 2]", "ln 2 = 0.693"),
    ]
    assert texts(None, Saturating())[0] == (
        "D: higher ↑",
        "↘ falls",
        "(−∞, 0]",
        "[−2 ln 2, 0]",
        "−2 ln 2 = −1.386",
    )


@pytest.mark.parametrize("loss", [Wasserstein(), Hinge(), LeastSquares()])
def test_other_losses_have_no_figures_of_the_article(loss: AbstractAdversarialLoss) -> None:
    for row in texts(loss, loss):
        assert row[3] == "–"
        assert "ln 2" not in " ".join(row)
    assert texts(Wasserstein(), Wasserstein())[1][4] == "open"


def test_a_pair_that_nobody_trains_has_no_common_equilibrium() -> None:
    assert texts(LeastSquares(), NonSaturating())[2][3:] == ("–", "open")


@pytest.mark.parametrize("key", [key for key, cls in ADVERSARIAL_LOSSES.items() if cls.has_discriminator])
def test_what_is_said_of_a_sum_is_seen_in_a_samples_terms(key: str) -> None:
    """The generator is lost where the sum does not change with its sample, and nowhere else."""
    loss = ADVERSARIAL_LOSSES[key]()
    slopes = [row[1] for row in texts(loss, loss)]
    assert (addition(loss, loss).kind == LOST) == (slopes[2] == "→ flat")
    if loss.always_rises:
        assert slopes[1] == "↘ falls"


def test_losses_of_different_things_have_no_sum_to_draw(pixels, qapp: object) -> None:
    assert [row[1] for row in texts(Hinge(), ADVERSARIAL_LOSSES["rpgan"]())] == ["–", "↘ falls", "–"]
    view = DirectionView()
    view.show_snapshot(made_up.snapshot(made_up.run_config()))
    view.choose("hinge", "rpgan")
    pixels(view, 520, 360)


@pytest.mark.parametrize("key", ["saturating", "non_saturating", "wgan_gp", "rpgan"])
def test_its_numbers_are_those_of_the_ledger(key: str, qapp: object) -> None:
    """Both stand beside each other: one batch, one moment."""
    views = (LedgerView(), DirectionView())
    snapshot = made_up.snapshot(made_up.run_config(formulations=(key,)))
    assert views[0].needs() == views[1].needs()
    for view in views:
        view.show_snapshot(snapshot)
    of_ledger = {row[1].split(" = ")[0]: row[2] for row in views[0].values().rows}
    of_ledger = {name: number(float(value)) for name, value in of_ledger.items() if value is not None}
    found = {row[1]: row[-2] for row in views[1].values().rows}
    assert found == {name: of_ledger[name] for name in ("L_D", "L_G", "L_D + L_G")}


def test_numbers_are_chosen_by_hand_or_as_trained(
    pixels, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, names = DirectionView(), list[str]()
    monkeypatch.setattr(lane_names, "draw_text", lambda _painter, _box, text, *_, **__: names.append(text))

    def written(view: DirectionView) -> list[str]:
        names.clear()
        pixels(view)
        return names

    config = made_up.run_config(formulations=("saturating", "hinge"))
    view.show_snapshot(made_up.snapshot(config))
    assert view.pair(config, 1) == (Hinge(), Hinge())
    before = pixels(view)
    view.choose("value", "trained")
    assert view.pair(config, 0) == (None, Saturating())
    assert (pixels(view) != before).any()
    assert "Hinge" in written(view)
    view.choose("hinge", "non_saturating")
    assert view.pair(config, 0) == view.pair(config, 1) == (Hinge(), NonSaturating())
    assert not written(view), "a table that is of no lane has no lane's name"


@pytest.mark.parametrize("height", [110, 240, 330, 600])
def test_lanes_without_room_for_tables_have_a_line_each_or_curves(qapp, pixels, monkeypatch, height):
    view, drawn, curves = DirectionView(), [], []
    draw = lane_names.draw_text

    def seen(painter, box, text, *how, **more):
        drawn.append((box, text))
        draw(painter, box, text, *how, **more)

    for module in (direction_drawing, lane_names):
        monkeypatch.setattr(module, "draw_text", seen)
    monkeypatch.setattr(direction_drawing, "draw_curve", lambda *rest: curves.append(rest))
    config = made_up.run_config(formulations=("non_saturating", "saturating", "wasserstein", "least_squares"))
    view.show_snapshot(made_up.snapshot(config))
    pixels(view, 420, height)
    assert all(box.bottom() <= height + 2 for box, _ in drawn)
    titles = [box.top() for box, text in drawn if text in {config.lane_title(lane) for lane in range(4)}]
    assert len(titles) == 4
    assert len(curves) == (4 * 3 if height > 300 else 0)
    others = [box for box, text in drawn if not text.startswith(("✓", "✗")) and box.left() > 20]
    others = [box for box in others if box.top() > 40]  # below what says of what batch all is
    assert bool(others) == (height == 600), "tables only where they do not lie over each other"


@pytest.mark.parametrize("height", [300, 480])  # in a list, and below tables
def test_verdicts_have_as_many_lines_as_they_need(qapp, pixels, monkeypatch, height):
    view, cut = DirectionView(), []
    draw = direction_view.draw_words

    def seen(painter, box, text, align):
        if formula_width(subscripted(text), painter.font()) > box.width():
            cut.append(text)
        draw(painter, box, text, align)

    monkeypatch.setattr(direction_view, "draw_words", seen)
    config = made_up.run_config(formulations=("non_saturating", "saturating", "wasserstein", "least_squares"))
    view.show_snapshot(made_up.snapshot(config))
    pixels(view, 330, height)
    assert not cut


def test_two_lanes_in_a_small_view_keep_their_curves_and_a_whole_verdict(qapp, pixels, monkeypatch):
    view, verdicts, curves = DirectionView(), [], []
    draw = direction_drawing.draw_curve
    monkeypatch.setattr(direction_view, "draw_words", lambda painter, box, text, align: verdicts.append(text))
    monkeypatch.setattr(direction_drawing, "draw_curve", lambda *rest: (curves.append(rest), draw(*rest)))
    view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=("saturating", "non_saturating"))))
    pixels(view, 330, 210)
    assert verdicts == ["✗ Loses the generator", "✓ May be added"]
    assert len(curves) == 2 * 3


@pytest.mark.parametrize("width", [90, 300])
def test_a_choice_without_room_ends_with_an_ellipsis(qtbot, width):
    box = ElidedBox()
    qtbot.addWidget(box)
    box.addItem("D's number: as trained")
    box.resize(width, 24)
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    assert box.shown_words(option).endswith("…") == (width == 90)
    box.grab()


def test_a_box_without_a_choice_says_so(qtbot):
    box = ElidedBox()
    qtbot.addWidget(box)
    box.resize(200, 24)
    empty = box.grab().toImage()
    box.setPlaceholderText("different")
    assert box.grab().toImage() != empty


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("of_g", [0.0, np.nan])
def test_terms_that_are_nowhere_above_or_below_0_have_an_axis(qapp: object, of_g: float) -> None:
    x = np.linspace(0.0, 1.0, 5)
    own = OwnTerms("D(G(z))", x, np.zeros(5), np.array([0.0, of_g, 0.0, of_g, 0.0]))
    rows = [DirectionRow("L", role, ()) for role in ("d_loss", "g_loss", "total")]
    image = QImage(300, 200, QImage.Format.Format_ARGB32)
    image.fill(0)
    with painting_on(image) as painter:
        direction_drawing.draw_terms(painter, QRectF(0, 0, 300, 200), rows, own, LIGHT, Fonts.of(QFont()))
    assert any(bytes(image.constBits()))
