"""What comes from outside and is not what it should be: devices, names that are no text, streams that are closed."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganviz.session.run_folder import FILES
from ganviz.session.settings_file import MOST_CONFIG_BYTES
from ganviz.training.checkpoint import load_checkpoint
from tests.cli.conftest import SMALL, Ganviz

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="such names and streams are Unix's")
ENTRY = [sys.executable, "-m", "ganviz"]
SHORT = ["train", "--steps", "3", "--quiet", *SMALL]


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_swallow_what_is_said(tmp_path: Path, closed: str) -> None:
    command = ["bash", "-c", f'"$@" {closed}', "bash", *ENTRY, *SHORT, "--out", "run"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == sorted(FILES)
    assert json.loads((tmp_path / "run" / "metrics.json").read_text("utf-8"))["steps"] == 3
    refused = subprocess.run(
        [*command[:4], *ENTRY, "train", "--nonsense"], timeout=120, check=False, stderr=subprocess.DEVNULL
    )
    assert refused.returncode == 2


def test_devices_pipes_and_files_without_end_are_no_settings(ganviz: Ganviz, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/zero"), tmp_path / "pipe", tmp_path):
        ganviz("train", "--config", path).assert_refused("cannot be read: it is not a file.")
        if path != tmp_path:
            ganviz("train", "--data", path).assert_refused("is neither a file nor a folder")
    (tmp_path / "large.json").write_bytes(b" " * (MOST_CONFIG_BYTES + 1))
    ganviz("train", "--config", tmp_path / "large.json").assert_refused("larger than any file of settings")
    (tmp_path / "deep.json").write_bytes(b"[" * 1_000_000)
    ganviz("train", "--config", tmp_path / "deep.json").assert_refused("is not JSON")


@pytest.mark.parametrize(
    "command", [["train", "--data"], ["train", "--config"], ["resume", "--steps", "1"], ["log"]]
)
def test_a_path_of_any_length_is_a_short_sentence(ganviz: Ganviz, command: list[str]) -> None:
    answer = ganviz(*command, "/x" * 50_000)
    answer.assert_refused("longer than 4095 bytes")
    assert len(answer.err) < 1200


def test_names_that_are_no_text_are_taken(
    ganviz: Ganviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = Path("points\udcff.csv")
    data.write_text("x,y\n1,2\n3,4\n")
    assert ganviz(*SHORT, "--data", data, "--out", "run\udcff", "--set", "label=lane\udcff").code == 0
    folder = tmp_path / "run\udcff"
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    trainer = load_checkpoint(folder / "checkpoint.ganviz")
    assert (trainer.config.lanes[0].label, trainer.missing_data) == ("lane\udcff", "")
    with (folder / "history.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["label"] == "lane\\udcff"
    assert ganviz("train", "--config", folder / "config.json", "--steps", 1).code == 0
    answer = ganviz("export", folder / "checkpoint.ganviz", "--out", "export\udcff")
    assert answer.code == 0, answer.err
    ganviz("resume", "gone\udcff.ganviz", "--steps", 1).assert_refused("cannot be read")
    ganviz("train", "--config", "gone\udcff.json").assert_refused("cannot be read")


@pytest.mark.parametrize(
    "command", [["train", "--steps"], ["train"], ["list"], ["render", "a", "--view", "losses", "--size"]]
)
def test_what_the_grammar_does_not_know_is_quoted_short(ganviz: Ganviz, command: list[str]) -> None:
    answer = ganviz(*command, "a" * 100_000)
    answer.assert_refused("aaa", "--help")
    assert len(answer.err) < 1200
