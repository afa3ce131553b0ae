"""Reports: whole HTML files without references to anything outside, in which words from outside stay words."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from ganviz import rendering
from ganviz.cli.main import main
from ganviz.reporting import write_report
from ganviz.session.choosing import chosen_run
from ganviz.session.reports import Drawing, run_report, sweep_report
from ganviz.session.reports.of_run import inline_svg
from ganviz.session.reports.page import listed
from ganviz.session.reports.strips import axis_ticks
from ganviz.session.summary import run_summary
from ganviz.session.sweeps.cell import CellResult, SeedRow
from ganviz.session.sweeps.plan import Base, plan_of, read_values
from ganviz.session.sweeps.results import SweepResult
from ganviz.session.sweeps.running import run_sweep
from ganviz.session.view_names import VIEW_NAMES
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import save_checkpoint
from ganviz.training.trainer import Trainer
from ganviz.views.pictures.bound_view import NO_BEST, BoundView
from ganviz.views.plot.values import Value

EVIL = '<script>alert(1)</script> & "quoted"'
_VOID = {"meta", "link", "br"}
_REFERENCES = ("src", "href", "xlink:href", "data", "action", "poster", "srcset")


class Page(HTMLParser):
    """What a page has: words by section, names, references; every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            self.ids += [value or ""] if name == "id" else []
            self.references += [value or ""] if name in _REFERENCES else []
            self.references += re.findall(r"url\(([^)]*)\)", value or "")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def checked(text: str) -> Page:
    found = Page(text)
    assert len(set(found.ids)) == len(found.ids)
    for one in found.references:
        assert one.startswith("data:") or one.removeprefix("#") in found.ids, one
    assert not {"script", "link", "iframe", "object", "embed", "base"} & found.tags
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    config, _ = chosen_run(
        formulations=["saturating", "hinge"],
        settings=[f"lanes.0.label={EVIL}", "architecture.width=8", "training.batch_size=16"],
    )
    trainer = Trainer(config)
    trainer.train(130)
    save_checkpoint(folder / "checkpoint.ganviz", trainer)
    return folder


def test_the_report_of_a_run(run, tmp_path):
    said: list[tuple[int, int]] = []
    write_report(run, tmp_path / "run.html", lambda n, n_all: said.append((n, n_all)))
    text = (tmp_path / "run.html").read_text("utf-8")
    page = checked(text)
    assert "alert(1)</script>" not in text
    assert EVIL in page.words
    assert "L<sub>D</sub>, real part" in text
    for words in ("What is happening", "D(x)", "Figures", "LD", "Sliced Wasserstein", "Step 130, seed 0"):
        assert words in page.words
    for words in ("training.batch_size", "lanes.0.formulation.loss.kind", '"batch_size": 16'):
        assert words in page.words
    assert "2\u202f500" in page.words  # samples measured, as pictures write them
    assert not re.search(r"\d,\d{3}\b", page.words)
    titles = [title for key, title in VIEW_NAMES if key not in ("digits", "line")]
    assert all(title in page.words for title in titles)
    assert text.count("<svg") == len(titles) == len(said)
    assert said[-1] == (len(titles) - 1, len(titles))


def test_what_gathers_sees_the_whole_run_and_what_shows_nothing_is_left_out(run, tmp_path, monkeypatch):
    shown: list[set[Value]] = []

    def drawn(view: BoundView, *rest: object) -> bytes:
        shown.append({row[1] for row in view.values().rows})
        return b"<svg></svg>"

    monkeypatch.setattr(rendering, "VIEWS", (BoundView,))
    monkeypatch.setattr(rendering, "figure_svg", drawn)
    write_report(run, tmp_path / "run.html")
    trainer = rendering.opened(run / "checkpoint.ganviz").trainer
    assert shown == [{*trainer.keyframes.steps, 130}] * 2, "for bright pages and for dark ones"
    assert "Left out" not in (tmp_path / "run.html").read_text("utf-8")
    trainer = Trainer(chosen_run(formulations=["wgan_gp"], settings=["architecture.width=4"])[0])
    save_checkpoint(tmp_path / "critic.ganviz", trainer)
    write_report(tmp_path / "critic.ganviz", tmp_path / "critic.html")
    words = checked((tmp_path / "critic.html").read_text("utf-8")).words
    assert f"Left out\n\n{BoundView.title}{NO_BEST}" in words
    assert len(shown) == 2


def test_pictures_keep_their_names_apart():
    svg = (
        b'<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg><title>t</title><desc>{"a": 1}</desc>'
        b'<clipPath id="c1"/><g clip-path="url(#c1)"><use xlink:href="#c1"/></g></svg>'
    )
    assert inline_svg("plane", svg) == (
        '<svg><clipPath id="plane-c1"/><g clip-path="url(#plane-c1)"><use xlink:href="#plane-c1"/></g></svg>'
    )


