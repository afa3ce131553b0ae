"""A run on the command line that is killed leaves a checkpoint that opens; one that ends leaves what was asked for."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ganviz.session.run_folder import FILES
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.probes.metrics import Metrics
from ganviz.training.trainer import Trainer
from tests.cli.conftest import SMALL, Ganviz


@pytest.mark.parametrize("has_folder", [True, False])
def test_a_run_that_is_killed_leaves_its_last_checkpoint(tmp_path: Path, has_folder: bool) -> None:
    folder = tmp_path / "run" if has_folder else tmp_path
    out = ("--out", str(folder)) if has_folder else ()
    command = [
        sys.executable, "-m", "ganviz", "train", "--steps", "100000000", *SMALL, "--checkpoint-every", "100", *out,
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=tmp_path)
    try:
        end = time.monotonic() + 60
        while len(list(folder.glob("ganviz-step-*.ganviz"))) < 2:
            assert time.monotonic() < end
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    files = list(folder.glob("ganviz-step-*.ganviz"))
    assert 1 <= len(files) <= 3
    for file in files:
        assert load_checkpoint(file).step == int(file.stem.rpartition("-")[2])


def test_a_run_that_ends_leaves_only_what_was_asked_for(
    ganviz: Ganviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    often = ("--steps", 50, *SMALL, "--checkpoint-every", 7)
    assert ganviz("train", *often).code == 0
    assert list(tmp_path.iterdir()) == []
    assert ganviz("train", *often, "--out", "run").code == 0
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == sorted(FILES)
    plain = ganviz("train", "--steps", 50, *SMALL, "--out", "plain", "--checkpoint-every", "never")
    assert plain.code == 0
    histories = [(tmp_path / name / "history.csv").read_bytes() for name in ("run", "plain")]
    assert histories[0] == histories[1], "checkpoints leave every number as it is"


def test_resume_writes_them_too(
    ganviz: Ganviz, saved_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = []
    monkeypatch.setattr(
        "ganviz.session.periodic_checkpoints.PeriodicCheckpoints._remove_old",
        lambda self: seen.append(self.kept[-1].name),
    )
    assert ganviz("resume", saved_run / "checkpoint.ganviz", "--steps", 20, "--checkpoint-every", 8).code == 0
    assert seen == ["ganviz-step-24.ganviz", "ganviz-step-32.ganviz"]
    ganviz("train", "--checkpoint-every", "often").assert_refused("--checkpoint-every", "'often'")


def test_settings_too_large_for_memory_are_a_sentence(ganviz: Ganviz) -> None:
    huge = ("--set", "architecture.width=4096", "--set", "architecture.hidden_layers=12")
    many = [option for _ in range(64) for option in ("--formulation", "hinge")]
    ganviz("train", *many, *huge, "--steps", 1).assert_refused("need about", "GB of memory", "are free")


@pytest.mark.parametrize(("has_folder", "is_at_end"), [(True, False), (False, False), (True, True)])
def test_a_run_that_an_error_ends_is_kept(
    ganviz: Ganviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_folder: bool, is_at_end: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    train = Trainer.train

    def failing(self: Trainer, n: int, *between: Callable[[], object]) -> int:
        if self.step > 20:
            raise MemoryError
        return train(self, min(n, 5), *between)

    def refused(trainer: Trainer) -> list[Metrics]:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")

    if is_at_end:
        monkeypatch.setattr("ganviz.session.summary.metrics_of", refused)
    else:
        monkeypatch.setattr(Trainer, "train", failing)
    out = ("--out", "run") if has_folder else ()
    answer = ganviz("train", "--steps", 100, *SMALL, *out)
    answer.assert_refused("not enough memory", "ganviz' holds the run.")
    (kept,) = (tmp_path / "run" if has_folder else tmp_path).iterdir()
    assert load_checkpoint(kept).step == int(kept.stem.rpartition("-")[2]) > 20
    assert kept.name in answer.err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "not enough memory"),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
            "memory",
        ),
        (
            ImportError("It broke.\nlibtorch_cpu.so: failed to map segment\n"),
            "libtorch_cpu.so: failed to map",
        ),
    ],
)
def test_what_the_machine_refuses_at_the_beginning_is_a_sentence(
    ganviz: Ganviz, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Trainer, "__init__", refused)
    ganviz("train", "--steps", 1, *SMALL).assert_refused(words)
    monkeypatch.setattr("ganviz.cli.listing.print_list", refused)
    ganviz("list", "formulations").assert_refused(words)
