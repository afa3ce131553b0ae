"""Images from a folder of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray, drawn_images
from ganviz.data.digests import digest_of, stands_in
from ganviz.data.kinds import Image, Kind
from ganviz.data.picture_files import ENDINGS, MODES, MOST_PICTURES, READING, picture_paths, read_pictures
from ganviz.spec import InvalidValueError, param
from ganviz.spec.chosen_path import chosen_path
from ganviz.spec.frozen import dataclass

EXCERPT_BYTES = 1_000_000
SAMPLER = '''

def sample_real(n, rng):
    """Return n images, with replacement; pixels run from -1 (black) to 1 (white)."""
    return images[rng.integers(len(images), n)].float() * (2 / 255) - 1
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFolder(AbstractDistribution):
    """Pictures of a folder, drawn with replacement; pixels run from -1 (black) to 1 (white).

    As with points from a file, what was read stays in use until the next :meth:`load`.
    """

    key: ClassVar[str] = "images"
    title: ClassVar[str] = "Images from a folder"
    help: ClassVar[str] = (
        "PNG and JPEG pictures of a folder and the folders in it, cut to squares and scaled."
    )

    path: str = param("", "Folder", "A folder of PNG or JPEG pictures.", editor="folder")
    side: int = param(
        32, "Pixels a side", "Pictures are cut to their middle square and scaled to this; a multiple of 4.",
        low=16, high=64,
    )  # fmt: skip
    is_color: bool = param(True, "Color", "Red, green and blue; off: gray.")

    def __post_init__(self) -> None:
        super(AbstractDistribution, self).__post_init__()
        if self.side % 4:
            raise InvalidValueError(f"side must be a multiple of 4 between 16 and 64, not {self.side}.")

    @property
    def kind(self) -> Kind:
        """Return photographs of this size."""
        return Image(self.side, self.side, 3 if self.is_color else 1, is_photo=True)

    @property
    def extent(self) -> Extent:
        """Return the unit square."""
        return Extent(0.0, 1.0, 0.0, 1.0)

    @property
    def has_files(self) -> bool:
        """Return True."""
        return True

    @property
    def summary(self) -> str:
        """Return what was found; the pictures themselves are not read for it."""
        n, color = len(picture_paths(self._folder())), "color" if self.is_color else "gray"
        pictures = "1 picture" if n == 1 else f"{n:,} pictures"
        used = f", of which the first {MOST_PICTURES:,} are used" if n > MOST_PICTURES else ""
        return f"{pictures}{used}; middle squares, scaled to {self.side} × {self.side} in {color}."

    def _folder(self) -> Path:
        if not self.path:
            raise InvalidValueError("Choose a folder of PNG or JPEG pictures first.")
        return chosen_path(self.path)

    def load(self) -> None:
        """Read the pictures; raise InvalidValueError when there are none, or with the name of the first damaged one."""
        paths = picture_paths(self._folder())[:MOST_PICTURES]
        stamps = tuple((path, path.stat().st_mtime_ns) for path in paths)
        known = _READ.get(self)
        if known is None or known.stamps != stamps:
            images = read_pictures(paths, self.side, self.shape[0])
            digest_of(images)  # now, when they have been read: the first save would pause training for it
            _keep(self, _Read(stamps, images))

    def _images(self) -> NDArray[np.uint8]:
        if self not in _READ:
            self.load()
        return _READ[self].images

    @property
    def version(self) -> int:
        """Return a number of the files that were read last and their times."""
        return hash(_READ[self].stamps) if self in _READ else 0

    def excerpt(self) -> dict[str, NDArray[Any]]:
        """Return a few images, about a megabyte, and the digest of all."""
        images = self._images()
        return {"images": images[: max(1, EXCERPT_BYTES // self.n_numbers)]} | digest_of(images)

    def stand_in(self, excerpt: Mapping[str, NDArray[Any]]) -> None:
        """Show these images until the folder is there again."""
        images = np.asarray(excerpt.get("images", np.zeros((1, *self.shape))), dtype=np.uint8)
        if images.shape[1:] != self.shape or not len(images):
            raise ValueError("the images kept of its data have another shape")
        if self not in _READ:
            stands_in(images, excerpt.get("digest"))
            _keep(self, _Read((), images))

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` images, ``[n, channels, side, side]`` in -1 … 1."""
        return drawn_images(self._images(), n, rng)

    def script(self) -> str:
        """Return how the pictures are read, and a sampler."""
        channels = self.shape[0]
        reading = READING.format(
            mode=MODES[channels], side=self.side, channels=channels, most=MOST_PICTURES,
            folder=str(self._folder().absolute()), endings=ENDINGS,
        )  # fmt: skip
        return reading + SAMPLER


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    stamps: tuple[Any, ...]
    images: NDArray[np.uint8]


_READ: dict[ImageFolder, _Read] = {}
_MAX_READ = 2


def _keep(data: ImageFolder, read: _Read) -> None:
    while len(_READ) >= _MAX_READ:
        _READ.pop(next(iter(_READ)))
    _READ[data] = read
