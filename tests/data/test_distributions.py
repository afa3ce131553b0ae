"""What every distribution must keep, whichever it is."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution, Extent
from ganviz.data.curves import Circle, Line, Pinwheel, Spiral, SwissRoll, TwoMoons, TwoRings
from ganviz.data.drawn import MAX_POINTS, Drawn
from ganviz.data.gaussians import Grid, Ring, TwoGaussians
from ganviz.data.image_folder import ImageFolder
from ganviz.data.mnist import MNIST
from ganviz.data.patterns import Checkerboard
from ganviz.data.points_file import PointsFile
from ganviz.spec import InvalidValueError, UnknownKeyError

SPECS: dict[str, AbstractDistribution] = {
    **{key: cls() for key, cls in DISTRIBUTIONS.items() if not cls().has_files},
    "ring sharp": Ring(sigma=0.02),
    "ring of one": Ring(n_modes=1),
    "grid 3": Grid(side=3, sigma=0.2),
    "two_gaussians one": TwoGaussians(share=1.0),
    "line upright": Line(angle=90, length=1),
    "checkerboard odd": Checkerboard(squares=3, size=2),
    "drawn one": Drawn(points=((1.0, -2.0),), sigma=0.3),
}
SPECS["points_file"] = PointsFile(path=str(Path(__file__).with_name("points.csv")))
SPECS["images"] = ImageFolder(path=str(Path(__file__).with_name("pictures")), side=16)
PLANE = [name for name, spec in SPECS.items() if spec.kind.name == "plane"]
KNOWN = [name for name in PLANE if name != "points_file"]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def grid_of(spec: AbstractDistribution, cells: int, margin: float = 0.0) -> tuple[np.ndarray, float]:
    """Return the middles of ``cells`` × ``cells`` cells of the extent and a margin, and a cell's area."""
    e = Extent(
        *(
            edge + sign * margin
            for edge, sign in zip(dataclasses.astuple(spec.extent), (-1, 1, -1, 1), strict=True)
        )
    )
    edges_x, edges_y = np.linspace(e.x_min, e.x_max, cells + 1), np.linspace(e.y_min, e.y_max, cells + 1)
    x, y = np.meshgrid((edges_x[1:] + edges_x[:-1]) / 2, (edges_y[1:] + edges_y[:-1]) / 2)
    return np.stack([x.ravel(), y.ravel()], axis=1), (edges_x[1] - edges_x[0]) * (edges_y[1] - edges_y[0])


def test_every_distribution_is_covered() -> None:
    assert {type(spec) for spec in SPECS.values()} == set(DISTRIBUTIONS.values())


@pytest.mark.parametrize("name", SPECS)
def test_samples_have_shape_type_and_seed(name: str) -> None:
    spec = SPECS[name]
    made = spec.sample(257, rng(1))
    assert made.dtype == np.float32
    assert made.shape == (257, *spec.shape)
    assert made.flags.c_contiguous
    assert np.isfinite(made).all()
    assert np.array_equal(made, spec.sample(257, rng(1)))
    assert not np.array_equal(made, spec.sample(257, rng(2)))
    assert spec.sample(0, rng()).shape == (0, *spec.shape)
    assert spec.n_numbers == math.prod(spec.shape)


@pytest.mark.parametrize("name", SPECS)
def test_samples_do_not_share_memory(name: str) -> None:
    spec = SPECS[name]
    before = spec.sample(64, rng())
    spec.sample(64, rng())[:] = 1e9
    assert np.array_equal(before, spec.sample(64, rng()))


@pytest.mark.parametrize("name", SPECS)
def test_plain_form_goes_through_json(name: str) -> None:
    spec = SPECS[name]
    again = DISTRIBUTIONS.from_plain(json.loads(json.dumps(spec.to_plain())), "distribution")
    assert again == spec
    assert hash(again) == hash(spec)
    assert np.array_equal(again.sample(50, rng()), spec.sample(50, rng()))


