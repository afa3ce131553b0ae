"""The formula card: every term is set, its values add up to the losses', and what is copied is what is computed."""

import itertools
import json

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QPushButton, QToolButton

from ganviz.losses.latex import d_terms, g_terms
from ganviz.losses.presets import FORMULATIONS
from ganviz.session.choosing import chosen_run
from ganviz.session.commands import Look
from ganviz.session.runner import Runner
from ganviz.session.scripting import formulation_script
from ganviz.training.probes.ledger import Ledger
from ganviz.views.bases.plot_export import export_view, view_image
from ganviz.views.controls.formulation_panel import FormulationPanel
from ganviz.views.look.theme import DARK
from ganviz.views.look.typeset import typeset
from ganviz.views.pictures.formula_layout import SIZES, card_height
from ganviz.views.pictures.formula_rows import cards
from ganviz.views.pictures.formula_view import FormulaView
from ganviz.views.plot.plotting import painting_on

SMALL = ("architecture.width=8", "training.batch_size=32", "training.device=cpu")


def shown(qtbot, *formulations, steps=20):
    config, _ = chosen_run(formulations=formulations, settings=SMALL)
    runner, view = Runner(config), FormulaView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    if steps:
        runner.trainer.train(steps)
    view.show_snapshot(runner.answer(Look(view.needs())))
    return view


def test_values_under_terms_add_up(qtbot):
    view = shown(qtbot, "saturating", "r3gan", "r3gan")
    snapshot = view.snapshot
    saturating, r3gan = cards(snapshot.config, snapshot.get(Ledger))
    assert r3gan.lanes == (1, 2)
    for card in (saturating, r3gan):
        d_row, g_row, *_, total = card.rows
        parts = np.sum([piece.values for piece in d_row[1:] if piece.values], axis=0)
        np.testing.assert_allclose(d_row[0].values, parts, rtol=1e-12)
        np.testing.assert_allclose(total[0].values, np.add(d_row[0].values, g_row[0].values), rtol=1e-12)
    assert [piece.role for piece in saturating.rows[0] if piece.role] == ["d_loss", "real", "generated"]
    of_pairs = r3gan.rows[-1]
    assert [piece.latex.lstrip("+\\; ") for piece in of_pairs[2:]] == [
        piece.latex.lstrip("+\\; ") for row in r3gan.rows[:2] for piece in row[2:]
    ], "the total is all terms of both"
    value, total = saturating.rows[2:]
    np.testing.assert_allclose(value[0].values, np.negative(saturating.rows[0][0].values), rtol=1e-12)
    # the generator has canceled out: what is left is D's real part, by formula and by number
    assert total[2].latex == saturating.rows[0][2].latex
    np.testing.assert_allclose(total[0].values, saturating.rows[0][2].values, rtol=1e-9)


def test_it_is_drawn_as_outlines_in_every_state(qtbot, tmp_path):
    view = shown(qtbot, "non_saturating", "wgan_gp", "hinge", "hinge", steps=0)
    view.apply_theme(DARK)
    for width, height in ((200, 120), (700, 500)):
        view.resize(width, height)
        assert not view.grab().isNull()
    export_view(view, tmp_path / "card.svg", size=QSize(700, 500), settings="{}")
    text = (tmp_path / "card.svg").read_text("utf-8")
    assert text.count("<path") > 60
    assert "<image" not in text


@pytest.mark.parametrize("size", [(525, 215), (700, 325), (341, 235), (1100, 240)])
def test_cards_stand_side_by_side_where_there_is_no_room_below(qtbot, size):
    """Half of a view stood empty while it said that more cards need a larger one."""
    view = shown(qtbot, "non_saturating", "saturating", "least_squares", "hinge")
    area = QRectF(0, 0, *size)
    letters, placed = view._laid_out(view._cards(), area)
    assert letters in SIZES
    boxes = [QRectF(box.topLeft(), QSizeF(box.width(), card_height(card, box.width(), letters, view.fonts())))
             for card, box in placed]  # fmt: skip
    for i, box in enumerate(boxes):
        assert area.contains(box) or len(placed) == 1
        assert not any(box.intersects(other) for other in boxes[:i])
    assert len(placed) == {(700, 325): 4, (1100, 240): 4}.get(size, len(placed))


def test_every_formula_is_set():
    terms = [
        term.latex for named in FORMULATIONS.values()
        for term in (*d_terms(named.formulation), *g_terms(named.formulation))
    ]  # fmt: skip
    for latex in dict.fromkeys(terms):
        formula = typeset(latex)
        assert formula.width > 10
        assert formula.above > 5
        assert "<use" not in formula.svg


