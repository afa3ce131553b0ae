"""What a sample is follows from the kind of its data, and from no literal size."""

import re
from pathlib import Path

import numpy as np
import pytest

import ganviz
from ganviz.data import DISTRIBUTIONS
from ganviz.data.kinds import Image, Plane
from ganviz.views.digits_view import mosaic
from ganviz.views.theme import LIGHT


@pytest.mark.parametrize("key", DISTRIBUTIONS)
def test_the_shape_is_that_of_the_kind(key):
    spec = DISTRIBUTIONS[key]()
    assert spec.kind == (Image(28, 28, 1) if key == "mnist" else Plane())
    assert spec.shape == spec.kind.shape
    assert spec.shape == ((1, 28, 28) if key == "mnist" else (2,))


def test_images_of_any_size_are_put_side_by_side():
    images = np.full((3, 5, 9), -1.0, dtype=np.float32)
    images[2, 4, 8] = 1.0
    picture = mosaic(images, np.arange(3, dtype=np.uint32), 2, LIGHT)
    assert picture.shape == (2 * (5 + 6), 2 * (9 + 6))
    assert picture[11 + 1 + 2 + 4, 1 + 2 + 8] != picture[1 + 2 + 4, 1 + 2 + 8]


def test_nobody_asks_data_whether_they_are_images_by_another_name():
    for path in Path(ganviz.__file__).parent.rglob("*.py"):
        assert not re.search(r"\.is_image\b", path.read_text("utf-8")), path
