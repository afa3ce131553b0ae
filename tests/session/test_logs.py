"""Loss logs as other programs write them: what is guessed, converted, joined, said and refused."""

from __future__ import annotations

import contextlib
import json
import math
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganviz.cli.main import main
from ganviz.losses import ADVERSARIAL_LOSSES
from ganviz.session.logs import tables
from ganviz.session.logs.kinds import kind_of
from ganviz.session.logs.log import in_order, read_log, write_log
from ganviz.session.logs.recorded import RecordedRun
from ganviz.session.logs.tables import open_table
from ganviz.session.logs.words import about_pairs, feasibility, likely_loss, loss_of, sentences
from ganviz.spec import InvalidValueError
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe

LN2 = math.log(2)
NAN = math.nan


def csv(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def jsonl(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


CONVENTIONS = {
    "dcgan": (
        csv("iter,Loss_D,Loss_G,D(x),D(G(z1)),D(G(z2))", "0,1.7,5.2,0.5,0.6,0.01", "50,0.7,6,0.9,0.2,0.1"),
        [0, 50], {"d_loss": [1.7, 0.7], "g_loss": [5.2, 6], "real_probability": [0.5, 0.9],
                  "fake_probability": [0.6, 0.2]}, "Steps from 'iter'",
    ),
    "halved, by its parts": (
        csv("step\td_loss\td_loss_real\td_loss_fake\tgen_loss", "1\t0.7\t0.6\t0.8\t0.7", "2\t0.5\t0.4\t0.6\t0.9"),
        [1, 2], {"d_loss": [1.4, 1], "d_loss_real": [0.6, 0.4], "d_loss_fake": [0.8, 0.6], "g_loss": [0.7, 0.9]},
        "half the sum",
    ),
    "parts alone": (
        csv("batches_done;errD_real;errD_fake;errG", "1;0,6;0,8;0,7", "2;0,4;0,6;0,9"),
        [1, 2], {"d_loss": [1.4, 1], "d_loss_real": [0.6, 0.4], "d_loss_fake": [0.8, 0.6], "g_loss": [0.7, 0.9]},
        "sum of its parts",
    ),
    "slashes, rows of one player each": (
        csv("epoch,trainer/global_step,discriminator/loss,generator/loss,val/d_loss",
            "0,9,1.5,,", "0,9,,0.6,7", "0,19,1.25,,", "0,19,,0.7,7"),
        [9, 19], {"d_loss": [1.5, 1.25], "g_loss": [0.6, 0.7]}, "2 rows joined",
    ),
    "stats with means": (
        jsonl({"Loss/G/loss": {"num": 9, "mean": 1.5, "std": 0}, "Loss/D/loss": {"num": 9, "mean": 0.5, "std": 0},
               "Loss/scores/fake": {"num": 9, "mean": -3}, "Progress/kimg": {"num": 1, "mean": 4.0}}),
        [4], {"d_loss": [0.5], "g_loss": [1.5]}, "Steps from 'Progress/kimg'",
    ),
    "JSON with NaN and a cut line": (
        jsonl({"step": 1, "loss_D": 1.5, "loss_G": NAN}, {"step": 2, "loss_D": 1.25, "loss_G": 0.5}) + '{"step": 3, "',
        [1, 2], {"d_loss": [1.5, 1.25], "g_loss": [NAN, 0.5]}, "1 line without",
    ),
    "a list of objects": (
        json.dumps([{"iteration": 1, "dis/loss": 1.5, "gen/loss": 2}, {"iteration": 2, "dis/loss": 1}], indent=1),
        [1, 2], {"d_loss": [1.5, 1], "g_loss": [2, NAN]}, "JSON lines",
    ),
    "inner objects": (
        jsonl({"it": 5, "loss": {"d": 1.5, "g": 2.5}}), [5], {"d_loss": [1.5], "g_loss": [2.5]}, "JSON",
    ),
    "steps within epochs": (
        csv("epoch,batch,dloss,gloss", "0,0,1,2", "0,1,2,3", "1,0,3,4", "1,1,4,5"),
        [0, 1, 2, 3], {"d_loss": [1, 2, 3, 4], "g_loss": [2, 3, 4, 5]}, "count within epochs",
    ),
    "an exported chart with its extremes": (
        csv('"Step","run - loss_D__MIN","run - loss_D","run - loss_D__MAX","run - loss_G"', '"0","1","1.5","2","0.5"'),
        [0], {"d_loss": [1.5], "g_loss": [0.5]}, "Steps from 'Step'",
    ),
    "epochs alone": (
        csv("epoch,critic_loss,generator_loss", "1,-3,2", "2,-4,1"),
        [1, 2], {"d_loss": [-3, -4], "g_loss": [2, 1]}, "Epochs stand",
    ),
    "no steps, bare names": (
        csv("time D G gp", "8 1.5 2.5 1", "9 1.25 2.25 1"),
        [0, 1], {"d_loss": [1.5, 1.25], "g_loss": [2.5, 2.25]}, "no column of steps",
    ),
    "a restart with its header, missing steps": (
        csv("step,D_loss,G_loss", "1,1,1", "2,2,2", "3,3,3", "4,4,4", "step,D_loss,G_loss", "2,9,9", "3,8,", "9,7,nan"),
        [1, 2, 3, 9], {"d_loss": [1, 9, 8, 7], "g_loss": [1, 9, NAN, NAN]}, "1 restart: 3 rows replaced",
    ),
    "several runs": (
        csv("lane,seed,step,d_loss,g_loss", "0,3,1,1,2", "0,3,2,2,3", "0,4,1,5,5", "1,3,1,6,6", "1,3,2,7,7"),
        [1, 2], {"d_loss": [1, 2], "g_loss": [2, 3]}, "Of several runs, that of seed 3",
    ),
    "printed by the DCGAN example": (
        csv("Namespace(batchSize=64, lr=0.0002)", "Random Seed:  8331", "  (0): Conv2d(3, 64, kernel_size=(4, 4))",
            "[0/25][781/782] Loss_D: 1.5 Loss_G: 5.25 D(x): 0.5 D(G(z)): 0.625 / 0.01",
            "[1/25][0/782]\tLoss_D: 1.25\tLoss_G: 6e0\tD(x): 0.75\tD(G(z)): 0.25 / 0.125"),
        [0, 1], {"d_loss": [1.5, 1.25], "g_loss": [5.25, 6], "real_probability": [0.5, 0.75],
                 "fake_probability": [0.625, 0.25]}, "count within epochs",
    ),
    "printed in brackets": (
        csv("[Epoch 0/200] [Batch 937/938] [D loss: 0.5] [G loss: 0.75]",
            "[Epoch 1/200] [Batch 0/938] [D loss: 0.25] [G loss: nan]"),
        [0, 1], {"d_loss": [0.5, 0.25], "g_loss": [0.75, NAN]}, "names before numbers",
    ),
    "printed with an accuracy": (
        csv("7 [D loss: 0.5, acc.: 50.00%] [G loss: 0.75]", "8 [D loss: 0.25, acc.: 62.50%] [G loss: 1.5]"),
        [7, 8], {"d_loss": [0.5, 0.25], "g_loss": [0.75, 1.5]}, "Steps from 'step'",
    ),
    "printed with the time": (
        csv("Epoch: [ 0/25] [   9/ 100] time: 4.5, d_loss: 1.50000000, g_loss: 0.75000000",
            "Epoch: [ 1/25] [   0/ 100] time: 5.5, d_loss: 1.25000000, g_loss: 0.50000000"),
        [0, 1], {"d_loss": [1.5, 1.25], "g_loss": [0.75, 0.5]}, "count within epochs",
    ),
    "printed as a bar over unnamed epochs": (
        csv(" 99/100 [=====>] - ETA: 0s - d_loss: 1.5 - g_loss: 0.5", "100/100 [=====] - d_loss: 1.25 - g_loss: 0.75",
            "  1/100 [>    ] - ETA: 9s - d_loss: 1 - g_loss: 1"),
        [0, 1, 2], {"d_loss": [1.5, 1.25, 1], "g_loss": [0.5, 0.75, 1]}, "no column of steps",
    ),
    "printed with an epoch of other words": (
        csv("Train Epoch: 1 [960/1000 (96%)]\tLoss_D: 1.5\tLoss_G: 0.5",
            "Train Epoch: 2 [0/1000 (0%)]\tLoss_D: 1\tLoss_G: 1"),
        [0, 1], {"d_loss": [1.5, 1], "g_loss": [0.5, 1]}, "count within epochs",
    ),
    "a table with words that name numbers": (
        csv("step,d_loss,g_loss,note", "1,1.5,0.5,lr=0.1 beta=0.5", "2,1.25,0.75,lr=0.1 beta=0.5"),
        [1, 2], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75]}, "commas between columns",
    ),
    "printed with classes and a rebuilt picture": (
        csv("Elapsed [0:00:09], Iteration [10/200000], D/loss_real: -1.5, D/loss_fake: 0.5, D/loss_cls: 9, "
            "G/loss_fake: 2.5, G/loss_rec: 9, G/loss_cls: 9"),
        [10], {"d_loss": [-1], "d_loss_real": [-1.5], "d_loss_fake": [0.5], "g_loss": [2.5]}, "'Iteration'",
    ),
    "a state with a history": (
        json.dumps({"epoch": 1.0, "global_step": 2, "log_history": [{"step": 1, "d_loss": 1.5, "g_loss": 0.5},
                    {"step": 2, "d_loss": 1.25, "g_loss": 0.75}], "log_level": []}, indent=2),
        [1, 2], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75]}, "Steps from 'step'",
    ),
    "a history of lists": (
        json.dumps({"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75, 1]}),
        [0, 1, 2], {"d_loss": [1.5, 1.25, NAN], "g_loss": [0.5, 0.75, 1]}, "JSON",
    ),
    "a first line about the program": (
        jsonl({"env": "Linux", "seed": 0}, {"iter": 1, "loss_disc": 1.5, "loss_gen": 0.5},
              {"iter": 2, "loss_disc": 1.25, "loss_gen": 0.75}),
        [1, 2], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75]}, "1 row without a step",
    ),
    "pix2pix, whose columns do not say that they are losses": (
        csv("================ Training Loss (Sat Nov 28 10:22:11 2026) ================",
            "(epoch: 1, iters: 100, time: 0.1, data: 0.3) G_GAN: 0.500 G_L1: 12.3 D_real: 0.250 D_fake: 0.500 ",
            "(epoch: 1, iters: 200, time: 0.1, data: 0.3) G_GAN: 0.750 G_L1: 12.3 D_real: 0.125 D_fake: 0.250 "),
        [100, 200], {"d_loss": [0.75, 0.375], "d_loss_real": [0.25, 0.125], "d_loss_fake": [0.5, 0.25],
                     "g_loss": [0.5, 0.75]}, "sum of its parts",
    ),
    "Lightning's rows of a step and of an epoch": (
        csv("d_loss,d_loss_epoch,d_loss_step,epoch,g_loss_epoch,g_loss_step,step",
            ",,1.5,0,,0.5,49", ",,1.25,0,,0.75,99", ",1.375,,0,0.625,,99"),
        [49, 99], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75]}, "1 row joined",
    ),
    "objects in objects": (
        jsonl({"iteration": 1, "losses": {"discriminator": {"real": 0.5, "fake": 0.25}, "generator": 0.5}}),
        [1], {"d_loss": [0.75], "d_loss_real": [0.5], "d_loss_fake": [0.25], "g_loss": [0.5]}, "sum of its parts",
    ),
    "printed dictionaries": (
        csv("{'step': 1, 'd_loss': 1.5, 'g_loss': tensor(0.5)}", "{'step': 2, 'd_loss': nan, 'g_loss': tensor(0.75)}"),
        [1, 2], {"d_loss": [1.5, NAN], "g_loss": [0.5, 0.75]}, "names before numbers",
    ),
    "printed with times and bars, and no sign before numbers": (
        csv("2026-11-28 10:22:01,123 INFO train: step 100 | loss_D 1.5 | loss_G 0.5",
            "2026-11-28 10:22:02,123 INFO train: step 1,200 | loss_D 1.25 | loss_G 1e-2"),
        [100, 1200], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.01]}, "Steps from 'step'",
    ),
    "printed in colors": (
        csv("\x1b[32mINFO\x1b[0m step: 10 \x1b[1md_loss: 1.5\x1b[0m g_loss: 0.5",
            "\x1b[32mINFO\x1b[0m step: 20 \x1b[1md_loss: 1.25\x1b[0m g_loss: 0.75"),
        [10, 20], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75]}, "Steps from 'step'",
    ),
    "printed with a step before a colon": (
        csv("Step 100: D loss = 1.5, G loss = 0.5", "Step 200: D loss = 1.25, G loss = 0.75"),
        [100, 200], {"d_loss": [1.5, 1.25], "g_loss": [0.5, 0.75]}, "Steps from 'Step'",
    ),
    "one column": (csv("d_loss", "1,5", "1,25"), [0, 1], {"d_loss": [1.5, 1.25]}, "one column, names in the first"),
    "critic scores are no probabilities": (
        csv("step,d_loss,g_loss,D(x)", "1,1,1,-3", "2,2,2,4"),
        [1, 2], {"d_loss": [1, 2], "g_loss": [1, 2]}, "'D(x)' is no probability",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONVENTIONS)
