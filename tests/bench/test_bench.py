"""The benchmark measures what it says: the same update, interleaved, and every bar of the list."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
import torch

from ganviz.bench import blind, by_hand, files, gpu, live, looks, memory, report, sweeps, timing
from ganviz.bench.plain import PlainScript
from ganviz.kernels import large_products
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.session.run_presets import run_preset
from ganviz.session.runner import Runner
from ganviz.session.sweeps.plan import Base, plan_of, read_values
from ganviz.training.probes import PROBES
from ganviz.training.rules import RULES
from ganviz.training.steps import step_class
from ganviz.training.steps.captured import CapturedStep
from ganviz.training.trainer import Trainer
from tests.training.tape import Tape

NEEDS_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")


@pytest.mark.parametrize(
    "config",
    [
        *(blind.perceptrons(*size) for size in blind.SIZES),
        *(blind.perceptrons(128, 32, 2, game=game) for game in blind.PENALIZED),
        blind.gan_lab(),
        blind.digits(),
    ],
    ids=["small", "default", "large", *blind.PENALIZED, "GAN Lab", "digits"],
)
@pytest.mark.parametrize("dtype", blind.MOST_DIFFERENT, ids=str)
def test_the_plain_script_makes_the_same_update(config, dtype):
    assert blind.same_update(config, dtype) < blind.MOST_DIFFERENT[dtype]


def test_another_update_is_noticed(monkeypatch):
    config = blind.perceptrons(16, 8, 1)
    steps = PlainScript.step
    monkeypatch.setattr(PlainScript, "step", lambda self, real, *more: steps(self, lambda: -real(), *more))
    with pytest.raises(RuntimeError, match="differ by"):
        blind.against_plain("x", config, 0.1)


def test_what_float32_alone_does_wrong_is_noticed(monkeypatch):
    """Large products are computed by another library, in float32 only."""
    config = blind.perceptrons(256, 128, 2)
    monkeypatch.setattr(large_products, "_has_unused_width", lambda: True)
    monkeypatch.setattr(
        large_products, "multiply", lambda a, b, bias=None: torch.full((len(a), b.shape[-1]), 0.1)
    )
    with pytest.raises(RuntimeError, match="float32"):
        blind.against_plain("x", config, 0.1)


def test_what_takes_no_time_is_not_measured(monkeypatch):
    monkeypatch.setattr(timing, "MOST_STEPS", 100)
    with pytest.raises(RuntimeError, match="stopped"):
        timing.interleaved({"a": lambda n: None}, 1e3)


def test_the_report_is_strict_json_also_where_nothing_could_be_measured(monkeypatch, capsys):
    found = {"machine": {}, "rows": [{"row": "x", "a": float("nan")}], "bars": [{"value": float("inf")}]}
    monkeypatch.setattr(report, "bench", lambda **options: found)
    assert report.main(as_json=True, is_quick=True) == 0
    read = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert read["rows"] == [{"row": "x", "a": None}]
    assert read["bars"] == [{"value": None}]


def test_subjects_take_turns():
    calls = []
    found = timing.interleaved(
        {name: lambda n, name=name: calls.append((name, n)) for name in "ab"}, 1e-7, rounds=3
    )
    assert [name for name, _ in calls[-6:]] == ["a", "b"] * 3
    assert set(found) == {"a", "b"}
    assert timing.summary([1.0, 2.0, 4.0]) == timing.Timing(2.0, 1.5)


def test_a_percentile_is_reached_by_that_share():
    assert live.percentile([float(i) for i in range(1, 101)], 0.99) == 100.0
    assert live.percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert live.percentile([], 0.5) != live.percentile([], 0.5)


def test_a_pause_as_long_as_two_redraws_has_lost_one():
    assert live.dropped_in_a_row([33.0, 34.0, 33.0, 40.0]) == 0
    assert live.dropped_in_a_row([33.0, 66.0, 33.0, 33.0]) == 1
    assert live.dropped_in_a_row([33.0, 101.0, 33.0]) == 2
    assert live.dropped_in_a_row([]) == 0


WATCHED = (
    "default preset",
    "(256, 128, 2)",
    "two lanes",
    "four lanes, all layers",
    "2 × 16 lanes",
    "GAN Lab's default",
    "workspace theory",
    "workspace digits",
)


def made_up_rows(value):
    ratio = {"ratio": value, "plain_per_s": 10.0}
    watched = dict.fromkeys(
        (
            "live_over_blind", "redraws_per_s", "dropped_in_a_row", "live_per_s", "gap_p99_ms", "gap_max_ms",
            "switch_p99_ms", "painted_s", "first_frame_s",
        ),
        value,
    )  # fmt: skip
    return [
        *({"row": str(size), **ratio} for size in blind.SIZES),
        *({"row": f"{game}, (128, 32, 2)", **ratio} for game in blind.PENALIZED),
        {"row": "every loss ÷ NS at (128, 32, 2)", "slowest": "x", "slowest_share": value},
        {"row": "games ÷ NS at (128, 32, 2)", **dict.fromkeys(blind.GAMES, value)},
        {"row": "digits, dcgan16, batch 64", **ratio},
        {"row": "lanes at (128, 32, 2)", "2_lanes": value, "16_lanes": value, "64_lanes": value},
        {"row": "rules at (128, 32, 2)", "extragradient_share": value},
        {"row": "ms per look", "schedule_share": value},
        *({"row": f"live, {name}", **watched} for name in WATCHED),
        {"row": "window touched", "wheel_ms": value, "crosshair_ms": value}
        | {f"{one}_away_{what}_ms": value for one in ("wheel", "theme", "export") for what in ("p99", "max")},
        {"row": "window at rest", "paused_percent": value, "minimized_percent": value},
        {"row": sweeps.NAME, "ratio": value, "two_workers": value, "dask_share": value},
        {"row": "ganviz --version", "seconds": value},
        {"row": "resident memory", "growth_mb": value},
        {"row": "checkpoint of a long run", "save_s": value, "open_s": value, "pause_ms": value},
    ]  # fmt: skip


def test_bars_hold_where_they_are_reached_and_only_there():
    """0 satisfies every upper bound and no lower one, a million the other way round."""
    low, high = report.bars(made_up_rows(0.0)), report.bars(made_up_rows(1e6))
    assert len(low) == 42
    for a, b in zip(low, high, strict=True):
        assert a["holds"] == a["bar"].startswith("≤"), a
        assert b["holds"] == b["bar"].startswith("≥"), b
    found = {"machine": report.machine(), "rows": made_up_rows(0.0), "bars": low}
    text = report.as_table(json.loads(json.dumps(found)))
    assert text.count("not reached") == sum(not bar["holds"] for bar in low)


def test_a_sweep_is_measured_against_as_many_steps_of_plain_scripts(monkeypatch):
    times = {(2, None): 4.0, (1, None): 7.0, (2, "local"): 5.0}
    trained = []
    monkeypatch.setattr(sweeps, "sweep_seconds", lambda plan, workers, cluster=None: times[workers, cluster])
    monkeypatch.setattr(sweeps, "plain_seconds", lambda plan, n_seeds: trained.append(n_seeds) or 10.0)
    found = sweeps.sweeps(6, 50, 3)
    assert (found["lane_steps_per_s"], found["plain_per_s"]) == (4 * 6 * 50 / 4, 4 * 6 * 50 / 10)
    assert (found["ratio"], found["two_workers"], found["dask_share"]) == (2.5, 7 / 4, 4 / 5)
    assert trained == [3]
    axes = tuple(map(read_values, sweeps.VARIED))
    for cell in plan_of(axes, Base(), 6, 50).cells:
        sweeps.train_plain(cell.config.to_plain(), 5, 1)


@pytest.mark.slow
def test_the_window_is_watched_to_its_end():
    """Files, an animation and switches included: a real window, offscreen, in a process of its own."""
    config = run_preset("default").config
    found = live.watch(config, 1.5, n_switches=3, with_files=True, all_layers=True, is_touched=True)
    assert found["steps_per_s"] > 0
    assert found["redraws_per_s"] > 0
    assert found["redraw_max_ms"] > 0
    assert 0 < found["painted_s"] < found["first_frame_s"]
    assert found["gap_max_ms"] > 0
    assert found["switch_p99_ms"] > 0
    assert found["touched"]["wheel_ms"] > found["touched"]["crosshair_ms"] > 0
    assert all(found["touched"][f"{one}_away_max_ms"] > 0 for one in ("wheel", "theme", "export"))
    assert 0 <= found["at_rest"]["minimized_percent"] < 50


def test_the_engine_is_measured_as_it_is_used():
    trainer = Trainer(blind.perceptrons(16, 8, 1))
    row = blind.against_plain("x", trainer.config, 0.2)
    assert row["step_method"] == "analytic"
    assert row["ratio"] == pytest.approx(row["engine_per_s"] / row["plain_per_s"])


def test_a_look_of_every_probe_is_measured(monkeypatch):
    monkeypatch.setattr(looks, "MOST_LOOKS", 1)
    row = looks.looks(blind.perceptrons(16, 8, 1))
    names = {type(probe).__name__.removesuffix("Probe") for probe in PROBES}
    assert all(row[name] > 0 for name in names)
    assert row["schedule_share"] == pytest.approx(row["by_schedule"] / 1000 / 1000 / row["step_s"])


def test_every_rule_is_measured():
    row = blind.rules(0.2)
    assert {f"{rule}_per_s" for rule in RULES} < set(row)
    assert row["extragradient_share"] == 2 * row["extragradient_per_s"] / row["alternating_per_s"]


def test_a_long_run_is_saved_opened_and_trained_meanwhile():
    trainer = Trainer(blind.perceptrons(8, 4, 1))
    trainer.train(50)
    found = files.checkpoint(trainer)
    assert found["step"] == 50
    assert found["megabytes"] > 0
    assert min(found["save_s"], found["open_s"], found["pause_ms"]) > 0
    assert trainer.step > 50


def test_the_longest_turn_is_that_of_the_order_where_it_takes_longest(monkeypatch, tmp_path):
    runner = Runner(Trainer(blind.perceptrons(8, 4, 1)).config, is_running=True)
    handle = runner.handle
    monkeypatch.setattr(runner, "handle", lambda command: (time.sleep(0.3), handle(command)))
    assert 0.3 <= files._longest_turn(runner, tmp_path / "run.ganviz") < 3
    assert (tmp_path / "run.ganviz").exists()


def test_the_share_of_a_core_is_that_of_what_works():
    def work(ms):
        end = time.perf_counter() + ms / 1000
        while time.perf_counter() < end:
            pass

    assert by_hand._share(work, 0.5) > 5 * by_hand._share(lambda ms: time.sleep(ms / 1000), 0.5)


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu, NEEDS_GPU])])
def test_captured_steps_are_measured_against_the_same_calls(device):
    row = gpu.against_calls("x", blind.perceptrons(16, 8, 1), 0.2, device)
    assert row["captured_over_calls"] == row["captured_per_s"] / row["calls_per_s"]
    assert row["captured_over_cpu"] == row["captured_per_s"] / row["cpu_per_s"]
    assert row["is_captured"] == (device == "cuda")
    assert row["samples_per_s"] == 16 * row["captured_per_s"]
    lanes = gpu.lanes(0.1, device)
    assert [lanes[f"{n}_lanes"] > 0 for n in gpu.LANES] == [True] * 3
    assert lanes["1_lanes"] == 1


def test_calls_one_by_one_make_the_captured_run(monkeypatch):
    def captured(config, *more):
        return CapturedStep(step_class(config), config, *more, make_recorder=Tape)

    monkeypatch.setattr("ganviz.training.trainer.make_step", captured)
    monkeypatch.setattr("ganviz.kernels.counter.COUNTED_BY_HOST", ())
    config = blind.perceptrons(16, 8, 1)
    runs = [Trainer(config), gpu.call_by_call(config)]
    for run in runs:
        run.train(20)
    assert runs[0]._method.is_captured
    assert type(runs[1]._method) is step_class(config)
    assert torch.equal(*(run._players.generator.parameters for run in runs))


WITHOUT_QT = """
import sys
sys.modules["PySide6"] = sys.modules["pyqtgraph"] = None
sys.argv[1:] = ["bench", "--device", "cuda", "--quick"]
import torch
torch.cuda.is_available = lambda: False
from ganviz.__main__ import main
sys.exit(main())
"""


def test_a_gpu_is_measured_without_qt_and_missed_in_one_sentence():
    done = subprocess.run([sys.executable, "-c", WITHOUT_QT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "ganviz: There is no GPU here that torch can use.\n")


def test_the_report_of_a_gpu_names_the_card_and_asks_nothing(monkeypatch):
    monkeypatch.setattr(gpu, "check", lambda: None)
    monkeypatch.setattr(gpu, "machine", lambda: {"gpu": "A card", "cuda": "12"})
    monkeypatch.setattr(gpu, "rows", lambda budget_s, say: [{"row": "x", "captured_over_calls": 7.5}])
    text = report.as_table(report.bench_gpu(is_quick=True, say=lambda text: None))
    assert text.startswith("A card, CUDA 12\n")
    assert "x: captured_over_calls 7.5" in text
    assert "asked for" not in text


OF_SCORES = [key for key, cls in ADVERSARIAL_LOSSES.items() if cls.has_discriminator]


def test_the_slowest_of_all_losses_is_named(monkeypatch):
    timings = {key: timing.Timing(1e-3, 0) for key in ADVERSARIAL_LOSSES} | {"hinge": timing.Timing(4e-3, 0)}
    monkeypatch.setattr(
        blind, "interleaved", lambda subjects, budget_s: {key: timings[key] for key in subjects}
    )
    row = blind.losses(0.1)
    assert (row["slowest"], row["slowest_share"]) == ("hinge", 0.25)
    assert set(OF_SCORES) < set(row)


def test_no_loss_diverges_while_it_is_measured(monkeypatch):
    made = {}
    monkeypatch.setattr(blind, "interleaved", lambda subjects, budget_s: made.update(subjects) or timings())
    timings = lambda: dict.fromkeys(ADVERSARIAL_LOSSES, timing.Timing(1, 0))  # noqa: E731
    blind.losses(0.1)
    assert {key: made[key](500) for key in OF_SCORES} == dict.fromkeys(OF_SCORES, 500)


def test_memory_is_the_most_within_a_wave_and_its_growth_that_of_the_most(monkeypatch):
    steps = []
    trained = Trainer(blind.perceptrons(8, 4, 1))
    monkeypatch.setattr(memory, "WAVE", 30)
    monkeypatch.setattr(memory, "LOOKS", 3)
    monkeypatch.setattr(
        memory, "resident_mb", lambda: steps.append(trained.step) or -abs(trained.step - 30.0)
    )
    assert (memory._most(trained, 40), memory._most(trained, 100)) == (0.0, -50.0)
    assert steps == [20, 30, 40, 80, 90, 100]
