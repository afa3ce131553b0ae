"""Thousands of mutated checkpoints: each opens and goes on, or is refused in a sentence, soon and in little memory.

Run by hand: ``python tests/campaigns/checkpoints.py --files 10000 --seed 1``. It tells how many of each kind were
opened and refused, and ends with a traceback where something else happens. The files are sealed anew after every
mutation, as a hostile author would do it; otherwise the digest would refuse them all.
"""

from __future__ import annotations

import argparse
import collections
import copy
import hashlib
import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from ganviz.session.exporting import write_history
from ganviz.session.settings import with_settings
from ganviz.training.checkpoint import CheckpointError, load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer

LONGEST_SECONDS = 10.0
MOST_MEMORY = 2 << 30
LARGE = 10**400
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**63, LARGE, float("nan"), float("inf"), -0.0, "", "x", "\ud800", "9" * 5000, [], {},
    (), [[]], {"a": 1}, "[" * 5000, torch.zeros(0), torch.zeros(3), torch.tensor(float("nan")), torch.zeros(2, 2).t(),
    torch.zeros(1).expand(1000, 1000), torch.zeros(5, dtype=torch.int64), torch.zeros(5, dtype=torch.bool),
)  # fmt: skip


def states() -> list[dict[str, Any]]:
    """Return some small runs."""
    small = ["architecture.width=4", "training.batch_size=4"]
    configs = [
        with_settings(RunConfig(), small),
        with_settings(RunConfig(), [*small, "lanes.0.formulation=wgan_gp", "training.ema_decay=0.9"]),
        with_settings(RunConfig(), [*small, "lanes.0.generator_optimizer=sgd", "distribution=grid"]),
    ]
    found = []
    for config in configs:
        trainer = Trainer(config)
        trainer.train(20)
        trainer.fork(0, config.lanes[0])
        trainer.train(6)
        found.append(trainer.state())
    return found


def packed(state: Any) -> bytes:
    """Return the archive of a state."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def sealed(payload: bytes) -> bytes:
    """Return a file with the digest that belongs to it."""
    return b"ganviz checkpoint 2\n" + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container in a state with every key in it."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            found += [(value, key), *places(value[key])]
    return found


def other_value(state: dict[str, Any], chance: random.Random) -> bytes:
    """Return a state with one to three values that are others."""
    state = copy.deepcopy(state)
    for _ in range(chance.randint(1, 3)):
        container, key = chance.choice(places(state))
        what = chance.random()
        if what < 0.5:
            container[key] = chance.choice(ODD)
        elif what < 0.7:
            del container[key]
        elif isinstance(container, list):
            container += [container[key]] * chance.choice((1, 2, 1000))
        else:
            container[chance.choice(("more", 7, "step"))] = container[key]
    return packed(state)


def other_numbers(state: dict[str, Any], chance: random.Random) -> bytes:
    """Return a state with numbers in its configuration and its tensors that are others."""
    state = copy.deepcopy(state)
    text = state["now"]["config"]
    figures = [i for i, letter in enumerate(text) if letter.isdigit()]
    for _ in range(chance.randint(1, 3)):
        at = chance.choice(figures)
        text = (
            text[:at]
            + chance.choice(("0", "9", "99", "-1", "1e400", "null", '"a"', "9" * 400))
            + text[at + 1 :]
        )
    state["now"]["config"] = text
    if chance.random() < 0.5:
        tensors = state["now"]["tensors"]
        tensor = tensors[chance.choice(list(tensors))]
        if tensor.numel():
            tensor.view(-1)[chance.randrange(tensor.numel())] = chance.choice(
                (float("nan"), float("inf"), 1e38)
            )
    return packed(state)


def other_instructions(state: dict[str, Any], chance: random.Random) -> bytes:
    """Return an archive whose instructions have other bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed(state))) as source, zipfile.ZipFile(target, "w") as changed:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("data.pkl") or chance.random() < 0.02:
                content = other_bytes(content, chance)
            changed.writestr(entry.filename, content)
    return target.getvalue()


def other_archive(state: dict[str, Any], chance: random.Random) -> bytes:
    """Return an archive with other bytes, above all in its directory."""
    payload = packed(state)
    if chance.random() < 0.5:
        return other_bytes(payload, chance)
    return payload[:-4000] + other_bytes(payload[-4000:], chance)


def other_bytes(content: bytes, chance: random.Random) -> bytes:
    """Return bytes of which some are others, are gone, or are there twice."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        what = chance.random()
        if what < 0.6 and at < len(data):
            data[at] = chance.randrange(256)
        elif what < 0.8:
            del data[at : at + chance.randint(1, 9)]
        else:
            data[at:at] = data[at : at + chance.randint(1, 99)]
    return bytes(data)


KINDS: dict[str, Callable[[dict[str, Any], random.Random], bytes]] = {
    "values": other_value,
    "numbers": other_numbers,
    "instructions": other_instructions,
    "archives": other_archive,
}


def is_opened(path: Path) -> bool:
    """Return whether a file could be opened; its run is then trained, rewound and written."""
    start = time.process_time()  # others may be using the machine
    try:
        trainer = load_checkpoint(path)
    except CheckpointError as error:
        sentence = str(error)
        assert sentence.endswith((".", ")", "?"))
        assert len(sentence) < 2000
        assert "\n" not in sentence
        return False
    finally:
        seconds = time.process_time() - start
        assert seconds < LONGEST_SECONDS, seconds
    if not trainer.is_finished:
        trainer.train(2)
    write_history(path.with_name("history.csv"), trainer)
    if trainer.keyframes.steps:
        trainer.rewind(0)
    return True


def limit_memory() -> None:
    """Let this process have little more memory than it has now."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def try_files(folder: Path, n: int, chance: random.Random) -> dict[str, list[int]]:
    """Return how many files of each kind were refused and opened."""
    runs, found = states(), collections.defaultdict(lambda: [0, 0])
    path = folder / "run.ganviz"
    for i in range(n):
        kind = chance.choice(list(KINDS))
        before = chance.getstate()
        path.write_bytes(sealed(KINDS[kind](chance.choice(runs), chance)))
        try:
            found[kind][is_opened(path)] += 1
        except BaseException:
            kept = Path(tempfile.gettempdir()) / "ganviz-campaign.ganviz"
            kept.write_bytes(path.read_bytes())
            sys.stderr.write(f"file {i}, of {kind}, is kept in {kept}; {hash(before)}\n")
            raise
    return dict(found)


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("files", 10_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    limit_memory()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = try_files(Path(folder), options.files, random.Random(options.seed))
        for kind, (n_refused, n_opened) in sorted(found.items()):
            sys.stdout.write(f"{kind}: {n_opened} opened, {n_refused} refused\n")
        sys.stdout.write(f"{time.perf_counter() - start:.1f} s\n")


if __name__ == "__main__":
    main()
