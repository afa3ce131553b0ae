"""Every view says in a sentence what there is not without a discriminator, and shows all else beside lanes with one."""

import pytest
from PySide6.QtCore import QSize

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
