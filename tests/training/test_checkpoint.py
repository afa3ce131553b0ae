"""Whole runs in files: nothing is lost, nothing foreign is executed, whatever is broken is one sentence."""

import contextlib
import copy
import dataclasses
import hashlib
import io
import os
import pickle
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.events import Noted
from ganviz.session.runner import Runner
from ganviz.spec import InvalidValueError
from ganviz.training import history as history_module
from ganviz.training.atomic import FileError
from ganviz.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.history import CHUNK_ROWS
from ganviz.training.optimizers import SGD, RMSprop
from ganviz.training.trainer import Trainer

SMALL = TrainingSettings(batch_size=16)
HEADER = b"ganviz checkpoint 2\n"
WILD = LaneConfig(
    named_formulation("least_squares"),
    generator_optimizer=SGD(learning_rate=50.0),
    discriminator_optimizer=SGD(learning_rate=50.0),
)


def config(*names, **changes):
    lanes = tuple(LaneConfig(named_formulation(name)) for name in names or ("non_saturating",))
    return RunConfig(**{"lanes": lanes, "architecture": MLP(width=8), "training": SMALL} | changes)


def assert_same(a, b):
    a.flush(), b.flush()
    assert (a.step, a.config, a.lanes, a.history.marks) == (b.step, b.config, b.lanes, b.history.marks)
    assert a.keyframes.steps == b.keyframes.steps
    for name, tensor in a._players.tensors.items():
        assert torch.equal(tensor, b._players.tensors[name]), name
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.history.table(lane), b.history.table(lane))


RUNS = {
    "a batch of no round number": config(training=TrainingSettings(batch_size=13)),
    "two lanes": config("saturating", "hinge"),
    "penalty, average": config("wgan_gp", training=TrainingSettings(batch_size=16, ema_decay=0.9)),
    "other optimizers": config(
        lanes=(
            LaneConfig(named_formulation("wasserstein"), "mine", RMSprop(), RMSprop()),
            LaneConfig(named_formulation("least_squares"), "", SGD(momentum=0.5), SGD(), seed=3),
        )
    ),
    "diverged": config(lanes=(LaneConfig(named_formulation("hinge")), WILD)),
    "digits": config(
        distribution=MNIST(digits="35"),
        architecture=DCGAN16(channels=2),
        training=TrainingSettings(batch_size=4),
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_goes_on_from_its_file_as_if_never_stopped(name, tmp_path):
    whole, first = Trainer(RUNS[name]), Trainer(RUNS[name])
    whole.train(120)
    first.train(70)
    save_checkpoint(tmp_path / "run.ganviz", first)
    second = load_checkpoint(tmp_path / "run.ganviz")
    assert_same(first, second)
    second.train(50)
    assert_same(whole, second)


def test_a_run_with_a_past_is_kept_whole(tmp_path):
    path = tmp_path / "run.ganviz"
    trainer = Trainer(config())
    trainer.train(100)
    trainer.fork(0, LaneConfig(named_formulation("wgan_gp"), label="second"))
    trainer.train(50)
    lanes = (LaneConfig(named_formulation("saturating")), trainer.config.lanes[1])
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes))
    trainer.half_step("discriminator")
    trainer.train(60)
    save_checkpoint(path, trainer)
    loaded = load_checkpoint(path)
    assert_same(trainer, loaded)
    assert len(loaded.history.marks) >= 3
    for run in (trainer, loaded):
        run.rewind(130)
        run.remove_lane(0)
        run.train(70)
    assert_same(trainer, loaded)


def test_a_run_whose_steps_are_on_disk_is_kept_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(history_module, "CHUNKS_IN_MEMORY", 1)
    small = RunConfig(architecture=MLP(width=4, hidden_layers=1), training=TrainingSettings(batch_size=8))
    trainer = Trainer(small)
    trainer.train(3 * CHUNK_ROWS + 5)
    save_checkpoint(tmp_path / "run.ganviz", trainer)
    loaded = load_checkpoint(tmp_path / "run.ganviz")
    assert trainer.history._file is not None
    assert loaded.history._file is not None
    assert_same(trainer, loaded)


def test_saving_twice_gives_the_same_run(tmp_path):
    trainer = Trainer(config())
    trainer.train(70)
    save_checkpoint(tmp_path / "a.ganviz", trainer)
    save_checkpoint(tmp_path / "b.ganviz", load_checkpoint(tmp_path / "a.ganviz"))
    assert_same(load_checkpoint(tmp_path / "a.ganviz"), load_checkpoint(tmp_path / "b.ganviz"))


@pytest.fixture(scope="module")
def state():
    trainer = Trainer(config("non_saturating", "hinge"))
    trainer.train(70)
    return trainer.state()


