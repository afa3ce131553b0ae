"""The Dirac game on the command line."""

import json

import pytest

from ganviz.cli.main import main


def play(capsys, *options):
    code = main(["dirac", *options], None, None, None)
    found = capsys.readouterr()
    return code, found.out, found.err


def test_the_course_is_printed_as_json(capsys):
    code, out, _ = play(
        capsys, "--formulation", "saturating", "--penalty", "r1", "--set", "penalty.weight=0.3",
        "--theta", "1", "--psi", "1", "--step-size", "0.2", "--update", "simultaneous", "--steps", "10", "--json",
    )  # fmt: skip
    found = json.loads(out)
    assert code == 0
    assert len(found["theta"]) == len(found["psi"]) == 11
    assert (found["theta"][0], found["psi"][0]) == (1, 1)
    assert (found["theta"][10], found["psi"][10]) == pytest.approx((1.319493015, -0.501863476), abs=1e-9)
    assert found["eigenvalues"][1] == pytest.approx([-0.15, 0.476969600708473], abs=1e-9)
    assert found["spectral_radius"] == pytest.approx(0.974679434, abs=1e-9)
    assert found["verdict"] == "converges"
    assert found["rule"] == "simultaneous"


def test_what_runs_away_is_null(capsys):
    code, out, _ = play(
        capsys, "--formulation", "wgan_gp", "--update", "simultaneous", "--steps", "500", "--json"
    )
    found = json.loads(out)
    assert code == 0
    assert found["theta"][-1] is None
    assert found["eigenvalues"] is None


def test_short_names_reach_both_optimizers_and_the_constraint(capsys):
    _, with_momentum, _ = play(capsys, "--set", "optimizer.momentum=-0.3", "--json")
    _, without, _ = play(capsys, "--json")
    assert json.loads(with_momentum)["theta"] != json.loads(without)["theta"]
    _, clipped, _ = play(capsys, "--formulation", "wasserstein", "--set", "constraint.c=0.5", "--json")
    assert max(map(abs, json.loads(clipped)["psi"][1:])) <= 0.5


def test_packs_of_every_size_can_be_judged(capsys):
    """±i √(m ab), ab = ¼; a batch is one pack, so that its size stands in no size's way."""
    for m in (2, 3, 4):
        code, out, _ = play(capsys, "--set", f"training.packing={m}", "--json")
        found = json.loads(out)
        assert code == 0
        assert found["packing"] == m
        assert found["eigenvalues"][1] == pytest.approx([0, (m / 4) ** 0.5], abs=1e-9)


def test_it_is_readable_too(capsys):
    code, out, _ = play(capsys, "--steps", "0")
    assert code == 0
    assert "circles: not locally convergent" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--formulation", "nothing"), "Unknown formulation 'nothing'"),
        (("--penalty", "r9"), "Unknown penalty 'r9'"),
        (("--rule", "chess"), "Unknown rule 'chess'"),
        (("--update", "alternating", "--rule", "extragradient"), "two rules"),
        (("--set", "penalty.weight=3"), "no penalty"),
        (("--step-size", "nan"), "finite"),
        (("--theta", "inf"), "--theta must be a finite number"),
        (("--steps", "-1"), "--steps must be between"),
        (("--set", "architecture.spectral_norm=true"), "no spectral norm"),
        (("--penalty", "r1", "--set", "penalty.nothing=1"), "Unknown setting"),
    ],
)
def test_what_cannot_be_played_is_a_sentence(capsys, options, said):
    code, out, err = play(capsys, *options)
    assert code == 2
    assert said in err
    assert not out
