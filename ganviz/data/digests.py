"""By what data from files are known again where a saved run keeps a part of them: every byte that was read counts."""

from __future__ import annotations

import hashlib
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

Digest = NDArray[np.uint8]

_N_BYTES = hashlib.sha256().digest_size
_KNOWN: dict[int, tuple[weakref.ref[Any], Digest | None]] = {}


def digest_of(data: NDArray[Any]) -> dict[str, Digest]:
    """Return an array's digest under its name in a saved run; nothing of what stands in for data that had none.

    It is made once for each array: a run that trains is saved again and again.
    """
    known = _KNOWN.get(id(data))
    if known is None:
        made = hashlib.sha256(np.ascontiguousarray(data).data).digest()
        known = _keep(data, np.frombuffer(made, dtype=np.uint8))
    return {} if known[1] is None else {"digest": known[1]}


def stands_in(data: NDArray[Any], digest: NDArray[Any] | None) -> None:
    """Let an array have the digest that was kept of all the data that it is a part of."""
    is_one = digest is not None and digest.dtype == np.uint8 and digest.shape == (_N_BYTES,)
    _keep(data, digest if is_one else None)


def _keep(data: NDArray[Any], digest: Digest | None) -> tuple[weakref.ref[Any], Digest | None]:
    key = id(data)
    _KNOWN[key] = weakref.ref(data, lambda _: _KNOWN.pop(key, None)), digest
    return _KNOWN[key]
