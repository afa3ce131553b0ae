"""Sweeps: the same table however they are trained, and nothing lost or believed on the way."""

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import ganviz
from ganviz.session.sweeps import cell as cell_module
from ganviz.session.sweeps.cell import failure, read_packet, run_cell
from ganviz.session.sweeps.cluster import there_and_back
from ganviz.session.sweeps.folder import SweepFolder, cell_path
from ganviz.session.sweeps.local import train_in_processes
from ganviz.session.sweeps.order import longest_first
from ganviz.session.sweeps.plan import Axis, Base, SweepPlan, plan_from_plain, plan_of, read_values
from ganviz.session.sweeps.running import run_sweep
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError
from ganviz.training.columns import COLUMNS
from ganviz.training.trainer import Trainer

SMALL = ("architecture.width=8", "training.batch_size=16", "training.device=cpu")
AXES = (Axis("formulation", ("saturating", "wgan_gp")), Axis("training.d_steps", ("1", "2")))
N_SEEDS, STEPS = 2, 30


def planned(axes: tuple[Axis, ...] = AXES, steps: int = STEPS, **base: object) -> SweepPlan:
    return plan_of(axes, Base(seed=5, settings=SMALL, **base), N_SEEDS, steps)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A finished sweep that was trained in this process."""
    out = tmp_path_factory.mktemp("sweep") / "undisturbed"
    return run_sweep(planned(), out, workers=0), out


def tables(out):
    return [(out / name).read_bytes() for name in ("table.csv", "summary.json")]


class Killer:
    """Kills a worker at the first time it is asked, and never stops a sweep."""

    def __init__(self):
        self.killed = []

    def __call__(self):
        if not self.killed:
            self.killed = multiprocessing.active_children()[:1]
            for process in self.killed:
                process.kill()
        return False


@pytest.mark.parametrize(
    "how",
    [{"workers": 2, "is_stopped": Killer()}, {"workers": 2, "cluster": "local"}],
    ids=["processes, one killed", "cluster"],
)
def test_the_table_is_the_same_however_it_is_trained(undisturbed, tmp_path, how):
    if "cluster" in how:
        pytest.importorskip("distributed")
    noted = []
    result = run_sweep(
        planned(), tmp_path / "other", noted=lambda index, step: noted.append((index, step)), **how
    )
    assert result.is_complete
    assert {index for index, _ in noted} == set(range(len(result.plan.cells)))
    assert "cluster" not in how or {step for _, step in noted} == {0, STEPS}
    assert tables(tmp_path / "other") == tables(undisturbed[1])
    assert getattr(how.get("is_stopped"), "killed", True), "nobody was killed"
    assert not multiprocessing.active_children()


def test_a_seed_of_a_cell_is_the_run_alone(undisturbed):
    result, out = undisturbed
    for index, (formulation, d_steps) in enumerate(cell.values for cell in result.plan.cells):
        for i, seed in enumerate((5, 6)):
            alone = ganviz.train(
                STEPS, formulation, seed=seed,
                settings={"training.d_steps": d_steps} | dict(text.split("=") for text in SMALL),
            )  # fmt: skip
            table = np.stack([alone.history[name][0] for name in COLUMNS if name != "seconds"], axis=1)
            row = result.cells[index].rows[i]
            assert (row.seed, row.digest) == (seed, hashlib.sha256(table.astype("<f8").tobytes()).hexdigest())
            figure = alone.summary()["lanes"][0]["metrics"]["sliced_wasserstein"]
            assert result.values("sliced_wasserstein")[index, i] == pytest.approx(figure, rel=1e-5)
    loaded = ganviz.load(next(cell_path(out, 3).glob("*.ganviz")))
    assert loaded.step == STEPS


def test_what_is_stopped_goes_on_where_it_was(undisturbed, tmp_path):
    out, told = tmp_path / "out", []
    result = run_sweep(
        planned(), out, workers=0, told=lambda index, _: told.append(index), is_stopped=lambda: len(told) == 2
    )
    assert (told, result.is_complete) == ([0, 1], False)
    assert len((out / "table.csv").read_text().splitlines()) == 1 + 2 * N_SEEDS
    for plan, words in ((planned(), "--resume"), (planned(steps=31), "--resume")):
        with pytest.raises(InvalidValueError, match=words):
            run_sweep(plan, out, workers=0)
    for plan, words in ((planned(steps=31), "30 steps, not 31"), (planned(AXES[:1]), "training.d_steps=1,2")):
        with pytest.raises(InvalidValueError, match=f"another sweep: it .*{words}"):
            run_sweep(plan, out, resumes=True, workers=0)
    (cell_path(out, 0) / "cell.json").write_text('{"rows": [{"seed": 5}]}')  # damaged: trained again
    (out / ".ganviz-left").mkdir()  # of a driver that was killed while it wrote
    trained = cell_path(out, 1).stat().st_mtime_ns
    assert run_sweep(None, out, resumes=True, workers=0).is_complete
    assert tables(out) == tables(undisturbed[1])
    assert cell_path(out, 1).stat().st_mtime_ns == trained
    assert not (out / ".ganviz-left").exists()
    with pytest.raises(InvalidValueError, match="no sweep to go on with"):
        run_sweep(None, tmp_path / "nowhere", resumes=True)


def test_nobody_else_writes_there(undisturbed, tmp_path):
    folder = SweepFolder(tmp_path, planned(), resumes=False)
    with pytest.raises(InvalidValueError, match="Another run is writing"):
        run_sweep(planned(), tmp_path, resumes=True, workers=0)
    folder.give_up()


def test_a_cell_that_fails_is_told_and_one_that_diverges_is_a_result(tmp_path, monkeypatch):
    class Failing(Trainer):
        def __init__(self, config):
            if config.lanes[0].formulation.loss.key == "hinge":
                raise InvalidValueError("It was not to be.")
            super().__init__(config)

    monkeypatch.setattr(cell_module, "Trainer", Failing)
    axes = (
        Axis("formulation", ("wgan_gp", "hinge")),
        Axis("discriminator_optimizer.learning_rate", ("100", "0.01")),
    )
    settings = (*SMALL, "discriminator_optimizer=sgd")
    plan = plan_of(axes, Base(settings=settings), N_SEEDS, 60)
    result = run_sweep(plan, tmp_path, workers=0)
    assert result.errors == {2: "It was not to be.", 3: "It was not to be."}
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert [(cell["state"], cell["trained"], cell["diverged"]) for cell in summary["cells"]] == [
        ("done", 0, 2), ("done", 2, 0), ("failed", 0, 0), ("failed", 0, 0)
    ]  # fmt: skip
    assert (result.diverged_at[0] > 0).all()
    assert np.isnan(result.quantiles("d_loss")["median"][[0, 2]]).all()
    monkeypatch.undo()
    again = run_sweep(None, tmp_path, resumes=True, workers=0)
    assert not again.errors
    comparison = again.compare(1, 3, "d_loss")
    values = again.values("d_loss")
    assert (comparison.n, comparison.median_difference) == (2, np.median(values[3] - values[1]))
    with np.load(tmp_path / "results.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["values"][list(file["figures"]).index("d_loss")], values)


def test_a_cell_whose_process_always_ends_is_given_up():
    def kill():
        for process in multiprocessing.active_children():
            process.kill()
        return False

    ((index, packet),) = train_in_processes([(7, {})], 1, kill)
    assert (index, read_packet(packet, [1]).error) == (7, "Its process ended 3 times while it trained.")


# what comes back is read like a foreign file


@pytest.fixture(scope="module")
def packet():
    return run_cell(planned(AXES[:1]).work(0))


def changed(packet, change):
    line, _, files = packet.partition(b"\n")
    header = json.loads(line)
    return json.dumps(change(header) or header).encode() + b"\n" + files


@pytest.mark.parametrize(
    "spoil",
    [
        lambda packet: b"",
        lambda packet: packet[:-1],
        lambda packet: packet + b"x",
        lambda packet: b"[" * 100_000 + packet,
        lambda packet: changed(packet, lambda header: header["rows"].pop()),
        lambda packet: changed(packet, lambda header: header["rows"][0].update(seed=7)),
        lambda packet: changed(packet, lambda header: header["rows"][0].update(digest="../" + "0" * 61)),
        lambda packet: changed(packet, lambda header: header["rows"][0]["figures"].update(value=float("nan"))),
        lambda packet: changed(packet, lambda header: header["rows"][0]["figures"].update(value="1")),
        lambda packet: changed(packet, lambda header: header["rows"][0]["figures"].update(value=10**400)),
        lambda packet: changed(packet, lambda header: header["rows"][0]["figures"].update({"\x1b[2J": 1.0})),
        lambda packet: changed(packet, lambda head: head["rows"][0].update(figures={str(k): 1 for k in range(999)})),
        lambda packet: changed(packet, lambda header: header["rows"][0].update(diverged_at=10**30)),
        lambda packet: changed(packet, lambda header: header["rows"][0].update(diverged_at=-1)),
        lambda packet: changed(packet, lambda header: header.update(seconds=10**400)),
        lambda packet: changed(packet, lambda header: header.update(seconds=float("nan"))),
        lambda packet: changed(packet, lambda header: header["files"][0].__setitem__(0, "../../x.ganviz")),
        lambda packet: changed(packet, lambda header: header["files"][0].__setitem__(1, -1)),
        lambda packet: changed(packet, lambda header: [1]),
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(packet, spoil):
    assert read_packet(packet, [5, 6]).rows
    with pytest.raises(InvalidValueError, match="no result of a cell"):
        read_packet(spoil(packet), [5, 6])


def test_a_stranger_s_runs_are_read_before_they_are_kept(packet, tmp_path):
    digest = "0" * 64
    lies = changed(packet, lambda header: header["rows"][0].update(digest=digest))
    line, _, files = packet.partition(b"\n")
    damaged = line + b"\n" + files[:-100] + bytes(100)
    folder = SweepFolder(tmp_path, planned(AXES[:1]), resumes=False)
    for spoiled, words in ((lies, "not those of its table"), (damaged, "damaged")):
        assert words in folder.keep(0, spoiled, is_foreign=True).error
        assert not folder.cell_path(0).exists()
    assert not folder.keep(0, packet, is_foreign=True).error
    assert folder.keep(1, failure("Alas,\x1b[2J\n no."), is_foreign=True).error == "Alas, [2J  no."
    folder.give_up()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cells", "sweep.json"]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are spawned there")
def test_workers_of_a_cluster_of_ones_own_find_torch_loaded(monkeypatch):
    from ganviz.session.sweeps.cluster import _load_for_workers

    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    before = dict(os.environ)
    _load_for_workers()
    assert dict(os.environ) == before
    seen = "'torch' in __import__('sys').modules and __import__('os').environ['OMP_NUM_THREADS']"
    with multiprocessing.get_context("forkserver").Pool(1) as pool:
        assert pool.apply(eval, (seen,)) == "1"


def test_pickles_of_a_cluster_are_not_read():
    distributed = pytest.importorskip("distributed")
    from distributed.protocol import deserialize, serialize

    from ganviz.session.sweeps.cluster import NOTHING_EXECUTED

    header, frames = serialize({1, 2}, serializers=["pickle"])
    with pytest.raises(TypeError, match="pickle"):
        deserialize(header, frames, deserializers=NOTHING_EXECUTED)
    assert distributed


@pytest.mark.parametrize(
    ("where", "settings", "words"),
    [
        ("tls://127.0.0.1:1", {}, "needs certificates"),
        ("tcp://127.0.0.1:1", {"distributed.comm.require-encryption": True}, "ask for encryption"),
    ],
)
def test_what_the_settings_of_dask_do_not_allow_is_refused_at_once(tmp_path, where, settings, words):
    """A client of Dask's that fails for it would hold the program when it is thrown away."""
    dask = pytest.importorskip("dask")
    pytest.importorskip("distributed")
    with dask.config.set(settings), pytest.raises(InvalidValueError, match=words):
        run_sweep(planned(), tmp_path / "refused", cluster=where)


