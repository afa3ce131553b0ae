"""A GPU that is pretended, as a plugin of pytest: what would fail on a real one fails here, too.

Its tensors say that they live elsewhere; the CPU computes with what they hold. As with CUDA, an operation of tensors on
two devices is refused (but of numbers and of places to pick), a tensor elsewhere is no array, and while a step is
captured nothing may come from the host or go there. It is for a process of its own: torch cannot forget a device.
"""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import torch
from torch.utils import _pytree
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "pretended"
EVERY = 97
"""Of so many games one is played."""
COPIES = ("aten::_to_copy", "aten::copy_", "aten::_foreach_copy_")
PICKS = ("aten::index", "aten::index_put", "aten::index_put_", "aten::_index_put_impl_")
ANSWERS = ("aten::_local_scalar_dense", "aten::equal", "aten::is_nonzero")
"""Operations that give the host a number."""

# A tensor of inference mode cannot be wrapped; what is trained needs no more than that nothing is differentiated.
torch.inference_mode = lambda mode=True: torch.no_grad() if mode else contextlib.nullcontext()
_setup_privateuseone_for_python_backend(NAME)
DEVICE = torch.device(NAME, 0)


class Elsewhere(torch.Tensor):
    """A tensor of the pretended device; ``held`` is what the CPU computes with."""

    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, held):
        made = torch.Tensor._make_wrapper_subclass(
            cls, held.size(), held.stride(), held.storage_offset(), dtype=held.dtype, device=DEVICE
        )
        made.held = held
        return made

    def __repr__(self, **_):
        return f"elsewhere({self.held})"

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return called(func, args, kwargs or {})


class Pretended(TorchDispatchMode):
    """Sees tensors made on the device, which no argument tells of."""

    is_capturing = False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return called(func, args, kwargs or {})


def called(func, args, kwargs):
    """Do an operation where its tensors live."""
    name = func._schema.name
    given, spec = _pytree.tree_flatten((args, kwargs))
    ours = [one for one in given if isinstance(one, Elsewhere)]
    check_places(name, given, ours, kwargs.get("device"))
    held = [_held(one) for one in given]
    args, kwargs = _pytree.tree_unflatten(held, spec)
    found = func(*args, **kwargs)
    if name == "aten::copy_":
        return given[0]
    if name == "aten::_to_copy" and found.data_ptr() == args[0].data_ptr():
        found = found.clone()
    is_ours = is_elsewhere(name, bool(ours), spec, given)
    known = {id(one.held): one for one in ours}

    def wrapped(one):
        if not isinstance(one, torch.Tensor) or not is_ours:
            return one
        return known[id(one)] if id(one) in known else Elsewhere(one)

    return _pytree.tree_map(wrapped, found)


def is_elsewhere(name, has_ours, spec, given):
    """Return whether an operation's results live on the device."""
    if name in ANSWERS:
        return False
    _, kwargs = _pytree.tree_unflatten(given, spec)
    device = kwargs.get("device")
    return has_ours if device is None else torch.device(device).type == NAME


def check_places(name, given, ours, device):
    """Refuse what a GPU would: operations across devices, and copies from and to the host while a step is captured."""
    plain = [one for one in given if isinstance(one, torch.Tensor) and not isinstance(one, Elsewhere)]
    if name in COPIES:
        goes = device is not None and bool(ours) != (torch.device(device).type == NAME)
        if Pretended.is_capturing and (goes or (ours and plain)):
            raise RuntimeError(
                f"{name}: host and device cannot be copied to each other while a step is captured"
            )
    elif ours and name not in PICKS and any(one.dim() for one in plain):
        raise RuntimeError(f"{name}: tensors live on two devices: {[tuple(one.shape) for one in plain]}")


def _held(one):
    if isinstance(one, Elsewhere):
        return one.held
    return torch.device("cpu") if isinstance(one, torch.device) and one.type == NAME else one


def _let_move(make):
    """Let torch's own ways to make a tensor of numbers, which no mode sees, make it here and move it."""

    def made(data, *args, device=None, **kwargs):
        is_ours = device is not None and torch.device(device).type == NAME
        if isinstance(data, Elsewhere):
            return data if is_ours or device is None else data.cpu()
        found = make(data, *args, **kwargs)
        return found.to(DEVICE) if is_ours else found

    return made


torch.tensor, torch.as_tensor = _let_move(torch.tensor), _let_move(torch.as_tensor)
torch.cuda.is_available = lambda: True


def pytest_configure(config):
    """Let runs that ask for a GPU live on the device, and let a tape capture their steps."""
    from ganviz.kernels import joined, recorded
    from ganviz.training import run_state
    from ganviz.training.steps.captured import CudaRecorder
    from tests.training.tape import Tape

    def capture(self, work):
        Pretended.is_capturing = True
        try:
            return self.tape.capture(work)
        finally:
            Pretended.is_capturing = False

    def of_memory(tensor):
        return getattr(tensor, "held", tensor).untyped_storage().data_ptr()

    CudaRecorder.__init__ = lambda self: setattr(self, "tape", Tape())
    CudaRecorder.run = lambda self, work: self.tape.run(work)
    CudaRecorder.capture = capture
    run_state.resolve_device = lambda name: "cpu" if name == "cpu" else NAME
    run_state.check_memory = lambda *known: None
    recorded._is_view = lambda result, of: of_memory(result) == of_memory(of)
    joined.torch = SimpleNamespace(Generator=lambda device: torch.Generator(), equal=torch.equal)
    config.stash["pretended"] = mode = Pretended()
    mode.__enter__()


def pytest_collection_modifyitems(config, items):
    """Keep the tests that want a GPU, with as many steps as on a tape; of all games, a few."""
    kept = [item for item in items if "cuda" in item.name]
    games = [item for item in kept if item.name.startswith("test_captured_is_eager")]
    items[:] = [item for item in kept if item not in games] + games[::EVERY]
    items[0].module.STEPS = items[0].module.STEPS_OF_A_TAPE
