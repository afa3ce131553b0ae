"""Lines and messages that are alike are read at once: as each by itself would be, and each kind is understood once."""

from __future__ import annotations

import json
import math
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganviz.data.table_layout import find_layout
from ganviz.session.logs import event_files, event_scalars, pieces, tables
from ganviz.session.logs.alike import Understand, alike_lines, columns_in, names_in
from ganviz.session.logs.cells import cells_understood, json_understood
from ganviz.session.logs.event_files import event_table
from ganviz.session.logs.pieces import json_pieces, pieces_of
from ganviz.session.logs.printed import printed_columns, understood
from ganviz.session.logs.tables import open_table


def numbers_of(lines: list[str], understand: Understand, decimal: str = ".") -> list[dict[str, float]]:
    """Return each line's numbers by their names; nothing for a line that says nothing."""
    found: list[dict[str, float]] = [{} for _ in lines]
    for group in alike_lines(pieces_of(lines), understand, decimal):
        for row, values in zip(group.rows.tolist(), group.values.tolist(), strict=True):
            found[row] = dict(zip(group.names, values, strict=True))
    return found


def one_by_one(lines: list[str], understand: Understand, decimal: str = ".") -> list[dict[str, float]]:
    said = [understand(line) for line in lines]
    return [
        dict(zip(one.names, one.numbers(line, decimal), strict=True))
        for one, line in zip(said, lines, strict=True)
    ]


def same(found: list[dict[str, float]], expected: list[dict[str, float]]) -> None:
    assert [list(one) for one in found] == [list(one) for one in expected]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(list(one.values()), list(other.values()))
        signs = ([math.copysign(1, value) for value in each.values()] for each in (one, other))
        assert next(signs) == next(signs)


WRITTEN = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-1e3, 1e3).map(lambda value: f"{value:.4f}"),
    st.floats(1e-9, 1e-1).map(lambda value: f"{value:.17g}"),
    st.floats(-10, 10).map(lambda value: f"{value:.3e}"),
    st.integers(-(10**25), 10**25).map(str),
    st.integers(0, 10**7).map(lambda value: f"{value:,}"),
    st.from_regex(r"[0-9]{0,3}\.[0-9]{1,26}", fullmatch=True),
    st.sampled_from(
        ["nan", "-inf", "5.", ".5", "007", "-0.0", "9007199254740993", "0.0000000000000000000000001"]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WRITTEN, WRITTEN, st.integers(0, 3)), min_size=1, max_size=80), st.integers(1, 30))
def test_lines_read_together_say_what_each_says_alone(rows: list[tuple[str, str, int]], times: int) -> None:
    shapes = (
        "[{k}/25][7/99] Loss_D: {a} Loss_G: {b}",
        "ep {k} - d{k}: {a} (x1) █ g: {b}",
        "nothing {k} {a}",
        "D: {a} / {b} G {a}",
    )
    lines = [shapes[k].format(k=k, a=a, b=b) for a, b, k in rows] * times
    same(numbers_of(lines, understood), one_by_one(lines, understood))


@pytest.mark.parametrize("seed", range(3))
def test_numbers_are_rounded_as_python_rounds_them(seed: int) -> None:
    rng = random.Random(seed)
    forms = (
        lambda: repr(rng.random()), lambda: repr(rng.gauss(0, 1) * 10.0 ** rng.randrange(-30, 30)),
        lambda: f"{rng.random():.{rng.randrange(26)}f}", lambda: str(2**53 + rng.randrange(2**12)),
        lambda: repr((2**52 + rng.randrange(2**52)) * 2.0**-52 + 2.0**-53), lambda: f"0.{rng.randrange(10**19):019}",
    )  # fmt: skip
    for form in forms:
        written = [form() for _ in range(2000)]
        found = numbers_of([f"loss_d = {one}" for one in written], understood)
        assert [one["loss_d"] for one in found] == [float(one) for one in written]


def test_a_kind_of_lines_is_understood_once() -> None:
    calls = []

    def counted(text: str):
        calls.append(text)
        return understood(text)

    lines = [
        f"[{i // 100}/25][{i % 100}/99]\tLoss_D: {i / 7:.4f}\tLoss_G: {-i / 9:.4f}" for i in range(30_000)
    ]
    lines[20_000] = "a line between"
    found = numbers_of(lines, counted)
    assert len(calls) < 40
    assert found[20_000] == {}
    assert found[29_999] == {"epoch": 299, "batch": 99, "Loss_D": 4285.5714, "Loss_G": -3333.2222}


