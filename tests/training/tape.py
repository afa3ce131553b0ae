"""A stand-in for CUDA graphs: a tape of the calls that reach the kernels, with the memory they were made on.

As in a capture, nothing is changed while the tape is made, Python does not run when it is replayed, and asking for a
value on the way is refused.
"""

import torch
from torch.utils._python_dispatch import TorchDispatchMode

ASKS_FOR_A_VALUE = ("_local_scalar_dense", "nonzero", "is_nonzero")
NORMS = "native_batch_norm"
"""Changes its running statistics without its schema saying so."""


class Tape(TorchDispatchMode):
    """A recorder for :class:`ganviz.training.steps.captured.CapturedStep`."""

    def __init__(self):
        super().__init__()
        self.calls, self.warm_ups, self.captures = [], 0, 0

    def run(self, work):
        self.warm_ups += 1
        work()

    def capture(self, work):
        self.captures += 1
        self.calls = []
        with self:
            work()
        calls = self.calls
        assert calls
        return lambda: replay(calls)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = func._schema.name.partition("::")[2]
        if name in ASKS_FOR_A_VALUE:
            raise RuntimeError(f"{name} is not permitted while a stream is capturing")
        written = [a for a in func._schema.arguments if a.alias_info is not None and a.alias_info.is_write]
        if written:
            self.calls.append((func, args, kwargs, ()))
            return self._written(func, written, args, kwargs)
        tried = args
        if name == NORMS:
            tried = [a.clone() if i in (3, 4) and a is not None else a for i, a in enumerate(args)]
        found = func(*tried, **kwargs)
        if not any(result.alias_info is not None for result in func._schema.returns):
            self.calls.append((func, args, kwargs, found if isinstance(found, (tuple, list)) else (found,)))
        return found

    def _written(self, func, written, args, kwargs):
        values = {a.name: v for a, v in zip(func._schema.arguments, args, strict=False)} | kwargs
        found = tuple(values[a.name] for a in written)[: len(func._schema.returns)]
        return found[0] if len(found) == 1 else (found or None)


@torch.no_grad()
def replay(calls):
    for func, args, kwargs, places in calls:
        found = func(*args, **kwargs)
        for place, value in zip(
            places, found if isinstance(found, (tuple, list)) else (found,), strict=False
        ):
            if place is not None:
                place.copy_(value)
