"""What belongs to a process belongs to nobody once it has gone, however it went."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ganviz.training import claims
from ganviz.training.claims import claim, claim_folder

HOLD = """
import sys
from pathlib import Path
from ganviz.training.claims import claim
held = claim(Path(sys.argv[1]))
print(held is not None, flush=True)
sys.stdin.read()
"""


def test_a_claim_holds_once_and_can_be_given_up(tmp_path: Path) -> None:
    first = claim(tmp_path / "lock")
    assert first is not None
    assert claim(tmp_path / "lock") is None
    first.give_up()
    assert list(tmp_path.iterdir()) == []
    second = claim(tmp_path / "lock")
    assert second is not None
    second.give_up()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert claim(lock) is None
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert lock.exists()
    held = claim(lock)
    assert held is not None
    held.give_up()


def test_a_folder_that_is_gone_cannot_be_claimed(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        claim(tmp_path / "gone" / "lock")


@pytest.mark.parametrize("locks_folders", [False, True])
def test_a_folder_is_claimed_once_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locks_folders: bool
) -> None:
    """Two names of one folder, as "RUN" and "run" are on some disks; where no folder is locked, a file in it is."""
    if sys.platform == "win32" and locks_folders:
        pytest.skip("Windows locks no folders")
    monkeypatch.setattr(claims, "LOCKS_FOLDERS", locks_folders)
    folder, other = tmp_path / "run", tmp_path / "RUN"
    folder.mkdir()
    other.symlink_to(folder, target_is_directory=True)
    first = claim_folder(folder)
    assert first is not None
    assert claim_folder(other) is None
    first.give_up()
    assert list(folder.iterdir()) == []
    second = claim_folder(other)
    assert second is not None
    second.give_up()
    with pytest.raises(OSError, match="No such file"):
        claim_folder(tmp_path / "gone")
