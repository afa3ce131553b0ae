"""Penalties on the discriminator: one small file a family, and one line in this list."""

from ganviz.losses.penalties.base import AbstractPenalty
from ganviz.losses.penalties.consistency import Consistency
from ganviz.losses.penalties.lecam import LeCam, LeCamCode
from ganviz.losses.penalties.logit_weighted import Roth
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty, LipschitzPenalty
from ganviz.losses.penalties.zero_centered import R1, R2, ZeroCenteredPenalty
from ganviz.spec import Catalog

PENALTIES: Catalog[AbstractPenalty] = Catalog(
    "penalty",
    R1,
    R2,
    GradientPenalty,
    LipschitzPenalty,
    ZeroCenteredPenalty,
    DRAGAN,
    Roth,
    Consistency,
    LeCam,
    LeCamCode,
)
