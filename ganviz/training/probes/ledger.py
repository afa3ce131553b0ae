"""What the total adds up from: both parts of L_D, its penalties and L_G, all of one batch of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.game_value import game_value
from ganviz.spec.frozen import dataclass
from ganviz.training.columns import COLUMNS
from ganviz.training.probes.base import AbstractProbe, Reading, Subject

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.base import AbstractAdversarialLoss

GENERATORS = ("trained", "saturating", "non_saturating")
"""The generator losses that a total is made with: the lane's own, and both of the original paper."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ledger(Reading):
    """The bookkeeping of each lane, of the scores of the last discriminator update; ``[lanes]`` where not said.

    Attributes
    ----------
    parts : ndarray, ``[lanes, 2]``
        What L_D is the sum of, real and fake part; the second is NaN where it is a function of pairs.
    penalty : ndarray
        The penalties that L_D gained; NaN where they are those of another formulation.
    g_loss : ndarray, ``[lanes, 3]``
        L_G of the same scores, by ``GENERATORS``, the trained one as the run's rule has it; NaN where D is not trained
        on the paper's cross-entropy.
    value : ndarray
        V(D, G) of the same scores; NaN where L_D is not -V.
    g_trained : ndarray
        L_G as it was trained: after D's update, on its own latents.
    g_norm, sum_norm : ndarray, ``[lanes, 3]``
        Euclidean norms of the gradients of L_G and of L_D + L_G with respect to the generator's weights, at the present
        weights and ``n`` fixed latents.
    n : int
        Those latents; 0 where all is from a log, which has no gradients, and L_G perhaps of other scores than L_D.
    """

    parts: Values
    penalty: Values
    g_loss: Values
    value: Values
    g_trained: Values
    g_norm: Values
    sum_norm: Values
    n: int


@dataclass(frozen=True, slots=True)
class LedgerProbe(AbstractProbe):
    """The ledger, with gradients at ``n`` latents."""

    min_interval_s: ClassVar[float] = 0.2

    n: int = 128

    def measure(self, subject: Subject) -> Ledger:
        """Return the ledger at this step; all NaN before the first."""
        lanes = range(subject.n_lanes)
        rows = [_of_scores(subject, lane) for lane in lanes]
        norms = _norms(subject, self.n)
        columns: dict[str, Any] = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        return Ledger(n=self.n, g_norm=norms[0], sum_norm=norms[1], **columns)


def generator_losses(loss: AbstractAdversarialLoss) -> tuple[AbstractAdversarialLoss | None, ...]:
    """Return the losses that ``GENERATORS`` names; None for the paper's where D minimizes something else."""
    from ganviz.losses.adversarial.non_saturating import NonSaturating
    from ganviz.losses.adversarial.saturating import Saturating

    return (loss, Saturating(), NonSaturating()) if is_cross_entropy(loss) else (loss, None, None)


def is_cross_entropy(loss: AbstractAdversarialLoss) -> bool:
    """Return whether L_D is -V of the original paper, which a few scores tell."""
    import torch

    real, fake = (
        torch.tensor([values], dtype=torch.float64) for values in ([-2.0, 0.5, 3.0], [1.5, -0.7, -4.0])
    )
    if loss.score_kind != "logit":
        return False
    value = game_value(real.numpy(), fake.numpy()).value
    d_loss = loss.discriminator(real_scores=real, fake_scores=fake).numpy()
    return bool(np.allclose(d_loss, -value, rtol=1e-12, atol=0))


def _of_scores(subject: Subject, lane: int) -> dict[str, Values]:
    import torch

    formulation = subject.config.lanes[lane].formulation
    nothing = np.full(2, np.nan)
    if subject.real_scores is None or subject.fake_scores is None:
        return {
            "parts": nothing, "penalty": nothing[0], "g_loss": np.full(3, np.nan), "value": nothing[0],
            "g_trained": nothing[0],
        }  # fmt: skip
    real, fake = (
        torch.from_numpy(scores[lane].astype(np.float64))
        for scores in (subject.real_scores, subject.fake_scores)
    )
    terms = [float(term.mean()) for term in formulation.loss.d_terms(real, fake)]
    d_loss, penalty, g_trained = _written(subject, lane)
    if not formulation.penalties:
        penalty = 0.0
    elif not np.isclose(sum(terms) + penalty, d_loss, rtol=1e-3, atol=1e-5):
        penalty = np.nan  # the formulation was changed after that step
    _, *others = generator_losses(formulation.loss)
    terms_of_g = [
        subject.config.training.rule.g_terms(formulation.loss, real, fake),
        *(None if one is None else one.g_terms(real, fake) for one in others),
    ]
    losses = [np.nan if of_g is None else sum(float(term.mean()) for term in of_g) for of_g in terms_of_g]
    value = game_value(real.numpy(), fake.numpy()).value
    return {
        "parts": np.array([*terms, np.nan][:2]),
        "penalty": np.asarray(penalty),
        "g_loss": np.array(losses),
        "value": np.asarray(value if is_cross_entropy(formulation.loss) else np.nan),
        "g_trained": np.asarray(g_trained),
    }


def _written(subject: Subject, lane: int) -> tuple[float, float, float]:
    """Return L_D, penalty and L_G of the shown step as the history has them."""
    history, columns = (
        subject.read_history(),
        [COLUMNS.index(name) for name in ("d_loss", "penalty", "g_loss")],
    )
    last = min(subject.step, history.n_rows(lane))
    if not last:
        return np.nan, np.nan, np.nan
    d_loss, penalty, g_loss = history.between(lane, last - 1, last, columns)[0].tolist()
    return d_loss, penalty, g_loss


def _norms(subject: Subject, n: int) -> Values:
    """Return the norms of the gradients of L_G and of the total, ``[2, lanes, 3]``, with respect to G's weights."""
    import torch

    losses = [generator_losses(lane.formulation.loss) for lane in subject.config.lanes]
    weights, samples = subject.trained(subject.latents(n))
    real = torch.from_numpy(subject.real(n)).to(subject.device)
    norms = np.full((2, subject.n_lanes, len(GENERATORS)), np.nan)
    with torch.enable_grad():
        fake = subject.scores(samples, 1)
        real = subject.scores(real.expand(subject.n_lanes, *real.shape), 0).detach()
        of_d = _gradient(
            [lane.formulation.loss.discriminator(real_scores=real[i], fake_scores=fake[i])
             for i, lane in enumerate(subject.config.lanes)], weights,
        )  # fmt: skip
        for k in range(len(GENERATORS)):
            chosen = [(i, of_lane[k]) for i, of_lane in enumerate(losses)]
            kept = [(i, loss) for i, loss in chosen if loss is not None]
            if not kept:
                continue
            of_g = _gradient(
                [loss.generator(real_scores=real[i], fake_scores=fake[i]) for i, loss in kept], weights
            )
            both = of_g.norm(dim=1), (of_d + of_g).norm(dim=1)
            for i, _ in kept:
                norms[:, i, k] = [float(norm[i]) for norm in both]
    return norms


def _gradient(losses: list[Tensor], weights: Tensor) -> Tensor:
    """Return each lane's gradient, ``[lanes, parameters]``: lanes share nothing."""
    import torch

    (gradient,) = torch.autograd.grad(torch.stack(losses).sum(), weights, retain_graph=True)
    return gradient.double()
