"""What crosses between threads and processes: frozen, made of values, and the same after the journey."""

import dataclasses
import enum
import inspect
import pathlib
import pickle
import types
import typing

import numpy as np
import pytest

from ganviz.session import commands, events
from ganviz.session.commands import Command, Look
from ganviz.session.events import Event
from ganviz.spec import Spec
from ganviz.training import probes
from ganviz.training.config import RunConfig
from ganviz.training.history import ChangeMark
from ganviz.training.probes import (
    bound,
    dirac,
    gradients,
    image_grid,
    latent_map,
    ledger,
    line,
    loss_shape,
    loss_trace,
    metrics,
    metrics_trace,
    optimal_surface,
    samples,
    score_histogram,
    seed_samples,
    shadow_gradients,
    shadow_trace,
    surface,
)
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.snapshot import Snapshot

PLAIN = {type(None), bool, int, float, str, typing.Any, pathlib.Path}
PROBE_MODULES = (
    bound, dirac, gradients, image_grid, latent_map, ledger, line, loss_shape, loss_trace, metrics, metrics_trace,
    optimal_surface, samples, score_histogram, seed_samples, shadow_gradients,
    shadow_trace, surface,
)  # fmt: skip


def classes_in(module, base):
    return [
        cls for _, cls in inspect.getmembers(module, inspect.isclass)
        if cls.__module__ == module.__name__ and issubclass(cls, base)
    ]  # fmt: skip


READINGS = [cls for module in PROBE_MODULES for cls in classes_in(module, Reading)]
PROBES = [cls for module in PROBE_MODULES for cls in classes_in(module, AbstractProbe)]
CROSSING = [*typing.get_args(Command), *typing.get_args(Event), Look, Snapshot, RunConfig, ChangeMark]


def is_value(kind, seen=()):
    """Return whether instances of a type can be shared: plain, frozen, or made of such."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return all(is_value(part, seen) for part in arguments)
    if origin is tuple:
        return all(part is Ellipsis or is_value(part, seen) for part in arguments)
    if origin is np.ndarray:
        return True
    if kind in PLAIN or kind in seen or kind in (AbstractProbe, Reading):
        return True
    if not inspect.isclass(kind):
        return False
    if issubclass(kind, (enum.Enum, Spec)):
        return True
    if not dataclasses.is_dataclass(kind) or not kind.__dataclass_params__.frozen:
        return False
    return all(is_value(hint, (*seen, kind)) for hint in field_hints(kind).values())


def field_hints(cls):
    namespace = {name: value for module in (commands, events) for name, value in vars(module).items()}
    namespace |= {
        "RunConfig": RunConfig,
        "AbstractProbe": AbstractProbe,
        "ChangeMark": ChangeMark,
        "Reading": Reading,
    }
    hints = typing.get_type_hints(cls, localns=namespace)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def test_the_modules_here_are_all_that_there_are():
    folder = pathlib.Path(probes.__file__).parent
    found = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    assert found == {module.__name__.rsplit(".", 1)[-1] for module in PROBE_MODULES}


@pytest.mark.parametrize("cls", [*CROSSING, *READINGS, *PROBES], ids=lambda cls: cls.__name__)
def test_only_frozen_values_cross(cls):
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    for name, hint in field_hints(cls).items():
        assert is_value(hint), f"{name}: {hint}"


@pytest.mark.parametrize("kind", [list, dict, set, np.random.Generator, bytearray, types.FunctionType])
def test_what_can_change_is_not_a_value(kind):
    assert not is_value(kind)


@pytest.mark.parametrize("cls", READINGS, ids=lambda cls: cls.__name__)
def test_every_array_of_a_reading_is_typed_as_one(cls):
    assert any("ndarray" in str(hint) for hint in field_hints(cls).values())


def test_a_configuration_is_the_same_after_a_journey():
    config = RunConfig()
    assert pickle.loads(pickle.dumps(config)) == config
    assert hash(pickle.loads(pickle.dumps(config))) == hash(config)
