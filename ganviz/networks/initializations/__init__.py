"""First weights of linear layers: one small class a kind, and one line in this list."""

from ganviz.networks.initializations.base import AbstractInitialization
from ganviz.networks.initializations.kinds import He, Orthogonal, SmallNormal, Uniform, Xavier
from ganviz.spec import Catalog

INITIALIZATIONS: Catalog[AbstractInitialization] = Catalog(
    "initialization", Uniform, He, Xavier, Orthogonal, SmallNormal
)