def test_logs_of_other_programs(tmp_path: Path, name: str) -> None:
    text, steps, values, said = CONVENTIONS[name]
    (tmp_path / "log.txt").write_text(text, encoding="utf-8")
    log = read_log(tmp_path / "log.txt", {}, None)
    np.testing.assert_array_equal(log.steps, steps)
    assert set(log.values) == set(values)
    for role, expected in values.items():
        np.testing.assert_allclose(log.values[role], expected, err_msg=role)
    assert said in " ".join(log.notes)
    write_log(tmp_path / "out.csv", log)  # what is written reads the same, and needs no conversion
    again = read_log(tmp_path / "out.csv", {}, None)
    assert again.d_scale == 1
    for role in values:
        np.testing.assert_allclose(again.values[role], log.values[role], rtol=1e-8)


@pytest.mark.parametrize("comma", ["", ","])
def test_lines_that_name_each_number_are_read_and_two_generators_are_asked_about(
    tmp_path: Path, comma: str
) -> None:
    rows = [(1, 100, 0.3, 0.4), (1, 200, 0.25, 0.5), (2, 100, math.nan, 0.6)]
    lines = [
        f"(epoch: {e}, iters: {i}, time: 0.2, data: 0.1) {comma} D_A: {d}{comma} G_A: {g}{comma} D_B: 9"
        for e, i, d, g in rows
    ]
    path = tmp_path / "loss_log.txt"
    path.write_text(csv("======== Training Loss (Mon Jan  1 10:00:00 2024) ========", *lines))
    with pytest.raises(InvalidValueError, match=r"name one with --d or --g: 'epoch', .*'D_A', 'G_A', 'D_B'"):
        read_log(path, {}, None)
    log = read_log(path, {"d_loss": "D_A", "g_loss": "G_A"}, None)
    assert (np.diff(log.steps) > 0).all()
    np.testing.assert_array_equal(log.values["d_loss"], [0.3, 0.25, math.nan])
    np.testing.assert_array_equal(log.values["g_loss"], [0.4, 0.5, 0.6])
    assert "1 line without" in " ".join(log.notes)


