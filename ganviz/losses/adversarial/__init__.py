"""Adversarial losses: one small file each, and one line in this list, whose order is the order in menus."""

from ganviz.losses.adversarial.averaged_relativistic import AveragedRelativistic
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.maximum_likelihood import MaximumLikelihood
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.adversarial.reverse_kl import ReverseKL
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.spec import Catalog

ADVERSARIAL_LOSSES: Catalog[AbstractAdversarialLoss] = Catalog(
    "loss",
    Saturating,
    NonSaturating,
    LeastSquares,
    Hinge,
    Wasserstein,
    PairedRelativistic,
    AveragedRelativistic,
    MixedCrossEntropy,
    ReverseKL,
    MaximumLikelihood,
    CustomLoss,
    CustomPairedLoss,
)
