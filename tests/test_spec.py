"""Every variant of every catalog keeps its promises: ranges, types, plain data and sentences."""

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.penalties import PENALTIES
from ganviz.networks import ARCHITECTURES
from ganviz.spec import (
    Catalog,
    InvalidValueError,
    Spec,
    UnknownKeyError,
    allowed_range,
    choice,
    differences,
    field_info,
    field_types,
    needs_restart,
    param,
    param_info,
    part,
    several,
    spec_from_plain,
)
from ganviz.training.atomic import FileError
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.schedules import SCHEDULES

CATALOGS = (ADVERSARIAL_LOSSES, CONSTRAINTS, PENALTIES, DISTRIBUTIONS, ARCHITECTURES, OPTIMIZERS, SCHEDULES)
ENTRIES = [(catalog, cls) for catalog in CATALOGS for cls in catalog.values()]
NUMBERS = [
    (cls, field)
    for _, cls in ENTRIES
    for field in dataclasses.fields(cls)
    if "param" in field.metadata and field_types(cls)[field.name] in (int, float)
]


@pytest.mark.parametrize(("catalog", "cls"), ENTRIES, ids=lambda x: getattr(x, "key", getattr(x, "what", "")))
def test_an_entry_survives_being_written(catalog, cls):
    spec = cls()
    plain = json.loads(json.dumps(spec.to_plain()))
    assert catalog.from_plain(plain, "x") == spec
    assert catalog.from_plain(cls.key, "x") == spec
    assert hash(catalog.from_plain(plain, "x")) == hash(spec)
    assert cls.__dataclass_params__.frozen


@pytest.mark.parametrize(("catalog", "cls"), ENTRIES, ids=lambda x: getattr(x, "key", getattr(x, "what", "")))
def test_an_entry_says_what_its_fields_are(catalog, cls):
    assert cls.title
    assert cls.__doc__
    for field in dataclasses.fields(cls):
        info = field_info(field)
        assert info.title, field.name
        assert len(info.help) > 10 or getattr(info, "editor", "") == "hidden", field.name


@pytest.mark.parametrize(("cls", "field"), NUMBERS, ids=lambda x: getattr(x, "key", getattr(x, "name", "")))
def test_numbers_outside_their_range_are_refused(cls, field):
    info = param_info(field)
    outside = [info.low - 1] if info.low is not None else []
    outside += [info.low] if info.open_low else []
    outside += [info.high + 1] if info.high is not None else []
    for value in [*outside, math.nan, math.inf, True, "1", None]:
        with pytest.raises(InvalidValueError, match=field.name):
            cls(**{field.name: value})
    if outside:
        with pytest.raises(InvalidValueError) as error:
            cls(**{field.name: outside[0]})
        assert allowed_range(info) in str(error.value)


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda c: c.what)
def test_an_unknown_name_is_answered_with_the_nearest(catalog):
    known = list(catalog)[-1]
    with pytest.raises(UnknownKeyError, match=known):
        catalog[known + "x"]
    with pytest.raises(UnknownKeyError, match=r"x\.") as error:
        catalog.from_plain({"kind": known, "wieght": 1}, "x")
    assert "wieght" in str(error.value)
    for plain in (None, 3, [], {}, {"kind": 3}):
        with pytest.raises(InvalidValueError, match="x must be an object"):
            catalog.from_plain(plain, "x")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Sample(Spec):
    """Every type that a field may have."""

    key = "sample"
    title = "Sample"

    count: int = param(3, "Count", "How many there are.", low=1, high=9)
    share: float = param(0.5, "Share", "How much of it.", low=0, high=1, open_low=True)
    name: str = param("a", "Name", "What it is called.", choices=("a", "b"))
    flag: bool = param(False, "Flag", "Whether it is so.")
    items: tuple[int, ...] = param((), "Items", "Which ones.", low=0)
    pairs: tuple[tuple[float, float], ...] = param((), "Pairs", "Where they are.")


@given(
    st.builds(
        _Sample,
        count=st.integers(1, 9),
        share=st.floats(0, 1, exclude_min=True),
        name=st.sampled_from("ab"),
        flag=st.booleans(),
        items=st.lists(st.integers(0, 100)),
        pairs=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9))),
    )
)
def test_plain_data_is_the_same_value(sample):
    catalog = Catalog("sample", _Sample)
    assert catalog.from_plain(json.loads(json.dumps(sample.to_plain())), "x") == sample