def log_of(path: Path, **columns: object) -> Path:
    rows = np.broadcast_arrays(*columns.values())
    lines = [",".join(f"{value:.9g}" for value in row) for row in zip(*rows, strict=True)]
    path.write_text(csv(",".join(columns), *lines), encoding="utf-8")
    return path


def test_words_and_the_pairs_that_no_batch_gives(tmp_path: Path) -> None:
    steps = np.arange(40.0)
    p = np.linspace(0.5, 0.02, 40)  # D says p of every generated sample
    path = log_of(
        tmp_path / "a.csv", step=steps, d_loss=-np.log(0.9) - np.log1p(-p), g_loss=-np.log(p),
        d_loss_fake=-np.log1p(-p), real_probability=0.9, fake_probability=p,
    )  # fmt: skip
    log = read_log(path, {}, None)
    loss = loss_of(log, None)
    possible = feasibility(log, loss)
    assert possible is not None
    assert (possible.n, possible.n_beyond) == (40, 0)
    assert possible.spread == pytest.approx(0, abs=1e-8)
    words = sentences(log, loss)
    assert words[0] == "Your generator's loss rises while D(G(z)) falls: D is ahead."
    assert words[1].startswith("D is far ahead: D(G(z)) ≈ 0.08")
    assert len(words) == 2
    for key in ADVERSARIAL_LOSSES:
        assert sentences(log, loss_of(log, key))[:1] == words[:1]
    log.values["g_loss"][:5] -= 0.1
    assert feasibility(log, loss).n_beyond == 5  # type: ignore[union-attr]
    log.values["g_loss"][:] -= 0.1
    assert "Spread of the fake scores: −0.02734" in " ".join(about_pairs(log, loss))

    even = log_of(
        tmp_path / "b.csv", step=steps, d_loss=LN2, g_loss=LN2, real_probability=0.5, fake_probability=0.5
    )
    log = read_log(even, {}, None)
    assert "is it halved" in " ".join(sentences(log, loss))
    log = read_log(even, {}, True)
    assert [word[:33] for word in sentences(log, loss)] == ["L_D is 1.386 at last, near 2 ln 2"]
    bare = read_log(log_of(tmp_path / "c.csv", step=steps, d_loss=LN2, g_loss=LN2), {}, None)
    assert [word[-34:] for word in sentences(bare, loss)] == ["choose ½ (real + fake), or --halved."[-34:]]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = log_of(tmp_path / "a.csv", n=np.arange(9), one=[1.0, *[2.0] * 7, math.inf], two=-3.0)
    out = tmp_path / "out.csv"
    arguments = ["log", str(path), "--d", "ONE", "--g", "3", "--halved", "--loss", "saturating"]
    assert main([*arguments, "--json", "--out", str(out)], None, None, None) == 0  # type: ignore[arg-type]
    found = json.loads(capsys.readouterr().out)
    assert found["figures"]["d_loss"] == {"first": 2, "last": 4, "median": 4, "not_finite": 1}
    assert found["equilibrium"] == pytest.approx({"d_loss": 2 * LN2, "g_loss": -LN2, "total": LN2})
    assert found["words"] == ["L_D is no number from step 8 on."]
    assert found["columns"] == {"d_loss": "one", "g_loss": "two"}
    assert found["guessed"] == []
    assert main(arguments, None, None, None) == 0  # type: ignore[arg-type]
    assert "L_D 2 ln 2 = 1.38629, L_G −ln 2 = -0.693147" in capsys.readouterr().out
    nameless, cut = tmp_path / "nameless.txt", tmp_path / "cut.csv"
    nameless.write_text("0.5\n0.25\n")
    cut.write_text("step,d_loss\n")
    for options, words in (
        ([*arguments, "--out", str(out)], "is there already"),
        ([*arguments, "--convention", "mean"], "give one of them"),
        (["log", str(path)], "No column is named as a loss"),
        (["log", str(path), "--d", "thre"], "Unknown column 'thre'"),
        (["log", str(path), "--d", "2", "--g", "one"], "named twice"),
        (["log", str(tmp_path / "events.out.tfevents.17")], "no file and no folder"),
        (["log", str(tmp_path)], "holds no event file"),
        (["log", os.devnull], "is not a file"),
        (["log", str(nameless)], "name one with --d or --g: '1'."),
        (["log", str(cut)], "a single line, and no numbers below it"),
    ):
        assert main(options, None, None, None) == 2  # type: ignore[arg-type]
        assert words in capsys.readouterr().err