def seen(page: str, scheme: str) -> str:
    """Return what a reader sees of a page's drawings who prefers a scheme."""
    roots = re.findall(r":root \{ ([^}]*?)\}", page)[-2:]
    values = dict(re.findall(r"--(\w+):([^;]+);", roots[("light", "dark").index(scheme)]))
    other = {"light": "dark", "dark": "light"}[scheme]
    page = re.sub(rf'<image class="{other}"[^>]*>|<svg class="{other}".*?</svg>', "", page, flags=re.DOTALL)
    page = page.replace(f' class="{scheme}"', "")
    return re.sub(r"var\(--(p\d+)\)", lambda found: values[found[1]], page)


def test_a_reader_in_the_dark_sees_what_was_drawn_for_it(run):
    """And everybody else what was drawn for a bright page; but for images and colors there is each once."""
    runner = rendering.opened(run / "checkpoint.ganviz")
    drawings = [one for one in rendering.drawings(runner) if one.light]
    summary = run_summary(runner.trainer, 0.0, 0, [])
    page = run_report(runner.config, summary, ["said", "told"], drawings, [])
    assert len(page) < 1.2 * sum(len(one.light) for one in drawings)
    for one in drawings:
        assert one.light != one.dark
        assert inline_svg(one.key, one.light) in seen(page, "light")
        assert inline_svg(one.key, one.dark) in seen(page, "dark")


def test_drawings_that_differ_in_more_than_colors_are_both_there(run):
    light, dark = (f'<svg><path id="c1" d="M {k} 0"/></svg>'.encode() for k in (1, 2))
    trainer = rendering.opened(run / "checkpoint.ganviz").trainer
    summary = run_summary(trainer, 0.0, 0, [])
    page = run_report(trainer.config, summary, ["", ""], [Drawing("ledger", "Ledger", light, dark)], [])
    checked(page)
    for scheme, name, k in (("light", "ledger", 1), ("dark", "ledger-dark", 2)):
        part = seen(page, scheme)
        assert part[part.index("<svg") : part.index("</figure>")] == (
            f'<svg><path id="{name}-c1" d="M {k} 0"/></svg>'
        )


def test_the_report_of_a_sweep(tmp_path):
    axes = (read_values("formulation=saturating,hinge"), read_values("training.d_steps=1,2"))
    base = Base(settings=("architecture.width=8", "training.batch_size=16"))
    plan = plan_of(axes, base, 3, 4)
    result = run_sweep(plan, tmp_path / "sweep", workers=0)
    write_report(tmp_path / "sweep", tmp_path / "sweep.html")
    page = checked((tmp_path / "sweep.html").read_text("utf-8"))
    for words in (
        "formulation=saturating, training.d_steps=1", "4 of 4 cells, 3 seeds each", "Sliced Wasserstein",
        "formulation=hinge, training.d_steps=2 minus formulation=hinge, training.d_steps=1", "too few seeds to tell",
        "training.batch_size",
    ):  # fmt: skip
        assert words in page.words
    median = result.quantiles("sliced_wasserstein")["median"][0]
    assert f"{median:.4g}(" in page.words
    cells = {0: result.cells[0], 3: CellResult(error=EVIL)}
    text = sweep_report(SweepResult(plan, cells))
    assert EVIL in checked(text).words
    assert "1 of 4 cells" in text


def test_figures_that_no_seed_has_are_left_out_and_many_comparisons_are_said_to_be_many():
    plan = plan_of((read_values("training.d_steps=1,2,3"),), Base(), 6, 4)
    rng = np.random.default_rng(0)
    cells = {
        index: CellResult(
            tuple(
                SeedRow(k, "", None, {"sliced_wasserstein": one, "modes_hit": None})
                for k, one in enumerate(rng.random(6).tolist())
            )
        )
        for index in range(3)
    }
    words = checked(sweep_report(SweepResult(plan, cells))).words
    assert "Sliced Wasserstein" in words
    assert "Modes hit" not in words
    assert "Each p is of one comparison; there are 3." in words
    assert "Each p" not in sweep_report(SweepResult(plan, {0: cells[0], 1: cells[1]}))