@pytest.mark.parametrize(
    "fields",
    [
        {"count": 2.5}, {"count": True}, {"share": 0}, {"name": "c"}, {"flag": 1}, {"items": 3}, {"items": [1, -1]},
        {"items": ["1"]},
        {"pairs": [[1, 2, 3]]}, {"pairs": [[1, math.nan]]}, {"pairs": [[1, -math.inf]]}, {"pairs": [1]},
    ],
)  # fmt: skip
def test_nothing_is_guessed(fields):
    with pytest.raises(InvalidValueError, match=next(iter(fields))):
        _Sample(**fields)


def test_only_safe_conversions_are_made():
    sample = _Sample(count=4.0, share=1, pairs=[[1, 2]])
    assert (sample.count, sample.share, sample.pairs) == (4, 1.0, ((1.0, 2.0),))
    assert [type(value) for value in (sample.count, sample.share, sample.pairs[0][0])] == [int, float, float]


def test_a_key_is_taken_once():
    with pytest.raises(ValueError, match="share a key"):
        Catalog("sample", _Sample, _Sample)


@pytest.mark.parametrize(
    ("cls", "field"), NUMBERS, ids=lambda x: getattr(x, "__name__", getattr(x, "name", ""))
)
@pytest.mark.parametrize("n_digits", [400, 10_000])
def test_a_number_of_hundreds_of_digits_is_a_short_sentence(cls, field, n_digits):
    with pytest.raises(InvalidValueError) as caught:
        cls(**{field.name: 10**n_digits})
    assert len(str(caught.value)) < 300


def test_a_long_value_is_quoted_by_its_beginning():
    with pytest.raises(InvalidValueError, match="must be a number between 0 and 100, not 'xxx") as caught:
        OPTIMIZERS["adam"](learning_rate="x" * 100_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"count": "three"}, "count must be a whole number between 1 and 9, not 'three'."),
        ({"count": None}, "count must be a whole number between 1 and 9, not null."),
        ({"share": True}, "share must be a number greater than 0 and at most 1, not true."),
        ({"share": math.nan}, "share must be a finite number greater than 0 and at most 1, not nan."),
        ({"name": 3}, "name must be one of a, b, not 3."),
        ({"flag": None}, "flag must be true or false, not null."),
        ({"items": [1, "x"]}, "items must be a list of whole numbers, not of 'x'."),
        ({"pairs": [[0, 0], 1]}, "pairs must be a list of lists of 2 finite numbers, not of 1."),
        ({"pairs": [[0, 0], [1]]}, "pairs must be a list of lists of 2 finite numbers, not of [1]."),
    ],
)
def test_what_is_no_value_is_named_beside_all_that_is_allowed(fields, sentence):
    with pytest.raises(InvalidValueError) as caught:
        _Sample(**fields)
    assert str(caught.value) == sentence


def test_messages_keep_their_beginning_and_end_whatever_they_name():
    name = "x" * 100_000
    unknown = UnknownKeyError("optimizer", name, ["adam"])
    for error in (
        unknown,
        InvalidValueError(f"{name} is no folder; did you mean adam?"),
        FileError(f"{name} adam?"),
    ):
        assert len(str(error)) < 1000
        assert str(error).endswith("adam?")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Other(Spec):
    """A second kind, one field of which takes effect at once."""

    key = "other"
    title = "Other"

    weight: float = param(1.0, "Weight", "How heavy it is.", low=0, live=True)
    size: int = param(2, "Size", "How large it is.", low=1)


KINDS = Catalog("kind", _Sample, _Other)


@dataclasses.dataclass(frozen=True, slots=True)
class _Part(Spec):
    """One of several parts, which may differ from its peers."""

    title = "Part"

    kind: Spec = choice(KINDS, dataclasses.MISSING, "Kind", "Which one it is.")
    extras: tuple[Spec, ...] = several(KINDS, "Extras", "What is added.", live=True)
    label: str = param("", "Label", "How it is called.", longest=5)


NAMED = {"plain": _Part(_Other())}


