"""What is shipped beside the code: digits, icons, notices."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).parents[2]
ICONS = sorted((ROOT / "resources" / "icons").glob("*.svg"))
DIGITS = ROOT / "resources" / "digits" / "mnist10k.npz"


def test_digits_are_those_of_the_notice() -> None:
    assert hashlib.sha256(DIGITS.read_bytes()).hexdigest() in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_digits_are_ten_thousand_in_mixed_order() -> None:
    with np.load(DIGITS, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    assert (images.shape, images.dtype) == ((10_000, 28, 28), np.uint8)
    assert (labels.shape, labels.dtype) == ((10_000,), np.uint8)
    assert images.max() == 255
    assert np.bincount(labels).min() > 850
    assert all(len(set(labels[start : start + 100].tolist())) == 10 for start in range(0, 10_000, 100))


@pytest.mark.parametrize("icon", ICONS, ids=lambda path: path.stem)
def test_icons_draw_something(icon: Path) -> None:
    renderer = QSvgRenderer(str(icon))
    assert renderer.isValid()
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    n_opaque = sum(image.pixelColor(x, y).alpha() > 128 for x in range(32) for y in range(32))
    assert n_opaque > 20


def test_icons_name_their_licence() -> None:
    own = {"ganviz", "step-discriminator", "step-generator"}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for icon in ICONS:
        if icon.stem in own:
            assert icon.name in notice
        else:
            assert "@license lucide-static" in icon.read_text(encoding="utf-8")
    assert "ISC License" in (ICONS[0].parent / "LICENSE").read_text(encoding="utf-8")


def test_every_dependency_has_a_pinned_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {line.replace(">", " ").replace("<", " ").split()[0].lower() for line in wanted}
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if "==" in line}
    assert names <= pinned
