"""The axes of a plane are called as the columns of a person's own file, where it has a header."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from xml.etree import ElementTree

import made_up
import numpy as np
import pytest
from PySide6.QtGui import QFont

from ganviz.data.points_file import PointsFile
from ganviz.session.figure import Figure
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.snapshot import LaneStatus, Snapshot, Stamp
from ganviz.views.bases.plot_export import figure_svg
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.plane_axes import place_words, shortened
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.plot.plotting import text_width
from ganviz.views.plot.svg import SVG

LONG = "concentration of what was found in the sediment (milligrams per liter)"


def plane_of(path: Path, header: str, columns: str = "", n: int = 1) -> PlaneView:
    rows = np.random.default_rng(0).normal([170, 70], [10, 8], (50, 2))
    path.write_text(header + "".join(f"{x:.2f},{y:.2f},1\n" for x, y in rows))
    data = PointsFile(path=str(path), columns=columns)
    config = dataclasses.replace(made_up.run_config(formulations=("non_saturating",) * n), distribution=data)
    samples = Samples(data.sample(50, np.random.default_rng(1)), np.zeros((n, 5, 2), dtype=np.float32))
    stamp, status = Stamp(1, 100, 0), (LaneStatus(),) * n
    view = PlaneView()
    view.show_snapshot(Snapshot(stamp, config, status, "analytic", "cpu", ((SamplesProbe(), samples),), 100))
    return view


def written(view: PlaneView, size: tuple[int, int]) -> list[str]:
    root = ElementTree.fromstring(figure_svg(view, Figure.of_pixels(*size), LIGHT))
    return ["".join(found.itertext()).strip() for found in root.iter(f"{{{SVG}}}text")]


@pytest.mark.parametrize("n", [1, 2])
def test_axes_values_and_read_out_have_the_names_of_the_columns(n: int, qapp: object, tmp_path: Path) -> None:
    view = plane_of(tmp_path / "points.csv", "height,weight,age\n", "height, weight", n)
    texts = written(view, (900, 500))
    assert texts.count("height") == texts.count("weight") == n
    assert view.values().headings == ("sample", "lane", "height", "weight")
    assert view.read_out(0, 72.0, 65.5).title == "height 72.00, weight 65.50"


def test_without_a_header_axes_have_no_names(qapp: object, tmp_path: Path) -> None:
    view = plane_of(tmp_path / "points.csv", "")
    assert not any(text.isalpha() and text not in ("real", "generated") for text in written(view, (600, 500)))
    assert view.values().headings == ("sample", "lane", "x1", "x2")
    assert view.read_out(0, 72.0, -65.5).title == "x = (72.00, −65.50)"


def test_a_long_name_gives_up_its_unit_and_then_its_end(qapp: object, tmp_path: Path) -> None:
    view = plane_of(tmp_path / "points.csv", f"{LONG},weight,age\n")
    font, bare = QFont(), LONG.partition(" (")[0]
    assert shortened(font, text_width(font, LONG), LONG) == LONG
    assert shortened(font, text_width(font, bare), LONG) == bare
    cut = shortened(font, 0.5 * text_width(font, bare), LONG)
    assert cut.endswith("…")
    assert bare.startswith(cut[:-1])
    assert LONG in written(view, (900, 700))
    assert bare in written(view, (420, 400))
    assert place_words((LONG, "a"), 1.0, 2.0) == "concentration of wh… 1.00, a 2.00"