@pytest.mark.parametrize("name", SPECS)
def test_a_distribution_is_frozen_titled_and_explained(name: str) -> None:
    spec = SPECS[name]
    assert spec.title
    assert spec.help[-1] in ".?"
    spec.load()
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
        spec.title = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", PLANE)
def test_the_extent_is_a_square_that_holds_the_samples_and_little_else(name: str) -> None:
    e, made = SPECS[name].extent, SPECS[name].sample(20_000, rng())
    assert e.x_max - e.x_min == pytest.approx(e.y_max - e.y_min)
    inside = (made[:, 0] > e.x_min) & (made[:, 0] < e.x_max) & (made[:, 1] > e.y_min) & (made[:, 1] < e.y_max)
    assert inside.mean() > 0.9999
    if name not in {"drawn one", "ring of one"}:
        assert np.ptp(made, axis=0).max() > 0.6 * (e.x_max - e.x_min)


@pytest.mark.parametrize("data", [Ring(sigma=0.02), Grid(sigma=0.001), Ring(radius=0.5, sigma=0.005)])
def test_narrow_modes_lie_well_within_what_is_shown(data: AbstractDistribution) -> None:
    """Four standard deviations of 0.005 around them are no room: marks and samples beside them were cut off."""
    modes = data.modes()
    assert modes is not None
    assert np.abs(modes.centers).max() < 0.88 * data.extent.x_max


@pytest.mark.parametrize("bandwidth", [0.0, 0.1])
@pytest.mark.parametrize("name", KNOWN)
def test_the_density_integrates_to_one(name: str, bandwidth: float) -> None:
    cells = 400 if name == "ring sharp" or bandwidth == 0 else 150
    points, area = grid_of(SPECS[name], cells, margin=4 * bandwidth)
    density = SPECS[name].density(points, bandwidth)
    assert density is not None
    assert (density >= 0).all()
    assert density.sum() * area == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("bandwidth", [0.0, 0.1])
@pytest.mark.parametrize("name", KNOWN)
def test_the_density_is_that_of_the_samples(name: str, bandwidth: float) -> None:
    spec, coarse, n, fine = SPECS[name], 16, 100_000, 20 if name == "ring sharp" else 12
    made = spec.sample(n, rng()) + bandwidth * rng(1).standard_normal((n, 2))
    e = spec.extent
    counts, _, _ = np.histogram2d(
        made[:, 1], made[:, 0], bins=coarse, range=[[e.y_min, e.y_max], [e.x_min, e.x_max]]
    )
    points, area = grid_of(spec, coarse * fine)
    density = spec.density(points, bandwidth)
    assert density is not None
    mass = density.reshape(coarse, fine, coarse, fine).sum((1, 3)) * area
    assert np.abs(counts / n - mass).sum() / 2 < 0.02


@pytest.mark.parametrize("name", KNOWN)
def test_density_does_not_depend_on_the_number_of_points_asked_at_once(name: str) -> None:
    points, _ = grid_of(SPECS[name], 120)
    together = SPECS[name].density(points)
    apart = SPECS[name].density(points[5000:5003])
    assert together is not None
    assert apart is not None
    np.testing.assert_allclose(together[5000:5003], apart, rtol=1e-12)


@pytest.mark.parametrize("name", KNOWN)
def test_modes_are_those_of_the_samples(name: str) -> None:
    modes = SPECS[name].modes()
    if modes is None:
        assert not isinstance(SPECS[name], (Ring, Grid, TwoGaussians))
        return
    assert modes.weights.sum() == pytest.approx(1)
    made = SPECS[name].sample(100_000, rng()).astype(np.float64)
    nearest = (((made[:, None] - modes.centers) / modes.scales) ** 2).sum(-1).argmin(1)
    shares = np.bincount(nearest, minlength=len(modes.weights)) / len(made)
    np.testing.assert_allclose(shares, modes.weights, atol=0.01)
    for k in range(len(modes.weights)):
        mine = made[nearest == k]
        np.testing.assert_allclose(mine.mean(0), modes.centers[k], atol=0.02)
        np.testing.assert_allclose(mine.std(0), modes.scales[k], rtol=0.05)