def archive(state):
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def sealed(payload, header=HEADER):
    """Return a file with this content and the digest that belongs to it: as a hostile author would make it."""
    return header + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


@pytest.fixture
def refused(tmp_path):
    """Return the sentence that a file of this content is refused with."""

    def refuse(content):
        path = tmp_path / "file.ganviz"
        path.write_bytes(content)
        with pytest.raises(CheckpointError) as caught:
            load_checkpoint(path)
        sentence = str(caught.value)
        assert sentence.startswith(f"{str(path)!r} ")
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence

    return refuse


def test_a_sound_file_is_accepted(state, tmp_path):
    (tmp_path / "file.ganviz").write_bytes(sealed(archive(state)))
    assert load_checkpoint(tmp_path / "file.ganviz").step == 70


def test_a_file_that_is_not_there_or_none(tmp_path):
    for path, reason in (
        (tmp_path / "missing.ganviz", "cannot be read: No such file"),
        (tmp_path, "not a file"),
    ):
        with pytest.raises(CheckpointError, match=reason):
            load_checkpoint(path)
    if Path("/dev/zero").exists():
        with pytest.raises(CheckpointError, match="not a file"):
            load_checkpoint(Path("/dev/zero"))


def test_a_file_larger_than_any_run_is_not_read(tmp_path):
    path = tmp_path / "file.ganviz"
    with path.open("wb") as file:
        file.write(HEADER)
        file.truncate((64 << 30) + 1)
    with pytest.raises(CheckpointError, match="larger than 64 GiB"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n" * 300, b"PK\x03\x04" + bytes(500), b"ganviz", b"step,loss\n1,0.5\n", os.urandom(4096)],
)
def test_a_file_of_another_kind(refused, content):
    assert "is not a ganviz checkpoint" in refused(content)


@pytest.mark.parametrize("version", [b"1", b"12", b"0", b"", b"2 ", b"two", b"\xff" * 100])
def test_a_file_of_another_version(refused, state, version):
    sentence = refused(sealed(archive(state), b"ganviz checkpoint " + version + b"\n"))
    assert "this ganviz reads version 2" in sentence
    assert len(sentence) < 400


def test_every_changed_byte_is_noticed(refused, state):
    content = sealed(archive(state))
    draw = random.Random(0)
    places = [*range(100), *draw.sample(range(100, len(content)), 60), len(content) - 1]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << draw.randrange(8)
        refused(bytes(changed))


