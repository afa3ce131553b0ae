"""One cell of a sweep: trained wherever there is a processor, from plain data to bytes, and read back with care.

What comes back is a packet: a line of JSON (a row of end figures a seed, and the names and sizes of files, or why the
cell failed), then the files one after the other. Nothing in it is executed, and what is read of it is bounded.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ganviz.kernels.crew import alone
from ganviz.session.choosing import MOST_STEPS
from ganviz.session.saved_run import CHECKPOINT
from ganviz.session.summary import run_summary
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.training.checkpoint import MOST_BYTES, checkpoint_bytes, load_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import RunConfig, config_from_plain
from ganviz.training.memory_need import memory_sentence
from ganviz.training.trainer import Trainer

log = logging.getLogger("ganviz")

STEPS_AT_ONCE = 256
MOST_HEADER_BYTES = 4 << 20
MOST_FILES, MOST_FIGURES = 64, 500
MOST_SECONDS = 1e9
LONGEST_TEXT = 1000
_COMPARED = [i for i, name in enumerate(COLUMNS) if name != "seconds"]
_FILE_NAME = re.compile(r"[a-z0-9_]{1,40}\.ganviz")
_FIGURE_NAME = re.compile(r"[A-Za-z0-9_]{1,80}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SeedRow:
    """What one seed of a cell came to.

    Attributes
    ----------
    seed : int
    diverged_at : int or None
        The step at which it stopped; its figures are those of the last keyframe before.
    digest : str
        SHA-256 of its history: every step's scalars, but for the seconds, as little-endian doubles, row by row.
    figures : dict
        End figures by name; None where one has no meaning.
    """

    seed: int
    diverged_at: int | None
    digest: str
    figures: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class CellResult:
    """A cell that was trained, or ``error``, a sentence."""

    rows: tuple[SeedRow, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()
    seconds: float = 0.0
    error: str = ""


def silent(step: int) -> None:
    """Say nothing."""


def run_cell(work: dict[str, Any], noted: Callable[[int], object] = silent) -> bytes:
    """Train a cell of a sweep and return its packet; an error is a packet too.

    Parameters
    ----------
    work : dict
        "config" in its plain form, and "steps".
    noted : callable
        Is told now and then at which step it is.
    """
    try:
        start = time.perf_counter()
        trainer = _train(config_from_plain(work["config"]), work["steps"], noted)
        header = {"rows": _rows(trainer), "seconds": time.perf_counter() - start}
        return _packet(header, {CHECKPOINT: checkpoint_bytes(trainer)})
    except InvalidValueError as error:
        return failure(str(error))
    except Exception as error:
        if not (sentence := memory_sentence(error)):
            log.exception("A cell of a sweep has failed.")
        return failure(sentence or f"{type(error).__name__}: {error}")


def failure(sentence: str) -> bytes:
    """Return the packet of a cell that was not trained."""
    return _packet({"error": sentence[:LONGEST_TEXT]}, {})


def _packet(header: dict[str, Any], files: dict[str, bytes]) -> bytes:
    sizes = [[name, len(content)] for name, content in files.items()]
    line = json.dumps({**header, "files": sizes}, allow_nan=False).encode()
    return b"".join((line, b"\n", *files.values()))


def _train(config: RunConfig, steps: int, noted: Callable[[int], object]) -> Trainer:
    with alone():  # other workers have the other processors
        trainer = Trainer(config)
        while trainer.step < steps and not trainer.is_finished:
            trainer.train(min(STEPS_AT_ONCE, steps - trainer.step))
            noted(trainer.step)
    return trainer


def _rows(trainer: Trainer) -> list[dict[str, Any]]:
    """Return what :class:`SeedRow` has, of each seed of the only lane."""
    (lane,) = run_summary(trainer, 0.0, 0, [])["lanes"]
    digests = history_digests(trainer)
    return [
        {
            "seed": trainer.config.seed_of(row), "diverged_at": trainer.lanes[row].diverged_at,
            "digest": digests[row], "figures": {**seed["losses"], **seed["scores"], **seed["metrics"]},
        }
        for row, seed in enumerate(lane.get("seeds", [lane]))
    ]  # fmt: skip


def history_digests(trainer: Trainer) -> list[str]:
    """Return the digest of every row's history, as :class:`SeedRow` has it."""
    trainer.flush()
    history = trainer.history
    return [
        hashlib.sha256(
            b"".join(values[:, _COMPARED].astype("<f8").tobytes() for _, values in history.rows(row))
        ).hexdigest()
        for row in range(history.n_lanes)
    ]