def test_digits_of_names_and_thousands_are_no_gaps() -> None:
    lines = [f"it {i:,} D{1 + i % 2}: 0.{i} loss: 1,{i:03}" for i in range(100, 2000)]
    assert numbers_of(lines, understood) == one_by_one(lines, understood)
    names, load = printed_columns(lines)
    assert set(names) == {"D1", "D2", "loss"}
    values, n_left = load([names.index("loss")])
    assert n_left == 0
    assert values[0, 0] == 1100
    assert values[-1, 0] == 1.0  # "1,1999" groups nothing: the number is 1


@pytest.mark.parametrize("text", [
    "{i},{i}.5,,3\n", '"{i}","","nan","{i}e-3"\n', "{i}\t1,234\t 2 \t2026-11-28\n", "{i};{i},25;;1.234,5\n",
    "{i} 1_0 x{i} 5\n",
])  # fmt: skip
def test_tables_with_gaps_and_words_are_read_as_cell_by_cell(tmp_path: Path, text: str) -> None:
    separator = next(one for one in (";", "\t", ",", " ") if one in text)
    header = separator.join(("step", "d_loss", "g_loss", "more"))
    lines = [
        header,
        *(text.format(i=i).rstrip("\n") for i in range(90)),
        header,
        "7",
        *(text.format(i=i).rstrip("\n") for i in range(9)),
    ]
    layout = find_layout(lines, "auto")
    assert layout is not None
    understand = cells_understood(layout, (0, 1, 2, 3))
    body = lines[layout.start :]
    same(numbers_of(body, understand, layout.decimal), one_by_one(body, understand, layout.decimal))
    (tmp_path / "a.csv").write_text("\n".join(lines))
    values, n_left = open_table(tmp_path / "a.csv").load(range(4))
    assert values.shape == (99, 4)
    assert n_left == 2


RECORDS = st.dictionaries(
    st.sampled_from(["step", "d_loss", "g1", "g2", "time", "ok", 'a "b"']),
    st.one_of(
        st.floats(), st.integers(), st.booleans(), st.none(), st.sampled_from(["2026-11-28", "0.5", "inf", "x", "1e5"])
    ),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=30), st.integers(1, 40))
def test_json_lines_are_read_as_objects(records: list[dict[str, object]], times: int) -> None:
    lines = [json.dumps(record) for record in records for _ in range(times)]
    groups = alike_lines(pieces_of([*lines, '{"step": 1, "d']), json_understood)
    names = names_in(groups)
    found = columns_in(groups, names, range(len(names)))
    assert len(found) == len(lines)
    for k, name in enumerate(names):
        expected = [tables.json_number(json.loads(line).get(name)) for line in lines]
        np.testing.assert_array_equal(found[:, k], expected)


def records(*messages: bytes) -> bytes:
    return b"".join(struct.pack("<QI", len(one), 0) + one + bytes(4) for one in messages)


def some_events(n: int) -> list[bytes]:
    """Return messages as several programs write them."""
    event_pb2 = pytest.importorskip("tensorboard.compat.proto.event_pb2")
    rng, found = random.Random(5), [event_pb2.Event(wall_time=1, file_version="brain.Event:2")]
    for i in range(n):
        for tag in ("Loss/D", "Loss/G", "D(x)"):
            event = event_pb2.Event(wall_time=1e9 + i, step=i * 3)
            event.summary.value.add(tag=tag, simple_value=rng.gauss(0, 1) if i % 50 else math.nan)
            found.append(event)
        tensor = event_pb2.Event(wall_time=1e9 + i, step=i * 3)
        value = tensor.summary.value.add(tag="as a tensor")
        value.tensor.dtype = 1
        if i % 2:
            value.tensor.float_val.append(i / 7)
        else:
            value.tensor.tensor_content = struct.pack("<f", i / 7)
        found.append(tensor)
        if i % 40 == 0:
            both = event_pb2.Event(step=i)
            both.summary.value.add(tag="two", simple_value=1)
            both.summary.value.add(tag="of them", simple_value=2)
            picture = event_pb2.Event(step=i)
            picture.summary.value.add(tag="image").image.encoded_image_string = bytes(rng.randrange(3_000))
            double = event_pb2.Event(step=i)
            double.summary.value.add(tag="d").tensor.CopyFrom(tensor.summary.value[0].tensor)
            found += [both, picture, double]
    return [event.SerializeToString() for event in found]


