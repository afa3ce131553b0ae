"""The layers of the plane, in the order of their buttons and of the legend."""

from ganviz.views.pictures.layers.arrows import ArrowsLayer
from ganviz.views.pictures.layers.base import AbstractLayer
from ganviz.views.pictures.layers.colors import DifferenceLayer, OptimalLayer, SurfaceLayer
from ganviz.views.pictures.layers.contour import ContourLayer
from ganviz.views.pictures.layers.latent_map import LatentMapLayer
from ganviz.views.pictures.layers.missed_modes import MissedModesLayer
from ganviz.views.pictures.layers.samples import GeneratedLayer, RealLayer

LAYERS: tuple[AbstractLayer, ...] = (
    RealLayer(),
    GeneratedLayer(),
    SurfaceLayer(),
    ContourLayer(),
    MissedModesLayer(),
    ArrowsLayer(),
    LatentMapLayer(),
    OptimalLayer(),
    DifferenceLayer(),
)
