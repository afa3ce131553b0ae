"""Handwritten digits: 28 × 28 images of LeCun, Cortes and Burges."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray, drawn_images
from ganviz.data.digests import digest_of, stands_in
from ganviz.data.idx_files import MOST_BYTES, read_idx
from ganviz.data.idx_folder import IdxPart, idx_parts
from ganviz.data.kinds import Image, Kind
from ganviz.resources import resource
from ganviz.spec import InvalidValueError, param
from ganviz.spec.chosen_path import chosen_path
from ganviz.spec.frozen import dataclass

ALL_DIGITS = "0123456789"
MAX_EXCERPT = 256
_UNKNOWN = 255
SAMPLER = '''

def sample_real(n, rng):
    """Return n images, with replacement; pixels run from -1 (paper) to 1 (ink)."""
    return images[rng.integers(len(images), n), None].float() * (2 / 255) - 1
'''
READ_IDX = '''
def read_idx(path):
    """Return the array in an IDX file: its numbers of axes and of entries along each, then bytes."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\\x1f\\x8b":
        data = gzip.decompress(data)
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, 4 + 4 * data[3], 4)]
    return torch.frombuffer(bytearray(data[4 + 4 * data[3] :]), dtype=torch.uint8).view(shape)



'''
READ_NPZ = '''
def read_npz(path, name):
    """Return an array of bytes of a NumPy archive; its shape stands in a dictionary before them."""
    with zipfile.ZipFile(path) as archive:
        data = archive.read(name + ".npy")
    start = data.index(b"\\n") + 1
    shape = ast.literal_eval(data[10:start].decode())["shape"]
    return torch.frombuffer(bytearray(data[start:]), dtype=torch.uint8).view(shape)


