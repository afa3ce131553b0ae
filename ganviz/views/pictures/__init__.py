"""Views of a run, in the order of the View menu."""

from ganviz.views.bases.base import AbstractSnapshotView
from ganviz.views.pictures.bound_view import BoundView
from ganviz.views.pictures.digits_view import DigitsView
from ganviz.views.pictures.dirac_view import DiracView
from ganviz.views.pictures.direction_view import DirectionView
from ganviz.views.pictures.formula_view import FormulaView
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.pictures.line_view import LineView
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.metrics_trace_view import MetricsTraceView
from ganviz.views.pictures.metrics_view import MetricsView
from ganviz.views.pictures.mode_bars_view import ModeBarsView
from ganviz.views.pictures.phase_view import PhaseView
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.pictures.score_histogram_view import ScoreHistogramView
from ganviz.views.pictures.seeds_view import SeedsView
from ganviz.views.pictures.shadows_view import ShadowsView
from ganviz.views.pictures.total_loss_view import TotalLossView

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
