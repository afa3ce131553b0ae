"""Pictures without a window: views of saved runs on Qt's offscreen platform, and animations over a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ganviz.session.animations import Frame, durations, write_animation
from ganviz.session.commands import Look
from ganviz.session.exporting import settings_text
from ganviz.session.figure import Figure
from ganviz.session.happening import Facts, happening
from ganviz.session.reports import Drawing
from ganviz.session.runs.curves import curves_of
from ganviz.session.saved_run import run_name
from ganviz.session.view_names import ANIMATIONS
from ganviz.spec import InvalidValueError
from ganviz.spec.words import grouped, reason_of
from ganviz.training.atomic import FileError
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.beside import Beside, lanes_beside
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.horizontal import STEP
from ganviz.views.bases.plot_export import export_values, export_view, figure_image, figure_svg
from ganviz.views.look.status_words import balance_words, quality_words
from ganviz.views.look.theme import THEMES, Theme
from ganviz.views.pictures import VIEWS
from ganviz.views.plot.plotting import draw_text, painting_on
from ganviz.views.plot.values import Values

if TYPE_CHECKING:
    from ganviz.session.runner import Runner

PAGE_SIZE = (640, 420)
"""Of pictures in a report, in pixels."""
MOST_LOOKS = 30
"""At keyframes, of views that draw what several looks have measured."""


def render(
    file: Path,
    view: str,
    out: Path,
    figure: Figure,
    theme: str,
    along: str = STEP.key,
    tell: Callable[[int, int], None] | None = None,
    *,
    with_data: bool = False,
    beside: Sequence[Path] = (),
    length_s: float | None = None,
    is_log: bool = False,
) -> None:
    """Draw a view of a saved run to ``out``; a GIF, WebP or MP4 shows the keyframes of the run.

    ``tell`` is called with the number of frames that are drawn, and of all, before each one. ``length_s`` and
    ``is_log`` are for animations, as :func:`ganviz.session.animations.durations` takes them.

    Charts lay steps along a quantity of ``horizontal.HORIZONTALS``.

    ``with_data`` writes the values of a picture as CSV beside it. Charts draw saved runs ``beside``.

    Raises
    ------
    InvalidValueError
        When the file cannot be opened, the view has no meaning for the run, or the size cannot be made; when the view
        has no axis of steps, or the run does not know what its steps lie along; when there are no values to write.
    FileError
        When ``out`` cannot be written.
    """
    runner = opened(file)
    painted = fresh_view(view, runner.trainer.config)
    painted.apply_theme(THEMES[theme])
    if along != STEP.key:
        _chart(painted, "--along").show_horizontal(along)
    if beside:
        _chart(painted, "--beside").show_beside(_beside(beside))
    if out.suffix.lower() in ANIMATIONS:
        last = runner.trainer.step
        steps = [*(step for step in runner.trainer.keyframes.steps if step < last), last]
        times = dict(zip(steps, durations(steps, length_s, is_log=is_log), strict=True))
        frames = _frames(runner, painted, figure, tell, times)
        write_animation(out, frames, settings_text(runner.trainer.config))
        return
    _show(runner, painted, along)
    values = painted.values() if with_data else None
    if with_data and values is None:
        raise InvalidValueError(
            f"The view {view!r} has no table of values; ganviz export writes a run's data."
        )
    _write(runner, painted, out, figure, values)


def drawings(runner: Runner, tell: Callable[[int, int], None] | None = None) -> Iterator[Drawing]:
    """Yield a picture of each view that has a meaning for a run, or why it shows nothing."""
    classes = [cls for cls in VIEWS if cls.supports(runner.trainer.config)]
    figure = Figure.of_pixels(*PAGE_SIZE)
    for n, cls in enumerate(classes):
        if tell is not None:
            tell(n, len(classes))
        painted = fresh_view(cls.key, runner.trainer.config)
        painted.apply_theme(THEMES["light"])
        _show(runner, painted, STEP.key)
        absence = painted.absence()
        light, dark = (
            b"" if absence else figure_svg(painted, figure, THEMES[key]) for key in ("light", "dark")
        )
        yield Drawing(cls.key, painted.title, light, dark, absence)


def lane_words(runner: Runner) -> list[str]:
    """Return what happens to each lane of a run, and how good its samples are, as the window says it."""
    config = runner.trainer.config
    snapshot = runner.answer(Look((LossTraceProbe(), MetricsProbe(), SamplesProbe())))
    assert snapshot is not None
    metrics, trace, samples = snapshot.get(Metrics), snapshot.get(LossTrace), snapshot.get(Samples)
    found = []
    for lane in range(len(config.lanes)):
        said = [quality_words(metrics, lane, snapshot.viewed_step)]
        if trace is not None and lane < len(trace.current):
            facts = Facts(config, lane, snapshot.lanes[lane], trace, metrics, samples)
            said.append(happening(facts) or balance_words(config, trace, lane))
        found.append(" · ".join(words for words in said if words))
    return found


def render_all(
    file: Path,
    folder: Path,
    figure: Figure,
    theme: str,
    along: str = STEP.key,
    *,
    ending: str = ".pdf",
    with_data: bool = False,
) -> None:
    """Draw each view that has a meaning for a saved run into a folder, which is made where there is none.

    Raises
    ------
    InvalidValueError, FileError
        As in :func:`render`; views without an axis of steps or a table of values go without.
    """
    runner = opened(file)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError(f"The folder {str(folder)!r} cannot be made: {reason_of(error)}.") from error
    for cls in (cls for cls in VIEWS if cls.supports(runner.trainer.config)):
        painted = fresh_view(cls.key, runner.trainer.config)
        painted.apply_theme(THEMES[theme])
        if isinstance(painted, AbstractChartView):
            painted.show_horizontal(along)
        _show(runner, painted, along)
        values = painted.values() if with_data else None
        _write(runner, painted, folder / f"{cls.key}{ending}", figure, values)


def opened(file: Path) -> Runner:
    """Return a saved run, with Qt ready to draw it without a screen."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance() or QApplication(["ganviz"])
    assert isinstance(app, QApplication)
    from ganviz.session.runner import Runner
    from ganviz.training.checkpoint import load_checkpoint

    return Runner(trainer=load_checkpoint(file))


