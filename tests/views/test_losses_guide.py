"""The guide's pages on losses: formulas set as mathematics in the theme's letters, and ways that lead there."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QPalette

from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.views.look.markup_latex import markup_latex
from ganviz.views.look.typeset import typeset
from ganviz.views.window.docstrings import set_prose
from ganviz.views.window.guide_browser import GuideBrowser
from ganviz.views.window.losses_guide import FORMULA, family_page, losses_page

WRITTEN = {
    "−E log D(x) − E log(1 − D(G(z)))": r"-\mathbb{E}\,\logD(x)-\mathbb{E}\,\log(1-D(G(z)))",
    "½E(t<sub>f</sub> − c)²": r"\frac{1}{2}\,\mathbb{E}\,(t_{f}-c)^{2}",
    "(γ/2) E‖∇t(x)‖²": r"\frac{\gamma}{2}\,\mathbb{E}\,\|\nablat(x)\|^{2}",
    "E exp(−v<sub>r</sub>), v = t within ±15": r"\mathbb{E}\,e^{-v_{r}},v=t\;\text{within}\;{\pm}15",
    "E softplus(−t<sub>r</sub>)": r"\mathbb{E}\,\mathrm{softplus}({-}t_{r})",
}


@pytest.mark.parametrize("markup", WRITTEN)
def test_formulas_of_the_catalog_become_latex(markup):
    assert markup_latex(markup).replace(" ", "") == WRITTEN[markup]


def test_every_formula_of_the_catalog_can_be_set():
    losses = [
        named.formulation.loss for named in FORMULATIONS.values() if named.formulation.loss.has_discriminator
    ]
    markups = {text for loss in losses for text in (loss.d_words(), loss.g_formula)}
    for markup in sorted(markups | {cls().formula for cls in PENALTIES.values()}):
        latex = markup_latex(markup)
        assert latex.isascii(), latex
        assert typeset(latex).width > 10


def test_prose_is_set_as_prose():
    told = set_prose("L_D = -E t_real - t_fake <= ``x`` & *slow* - see arXiv 1406.2661, non-zero e^2v")
    assert told == (
        "L<sub>D</sub> = −E t<sub>r</sub> − t<sub>f</sub> ≤ <code>x</code> &amp; <i>slow</i> − see "
        '<a href="https://arxiv.org/abs/1406.2661">arXiv 1406.2661</a>, non-zero e<sup>2v</sup>'
    )


def test_prose_has_no_letters_of_a_keyboard():
    told = set_prose("α_R and α_F, e^t, JSD(P x Q, Q x P), 3 x 4")
    assert told == "α<sub>R</sub> and α<sub>F</sub>, e<sup>t</sup>, JSD(P × Q, Q × P), 3 x 4"


def test_a_sign_of_a_number_is_not_set_as_taking_away():
    assert markup_latex("E softplus(−t<sub>r</sub>)").endswith(r"({-}t_{r})")
    assert "{-}(" in markup_latex("E softplus(−(t<sub>r</sub> − t<sub>f</sub>))")
    assert r"{\pm}15" in markup_latex("−E exp(v<sub>f</sub>), v = t within ±15")
    assert markup_latex("(1 − t)") == "(1 - t)"


def test_pages_say_what_penalties_leave_of_the_loss_and_which_numbers_are_others():
    page = losses_page(family_page("Cross-entropy"))
    dragan, plain = (
        page.partition(f"<h3>{name}</h3>")[2].partition("<h3>")[0] for name in ("DRAGAN", "Saturating")
    )
    assert "Nothing is known: D may not be flat." in dragan
    assert "; penalties are left out here" in dragan
    assert "left out" not in plain
    assert "Least squares with a −1 and c 0." in losses_page(family_page("Least squares"))
    assert "paired by their place" not in losses_page(family_page("Your own"))
    assert "paired by their place" in losses_page(family_page("Relativistic"))


def test_formulas_have_the_color_of_letters_also_after_a_change_of_theme(qtbot):
    browser = GuideBrowser(lambda page: f'<p><img src="{FORMULA}%5Csum_x%20{page}"></p>')
    qtbot.addWidget(browser)
    browser.resize(200, 120)
    browser.setSource(QUrl("guide:y"))
    for color in ("#ff0000", "#00ff00"):
        palette = browser.palette()
        palette.setColor(QPalette.ColorRole.Text, QColor(color))
        browser.setPalette(palette)
        image = browser.viewport().grab().toImage()
        colors = {image.pixelColor(x, y).name() for x in range(120) for y in range(60)}
        assert color in colors


def test_a_page_is_opened_by_key_by_the_strip_and_from_the_gallery(open_window, qtbot):
    window = open_window()
    window.strip.formulation_chosen.emit(-1, named_formulation("hinge"))
    opened = lambda: window.dialogs.guide.pages.source().path()  # noqa: E731
    window.actions_.do("explain")
    assert opened() == family_page(window.config.lanes[0].formulation.loss.family)
    window.strip.open_gallery()
    gallery = window.strip.gallery
    assert "in the guide" in gallery._explain.text()
    qtbot.keyClicks(gallery.search, "nowozin")
    assert "f-divergence" in gallery._explain.text()
    qtbot.keyClick(gallery.search, Qt.Key.Key_F1)
    assert not gallery.isVisible()
    assert opened() == family_page("f-divergence")
    window.dialogs.show_guide("contents")
    assert window.dialogs.guide.contents.isVisible()
    window.strip._explain.click()
    assert opened() == family_page(window.config.lanes[0].formulation.loss.family)
