"""Kinds of data: what a sample is, from which follows what can be shown, measured and learned of it."""

from __future__ import annotations

from typing import ClassVar

from ganviz.spec.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Plane:
    """Samples are points of the plane."""

    name: ClassVar[str] = "plane"

    @property
    def shape(self) -> tuple[int, ...]:
        """Return (2,)."""
        return (2,)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Samples are single numbers: points of a line."""

    name: ClassVar[str] = "line"

    @property
    def shape(self) -> tuple[int, ...]:
        """Return (1,)."""
        return (1,)


@dataclass(frozen=True, slots=True)
class Image:
    """Samples are images, whose pixels lie in -1 … 1.

    Attributes
    ----------
    height, width : int
        In pixels.
    channels : int
    is_photo : bool
        Whether -1 is black and 1 is white; otherwise -1 is blank paper and 1 is ink.
    """

    name: ClassVar[str] = "image"

    height: int
    width: int
    channels: int = 1
    is_photo: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Return channels, height and width."""
        return (self.channels, self.height, self.width)


Kind = Plane | Scalar | Image
