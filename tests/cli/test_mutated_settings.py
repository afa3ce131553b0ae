"""Some files of the campaign with mutated settings."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tests.campaigns.settings import KINDS, is_taken, plains, try_files


def test_mutated_settings_train_or_are_refused_in_a_sentence(tmp_path: Path) -> None:
    sound = tmp_path / "sound.json"
    sound.write_text(json.dumps(plains()[0]))
    assert is_taken(sound)
    found = try_files(tmp_path, 60, random.Random(5))
    assert set(found) == set(KINDS)
    assert all(n_refused > 8 for n_refused, _ in found.values())
