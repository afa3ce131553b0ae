"""Which views stand where in each workspace: a view is placed by naming it here."""

from __future__ import annotations

from dataclasses import replace

from ganviz.spec.frozen import dataclass

SETTINGS = "settings"
RUNS = "runs"
"""The table of saved runs, which is no view of the run that is open."""
BARS_PX, LEAST_ROW_PX = 190, 225
"""What the window's own bars take of its height, about, and what a view below another one has at least."""


@dataclass(frozen=True, slots=True)
class Column:
    """Views above each other.

    Attributes
    ----------
    rows : tuple of tuple of str
        From top to bottom the keys of views; those of one row stand behind each other as tabs, the first in front.
    share : float
        Of the width that the settings leave, against the other columns.
    heights : tuple of float
        Each row's share of the height; none where all are equal.
    least_px : int
        What a row needs: where the window is lower, upper rows stand behind each other.
    """

    rows: tuple[tuple[str, ...], ...]
    share: float = 1.0
    heights: tuple[float, ...] = ()
    least_px: int = LEAST_ROW_PX

    def most_rows(self, height: int) -> int:
        """Return how many rows there is room for in a window as high as this."""
        return max(1, (height - BARS_PX) // self.least_px)

    def row_heights(self, n: int, total: int) -> list[int]:
        """Return the heights of ``n`` rows, which are fewer than :attr:`rows` where some stand behind each other."""
        shares = self.heights if len(self.heights) == n else (1.0,) * n
        return [int(total * share / sum(shares)) for share in shares]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A set of views for one purpose.

    Attributes
    ----------
    key, title, help : str
        ``help`` says what it is for.
    columns : tuple of Column
        From left to right, beside the settings.
    kinds : tuple of str
        Kinds of data that it is for; choosing such data opens it. Empty where it is for all.
    on : tuple of tuple of str
        What is switched on at first while it is open, each as the key of a view and what that calls it.
    """

    key: str
    title: str
    help: str
    columns: tuple[Column, ...]
    kinds: tuple[str, ...] = ()
    on: tuple[tuple[str, str], ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Return the keys of all views that it places."""
        return tuple(key for column in self.columns for row in column.rows for key in row)


MEASURES = ("score_histogram", "metrics", "ledger", "direction")
"""What stands behind each other at the lower right."""
WATCH = Workspace(
    "watch", "Watch", "Samples and losses while a run trains.",
    (
        Column((("plane", "line", "digits"),), 0.54),
        Column((("losses",), ("total_loss",), ("loss_shape", *MEASURES)), 0.46),
    ),
    ("plane", "line"),
)  # fmt: skip
DIGITS = Workspace(
    "digits", "Images", "Generated images, large, with losses and scores beside them.",
    (
        Column((("digits", "plane", "line"),), 0.56),
        Column((("losses", "total_loss"), (*MEASURES, "loss_shape")), 0.44),
    ),
    ("image",),
)  # fmt: skip

LOSS = Workspace(
    "loss", "Loss", "Why G learns or does not: the shape of its loss, the scores, other losses' gradients.",
    (
        Column((("plane", "line", "digits"), ("score_histogram",)), 0.4, (0.6, 0.4), 280),
        Column((("loss_shape",), ("shadows", "dirac", "formula")), 0.6),
    ),
    on=(("plane", "Gradient arrows"),),
)  # fmt: skip
TOTAL = Workspace(
    "total", "Total", "Whether L_D and L_G may be added, and what their sum hides.",
    (
        Column((("ledger",), ("total_loss",)), 0.54),
        Column((("direction",), ("phase", "bound", "losses", "metrics")), 0.46),
    ),
)  # fmt: skip
THEORY = Workspace(
    "theory", "Theory", "Whether D is what the theory assumes: the best one, and what it lacks.",
    (
        Column((("plane", "line", "digits"),), 0.5),
        Column((("bound", "total_loss", "formula"), ("mode_bars", "metrics", "phase")), 0.5),
    ),
)  # fmt: skip
COMPARE = Workspace(
    "compare", "Compare", "Which lane is better, and is it chance: samples side by side, metrics over time, seeds.",
    (
        Column((("plane", "line", "digits"),), 0.54),
        Column((("metrics_trace", "losses"), ("mode_bars", "seeds", RUNS, "metrics")), 0.46),
    ),
)  # fmt: skip

WORKSPACES = (WATCH, LOSS, TOTAL, THEORY, COMPARE, DIGITS)


def workspace(key: str) -> Workspace:
    """Return the workspace of this key; the first one where there is none."""
    return next((one for one in WORKSPACES if one.key == key), WATCH)


def placed(one: Workspace, keys: tuple[str, ...]) -> Workspace:
    """Return a workspace with all views of ``keys`` that no workspace names behind its last tabs."""
    known = {key for each in WORKSPACES for key in each.named}
    strangers = tuple(key for key in keys if key not in known and key != SETTINGS)
    *columns, last = one.columns
    *rows, tabs = last.rows
    column = replace(last, rows=(*rows, (*tabs, *strangers)))
    return replace(one, columns=(*columns, column))


def last_row(one: Workspace, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the views of ``keys`` that give way first, below others; none where there is one row only."""
    rows = placed(one, keys).columns[-1].rows
    return rows[-1] if len(rows) > 1 else ()
