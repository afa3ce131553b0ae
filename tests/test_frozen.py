"""Frozen values are what the standard decorator makes of them."""

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from dataclasses import field
from typing import ClassVar

import pytest

import ganviz
from ganviz.spec.frozen import dataclass

FORMS = {"ours": dataclass, "standard": dataclasses.dataclass}
NOT_A_NUMBER = float("nan")


def family(make):
    """Return classes with everything that a field can be, made by ``make``."""

    @make(frozen=True, slots=True)
    class Plain:
        """Two numbers."""

        a: int
        b: float = 1.5
        kind: ClassVar[str] = "plain"

    @make(frozen=True, slots=True, kw_only=True)
    class Named(Plain):
        """A mutable default, names by keyword alone, a field that is not compared, and one that is set afterwards."""

        names: list = field(default_factory=list, hash=False)
        note: str = field(default="", compare=False, repr=False)
        twice: int = field(init=False)
        made: tuple = field(init=False, default_factory=tuple)

        def __post_init__(self):
            object.__setattr__(self, "twice", 2 * self.a)

    @make(frozen=True, slots=True, eq=False)
    class Alone:
        """Compared by identity."""

        a: int

    @make(frozen=True)
    class Roomy:
        """Without slots, with its own words and comparison."""

        a: int

        def __repr__(self):
            return "roomy"

        def __eq__(self, other):
            return True

    @make(frozen=True, slots=True)
    class Empty:
        """Nothing at all."""

    return {made.__name__: made for made in (Plain, Named, Alone, Roomy, Empty)}


@pytest.fixture(params=FORMS)
def kinds(request, monkeypatch):
    made = family(FORMS[request.param])
    for name, kind in made.items():  # where pickling looks for them
        kind.__qualname__ = name
        monkeypatch.setitem(globals(), name, kind)
    return made


def test_values_of_all_kinds_behave_alike(kinds):
    plain, named, alone, roomy, empty = kinds.values()
    value = named(1, names=["x"], note="n")
    assert (value.a, value.b, value.names, value.note, value.twice, value.made) == (1, 1.5, ["x"], "n", 2, ())
    assert repr(value) == "Named(a=1, b=1.5, names=['x'], twice=2, made=())"
    assert value == named(1, names=["x"], note="another") != named(1, names=["y"])
    assert hash(value) == hash(named(1, names=["y"]))
    assert named(1).names is not named(1).names
    assert plain(1) != named(1)
    assert plain(1, 2.0) != plain(1, 3.0)
    assert plain(1) != 1
    assert alone(1) != alone(1)
    assert len({alone(1), alone(1)}) == 2
    assert repr(roomy(1)) == "roomy"
    assert roomy(1) == roomy(2)
    assert len({roomy(1), roomy(1)}) == 1
    assert (empty(), repr(empty())) == (empty(), "Empty()")


def test_ours_are_compared_as_tuples_are():
    """The very same number that is none is equal to itself there; Python 3.13's own compares field by field."""
    plain = family(FORMS["ours"])["Plain"]
    assert plain(NOT_A_NUMBER) == plain(NOT_A_NUMBER)


def test_they_are_frozen_copied_pickled_replaced_and_matched(kinds):
    plain, named, alone, roomy, _ = kinds.values()
    for value in (plain(1), named(1, names=["x"]), roomy(1)):
        assert copy.deepcopy(value) == copy.copy(value) == pickle.loads(pickle.dumps(value)) == value
        assert dataclasses.replace(value, a=7).a == 7
        for way, verb in ((lambda v: setattr(v, "a", 2), "assign to"), (lambda v: delattr(v, "a"), "delete")):
            with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot {verb} field 'a'"):
                way(value)
    assert dataclasses.asdict(named(1, names=[plain(2)]))["names"] == [{"a": 2, "b": 1.5}]
    assert plain.__match_args__ == ("a", "b")
    assert not hasattr(plain(1), "__dict__")
    assert alone.__slots__ == ("a",)


@pytest.mark.parametrize(
    ("arguments", "named"), [((), {}), ((1, 2.0, []), {}), ((1,), {"c": 3}), ((1,), {"a": 1})]
)
def test_wrong_arguments_raise_what_python_says_of_functions(kinds, arguments, named):
    with pytest.raises(TypeError, match=r"__init__\(\)"):
        kinds["Named"](*arguments, **named)


def test_a_value_that_holds_itself_can_be_printed(kinds):
    names = []
    value = kinds["Named"](1, names=names)
    names.append(value)
    assert repr(value).count("...") == 1


@pytest.mark.parametrize("below", FORMS)
def test_either_decorator_goes_on_from_values_of_the_other(kinds, below):
    @FORMS[below](frozen=True, slots=True, kw_only=True)
    class Below(kinds["Plain"]):
        c: int = 3

    value = Below(1, c=4)
    assert (value.a, value.b, value.c) == (1, 1.5, 4)
    assert value == Below(1, c=4) != kinds["Plain"](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'a'"):
        value.a = 2
    with pytest.raises(TypeError, match="cannot inherit non-frozen dataclass from a frozen one"):
        dataclasses.dataclass(type("Changeable", (kinds["Plain"],), {}))


def test_a_changeable_class_above_stays_one():
    @dataclasses.dataclass
    class Changeable:
        a: int = 1

    dataclass(frozen=True)(type("Below", (Changeable,), {}))
    assert not Changeable.__dataclass_params__.frozen
    Changeable().a = 2


def test_every_value_of_the_program_is_made_as_the_standard_decorator_makes_it():
    """Parameters, in order, with their kinds and defaults, against a twin of the same fields."""
    n = 0
    for module in pkgutil.walk_packages(ganviz.__path__, "ganviz."):
        if module.name.endswith("__main__"):
            continue
        for kind in vars(importlib.import_module(module.name)).values():
            is_own = isinstance(kind, type) and kind.__module__ == module.name
            if not is_own or not dataclasses.is_dataclass(kind):
                continue
            if not kind.__dataclass_params__.frozen:
                continue
            assert "_MADE" in kind.__init__.__globals__, f"{kind} is made by the standard decorator"
            twin = dataclasses.make_dataclass(
                kind.__name__, [(f.name, f.type, _copied(f)) for f in dataclasses.fields(kind)], frozen=True
            )
            ours, theirs = (
                list(inspect.signature(made.__init__).parameters.values()) for made in (kind, twin)
            )
            assert [(p.name, p.kind) for p in ours] == [(p.name, p.kind) for p in theirs], kind
            assert [p.default is p.empty for p in ours] == [p.default is p.empty for p in theirs], kind
            n += 1
    assert n > 250


def _copied(old):
    keys = ("default", "default_factory", "init", "repr", "hash", "compare", "metadata", "kw_only")
    return field(**{key: getattr(old, key) for key in keys})
