"""Every view says in a sentence what there is not without a discriminator, and shows all else beside lanes with one."""

import made_up
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from ganviz.session.choosing import chosen_run
from ganviz.session.commands import Look
from ganviz.session.runner import Runner
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.dirac_view import DiracView
from ganviz.views.pictures.plane_scores import LaneScores

SMALL = ("architecture.width=8", "training.batch_size=32", "training.device=cpu")
WITHOUT_ANY = {
    "score_histogram", "loss_shape", "ledger", "bound", "phase", "total_loss", "shadows", "direction"
}  # fmt: skip


@pytest.mark.parametrize("data", ["ring", "two_gaussians_1d", "mnist"])
def test_views_say_what_there_is_not(qtbot, data):
    settings = (*SMALL[1:],) if data == "mnist" else SMALL
    for names in (("mmd",), ("non_saturating", "energy_distance")):
        config, _ = chosen_run(formulations=names, data=data, settings=settings)
        runner, silent = Runner(config), set()
        runner.trainer.train(5)
        for cls in VIEWS:
            if not cls.supports(config):
                continue
            view = cls()
            qtbot.addWidget(view)
            view.show_snapshot(runner.answer(Look(view.needs())))
            assert isinstance(view, AbstractPaintedView)
            view_image(view, QSize(640, 420), LIGHT)
            assert view.snapshot is not None or not view.of_d
            if words := view.absence():
                assert words.startswith("MMD trains G without a discriminator: there ")
                assert "_" not in words  # a subscript would not be set
                silent.add(view.key)
            if view.of_d and len(names) > 1:
                assert view.absence(1).startswith("Energy distance trains G without a discriminator")
                assert not view.absence(0)
            if isinstance(view, DiracView):
                assert "there is nobody to play against" in view._plays.refusals[-1]
        shown = {cls.key for cls in VIEWS if cls.supports(config)}
        assert silent == (WITHOUT_ANY & shown if len(names) == 1 else set())
        scores = LaneScores(config)
        assert scores.absence(len(names) - 1).endswith("no surface, no arrows")
        assert [scores.has_d(lane) for lane in range(len(names))] == [
            name == "non_saturating" for name in names
        ]


@pytest.mark.parametrize("key", sorted(WITHOUT_ANY))
def test_a_sentence_has_nothing_under_the_pointer(qtbot, key):
    """Values of a curve that had been there stood over the sentence, and a move over the loss shape was a defect."""
    view = next(cls for cls in VIEWS if cls.key == key)()
    qtbot.addWidget(view)
    view.resize(480, 360)
    for formulation in ("non_saturating", "energy_distance"):
        view.show_snapshot(made_up.snapshot(made_up.run_config("ring", (formulation,))))
        view_image(view, QSize(480, 360), view.theme)
        view.pointer_moved(QPointF(240, 180))
        if hasattr(view, "move_crosshair"):
            view.move_crosshair(0.1)
    image = QImage(480, 360, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    view.draw_overlay(painter, QRectF(0, 0, 480, 360))
    painter.end()
    assert not any(bytes(image.constBits()))
