"""Figures for papers: their size, letters, lines, background and values are what was asked for."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from ganviz.rendering import render, render_all
from ganviz.session.figure import COLUMNS, MM_PER_INCH, Figure
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.columns import COLUMNS as COLUMN_NAMES
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.plot.svg import SVG

FILE = Path(__file__).parents[1] / "data" / "v0.1" / "plane.ganviz"
WIDTH, HEIGHT = (side / MM_PER_INCH for side in COLUMNS["single"])
PAPER = Figure(WIDTH, HEIGHT, 300, font_pt=7, line_pt=0.75)


def drawing(view: str, path: Path, figure: Figure) -> tuple[ElementTree.Element, float]:
    """Return what was drawn and the points in one of its units."""
    render(FILE, view, path, figure, "light")
    root = ElementTree.parse(path).getroot()
    assert (root.get("width"), root.get("height")) == ("85mm", "60mm")
    return root, WIDTH * 72 / float(root.get("viewBox", "").split()[2])


@pytest.mark.parametrize("asked", [(7, 0.75), (9, 0.5), (None, 2.0)])
def test_letters_and_lines_have_their_points(
    asked: tuple[float | None, float], qapp: object, tmp_path: Path
) -> None:
    root, point = drawing("losses", tmp_path / "a.svg", Figure(WIDTH, HEIGHT, 300, *asked))
    curves = [
        float(group.get("stroke-width", "")) * point
        for group in root.iter(f"{{{SVG}}}g")
        if any(line.get("points", "").count(",") > 50 for line in group.findall(f"{{{SVG}}}polyline"))
    ]
    assert max(curves) == pytest.approx(asked[1], rel=1e-4)
    assert min(curves) == pytest.approx(asked[1] / 2, rel=1e-4), "the parts are half as wide"
    label = next(
        group for group in root.iter(f"{{{SVG}}}g")
        if "loss (nats)" in "".join("".join(text.itertext()) for text in group.findall(f"{{{SVG}}}text"))
    )  # fmt: skip
    if asked[0] is not None:
        assert float(label.get("font-size", "")) * point == pytest.approx(asked[0], rel=0.08)


def test_pixels_and_pages_have_their_size(qapp: object, tmp_path: Path) -> None:
    render(FILE, "losses", tmp_path / "a.png", PAPER, "light")
    render(FILE, "losses", tmp_path / "a.pdf", PAPER, "light")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (1004, 709)
        assert image.info["dpi"] == pytest.approx((300, 300), rel=1e-3)
        assert image.mode == "RGB"
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", (tmp_path / "a.pdf").read_bytes())
    assert box is not None
    assert [float(side) for side in box.groups()] == pytest.approx([240.9, 170.1], abs=0.5)


def test_a_transparent_picture_has_no_background(qapp: object, tmp_path: Path) -> None:
    figure = Figure(WIDTH, HEIGHT, 100, is_transparent=True)
    render(FILE, "losses", tmp_path / "a.png", figure, "dark")
    alpha = np.asarray(Image.open(tmp_path / "a.png"))[:, :, 3]
    assert alpha[0].max() == 0
    assert 0.5 < (alpha == 0).mean() < 0.99
    filled = f"{{{SVG}}}rect"
    opaque, _ = drawing("losses", tmp_path / "a.svg", PAPER)
    clear, _ = drawing("losses", tmp_path / "b.svg", Figure(WIDTH, HEIGHT, 300, 7, 0.75, is_transparent=True))
    assert len(list(opaque.iter(filled))) == len(list(clear.iter(filled))) + 1


def test_all_views_are_written_with_the_values_of_the_history(qapp: object, tmp_path: Path) -> None:
    render_all(FILE, tmp_path / "all", PAPER, "light", ending=".svg", with_data=True)
    trainer = load_checkpoint(FILE)
    meant = {f"{cls.key}.svg" for cls in VIEWS if cls.supports(trainer.config)}
    assert {path.name for path in (tmp_path / "all").glob("*.svg")} == meant
    assert {f"{path.stem}.svg" for path in (tmp_path / "all").glob("*.csv")} == meant
    lines = (tmp_path / "all" / "losses.csv").read_text("utf-8").splitlines()
    assert lines[-1] == f"# step {trainer.step}"
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    steps = [int(row["first_step"]) for row in rows]
    assert steps == list(range(1, trainer.step + 1))
    table = trainer.history.table(0)
    several, title = len(trainer.config.lanes) > 1, trainer.config.lane_title(0)
    name = f"g_loss (lane 1: {title}) mean" if several else "g_loss mean"
    np.testing.assert_allclose(
        [float(row[name]) for row in rows], table[:, COLUMN_NAMES.index("g_loss")], rtol=1e-6
    )


def test_letters_too_large_and_values_there_are_not_are_told(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LedgerView, "values", lambda self: None)
    with pytest.raises(InvalidValueError, match=r"Letters of 40 pt .* 85 × 60 mm; at most [\d.]+ pt fit"):
        render(FILE, "losses", tmp_path / "a.png", Figure(WIDTH, HEIGHT, 300, font_pt=40), "light")
    with pytest.raises(InvalidValueError, match="'ledger' has no table of values"):
        render(FILE, "ledger", tmp_path / "a.png", PAPER, "light", with_data=True)
    assert not list(tmp_path.iterdir())