def test_json_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"d_loss": 1, "g_loss": [' + "[],\n" * 100 + '[]]},\n{"d_loss": 1}]')
    assert read_log(path, {}, None).columns["d_loss"] == "d_loss"
    monkeypatch.setattr(tables, "MOST_VALUES", 100)
    with pytest.raises(InvalidValueError, match="more than 100 values"):
        read_log(path, {}, None)


def test_long_runs_of_digits_are_passed_once(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    lines = [f"step {i} d_loss: {'1' * 3900}{chr(97 + i % 26)} g_loss: 0.5" for i in range(400)]
    path.write_text("\n".join(lines))
    start = time.perf_counter()
    with contextlib.suppress(InvalidValueError):
        open_table(path)
    assert time.perf_counter() - start < 10


def test_objects_with_too_many_columns_are_refused_at_once(tmp_path: Path) -> None:
    path, inner = tmp_path / "a.json", {f"b{k}": k for k in range(60)}
    path.write_text(json.dumps([{f"a{k}": inner for k in range(60)}], indent=0))
    with pytest.raises(InvalidValueError, match="more than 2,000 columns"):
        read_log(path, {}, None)


def test_columns_of_json_lines_that_nobody_expects_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    path, steps = tmp_path / "a.jsonl", range(2000)
    path.write_text(
        jsonl(*({"step": k, "d_loss": k / 7, "g_loss": 1.5, "time": f"12:{k}", "odd": -k / 3} for k in steps))
    )
    table = open_table(path)
    assert table.names == ("step", "d_loss", "g_loss", "time", "odd")
    found, n_left = table.load([1, 0])
    assert (found[:, 0] == np.arange(2000) / 7).all()
    assert n_left == 0
    log = read_log(path, {"g_loss": "odd"}, None)
    np.testing.assert_array_equal(log.values["g_loss"], -np.arange(2000) / 3)
    again, _ = table.load([1, 4, 3])
    np.testing.assert_array_equal(again[:, 1], -np.arange(2000) / 3)
    assert np.isnan(again[:, 2]).all()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9) | st.just(NAN)), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_steps_rise_and_the_last_word_wins(rows: list[tuple[int, float]]) -> None:
    steps, values, _ = in_order(
        np.array([row[0] for row in rows], float), np.array([[row[1]] for row in rows])
    )
    assert (np.diff(steps) > 0).all()
    kept: dict[int, float] = {}
    before = -1
    for step, value in rows:
        if step < before:
            kept = {k: v for k, v in kept.items() if k < step}
        if not (math.isnan(value) and step in kept):
            kept[step] = value
        before = step
    np.testing.assert_array_equal(steps, sorted(kept))
    np.testing.assert_array_equal(values[:, 0], [kept[step] for step in sorted(kept)])


