"""Animations as files: GIF and WebP by Pillow, MP4 by PyAV, and for how long each step is seen.

Both are loaded when there is something to write: the window asks here what there is.
"""

from __future__ import annotations

import importlib.util
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError, atomic_path

if TYPE_CHECKING:
    from av.video.stream import VideoStream
    from PIL import Image

FRAME_MS = 120
LAST_FRAME_MS = 1500
LENGTHS_S = (1.0, 600.0)
"""The shortest and the longest animation, in seconds."""
LEAST_MS = 20
"""Times are multiples of this, which GIF can hold and programs keep to."""
FILM_MS = 40
"""A film has a picture so often; what is seen for longer is repeated, for not all players bear uneven times."""
CODECS = ("libx264", "libopenh264", "mpeg4")
"""What a film is coded with: the first that the installed PyAV brings along."""

Frame = tuple["Image.Image", int]
"""A picture, and for how many milliseconds it is seen."""


def has_films() -> bool:
    """Return whether PyAV is installed."""
    return importlib.util.find_spec("av") is not None


def need_films() -> None:
    """Raise InvalidValueError where PyAV is not installed."""
    if not has_films():
        raise InvalidValueError(
            "MP4 needs PyAV: `pip install 'ganviz[video]'`; GIF and WebP need nothing more."
        )


def durations(steps: Sequence[int], length_s: float | None = None, *, is_log: bool = False) -> list[int]:
    """Return for how many milliseconds each step is seen; 0 for those that there is no time for.

    Parameters
    ----------
    steps : sequence of int
        Rising.
    length_s : float, optional
        Of the whole animation. None gives each step 120 ms.
    is_log : bool
        Whether time goes with the logarithm of 1 + step, as the beginning of a run deserves; else each step has equal
        time. The last one is seen for 1.5 s, or a third of a length that is given where that is less.
    """
    n = len(steps)
    last: float = LAST_FRAME_MS
    total: float = FRAME_MS * (n - 1) + last
    if length_s is not None:
        total = 1000 * length_s
        last = min(last, total / 3) if n > 1 else total
    places: list[float] = [float(k) for k in range(n)]
    if is_log:
        places = [math.log1p(step) - math.log1p(steps[0]) for step in steps]
    whole = places[-1] or 1.0
    times = [round((total - last) * place / whole / LEAST_MS) * LEAST_MS for place in places]
    return [b - a for a, b in itertools.pairwise([*times, round(total)])]


def write_animation(path: Path, frames: Iterable[Frame], settings: str) -> None:
    """Write an animation as GIF or WebP, both endless, or MP4, by the ending.

    Raises
    ------
    FileError
        Where it cannot be written.
    """
    with atomic_path(path) as temporary:
        if path.suffix.lower() == ".mp4":
            _write_film(temporary, iter(frames), settings)
        else:
            _write_pictures(temporary, frames, settings, is_gif=path.suffix.lower() == ".gif")


def _write_pictures(path: Path, frames: Iterable[Frame], settings: str, *, is_gif: bool) -> None:
    from PIL import Image

    drawn, times = [], []
    for image, duration in frames:
        drawn.append(image.quantize(128, method=Image.Quantize.FASTOCTREE) if is_gif else image)
        times.append(duration)
    save = partial(drawn[0].save, path, save_all=True, append_images=drawn[1:], duration=times, loop=0)
    if is_gif:
        save(format="GIF", comment=settings.encode("utf-8"))
    else:
        save(format="WEBP", lossless=True, exif=_described(settings))


def _described(settings: str) -> bytes:
    from PIL import ExifTags, Image

    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = settings
    return exif.tobytes()


def _write_film(path: Path, frames: Iterator[Frame], settings: str) -> None:
    import av

    to_frame: Any = av.VideoFrame.from_image  # has no types
    first = next(frames)
    # the codec halves the resolution of colors: sides are even
    size = first[0].width // 2 * 2, first[0].height // 2 * 2
    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as film:
            film.metadata["comment"] = settings
            stream = _stream(film, size)
            for image in _repeated(itertools.chain([first], frames)):
                film.mux(stream.encode(to_frame(image.crop((0, 0, *size)))))
            film.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise FileError(f"The film cannot be written: {error.strerror or error}.") from error


def _stream(film: Any, size: tuple[int, int]) -> VideoStream:
    """Return what pictures of a size are coded into; sharp, for they are drawings."""
    import av

    codec = next(name for name in CODECS if name in av.codecs_available)
    options = {"crf": "16", "preset": "medium"} if codec == "libx264" else {}
    stream: VideoStream = film.add_stream(codec, rate=Fraction(1000, FILM_MS), options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    return stream


def _repeated(frames: Iterable[Frame]) -> Iterator[Image.Image]:
    """Yield each picture as often as a film shows it, once at least."""
    end = shown = 0
    for image, duration in frames:
        end += duration
        n = max(1, round(end / FILM_MS) - shown)
        shown += n
        yield from itertools.repeat(image, n)
