"""Figures as wide as a journal's column: every caption stands whole, on two lines or without its last sentences."""

from __future__ import annotations

from xml.etree import ElementTree

import made_up
import pytest
from PySide6.QtGui import QFont

from ganviz.session.figure import COLUMNS, MM_PER_INCH, Figure
from ganviz.views.bases.plot_export import figure_svg
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import VIEWS
from ganviz.views.plot.caption import caption_lines
from ganviz.views.plot.plotting import text_width
from ganviz.views.plot.svg import SVG

WIDTH, HEIGHT = (side / MM_PER_INCH for side in COLUMNS["single"])


@pytest.mark.parametrize("formulations", [("non_saturating",), ("saturating", "wgan_gp")])
@pytest.mark.parametrize("letters", [7.0, None])
@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_nothing_is_cut_in_a_figure_of_one_column(
    cls: type,
    letters: float | None,
    formulations: tuple[str, ...],
    qapp: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if letters is None:  # names of two changes are longer together than two lines
        monkeypatch.setattr("ganviz.views.bases.chart.draw_marks", lambda *_: [])
    view = cls()
    config = made_up.run_config(made_up.of_view(cls), formulations)
    view.show_snapshot(made_up.snapshot(config))
    root = ElementTree.fromstring(figure_svg(view, Figure(WIDTH, HEIGHT, 300, letters), LIGHT))
    texts = ["".join(found.itertext()) for found in root.iter(f"{{{SVG}}}text")]
    assert not [text for text in texts if "…" in text]


def test_a_caption_gives_up_its_last_sentences_and_then_its_last_clauses(qapp: object) -> None:
    font, text = QFont(), "One sentence here; with a clause. Another one."
    whole = text_width(font, text)
    assert caption_lines(font, whole + 1, text) == [text]
    assert caption_lines(font, whole - 1, text) == ["One sentence here; with a clause. Another", "one."]
    assert caption_lines(font, whole - 1, text, 1) == ["One sentence here; with a clause."]
    short = text_width(font, "One sentence here;")
    assert caption_lines(font, short, text, 1) == ["One sentence here"]
    assert caption_lines(font, 0.6 * short, text, 1) == ["One sentence here"], (
        "wider: nothing shorter is said"
    )
