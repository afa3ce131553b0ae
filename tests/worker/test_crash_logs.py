"""What is known of a crash is kept, and a few files of it in all."""

from __future__ import annotations

import errno
import io
import logging
import os
from pathlib import Path

import pytest

from ganviz import app
from ganviz.worker.crash_logs import MOST_KEPT, keep_crash_logs
from ganviz.worker.window_folder import ENGINE_CRASH, WINDOW_CRASH, own_folder


def test_the_newest_crashes_are_kept(tmp_path: Path) -> None:
    for i in range(MOST_KEPT + 3):
        folder = own_folder(tmp_path / "windows")
        assert keep_crash_logs(folder, tmp_path) is None
        (folder.path / WINDOW_CRASH).write_bytes(b"")
        assert keep_crash_logs(folder, tmp_path) is None
        (folder.path / ENGINE_CRASH).write_text(f"crash {i}")
        os.utime(folder.path / ENGINE_CRASH, (1e9 + i, 1e9 + i))
        kept = keep_crash_logs(folder, tmp_path)
        assert kept is not None
        assert kept.read_text() == f"engine-crash.log:\ncrash {i}\n"
        assert keep_crash_logs(folder, tmp_path) is None
        folder.remove()
    texts = [path.read_text().split()[-1] for path in sorted(tmp_path.glob("crash-*.log"))]
    assert texts == [str(i) for i in range(3, MOST_KEPT + 3)]


def test_a_full_disk_under_the_log_is_not_told_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = app._Log(tmp_path / "ganviz.log", maxBytes=1 << 20, backupCount=1, encoding="utf-8")
    handler.stream.close()
    monkeypatch.setattr(handler, "stream", _Full())
    for _ in range(2):
        handler.handle(logging.makeLogRecord({"msg": "x" * 200}))
    assert capsys.readouterr() == ("", "")


class _Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")
