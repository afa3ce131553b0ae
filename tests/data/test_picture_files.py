"""Pictures are read as people have them, and what cannot be one is refused in a sentence, within bounds."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganviz.data import image_folder, picture_files
from ganviz.data.image_folder import ImageFolder
from ganviz.session.choosing import chosen_run
from ganviz.session.scripting import run_script
from ganviz.spec import InvalidValueError
from ganviz.training.trainer import Trainer

RED = (250, 20, 30)


def red(mode: str) -> Image.Image:
    return Image.new("RGB", (40, 24), RED).convert(mode)


def clear() -> Image.Image:
    return Image.new("RGBA", (20, 20), (0, 0, 0, 0))


def deep() -> Image.Image:
    return Image.fromarray(np.full((20, 20), 128 << 8, dtype=np.uint16))


def turned() -> tuple[Image.Image, Image.Exif]:
    """Return a picture whose upper half is black once it is turned as it says."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    picture = Image.new("RGB", (32, 32), "white")
    picture.paste("black", (0, 0, 16, 32))
    return picture, exif


@pytest.mark.parametrize(
    ("name", "picture", "middle"),
    [
        ("a.png", red("RGB"), RED),
        ("a.PNG", red("P"), RED),
        ("a.jpeg", red("RGB"), RED),
        ("in/a folder/a.jpg", red("CMYK"), RED),
        ("a.png", red("1"), None),
        ("a.png", red("LA"), 3 * (round(0.299 * 250 + 0.587 * 20 + 0.114 * 30),)),
        ("a.png", clear(), (255, 255, 255)),
        ("a.png", deep(), (128, 128, 128)),
    ],
)
def test_pictures_of_all_kinds(
    tmp_path: Path, name: str, picture: Image.Image, middle: tuple[int, ...]
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    picture.save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    data = ImageFolder(path=str(tmp_path), side=16)
    data.load()
    made = data.sample(3, np.random.default_rng(0))
    assert made.shape == (3, 3, 16, 16)
    assert "1 picture; middle squares, scaled to 16 × 16 in color." in data.summary
    if middle is not None:
        np.testing.assert_allclose((made[0, :, 8, 8] + 1) * 127.5, middle, atol=8)
    gray = ImageFolder(path=str(tmp_path), side=20, is_color=False).sample(1, np.random.default_rng(0))
    assert gray.shape == (1, 1, 20, 20)


def test_a_camera_s_turn_is_heeded_and_the_script_reads_the_same(tmp_path: Path) -> None:
    picture, exif = turned()
    picture.save(tmp_path / "a.jpg", exif=exif, quality=95)
    red("P").save(tmp_path / "b.png")
    config, _ = chosen_run(data=str(tmp_path), settings=["distribution.side=16", "training.device=cpu"])
    data = config.distribution
    assert data == ImageFolder(path=str(tmp_path), side=16)
    first = image_folder._READ.get(data) or data.load() or image_folder._READ[data]
    assert first.images[0, :, 2, :].max() < 60 < 200 < first.images[0, :, 13, :].min()
    left: dict[str, object] = {"torch": torch}
    exec(data.script(), left)
    np.testing.assert_array_equal(left["images"].numpy(), first.images)
    assert "sample_real" in run_script(config)


def test_a_run_on_pictures_trains_and_opens_where_they_are_gone(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    red("RGB").save(tmp_path / "pictures" / "a.png")
    small = [
        "distribution.side=16",
        "architecture.channels=2",
        "training.batch_size=4",
        "training.device=cpu",
    ]
    config, _ = chosen_run(data=str(tmp_path / "pictures"), settings=small)
    trainer = Trainer(config)
    trainer.train(2)
    assert trainer.subject().generator(trainer.subject().latents(3)).shape == (1, 3, 3, 16, 16)
    state = trainer.state()
    (tmp_path / "pictures" / "a.png").unlink()
    image_folder._READ.clear()
    opened = Trainer.from_state(state)
    assert "holds no PNG or JPEG pictures" in opened.missing_data
    np.testing.assert_array_equal(opened.subject().real(2), trainer.subject().real(2))


def bomb(side: int) -> bytes:
    """Return a small PNG file whose header says that it is very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


BAD = {
    "a bomb": (bomb(20_000), "a.png has more than 50,000,000 pixels."),
    "one that Pillow lets pass": (bomb(8_000), "a.png has more than 50,000,000 pixels."),
    "another kind": (b"GIF89a" + bytes(50), "a.png cannot be read as a PNG or JPEG picture"),
    "no picture": (b"x,y\n1,2\n", "a.png cannot be read as a PNG or JPEG picture"),
    "nothing": (b"", "a.png cannot be read as a PNG or JPEG picture"),
    "a part": (bomb(100)[:-40], "a.png cannot be read as a PNG or JPEG picture"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    content, words = BAD[name]
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(InvalidValueError, match=r"\.$") as caught:
        ImageFolder(path=str(tmp_path)).load()
    assert words in str(caught.value)


def test_folders_without_pictures_and_settings_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, words in (
        ("", "Choose a folder of PNG or JPEG pictures first."),
        (str(tmp_path / "gone"), "There is no folder"),
        (str(tmp_path), "holds no PNG or JPEG pictures."),
    ):
        with pytest.raises(InvalidValueError, match=words):
            ImageFolder(path=path).load()
    with pytest.raises(InvalidValueError, match="side must be a multiple of 4 between 16 and 64, not 30"):
        ImageFolder(side=30)
    monkeypatch.setattr(picture_files, "_MOST_ENTRIES", 3)
    for i in range(5):
        (tmp_path / f"{i}.png").touch()
    with pytest.raises(InvalidValueError, match="more than 3 entries"):
        ImageFolder(path=str(tmp_path)).load()
