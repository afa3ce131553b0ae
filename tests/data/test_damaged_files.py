"""A few hundred files of the campaign with damaged data."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaigns.data_files import try_digits, try_points


@pytest.mark.parametrize(("attempt", "n"), [(try_points, 400), (try_digits, 60)])
def test_damaged_files_are_read_or_refused_in_a_sentence(
    tmp_path: Path, attempt: Callable[[Path, random.Random], bool], n: int
) -> None:
    chance = random.Random(5)
    n_read = sum(attempt(tmp_path, chance) for _ in range(n))
    assert n / 20 < n_read < n
