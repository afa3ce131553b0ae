"""Probes: one file a reading. This list is what exports and contract tests go through."""

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.bound import BoundProbe
from ganviz.training.probes.dirac import DiracProbe
from ganviz.training.probes.gradients import GradientArrowsProbe
from ganviz.training.probes.image_grid import ImageGridProbe
from ganviz.training.probes.latent_map import LatentMapProbe
from ganviz.training.probes.ledger import LedgerProbe
from ganviz.training.probes.line import LineGameProbe
from ganviz.training.probes.loss_shape import LossShapeProbe
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.probes.metrics_trace import MetricsTraceProbe
from ganviz.training.probes.optimal_surface import OptimalSurfaceProbe
from ganviz.training.probes.samples import EarlierSamplesProbe, SamplesProbe
from ganviz.training.probes.score_histogram import ScoreHistogramProbe
from ganviz.training.probes.seed_samples import SeedSamplesProbe
from ganviz.training.probes.shadow_gradients import ShadowGradientsProbe
from ganviz.training.probes.shadow_trace import ShadowTraceProbe
from ganviz.training.probes.surface import SurfaceProbe

PROBES: tuple[AbstractProbe, ...] = (
    SamplesProbe(),
    SurfaceProbe(),
    OptimalSurfaceProbe(),
    GradientArrowsProbe(),
    LatentMapProbe(),
    ImageGridProbe(),
    LineGameProbe(),
    LossTraceProbe(),
    LossShapeProbe(),
    ScoreHistogramProbe(),
    MetricsProbe(),
    MetricsTraceProbe(),
    LedgerProbe(),
    ShadowGradientsProbe(),
    ShadowTraceProbe(),
    BoundProbe(),
    DiracProbe(),
    SeedSamplesProbe(),
    EarlierSamplesProbe(),
)