# plans


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (lambda: planned(()), "--vary formulation="),
        (lambda: planned((Axis("formulation", ("saturating", "hinges")),)), "Unknown formulation 'hinges'"),
        (lambda: planned((Axis("training.d_stepz", ("1",)),)), "Unknown setting"),
        (lambda: planned((Axis("training.d_steps", ("1", "0")),)), "d_steps must be"),
        (lambda: planned((Axis("training.seed", ("1", "2")),)), "--seeds"),
        (lambda: planned((Axis("training.d_steps", ("1", "1")),)), "each of them once"),
        (lambda: planned((AXES[1], AXES[1])), "varied twice"),
        (lambda: planned((Axis("training.ema_decay", ("0", "0.0")),)), "Two cells are the same run"),
        (lambda: planned(AXES[1:], preset="saturating_vs_non_saturating"), "2 lanes"),
        (lambda: planned(tuple(Axis(f"x{i}", tuple("abcdefghijk")) for i in range(4))), "at most 10,000"),
        (lambda: planned(steps=0), "--steps must be between 1"),
        (lambda: plan_of(AXES, Base(settings=("training.seeds=3",)), 2, 10), "leave training.seeds alone"),
        (lambda: plan_of(AXES, Base(), 0, 10), "--seeds must be between 1"),
        (lambda: plan_of(AXES, Base(seed=2**31 - 1), 2, 10), "beyond the last one"),
        (lambda: read_values("training.d_steps"), "PATH=VALUE,VALUE"),
        (lambda: read_values("x=[1,"), "no JSON list"),
        (lambda: plan_from_plain({"vary": [], "cells": [], "steps": float("inf")}), "no plan of a sweep"),
    ],
)
def test_nothing_trains_before_everything_is_checked(wish, words):
    with pytest.raises(InvalidValueError) as caught:
        wish()
    assert words in str(caught.value)


