"""Where a run goes on whose process has died: what was put aside, else its file, and never another run."""

import os
import signal
import sys

import pytest

from ganviz.session.commands import LoadCheckpoint
from ganviz.session.events import AsideWritten, ConfigChanged, FileWritten
from ganviz.session.opening import Opening
from ganviz.training.checkpoint import save_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Stamp
from ganviz.training.trainer import Trainer
from ganviz.worker.aside import OPENED, RUN
from ganviz.worker.bridge import RunBridge
from ganviz.worker.kept_run import KeptRun
from ganviz.worker.process import EngineProcess

CONFIG = RunConfig()


@pytest.fixture
def kept(tmp_path):
    (tmp_path / "windows" / "own").mkdir(parents=True)
    return KeptRun(tmp_path / "windows" / "own")


def file_in(folder, name):
    folder.mkdir(exist_ok=True, parents=True)
    (folder / name).write_bytes(b"")
    return folder / name


def test_what_was_put_aside_goes_before_the_file(kept, tmp_path):
    assert kept.found() == (None, None, "starts again")
    path = file_in(tmp_path, "mine.ganviz")
    kept.heard(ConfigChanged(CONFIG, Stamp(1, 70, 0), True, path), 0)
    assert kept.found() == (path, 70, "goes on as 'mine.ganviz' has it")
    kept.heard(AsideWritten(True, kept.aside, 3.0), 1)
    assert kept.found()[:2] == (kept.aside, None)
    kept.heard(ConfigChanged(CONFIG, Stamp(2, 40, 0), False, path), 1)  # continued from a keyframe
    assert kept.found()[:2] == (path, 70)
    path.unlink()
    assert kept.found()[0] is None


def test_the_file_is_the_newest_that_was_read_or_saved(kept, tmp_path):
    path, other = file_in(tmp_path, "mine.ganviz"), file_in(tmp_path, "other.ganviz")
    kept.heard(ConfigChanged(CONFIG, Stamp(1, 70, 0), True, path), 0)
    kept.heard(ConfigChanged(CONFIG, Stamp(1, 70, 1), True), 1)  # the same run, in another process
    kept.heard(FileWritten(other, 60), 1)  # as it was at a keyframe
    kept.heard(FileWritten(tmp_path / "history.csv", 90), 1)
    assert kept.found()[0] == path
    kept.heard(FileWritten(other, 90), 1)
    assert kept.found()[:2] == (other, 90)
    kept.heard(ConfigChanged(CONFIG, Stamp(2, 0, 0), True), 1)
    assert kept.found()[0] is None, "another run has begun"


def test_a_run_that_was_found_is_where_this_window_has_taken_it(kept, tmp_path):
    found = file_in(tmp_path / "windows" / "other", RUN)
    kept.heard(ConfigChanged(CONFIG, Stamp(1, 70, 0), True, found), 0)
    found.rename(kept.aside.with_name(OPENED))
    assert kept.found() == (kept.aside.with_name(OPENED), 70, "goes on as it was found")
    kept.heard(ConfigChanged(CONFIG, Stamp(2, 0, 0), True), 1)
    assert kept.found()[0] is None, "another run has begun"


def test_a_fork_goes_on_from_the_keyframe_that_it_began_at(tmp_path):
    trainer, path = Trainer(CONFIG), tmp_path / "mine.ganviz"
    trainer.train(250)
    save_checkpoint(path, trainer)
    for at_step in (250, *trainer.keyframes.steps):
        opening = Opening(CONFIG, None, is_running=False, path=path, at_step=at_step)
        assert opening().trainer.step == at_step


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_process_that_dies_before_the_run_is_put_aside_goes_on_from_its_file(tmp_path, qtbot):
    trainer = Trainer(CONFIG)
    trainer.train(50)
    save_checkpoint(tmp_path / "mine.ganviz", trainer)
    engine = EngineProcess(Opening(CONFIG, None, is_running=False), every_s=1000.0)
    bridge, told, seen = RunBridge(engine), [], []
    bridge.event_arrived.connect(told.append)
    bridge.snapshot_arrived.connect(seen.append)
    bridge.start()
    bridge.set_needs(())
    bridge.send(LoadCheckpoint(tmp_path / "mine.ganviz"))

    def is_opened(run):
        return any(
            isinstance(one, ConfigChanged) and one.stamp == Stamp(run, 50, one.stamp.revision) for one in told
        )

    qtbot.waitUntil(lambda: is_opened(1), timeout=60_000)
    os.kill(engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: is_opened(2), timeout=60_000)
    assert bridge.shut_down(10_000)
