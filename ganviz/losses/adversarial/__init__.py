"""Adversarial losses: one small file each, and one line in this list, whose order is the order in menus."""

from ganviz.losses.adversarial.averaged_hinge import AveragedHinge
from ganviz.losses.adversarial.averaged_least_squares import AveragedLeastSquares
from ganviz.losses.adversarial.averaged_relativistic import AveragedRelativistic
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.adversarial.energy_distance import EnergyDistance
from ganviz.losses.adversarial.energy_margin import EnergyMargin
from ganviz.losses.adversarial.f_gan import OriginalGAN
from ganviz.losses.adversarial.f_hellinger import Hellinger
from ganviz.losses.adversarial.f_jensen_shannon import JensenShannon
from ganviz.losses.adversarial.f_kl import ForwardKL
from ganviz.losses.adversarial.f_neyman import Neyman
from ganviz.losses.adversarial.f_pearson import Pearson
from ganviz.losses.adversarial.f_reverse_kl import BackwardKL
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.hinge_both import HingeBoth
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.maximum_likelihood import MaximumLikelihood
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.mmd import MMD
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_hinge import PairedHinge
from ganviz.losses.adversarial.paired_least_squares import PairedLeastSquares
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
    HingeBoth,
    PairedHinge,
    PairedLeastSquares,
    AveragedHinge,
    AveragedLeastSquares,
    ForwardKL,
    BackwardKL,
    Pearson,
    Neyman,
    Hellinger,
    JensenShannon,
    OriginalGAN,
    EnergyMargin,
    MMD,
    EnergyDistance,
    CustomLoss,
    CustomPairedLoss,
)
