"""Views of a run, in the order of the View menu."""

from ganviz.views.base import AbstractSnapshotView
from ganviz.views.bound_view import BoundView
from ganviz.views.digits_view import DigitsView
from ganviz.views.dirac_view import DiracView
from ganviz.views.direction_view import DirectionView
from ganviz.views.formula_view import FormulaView
from ganviz.views.ledger_view import LedgerView
from ganviz.views.line_view import LineView
from ganviz.views.loss_shape_view import LossShapeView
from ganviz.views.losses_view import LossesView
from ganviz.views.metrics_trace_view import MetricsTraceView
from ganviz.views.metrics_view import MetricsView
from ganviz.views.mode_bars_view import ModeBarsView
from ganviz.views.phase_view import PhaseView
from ganviz.views.plane_view import PlaneView
from ganviz.views.score_histogram_view import ScoreHistogramView
from ganviz.views.seeds_view import SeedsView
from ganviz.views.shadows_view import ShadowsView
from ganviz.views.total_loss_view import TotalLossView

VIEWS: tuple[type[AbstractSnapshotView], ...] = (
    PlaneView,
    LineView,
    LossesView,
    TotalLossView,
    LossShapeView,
    ScoreHistogramView,
    DigitsView,
    MetricsView,
    MetricsTraceView,
    ModeBarsView,
    LedgerView,
    DirectionView,
    ShadowsView,
    PhaseView,
    BoundView,
    DiracView,
    FormulaView,
    SeedsView,
)
