"""A start with data that were remembered and whose file has gone since: a sentence, and a run that trains."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganviz.app import Session
from ganviz.data.gaussians import Ring
from ganviz.data.points_file import PointsFile
from ganviz.session.data_change import with_data
from ganviz.session.events import Failed
from ganviz.session.opening import Opening
from ganviz.session.run_presets import run_preset
from ganviz.views.window.memory import WindowMemory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of points that the window remembers."""
    path = tmp_path / "points.csv"
    path.write_text("0,1\n2,3\n1,5\n")
    config = with_data(run_preset("default").config, PointsFile(path=str(path)))
    WindowMemory().keep_config(config)
    return path


@pytest.mark.parametrize("is_gone_late", [False, True])
def test_a_remembered_file_that_has_gone_is_a_sentence(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, path: Path, is_gone_late: bool
) -> None:
    """Also where it goes after the window has looked and before the engine does."""
    monkeypatch.setenv("GANVIZ_IN_PROCESS", "1")
    if not is_gone_late:
        path.unlink()
    session = Session()
    if is_gone_late:
        path.unlink()
    told: list[object] = []
    session.bridge.event_arrived.connect(told.append)
    try:
        session.window.show()
        qtbot.waitUntil(lambda: session.window.last_snapshot is not None, timeout=20_000)
        said = session.window.banner.text
        assert "points.csv" in said
        assert said.endswith("This run has the data 'Ring' instead.")
        assert "defect" not in said
        assert session.window.config.distribution == Ring()
        assert not any(isinstance(event, Failed) for event in told)
        step = session.window.last_snapshot.stamp.step
        qtbot.waitUntil(lambda: session.window.last_snapshot.stamp.step > step, timeout=20_000)
    finally:
        session.window.close_unasked()
        session.leave()


def test_an_engine_that_begins_again_without_its_data_has_the_default_data(path: Path) -> None:
    config = WindowMemory().config()
    assert config is not None
    path.unlink()
    runner = Opening(config, None, is_running=True, path=path.with_name("aside.ganviz"))()
    assert runner.config.distribution == Ring()
    read, missing = runner.trainer.notes
    assert "cannot be read" in read
    assert "points.csv" in missing