def test_a_sweep_of_few_seeds_is_drawn_as_dots_without_bands(tmp_path):
    rng = np.random.default_rng(2)
    for n, boxes, brackets in ((1, 0, 0), (2, 0, 1), (4, 0, 1), (5, 1, 1)):
        plan = plan_of((read_values("training.d_steps=1"),), Base(), n, 4)
        values = rng.random(n).tolist()
        rows = tuple(SeedRow(k, "", None, {"sliced_wasserstein": one}) for k, one in enumerate(values))
        page = sweep_report(SweepResult(plan, {0: CellResult(rows)}))
        drawn = page[page.index("<figure>") :]
        assert drawn.count("<circle") == n
        assert drawn.count('<line class="half"') == boxes
        assert "Sliced Wasserstein lower is better" in checked(page).words
        shown = f"{np.median(values):.4g}({min(values):.4g} to {max(values):.4g})"
        assert (shown in checked(page).words) == bool(brackets and not boxes)


def test_cells_with_long_names_are_told_apart_and_seeds_have_their_number():
    long = "a name that goes on and on until somebody cuts it"
    plan = plan_of((read_values(f"label={long} 1,{long} 2"), read_values("training.d_steps=1")), Base(), 3, 4)
    rows = tuple(SeedRow(k, "", None, {"quality_fraction": one}) for k, one in enumerate((0.25, np.nan, 0.5)))
    page = sweep_report(SweepResult(plan, {0: CellResult(rows), 1: CellResult(rows)}))
    drawn = Page(page[page.index("<figure>") : page.index("</figure>") + len("</figure>")]).words
    for k in (1, 2):
        assert f"label={long} {k}, training.d_steps=1" in drawn
    assert "seed 0: 25.0 %" in drawn
    assert "seed 2: 50.0 %" in drawn
    assert "seed 1" not in drawn


@pytest.mark.parametrize(
    ("low", "high", "is_whole", "ticks"),
    [
        (0.0, 8.0, True, [0, 2, 4, 6, 8]), (4.0, 5.0, True, [4, 5]), (0.153, 0.786, False, [0.2, 0.4, 0.6]),
        (3.0, 3.0, False, [3]), (-4.2, 31.0, False, [0, 10, 20, 30]),
        (0.0, 1e-9, False, [0, 2e-10, 4e-10, 6e-10, 8e-10, 1e-9]),
    ],
)  # fmt: skip
def test_an_axis_of_a_sweep_has_round_numbers(low, high, is_whole, ticks):
    assert axis_ticks(low, high, is_whole=is_whole) == pytest.approx(ticks)


def test_the_report_of_seeds_says_of_which_one_its_words_are_and_compares_in_a_table(tmp_path):
    (tmp_path / "points.csv").write_text("x,y\n" + "".join(f"{k % 7},{k % 5}\n" for k in range(60)), "utf-8")
    config, _ = chosen_run(
        formulations=["saturating", "hinge"], data=str(tmp_path / "points.csv"),
        settings=[
            "architecture.width=8", "training.batch_size=16", "training.seeds=3", "training.seed=5",
            "lanes.0.label=5 %",
        ],
    )  # fmt: skip
    trainer = Trainer(config)
    trainer.train(3)
    summary = run_summary(trainer, 0.0, 0, [])
    page = checked(run_report(config, summary, ["said", "told"], [], []))
    for words in (
        "Seed 5, as in",
        "from 5 to 95\N{NO-BREAK SPACE}%",
        "Hinge minus 5\N{NO-BREAK SPACE}%",
        f"Data: {tmp_path / 'points.csv'}",
    ):
        assert words in page.words
    difference = summary["comparisons"][0]["figures"]["sliced_wasserstein"]["median_difference"]
    assert f"Sliced Wasserstein{difference:+.4g}".replace("-", "−") in page.words
    assert "sliced_wasserstein" not in page.words
    assert "(2" not in page.words.partition("Samples measured")[2].partition("Sliced")[0]
    assert "Hinge minus" not in run_report(config, {**summary, "comparisons": []}, ["said", "told"], [], [])


def test_four_lanes_are_listed_as_a_sentence_does():
    assert listed(["a", "b", "c", "d"]) == "a, b, c and d"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a"]) == "a"


def test_what_is_no_run_and_what_is_there_is_refused(run, tmp_path, capsys):
    with pytest.raises(InvalidValueError, match="neither a saved run nor the folder"):
        write_report(tmp_path, tmp_path / "a.html")
    (tmp_path / "there.html").write_text("mine", "utf-8")
    for source, out, words in (
        (run, tmp_path / "there.html", "is there already"),
        (run, tmp_path / "a.pdf", "must end in .html"),
        (run, tmp_path / "no" / "a.html", "no folder"),
        (tmp_path / "nothing", tmp_path / "a.html", "no file and no folder"),
    ):
        arguments = ["report", str(source), "--out", str(out)]
        assert main(arguments, *[lambda given: 1] * 3) == 2  # type: ignore[arg-type,list-item]
        assert words in capsys.readouterr().err
