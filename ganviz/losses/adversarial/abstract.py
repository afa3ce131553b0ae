"""What every adversarial loss is, whatever its objectives are functions of.

Scores are raw discriminator outputs, larger = more real, for every loss. Each player minimizes its own objective.
"""

from __future__ import annotations

import abc
import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels.constants import scaled
from ganviz.losses.adversarial.facts import ANY, BestRanges, Equilibrium, Range
from ganviz.spec import Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    Floats = NDArray[np.float64]


class AbstractAdversarialLoss(Spec, abc.ABC):
    """The two objectives of the game, as functions of both batches of scores.

    Class attributes: ``family`` (under which it is found), ``reference`` (paper and equation), ``score_kind`` ("logit":
    σ(score) is a probability; "regression": scores approach targets; "critic": an unbounded score; "none": there are
    none) and ``d_formula``.
    What may depend on a loss's numbers is a property here, and often a class attribute in an entry.
    """

    __slots__ = ()

    family: ClassVar[str] = "Other"
    reference: ClassVar[str]
    score_kind: ClassVar[str]
    d_formula: ClassVar[str]
    """The discriminator's objective as HTML text."""

    @property
    @abc.abstractmethod
    def g_formula(self) -> str:
        """Return the generator's objective as HTML text."""

    @property
    def called(self) -> str:
        """Return what this loss is called, which may be a name of its own."""
        return self.title

    @property
    def behavior(self) -> str:
        """Return one sentence on how it behaves."""
        return ""

    @property
    def divergence(self) -> str:
        """Return what the generator descends while D is the best one, as HTML text; empty where it has no name."""
        return ""

    @property
    def d_range(self) -> Range:
        """Return between which values L_D lies, whatever the scores are."""
        return ANY

    @property
    def g_range(self) -> Range:
        """Return between which values L_G lies, whatever the scores are."""
        return ANY

    @property
    def total_range(self) -> Range:
        """Return between which values L_D + L_G lies where both are of the same scores."""
        return ANY

    @property
    def range_note(self) -> str:
        """Return a sentence on what holding scores leaves of the three ranges; nothing where scores are not held."""
        return ""

    @property
    def best_ranges(self) -> BestRanges | None:
        """Return the ranges that are left while D is the best one; None where nobody has found them."""
        return None

    @property
    def warning(self) -> str:
        """Return a sentence on what goes wrong with the numbers chosen, or nothing."""
        return ""

    always_rises: ClassVar[bool] = True
    """Whether L_G never asks a generated sample for a lower score: better has one direction."""

    @property
    def is_canceling(self) -> bool:
        """Return whether L_G is D's fake part with the sign turned: in L_D + L_G the generator is lost."""
        return False

    every_d_is_best: ClassVar[bool] = False
    """Whether L_D of a perfect generator is the same for every D, which need not be flat then."""
    is_nats: ClassVar[bool] = False
    """Whether the losses are information, measured in nats."""
    has_discriminator: ClassVar[bool] = True
    """Whether D plays: without it L_G is a function of samples, and nothing here that is of scores has a meaning."""
    generator_sees_real: ClassVar[bool] = False
    """Whether L_G depends on real samples, or their scores, too."""
    compares_means: ClassVar[bool] = False
    """Whether scores are compared with the mean of the other batch's."""
    d_convention: ClassVar[str] = "sum of means"
    """What the number L_D is, for reference lines."""
    g_argument: ClassVar[str] = "score t of a generated sample"
    """What a generated sample's own term of L_G is a function of, in words."""
    gentle: ClassVar[tuple[str, ...]] = ()
    """Fields whose change leaves the game near enough for optimizers to keep what they remember."""

    @abc.abstractmethod
    def d_terms(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return what L_D is the sum of the means of, each ``[…, batch]``: a real and a fake part where it has them."""

    @abc.abstractmethod
    def g_terms(self, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return what L_G is the sum of the means of, each ``[…, batch]``."""

    def discriminator(self, *, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Return L_D, ``[lanes]``, from scores ``[lanes, batch]``: what the discriminator minimizes."""
        return sum_of_means(self.d_terms(real_scores, fake_scores))

    def generator(self, *, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Return L_G, ``[lanes]``, from scores ``[lanes, batch]``: what the generator minimizes."""
        return sum_of_means(self.g_terms(real_scores, fake_scores))

    @abc.abstractmethod
    def d_slopes(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Return the derivatives of ``batch · L_D`` with respect to each real and each fake score."""

    @abc.abstractmethod
    def g_slopes(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return the derivatives of ``batch · L_G`` with respect to each generated score."""

    def d_slopes_of(self, both: Tensor, share: float = 1.0) -> tuple[Tensor, ...]:
        """Return ``share`` times :meth:`d_slopes` of scores ``[…, 2, batch]``, real and fake ones.

        Apart, or in one such tensor; equal to the bit to what is multiplied at last, whoever finds a shorter way.
        """
        return tuple(scaled(one, share) for one in self.d_slopes(*both.unbind(-2)))

    def g_slopes_of(self, both: Tensor, share: float = 1.0) -> Tensor:
        """Return ``share`` times :meth:`g_slopes` of scores ``[…, 2, batch]``, of generated and real samples."""
        generated, real = both.unbind(-2)
        return scaled(self.g_slopes(real, generated), share)

    @abc.abstractmethod
    def g_places(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return what each generated sample's own term of L_G is a function of, ``[…, batch]``."""

    @abc.abstractmethod
    def g_curve(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return a generated sample's own term of L_G at these places, and its slope there."""

    @abc.abstractmethod
    def g_shape(self, places: Floats) -> Floats:
        """Return a generated sample's own term of L_G at these places, computed without torch, for pictures."""

    @abc.abstractmethod
    def d_shape(self, places: Floats) -> Floats:
        """Return a generated sample's own term of L_D where :meth:`g_shape` has that of L_G, without torch."""

    @abc.abstractmethod
    def d_places(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return what the parts of L_D are functions of, ``[…, batch]`` each."""

    @abc.abstractmethod
    def d_curves(self, places: Tensor) -> tuple[tuple[Tensor, Tensor], ...]:
        """Return each part of L_D at these places, with its slope there."""

    def d_words(self) -> str:
        """Return the discriminator's objective as HTML text, with the numbers that this loss has."""
        return self.d_formula

    @abc.abstractmethod
    def equilibrium(self) -> Equilibrium:
        """Return the reference values that charts draw as lines."""

    def optimal_logit(self, log_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logit of what the best discriminator would say where ln(p / q) is ``log_ratio``."""
        return log_ratio

    def best_scores(self, log_ratio: Floats) -> Floats | None:
        """Return scores at which L_D is least where ln(p / q) is ``log_ratio``, finite numbers, up to a constant.

        None where there are none (a critic's grow without end), or where they depend on more than the ratio.
        """
        return None

    def best_scores_of(self, p: Floats, q: Floats) -> Floats | None:
        """Return scores of cells at which L_D is least, for shares ``p`` of the data and ``q`` of generated samples.

        They are defined up to a constant, finite, and None where no best D is known in closed form.
        """
        from ganviz.losses.adversarial.densities import log_ratios  # NumPy: not where losses are only named

        return self.best_scores(log_ratios(p, q))

    @property
    def has_best_d(self) -> bool:
        """Return whether :meth:`best_scores_of` knows the best D."""
        import numpy as np

        return self.best_scores_of(np.ones(1), np.ones(1)) is not None

    def expected_d_loss(self, p: Floats, q: Floats, scores: Floats) -> float:
        """Return L_D of cells with shares ``p`` of the data, ``q`` of generated samples, and these scores.

        NaN where it is not known; computed without torch, in float64.
        """
        return math.nan

    def decision_score(self) -> float:
        """Return the score at which real and generated are equally likely: for plain logits the contour D = ½."""
        score = self.equilibrium().score
        return 0.0 if score is None else score


def sum_of_means(terms: tuple[Tensor, ...]) -> Tensor:
    """Return the objective that such terms make, ``[lanes]``."""
    total = terms[0].mean(-1)
    for term in terms[1:]:
        total = total + term.mean(-1)
    return total