def read_packet(packet: bytes, seeds: Sequence[int]) -> CellResult:
    """Return what a worker has sent.

    Raises
    ------
    InvalidValueError
        When it is not what :func:`run_cell` makes of these seeds.
    """
    end = packet.find(b"\n", 0, MOST_HEADER_BYTES)
    try:
        header = json.loads(packet[: max(end, 0)])
        if header.get("error"):
            return CellResult(error=_one_line(str(header["error"])[:LONGEST_TEXT]))
        rows = read_rows(header["rows"], seeds)
        return CellResult(
            rows, _files(header["files"], memoryview(packet)[end + 1 :]), read_seconds(header["seconds"])
        )
    except UNFIT as error:
        raise InvalidValueError(f"What a worker has sent is no result of a cell: {error}.") from error


def _one_line(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)


def read_seconds(plain: Any) -> float:
    """Return how long a cell took; raise one of ``UNFIT`` where that is no time."""
    seconds = float(plain)
    if not 0 <= seconds < MOST_SECONDS:
        raise ValueError(f"it took {seconds!r} s")
    return seconds


def read_rows(plain: Any, seeds: Sequence[int]) -> tuple[SeedRow, ...]:
    """Return checked rows; raise one of ``UNFIT`` where they are not of these seeds."""
    rows = tuple(_row(row) for row in plain[: len(seeds) + 1])
    if [row.seed for row in rows] != list(seeds):
        raise ValueError("it is of other seeds")
    return rows


def _row(plain: Any) -> SeedRow:
    seed, stopped, digest, figures = (plain[name] for name in ("seed", "diverged_at", "digest", "figures"))
    if (
        type(seed) is not int
        or not (stopped is None or (type(stopped) is int and 0 < stopped <= MOST_STEPS))
        or not _DIGEST.fullmatch(digest)
    ):
        raise ValueError("a seed, a step or a digest is none")
    if len(figures) > MOST_FIGURES or not all(map(_FIGURE_NAME.fullmatch, figures)):
        raise ValueError("a figure has no name, or they are too many")
    return SeedRow(seed, stopped, digest, {name: _figure(value) for name, value in figures.items()})


def _figure(value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"a figure is {value!r:.40}")
    return float(value)


def _files(plain: Any, content: memoryview) -> tuple[tuple[str, bytes], ...]:
    if len(plain) > MOST_FILES or len(content) > MOST_BYTES:
        raise ValueError("it is larger than any cell")
    files, start = [], 0
    for name, size in plain:
        if not _FILE_NAME.fullmatch(name) or type(size) is not int or size < 0:
            raise ValueError("a file has no name or no size")
        files.append((name, bytes(content[start : start + size])))
        start += size
    if start != len(content) or len(dict(files)) < len(files):
        raise ValueError("its files are not as long as it says")
    return tuple(files)


def check_files(folder: Path, rows: Sequence[SeedRow]) -> None:
    """Read the runs that a machine elsewhere has sent, and see that their histories are those of its rows.

    Raises
    ------
    InvalidValueError
        When a file is no run, or has another history.
    """
    runs = [load_checkpoint(path) for path in sorted(folder.glob("*.ganviz"))]
    found = [digest for run in runs for digest in history_digests(run)]
    if sorted(found) != sorted(row.digest for row in rows):
        raise InvalidValueError("What a worker has sent is damaged: its runs are not those of its table.")
