"""Words within a line of text."""

import errno
import os

import pytest

from ganviz.spec.words import reason_of
from ganviz.training.atomic import FileError, atomic_path

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a.csv")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(FULL, "No space left on device"), (OSError("it is a pipe."), "it is a pipe"), (FileError("No."), "No")],
)
def test_a_reason_is_what_the_system_says_without_a_stop(error, reason):
    assert reason_of(error) == reason


def test_a_reason_is_not_a_sentence_within_a_sentence(tmp_path):
    def write():
        with atomic_path(tmp_path / "a.csv"):
            raise FULL

    def keep():
        try:
            write()
        except FileError as error:
            raise FileError(f"{error}; the rest is kept.") from error

    with pytest.raises(FileError) as caught:
        keep()
    assert reason_of(caught.value) == "No space left on device"
