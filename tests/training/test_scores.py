"""What the history keeps of a block of scores, against an independent computation."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import named_formulation
from ganviz.training.columns import COLUMNS
from ganviz.training.scores import BLOCK_STEPS, ScoreBlock, first_non_finite

FORMULATIONS = [named_formulation(key) for key in ("saturating", "non_saturating", "least_squares", "hinge")]
BATCH = 24
COLUMN = {name: i for i, name in enumerate(COLUMNS)}


def made_block(formulations, batch):
    made = ScoreBlock(len(formulations), batch, "cpu", torch.float32)
    draw = torch.Generator().manual_seed(0)
    for tensor in (
        made.d_scores,
        made.g_scores,
        made.g_real,
        made.d_norms,
        made.g_norms,
        made.penalties,
        made.terms,
    ):
        tensor.normal_(0, 3, generator=draw)
    return made


@pytest.fixture
def block():
    return made_block(FORMULATIONS, BATCH)


def expected(block, step, lane):
    """Return one row from the definitions, in NumPy and float64."""
    scores = block.d_scores[step, lane].double().numpy()
    real, fake, generated = scores[:BATCH], scores[BATCH:], block.g_scores[step, lane].double().numpy()
    p_real, p_fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    d_real, d_fake = -np.log(p_real).mean(), -np.log(1 - p_fake).mean()
    g_non_saturating = -np.log(p_fake).mean()
    on_fake = {0: -d_fake, 1: g_non_saturating, 2: ((fake - 1) ** 2).mean() / 2, 3: -fake.mean()}[lane]
    g_p = 1 / (1 + np.exp(-generated))
    parts = {
        0: (d_real, d_fake, np.log(1 - g_p).mean()),
        1: (d_real, d_fake, -np.log(g_p).mean()),
        2: (((real - 1) ** 2).mean() / 2, (fake**2).mean() / 2, ((generated - 1) ** 2).mean() / 2),
        3: (np.maximum(0, 1 - real).mean(), np.maximum(0, 1 + fake).mean(), -generated.mean()),
    }[lane]
    penalty = float(block.penalties[step, lane])
    row = {
        "d_loss_real": parts[0], "d_loss_fake": parts[1], "penalty": penalty,
        "d_loss": parts[0] + parts[1] + penalty, "g_loss": parts[2], "total": sum(parts) + penalty,
        "batch_total": parts[0] + parts[1] + penalty + on_fake,
        "d_real": d_real, "d_fake": d_fake, "value": -d_real - d_fake, "g_saturating": -d_fake,
        "g_non_saturating": g_non_saturating, "total_saturating": d_real,
        "total_non_saturating": d_real + d_fake + g_non_saturating,
        "real_mean": real.mean(), "fake_mean": fake.mean(),
        "real_probability": p_real.mean(), "fake_probability": p_fake.mean(),
        "d_grad_norm": float(block.d_norms[step, lane]), "g_grad_norm": float(block.g_norms[step, lane]),
    }  # fmt: skip
    row |= {f"penalty_{key}": float(block.terms[step, i, lane]) for i, key in enumerate(PENALTIES)}
    for name, values in (("real", real), ("fake", fake)):
        for q in (10, 50, 90):
            row[f"{name}_q{q}"] = np.quantile(values, q / 100)
    return [row.get(name, np.nan) for name in COLUMNS]


def test_every_column_is_its_definition(block):
    table = block.values(FORMULATIONS, 0, BLOCK_STEPS)
    assert table.shape == (BLOCK_STEPS, len(FORMULATIONS), len(COLUMNS))
    for step in (0, 17, BLOCK_STEPS - 1):
        for lane in range(len(FORMULATIONS)):
            np.testing.assert_allclose(table[step, lane], expected(block, step, lane), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("batch", [1, 7, 37, 128, 515])
def test_a_row_does_not_depend_on_the_cut(batch):
    formulations = [named_formulation("non_saturating")]
    formulations += [
        dataclasses.replace(formulations[0], loss=kind()) for kind in ADVERSARIAL_LOSSES.values()
    ]
    block = made_block(formulations, batch)
    whole = block.values(formulations, 0, BLOCK_STEPS)
    for first, last in ((0, 1), (3, 40), (15, 17), (16, 32), (33, 47), (47, 64), (63, 64)):
        np.testing.assert_array_equal(block.values(formulations, first, last), whole[first:last])


def test_the_last_scores_are_a_copy(block):
    scores = block.last_scores(5)
    np.testing.assert_array_equal(scores, block.d_scores[5].numpy())
    block.d_scores.zero_()
    assert scores.any()


def test_the_first_value_that_is_not_finite_is_found_by_lane():
    values = np.zeros((6, 2, len(COLUMNS)))
    assert first_non_finite(values, 0) is None
    values[4, 0, COLUMN["d_loss"]] = np.inf
    values[3, 0, COLUMN["g_grad_norm"]] = np.nan
    values[1, 0, COLUMN["real_q10"]] = np.nan  # shown only, never the cause
    assert first_non_finite(values, 0) == (3, "g_grad_norm")
    assert first_non_finite(values, 1) is None


@pytest.mark.filterwarnings("error")
def test_scores_without_end_are_told_without_a_warning(block):
    """Both losses of the article are infinite then, and so is their difference's every term."""
    block.d_scores[3, 0, :BATCH] = -torch.inf
    block.d_scores[3, 0, BATCH:] = torch.inf
    values = block.values(FORMULATIONS, 0, BLOCK_STEPS)
    assert first_non_finite(values, 0) == (3, "d_loss")
    assert first_non_finite(values, 1) is None
