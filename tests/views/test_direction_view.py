"""The table of directions and ranges: the article's figures, its first mistake, and nothing invented for critics."""

from __future__ import annotations

import made_up
import pytest

from ganviz.losses.addition import addition
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.views.bases import lane_cells
from ganviz.views.pictures import direction_view
from ganviz.views.pictures.direction_view import DirectionView, table


def texts(of_d: AbstractAdversarialLoss | None, of_g: AbstractAdversarialLoss) -> list[tuple[str, ...]]:
    return [row.texts[:4] for row in table(of_d, of_g, addition(of_d, of_g), {})]


def test_the_articles_ranges_and_equilibria() -> None:
    """A6 and A7."""
    d = ("D: smaller", "[0, ∞)", "[0, 2 ln 2]", "2 ln 2 = 1.386")
    assert texts(NonSaturating(), NonSaturating()) == [
        d,
        ("G: smaller", "[0, ∞)", "[ln 2, ∞)", "ln 2 = 0.693"),
        ("nobody's", "[2 ln 2, ∞)", "[2.038, ∞)", "3 ln 2 = 2.079"),
    ]
    assert texts(Saturating(), Saturating()) == [
        d,
        ("G: smaller", "(−∞, 0]", "[−ln 2, 0]", "−ln 2 = −0.693"),
        ("nobody's", "[0, ∞)", "[0, ln 2]", "ln 2 = 0.693"),
    ]
    assert texts(None, Saturating())[0] == ("D: larger", "(−∞, 0]", "[−2 ln 2, 0]", "−2 ln 2 = −1.386")


@pytest.mark.parametrize("loss", [Wasserstein(), Hinge(), LeastSquares()])
def test_other_losses_have_no_figures_of_the_article(loss: AbstractAdversarialLoss) -> None:
    for row in texts(loss, loss):
        assert row[2] == "–"
        assert "ln 2" not in " ".join(row)
    assert texts(Wasserstein(), Wasserstein())[1][3] == "open"


def test_a_pair_that_nobody_trains_has_no_common_equilibrium() -> None:
    assert texts(LeastSquares(), NonSaturating())[2][2:] == ("–", "open")


def test_numbers_are_chosen_by_hand_or_as_trained(pixels, qapp: object) -> None:
    view = DirectionView()
    config = made_up.run_config(formulations=("saturating", "hinge"))
    view.show_snapshot(made_up.snapshot(config))
    assert view.pair(config, 1) == (Hinge(), Hinge())
    before = pixels(view)
    view.choose("value", "trained")
    assert view.pair(config, 0) == (None, Saturating())
    assert (pixels(view) != before).any()
    view.choose("hinge", "non_saturating")
    assert view.pair(config, 0) == view.pair(config, 1) == (Hinge(), NonSaturating())
    pixels(view)


@pytest.mark.parametrize("height", [110, 240, 600])
def test_lanes_without_room_for_tables_have_a_line_each(qapp, pixels, monkeypatch, height):
    view, drawn = DirectionView(), []
    draw = direction_view.draw_text

    def seen(painter, box, text, *how, **more):
        drawn.append((box, text))
        draw(painter, box, text, *how, **more)

    for module in (direction_view, lane_cells):
        monkeypatch.setattr(module, "draw_text", seen)
    config = made_up.run_config(formulations=("non_saturating", "saturating", "wasserstein", "least_squares"))
    view.show_snapshot(made_up.snapshot(config))
    pixels(view, 420, height)
    assert all(box.bottom() <= height + 2 for box, _ in drawn)
    titles = [box.top() for box, text in drawn if text in {config.lane_title(lane) for lane in range(4)}]
    assert len(titles) == 4
    others = [box for box, text in drawn if not text.startswith(("✓", "✗")) and box.left() > 20]
    assert bool(others) == (height == 600), "tables only where they do not lie over each other"
