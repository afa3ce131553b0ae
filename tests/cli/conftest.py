"""Calls of the command line in this process, and in one of its own."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ganviz.cli import main

SMALL = ("--set", "architecture.width=8", "--set", "training.batch_size=16", "--device", "cpu")


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def assert_refused(self, *words: str) -> None:
        """Exit code 2, nothing on standard output, one sentence on standard error."""
        assert (self.code, self.out) == (2, ""), self.err
        assert self.err.startswith("ganviz: ")
        assert self.err.count("\n") == 1
        assert self.err.rstrip("\n").endswith((".", "?"))
        for word in words:
            assert word in self.err


Ganviz = Callable[..., Answer]


@pytest.fixture
def opened() -> list[Any]:
    """What the front door's two functions were given."""
    return []


@pytest.fixture
def ganviz(capsys: pytest.CaptureFixture[str], opened: list[Any]) -> Ganviz:
    def open_window(path: Path | None) -> int:
        opened.append(path)
        return 0

    def render(options: argparse.Namespace) -> int:
        opened.append(options)
        return 0

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments], open_window, render, render)
        except SystemExit as end:
            code = int(end.code or 0)
        return Answer(code, *capsys.readouterr())

    return call


@pytest.fixture
def own_process(tmp_path: Path) -> Callable[..., Answer]:
    """``ganviz`` as a person starts it, in an empty folder."""

    def call(*arguments: object, **environment: str) -> Answer:
        command = [sys.executable, "-m", "ganviz", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, text=True,
            encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="session")
def saved_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small finished run with two lanes."""
    folder = tmp_path_factory.mktemp("saved") / "run"
    arguments = ["train", "--formulation", "saturating", "--formulation", "non_saturating", "--steps", "20"]
    code = main([*arguments, *SMALL, "--out", str(folder), "--quiet"], _no_window, _no_window, _no_window)
    assert code == 0
    return folder


def _no_window(given: object) -> int:
    raise AssertionError("no window is wanted")