def test_what_is_copied_is_latex_and_pytorch(qtbot):
    view = shown(qtbot, "saturating", "r3gan", steps=0)
    texts = {}
    for button in view.findChildren(QToolButton):
        button.click()
        texts[button.text()] = QGuiApplication.clipboard().text()
    assert texts["Copy as LaTeX"].count(r"\begin{aligned}") == 2
    assert r"\log(1 - D(G(z)))" in texts["Copy as LaTeX"]
    assert texts["Copy as PyTorch"].count("def generator_loss") == 2


def test_a_formulation_is_copied_where_it_is_set(qtbot):
    panel = FormulationPanel(FORMULATIONS["r3gan"].formulation)
    qtbot.addWidget(panel)
    (menu,) = [button.menu() for button in panel.findChildren(QPushButton) if button.menu()]
    texts = []
    for action in menu.actions():
        action.trigger()
        texts.append(QGuiApplication.clipboard().text())
    as_json, as_code, as_latex = texts
    assert json.loads(as_json)["loss"]["kind"] == "rpgan"
    assert "def r2(x):" in as_code
    assert r"L_G &=" in as_latex


@pytest.mark.parametrize("name", FORMULATIONS)
def test_copied_lines_compute_the_numbers_of_the_engine(name):
    formulation = FORMULATIONS[name].formulation
    names = {}
    exec(formulation_script(formulation), names)
    real, fake = torch.randn(
        2, 1, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(3)
    ).unbind()
    if not formulation.loss.has_discriminator:
        samples = real.view(8, 2), fake.view(8, 2)
        torch.testing.assert_close(names["generator_loss"](*samples), formulation.loss.distance(*samples))
        return
    scores = {"real_scores": real, "fake_scores": fake}
    expected = formulation.loss.discriminator(**scores)[0]
    torch.testing.assert_close(names["discriminator_loss"](real[0], fake[0]), expected)
    given = (real[0], fake[0]) if formulation.loss.generator_sees_real else (fake[0],)
    torch.testing.assert_close(names["generator_loss"](*given), formulation.loss.generator(**scores)[0])
    names["D"] = lambda x: (x**3).sum(1)
    for penalty in formulation.penalties:
        x = torch.randn(16, 2, dtype=torch.float64)
        squares = (3 * x**2).square().sum(1)
        expected = penalty.factor * penalty.of_squares(squares).mean()
        torch.testing.assert_close(names[penalty.key](x), expected)


def test_what_the_pointer_is_at_stands_out_in_every_view(open_window):
    """From a term to its curves, and from a legend's entry to the terms."""
    config, _ = chosen_run(formulations=("non_saturating",), settings=SMALL)
    runner, window = Runner(config), open_window(config)
    runner.trainer.train(50)
    views = window.docks.views
    card, losses, total = (views[key] for key in ("formula", "losses", "total_loss"))
    for view in (card, losses, total):
        view.show_snapshot(runner.answer(Look(view.needs())))
        view_image(view, QSize(500, 400), view.theme)
    card.canvas.resize(500, 400)
    places = card.places(QRectF(card.canvas.rect()))
    assert {"d_loss", "real", "generated", "g_loss", "value", "total"} == {role for _, role in places}
    assert not any(a.intersects(b) for (a, _), (b, _) in itertools.combinations(places, 2))

    def picture(view):
        image = QImage(500, 400, QImage.Format.Format_RGB32)
        image.fill(0)
        with painting_on(image) as painter:
            view.draw_overlay(painter, QRectF(0, 0, 500, 400))
        return image

    dark = picture(losses), picture(total), picture(card)
    box = next(box for box, role in places if role == "generated")
    card.pointer_moved(box.center())
    assert {losses._lit_role, total._lit_role, card._lit_role} == {"generated"}
    assert all(picture(view) != plain for view, plain in zip((losses, total, card), dark, strict=True))
    card.pointer_moved(None)
    assert (picture(losses), picture(total), picture(card)) == dark
    losses.pointer_moved(losses.legend_places()["g_loss"].center())
    assert card._lit_role == "g_loss"
    assert picture(card) != dark[2]
    drawn = losses._chart.drawn
    one = next(one for curve, _, one in drawn.tracks if curve.column == "d_loss")
    at = QPointF(drawn.x.pixel(float(one.steps[30])), drawn.y.pixel(float(one.mean[30])))
    losses.pointer_moved(at)
    assert card._lit_role == "d_loss"
    losses.pointer_moved(None)
    assert card._lit_role == ""