'''

_STAND_INS: dict[tuple[str, str, str], NDArray[np.uint8]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MNIST(AbstractDistribution):
    """Real digits, drawn with replacement; pixels run from -1 (paper) to 1 (ink)."""

    key: ClassVar[str] = "mnist"
    title: ClassVar[str] = "MNIST, 10 000 digits"
    help: ClassVar[str] = (
        "Real handwritten digits, 28 × 28: the shipped 10 000, or a folder of IDX files, such as Fashion-MNIST's."
    )

    digits: str = param(ALL_DIGITS, "Digits", "The classes to use, for example 0123456789, or 38.")
    folder: str = param(
        "", "Folder",
        "A folder of IDX files (training, test or both; gzipped or not), or torchvision's root; empty: those shipped.",
        editor="folder",
    )  # fmt: skip
    subset: str = param(
        "", "Set",
        "Of several sets in the folder, the one to take: letters of EMNIST's files, KMNIST of torchvision's root.",
        longest=100,
    )  # fmt: skip

    def __post_init__(self) -> None:
        super(AbstractDistribution, self).__post_init__()
        if not self.digits or any(digit not in ALL_DIGITS for digit in self.digits):
            raise InvalidValueError(f"digits must be one or more of {ALL_DIGITS}, not {self.digits!r}.")

    @property
    def kind(self) -> Kind:
        """Return images of 28 × 28."""
        return Image(28, 28)

    @property
    def extent(self) -> Extent:
        """Return the unit square."""
        return Extent(0.0, 1.0, 0.0, 1.0)

    @property
    def has_files(self) -> bool:
        """Return whether a folder is set; the shipped digits are there."""
        return bool(self.folder)

    @property
    def summary(self) -> str:
        """Return which files are used, and whether their images are turned; the images are not read for it."""
        if not self.folder:
            return ""
        folder = chosen_path(self.folder)
        parts = idx_parts(folder, self.subset)
        names = " and ".join(part.images.relative_to(folder).as_posix() for part in parts)
        turned = "; EMNIST's rows and columns, exchanged in its files, are turned right"
        return f"Images of {names}{turned * _is_turned(parts)}."

    def load(self) -> None:
        """Read the images; raise InvalidValueError when files are missing or broken."""
        _chosen(*self._what)
        _STAND_INS.pop(self._what, None)

    @property
    def _what(self) -> tuple[str, str, str]:
        return "".join(sorted(set(self.digits))), self.folder, self.subset

    def _images(self) -> NDArray[np.uint8]:
        kept = _STAND_INS.get(self._what)
        return _chosen(*self._what) if kept is None else kept

    def excerpt(self) -> dict[str, NDArray[Any]]:
        """Return a few images of the folder, and the digest of all."""
        if not self.has_files:
            return {}
        images = self._images()
        return {"images": images[:MAX_EXCERPT]} | digest_of(images)

    def stand_in(self, excerpt: Mapping[str, NDArray[Any]]) -> None:
        """Show these images in this process from now on."""
        images = np.asarray(excerpt.get("images", np.zeros((1, *self.shape))), dtype=np.uint8)
        if images.shape[1:] != self.shape or not len(images):
            raise ValueError("the images kept of its data have another shape")
        stands_in(images, excerpt.get("digest"))
        _STAND_INS[self._what] = images

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` images, ``[n, 1, 28, 28]`` in -1 … 1."""
        return drawn_images(self._images(), n, rng)

    def script(self) -> str:
        """Return how the images are read, and a sampler; raise InvalidValueError where there are none."""
        wanted, folder, subset = self._what
        chosen = f"torch.isin(labels, torch.tensor({[*map(int, wanted)]}))"
        kept = "" if wanted == ALL_DIGITS else f"images = images[{chosen}]\n"
        reading = (
            _folder_script(chosen_path(folder), subset, with_labels=bool(kept))
            if folder
            else _shipped_script()
        )
        return reading + kept + SAMPLER


def _is_turned(parts: list[IdxPart]) -> bool:
    return any(part.is_transposed for part in parts)


@lru_cache(maxsize=4)
def _chosen(digits: str, folder: str, subset: str = "") -> NDArray[np.uint8]:
    """Return the images of some classes, ``[n, 1, 28, 28]``."""
    images, labels = _read_folder(chosen_path(folder), subset) if folder else _shipped()
    wanted = np.unique(labels) if digits == ALL_DIGITS else [int(digit) for digit in digits]
    if digits != ALL_DIGITS and (labels == _UNKNOWN).any():
        raise InvalidValueError(f"Digits cannot be chosen in {folder!r}: it holds images without labels.")
    is_wanted = np.isin(labels, wanted)
    kept = images if is_wanted.all() else images[is_wanted]
    if not len(kept):
        raise InvalidValueError(
            f"There is no image of the digits {digits} in {folder or 'the shipped file'!r}."
        )
    kept = np.ascontiguousarray(kept[:, None])
    if folder:
        digest_of(kept)  # now, when they have been read: the first save would pause training for it
    return kept


@lru_cache(maxsize=1)
def _shipped() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    try:
        with np.load(resource("digits", "mnist10k.npz"), allow_pickle=False) as file:
            return file["images"], file["labels"]
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise InvalidValueError(f"The shipped digits cannot be read: {error}") from error


def _read_folder(folder: Path, subset: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return training and test images together, or the part that is there, with their labels (or _UNKNOWN)."""
    images, labels, left = [], [], MOST_BYTES
    for part in idx_parts(folder, subset):
        read = read_idx(part.images, 3, left)
        known = np.full(len(read), _UNKNOWN, np.uint8) if part.labels is None else read_idx(part.labels, 1)
        if read.shape[1:] != (28, 28) or len(read) != len(known):
            raise InvalidValueError(
                f"{part.images.name} should hold {len(known)} images of 28 × 28, "
                f"not {' × '.join(map(str, read.shape))}."
            )
        images.append(read.transpose(0, 2, 1) if part.is_transposed else read)
        labels.append(known)
        left -= read.nbytes
    return np.concatenate(images), np.concatenate(labels)


def _shipped_script() -> str:
    path = str(resource("digits", "mnist10k.npz"))
    return f"{READ_NPZ}images, labels = (read_npz({path!r}, name) for name in ('images', 'labels'))\n"


def _folder_script(folder: Path, subset: str, *, with_labels: bool) -> str:
    parts = idx_parts(folder.absolute(), subset)
    text = READ_IDX + _idx_script("images", [str(part.images) for part in parts])
    if _is_turned(parts):
        text += "images = images.mT  # EMNIST has rows and columns exchanged\n"
    return text + (_idx_script("labels", [str(part.labels) for part in parts]) if with_labels else "")


def _idx_script(name: str, paths: list[str]) -> str:
    return f"{name} = torch.cat([read_idx(path) for path in {paths!r}])\n"
