"""Digits are found under every name in which they are shipped, and read within bounds."""

from __future__ import annotations

import gzip
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ganviz.data import mnist
from ganviz.data.idx_files import MOST_BYTES
from ganviz.data.mnist import MNIST
from ganviz.spec import InvalidValueError

SIZES = {"train": 5, "t10k": 3}


def images(part: str) -> bytes:
    n = SIZES[part]
    pixels = (
        np.full((n, 28, 28), 10 if part == "train" else 20, np.uint8)
        + np.arange(n, dtype=np.uint8)[:, None, None]
    )
    return struct.pack(">iiii", 2051, n, 28, 28) + pixels.tobytes()


def labels(part: str) -> bytes:
    return struct.pack(">ii", 2049, SIZES[part]) + bytes(range(SIZES[part]))


def write(
    folder: Path, template: str, *, packed: bool = False, parts: tuple[str, ...] = ("train", "t10k")
) -> Path:
    for part in parts:
        for what, axes, content in (("images", 3, images(part)), ("labels", 1, labels(part))):
            path = folder / template.format(part=part, what=what, axes=axes)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
    return folder


def read(folder: Path, digits: str = "0123456789") -> list[int]:
    """Return the first pixel of every image."""
    mnist._chosen.cache_clear()
    return mnist._chosen(digits, str(folder))[:, 0, 0, 0].tolist()  # type: ignore[no-any-return]


BOTH = [10, 11, 12, 13, 14, 20, 21, 22]
NAMES = {
    "original": ("{part}-{what}-idx{axes}-ubyte", False),
    "original, packed": ("{part}-{what}-idx{axes}-ubyte.gz", True),
    "dots": ("{part}-{what}.idx{axes}-ubyte", False),
    "dots, packed": ("{part}-{what}.idx{axes}-ubyte.gz", True),
    "unpacked, kept .gz": ("{part}-{what}-idx{axes}-ubyte.gz", False),
    "packed, lost .gz": ("{part}-{what}-idx{axes}-ubyte", True),
    "torchvision's root": ("MNIST/raw/{part}-{what}-idx{axes}-ubyte", False),
    "torchvision's folder of one set": ("raw/{part}-{what}-idx{axes}-ubyte", False),
    "torchvision's root of another set": ("KMNIST/raw/{part}-{what}-idx{axes}-ubyte.gz", True),
    "Fashion-MNIST's root": ("FashionMNIST/raw/{part}-{what}-idx{axes}-ubyte", False),
    "folders of Kaggle": ("{part}-{what}-idx{axes}-ubyte/{part}-{what}-idx{axes}-ubyte", False),
    "a prefix": ("emnist-digits-{part}-{what}-idx{axes}-ubyte.gz", True),
    "capitals": ("{part}-{what}-IDX{axes}-ubyte.GZ", True),
}


@pytest.mark.parametrize("name", NAMES)
def test_files_are_found_under_every_common_name(tmp_path: Path, name: str) -> None:
    template, packed = NAMES[name]
    assert read(write(tmp_path, template, packed=packed)) == BOTH
    assert read(tmp_path, "02") == [10, 12, 20, 22]


def test_a_part_named_test_is_the_same_as_t10k(tmp_path: Path) -> None:
    write(tmp_path, NAMES["original"][0])
    for path in tmp_path.glob("t10k*"):
        path.rename(path.with_name(path.name.replace("t10k", "test")))
    assert read(tmp_path) == BOTH


@pytest.mark.parametrize(("part", "expected"), [("train", BOTH[:5]), ("t10k", BOTH[5:])])
def test_one_part_alone_will_do(tmp_path: Path, part: str, expected: list[int]) -> None:
    assert read(write(tmp_path, NAMES["original"][0], parts=(part,))) == expected


def test_images_alone_will_do_unless_digits_are_chosen(tmp_path: Path) -> None:
    (tmp_path / "train-images.idx3-ubyte").write_bytes(images("train"))
    assert read(tmp_path) == BOTH[:5]
    with pytest.raises(InvalidValueError, match=r"without labels\.$"):
        read(tmp_path, "3")


def test_emnist_s_images_are_turned_right_and_its_letters_kept(tmp_path: Path) -> None:
    pixels = np.zeros((2, 28, 28), np.uint8)
    pixels[:, 3, 20] = 255
    for what, content in (
        ("images-idx3", struct.pack(">iiii", 2051, 2, 28, 28) + pixels.tobytes()),
        ("labels-idx1", struct.pack(">ii", 2049, 2) + bytes([5, 26])),
    ):
        (tmp_path / f"emnist-letters-train-{what}-ubyte.gz").write_bytes(gzip.compress(content, mtime=0))
    data = MNIST(folder=str(tmp_path))
    images = data.excerpt()["images"]
    assert images.shape == (2, 1, 28, 28)
    assert np.argwhere(images[1, 0]).tolist() == [[20, 3]]
    assert "emnist-letters-train-images-idx3-ubyte.gz; EMNIST's rows and columns" in data.summary
    assert "EMNIST has rows and columns exchanged" in data.script()
    assert MNIST().summary == ""


def test_an_unpacked_file_comes_before_a_packed_one(tmp_path: Path) -> None:
    write(tmp_path, NAMES["original"][0])
    write(tmp_path, NAMES["original, packed"][0], packed=False)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(b"damaged")
    assert read(tmp_path) == BOTH


EMNIST = tuple(f"emnist-{name}" for name in ("balanced", "byclass", "bymerge", "digits", "letters", "mnist"))


