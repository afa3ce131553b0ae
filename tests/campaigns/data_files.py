"""Thousands of damaged files of points and folders of digits: each is read rightly or refused in a sentence.

Run by hand: ``python -W error tests/campaigns/data_files.py --points 5000 --folders 2000 --seed 1``. It tells how many
were read and refused, and ends with a traceback where something else happens.
"""

from __future__ import annotations

import argparse
import gzip
import random
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ganviz.data import mnist
from ganviz.data.points_table import LARGEST, read_points
from ganviz.spec import InvalidValueError

LONGEST_SECONDS = 10
TABLES = (
    b"x;y\n0,5;1,25\n-2;3,5\n",
    b",x,y\n0,0.8832,0.4306\n1,0.0858,0.9484\n2,0.3545,-1.0503\n",
    b"0,1\n100.1,100.2\n99.9,100.0\n",
    b"x,y,label\n0.8832,0.4306,0\n0.0858,0.9484,1\n0.3545,-1.0503,0\n",
    b"sep=;\nx;y\n1.234,5;2\n0,5;-1\n",
    "a\tb\n0,5\t1\n7\t-1,5\n".encode("utf-16"),
    b'"a","b"\n"1","2,5"\n"2","3,5"\n',
    b"# notes\n1 2\n3 4\n\n5 6\n",
)
PIECES = (
    b",", b";", b'"', b"\n", b"\t", b" ", b"\0", b"\xff", b"sep=", b'sep="\n', b"sep=1\n", b"#", b"nan", b"1e9", b"-",
    b".", b"\r", b"9" * 400, "−".encode(), b"|", b"x", b"'", "١".encode(), b"1_0", b"\x1f\x8b", b"\xef\xbb\xbf", b"<b>",
)  # fmt: skip
NAMES = (
    "{}-images-idx3-ubyte",
    "{}-images.idx3-ubyte",
    "{}-images-idx3-ubyte.gz",
    "raw/{}-images-idx3-ubyte",
)


def damaged(content: bytes, chance: random.Random, most: int) -> bytes:
    """Return the content with up to ``most`` pieces put in, taken out or changed."""
    data = bytearray(content)
    for _ in range(chance.randint(0, most)):
        at = chance.randrange(len(data) + 1)
        what = chance.random()
        if what < 0.5:
            data[at:at] = chance.choice(PIECES)
        elif what < 0.8:
            del data[at : at + chance.randint(1, 9)]
        elif at < len(data):
            data[at] = chance.randrange(256)
    return bytes(data)


def try_points(folder: Path, chance: random.Random) -> bool:
    """Return whether a damaged table could be read."""
    path = folder / "points.csv"
    path.write_bytes(damaged(chance.choice(TABLES), chance, 4))
    columns = chance.choice(("", "", "", "1, 2", "x, y", '"', "2;1"))

    def read() -> None:
        points, summary, _ = read_points(path, columns, chance.choice(("auto", "auto", "yes", "no")))
        assert points.shape == (len(points), 2)
        assert len(points)
        assert (np.abs(points) <= LARGEST).all()
        assert summary.endswith(".")

    return _is_read(read)


def try_digits(folder: Path, chance: random.Random) -> bool:
    """Return whether a folder of damaged IDX files could be read."""
    place = Path(tempfile.mkdtemp(dir=folder))
    for part in ("train", "t10k"):
        name = place / chance.choice(NAMES).format(part)
        name.parent.mkdir(exist_ok=True)
        n = chance.randint(0, 3)
        images = struct.pack(">iiii", 2051, n, 28, 28) + bytes(n * 784)
        labels = struct.pack(">ii", 2049, n) + bytes(range(n))
        for path, content in (
            (name, images),
            (Path(str(name).replace("images", "labels").replace("idx3", "idx1")), labels),
        ):
            packed = gzip.compress(content, mtime=0) if chance.random() < 0.5 else content
            path.write_bytes(damaged(packed, chance, 1) if chance.random() < 0.3 else packed)

    def read() -> None:
        mnist._chosen.cache_clear()
        images = mnist._chosen(mnist.ALL_DIGITS, str(place))
        assert images.shape == (len(images), 1, 28, 28)
        assert len(images)

    return _is_read(read)


def _is_read(read: Callable[[], None]) -> bool:
    start = time.perf_counter()
    try:
        read()
        return True
    except InvalidValueError as error:
        text = str(error)
        assert text.endswith((".", ")"))
        assert len(text) < 1000
        return False
    finally:
        assert time.perf_counter() - start < LONGEST_SECONDS


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("points", 5000), ("folders", 2000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        for what, attempt, n in (
            ("points", try_points, options.points),
            ("digits", try_digits, options.folders),
        ):
            start = time.perf_counter()
            n_read = sum(attempt(Path(folder), chance) for _ in range(n))
            seconds = time.perf_counter() - start
            sys.stdout.write(f"{what}: {n_read} read, {n - n_read} refused, {seconds:.1f} s\n")


if __name__ == "__main__":
    main()
