"""The ledger's rows: bars that add up, what cancels, and no probabilities or nats for critics."""

from __future__ import annotations

import math

import made_up
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont

from ganviz.training.probes.ledger import GENERATORS, Ledger
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.formula import formula_width
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.ledger_rows import LaneLedger, equilibrium_text, lane_ledger
from ganviz.views.pictures.ledger_view import FEWEST_ROWS, LedgerView, _with_room, whole_lines
from ganviz.views.plot.plotting import Fonts, line_height

LN2 = math.log(2)


def of(formulation: str, generator: str = "trained") -> LaneLedger:
    snapshot = made_up.snapshot(made_up.run_config(formulations=(formulation,)))
    reading = snapshot.get(Ledger)
    assert reading is not None
    return lane_ledger(snapshot.config, reading, 0, generator)


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("key", ["saturating", "non_saturating", "wgan_gp", "r3gan", "hinge", "ragan"])
def test_each_bar_begins_where_the_sum_before_it_ended(key: str, generator: str) -> None:
    total = total_of_d = 0.0
    for row in of(key, generator).rows:
        if row.role == "value":
            assert row.end == -total_of_d
        elif row.short == "ρ":
            assert (row.start, row.end) == (0.0, pytest.approx(0.05)), "drawn apart, with its sign"
        elif row.is_sum:
            assert (row.start, row.end) == (0.0, pytest.approx(total))
            total_of_d = total if row.role == "d_loss" else total_of_d
        else:
            assert row.start == pytest.approx(total)
            total += row.value


def test_the_equilibrium_is_that_of_the_paper() -> None:
    """A7: 2 ln 2, and 3 ln 2 or ln 2 with either generator loss; V at -2 ln 2."""
    for key, generator, total in (
        ("non_saturating", "trained", 3 * LN2),
        ("non_saturating", "saturating", LN2),
        ("saturating", "trained", LN2),
        ("saturating", "non_saturating", 3 * LN2),
    ):
        ends = [row.at_equilibrium for row in of(key, generator).rows if row.short != "ρ"]
        assert ends == pytest.approx([LN2, 2 * LN2, 2 * LN2, total, total, -2 * LN2])
    names = [equilibrium_text(row.at_equilibrium) for row in of("non_saturating").rows[:-1] if row.is_sum]
    assert names == ["2 ln 2", "3 ln 2", "−2 ln 2"]


def test_with_the_saturating_loss_the_sum_has_lost_the_generator() -> None:
    for ledger in (of("saturating"), of("non_saturating", "saturating")):
        assert [row.role for row in ledger.rows if row.is_lost] == ["generated", "g_loss"]
        assert ledger.rows[4].value == pytest.approx(ledger.rows[0].value)
        assert "cancel to 0: the sum has lost G" in ledger.notes[0]
        assert "of L_D + L_G 0 (at 128 fixed latents)" in ledger.notes[1]
    kept = of("saturating", "non_saturating")
    assert not any(row.is_lost for row in kept.rows)
    assert "at least 2 ln 2" in kept.notes[0]


@pytest.mark.parametrize(
    ("key", "generator", "notes"),
    [
        (
            "non_saturating", "trained",
            ("Gradient for G: of L_G 1.300, of L_D + L_G 0.400 (at 128 fixed latents).",
             "V is neither's loss: D minimizes −V, G minimizes another function."),
        ),
        (
            "non_saturating_r1", "saturating",
            ("Gradient for G: of L_G 1.300, of L_D + L_G 0 (at 128 fixed latents).",
             "V is neither's loss: D minimizes −V + penalty, G lowers its second term."),
        ),
        (
            "saturating", "trained",
            ("Gradient for G: of L_G 1.300, of L_D + L_G 0 (at 128 fixed latents).",
             "V is neither's loss: D minimizes −V, G lowers its second term."),
        ),
    ],
)  # fmt: skip
def test_the_notes_say_whose_loss_v_is_not_and_what_is_left_for_g(
    key: str, generator: str, notes: tuple[str, ...]
):
    found = of(key, generator)
    assert tuple(note for note in found.notes if note.startswith(("Gradient", "V is"))) == notes


def test_the_fake_part_and_the_non_saturating_loss_are_added() -> None:
    rows = {row.role: row.value for row in of("non_saturating").rows}
    assert f"Fake part + L_G = {rows['generated'] + rows['g_loss']:.3f}:" in of("non_saturating").notes[0]


def test_what_g_trained_on_is_told_apart() -> None:
    assert any(
        "After D's update, on new latents" in note and "ρ = +0.050 from" in note for note in of("hinge").notes
    )


@pytest.mark.parametrize("key", ["wgan_gp", "hinge", "rpgan", "ragan"])
def test_a_critic_has_no_value_function_and_no_other_generator(key: str) -> None:
    assert repr(of(key)) == repr(of(key, "saturating"))
    words = " ".join([row.name for row in of(key).rows] + list(of(key).notes))
    for word in ("V =", "log D", "ln 2", "nats", "probability"):
        assert word not in words


def test_choosing_a_generator_loss_paints_it(pixels, qapp: object) -> None:
    view = LedgerView()
    view.show_snapshot(made_up.snapshot(made_up.run_config()))
    pictures = []
    for generator in GENERATORS:
        view.choose(generator)
        pictures.append(pixels(view).tobytes())
    assert pictures[0] == pictures[2] != pictures[1]


def test_a_note_is_whole_or_not_there(qapp: object) -> None:
    font, note = (
        Fonts.of(QFont()).tick,
        "Gradient for G: of L_G 1.300, of L_D + L_G 0 (at 128 fixed latents).",
    )
    lines = whole_lines([note, note], font, 160.0, 9)
    n = len(lines) // 2
    assert n > 1
    assert lines[:n] == lines[n:]
    assert " ".join(lines[:n]).replace("<sub>", "_").replace("</sub>", "") == note
    assert all(formula_width(line, font) <= 160.0 for line in lines)
    assert whole_lines([note, note], font, 160.0, 2 * n - 1) == lines[:n]
    assert whole_lines([note], font, 160.0, n - 1) == []


def test_where_there_is_room_for_five_rows_they_add_up() -> None:
    """The fake part is what L_G takes back: it gives way after V, which is −L_D once more."""
    for key in ("saturating", "non_saturating"):
        kept = _with_room(of(key).rows, FEWEST_ROWS)
        assert [row.role for row in kept] == ["real", "generated", "d_loss", "g_loss", "total"]
    assert [row.role for row in _with_room(of("saturating").rows, 4)] == [
        "generated", "d_loss", "g_loss", "total",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "n_rows"), [((341, 235), 2), ((525, 215), 5), ((540, 300), 5), ((400, 330), 3), ((760, 330), 5)]
)
def test_rows_of_four_lanes_have_the_height_of_their_letters(qapp: object, monkeypatch, size, n_rows):
    """Lanes stand beside each other, then rows give way; none is lower than what is written in it."""
    drawn: list[tuple[float, float, float]] = []
    monkeypatch.setattr(
        LedgerView,
        "_draw_row",
        lambda _, __, strip, *___: drawn.append((strip.left(), strip.top(), strip.height())),
    )
    view = LedgerView()
    keys = ("non_saturating", "saturating", "least_squares", "hinge")
    view.show_snapshot(made_up.snapshot(made_up.run_config(formulations=keys)))
    view_image(view, QSize(*size), LIGHT)
    letters = line_height(view.fonts().label)
    assert min(height for *_, height in drawn) >= letters
    assert len(drawn) >= 4 * n_rows
