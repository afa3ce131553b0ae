"""Whose is what: every view tells lanes by whole names, or numbers them and tells the names, also where it is small."""

import csv
import io
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize

from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.score_histogram import ScoreHistogram
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.chart_content import lane_key
from ganviz.views.bases.chart_legend import legend_entries
from ganviz.views.bases.plot_export import export_view, view_image
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.bound_view import BoundView
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.metrics_trace_view import MEASURES
from ganviz.views.pictures.metrics_view import MetricsView
from ganviz.views.pictures.mode_bars_view import ModeBarsView
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView
from ganviz.views.pictures.seeds_view import SeedsView
from tests.views import made_up

LANES = ("non_saturating", "saturating", "least_squares", "hinge")
SIZES = {"1024 pixels": QSize(341, 235), "1440 pixels": QSize(525, 215)}
"""Of a view at the lower right of the window."""
OF_LANES = [cls for cls in VIEWS if cls.key not in ("line", "digits", "formula", "dirac")]


def texts(view: AbstractPaintedView, tmp_path, size: QSize) -> str:
    """Return everything that is written in a view, in one line."""
    export_view(view, tmp_path / "a.svg", size=size, settings="{}")
    drawing = ET.fromstring((tmp_path / "a.svg").read_text("utf-8"))
    return " ".join("".join(one.itertext()).strip() for one in drawing.iter() if one.tag.endswith("text"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("cls", OF_LANES, ids=[cls.key for cls in OF_LANES])
def test_every_lane_is_named_in_full(cls: type[AbstractPaintedView], n: int, size: str, qtbot, tmp_path):
    config = made_up.run_config("ring", LANES[:n])
    view = cls()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(config))
    written = re.sub(r"\s+", " ", texts(view, tmp_path, SIZES[size]))
    for lane in range(n):
        assert config.lane_title(lane) in written, written


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cls", OF_LANES, ids=[cls.key for cls in OF_LANES])
def test_lanes_called_alike_are_told_apart(cls: type[AbstractPaintedView], size: str, qtbot, tmp_path):
    view = cls()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("hinge", "hinge"))))
    written = re.sub(r"\s+", " ", texts(view, tmp_path, SIZES[size]))
    for lane in (1, 2):
        assert re.search(rf"\b{lane}(\.|) Hinge", written), written


@pytest.mark.parametrize("cls", [LossesView, LossShapeView])
def test_columns_of_values_name_their_lanes(cls: type[AbstractPaintedView], qtbot):
    config = made_up.run_config("ring", ("hinge", "least_squares", "hinge"))
    lanes = (replace(config.lanes[0], label='a <b>, "c" & d'), *config.lanes[1:])
    view = cls()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(replace(config, lanes=(*lanes, lanes[-1]))))
    values = view.values()
    read = next(csv.reader(io.StringIO(values.csv())))
    assert read == list(values.headings)
    assert len(set(read)) == len(read)
    for lane in ('lane 1: a <b>, "c" & d', "lane 2: Least squares", "lane 3: Hinge", "lane 4: Hinge"):
        assert any(f"({lane})" in heading for heading in read), read


@pytest.mark.parametrize("width", [330, 352, 380])
def test_the_legend_of_narrow_planes_begins_further_left_and_is_whole(width: int, qtbot, tmp_path):
    view = PlaneView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", LANES[:2])))
    written = texts(view, tmp_path, QSize(width, 455))
    assert all(name in written for name in ("real", "generated", "D = ½", "missed mode")), written


@pytest.mark.parametrize("n", [2, 4])
def test_what_d_lacks_outlasts_names(n: int, qtbot, tmp_path):
    config = made_up.run_config("ring", LANES[:n])
    lanes = tuple(
        replace(lane, label=f"a formulation <of mine> with name {i}") for i, lane in enumerate(config.lanes)
    )
    view = BoundView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(replace(config, lanes=lanes)))
    written = texts(view, tmp_path, SIZES["1024 pixels"])
    assert len(re.findall(r"gap\s*0\.\d{3}", written)) == n, written
    assert written.count("a f") == n


