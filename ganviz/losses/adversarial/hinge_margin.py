"""The discriminator's half of the hinge losses: L_D = E max(0, 1 - t_real) + E max(0, 1 + t_fake).

It is at least 0. D stops learning on samples beyond the margin; at equilibrium L_D = 2 for every constant score in
[-1, 1], so L_G is not determined there.

Source: Lim & Ye 2017 (arXiv 1705.02894); Miyato et al. 2018 (arXiv 1802.05957), equation 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.facts import AT_LEAST_0, Range
from ganviz.losses.elementary import relu, step_function
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractHingeLoss(AbstractPointwiseLoss):
    """The discriminator's half; a final class adds the generator's."""

    family: ClassVar[str] = "Hinge"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = "E max(0, 1 − t<sub>r</sub>) + E max(0, 1 + t<sub>f</sub>)"
    d_range: ClassVar[Range] = AT_LEAST_0

    def on_real(self, scores: Tensor) -> Tensor:
        """Return max(0, 1 - t)."""
        return relu(1 - scores)

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return max(0, 1 + t)."""
        return relu(1 + scores)

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return -1 inside the margin, 0 beyond."""
        return step_function(-scores, -1.0, -1.0)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return 1 inside the margin, 0 beyond."""
        return step_function(scores, -1.0)

    def best_scores(self, log_ratio: Floats) -> Floats:
        """Return 1 where p is above q, -1 where it is below: L_D is 2 - 2 TV."""
        return np.sign(log_ratio)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2; the split and L_G depend on the undetermined constant score."""
        return Equilibrium(None, None, 2.0, None, None, None)
