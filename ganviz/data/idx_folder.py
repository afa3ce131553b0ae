"""Where the IDX files of a set lie, under the names in which the original site, torchvision and Kaggle ship them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import reason_of

_NAME = re.compile(
    r"(?P<prefix>.*?)(?P<part>train|t10k|test)[-_. ](?P<what>images|labels)[-_. ]idx[13][-_. ]ubyte(\.gz)?",
    re.IGNORECASE,
)
_MOST_ENTRIES = 20_000
_STANDARD = "train-images-idx3-ubyte"
_INNER = ("raw", "gzip")
"""Folders that torchvision, and the archive of EMNIST, make inside of a set's own."""


@dataclass(frozen=True, slots=True)
class IdxPart:
    """One part of a set: its images, and their labels where there are any.

    The images of EMNIST (Cohen et al. 2017, arXiv 1702.05373) have rows and columns exchanged.
    """

    images: Path
    labels: Path | None

    @property
    def is_transposed(self) -> bool:
        """Return whether the file's name is one of EMNIST's."""
        return "emnist" in self.images.name.lower()


def idx_parts(folder: Path, subset: str = "") -> list[IdxPart]:
    """Return the parts of a set in a folder, training images first; the folder may be the root that torchvision made.

    Parameters
    ----------
    folder : Path
    subset : str
        Of several sets the one to take: a word of what its files begin with, as "letters" of EMNIST's, or the name of
        the folder it lies in, as "KMNIST" in a root of torchvision's.

    Raises
    ------
    InvalidValueError
        When there is no folder, no file of images in it, no such set, or the files of several.
    """
    if not folder.is_dir():
        raise InvalidValueError(f"There is no folder {str(folder)!r}.")
    try:
        sets = list(_sets(folder))
    except OSError as error:
        raise InvalidValueError(f"The folder {str(folder)!r} cannot be read: {reason_of(error)}.") from error
    if not sets:
        raise InvalidValueError(
            f"The folder {str(folder)!r} holds no images in IDX files, {_STANDARD} or {_STANDARD}.gz for example."
        )
    if subset:
        wanted = [one for one in sets if one.is_called(subset)]
        if not wanted:
            named = ", ".join(dict.fromkeys(repr(one.name) for one in sets[:8]))
            raise InvalidValueError(f"The folder {str(folder)!r} holds no set {subset!r}, but {named}.")
        sets = wanted
    first = [one for one in sets if one.place == sets[0].place]
    if len(first) > 1:
        named = ", ".join(repr(one.prefix) for one in first[:6])
        raise InvalidValueError(
            f"The folder {str(folder)!r} holds several sets, whose files start with {named}; "
            "name one of them as the set, or put it into a folder of its own."
        )
    return first[0].parts


@dataclass(frozen=True, slots=True)
class _Set:
    """Files of one place whose names begin alike."""

    place: Path
    prefix: str
    parts: list[IdxPart]

    @property
    def name(self) -> str:
        """Return what it is called: what its files begin with, or else the folder it lies in."""
        folder = self.place.parent if self.place.name in _INNER else self.place
        return self.prefix.strip("-_. ") or folder.name

    def is_called(self, subset: str) -> bool:
        """Return whether these are words of its name, in any case of letters."""
        name, wanted = self.name.lower(), subset.lower().strip("-_. ")
        return wanted == name or wanted in re.split("[-_. ]", name)


def _sets(folder: Path) -> Iterator[_Set]:
    """Yield all sets, those that lie nearest first."""
    for place in dict.fromkeys(_places(folder)):
        found = _named(place)
        for prefix in sorted({prefix for prefix, _, what in found if what == "images"}):
            parts = [
                IdxPart(found[prefix, part, "images"], found.get((prefix, part, "labels")))
                for part in ("train", "test")
                if (prefix, part, "images") in found
            ]
            yield _Set(place, prefix, parts)


def _places(folder: Path) -> Iterator[Path]:
    """Yield the folders in which files may lie: this one, what torchvision makes in it, what archives unpack to."""
    usual = (folder, folder / "raw", folder / "MNIST" / "raw")
    below = sorted(path for path in islice(folder.iterdir(), _MOST_ENTRIES) if path.is_dir())
    inner = (path / name for path in below for name in _INNER)
    # Files in folders of their own names are found where these folders lie.
    others = (path for path in below if not _NAME.fullmatch(path.name))
    yield from (place for place in (*usual, *inner, *others) if place.is_dir())


def _named(place: Path) -> dict[tuple[str, str, str], Path]:
    """Return the files by prefix, part ("train" or "test") and "images" or "labels"; unpacked ones come first.

    Kaggle's archives unpack to folders that are called as the file that lies in each.
    """
    found: dict[tuple[str, str, str], Path] = {}
    for path in sorted(islice(place.iterdir(), _MOST_ENTRIES)):
        match = _NAME.fullmatch(path.name)
        if match is None:
            continue
        part = "train" if match["part"].lower() == "train" else "test"
        inner = sorted(islice(path.iterdir(), _MOST_ENTRIES)) if path.is_dir() else [path]
        file = next((one for one in inner if _NAME.fullmatch(one.name) and one.is_file()), None)
        if file is not None:
            found.setdefault((match["prefix"], part, match["what"].lower()), file)
    return found