def test_lanes_whose_numbers_have_no_room_are_counted(qtbot, tmp_path):
    config = made_up.run_config("ring", LANES * 3)
    view = MetricsView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(config))
    written = texts(view, tmp_path, SIZES["1024 pixels"])
    shown = len(re.findall(r"\d of 8", written))
    assert 3 <= shown < 12
    assert f"{12 - shown} more need a wider view" in written


def test_measures_that_have_no_room_are_counted(qtbot, tmp_path):
    view = SeedsView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring", LANES)))
    for size, count in ((SIZES["1024 pixels"], 5), (QSize(500, 700), 0)):
        written = texts(view, tmp_path, size)
        shown = sum(one.title in written for one in MEASURES)
        missing = re.findall(r"(\d) more needs? a higher view", written)
        assert missing == ([str(len(MEASURES) - shown)] if count else []), written


def test_the_legend_has_no_value_of_what_is_hidden_or_has_none(qtbot, tmp_path):
    """The entries stay where they were: the next click is at the same place."""
    config = made_up.run_config("ring", ("non_saturating", "wgan_gp"))
    view = LossesView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(config))

    def values(symbol: str) -> list[str]:
        entry = next(e for e in legend_entries(view.content(), view.theme) if e.symbol == symbol)
        return (entry.values if entry.told is None else entry.told).split(" | ")

    def places() -> list[QRectF]:
        view_image(view, QSize(900, 400), view.theme)
        return list(view.legend_places().values())

    before, at = values("L<sub>D</sub>"), places()
    assert len(before) == 2
    penalty = values("penalty")
    assert penalty[0] == "–", "the first lane has no penalty"
    assert penalty[1] != "–"
    view._hide(lane_key(0), alone=False)
    assert values("L<sub>D</sub>") == before[1:]
    view._hide("g_loss", alone=False)
    assert values("L<sub>G</sub>") == [""]
    assert places() == at
    assert before[0] not in texts(view, tmp_path, QSize(900, 400))


@pytest.mark.parametrize("width", range(300, 900, 20))
def test_means_of_scores_are_called_alike_in_all_lanes(width: int, qtbot, tmp_path):
    """One lane's had more digits, and so no words, where those of the others had both."""
    snapshot = made_up.snapshot(made_up.run_config("ring", ("non_saturating", "saturating") * 2))
    (probe, found) = next(one for one in snapshot.readings if isinstance(one[1], ScoreHistogram))
    means = np.array([0.50112, 0.8, 0.7, 0.6]), np.array([0.50103, 0.2, 0.3, 0.4])
    close = replace(found, real_mean=means[0], generated_mean=means[1])
    view = ScoreHistogramView()
    qtbot.addWidget(view)
    view.show_snapshot(replace(snapshot, readings=((probe, close),)))
    written = texts(view, tmp_path, QSize(width, 250))
    assert "0.80" in written
    for words in (r"mean D\(x\)", r"mean D\(G\(z\)\)", r"generated 0\.\d", r"real 0\.\d"):
        assert len(re.findall(words, written)) in (0, 4), written


@pytest.mark.parametrize("width", range(320, 1300, 60))
def test_mode_bars_say_as_much_of_each_lane_and_cut_no_name(width: int, qtbot, tmp_path):
    """One lane had its reverse KL, whose number was shorter; four stood beside each other with a name cut."""
    snapshot = made_up.snapshot(made_up.run_config("ring", LANES))
    (probe, found) = next(one for one in snapshot.readings if isinstance(one[1], Metrics))
    uneven = replace(found, reverse_kl=np.array([0.001, 2.34e-7, 0.01, 0.1]))
    view = ModeBarsView()
    qtbot.addWidget(view)
    view.show_snapshot(replace(snapshot, readings=((probe, uneven),)))
    written = texts(view, tmp_path, QSize(width, 280))
    assert "…" not in written
    for words in ("quality", "ceiling", "reverse KL", r"within 3σ \d"):
        assert len(re.findall(words, written)) in (0, 4), written