def _snapshot(runner: Runner, view: AbstractPaintedView, at_step: int | None = None) -> Snapshot:
    found = runner.answer(Look(view.needs(), None, at_step))
    assert found is not None
    return found


def _frames(
    runner: Runner,
    view: AbstractPaintedView,
    figure: Figure,
    tell: Callable[[int, int], None] | None,
    times: dict[int, int],
) -> Iterator[Frame]:
    """Yield pictures of the steps that have a time, and for how long each is seen."""
    shown = {step: time for step, time in times.items() if time}
    for n, (step, time) in enumerate(shown.items()):
        if tell is not None:
            tell(n, len(shown))
        at_step = None if step == runner.trainer.step else step
        yield frame_of(view, _snapshot(runner, view, at_step), figure, view.theme), time


def _show(runner: Runner, view: AbstractPaintedView, along: str) -> None:
    if view.is_of_looks:
        before = [step for step in runner.trainer.keyframes.steps if step < runner.trainer.step]
        for step in before[:: -(-len(before) // MOST_LOOKS) or 1]:
            view.show_snapshot(_snapshot(runner, view, step))
    needs = view.needs()
    view.show_snapshot(_snapshot(runner, view))
    if view.needs() != needs:
        view.show_snapshot(_snapshot(runner, view))
    if isinstance(view, AbstractChartView) and view.along.shown.key != along:
        raise InvalidValueError(f"The run was begun by an earlier version, which did not note its {along}.")


def _write(
    runner: Runner, view: AbstractPaintedView, out: Path, figure: Figure, values: Values | None
) -> None:
    """Write what a view shows, and its values beside it, both with the run's settings."""
    settings = settings_text(runner.trainer.config)
    export_view(view, out, figure=figure, settings=settings)
    if values is not None:
        export_values(values, out.with_suffix(".csv"), settings, f"step {runner.trainer.step}")


def _chart(view: AbstractPaintedView, option: str) -> AbstractChartView:
    """Return the view; raise InvalidValueError where it has no axis of steps, which ``option`` needs."""
    if not isinstance(view, AbstractChartView):
        charts = ", ".join(cls.key for cls in VIEWS if issubclass(cls, AbstractChartView))
        raise InvalidValueError(f"The view {view.key!r} has no axis of steps; {option} is for {charts}.")
    return view


def _beside(files: Sequence[Path]) -> tuple[Beside, ...]:
    """Return the curves of other saved runs."""
    runs = []
    for file in files:
        trainer = opened(file).trainer
        config, curves = trainer.config, curves_of(trainer.history, trainer.config.training.seeds)
        titles = [config.lane_title(lane) for lane in range(len(config.lanes))]
        runs.append((str(file), Path(run_name(file.as_posix())).name, titles, curves))
    return lanes_beside(runs)


def fresh_view(key: str, config: RunConfig) -> AbstractPaintedView:
    """Return a new view; raise InvalidValueError when it has no meaning for the run."""
    cls = next(cls for cls in VIEWS if cls.key == key)
    if not cls.supports(config):
        raise InvalidValueError(f"The view {key!r} shows nothing of a run on {config.distribution.title!r}.")
    view = cls()
    assert isinstance(view, AbstractPaintedView)
    return view


def frame_of(view: AbstractPaintedView, snapshot: Snapshot, figure: Figure, theme: Theme) -> Image.Image:
    """Return a snapshot as one frame of an animation, which tells its step and formulations."""
    view.show_snapshot(snapshot)
    image = figure_image(view, figure, theme).convertToFormat(QImage.Format.Format_RGB888)
    with painting_on(image) as painter:
        painter.setFont(view.fonts().label)
        painter.setPen(QColor(theme.muted))
        place = QRectF(10, 4, image.deviceIndependentSize().width() - 20, 20)
        draw_text(painter, place, caption_of(snapshot), Qt.AlignmentFlag.AlignRight, elide=True)
    pixels = bytes(image.constBits())
    shape = (image.width(), image.height())
    return Image.frombytes("RGB", shape, pixels, "raw", "RGB", image.bytesPerLine())


def caption_of(snapshot: Snapshot) -> str:
    """Return the step that a snapshot shows, and each lane's formulation."""
    config = snapshot.config
    titles = " | ".join(config.lane_title(lane) for lane in range(len(config.lanes)))
    return f"step {grouped(snapshot.viewed_step)} · {titles}"
