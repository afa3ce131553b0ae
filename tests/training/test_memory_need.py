"""What cannot fit is refused with both sizes, before anything is given up for it."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.session import commands as c
from ganviz.session.events import Refused, StateChanged
from ganviz.session.run_presets import run_preset
from ganviz.session.runner import Runner
from ganviz.session.settings import with_settings
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError
from ganviz.training import memory_need as room
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.memory_need import OutOfMemoryError, free_bytes, memory_in_words, memory_need
from ganviz.training.trainer import Trainer

SMALL = with_settings(RunConfig(), ["architecture.width=8", "training.batch_size=16"])
HUGE = ["architecture.width=4096", "architecture.hidden_layers=12", "training.batch_size=65536"]
SENTENCE = (
    r"^These settings need about [\d.]+ [MG]B of memory \([\d.]+ [MG]B for the networks and their keyframes, "
    r"[\d.]+ [MG]B for batches\), and [\d.]+ [MG]B are free; a smaller batch would fit\.$"
)


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda device: 1_500_000_000)


def test_what_is_free_is_known() -> None:
    free = free_bytes("cpu")
    assert free is not None
    assert 1e8 < free < 1e14


@pytest.mark.parametrize("preset", ["default", "digits"])
def test_ordinary_runs_are_never_refused(preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda device: 0)
    assert memory_need(run_preset(preset).config).total < room.NEVER_REFUSED
    Trainer(run_preset("default").config)


@pytest.mark.parametrize(
    ("settings", "low", "high"),
    [
        (["architecture.width=1024", "architecture.hidden_layers=3"], 0.25e9, 0.8e9),
        (["architecture.width=256", "training.batch_size=65536"], 1.4e9, 3.6e9),
        (HUGE, 60e9, 400e9),
    ],
)
def test_the_estimate_is_near_what_was_measured(settings: list[str], low: float, high: float) -> None:
    assert low < memory_need(with_settings(RunConfig(), settings)).total < high


def test_every_lane_counts() -> None:
    one = with_settings(RunConfig(), ["architecture.width=512"])
    many = RunConfig(lanes=one.lanes * 10, architecture=one.architecture)
    assert memory_need(many).total > 8 * memory_need(one).total


def test_a_run_is_kept_when_a_setting_is_too_large(little: None, tmp_path: Path) -> None:
    runner = Runner(SMALL)
    runner.trainer.train(20)
    before = runner.trainer
    *_, refused = runner.handle(c.Reconfigure(with_settings(SMALL, HUGE)))
    assert isinstance(refused, Refused)
    assert re.search(SENTENCE, refused.message)
    assert (runner.trainer, runner.trainer.step, runner.config) == (before, 20, SMALL)
    runner.handle(c.SaveCheckpoint(tmp_path / "kept.ganviz"))
    assert load_checkpoint(tmp_path / "kept.ganviz").step == 20
    runner.handle(c.Run(25))
    while runner.is_running:
        runner.advance()
    assert runner.trainer.step == 25


def test_a_lane_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(with_settings(SMALL, ["architecture.width=512"]))
    monkeypatch.setattr(room, "NEVER_REFUSED", 0)
    monkeypatch.setattr(room, "free_bytes", lambda device: memory_need(trainer.config).total)
    with pytest.raises(OutOfMemoryError, match=r"fewer lanes would fit"):
        trainer.fork(0, trainer.config.lanes[0])
    assert len(trainer.lanes) == 1
    assert trainer.train(3) == 3


def refuse_memory(*_: object) -> None:
    raise RuntimeError(
        "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"
    )


def test_memory_that_the_system_refuses_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(SMALL)
    runner.trainer.train(5)
    monkeypatch.setattr("ganviz.training.trainer.initial_tensors", refuse_memory)
    other = with_settings(SMALL, ["architecture.width=9"])
    *_, refused = runner.handle(c.Reconfigure(other))
    assert isinstance(refused, Refused)
    assert "not enough memory" in refused.message
    assert runner.trainer.step == 5
    with pytest.raises(RuntimeError, match="another"), memory_in_words():
        raise RuntimeError("another")


def test_real_refusals_are_recognized() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, hard))
        free = free_bytes("cpu")
        assert free is not None
        assert free < 8 << 30
        with pytest.raises(InvalidValueError, match="not enough memory"), memory_in_words():
            torch.empty(64 << 30, dtype=torch.uint8)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_states_that_were_changed_meanwhile_are_still_told(little: None) -> None:
    """A run that has failed can take other settings; too large ones leave it as it is."""
    runner = Runner(SMALL)
    runner.fail("for a test")
    events = runner.handle(c.Reconfigure(with_settings(SMALL, HUGE)))
    assert [type(event) for event in events] == [Refused]
    assert not any(isinstance(event, StateChanged) for event in events)
    assert runner.state is RunState.FAILED
    assert named_formulation("hinge") != SMALL.lanes[0].formulation


def test_estimating_loads_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    """Tensors without memory would load torch's compiler, which takes seconds and makes a folder."""
    probe = (
        "import sys\nfrom ganviz.training.config import RunConfig\nfrom ganviz.training.trainer import Trainer\n"
        "Trainer(RunConfig()).train(3)\nprint('sympy' in sys.modules, 'torch._dynamo' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], env=os.environ | {"TMPDIR": str(tmp_path)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]
    assert list(tmp_path.iterdir()) == []