def test_values_are_parted_where_a_person_means_it():
    assert read_values(" training.d_steps = 1, 5") == Axis("training.d_steps", ("1", "5"))
    assert read_values("formulation=custom: max(t, 0); t; -t,hinge").values == (
        "custom: max(t, 0); t; -t",
        "hinge",
    )
    assert read_values("formulation=hinge,custom: max(t, 0").values == ("hinge", "custom: max(t, 0")
    assert read_values('x=["a,b", 1, true]').values == ("a,b", "1", "true")


def test_a_full_disk_is_said_once_wherever_it_is_met(undisturbed, tmp_path, monkeypatch):
    folder = shutil.copytree(undisturbed[1], tmp_path / "copy")
    shutil.rmtree(cell_path(folder, 1))

    def write_bytes(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(FileError) as caught:
        run_sweep(None, folder, resumes=True, workers=0)
    assert str(caught.value) == f"{str(folder)!r} cannot be written to: No space left on device."


def test_a_plan_that_could_not_be_written_is_not_in_the_way_of_the_next_try(tmp_path, monkeypatch):
    def refuse(path):
        raise FileError("No.")

    with monkeypatch.context() as patched:
        patched.setattr("ganviz.session.sweeps.folder.atomic_path", refuse)
        with pytest.raises(FileError):
            SweepFolder(tmp_path, planned(), resumes=False)
    SweepFolder(tmp_path, planned(), resumes=False).give_up()


def test_a_full_disk_is_said_and_leaves_whole_cells(undisturbed, tmp_path, monkeypatch):
    folder = shutil.copytree(undisturbed[1], tmp_path / "copy")
    for index in (1, 2):
        shutil.rmtree(cell_path(folder, index))

    def rename(path, target):
        if target == cell_path(folder, 2):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, target)

    real = Path.rename
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(FileError, match="cannot be written to: No space left"):
        run_sweep(None, folder, resumes=True, workers=0)
    monkeypatch.undo()
    assert sorted(path.name for path in (folder / "cells").iterdir()) == ["0001", "0002", "0004"]
    assert run_sweep(None, folder, resumes=True, workers=0).is_complete
    assert tables(folder) == tables(undisturbed[1])


def test_the_longest_cells_are_begun_first_and_dealt_out_evenly():
    axes = (Axis("formulation", ("non_saturating", "r3gan")), Axis("training.d_steps", ("1", "5")))
    plan = planned(axes)
    order = longest_first(plan, [0, 1, 2, 3])
    assert [plan.cells[index].values for index in order] == [
        ("r3gan", "5"), ("non_saturating", "5"), ("r3gan", "1"), ("non_saturating", "1")
    ]  # fmt: skip
    assert longest_first(plan, [2, 0]) == [2, 0]
    work = [(index, {}) for index in order]
    assert [index for index, _ in there_and_back(work, 2)] == [3, 1, 0, 2]
    assert there_and_back(work, 0) == there_and_back(work, 9) == work
    assert there_and_back([], 2) == []