@dataclasses.dataclass(frozen=True, slots=True)
class _Whole(Spec):
    """Parts of every kind there is."""

    parts: tuple[_Part, ...] = part(_Part, (NAMED["plain"],), "Parts", "All of them.", is_many=True)
    one: _Part = part(_Part, NAMED["plain"], "One", "A single part.", named=NAMED)


WHOLE = _Whole((_Part(_Other(), (_Sample(count=4), _Other(size=3)), "a"), _Part(_Sample())), _Part(_Sample()))


def test_a_tree_is_written_with_kinds_only_where_there_is_a_choice():
    plain = json.loads(json.dumps(WHOLE.to_plain()))
    assert list(plain) == ["parts", "one"]
    assert plain["parts"][0] == {
        "kind": {"kind": "other", "weight": 1.0, "size": 3 - 1},
        "extras": {
            "sample": {"count": 4, "share": 0.5, "name": "a", "flag": False, "items": [], "pairs": []},
            "other": {"weight": 1.0, "size": 3},
        },
        "label": "a",
    }
    assert spec_from_plain(_Whole, plain, "") == WHOLE
    assert spec_from_plain(_Whole, {}, "") == _Whole()
    assert spec_from_plain(_Whole, {"one": "plain"}, "").one is NAMED["plain"]


def test_nothing_is_suggested_where_there_is_nothing():
    with pytest.raises(UnknownKeyError, match=r"^Unknown setting 'constraint.c'; there is none\.$"):
        CONSTRAINTS.from_plain({"kind": "none", "c": 1}, "constraint")


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"parts": [{"kind": "other"}, 3]}, "parts.1 must be an object, not 3"),
        ({"parts": {}}, "parts must be a list"),
        ({"parts": [{}]}, "parts.0.kind must be an object with a text field 'kind', but is missing"),
        ({"one": {"kind": "other", "extras": []}}, "one.extras must be an object"),
        ({"one": {"kind": "other", "extras": {"other": 3}}}, "one.extras.other must be an object, not 3"),
        ({"one": {"kind": "other", "extras": {"othre": {}}}}, "did you mean other"),
        ({"one": {"kind": {"kind": "other", "size": 0}}}, "one.kind.size must be at least 1"),
        ({"one": {"kind": "other", "lable": ""}}, "'one.lable'; did you mean one.label"),
        ({"one": {"kind": "other", "label": "toolong"}}, "one.label must be a text of at most 5 characters"),
        ({"one": "plian"}, "Unknown one 'plian'; did you mean plain"),
        ({"two": 2}, "Unknown setting 'two'"),
    ],
)
def test_what_does_not_fit_into_a_tree_is_named_by_its_path(plain, words):
    with pytest.raises(InvalidValueError) as caught:
        spec_from_plain(_Whole, plain, "")
    assert words in str(caught.value)


def test_a_kind_is_taken_once():
    with pytest.raises(InvalidValueError, match="extras takes each kind once, not other, other"):
        _Part(_Other(), (_Other(), _Other(size=3)))


CHANGES = [
    (WHOLE, []),
    (
        dataclasses.replace(WHOLE, one=_Part(_Sample(count=5))),
        [("one.kind.count", "Count", 3, 5, "Sample", False)],
    ),
    (
        dataclasses.replace(WHOLE, one=_Part(_Other(weight=2))),
        [("one.kind", "Kind", _Sample(), _Other(weight=2), "Part", False)],
    ),
    (
        dataclasses.replace(WHOLE, parts=(_Part(_Other(weight=2), (_Other(size=4),), "a"), WHOLE.parts[1])),
        [
            ("parts.0.kind.weight", "Weight", 1.0, 2.0, "Other", True),
            ("parts.0.extras.sample", "Extras", _Sample(count=4), None, "Part", True),
            ("parts.0.extras.other.size", "Size", 3, 4, "Other", True),
        ],
    ),
    (
        dataclasses.replace(WHOLE, parts=WHOLE.parts[:1]),
        [("parts", "Parts", WHOLE.parts, WHOLE.parts[:1], "", False)],
    ),
]


@pytest.mark.parametrize(("new", "expected"), CHANGES, ids=range(len(CHANGES)))
def test_differences_are_found_leaf_by_leaf(new, expected):
    assert [tuple(change) for change in differences(WHOLE, new)] == expected
    assert needs_restart(WHOLE, new) is not all(change[-1] for change in expected)
