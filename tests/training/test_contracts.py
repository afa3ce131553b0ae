"""What holds for every entry of every list, each with several settings: all of them as lanes of a run.

A lane is what it is alone, whatever crowd it stands in and whoever comes and goes; a run that was resumed, watched and
rewound is the run that went on, and a fork to what a lane is plays on like that lane. On digits this is every ninth
of these lanes; all of them are beside each other, on digits too, in test_independence.py. What all lanes of a run share
is tried entry by entry, with two games. Pairs of games are in test_independence.py; that what is recorded is what was
trained, in test_steps.py (losses), test_tangent.py (penalties), test_inputs.py and test_rules_of_networks.py.
"""

import dataclasses

import pytest

from ganviz.data.mnist import MNIST
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.one_centered import GradientPenalty
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.conv import DCGAN16
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.latents import LATENTS
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, Latents, RunConfig, TrainingSettings
from ganviz.training.probes import PROBES
from ganviz.training.probes.dirac import DiracProbe, DiracSettings
from ganviz.training.reproduction import keep_again
from ganviz.training.rules import RULES, Consensus, Unrolled
from ganviz.training.trainer import Trainer
from tests.data.test_distributions import SPECS
from tests.training.entries import LANES, NS, assert_same, rows_of, trained

KINDS = {
    "analytic": ({"architecture": MLP(width=8)}, 48, 1),
    "digits": (
        {"architecture": DCGAN16(channels=4), "distribution": MNIST(digits="35")},
        16,
        9,
    ),  # both ways of convolving back
}
CROWDS = [
    (kind, start)
    for kind, (_, size, every) in KINDS.items()
    for start in range(0, -(-len(LANES) // every), size)
]
EYES = tuple(
    DiracProbe(DiracSettings(steps=10)) if isinstance(probe, DiracProbe) else probe for probe in PROBES
)
"""Everything that can look; a game of two numbers is as long as it is asked to be, and knows no trainer."""


def run_of(kind, lanes):
    training = TrainingSettings(batch_size=8, ema_decay=0.9)
    return RunConfig(lanes=tuple(lanes), training=training, **KINDS[kind][0])


def resumed_watched_and_rewound(config):
    """Return a run of 14 steps, some of them made more than once, and looked at by everything that can look."""
    back = Trainer.from_state(trained(config, 5).state())
    back.train(4)
    subject = back.subject()
    for probe in EYES:
        if probe.supports(back.config):
            probe.measure(subject)
    back.train(5)
    back.rewind(8)
    back.train(6)
    keep_again(back, 11)
    back.rewind(11)
    back.train(3)
    return back


@pytest.mark.parametrize(("kind", "start"), CROWDS)
def test_every_entry(kind, start):
    _, size, every = KINDS[kind]
    lanes = LANES[::every][start : start + size]
    config = run_of(kind, lanes)
    whole = trained(config, 14)
    expected = [rows_of(whole, row) for row in range(len(lanes))]

    back = resumed_watched_and_rewound(config)
    busy = trained(config, 6)
    busy.fork(0, LaneConfig(FORMULATIONS["wgan_gp"].formulation))
    busy.train(4)
    busy.remove_lane(1)
    busy.train(4)
    others = [row for row in range(len(lanes)) if row != 1]
    for row, lane in enumerate(lanes):
        assert_same(rows_of(back, row), expected[row], ("resumed and rewound", lane))
        assert_same(rows_of(trained(run_of(kind, [lane]), 14), 0), expected[row], ("alone", lane))
    for place, row in enumerate(others):
        assert_same(rows_of(busy, place), expected[row], ("beside others that come and go", lanes[row]))


SMALL = TrainingSettings(batch_size=8)
PLAYED = tuple(
    {key: cls() for key, cls in RULES.items()} | {"unrolled": unrolled, "consensus": consensus}
    for unrolled, consensus in (
        (Unrolled(inner_steps=2), Consensus()),
        (Unrolled(inner_steps=1, inner_rate=0.02), Consensus(gamma=1)),
    )
)
TWO = (
    LaneConfig(FORMULATIONS["r3gan"].formulation),
    LaneConfig(Formulation(NS, (GradientPenalty(weight=0.1),))),
)
OTHER_DATA = {
    "circle": {"radius": 1.0, "sigma": 0.3},
    "two_rings": {"inner": 0.2},
    "two_moons": {"radius": 1.0},
    "spiral": {"turns": 1.0},
    "swiss_roll": {"sigma": 0.3},
    "pinwheel": {"arms": 3},
    "gaussian_1d": {"sigma": 0.2},
    "two_gaussians_1d": {"distance": 2.0},
    "unequal_gaussians_1d": {"ratio": 0.2},
    "mnist": {"digits": "35"},
    "points_file": {"standardize": "no"},
    "images": {"side": 20, "is_color": False},
}
"""Distributions that are one setting above."""


def networks():
    """Yield settings: activations thrice, first weights and latents at least twice, in company that changes."""
    activations, first, latents = [*ACTIVATIONS], [*INITIALIZATIONS], [*LATENTS]
    for i, (name, next_name) in enumerate(zip(activations, [*activations[1:], activations[0]], strict=True)):
        weights = [first[(i + k) % len(first)] for k in (0, 2)]
        yield {
            "architecture": MLP(width=8, activation=name, initialization=weights[0]),
            "latents": Latents(size=3, distribution=latents[i % len(latents)]),
        }
        own = {"generator_activation": name, "discriminator_activation": next_name}
        widths = {"generator_widths": (7, 5), "discriminator_widths": (9,)}
        yield {
            "architecture": MLP(**own, **widths, initialization=weights[1], spectral_norm=i % 2 == 1),
            "latents": Latents(size=1 + i % 2, distribution=latents[(i + 1) % len(latents)]),
        }


RUNS = (
    {f"data {name}": {"distribution": spec} for name, spec in SPECS.items()}
    | {
        f"networks {i}, data {name} with {other}": {
            **made, "distribution": dataclasses.replace(SPECS[name], **other)
        }
        for i, (made, (name, other)) in enumerate(zip(networks(), OTHER_DATA.items(), strict=True))
    }
    | {
        f"rule {name}, {n} updates of each": {"training": dataclasses.replace(SMALL, rule=rule, d_steps=n, g_steps=n)}
        for n, played in enumerate(PLAYED, 1)
        for name, rule in played.items()
    }
    | {
        "several seeds": {"training": dataclasses.replace(SMALL, seeds=2)},
        "packs": {"training": dataclasses.replace(SMALL, packing=2)},
        "stale latents": {"training": dataclasses.replace(SMALL, fresh_latents=False)},
    }
)  # fmt: skip
"""What all lanes share."""


@pytest.mark.parametrize("name", RUNS)
def test_every_entry_that_all_lanes_share(name):
    plain = {"architecture": MLP(width=8), "training": SMALL}
    config = RunConfig(**{"lanes": TWO} | plain | RUNS[name])
    whole, back, n = trained(config, 14), resumed_watched_and_rewound(config), config.training.seeds
    assert all(status.diverged_at is None for status in whole.lanes)
    expected = [rows_of(whole, row) for row in range(config.n_rows)]
    for row in range(config.n_rows):
        assert_same(rows_of(back, row), expected[row], "resumed, watched and rewound")
    for lane, spec in enumerate(TWO):
        alone = trained(dataclasses.replace(config, lanes=(spec,)), 14)
        for seed in range(n):
            assert_same(rows_of(alone, seed), expected[lane * n + seed], "alone")
    forked = trained(config, 5)
    forked.fork(1, TWO[1])
    forked.train(9)
    for row in range(n):
        assert_same(rows_of(forked, 2 * n + row), expected[n + row], "forked")
    for row in range(2 * n):
        assert_same(rows_of(forked, row), expected[row], "beside a fork")
