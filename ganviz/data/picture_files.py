"""Pictures in a folder, read within bounds: PNG and JPEG files, each cut to a square and scaled."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import InvalidValueError

if TYPE_CHECKING:
    from PIL import Image

MOST_PICTURES = 10_000
MOST_PIXELS = 50_000_000
MOST_FILE_BYTES = 100_000_000
LONGEST_REASON = 200
MODES = {1: "L", 3: "RGB"}

ENDINGS = (".png", ".jpg", ".jpeg")
_MOST_ENTRIES = 200_000

READING = '''
from pathlib import Path

from PIL import Image, ImageOps


def read_picture(path):
    """Return the middle square of a picture, scaled, as bytes [channels, side, side]."""
    with Image.open(path) as file:
        file.draft({mode!r}, ({side}, {side}))
        picture = ImageOps.exif_transpose(file).convert("RGBA")
    whole = Image.new("RGBA", picture.size, "white")
    whole.alpha_composite(picture)
    square = ImageOps.fit(whole.convert({mode!r}), ({side}, {side}))
    pixels = torch.frombuffer(bytearray(square.tobytes()), dtype=torch.uint8)
    return pixels.view({side}, {side}, {channels}).permute(2, 0, 1)


folder = Path({folder!r})
paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {endings})[:{most}]
images = torch.stack([read_picture(path) for path in paths])
'''


def picture_paths(folder: Path) -> list[Path]:
    """Return the pictures in a folder and the folders in it, sorted.

    Raises
    ------
    InvalidValueError
        When there is no such folder, it cannot be read, or holds no picture.
    """
    if not folder.is_dir():
        raise InvalidValueError(f"There is no folder {str(folder)!r}.")
    found: list[Path] = []
    n_seen = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        n_seen += len(names) + len(folders)
        found += (Path(place, name) for name in names if name.lower().endswith(ENDINGS))
        if n_seen > _MOST_ENTRIES:
            raise InvalidValueError(
                f"The folder {str(folder)!r} has more than {_MOST_ENTRIES:,} entries; choose one with fewer."
            )
    paths = [path for path in sorted(found) if path.is_file()]
    if not paths:
        raise InvalidValueError(f"The folder {str(folder)!r} holds no PNG or JPEG pictures.")
    return paths


def read_pictures(paths: list[Path], side: int, channels: int) -> NDArray[np.uint8]:
    """Return pictures as bytes ``[n, channels, side, side]``.

    Raises
    ------
    InvalidValueError
        When one cannot be read, or is larger than a picture should be; the text names it.
    """
    images = np.empty((len(paths), channels, side, side), dtype=np.uint8)
    for image, path in zip(images, paths, strict=True):
        image[:] = _read_picture(path, side, channels)
    return images


def _read_picture(path: Path, side: int, channels: int) -> NDArray[np.uint8]:
    """Return the middle square of a picture on white, scaled, ``[channels, side, side]``."""
    from PIL import Image, ImageOps

    mode = MODES[channels]
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise InvalidValueError(f"{path.name} is larger than {MOST_FILE_BYTES / 1e6:.0f} MB.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a library, about what is not as it should be
            with Image.open(path, formats=("PNG", "JPEG")) as file:
                if file.width * file.height > MOST_PIXELS:  # said by the header, before anything is unpacked
                    raise Image.DecompressionBombError
                file.draft(mode, (side, side))  # a JPEG is unpacked at the smallest size that will do
                picture = _in_colors(ImageOps.exif_transpose(file))
        whole = Image.new("RGBA", picture.size, "white")
        whole.alpha_composite(picture)
        square = ImageOps.fit(whole.convert(mode), (side, side))
    except InvalidValueError:
        raise
    except Image.DecompressionBombError as error:  # Pillow's own, for sizes that are larger still
        raise InvalidValueError(f"{path.name} has more than {MOST_PIXELS:,} pixels.") from error
    except Exception as error:  # Pillow's decoders raise errors of many kinds for damaged files
        reason = str(error).rstrip(".")[:LONGEST_REASON]
        raise InvalidValueError(f"{path.name} cannot be read as a PNG or JPEG picture: {reason}.") from error
    return np.moveaxis(np.asarray(square, dtype=np.uint8).reshape(side, side, channels), -1, 0)


def _in_colors(picture: Image.Image) -> Image.Image:
    """Return a picture with colors and opacity in bytes; 16 bits of gray lose their lower half."""
    from PIL import Image

    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
    return picture.convert("RGBA")
