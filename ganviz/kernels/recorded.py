"""Formulas of tensors at fixed places, as programs.

A formula of a loss is written for its reader: each operation in it allocates its result, and torch makes a tensor of
each number of Python's, which costs more than to compute with a batch of scores. Fast, the calls of aten that a formula
makes are recorded once and made again into memory that is set aside, with its numbers as tensors; what is computed
twice is computed once. Plain, and where a formula does what cannot be recorded, it is called anew each time. The
results are equal to the bit: the same functions compute them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from ganviz.kernels import switch
from ganviz.kernels.constants import constant
from ganviz.kernels.program import Program

Formula = Callable[..., tuple[Tensor, ...]]

_WITH_NUMBERS = ("add.Tensor", "sub.Tensor", "mul.Tensor", "div.Tensor")
"""Operations of two tensors, which are called with numbers too."""
_CONSTANTS = ("new_full", "new_ones", "new_zeros", "full", "full_like", "ones_like", "zeros_like")
"""Operations whose results do not depend on what is in any tensor."""


def recorded(formula: Formula, *inputs: Tensor) -> tuple[Program, tuple[Tensor, ...]]:
    """Return the calls for a formula of tensors whose memory stays, and where they leave its results.

    It may not decide anything by what is in the tensors, and no other tensor that it uses may change. Nobody may change
    a result in place.
    """
    program, results, _ = _made(formula, inputs)
    return program, results


def recorded_into(places: Sequence[Tensor], formula: Formula, *inputs: Tensor) -> tuple[Program, Program]:
    """Return the calls that leave a formula's results in ``places``, and those for results that never change.

    What holds of :func:`recorded` holds here, save that a place may be written to in between. A result's last call
    writes to its place, and only a result that is part of another one, or whose place is taken, is copied.
    """
    program, results, is_movable = _made(formula, inputs)
    once: Program = []
    moved: set[int] = set()
    with torch.inference_mode(False):
        for place, result in zip(places, results, strict=True):
            if is_movable(result) and id(result) not in moved and result.shape == place.shape:
                moved.add(id(result))
                result.set_(place)  # type: ignore[call-overload]
            else:
                (program if is_movable(result) is not None else once).append(partial(place.copy_, result))
    return program, once


def _made(
    formula: Formula, inputs: tuple[Tensor, ...]
) -> tuple[Program, tuple[Tensor, ...], Callable[[Tensor], bool | None]]:
    """Return a program, its results, and what tells whether one may be elsewhere; None where it never changes."""
    with torch.inference_mode(False):  # results are written to in either mode
        if not switch.PLAIN:
            recording = _Recording(inputs)
            with recording:
                results = formula(*inputs)
            if recording.is_complete:
                return recording.program, results, recording.is_movable
        results = tuple(torch.empty_like(one) for one in formula(*inputs))

    def compute() -> None:
        for place, one in zip(results, formula(*inputs), strict=True):
            place.copy_(one)

    return [compute], results, lambda result: False


class _Recording(TorchDispatchMode):
    """Notes the operations that are called meanwhile, each with the tensor that it made as the place of its result."""

    def __init__(self, inputs: tuple[Tensor, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.program: Program = []
        self.is_complete = True
        self._known: dict[Any, Tensor] = {}
        self._varying = {id(one) for one in inputs}
        self._made: set[int] = set()
        self._seen_through: set[int] = set()
        self._alive: list[Any] = []  # tensors are known by their addresses, which may not be given to others

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Leave torch's compiler alone: to be kept out of it, this class would load it, which takes a second."""
        return False

    def is_movable(self, result: Tensor) -> bool | None:
        """Return whether a result's memory may be changed for other: it is a call's, and there is no view of it."""
        if id(result) not in self._varying:
            return None
        return id(result) in self._made and id(result) not in self._seen_through

    def __torch_dispatch__(self, op: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Do what was called, or return what it has returned before."""
        key = _key([op, args, sorted((kwargs or {}).items())])
        if key in self._known:
            return self._known[key]
        result = op(*args, **(kwargs or {}))
        self._alive.append((args, kwargs, result))
        if self._note(op, args, kwargs or {}, result):
            self._known[key] = result
        return result

    def _note(self, op: Any, args: Any, kwargs: Any, result: Any) -> bool:
        """Take down what was called; return whether the result may be given out again, which a view may not."""
        given = [one for arg in args for one in (arg if isinstance(arg, list) else [arg])]
        tensors = [one for one in given if isinstance(one, Tensor)]
        made = list(result) if isinstance(result, list | tuple) else [result]
        is_simple = all(isinstance(one, Tensor) and not one.requires_grad for one in (*tensors, *made))
        if not is_simple or op._schema.is_mutable or torch.Tag.nondeterministic_seeded in op.tags:
            self.is_complete = False
            return False
        is_view = all(any(_is_view(one, x) for x in tensors) for one in made)
        if op.overloadpacket.__name__ in _CONSTANTS or self._varying.isdisjoint(map(id, tensors)):
            return not is_view
        self._varying.update(map(id, made))
        if is_view:
            self._seen_through.update(map(id, tensors))
        else:
            self._made.update(map(id, made))
            call = _into(made[0], op, args, kwargs) if len(made) == 1 else None
            self.is_complete &= call is not None
            self.program += [call] if call else []
        return not is_view


def _key(value: Any) -> Any:
    """Return what tells arguments apart: tensors by which they are, everything else by kind and value."""
    if isinstance(value, list | tuple):
        return tuple(_key(one) for one in value)
    return (Tensor, id(value)) if isinstance(value, Tensor) else (type(value), value)


def _is_view(result: Tensor, of: Tensor) -> bool:
    return result.untyped_storage().data_ptr() == of.untyped_storage().data_ptr()


def _into(place: Tensor, op: Any, args: Any, kwargs: Any) -> Callable[[], object] | None:
    """Return an operation's call that writes to ``place``, None where there is none.

    torch's own function of that name is called at half of the price of aten's.
    """
    name = str(op).removeprefix("aten.")
    if name == "rsub.Scalar" and len(args) == 2 and not kwargs:
        name, args, op = "sub.Tensor", (args[1], args[0]), torch.ops.aten.sub.Tensor
    if name in _WITH_NUMBERS and place.is_floating_point():
        args = tuple(
            one if isinstance(one, Tensor) else constant(float(one), (), place.dtype, place.device)
            for one in args
        )
    overload, out = _writing(op)
    if overload is None:
        return None
    usual = getattr(torch, op.overloadpacket.__name__, None)
    if out == "out" and usual is not None:
        try:
            usual(*args, **kwargs, out=place)
        except (TypeError, RuntimeError):
            pass
        else:
            return partial(usual, *args, **kwargs, out=place)
    return partial(overload._op, *args, **kwargs, **{out: place})


def _writing(op: Any) -> tuple[Any, str]:
    """Return the form of an operation that writes its result, and what the place is called there."""
    wanted = [(one.name, str(one.type)) for one in op._schema.arguments]
    packet = op.overloadpacket
    for form in (getattr(packet, name) for name in packet.overloads()):
        places = [one.name for one in form._schema.arguments if one.is_out]
        rest = [(one.name, str(one.type)) for one in form._schema.arguments if not one.is_out]
        if len(places) == 1 and rest == wanted:
            return form, places[0]
    return None, ""