PIECES = ["step", "d_loss", "g_loss", ",", "\n", "\t", ";", '"', "{", "}", "[", "]", ":", "1e999", "-1e308", "nan",
          "0.5", '{"d_loss": 1e308, "step": 1}\n', '{"d_loss": [1], "step": "2"}\n', "\0", "é",
          "1_0", "9" * 400]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_is_read_or_refused_in_a_sentence(tmp_path: Path, text: str, has_header: bool) -> None:
    path = tmp_path / "garbage"
    path.write_text("step,d_loss,g_loss\n1,2,3\n" * has_header + text, encoding="utf-8")
    with contextlib.suppress(InvalidValueError):
        log = read_log(path, {}, None)
        loss = loss_of(log, None)
        sentences(log, loss)
        feasibility(log, loss)
        assert (np.diff(log.steps) > 0).all()


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", "step,d_loss,g_loss\n1,2,3\n2,3,4\n", "log"),
        ("a.txt", '{"step": 1, "loss_d": 2}\n', "log"),
        ("a.log", "1 2\n3 4\n", "log"),
        ("loss_log.txt", "=== Training Loss (Mon) ===\n(epoch: 1, iters: 100) D_A: 0.3 G_A: 0.4\n", "log"),
        ("out.txt", "Random Seed: 1\n[0/25][0/9] Loss_D: 1.5 Loss_G: 5\n", "log"),
        ("a.csv", "x y\n0.5 1\n0.1 2\n", "points"),
        ("events.out.tfevents.1", "", "log"),
        ("a.csv", "x,y\n1,2\n2,3\n", "points"),
        ("a.csv", "1,2\n2,3\n", "points"),
        ("a.csv", "height,weight,class\n1.5,2,0\n2.5,3,1\n", "points"),
        ("a.csv", "D,G\n1,2\n2,3\n", "either"),
        ("a.txt", '[\n {"step": 1, "loss_d": 2}\n]\n', "log"),
        ("a.json", "{}", "run"),
        ("a.ganviz", "", "run"),
        ("a.txt", "d_loss\n0.5\n0.25\n", "log"),
        ("a.csv", "epoch,accuracy\n1,2\n2,3\n", "either"),
        ("a.csv", "", "points"),
    ],
)
def test_logs_and_points_are_told_apart(tmp_path: Path, name: str, text: str, kind: str) -> None:
    (tmp_path / name).write_text(text)
    assert kind_of(tmp_path / name) == kind