def test_the_ring_has_eight_distinct_modes_at_the_right_distance() -> None:
    modes = Ring(sigma=0.02).modes()
    assert modes is not None
    gaps = np.linalg.norm(modes.centers[:, None] - modes.centers, axis=-1) + 99 * np.eye(8)
    assert gaps.min() == pytest.approx(2 * 2 * math.sin(math.pi / 8))
    assert np.linalg.norm(modes.centers, axis=1) == pytest.approx(np.full(8, 2.0))
    assert Ring() == Ring(n_modes=8, radius=2.0, sigma=0.2)


def test_the_grid_is_that_of_the_literature() -> None:
    modes = Grid().modes()
    assert modes is not None
    assert {tuple(center) for center in modes.centers} == {
        (x, y) for x in (-4.0, -2.0, 0.0, 2.0, 4.0) for y in (-4.0, -2.0, 0.0, 2.0, 4.0)
    }
    assert (modes.scales == 0.05).all()


def test_a_shape_of_radius_one_lies_where_it_says() -> None:
    assert np.linalg.norm(Circle(radius=1, sigma=0.001).sample(500, rng()), axis=1) == pytest.approx(
        1, abs=0.01
    )
    line = Line(angle=90, length=2, sigma=0.001).sample(5000, rng())
    assert np.abs(line[:, 0]).max() < 0.01
    assert np.abs(line[:, 1]).max() == pytest.approx(1, abs=0.01)
    rings = np.linalg.norm(TwoRings(radius=1, inner=0.25, sigma=0.001).sample(500, rng()), axis=1)
    assert np.minimum(abs(rings - 1), abs(rings - 0.25)).max() < 0.01
    assert (rings > 0.5).mean() == pytest.approx(0.5, abs=0.1)
    curled = (TwoMoons, Spiral, SwissRoll, Pinwheel)
    for spec in (shape(radius=1, sigma=0.001) for shape in curled):
        assert 0.5 < np.linalg.norm(spec.sample(500, rng()), axis=1).max() < 1.9


def test_the_checkerboard_fills_every_second_square_only() -> None:
    made = Checkerboard(squares=4, size=4.0).sample(5000, rng())
    cells = np.floor(made + 2).astype(int)
    assert (cells.sum(1) % 2 == 0).all()
    assert len(np.unique(cells, axis=0)) == 8


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Ring(n_modes=0), "n_modes must be between 1 and 64, not 0"),
        (lambda: Ring(sigma=0.0), "sigma must be greater than 0"),
        (lambda: Ring(sigma=math.nan), "finite"),
        (lambda: TwoGaussians(share=1.5), "share must be between 0 and 1, not 1.5"),
        (lambda: Drawn(points=()), f"between 1 and {MAX_POINTS} points, not 0"),
        (lambda: Drawn(points=((1.0, math.inf),)), "finite"),
        (lambda: Drawn(points=((1.0,),)), "lists of 2 finite numbers"),
        (lambda: MNIST(digits="3x"), "digits must be one or more of 0123456789, not '3x'"),
        (lambda: MNIST(digits=""), "one or more"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(make: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=r"\.$") as caught:
        make()  # type: ignore[operator]
    assert words in str(caught.value)


def test_an_unknown_distribution_names_the_nearest() -> None:
    with pytest.raises(UnknownKeyError, match="ring"):
        DISTRIBUTIONS.from_plain("rign", "distribution")


def test_a_drawing_of_many_points_is_sampled_as_fast_as_a_ring() -> None:
    """Neither the samples nor the memory of the density may grow with the square of anything."""
    many = Drawn(points=tuple((math.cos(i), math.sin(i)) for i in range(5000)))
    assert many.sample(8192, rng()).shape == (8192, 2)
    density = many.density(rng().normal(size=(3000, 2)))
    assert density is not None
    assert np.isfinite(density).all()


def test_two_equal_specs_made_apart_give_equal_samples() -> None:
    assert np.array_equal(Ring().sample(100, rng()), Ring().sample(100, rng()))
    assert not np.array_equal(Ring().sample(100, rng()), Ring(sigma=0.1).sample(100, rng()))
