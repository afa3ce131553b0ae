"""What a distribution of real samples is. Everything in this room is NumPy: it can be drawn before torch is loaded."""

from __future__ import annotations

import abc
import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ganviz.data.kinds import Kind, Plane
from ganviz.data.standard import Standardization
from ganviz.spec import Plain, Spec, param_info
from ganviz.spec.chosen_path import chosen_path
from ganviz.spec.frozen import dataclass

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Extent:
    """The fixed part of the plane that is shown: ``x_min < x_max``, ``y_min < y_max``, equal aspect."""

    x_min: float
    x_max: float
    y_min: float
    y_max: float


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """The modes of a distribution: where they are and how wide.

    Attributes
    ----------
    centers, scales : ndarray, ``[k, 2]``, or ``[k, 1]`` on a line
        Standard deviation along each axis; distances to a mode are measured in these.
    weights : ndarray, ``[k]``
        Share of the mass, sums to 1.
    """

    centers: NDArray[np.float64]
    scales: NDArray[np.float64]
    weights: NDArray[np.float64]


class AbstractDistribution(Spec, abc.ABC):
    """Where real samples come from. Values of all kinds are checked when the spec is made or by :meth:`load`.

    Its script defines ``sample_real(n, rng)``, with the same draws as :meth:`learned`.
    """

    __slots__ = ()

    help: ClassVar[str]
    """One sentence for menus and tool tips."""

    earlier: ClassVar[Mapping[str, Plain]] = {}
    """Fields that older runs lack, with the values that are true of them where these are not the defaults."""

    @property
    def kind(self) -> Kind:
        """Return what a sample is: a point of the plane, unless a distribution says otherwise."""
        return Plane()

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of one sample: ``(2,)`` in the plane; channels, height and width of an image."""
        return self.kind.shape

    @property
    def n_numbers(self) -> int:
        """Return how many numbers a sample is."""
        return math.prod(self.shape)

    @property
    def has_files(self) -> bool:
        """Return whether sampling needs files of the person, which may be gone."""
        return False

    def with_absolute_paths(self) -> Self:
        """Return the same data with paths that hold wherever ganviz is started from."""
        paths = {
            field.name: str(chosen_path(text).absolute())
            for field in dataclasses.fields(self)
            if param_info(field).editor in ("file", "folder") and (text := getattr(self, field.name))
        }
        return dataclasses.replace(self, **paths) if paths else self

    @classmethod
    def file_of(cls, plain: Mapping[str, Plain]) -> str:
        """Return the file or folder that such data, as plain data, are read from; empty where there is none."""
        named = (
            field.name for field in dataclasses.fields(cls) if param_info(field).editor in ("file", "folder")
        )
        return next((str(plain[name]) for name in named if plain.get(name)), "")

    def load(self) -> None:
        """Read what sampling needs (files), once.

        Raises
        ------
        InvalidValueError
            When a file is missing, broken or of the wrong kind; the text names it, and the line where there is one.
        """

    @property
    def summary(self) -> str:
        """Return a sentence on how files of the person were understood, or nothing; it may quote them."""
        return ""

    @property
    def axis_names(self) -> tuple[str, ...]:
        """Return what the two numbers of a point are called where its data name them, or nothing."""
        return ()

    def excerpt(self) -> dict[str, NDArray[Any]]:
        """Return what a saved run keeps of data from files, so that it can be shown where they are gone."""
        return {}

    def stand_in(self, excerpt: Mapping[str, NDArray[Any]]) -> None:
        """Show an earlier :meth:`excerpt` (or nothing, where it is empty) in place of files that are gone."""

    @property
    def version(self) -> int:
        """Return a number that differs when the loaded data differ though the spec is the same."""
        return 0

    @abc.abstractmethod
    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` independent samples, float32 ``[n, *shape]``; images lie in -1 … 1."""

    @property
    def standardization(self) -> Standardization | None:
        """Return what is between the data and what networks learn, or None: the data themselves."""
        return None

    def learned(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` independent samples as networks see them."""
        return self.as_learned(self.sample(n, rng))

    def as_learned(self, samples: FloatArray) -> FloatArray:
        """Return real or generated samples ``[n, *shape]`` in the units in which networks see them."""
        standardization = self.standardization
        return samples if standardization is None else standardization.standardized(samples)

    @property
    @abc.abstractmethod
    def extent(self) -> Extent:
        """Return the part of the plane to show (for images: the unit square)."""

    def modes(self) -> Modes | None:
        """Return the modes, or None where the distribution has none."""
        return None

    def density(self, points: NDArray[np.float64], bandwidth: float = 0.0) -> NDArray[np.float64] | None:
        """Return p(x) at ``[n, 2]`` points, ``[n]``, or None where the density is not known.

        ``bandwidth`` h asks for the density of x + N(0, h² I) instead.
        """
        return None


def drawn_images(images: NDArray[np.uint8], n: int, rng: np.random.Generator) -> FloatArray:
    """Return ``n`` of some images ``[images, *shape]`` in bytes, drawn with replacement, in -1 … 1."""
    chosen = images[rng.integers(0, len(images), n)].astype(np.float32)
    chosen *= 2 / 255
    chosen -= 1
    return chosen
