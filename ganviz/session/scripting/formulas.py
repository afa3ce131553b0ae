"""A formulation as Python functions: both losses of scores, and the penalties."""

from __future__ import annotations

import html
import re
from typing import Any, cast

from ganviz.losses.adversarial.of_samples import as_sample_loss
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.base import (
    AbstractPenalty,
    AbstractSlopePenalty,
    Around,
    Points,
    at_fake,
    at_real,
    interpolates,
)
from ganviz.losses.presets import title_of
from ganviz.losses.written import Written, number_text
from ganviz.spec import InvalidValueError

REAL, FAKE = "t_real", "t_fake"

LOSSES = '''
def discriminator_loss(t_real, t_fake):
    """L_D = {d_words}: minimized by D, from its scores of real and of fake samples."""
    return {d_loss}


def generator_loss({g_arguments}):
    """L_G = {g_words}: minimized by G."""
    return {g_loss}
'''

LOSS_OF_SAMPLES = '''
def kernel(squares):
    """Return the kernel of squared distances."""
    return {kernel}


def among(values):
    """Return the mean over pairs of different samples."""
    n = len(values)
    return (values.sum() - values.diagonal().sum()) / (n * (n - 1))


def generator_loss(real, fake):
    """L_G = {g_words}: minimized by G, of samples; there is no D."""
    pairs = (real, real), (fake, fake), (real, fake)
    of_real, of_fake, between = (
        kernel((a.flatten(1)[:, None] - b.flatten(1)).square().sum(-1)) for a, b in pairs
    )
    return among(of_real) + among(of_fake) - 2 * between.mean()
'''

PENALTY = '''
def {name}(x):
    """{words}: added to D's loss, with x {where}."""
    x = x.detach().requires_grad_()
    (slopes,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    squares = slopes.flatten(1).square().sum(1)
    return {weight}({value}).mean()
'''


def plain(text: str) -> str:
    """Return a formula or a name of HTML as text for comments and docstrings, in which nothing can end them."""
    text = re.sub(r"<sup>(.*?)</sup>", r"^\1", re.sub(r"<sub>(.*?)</sub>", r"_\1", text))
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.replace("\\", "/").replace('"', "'").split())


def mean_of(term: Any) -> str:
    """Return the mean of a term of a loss as Python."""
    return str(cast("Written", term).mean())


def losses(formulation: Formulation) -> tuple[tuple[Written, ...], tuple[Written, ...]]:
    """Return the terms of which L_D and L_G are the sum of means, as functions of ``t_real`` and ``t_fake``."""
    real, fake = cast(Any, Written.name(REAL)), cast(Any, Written.name(FAKE))
    return (
        cast(Any, formulation.loss.d_terms(real, fake)),
        cast(Any, formulation.loss.g_terms(real, fake)),
    )


def formulation_script(formulation: Formulation, *, with_imports: bool = True) -> str:
    """Return Python functions of scores and, for penalties, of samples and a network ``D``.

    Raises
    ------
    InvalidValueError
        Where a part has no form as a script.
    """
    loss = formulation.loss
    try:
        text = losses_script(formulation)
    except (TypeError, AttributeError) as error:
        raise InvalidValueError(f"{loss.called} cannot be written as a script: {error}.") from error
    text += "".join(f"\n{penalty_script(penalty)}" for penalty in formulation.penalties)
    if not with_imports:
        return text
    imports = "import torch\nfrom torch.nn import functional as F\n\n"
    return f"# {plain(title_of(formulation))}: {plain(loss.reference)}\n{imports}{text}"


def losses_script(formulation: Formulation) -> str:
    """Return both losses as functions of scores, or G's as one of samples."""
    loss = formulation.loss
    if (of_samples := as_sample_loss(loss)) is not None:
        kernel = str(of_samples.kernel(cast(Any, Written.name("squares"))))
        return LOSS_OF_SAMPLES.format(kernel=kernel, g_words=plain(loss.g_formula))
    d_terms, g_terms = losses(formulation)
    return LOSSES.format(
        d_words=plain(loss.d_words()), d_loss=" + ".join(map(mean_of, d_terms)),
        g_words=plain(loss.g_formula), g_loss=" + ".join(map(mean_of, g_terms)),
        g_arguments=f"{REAL}, {FAKE}" if loss.generator_sees_real else FAKE,
    )  # fmt: skip


def slope_penalty(penalty: AbstractPenalty) -> AbstractSlopePenalty:
    """Return a penalty that is a function of slopes; raise InvalidValueError for another."""
    if not isinstance(penalty, AbstractSlopePenalty):
        raise InvalidValueError(
            f"{penalty.title} cannot be written as a script: it is no function of slopes alone."
        )
    return penalty


def penalty_script(penalty: AbstractPenalty) -> str:
    """Return a penalty as a function of the points at which it looks."""
    penalty = slope_penalty(penalty)
    try:
        value = str(penalty.of_squares(cast(Any, Written.name("squares"))))
        where = points_script(penalty.points)
    except (TypeError, AttributeError) as error:
        raise InvalidValueError(f"{penalty.title} cannot be written as a script: {error}.") from error
    weight = "" if penalty.factor == 1 else f"{number_text(penalty.factor)} * "
    return PENALTY.format(
        name=penalty.key, words=plain(penalty.formula), where=where, weight=weight, value=value
    ).replace("(squares).mean()", "squares.mean()")


def points_script(points: Points) -> str:
    """Return where a penalty looks as an expression of real and fake samples, ``epsilon`` and ``noise``."""
    if isinstance(points, Around):
        return f"real + {number_text(points.sigma)} * noise"
    known = {at_real: "real", at_fake: "fake", interpolates: "epsilon * real + (1 - epsilon) * fake"}
    if points not in known:
        raise TypeError("it looks at points of its own")
    return known[points]
