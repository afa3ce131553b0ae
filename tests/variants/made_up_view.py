"""A view: how far generated samples are from the origin, as one sentence a lane."""

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.look.theme import Theme


class MadeUpView(AbstractPaintedView):
    """The mean distance of each lane's samples."""

    key: ClassVar[str] = "made_up_view"
    title: ClassVar[str] = "Made-up view"

    found: Samples | None = None

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the samples."""
        return (SamplesProbe(),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the samples."""
        self.found = snapshot.get(Samples)
        return self.found is not None

    def forget(self) -> None:
        """Drop them."""
        self.found = None

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Write a line for each lane."""
        assert self.found is not None
        painter.setPen(QColor(theme.text))
        means = np.linalg.norm(self.found.generated, axis=-1).mean(-1)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), "\n".join(f"{mean:.3f}" for mean in means))
