"""How good the samples are: distances with their floors, and coverage of the modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.training.probes.base import AbstractProbe, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class Metrics(Reading):
    """Measures of ``n`` generated samples; each array is ``[lanes]`` and NaN where it has no meaning for the data.

    Attributes
    ----------
    n : int
        Samples used.
    n_modes : int
        Modes of the data; 0 where it has none.
    modes_hit : ndarray
        Modes that are nearest to at least one high-quality sample.
    quality_fraction : ndarray
        Share of samples within 3 standard deviations of the nearest mode; exact samples reach 0.98889 in the plane.
    reverse_kl : ndarray
        KL(ĝ ‖ uniform) over modes, all samples assigned to the nearest, in nats; floor (K - 1) / (2 n).
    sliced_wasserstein, sliced_wasserstein_floor : ndarray
        Sliced Wasserstein-1 distance to real samples, and the same between two real samples of that size.
    js_divergence, js_divergence_floor : ndarray
        Smoothed Jensen–Shannon divergence in nats (kernel width 0.1), and its value for real samples of that size.
    mode_counts : ndarray, ``[lanes, n_modes]``
        Samples whose nearest mode is each one.
    """

    n: int
    n_modes: int
    modes_hit: NDArray[np.float64]
    quality_fraction: NDArray[np.float64]
    reverse_kl: NDArray[np.float64]
    sliced_wasserstein: NDArray[np.float64]
    sliced_wasserstein_floor: NDArray[np.float64]
    js_divergence: NDArray[np.float64]
    js_divergence_floor: NDArray[np.float64]
    mode_counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricsProbe(AbstractProbe):
    """Measures of ``n`` samples generated from fixed latents."""

    n: int = 2500

    def supports(self, config: RunConfig) -> bool:
        """Return True: sliced Wasserstein needs nothing but samples."""
        return True

    def measure(self, subject: Subject) -> Metrics:
        """Return the measures at this step."""
        raise NotImplementedError
