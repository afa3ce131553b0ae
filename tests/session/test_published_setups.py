"""Whole runs in set-ups that were published or measured before, minutes each: only where GANVIZ_LONG_TESTS is set.

On a quiet core AT4 takes 40 s a seed, AT8 22 s, AT13 two minutes.
"""

import math
import os
import sys
from dataclasses import replace

import pytest

from ganviz.session.experimenting import play
from ganviz.session.experiments import experiment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("GANVIZ_LONG_TESTS"), reason="long: set GANVIZ_LONG_TESTS to run it"
    ),
]
seeds = pytest.mark.parametrize("seed", [1, 2])


def measured(played, seed):
    """Return the last values that an experiment's claims are of, by quantity and lane."""
    found = {(one.claim.quantity, one.claim.lane): one.value for one in play(played, seed).findings}
    sys.stdout.write(f"seed {seed}: {found}\n")
    return found


@seeds
def test_unrolling_cures_the_collapse(seed):
    """AT4: five inner steps of size 1 in the set-up of Metz et al. 2016, from the first step on."""
    staged = experiment("unrolling_cures_collapse")
    found = measured(replace(staged, stages=(replace(staged.stages[1], steps=2000),)), seed)
    assert found["reverse_kl", 0] < 0.1
    assert abs(found["d_loss", 0] + found["g_loss", 0]) < 0.05  # L_G is all of V


@seeds
def test_the_loss_of_r3gan_covers_narrow_modes(seed):
    """AT8: relativistic pairing with R1 and R2 on the ring of eight with σ = 0.02."""
    found = measured(experiment("r3gan_loss"), seed)
    assert found["quality_fraction", 0] > 0.5
    assert found["reverse_kl", 0] < 0.02
    assert abs(found["d_loss", 0] - math.log(2)) < 0.06


@seeds
def test_both_penalties_cover_twenty_five_modes(seed):
    """AT12 and AT13: the same on the grid of twenty-five, and what is left of it without a penalty."""
    found = measured(experiment("grid_with_and_without"), seed)
    assert found["reverse_kl", 1] < 0.3
    assert found["modes_with_a_sample", 1] >= 20
    assert found["reverse_kl", 0] > 0.4