@pytest.mark.parametrize("inner", ["", "gzip", "EMNIST/raw", "emnist_source_files"])
@pytest.mark.parametrize(
    ("subset", "chosen"), [("letters", 4), ("EMNIST-MNIST", 5), ("mnist", 5), ("byclass", 1)]
)
def test_one_of_emnist_s_sets_is_chosen_by_its_name(
    tmp_path: Path, inner: str, subset: str, chosen: int
) -> None:
    """As the archive, torchvision and Kaggle leave them: six sets in a folder."""
    for i, name in enumerate(EMNIST):
        write(
            tmp_path / inner, f"{name}-{NAMES['original'][0]}", parts=("train",) if i == chosen else ("t10k",)
        )
    data = MNIST(folder=str(tmp_path), subset=subset)
    assert data.excerpt()["images"][:, 0, 0, 0].tolist() == BOTH[:5]
    assert f"{inner}/{EMNIST[chosen]}-train-images-idx3-ubyte".lstrip("/") in data.summary
    assert f"{EMNIST[chosen]}-train-images" in data.script()
    with pytest.raises(
        InvalidValueError, match="holds no set 'kana', but 'emnist-balanced', 'emnist-byclass'"
    ):
        MNIST(folder=str(tmp_path), subset="kana").load()


def test_one_of_torchvision_s_sets_is_chosen_by_its_folder(tmp_path: Path) -> None:
    for name, part in (("MNIST", "train"), ("FashionMNIST", "t10k"), ("KMNIST", "t10k")):
        write(tmp_path, f"{name}/raw/{NAMES['original'][0]}", parts=(part,))
    assert read(tmp_path) == BOTH[:5]  # as ever: MNIST where nothing else is asked for
    for subset in ("FashionMNIST", "kmnist"):
        assert MNIST(folder=str(tmp_path), subset=subset).excerpt()["images"][:, 0, 0, 0].tolist() == BOTH[5:]
    assert (
        MNIST(folder=str(tmp_path), subset="KMNIST").summary == "Images of KMNIST/raw/t10k-images-idx3-ubyte."
    )


def test_several_sets_in_one_folder_are_refused_by_name(tmp_path: Path) -> None:
    for prefix in ("emnist-digits-", "emnist-letters-"):
        write(tmp_path, prefix + NAMES["original"][0])
    with pytest.raises(
        InvalidValueError, match=r"'emnist-digits-', 'emnist-letters-'.* folder of its own\.$"
    ):
        read(tmp_path)


def test_a_folder_of_something_else_says_what_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(InvalidValueError, match="holds no images in IDX files, train-images-idx3-ubyte or"):
        read(tmp_path)
    with pytest.raises(InvalidValueError, match="There is no folder"):
        read(tmp_path / "none")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_pipe_or_device_under_the_name_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "train-images-idx3-ubyte")
    (tmp_path / "t10k-images-idx3-ubyte").symlink_to("/dev/zero")
    with pytest.raises(InvalidValueError, match="holds no images"):
        read(tmp_path)
    write(tmp_path, NAMES["dots"][0], parts=("train",))
    assert read(tmp_path) == BOTH[:5]


def packed_zeros(megabytes: int, start: bytes) -> bytes:
    return gzip.compress(start + bytes(megabytes << 20), compresslevel=1, mtime=0)


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"])
def test_a_small_file_that_unpacks_to_much_is_not_unpacked(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(packed_zeros(200, struct.pack(">iiii", 2051, 2, 28, 28)))
    tracemalloc.start()
    try:
        with pytest.raises(InvalidValueError, match=r"should hold 1568 bytes .* not more\.$"):
            read(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


def test_a_header_that_promises_too_much_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    n = MOST_BYTES // 784 + 1
    (tmp_path / "train-images-idx3-ubyte").write_bytes(struct.pack(">iiii", 2051, n, 28, 28) + bytes(1000))
    with pytest.raises(InvalidValueError, match=r"600 MB are the limit\.$"):
        read(tmp_path)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 2051, *[2**32 - 1] * 3))
    with pytest.raises(InvalidValueError, match=r"are the limit\.$"):
        read(tmp_path)


def test_both_parts_together_keep_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "MOST_BYTES", 7 * 784)
    with pytest.raises(InvalidValueError, match=r"t10k-images-idx3-ubyte is of shape \(3, 28, 28\)"):
        read(write(tmp_path, NAMES["original"][0]))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (images("train")[:-1], "should hold 3920 bytes of data for shape (5, 28, 28), not 3919"),
        (images("train") + b"x", "not more"),
        (gzip.compress(images("train"), mtime=0)[:-9], "is it complete?"),
        (b"\x1f\x8b and then something else", "is it complete?"),
        (b"", "is not an IDX file of bytes with 3 dimensions"),
        (labels("train"), "is not an IDX file of bytes with 3 dimensions"),
        (
            struct.pack(">iiii", 2051, 5, 32, 32) + bytes(5 * 1024),
            "should hold 5 images of 28 × 28, not 5 × 32 × 32",
        ),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    write(tmp_path, NAMES["original"][0])
    (tmp_path / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(InvalidValueError, match=r"\.$|\)$") as caught:
        read(tmp_path)
    assert str(caught.value).startswith("train-images-idx3-ubyte")
    assert words in str(caught.value)


def test_the_distribution_draws_from_the_folder(tmp_path: Path) -> None:
    mnist._chosen.cache_clear()
    data = MNIST(folder=str(write(tmp_path, NAMES["dots, packed"][0], packed=True)))
    data.load()
    drawn = data.sample(200, np.random.default_rng(0))
    assert set(np.rint((drawn[:, 0, 0, 0] + 1) * 127.5).astype(int).tolist()) == set(BOTH)
