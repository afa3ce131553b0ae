"""The images: of what latents and weights they are, colors of critics about a mean, what the pointer reads."""

from __future__ import annotations

import dataclasses
from xml.etree import ElementTree

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from ganviz.session.figure import Figure
from ganviz.training.config import RunConfig
from ganviz.training.probes.image_grid import ImageGrid
from ganviz.training.probes.score_histogram import OF_BATCH, ScoreHistogram
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import figure_svg, view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.digits_layout import mosaic
from ganviz.views.pictures.digits_view import DigitsView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView


def run(*formulations: str, ema: float = 0.0) -> RunConfig:
    config = made_up.run_config("digits", formulations)
    return dataclasses.replace(config, training=dataclasses.replace(config.training, ema_decay=ema))


def texts(view: AbstractPaintedView, width: int, height: int) -> list[str]:
    root = ElementTree.fromstring(figure_svg(view, Figure.of_pixels(width, height), LIGHT))
    return [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text")]


def shown(cls: type[AbstractPaintedView], snapshot: Snapshot) -> AbstractPaintedView:
    view = cls()
    view.show_snapshot(snapshot)
    return view


@pytest.mark.parametrize(("ema", "words"), [(0.0, ""), (0.99, " by G's average")])
def test_images_say_of_which_latents_and_weights_they_are(qapp: object, ema: float, words: str) -> None:
    view = shown(DigitsView, made_up.snapshot(run("non_saturating", ema=ema)))
    said = " ".join(texts(view, 640, 720))
    assert f"generated from 36 fixed latents{words}, mean D 0." in said
    assert ("average" in said) is bool(ema)


def test_narrow_images_say_what_they_can(qapp: object) -> None:
    four = ("non_saturating", "saturating", "wasserstein", "least_squares")
    view = shown(DigitsView, made_up.snapshot(run(*four)))
    said = texts(view, 370, 520)
    assert sum(text.startswith("generated, ") for text in said) == 4
    assert sum(text.startswith("real, ") for text in said) == 4


@pytest.mark.parametrize(
    ("n", "width", "height"), [(1, 420, 260), (1, 900, 300), (2, 470, 290), (4, 470, 290), (4, 330, 220)]
)
@pytest.mark.parametrize("of_batch", [False, True])
def test_every_histogram_says_whose_scores_it_shows(
    qapp: object, n: int, width: int, height: int, *, of_batch: bool
) -> None:
    config = run(*("non_saturating", "saturating", "wasserstein", "least_squares")[:n], ema=0.99)
    view, snapshot = ScoreHistogramView(), made_up.snapshot(config)
    view._of_batch.setChecked(of_batch)
    if of_batch:
        batch = snapshot.get(ScoreHistogram)
        snapshot = dataclasses.replace(snapshot, readings=((OF_BATCH, batch),))
    view.show_snapshot(snapshot)
    said = texts(view, width, height)
    assert sum(("last batch" if of_batch else "fixed samples") in text for text in said) == n
    assert not any(("fixed samples" if of_batch else "last batch") in text for text in said)


def test_a_wide_histogram_says_that_its_samples_are_the_averages(qapp: object) -> None:
    view = shown(ScoreHistogramView, made_up.snapshot(run("non_saturating", ema=0.99)))
    assert any("of G's average" in text for text in texts(view, 900, 300))


def shifted(snapshot: Snapshot, by: float) -> Snapshot:
    """Return a snapshot with all scores of images larger: nothing has changed for a critic."""
    readings = tuple(
        (
            probe,
            dataclasses.replace(
                one, generated_scores=one.generated_scores + by, real_scores=one.real_scores + by
            )
            if isinstance(one, ImageGrid)
            else one,
        )
        for probe, one in snapshot.readings
    )
    return dataclasses.replace(snapshot, readings=readings)


def test_borders_of_a_critics_images_depend_on_no_origin(qapp: object) -> None:
    snapshot = made_up.snapshot(run("wasserstein", "least_squares"))
    for lane, is_free in ((0, True), (1, False)):
        ranges, colors = [], []
        for by in (0.0, -8.0):
            at = shifted(snapshot, by)
            view, grid = shown(DigitsView, at), at.get(ImageGrid)
            assert isinstance(view, DigitsView)
            assert grid is not None
            ranges.append(view._score_range(at.config, lane, grid))
            colors.append(ranges[-1].colors(grid.real_scores[lane], LIGHT))
        assert np.allclose(*(one.astype(float) for one in colors), atol=70000) is is_free
        assert ranges[1].is_mean is is_free
        assert ranges[1].center == pytest.approx(ranges[0].center - 8 if is_free else 0.5, abs=1e-4)


def test_the_bar_of_a_critic_says_about_what_its_colors_are(qapp: object) -> None:
    said = texts(shown(DigitsView, made_up.snapshot(run("wasserstein"))), 700, 760)
    assert "mean" in said
    assert any("from these images’ mean" in text for text in said)


def test_the_pointer_reads_what_d_says_of_an_image(qtbot: QtBot) -> None:
    snapshot = made_up.snapshot(run("non_saturating", "wasserstein"))
    view = shown(DigitsView, snapshot)
    assert isinstance(view, DigitsView)
    qtbot.addWidget(view)
    view.resize(QSize(640, 640))
    view.show()
    qtbot.waitExposed(view)
    view.canvas.grab()
    grid = snapshot.get(ImageGrid)
    assert grid is not None
    assert [(block.lane, block.role) for block in view._seen] == [
        (lane, role) for lane in (0, 1) for role in ("generated", "real")
    ]
    for block in view._seen:
        scores = grid.generated_scores if block.role == "generated" else grid.real_scores
        at = block.box(7).center()
        assert block.at(at.x(), at.y()) == 7
        rows = block.read_out(7).rows
        assert [row.name for row in rows][-1] == "score"
        assert float(rows[-1].values[0].replace("−", "-")) == pytest.approx(scores[block.lane, 7], abs=6e-4)
        assert len(rows) == (2 if block.lane == 0 else 1)
    before = view.canvas.grab().toImage()
    view.pointer_moved(view._seen[0].box(7).center())
    assert view.canvas.grab().toImage() != before
    view.pointer_moved(QPointF(1, 1))
    assert view.canvas.grab().toImage() == before
    view.pointer_moved(None)


def test_the_pointer_enlarges_an_image_to_whole_pixels(qapp: object) -> None:
    snapshot = made_up.snapshot(run("non_saturating"))
    view = shown(DigitsView, snapshot)
    assert isinstance(view, DigitsView)
    area = QRectF(0, 0, 640, 480)
    view_image(view, QSize(640, 480), LIGHT)
    for block in view._seen:
        for i in (0, len(block.scores) - 1):  # of two corners
            view._pointed = block.box(i).center()
            image = QImage(640, 480, QImage.Format.Format_RGB32)
            image.fill(QColor("magenta"))
            painter = QPainter(image)
            view.draw_overlay(painter, area)
            painter.end()
            pixels = np.frombuffer(bytes(image.constBits()), np.uint32).reshape(480, 640)
            picture = mosaic(
                block.images[i : i + 1], block.shown.colors(block.scores[i : i + 1], LIGHT), 1, LIGHT
            )
            times = int(210 / len(picture))
            enlarged = np.kron(picture, np.ones((times, times), np.uint32))
            found = np.argwhere(pixels == enlarged[0, 0])
            height, width = enlarged.shape
            assert any((pixels[y : y + height, x : x + width] == enlarged).all() for y, x in found)
            if block.box(i).right() < 200:
                assert found[:, 1].min() > block.box(i).right()