@pytest.mark.parametrize("block", [700, 4 << 20])
@pytest.mark.parametrize("harm", ["", "cut", "no message"])
def test_event_files_are_read_as_message_by_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, harm: str
) -> None:
    messages = some_events(300)
    if harm == "no message":
        messages[700] = b"\xff" * len(messages[700])
    content = records(*messages)
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(content[:-9] if harm == "cut" else content)
    monkeypatch.setattr(event_files, "_BLOCK", block)
    at_once = event_table(path)
    monkeypatch.setattr(event_scalars, "_FEWEST", 10**9)
    each = event_table(path)
    assert at_once.names == each.names
    assert at_once.words == each.words
    assert ("damaged" in at_once.words) == bool(harm)
    columns = range(len(each.names))
    np.testing.assert_array_equal(at_once.load(columns)[0], each.load(columns)[0])
    assert len(each.load(columns)[0]) > (100 if harm == "no message" else 290)


def test_messages_of_a_kind_are_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, n_parsed, read = tmp_path / "events.out.tfevents.1", 0, event_scalars._scalars_of

    def counted(message: bytes):
        nonlocal n_parsed
        n_parsed += 1
        return read(message)

    messages = [one for one in some_events(500) if len(one) < 100]
    path.write_bytes(records(*messages))
    monkeypatch.setattr(event_scalars, "_scalars_of", counted)
    event_table(path)
    assert len(messages) > 2000
    assert n_parsed < 150


def test_large_records_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event_pb2 = pytest.importorskip("tensorboard.compat.proto.event_pb2")
    monkeypatch.setattr(event_files, "_BLOCK", 1000)
    event = event_pb2.Event(step=3)
    event.summary.value.add(tag="Loss/D", simple_value=1.5)
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(records(bytes(3_000_000), event.SerializeToString()))
    table = event_table(path)
    assert table.names == ("step", "Loss/D")
    assert table.load([0, 1])[0].tolist() == [[3, 1.5]]
    assert event_files.whole_bytes(path) == path.stat().st_size
    path.write_bytes(records(event.SerializeToString(), bytes(3_000_000))[:-1])
    assert "damaged or cut" in event_table(path).words


def test_lines_are_read_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"loss_d: {i} loss_g: 1" if i % 3 else f"note {i}" for i in range(100)]
    whole = one_by_one(lines, understood)
    monkeypatch.setattr(pieces, "_LINES", 40)
    same(numbers_of(lines, understood), whole)


def objects(n: int) -> bytes:
    return b"".join(b'{"step": %d, "d_loss": %r, "g_loss": -1e-3}\n' % (k, k / 7) for k in range(n))


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        (objects(90), True),
        (objects(90).replace(b"\n", b"\r\n"), True),
        (objects(90) + b'{"step": 90}', True),
        (objects(1)[:-1], True),
        (objects(90) + b'{"step": 9, "d_lo', False),
        (b"\n" + objects(90), False),
        (objects(90) + b"\n" + objects(90), False),
        (objects(40) + b" # a comment\n" + objects(40), False),
        (objects(90).replace(b"}\n", b"} \n"), False),
        (objects(90) + b"\x1b[0m{}\n", False),
        (objects(90).replace(b"step", "Schritt für".encode()), False),
        (objects(90).replace(b"}\n{", b"}\r{"), False),
        (b"\xef\xbb\xbf" + objects(90), False),
        (b"{'step': 1, 'd_loss': 1}\n" * 90, False),
        (b"[" + objects(90).replace(b"\n", b",\n")[:-2] + b"]", False),
        (objects(40) + b'{"note": "' + b"a" * 99_980 + b'"}\n' + objects(40), True),
    ],
)
def test_json_lines_are_read_as_bytes_where_that_is_the_same(
    text: bytes, is_plain: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "_BYTES", 500)
    path = tmp_path / "log.jsonl"
    path.write_bytes(text)
    assert (json_pieces(path, 1000) is not None) == is_plain
    found = open_table(path)
    monkeypatch.setattr(tables, "json_pieces", lambda path, most: None)
    expected = open_table(path)
    assert found.names == expected.names
    columns = range(len(found.names))
    (values, n_left), (others, n_others) = found.load(columns), expected.load(columns)
    np.testing.assert_array_equal(values, others)
    assert n_left == n_others


def test_json_lines_keep_their_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(objects(10) + b'{"note": "' + b"a" * 100_000 + b'"}\n' + objects(10))
    assert json_pieces(path, 1000) is None
    path.write_bytes(b"{" * 1_300_000)
    assert json_pieces(path, 1000) is None
    path.write_bytes(objects(100))
    assert json_pieces(path, 99) is None
    monkeypatch.setattr(pieces, "MAX_MEGABYTES", 0.001)
    assert json_pieces(path, 1000) is None
