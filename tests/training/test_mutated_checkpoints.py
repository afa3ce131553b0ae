"""A few hundred files of the campaign with mutated checkpoints."""

from __future__ import annotations

import random
from pathlib import Path

from tests.campaigns.checkpoints import KINDS, try_files


def test_mutated_checkpoints_are_opened_or_refused_in_a_sentence(tmp_path: Path) -> None:
    found = try_files(tmp_path, 250, random.Random(5))
    assert set(found) == set(KINDS)
    assert sum(n_opened for _, n_opened in found.values()) > 2
    assert all(n_refused > 20 for n_refused, _ in found.values())