def test_a_file_that_was_cut_short_or_grew(refused, state):
    content = sealed(archive(state))
    for length in (21, 60, 84, 85, 86, 1000, len(content) // 2, len(content) - 1):
        assert "damaged" in refused(content[:length])
    assert "damaged" in refused(content + b"\0")


class Malicious:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("how", ["torch", "inside a run", "plain pickle", "old torch"])
def test_a_hostile_file_executes_nothing(refused, state, tmp_path, how):
    trap = tmp_path / "executed"
    hostile = Malicious(trap)
    if how == "plain pickle":
        payload = pickle.dumps(hostile)
    elif how == "old torch":
        buffer = io.BytesIO()
        torch.save(hostile, buffer, _use_new_zipfile_serialization=False)
        payload = buffer.getvalue()
    else:
        payload = archive(hostile if how == "torch" else {**state, "interval": hostile})
    sentence = refused(sealed(payload))
    assert not trap.exists()
    if "pickle" not in how and "old" not in how:
        assert "something other than tensors and plain values" in sentence
        torch.load(io.BytesIO(payload), weights_only=False)
        assert trap.exists()


def test_a_file_that_unpacks_to_more_than_it_holds(refused, state):
    with zipfile.ZipFile(io.BytesIO(archive(state))) as source:
        entries = {entry.filename: source.read(entry) for entry in source.infolist()}
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
        target.writestr("archive/data/99", bytes(50 << 20))
    assert "compressed" in refused(sealed(bomb.getvalue()))


def wide(rows, columns, dtype=torch.float32):
    """Return a tensor that says it is large and stores one number."""
    return torch.zeros(1, dtype=dtype).expand(rows, columns)


def damaged(state):
    """Yield what is wrong and a state with that wrong."""

    def changed(change):
        copied = copy.deepcopy(state)
        change(copied)
        return copied

    weights = state["now"]["tensors"]["generator"]
    for key in set(state) - {"data"}:  # files of version 0.1 have none
        yield f"no {key}", changed(lambda s, key=key: s.pop(key))
    for key in set(state["now"]) - {"ahead", "marks", "refuge"}:  # files of before have none
        yield f"no {key} now", changed(lambda s, key=key: s["now"].pop(key))
    yield "no run", [1, 2, 3]
    yield "nothing", {}
    tensors = {
        "another shape": weights[:, :-1],
        "another number of lanes": weights[:1],
        "numbers in one place": wide(*weights.shape),
        "whole numbers": weights.to(torch.int64),
        "half precision": weights.to(torch.float16),
        "double precision": weights.to(torch.float64),
        "sparse": weights.to_sparse(),
        "no tensor": [1.0],
    }
    for name, tensor in tensors.items():
        yield name, changed(lambda s, t=tensor: s["now"]["tensors"].update(generator=t))
    yield "a tensor too many", changed(lambda s: s["now"]["tensors"].update(more=weights))
    (table,) = state["history"]["lanes"][0]
    tables = {
        "a short history": [table[:-1]],
        "no history": [],
        "a history without end": [wide(1 << 40, table.shape[1], torch.float64)],
        "a history longer than the run": [table, table],
        "a history of other columns": [table[:, :-1]],
        "a history of texts": ["d_loss"],
        "a history that is none": 7,
    }
    for name, other in tables.items():
        yield name, changed(lambda s, t=other: s["history"]["lanes"].__setitem__(0, t))
    yield "other columns", changed(lambda s: s["history"].update(columns=["loss"]))
    yield "a column twice", changed(lambda s: s["history"].update(columns=[*COLUMNS[:-1], COLUMNS[0]]))
    yield "a column without a name", changed(lambda s: s["history"].update(columns=[*COLUMNS[:-1], 3]))
    yield "a column that is a list", changed(lambda s: s["history"].update(columns=[*COLUMNS[:-1], []]))
    yield "a mark of no lane", changed(lambda s: s["history"]["marks"].append([3, 7, "mark", False]))
    now = {
        "a step before the first": {"step": -1},
        "a step out of reach": {"step": 1 << 60},
        "a step that is none": {"step": float("inf")},
        "a config that is none": {"config": "{"},
        "a config of another kind": {"config": "[]"},
        "a config with a wrong value": {"config": '{"architecture": {"kind": "mlp", "width": 0}}'},
        "networks of no end": {
            "config": '{"architecture": {"kind": "mlp", "width": 4096, "hidden_layers": 8}}'
        },
        "a lane that diverged never": {"lanes": [["soon", ""], [None, ""]]},
        "one lane": {"lanes": [[None, ""]]},
        "scores of no end": {"scores": wide(2, 1 << 40)},
        "scores of another batch": {"scores": torch.zeros(2, 7)},
        "an update of D without scores": {"ahead": {"d_norms": torch.zeros(2)}},
        "an update of D that is none": {"ahead": 7},
        "a refuge that is none": {"refuge": 7},
        "a refuge of fewer lanes": {"refuge": Trainer(config("hinge")).state()["now"]},
        "an update of D of numbers": {"ahead": dict.fromkeys(("d_scores", "d_norms", "penalties"), 0.0)},
        "an update of D of another batch": {
            "ahead": {"d_scores": torch.zeros(2, 7), "d_norms": torch.zeros(2), "penalties": torch.zeros(2)}
        },
        "an update of D of no end": {
            "ahead": {"d_scores": wide(2, 1 << 40), "d_norms": torch.zeros(2), "penalties": torch.zeros(2)}
        },
        "a mark at its step of no lane": {"marks": [[3, 7, "mark", False]]},
        "a mark at its step that is none": {"marks": [[3, None, 7, False]]},
        "marks at its step that are none": {"marks": 7},
        "no streams": {"streams": {}},
        "streams of another kind": {"streams": {"real": 1, "latents": 2, "penalty": "3"}},
        "counts of no network": {"counts": {"generator": [1]}},
    }
    for name, update in now.items():
        yield name, changed(lambda s, update=update: s["now"].update(update))
    yield "no interval", changed(lambda s: s.update(interval=0))
    yield "an interval of another kind", changed(lambda s: s.update(interval="64"))
    yield "a keyframe to come", changed(lambda s: s["keyframes"][-1].update(step=640))
    yield "a broken keyframe", changed(lambda s: s["keyframes"][0]["tensors"].pop("discriminator"))


def test_a_state_that_does_not_fit_is_refused(refused, state):
    n = 0
    for what, broken in damaged(state):
        try:
            sentence = refused(sealed(archive(broken)))
        except BaseException as error:
            raise AssertionError(what) from error
        assert len(sentence) < 1000, what
        n += 1
    assert n > 35


def test_a_run_of_a_gpu_that_is_not_there_is_opened_on_the_cpu(state, tmp_path, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    of_a_gpu = copy.deepcopy(state)
    for frame in (of_a_gpu["now"], *of_a_gpu["keyframes"]):
        changed = frame["config"].replace('"device": "auto"', '"device": "cuda"')
        assert changed != frame["config"]
        frame["config"] = changed
    (tmp_path / "file.ganviz").write_bytes(sealed(archive(of_a_gpu)))
    trainer = load_checkpoint(tmp_path / "file.ganviz")
    assert (trainer.device, trainer.config.training.device) == ("cpu", "auto")
    trainer.rewind(trainer.keyframes.steps[0])
    assert trainer.config.training.device == "auto"
    assert trainer.train(2) == 2


def test_an_error_is_one_of_values_for_the_command_line():
    assert issubclass(CheckpointError, InvalidValueError)


@contextlib.contextmanager
def full_disk(n_bytes):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_full_disk_is_a_sentence_and_the_old_checkpoint_stays(tmp_path, share):
    path = tmp_path / "run.ganviz"
    trainer = Trainer(config())
    trainer.train(5)
    save_checkpoint(path, trainer)
    content = path.read_bytes()
    trainer.train(5)
    with (
        full_disk(int(share * len(content))),
        pytest.raises(FileError, match=r"run\.ganviz' cannot be written: .+\.$"),
    ):
        save_checkpoint(path, trainer)
    assert path.read_bytes() == content
    assert [other.name for other in tmp_path.iterdir()] == ["run.ganviz"]
    save_checkpoint(path, trainer)
    assert load_checkpoint(path).step == 10


def with_columns(state, change):
    """Return a state whose history has other columns: ``change`` takes and returns {name: values of a lane}."""
    state = copy.deepcopy(state)
    history = state["history"]
    for lane, blocks in enumerate(history["lanes"]):
        named = change(dict(zip(history["columns"], torch.cat(blocks).T, strict=True)))
        history["lanes"][lane] = [torch.stack(list(named.values()), 1).contiguous()]
    history["columns"] = list(named)
    return state


def test_scalars_go_by_name(state, tmp_path):
    """Another order is the same; one that is not known is left out with a note; one that is missing is NaN."""

    def change(named):
        del named["d_loss"]
        return {"novelty": named["g_loss"] * 7, **dict(reversed(named.items()))}

    (tmp_path / "file.ganviz").write_bytes(sealed(archive(with_columns(state, change))))
    loaded, before = load_checkpoint(tmp_path / "file.ganviz"), Trainer.from_state(state)
    (note,) = loaded.notes
    assert "'novelty'" in note
    assert note.endswith(".")
    assert before.notes == ()
    missing = COLUMNS.index("d_loss")
    for lane in range(2):
        table, whole = loaded.history.table(lane), before.history.table(lane)
        assert np.isnan(table[:, missing]).all()
        np.testing.assert_array_equal(np.delete(table, missing, 1), np.delete(whole, missing, 1))
    loaded.train(5)
    loaded.flush()
    assert np.isfinite(loaded.history.table(0)[70:, missing]).all()
    assert Noted(note) in Runner(trainer=loaded).opening_events()
    save_checkpoint(tmp_path / "again.ganviz", loaded)
    assert load_checkpoint(tmp_path / "again.ganviz").notes == ()


def test_slots_and_measurements_go_by_name(state, tmp_path):
    """Those that are not known are left out with a note, as scalars are; the run goes on as without them."""
    later = copy.deepcopy(state)
    for frame in (later["now"], *later["keyframes"]):
        weights = frame["tensors"]["discriminator"]
        frame["tensors"] |= {"discriminator_third": weights.clone(), "penalty_new": weights[:, :2].clone()}
    measured = later["history"]["measured"]
    measured["columns"] = ["recall", *measured["columns"]]
    measured["lanes"] = [[at, torch.cat([values[:, :1], values], 1)] for at, values in measured["lanes"]]
    (tmp_path / "file.ganviz").write_bytes(sealed(archive(later)))
    loaded, before = load_checkpoint(tmp_path / "file.ganviz"), Trainer.from_state(state)
    (note,) = loaded.notes
    assert all(f"'{name}'" in note for name in ("recall", "discriminator_third", "penalty_new"))
    for trainer in (loaded, before):
        trainer.train(5)
    for name, tensor in before._players.tensors.items():
        assert torch.equal(tensor, loaded._players.tensors[name]), name


def test_a_file_that_is_replaced_while_it_is_read_is_read_whole(tmp_path, monkeypatch):
    shorter, longer = (Trainer(config()) for _ in range(2))
    longer.train(200)
    path, other = tmp_path / "run.ganviz", tmp_path / "other.ganviz"
    save_checkpoint(path, shorter)
    save_checkpoint(other, longer)
    assert other.stat().st_size > path.stat().st_size

    def replaced(device):
        other.replace(path)
        return None

    monkeypatch.setattr("ganviz.training.checkpoint.free_bytes", replaced)
    assert load_checkpoint(path).step == shorter.step
    monkeypatch.undo()
    assert load_checkpoint(path).step == longer.step
