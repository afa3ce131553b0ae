"""Small files that would become large, or take long: each is refused in a sentence, soon, and in little memory."""

from __future__ import annotations

import copy
import hashlib
import io
import os
import pickle
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from ganviz.session.settings import with_settings
from ganviz.training.checkpoint import CheckpointError, load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.history import CHUNK_ROWS, COLUMNS
from ganviz.training.trainer import Trainer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by a system call of Linux")
MOST_MEMORY = 2 << 30
MOST_SECONDS = 10.0


@pytest.fixture(scope="module")
def state() -> dict[str, Any]:
    trainer = Trainer(with_settings(RunConfig(), ["architecture.width=16", "training.batch_size=8"]))
    trainer.train(70)
    return trainer.state()


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MOST_MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def archive(state: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def with_pickle(payload: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with other instructions."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(payload)) as source, zipfile.ZipFile(target, "w") as changed:
        for entry in source.infolist():
            content = source.read(entry)
            changed.writestr(
                entry.filename, change(content) if entry.filename.endswith("data.pkl") else content
            )
    return target.getvalue()


def opened(tmp_path: Path, payload: bytes) -> Trainer:
    path = tmp_path / "file.ganviz"
    path.write_bytes(
        b"ganviz checkpoint 2\n" + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload
    )
    start = time.process_time()  # others may be using the machine
    try:
        return load_checkpoint(path)
    finally:
        assert time.process_time() - start < MOST_SECONDS


def refusal(tmp_path: Path, payload: bytes) -> str:
    with pytest.raises(CheckpointError) as caught:
        opened(tmp_path, payload)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 700
    assert "\n" not in sentence
    return sentence


def nested(depth: int) -> list[Any]:
    """Return a list of 10 to the power of ``depth`` parts, which is short in a file."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value] * 10
    return value


def bombs(state: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        other = copy.deepcopy(state)
        change(other)
        return other

    block = torch.zeros(CHUNK_ROWS, len(COLUMNS), dtype=torch.float64)

    def repeat(s: dict[str, Any]) -> None:
        s["now"]["step"] = 6400 * CHUNK_ROWS
        s["history"]["lanes"] = [[block] * 6400]

    yield "one block of history, many times", changed(repeat)
    frame = state["keyframes"][0]
    yield "one keyframe, many times", changed(lambda s: s.update(keyframes=[frame] * 100_000))
    marks = [[1, None, "mark", False]] * 3_000_000
    yield "marks without end", changed(lambda s: s["history"].update(marks=marks))
    several = [[1, None, "mark", False] for _ in range(60_000)]
    yield "more marks than anybody makes", changed(lambda s: s["history"].update(marks=several))
    yield (
        "a mark that is nested",
        changed(lambda s: s["history"].update(marks=[[1, None, nested(30), False]])),
    )
    yield "a cause that is nested", changed(lambda s: s["now"].update(lanes=[[1, nested(30)]]))
    yield "a step that is nested", changed(lambda s: s["now"].update(lanes=[[nested(30), ""]]))
    yield "a deep configuration", changed(lambda s: s["now"].update(config="[" * 1_000_000))
    long = "x" * 1_000_000
    yield "a long text, many times", changed(lambda s: s["history"].update(columns=[long] * 900))
    yield "a number of many figures", changed(lambda s: s["now"].update(step=10**400))
    yield "a stream of many figures", changed(lambda s: s["now"]["streams"].update(partners=10**5000))


def test_every_bomb_is_refused(tmp_path: Path, state: dict[str, Any]) -> None:
    for what, broken in bombs(state):
        try:
            refusal(tmp_path, archive(broken))
        except BaseException as error:
            raise AssertionError(what) from error


INSTRUCTIONS = {
    "a buffer of any length": b"\x80\x02cbuiltins\nbytearray\n(J\xff\xff\xff\x7ftR.",
    "a place in the memo far away": b"\x80\x02]r\xff\xff\xff\x7f.",
    "a text longer than the file": b"\x80\x02X\xff\xff\xff\x7fshort.",
    "lists without end": b"\x80\x02(" + b"]" * 9_000_000 + b"l.",
    "another reference": b"\x80\x02X\x05\0\0\0otherQ.",
    "a reference to a number": b"\x80\x02K\x07Q.",
    "a call of a kind": b"\x80\x02ctorch\nFloatStorage\n)R.",
    "an object": b"\x80\x02ccollections\nOrderedDict\n)\x81.",
    "a dict of a long list": b"\x80\x02ccollections\nOrderedDict\n(](K\x01K\x02\x86etR.",
    "another protocol": pickle.dumps({"now": 1}, protocol=5),
    "nothing": b"",
    "too deep": b"\x80\x02" + b"]" * 1000 + b"a" * 999 + b".",
    "a surrogate": b"\x80\x02X\x03\0\0\0\xed\xb3\xbf.",
    "state set on a tensor": b"\x80\x02}}b.",
}


@pytest.mark.parametrize("what", INSTRUCTIONS)
def test_only_a_handful_of_instructions_is_understood(
    tmp_path: Path, state: dict[str, Any], what: str
) -> None:
    refusal(tmp_path, with_pickle(archive(state), lambda _: INSTRUCTIONS[what]))


def test_a_record_is_not_read_beyond_its_end(tmp_path: Path, state: dict[str, Any]) -> None:
    """A tensor that says that its record is longer would be filled with whatever lies in memory behind it."""
    n = state["now"]["tensors"]["generator"].numel()
    old, new = b"M" + struct.pack("<H", n), b"J" + struct.pack("<i", n + 1000)
    payload = archive(state)
    assert n > 255
    said = refusal(tmp_path, with_pickle(payload, lambda content: content.replace(old, new)))
    assert "not as long as it should be" in said
    refusal(
        tmp_path, with_pickle(payload, lambda content: content.replace(old, b"J" + struct.pack("<i", -5)))
    )


def test_an_archive_is_found_at_one_place(tmp_path: Path, state: dict[str, Any]) -> None:
    """What another reader would find before it does not count, and is never unpacked."""
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("archive/data.pkl", bytes(300 << 20))
    assert len(hidden.getvalue()) < 1 << 20
    assert opened(tmp_path, hidden.getvalue() + archive(state)).step == 70
    assert "compressed" in refusal(tmp_path, archive(state) + hidden.getvalue())
    assert "compressed" in refusal(tmp_path, with_overlaps(archive(state)))


def with_overlaps(payload: bytes) -> bytes:
    """Return an archive whose directory names its largest record a hundred times."""
    with zipfile.ZipFile(io.BytesIO(payload)) as source:
        entries = source.infolist()
        target = io.BytesIO(payload[: source.start_dir])
        largest = max(entries, key=lambda entry: entry.file_size)
        with zipfile.ZipFile(target, "a") as changed:
            changed.filelist = [copy.copy(entry) for entry in entries]
            for i in range(100):
                again = copy.copy(largest)
                again.filename = f"archive/data/9{i}"
                changed.filelist.append(again)
            changed.start_dir = source.start_dir
            changed._didModify = True  # type: ignore[attr-defined]
    return target.getvalue()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_pipes_devices_and_strange_names_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ganviz")
    for path in (tmp_path / "pipe.ganviz", Path("/dev/zero"), Path("/dev/stdin"), tmp_path):
        with pytest.raises(CheckpointError, match=r"is not a file\.$"):
            load_checkpoint(path)
    for name in ("lone\udcff.ganviz", "\ud800.ganviz", "nul\0.ganviz", "long" * 1000):
        with pytest.raises(CheckpointError, match=r"cannot be read: .*\.$"):
            load_checkpoint(tmp_path / name)


def test_a_file_larger_than_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "large.ganviz").open("wb") as file:
        file.write(b"ganviz checkpoint 2\n")
        file.truncate(1 << 30)
    monkeypatch.setattr("ganviz.training.checkpoint.free_bytes", lambda _: 2 << 30)
    with pytest.raises(CheckpointError, match=r"is of 1\.1 GB, for which there is not enough memory\.$"):
        load_checkpoint(tmp_path / "large.ganviz")