def test_a_million_rows_open_soon_and_keep_every_extreme(tmp_path: Path) -> None:
    n = 1_000_000
    lines = [f"{i},{i % 1000},0.5" for i in range(n)]
    lines[777_777] = "777777,1e6,0.5"
    (tmp_path / "a.csv").write_text("iter,D_loss,G_loss\n" + "\n".join(lines))
    start = time.process_time()
    log = read_log(tmp_path / "a.csv", {}, None)
    run = RecordedRun(log, likely_loss(log))
    whole = LossTraceProbe()
    trace = run.snapshot([whole]).get(LossTrace)
    assert time.process_time() - start < 4  # a second, on a machine with nothing else to do
    assert trace is not None
    d = trace.column("d_loss")
    assert trace.high[0, d].max() == 1e6
    assert len(trace.first) <= 601
    start = time.process_time()
    near = run.snapshot([LossTraceProbe(900, (777_700, 777_800), ("d_loss",), 0.5)]).get(LossTrace)
    assert time.process_time() - start < 1
    assert near is not None
    np.testing.assert_array_equal(near.first, np.arange(777_700, 777_801))
    np.testing.assert_array_equal(near.mean[0, 0, :77], np.arange(700, 777))
    assert near.smoothed is not None
    np.testing.assert_allclose(near.smoothed[0, 0, 10], 709)
    totals = run.snapshot([whole]).get(LossTrace)
    assert totals is not None
    assert totals.current[0, totals.column("total_non_saturating")] == 999.5


def test_steps_that_are_no_whole_numbers_become_rows(tmp_path: Path) -> None:
    path = log_of(tmp_path / "a.csv", epoch=np.arange(5) / 4, d_loss=1.0, g_loss=[-1.0, -2.0, -3.0, 0.5, 1.0])
    log = read_log(path, {}, None)
    assert likely_loss(log).key == "hinge"
    run = RecordedRun(log, likely_loss(log))
    assert run.are_rows
    assert run.steps.tolist() == [0, 1, 2, 3, 4]
    assert not run.has_ledger
    assert not run.has("total_non_saturating")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
@pytest.mark.parametrize("name", ["points.csv", "points.txt"])
def test_a_pipe_that_is_called_as_points_is_looked_into_by_nobody(tmp_path: Path, name: str) -> None:
    """The window waited for ever for somebody who writes."""
    os.mkfifo(tmp_path / name)
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(kind_of(tmp_path / name)), daemon=True)
    thread.start()
    thread.join(20)
    assert told == ["points"]
