"""What a lane is called above what is drawn of it: its title and, once it has diverged, that and when.

A lane that has diverged keeps its last finite weights: what is measured of them looks like that of a lane that goes on.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.training.snapshot import Snapshot
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, first_fitting, text_width

STOPPED = "diverged"
GAP_PX = 6.0
LEFT = Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class LaneName:
    """A lane's ``title``, empty where there is no other lane, and the step at which it ``stopped``, if it has."""

    title: str
    stopped: int | None = None

    @classmethod
    def of(cls, snapshot: Snapshot, lane: int, *, with_seed: bool = False) -> LaneName:
        """Return a lane's name in what a snapshot shows: ``with_seed`` where one pair of networks is drawn."""
        config = snapshot.config
        title = config.shown_title(lane) if with_seed else config.lane_title(lane)
        return cls(title, snapshot.stopped_at(lane))

    @property
    def words(self) -> str:
        """Return all of it; nothing where there is nothing to say."""
        return ", ".join(filter(None, (self.title, self.reason)))

    @property
    def brief(self) -> str:
        """Return it without the step."""
        return ", ".join(filter(None, (self.title, STOPPED * (self.stopped is not None))))

    @property
    def reason(self) -> str:
        """Return when it has diverged; nothing where it has not."""
        return "" if self.stopped is None else f"{STOPPED} at step {grouped(self.stopped)}"

    def draw(
        self, painter: QPainter, box: QRectF, theme: Theme, fonts: Fonts, *, is_small: bool = False
    ) -> None:
        """Paint it on one line: what is cut for want of room is the title, the step goes before."""
        strong, label = (fonts.tick, fonts.tick) if is_small else (fonts.strong, fonts.label)
        said, gap = "", GAP_PX if self.title else 0.0
        width = text_width(strong, self.title)
        if self.reason:
            said = first_fitting(label, box.width() - width - gap, self.reason) or STOPPED
        room = max(box.width() - bool(said) * (gap + text_width(label, said)), 0.0)
        painter.setFont(strong)
        painter.setPen(QColor(theme.text))
        draw_text(painter, QRectF(box.left(), box.top(), room, box.height()), self.title, LEFT, elide=True)
        if said:
            left = box.left() + min(width, room) + gap
            painter.setFont(label)
            painter.setPen(QColor(theme.warning))
            draw_text(painter, QRectF(left, box.top(), box.right() - left, box.height()), said, LEFT)
