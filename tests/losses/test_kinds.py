"""Losses of differences: values against NumPy loops, slopes against autograd, and what no constant may change."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import ganviz
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.averaged_relativistic import AveragedRelativistic
from ganviz.losses.adversarial.base import AbstractAveragedLoss, AbstractPairedLoss, AbstractPointwiseLoss
from ganviz.losses.adversarial.of_samples import AbstractSampleLoss
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic

LN2 = math.log(2.0)
KINDS = AbstractPointwiseLoss, AbstractPairedLoss, AbstractAveragedLoss
LOSSES = [cls() for cls in ADVERSARIAL_LOSSES.values() if cls.has_discriminator]
RELATIVE = [loss for loss in LOSSES if not isinstance(loss, AbstractPointwiseLoss)]
each = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.key)
each_relative = pytest.mark.parametrize("loss", RELATIVE, ids=lambda loss: loss.key)


def softplus(t):
    return float(np.logaddexp(0.0, t))


def paired(real, fake):
    n = len(real)
    return (
        sum(softplus(-(real[i] - fake[i])) for i in range(n)) / n,
        sum(softplus(-(fake[i] - real[i])) for i in range(n)) / n,
    )


def averaged(real, fake):
    r, f, n = sum(real) / len(real), sum(fake) / len(fake), len(real)
    return (
        sum(softplus(-(t - f)) for t in real) / n + sum(softplus(t - r) for t in fake) / n,
        sum(softplus(t - f) for t in real) / n + sum(softplus(-(t - r)) for t in fake) / n,
    )


def paired_with(function):
    def losses(real, fake):
        n = len(real)
        return tuple(
            sum(function(a[i] - b[i]) for i in range(n)) / n for a, b in ((real, fake), (fake, real))
        )

    return losses


def averaged_with(on_real, on_fake):
    def losses(real, fake):
        r, f, n = sum(real) / len(real), sum(fake) / len(fake), len(real)
        return (
            (sum(on_real(t - f) for t in real) + sum(on_fake(t - r) for t in fake)) / n,
            (sum(on_fake(t - f) for t in real) + sum(on_real(t - r) for t in fake)) / n,
        )

    return losses


ORACLES = {
    "rpgan": paired,
    "ragan": averaged,
    "custom_paired": paired,
    "rphinge": paired_with(lambda d: max(0, 1 - d)),
    "rplsgan": paired_with(lambda d: (d - 1) ** 2),
    "rahinge": averaged_with(lambda d: max(0, 1 - d), lambda d: max(0, 1 + d)),
    "ralsgan": averaged_with(lambda d: (d - 1) ** 2, lambda d: (d + 1) ** 2),
}


def scores(lanes=3, batch=7, seed=0):
    draw = torch.Generator().manual_seed(seed)
    return (2 * torch.randn(lanes, batch, dtype=torch.float64, generator=draw) for _ in range(2))


def test_every_loss_is_of_one_kind():
    assert {loss.key for loss in RELATIVE} == set(ORACLES)
    assert all(sum(isinstance(loss, kind) for kind in KINDS) == 1 for loss in LOSSES)
    without_d = {cls for cls in ADVERSARIAL_LOSSES.values() if not cls.has_discriminator}
    assert without_d == {cls for cls in ADVERSARIAL_LOSSES.values() if issubclass(cls, AbstractSampleLoss)}


def test_a_loss_is_asked_for_its_kind_in_one_place():
    names, asking = "|".join(["AbstractSampleLoss", *(kind.__name__ for kind in KINDS)]), set()
    for path in Path(ganviz.__file__).parent.rglob("*.py"):
        if re.search(rf"(?:isinstance|issubclass)\([^:]*\b(?:{names})\b", path.read_text("utf-8")):
            asking.add(path.stem)
    assert asking == {"of_samples"}


@each_relative
def test_values_are_those_of_a_loop(loss):
    real, fake = scores()
    found = (
        loss.discriminator(real_scores=real, fake_scores=fake),
        loss.generator(real_scores=real, fake_scores=fake),
    )
    expected = [ORACLES[loss.key](r.tolist(), f.tolist()) for r, f in zip(real, fake, strict=True)]
    np.testing.assert_allclose(torch.stack(found, 1), expected, rtol=1e-13)


@each
@pytest.mark.parametrize("left_out", [False, True])
def test_slopes_are_derivatives_of_the_objectives(loss, left_out, monkeypatch):
    if left_out:
        for name in [name for name in vars(type(loss)) if name.startswith("on_") and name.endswith("_slope")]:
            monkeypatch.delattr(type(loss), name)
    real, fake = (t.requires_grad_() for t in scores())
    d_loss = loss.discriminator(real_scores=real, fake_scores=fake).sum() * real.shape[1]
    g_loss = loss.generator(real_scores=real.detach(), fake_scores=fake).sum() * real.shape[1]
    expected = (*torch.autograd.grad(d_loss, (real, fake)), *torch.autograd.grad(g_loss, fake))
    real, fake = real.detach(), fake.detach()
    found = (*loss.d_slopes(real, fake), loss.g_slopes(real, fake))
    for slope, derivative in zip(found, expected, strict=True):
        torch.testing.assert_close(slope + torch.zeros_like(real), derivative, rtol=1e-12, atol=1e-14)


@each_relative
def test_a_common_constant_changes_nothing(loss):
    """A generator's loss that is plain cross-entropy would change."""
    real, fake = scores()
    for c in (5.0, -40.0):
        for objective in (loss.discriminator, loss.generator):
            torch.testing.assert_close(
                objective(real_scores=real + c, fake_scores=fake + c),
                objective(real_scores=real, fake_scores=fake), rtol=1e-11, atol=1e-13,
            )  # fmt: skip


