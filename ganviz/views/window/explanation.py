"""Why a lane is said to do what it does: the figures, the rule that spoke with its thresholds, and where it is from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from ganviz.session import happening as h
from ganviz.spec.words import grouped
from ganviz.training.columns import PENALTY_COLUMNS
from ganviz.views.plot.plotting import number


def _share(part: float) -> str:
    return f"{100 * part:.0f} %"


REASONS: dict[Callable[[h.Facts], str], str] = {
    h.diverged: "Said where a loss, a penalty or the norm of a gradient is not finite.",
    h.at_rest: (
        "Said where an optimizer's learning rate is 0 in the settings, as experiments set it to let one player learn "
        "alone; Settings, Optimizers gives it another."
    ),
    h.outside: f"Said where more than {_share(h.OUTSIDE)} of the samples lie outside the plane that is shown.",
    h.penalty_dominates: (
        f"Said from {_share(h.DOMINATES)} of L_D's parts on, counted by size. "
        "Gradient penalties: Gulrajani et al. 2017, arXiv 1704.00028."
    ),
    h.starved_critic: (
        f"Said of a Wasserstein critic with one update a step where at most {_share(h.FEW)} of the modes are hit. "
        "With the gradient penalty on the ring of eight, ten seeds hit 1.5 modes in the median after 1\u202f700 steps, "
        "and all of them 8 with five updates of D a step: Arjovsky et al. 2017, arXiv 1701.07875, Algorithm 1; "
        "Gulrajani et al. 2017, arXiv 1704.00028."
    ),
    h.collapsed: (
        f"Said where at most {_share(h.FEW)} of the modes are hit and at least {_share(h.GOOD)} of the samples are of "
        f"high quality; at equilibrium is within {_share(h.LEVEL)} of L_D's value there. Counting modes: Srivastava "
        "et al. 2017, arXiv 1705.07761."
    ),
    h.far_ahead: (
        f"Said where D(G(z)) < {h.REJECTED:g} and D(x) > {h.SURE:g} in the mean of D's last batch; the slope of L_G is "
        f"called gone below {h.GONE:g}. Saturation: Goodfellow et al. 2014, arXiv 1406.2661, section 3; Adam's steps "
        "do not shrink with the gradient: Kingma and Ba 2015, arXiv 1412.6980."
    ),
    h.cloud: (
        f"Said where less than {_share(h.HARDLY)} of the samples lie within 3σ of a mode; at equilibrium is within "
        f"{_share(h.LEVEL)} of L_D's value there."
    ),
    h.got_worse: (
        f"Said where quality is at least {100 * h.SUNK_BY:.0f} points below the best measurement since the last switch "
        f"(the one before it counts), and at most two thirds of it, or where {_share(h.LOST)} of the modes are hit no "
        "more. The losses need not show it; Metrics over time does."
    ),
    h.average_ahead: (
        f"Said where the average's quality is {100 * h.AHEAD_BY:.0f} points higher, or it hits a quarter of the modes "
        "more. Averages of generators: Yazıcı et al. 2019, arXiv 1806.04498."
    ),
    h.steep_critic: (
        f"Said where the critic's slope is off 1 by more than {h.OFF:g}, by root mean square: only 1-Lipschitz critics "
        "give a distance. Gulrajani et al. 2017, arXiv 1704.00028."
    ),
    h.no_game: (
        "Said of losses without a discriminator: L_G is an unbiased estimate of a distance between the distributions, "
        "and nobody works against G. Gretton et al. 2012, JMLR 13."
    ),
}
NOTHING_CERTAIN = (
    "Nothing stands out, as a collapse would: who is ahead is said, by the mean scores of D's last batch. Images and "
    "score histograms show fixed samples, in evaluation mode and of G's running average where there is one: their "
    "means may be others."
)


def explained(facts: h.Facts) -> str:
    """Return the figures of a lane and, in a line of its own, why its sentence is said.

    Of a lane that has diverged, they are the last finite ones.
    """
    rule = h.speaking(facts)
    figures = ", ".join(f"{name} {value}" for name, value in _figures(facts))
    if figures and facts.status.diverged_at is not None:
        figures = f"Just before: {figures}"
    return "\n".join(filter(None, (figures, NOTHING_CERTAIN if rule is None else REASONS[rule])))


def _figures(facts: h.Facts) -> Iterator[tuple[str, str]]:
    loss = facts.config.lanes[facts.lane].formulation.loss
    named = [("L_D", "d_loss"), ("L_G", "g_loss")]
    if loss.score_kind == "logit":
        named += [("D(x)", "real_probability"), ("D(G(z))", "fake_probability")]
    elif loss.has_discriminator:
        named += [("mean score of real samples", "real_mean"), ("of generated ones", "fake_mean")]
    named += [
        (f"{column.removeprefix('penalty_').replace('_', ' ')}", column)
        for column in PENALTY_COLUMNS.values()
    ]
    named += [("‖∂L_D‖", "d_grad_norm"), ("‖∂L_G‖", "g_grad_norm")]
    has_ended = facts.status.diverged_at is not None
    for name, column in named:
        if math.isfinite(value := (facts.last if has_ended else facts.now)(column)):
            yield name, number(value)
    if has_ended:  # its batch and its samples are of weights that were put back
        return
    if math.isfinite(slope := facts.mean_slope):
        at = "" if facts.measured_slope is not None else ", at 10, 50 and 90 % of the scores"
        yield f"mean |slope| of L_G{at}", number(slope)
    if facts.metrics is not None and facts.modes is not None:
        hit, n, quality = facts.modes
        yield "modes", f"{hit:.0f} of {n}"
        yield "quality", f"{100 * quality:.1f} % of {grouped(facts.metrics.n)} samples"
