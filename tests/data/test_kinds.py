"""What a sample is follows from the kind of its data, and from no literal size."""

import re
from pathlib import Path

import numpy as np
import pytest

import ganviz
from ganviz.data import DISTRIBUTIONS
from ganviz.data.kinds import Image, Plane, Scalar
from ganviz.views.look.theme import DARK, LIGHT
from ganviz.views.pictures.digits_layout import mosaic

KINDS = {"mnist": Image(28, 28), "images": Image(32, 32, 3, is_photo=True)}


@pytest.mark.parametrize("key", DISTRIBUTIONS)
def test_the_shape_is_that_of_the_kind(key):
    spec = DISTRIBUTIONS[key]()
    assert spec.kind == (Scalar() if key.endswith("_1d") else KINDS.get(key, Plane()))
    assert spec.shape == spec.kind.shape


def test_images_of_any_size_are_put_side_by_side():
    images = np.full((3, 1, 5, 9), -1.0, dtype=np.float32)
    images[2, 0, 4, 8] = 1.0
    picture = mosaic(images, np.arange(3, dtype=np.uint32), 2, LIGHT)
    assert picture.shape == (2 * (5 + 6), 2 * (9 + 6))
    assert picture[11 + 1 + 2 + 4, 1 + 2 + 8] != picture[1 + 2 + 4, 1 + 2 + 8]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_photographs_have_their_own_colors_in_every_theme(theme):
    images = np.array([[1.0, 0.0, -1.0]], dtype=np.float32).reshape(1, 3, 1, 1)
    gray = np.array([[-1.0]], dtype=np.float32).reshape(1, 1, 1, 1)
    for image, color in ((images, 0xFFFF8000), (gray, 0xFF000000)):
        picture = mosaic(image, np.zeros(1, dtype=np.uint32), 1, theme, is_photo=True)
        assert picture[3, 3] == color


def test_nobody_asks_data_whether_they_are_images_by_another_name():
    for path in Path(ganviz.__file__).parent.rglob("*.py"):
        assert not re.search(r"\.is_image\b", path.read_text("utf-8")), path
