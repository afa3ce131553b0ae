"""Where the IDX files of a set lie, under the names in which the original site, torchvision and Kaggle ship them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ganviz.spec import InvalidValueError

_NAME = re.compile(
    r"(?P<prefix>.*?)(?P<part>train|t10k|test)[-_. ](?P<what>images|labels)[-_. ]idx[13][-_. ]ubyte(\.gz)?",
    re.IGNORECASE,
)
_MOST_ENTRIES = 20_000
_STANDARD = "train-images-idx3-ubyte"


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


def idx_parts(folder: Path) -> list[IdxPart]:
    """Return the parts in a folder, training images first; the folder may be the root that torchvision made.

    Raises
    ------
    InvalidValueError
        When there is no folder, no file of images in it, or the files of several sets.
    """
    if not folder.is_dir():
        raise InvalidValueError(f"There is no folder {str(folder)!r}.")
    try:
        found = next((found for place in _places(folder) if (found := _named(place))), {})
    except OSError as error:
        raise InvalidValueError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from error
    prefixes = sorted({prefix for prefix, _, what in found if what == "images"})
    if not prefixes:
        raise InvalidValueError(
            f"The folder {str(folder)!r} holds no images in IDX files, {_STANDARD} or {_STANDARD}.gz for example."
        )
    if len(prefixes) > 1:
        named = ", ".join(repr(prefix) for prefix in prefixes[:6])
        raise InvalidValueError(
            f"The folder {str(folder)!r} holds several sets, whose files start with {named}; "
            "put one of them into a folder of its own."
        )
    (prefix,) = prefixes
    return [
        IdxPart(found[prefix, part, "images"], found.get((prefix, part, "labels")))
        for part in ("train", "test")
        if (prefix, part, "images") in found
    ]


def _places(folder: Path) -> Iterator[Path]:
    """Yield the folders in which the files may lie: this one, or what torchvision makes in it."""
    yield from (place for place in (folder, folder / "raw", folder / "MNIST" / "raw") if place.is_dir())
    below = sorted(path / "raw" for path in islice(folder.iterdir(), _MOST_ENTRIES))
    yield from (place for place in below if place.is_dir())


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
