"""About how much memory a configuration needs, and how much there is: told before anything is given up for it.

The estimate is meant to be right within a factor of about two: it keeps a run that works from being replaced by one
that cannot even begin. What lies between is noticed when the system refuses memory.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import torch

from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.layers import Convolution, Linear
from ganviz.networks.network import Network
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.keyframes import BYTES, FEWEST_FRAMES
from ganviz.training.players import networks_of, slots_of
from ganviz.training.scores import BLOCK_STEPS

NEVER_REFUSED = 256 << 20
"""What every machine has that can load torch; smaller needs are not compared with anything."""
WORKING_COPIES = 4.0
"""Gradients, their temporary products, and what an optimizer computes before it is written back."""
FIRST_COPIES = 5.0
"""First weights are drawn as double numbers, lane by lane, and stacked before they are rounded."""
BATCH_COPIES = 3.0
"""Outputs of layers, their slopes, and what a penalty or autograd needs beside them."""
PATCHES = 1.5
"""Convolutions lay out some of their inputs as patches, a lane at a time."""


class OutOfMemoryError(InvalidValueError):
    """There is not enough memory; its text is one sentence."""


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes for what is kept and for one step's batches."""

    networks: int
    batches: int

    @property
    def total(self) -> int:
        """Return all bytes."""
        return self.networks + self.batches


def memory_need(config: RunConfig, itemsize: int = 4) -> MemoryNeed:
    """Return about how much memory a run needs, without making any of it."""
    lanes, training = config.n_rows, config.training
    networks = networks_of(config)
    sizes = [network.layout.n + network.buffer_layout.n for network in networks]
    slots = slots_of(config)
    kept = sum(size * (1 + len(slots[name])) for size, name in zip(sizes, slots, strict=True))
    kept += sizes[0] if training.ema_decay else 0
    frame = lanes * kept * itemsize
    frames = max(FEWEST_FRAMES * frame, min(BYTES, 64 * frame)) + 2 * frame
    now = lanes * sum(sizes) * itemsize * (kept / sum(sizes) + WORKING_COPIES)
    first = lanes * max(sizes) * itemsize * FIRST_COPIES
    a_batch = step_bytes(config, itemsize)
    scores = BLOCK_STEPS * lanes * training.batch_size * 4 * (itemsize + 2 * 8)
    return MemoryNeed(int(frames + max(now, first)), int(a_batch + scores))


def step_bytes(config: RunConfig, itemsize: int = 4) -> float:
    """Return about how much a step leaves behind in memory: the outputs of layers and their slopes."""
    generated, judged = _numbers(config.architecture, config.latents.size, config.distribution.shape)
    return config.training.batch_size * config.n_rows * (generated + 2 * judged) * itemsize * BATCH_COPIES


@lru_cache(maxsize=16)
def _numbers(
    architecture: AbstractArchitecture, latent_size: int, shape: tuple[int, ...]
) -> tuple[float, float]:
    """Return how many numbers all layers of both networks give for one sample."""
    generator, discriminator = architecture.generator(latent_size, shape), architecture.discriminator(shape)
    return _numbers_per_sample(generator, latent_size), _numbers_per_sample(discriminator, math.prod(shape))


def _numbers_per_sample(network: Network, n: float) -> float:
    """Return how many numbers all layers give for one sample of ``n`` numbers, with room for convolutions' patches."""
    total = 0.0
    for layer in network.layers:
        if isinstance(layer, Linear):
            n = layer.n_out
        elif isinstance(layer, Convolution):  # of stride 2
            n *= layer.n_out / layer.n_in * (4 if layer.transposed else 0.25)
        total += n
    return total if network.lane_batched else total * PATCHES


def check_memory(config: RunConfig, device: str, itemsize: int = 4) -> None:
    """Refuse what cannot fit beside what there is already.

    Raises
    ------
    OutOfMemoryError
        With both sizes and what would help.
    """
    need = memory_need(config, itemsize)
    if need.total < NEVER_REFUSED:
        return
    free = free_bytes(device)
    if free is None or need.total <= free:
        return
    what = (
        "a smaller batch" if need.batches > need.networks else "a smaller width, fewer layers or fewer lanes"
    )
    raise OutOfMemoryError(
        f"These settings need about {_size(need.total)} of memory ({_size(need.networks)} for the networks and their "
        f"keyframes, {_size(need.batches)} for batches), and {_size(free)} are free; {what} would fit."
    )


def check_table(n_rows: int, n_columns: int) -> None:
    """Refuse a history that memory cannot hold twice; files of other versions may have fewer columns than it gets.

    Raises
    ------
    OutOfMemoryError
        With the size.
    """
    needed, free = 2 * 8 * n_rows * n_columns, free_bytes("cpu")
    if needed > NEVER_REFUSED and free is not None and needed > free:
        raise OutOfMemoryError(f"its history needs {_size(needed)} of memory.")


def _size(n_bytes: float) -> str:
    for unit in ("MB", "GB"):
        n_bytes /= 1000 if unit == "GB" else 1e6
        if n_bytes < 1000 or unit == "GB":
            return f"{n_bytes:.0f} {unit}" if n_bytes >= 10 else f"{n_bytes:.1f} {unit}"
    raise AssertionError


def memory_sentence(error: BaseException) -> str:
    """Return a sentence where an exception says that the system, or the GPU, refused memory; else nothing."""
    is_refused = isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )
    return "There is not enough memory for this; a smaller batch or width would fit." if is_refused else ""


@contextlib.contextmanager
def memory_in_words() -> Iterator[None]:
    """Turn a refusal of memory into a sentence.

    Raises
    ------
    OutOfMemoryError
        When memory was refused in the block.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if sentence := memory_sentence(error):
            raise OutOfMemoryError(sentence) from error
        raise


def free_bytes(device: str) -> int | None:
    """Return how many bytes can still be had; None where that cannot be known."""
    if device == "cuda":
        free, _ = torch.cuda.mem_get_info()
        return free + torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
    found = [n for n in (_of_machine(), _of_container(), _of_process()) if n is not None]
    return min(found, default=None)


def _of_machine() -> int | None:
    if sys.platform == "win32":
        return _of_windows()
    with contextlib.suppress(OSError, ValueError):
        match = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
        if match:
            return int(match[1]) * 1024
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _of_windows() -> int | None:
    """Return the free physical memory of a Windows machine."""
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong), ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "page_total", "page_free", "virtual",
                                                       "virtual_free", "extended")),
        )  # fmt: skip

    status = Status(length=ctypes.sizeof(Status))
    if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined, unused-ignore]
        return int(status.free)
    return None


def _of_container() -> int | None:
    """Return what the control group of this process has left; None where it has no limit."""
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        with contextlib.suppress(OSError, ValueError):
            return max(0, int(Path(limit).read_text()) - int(Path(used).read_text()) + _reclaimable())
    return None


def _reclaimable() -> int:
    """Return how much of a control group's use is files that can be dropped."""
    with contextlib.suppress(OSError, ValueError):
        text = Path("/sys/fs/cgroup/memory.stat").read_text(encoding="ascii")
        return sum(int(n) for n in re.findall(r"^(?:in)?active_file (\d+)$", text, re.MULTILINE))
    return 0


def _of_process() -> int | None:
    """Return what limits on this process's addresses leave."""
    with contextlib.suppress(ImportError, OSError, ValueError, IndexError):
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
    return None
