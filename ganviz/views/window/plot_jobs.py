"""The plots of an export: each is painted and written in a turn of the event loop of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ganviz.session.exporting import settings_text
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import UNSEEN_SIZE, export_values, export_view, size_of
from ganviz.views.window.docks import ViewDocks

if TYPE_CHECKING:
    from ganviz.views.window.export_dialog import ExportWish

Job = Callable[[], None]


class Jobs(QObject):
    """Does one thing after the other, and answers keys between them; GUI thread only.

    Sixteen plots in one go are a second in which nothing moves.
    """

    ended = Signal()
    """Emitted when all is done, also where there was nothing to do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = deque[Job]()
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._next)

    @property
    def are_left(self) -> bool:
        """Return whether there is anything to do yet."""
        return bool(self._left)

    def begin(self, jobs: Iterable[Job]) -> None:
        """Do these from the next turn on."""
        self._left.extend(jobs)
        self._turn.start()

    def finish(self) -> None:
        """Do what is left at once."""
        while self._left:
            self._next()

    def drop(self) -> int:
        """Leave the rest undone; return how much that is."""
        n = len(self._left)
        self._left.clear()
        return n

    def _next(self) -> None:
        if self._left:
            self._left.popleft()()
        if self._left:
            self._turn.start()
        else:
            self._turn.stop()
            self.ended.emit()


def plot_jobs(
    wish: ExportWish, prefix: str, last: Snapshot | None, config: RunConfig, docks: ViewDocks
) -> Iterator[Job]:
    """Yield what writes each plot, and its values, as ``last`` has them, whatever comes meanwhile."""
    settings = settings_text(last.config if last else config)
    for key in wish.views:
        view = docks.views[key]
        assert isinstance(view, AbstractPaintedView)
        size = UNSEEN_SIZE if docks.unseen((key,)) else size_of(view)
        how = wish.figure.figure(size), wish.figure.colors(view.theme)
        for ending in wish.formats:
            path = wish.folder / f"{prefix}{key}.{ending}"
            write = partial(export_view, view, path, figure=how[0], theme=how[1], settings=settings)
            yield partial(_as_it_was, view, last, write)
        if wish.with_values and view.values() is not None:
            moment = f"step {last.viewed_step}" if last else ""
            path = wish.folder / f"{prefix}{key}.csv"
            yield partial(_as_it_was, view, last, partial(_write_values, view, path, settings, moment))


def _as_it_was(view: AbstractPaintedView, last: Snapshot | None, write: Job) -> None:
    if last is not None:
        view.show_snapshot(last)
    write()


def _write_values(view: AbstractPaintedView, path: Path, settings: str, moment: str) -> None:
    if (values := view.values()) is not None:
        export_values(values, path, settings, moment)
