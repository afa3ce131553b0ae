"""What is read off the loss shape: losses and slopes at a score, and the table of all that is drawn."""

from __future__ import annotations

import numpy as np

from ganviz.training.lane_titles import in_column
from ganviz.views.pictures.shape_curves import ShapeCurve
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import number
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.values import Values

MOST_COLUMNS = 4
"""With more curves than this, those that nobody trains on are read in the table alone."""


def read_at(curves: list[ShapeCurve], x: float, word: str, *, of_d: bool) -> ReadOut:
    """Return loss and slope at a place of the axis, which ``word`` names, a column a curve."""
    told = [curve for curve in _own_first(curves) if len(curves) <= MOST_COLUMNS or not curve.is_ghost]
    titles = tuple(curve.name for curve in told)
    names = ("d_loss", "L<sub>D</sub>") if of_d else ("g_loss", "L<sub>G</sub>"), ("muted", "slope")
    figures = zip(*(curve.at(x) for curve in told), strict=True)
    rows = (
        ReadRow(*name, tuple(map(number, of_kind)), figures=of_kind)
        for name, of_kind in zip(names, figures, strict=False)
    )
    return ReadOut(f"{word} = {number(x, 2)}", tuple(rows), titles if len(titles) > 1 else ())


def shape_values(curves: list[ShapeCurve], span: Range, word: str, symbol: str) -> Values:
    """Return losses and slopes at every known place in ``span``, a row each."""
    if not curves:
        return Values((word,), ())
    curves = _own_first(curves)
    kept = (curves[0].x >= span[0]) & (curves[0].x <= span[1])
    columns = [part[kept] for curve in curves for part in (curve.loss, curve.slope)]
    table = np.stack([curves[0].x[kept], *columns], axis=1).tolist()
    return Values((word, *value_names(curves, symbol)), list(map(tuple, table)))


def value_names(curves: list[ShapeCurve], symbol: str) -> list[str]:
    """Return what two columns of values for each curve are called: its loss and its slope."""
    own = [curve for curve in curves if not curve.is_ghost]
    lanes, parts = {curve.lane for curve in own}, {curve.role for curve in own}
    found = []
    for curve in curves:
        whose = [curve.role] * (len(parts) > 1) + [in_column(curve.lane, curve.name)] * (len(lanes) > 1)
        whose = [curve.name] if curve.is_ghost else whose
        found += [f"{name} ({', '.join(whose)})" if whose else name for name in (symbol, "slope")]
    return found


def _own_first(curves: list[ShapeCurve]) -> list[ShapeCurve]:
    """Return lanes' curves before those that nobody trains on."""
    return sorted(curves, key=lambda curve: curve.is_ghost)
