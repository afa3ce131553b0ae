"""``ganviz sweep``: what it prints, its exit codes, and commands that train the same."""

from __future__ import annotations

import json
import shlex
import signal

import pytest

from ganviz.cli import sweep as sweep_module
from ganviz.session.sweeps import cell as cell_module
from ganviz.spec import InvalidValueError
from tests.cli.conftest import SMALL

VARIED = ("--vary", "formulation=saturating,hinge", "--seeds", "2", "--seed", "3", "--steps", "20")
HERE = ("--workers", "0")


def test_a_file_and_options_are_the_same_sweep(ganviz, tmp_path):
    spec = {
        "vary": {"formulation": ["saturating", "hinge"]}, "seeds": 2, "steps": 20, "seed": 4, "device": "cpu",
        "settings": {"architecture.width": 8, "training.batch_size": 16},
    }  # fmt: skip
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    by_options = ganviz("sweep", *VARIED, *SMALL, *HERE, "--out", tmp_path / "a", "--json", "--quiet")
    by_file = ganviz("sweep", tmp_path / "spec.json", "--seed", "3", *HERE, "--out", tmp_path / "b")
    assert (by_options.code, by_file.code, by_options.err) == (0, 0, "")
    tables = [(tmp_path / out / "table.csv").read_text() for out in "ab"]
    assert tables[0] == tables[1]
    assert by_options.json == json.loads((tmp_path / "a" / "summary.json").read_text())
    assert "formulation=hinge: 2 of 2 trained, Sliced Wasserstein" in by_file.out
    assert "in brackets the middle half of them, of fewer than 5 the outermost ones" in by_file.out
    assert "2 of 2: formulation=hinge, done" in by_file.err


def test_what_happens_is_told_in_lines(ganviz, tmp_path):
    told = ganviz("sweep", *VARIED, *SMALL, *HERE, "--out", tmp_path / "s", "--progress-json").out
    lines = [json.loads(line) for line in told.splitlines()]
    assert lines[0] == {
        "event": "planned", "vary": [["formulation", ["saturating", "hinge"]]], "cells": [["saturating"], ["hinge"]],
        "seeds": 2, "first_seed": 3, "steps": 20,
    }  # fmt: skip
    assert [(line["event"], line["cell"], line.get("step")) for line in lines[1:]] == [
        ("step", 1, 0), ("step", 1, 20), ("cell", 1, None), ("step", 2, 0), ("step", 2, 20), ("cell", 2, None),
    ]  # fmt: skip
    assert [len(line.pop("seed_values")["d_loss"]) for line in (lines[3], lines[6])] == [2, 2]
    summary = json.loads((tmp_path / "s" / "summary.json").read_text())
    assert [{"event": "cell", **cell} for cell in summary["cells"]] == [lines[3], lines[6]]


def test_printed_commands_train_its_cells(ganviz, tmp_path):
    lines = ganviz("sweep", *VARIED, *SMALL, "--out", tmp_path / "s", "--print-commands").out.splitlines()
    assert len(lines) == 2
    assert not (tmp_path / "s").exists()
    trained = ganviz(*shlex.split(lines[1])[1:], "--json").json["lanes"][0]
    summary = ganviz("sweep", *VARIED, *SMALL, *HERE, "--out", tmp_path / "all", "--json").json
    assert trained["losses"]["d_loss"] == summary["cells"][1]["figures"]["d_loss"]["median"]


def test_interrupted_and_resumed(ganviz, tmp_path, monkeypatch):
    monkeypatch.setattr(sweep_module._Progress, "told", lambda *told: signal.raise_signal(signal.SIGINT))
    stopped = ganviz("sweep", *VARIED, *SMALL, *HERE, "--out", tmp_path / "my s")
    assert (stopped.code, stopped.out) == (130, "")
    assert "interrupted with 1 of 2 cells done" in stopped.err
    assert f"`ganviz sweep --resume --out '{tmp_path / 'my s'}'` does the rest" in stopped.err
    monkeypatch.undo()
    resumed = ["sweep", "--resume", "--out", tmp_path / "my s", *HERE]
    assert (
        "--compare takes two cells from 1 to 2, as 1,2, not '1,3'."
        in ganviz(*resumed, "--compare", "1,3").err
    )
    compared = ganviz(*resumed, "--compare", "2,1")
    assert "formulation=saturating minus formulation=hinge, by equal seeds: L_D" in compared.out
    assert compared.code == 0


def test_a_cell_that_fails_ends_nothing_but_is_said(ganviz, tmp_path, monkeypatch):
    def fail(*given):
        raise InvalidValueError("Alas.")

    monkeypatch.setattr(cell_module, "_train", fail)
    answer = ganviz("sweep", *VARIED, *SMALL, *HERE, "--out", tmp_path / "s", "--quiet")
    assert answer.code == 1
    assert answer.err.splitlines()[1] == "ganviz: cell 2 (formulation=hinge) failed: Alas."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("--vary",)),
        (("--vary", "formulation=hinges"), ("hinges", "did you mean hinge")),
        ((*VARIED, "--workers", "-1"), ("--workers", "between 0")),
        ((*VARIED, "--vary", "formulation=hinge"), ("twice",)),
        ((*VARIED, "--cluster", "nowhere"), ("tcp://", "nowhere")),
        (("--resume", "--print-commands"), ("--print-commands",)),
        (("spec.json",), ("cannot be read",)),
        (("bad.json",), ("bad.json", "vary is an object")),
    ],
)
def test_refused(ganviz, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text('{"vary": ["hinge"]}')
    ganviz("sweep", *arguments, "--out", "s").assert_refused(*words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1", "not YAML"),
        ("jobs: 3", "must have queue and jobs"),
        ("{queue: SLURMS, jobs: 1}", "did you mean SLURM"),
        ("{queue: SLURM, jobs: 0}", "jobs is a number from 1"),
        ("{queue: !!python/object/apply:os.getpid [], jobs: 1}", "not YAML"),
        ("{queue: SLURM, jobs: 2001-99-99}", "not YAML"),
        ("{queue: SLURM, jobs: !!bool perhaps}", "not YAML"),
        ("[" * 5000, "not YAML"),
        ("# " + "x" * 100_000, "larger than any file of settings"),
    ],
)
def test_a_queue_that_cannot_be(ganviz, tmp_path, text, words):
    pytest.importorskip("distributed")
    (tmp_path / "queue.yaml").write_text(text)
    answer = ganviz("sweep", *VARIED, "--cluster", tmp_path / "queue.yaml", "--out", tmp_path / "s")
    answer.assert_refused(words)