def test_pairs_are_made_by_index_and_never_by_broadcasting():
    real, fake = scores()
    loss = PairedRelativistic()
    assert loss.d_terms(real, fake)[0].shape == real.shape
    swapped = loss.discriminator(real_scores=real, fake_scores=fake.flip(-1))
    assert not torch.allclose(swapped, loss.discriminator(real_scores=real, fake_scores=fake))
    for method in (loss.d_terms, loss.g_terms, loss.d_slopes, loss.g_slopes):
        with pytest.raises(ValueError, match="paired by index"):
            method(real[0].unsqueeze(-1), fake[0])


@each_relative
def test_extreme_scores_stay_finite(loss):
    real, fake = torch.full((1, 4), 1000.0), torch.full((1, 4), -1000.0)
    for a, b in ((real, fake), (fake, real)):
        found = [*loss.d_terms(a, b), *loss.g_terms(a, b), *loss.d_slopes(a, b), loss.g_slopes(a, b)]
        assert all(torch.isfinite(tensor).all() for tensor in found)


@each_relative
def test_the_equilibrium_is_what_equal_scores_give(loss):
    told, same = loss.equilibrium(), torch.full((1, 4), 0.7, dtype=torch.float64)
    d_loss = float(loss.discriminator(real_scores=same, fake_scores=same))
    g_loss = float(loss.generator(real_scores=same, fake_scores=same))
    assert told.score is None
    np.testing.assert_allclose((told.d_loss, told.g_loss, told.total), (d_loss, g_loss, d_loss + g_loss))
    size = {
        "rpgan": LN2,
        "ragan": 2 * LN2,
        "custom_paired": LN2,
        "rphinge": 1,
        "rplsgan": 1,
        "rahinge": 2,
        "ralsgan": 2,
    }[loss.key]
    np.testing.assert_allclose((d_loss, g_loss), size)


def test_the_sum_is_not_halved():
    assert AveragedRelativistic().equilibrium().total == pytest.approx(4 * LN2)
