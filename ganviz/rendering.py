"""Pictures without a window: views of saved runs on Qt's offscreen platform, and animations over a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from PIL import ExifTags, Image
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ganviz.session.commands import Look
from ganviz.session.exporting import settings_text
from ganviz.session.view_names import ANIMATIONS
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import atomic_path
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views import VIEWS
from ganviz.views.canvas import AbstractPaintedView, painting_on
from ganviz.views.chart_canvas import AbstractChartView
from ganviz.views.horizontal import STEP
from ganviz.views.plot_export import export_view, view_image
from ganviz.views.plotting import draw_text
from ganviz.views.status_words import grouped
from ganviz.views.theme import THEMES, Theme

FRAME_MS = 120
LAST_FRAME_MS = 1500


def render(
    file: Path,
    view: str,
    out: Path,
    size: tuple[int, int],
    theme: str,
    along: str = STEP.key,
    tell: Callable[[int, int], None] | None = None,
) -> None:
    """Draw a view of a saved run to ``out``; a GIF or WebP shows all keyframes of the run.

    ``tell`` is called with the number of frames that are drawn, and of all, before each one.

    Charts lay steps along a quantity of ``horizontal.HORIZONTALS``.

    Raises
    ------
    InvalidValueError
        When the file cannot be opened, the view has no meaning for the run, or the size cannot be made; when the view
        has no axis of steps, or the run does not know what its steps lie along.
    FileError
        When ``out`` cannot be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance() or QApplication(["ganviz"])
    assert isinstance(app, QApplication)
    from ganviz.session.runner import Runner
    from ganviz.training.checkpoint import load_checkpoint

    runner = Runner(trainer=load_checkpoint(file))
    painted = fresh_view(view, runner.trainer.config)
    painted.apply_theme(THEMES[theme])
    if along != STEP.key:
        _lay_along(painted, along)
    place, settings = QSize(*size), settings_text(runner.trainer.config)

    def snapshot(at_step: int | None) -> Snapshot:
        found = runner.answer(Look(painted.needs(), None, at_step))
        assert found is not None
        return found

    def frames() -> Iterator[Image.Image]:
        steps: list[int | None] = [*runner.trainer.keyframe_steps(), None]
        for n, step in enumerate(steps):
            if tell is not None:
                tell(n, len(steps))
            yield frame_of(painted, snapshot(step), place, THEMES[theme])

    if out.suffix.lower() in ANIMATIONS:
        write_animation(out, frames(), settings)
        return
    painted.show_snapshot(snapshot(None))
    if isinstance(painted, AbstractChartView) and painted.along.shown.key != along:
        raise InvalidValueError(f"The run was begun by an earlier version, which did not note its {along}.")
    export_view(painted, out, size=place, theme=THEMES[theme], settings=settings)


def _lay_along(view: AbstractPaintedView, key: str) -> None:
    if not isinstance(view, AbstractChartView):
        charts = ", ".join(cls.key for cls in VIEWS if issubclass(cls, AbstractChartView))
        raise InvalidValueError(f"The view {view.key!r} has no axis of steps; --along is for {charts}.")
    view.show_horizontal(key)


def fresh_view(key: str, config: RunConfig) -> AbstractPaintedView:
    """Return a new view; raise InvalidValueError when it has no meaning for the run."""
    cls = next(cls for cls in VIEWS if cls.key == key)
    if not cls.supports(config):
        raise InvalidValueError(f"The view {key!r} shows nothing of a run on {config.distribution.title!r}.")
    view = cls()
    assert isinstance(view, AbstractPaintedView)
    return view


def frame_of(view: AbstractPaintedView, snapshot: Snapshot, size: QSize, theme: Theme) -> Image.Image:
    """Return a snapshot as one frame of an animation, which tells its step and formulations."""
    view.show_snapshot(snapshot)
    image = view_image(view, size, theme).convertToFormat(QImage.Format.Format_RGB888)
    with painting_on(image) as painter:
        painter.setFont(view.fonts().label)
        painter.setPen(QColor(theme.muted))
        place = QRectF(10, 4, size.width() - 20, 20)
        draw_text(painter, place, caption_of(snapshot), Qt.AlignmentFlag.AlignRight, elide=True)
    pixels = bytes(image.constBits())
    shape = (image.width(), image.height())
    return Image.frombytes("RGB", shape, pixels, "raw", "RGB", image.bytesPerLine())


def caption_of(snapshot: Snapshot) -> str:
    """Return the step that a snapshot shows, and each lane's formulation."""
    config = snapshot.config
    titles = " | ".join(config.lane_title(lane) for lane in range(len(config.lanes)))
    return f"step {grouped(snapshot.viewed_step)} · {titles}"


def write_animation(path: Path, frames: Iterable[Image.Image], settings: str) -> None:
    """Write an endless animation as GIF or, by the ending, WebP; the last frame stays longer.

    Raises
    ------
    FileError
        Where it cannot be written.
    """
    is_gif = path.suffix.lower() == ".gif"
    drawn = [frame.quantize(128, method=Image.Quantize.FASTOCTREE) if is_gif else frame for frame in frames]
    durations = [FRAME_MS] * (len(drawn) - 1) + [LAST_FRAME_MS]
    with atomic_path(path) as temporary:
        save = partial(
            drawn[0].save, temporary, save_all=True, append_images=drawn[1:], duration=durations, loop=0
        )
        if is_gif:
            save(format="GIF", comment=settings.encode("utf-8"))
        else:
            save(format="WEBP", lossless=True, exif=_described(settings))


def _described(settings: str) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = settings
    return exif.tobytes()
