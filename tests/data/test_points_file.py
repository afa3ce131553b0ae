"""Points files are read as people have them, and what is wrong with one is said with its first bad line."""

from __future__ import annotations

import os
import pickle
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganviz.data import text_lines
from ganviz.data.points_file import PointsFile
from ganviz.data.points_table import read_points, reading_script
from ganviz.data.written_numbers import decimal_sign, number
from ganviz.spec import InvalidValueError

TWO = [[0.5, 1.25], [-2.0, 3.5]]
FOUR = [[0.8832, 0.4306], [0.0858, 0.9484], [0.3545, -1.0503], [-0.9154, -0.4581]]


def read(
    tmp_path: Path, content: str | bytes, columns: str = "", header: str = "auto"
) -> tuple[list[list[float]], str]:
    path = tmp_path / "points.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    points, summary, _ = read_points(path, columns, header)
    return points.tolist(), summary


def refused(tmp_path: Path, content: str | bytes, columns: str = "", header: str = "auto") -> str:
    with pytest.raises(InvalidValueError, match=r"\.$") as caught:
        read(tmp_path, content, columns, header)
    return str(caught.value)


FILES = {
    "one point, decimal commas": ("x;y\n0,5;1,25\n", [[0.5, 1.25]], "semicolons between columns, decimal commas"),
    "decimal commas, semicolons": ("x;y\n0,5;1,25\n-2,0;3,5\n", TWO, "'x' and 'y'; semicolons between columns"),
    "decimal commas, tabs": ("x\ty\n0,5\t1,25\n-2\t3,5\n", TWO, "tabs between columns, decimal commas"),
    "decimal commas, spaces": ("0,5 1,25\n-2,0  3,5\n", TWO, "spaces between columns, decimal commas, no names"),
    "decimal commas in quotes": ('x,y\n"0,5","1,25"\n"-2,0","3,5"\n', TWO, "commas between columns, decimal commas"),
    "decimal points, semicolons": ("0.5;1.25\n-2.0;3.5\n", TWO, "semicolons between columns, decimal points"),
    "bars": ("x|y\n0.5|1.25\n-2.0|3.5\n", TWO, "bars between columns"),
    "spaces after commas": ("x, y\n0.5, 1.25\n-2.0, 3.5\n", TWO, "'x' and 'y'; commas"),
    "an index without a name": (
        ",x,y\n0,0.8832,0.4306\n1,0.0858,0.9484\n2,0.3545,-1.0503\n3,-0.9154,-0.4581\n", FOUR,
        "4 points of the columns 'x' and 'y' (without column 1); commas",
    ),
    "an index, other names": (
        ",height,weight\n0,0.8832,0.4306\n1,0.0858,0.9484\n2,0.3545,-1.0503\n3,-0.9154,-0.4581\n", FOUR,
        "'height' and 'weight' (without column 1)",
    ),
    "an index with a name": ("id;a;b\n7;0,5;1,25\n9;-2;3,5\n", TWO, "'a' and 'b' (without 'id')"),
    "an index, nothing named": (
        "1 0.8832 0.4306\n2 0.0858 0.9484\n3 0.3545 -1.0503\n4 -0.9154 -0.4581\n", FOUR,
        "the columns 2 and 3 (without column 1); spaces between columns, decimal points, no names",
    ),
    "names of rows, as R writes": ('"a" "b"\n"1" 0.5 1.25\n"2" -2 3.5\n"3" 0 0\n', [*TWO, [0, 0]], "names on line 1"),
    "a label of numbers": (
        "x,y,label\n0.8832,0.4306,0\n0.0858,0.9484,1\n0.3545,-1.0503,0\n-0.9154,-0.4581,1\n", FOUR, "without 'label'",
    ),
    "a label first": ("class,u,v\n0,0.5,1.25\n1,-2,3.5\n", TWO, "'u' and 'v' (without 'class')"),
    "a label of words": ("u,v,what\n0.5,1.25,cat; dog\n-2,3.5,\"a, b\"\n", TWO, "without 'what'"),
    "whole numbers above, far from the data": (
        "0,1\n100.1,100.2\n99.9,100.0\n", [[100.1, 100.2], [99.9, 100.0]], "'0' and '1'; commas",
    ),
    "whole numbers above, and an index": (",0,1\n0,0.5,1.25\n1,-2.0,3.5\n", TWO, "'0' and '1' (without column 1)"),
    "whole numbers that are data": ("0,1\n2,3\n", [[0, 1], [2, 3]], "no names of columns"),
    "names below comments": ("# made by us\n% 2024, 11, 2\n\nx,y\n0.5,1.25\n\n# a break\n-2,3.5\n", TWO, "on line 4"),
    "sep=": ("sep=;\nx;y\n0,5;1,25\n-2;3,5\n", TWO, "semicolons between columns, decimal commas, names on line 2"),
    "another sep=": ('"sep=^"\r\nx^y\r\n0.5^1.25\r\n-2^3.5\r\n', TWO, "'^' between columns"),
    "thousands, points": ("x;y\n1,234.5;2,000\n", [[1234.5, 2000]], "decimal points"),
    "thousands, commas": ("x;y\n1.234,5;2.000\n0,25;-1.000.000\n", [[1234.5, 2000], [0.25, -1e6]], "decimal commas"),
    "thousands in quotes": ('x,y\n"1,234.5","2,000"\n', [[1234.5, 2000]], "commas between columns, decimal points"),
    "thousands, spaces": ("x;y\n1\u202f234,5;2 000\n12\u00a0345;0\n", [[1234.5, 2000], [12345, 0]], ""),
    "thousands, Swiss": ("x;y\n1'234.5;2’000\n", [[1234.5, 2000]], "decimal points"),
    "signs and exponents": ("+.5,1.25e0\n−2.,35E-1\n", TWO, "no names"),
    "columns without anything": ("x,y,,\n0.5,1.25,,\n-2,3.5,,\n", TWO, "'x' and 'y'; commas"),
    "lines of an old Mac": ("x,y\r0.5,1.25\r-2,3.5", TWO, "2 points"),
    "a BOM": (b"\xef\xbb\xbfx,y\n0.5,1.25\n-2,3.5\n", TWO, "'x' and 'y'"),
    "UTF-16": ("x\ty\r\n0,5\t1,25\r\n-2\t3,5\r\n".encode("utf-16"), TWO, "'x' and 'y'"),
    "UTF-16, no BOM": ("x\ty\r\n0,5\t1,25\r\n-2\t3,5\r\n".encode("utf-16-le"), TWO, "'x' and 'y'"),
    "UTF-16, big end": ("0.5,1.25\n-2,3.5".encode("utf-16-be"), TWO, ""),
    "UTF-16, no BOM, other letters": ("一высота\tвес\n0,5\t1,25\n-2\t3,5\n".encode("utf-16-le"), TWO, "высота"),
    "UTF-16, big end, other letters": ("一высота\tвес\n0,5\t1,25\n-2\t3,5".encode("utf-16-be"), TWO, "вес"),
    "UTF-32": (b"\xff\xfe\0\0" + "一 вес\n.5 1.25\n-2 3.5\n".encode("utf-32-le"), TWO, "вес"),
    "UTF-32, big end": (b"\0\0\xfe\xff" + "一 вес\n.5 1.25\n-2 3.5\n".encode("utf-32-be"), TWO, "вес"),
    "UTF-32, no BOM": ("一 вес\n.5 1.25\n-2 3.5\n".encode("utf-32-le"), TWO, "вес"),
    "UTF-32, big end, no BOM": ("一 вес\n.5 1.25\n-2 3.5\n".encode("utf-32-be"), TWO, "вес"),
    "Latin-1": ("Größe;Länge\n0,5;1,25\n-2;3,5\n".encode("latin-1"), TWO, "'Größe' and 'Länge'"),
    "samples of this program": (
        "kind,lane,label,x,y\nreal,,,0.5,1.25\ngenerated,0,run ＃1,-2,3.5\n# {\"a\": [1, 2, 3]}\n# step 20\n", TWO,
        "'x' and 'y'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_files_are_read_as_people_have_them(tmp_path: Path, name: str) -> None:
    content, points, words = FILES[name]
    found, summary = read(tmp_path, content)
    assert found == points
    assert words in summary
    assert summary.endswith(".")


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("UTF", "Latin", "a BOM"))])
def test_scripts_read_every_encoding(tmp_path: Path, name: str) -> None:
    content, points, _ = FILES[name]
    assert isinstance(content, bytes)
    (tmp_path / "points.csv").write_bytes(content)
    names: dict[str, Any] = {"torch": torch}
    exec(reading_script(tmp_path / "points.csv", "", "auto"), names)
    assert names["points"].tolist() == points


WIDE = 'time,a b,Height,"w, kg"\n0.5,1,10,100\n0.7,2,20,200\n'


@pytest.mark.parametrize(
    ("columns", "points"),
    [
        ("", [[0.5, 1], [0.7, 2]]),
        ("Height, time", [[10, 0.5], [20, 0.7]]),
        ("height,a b", [[10, 1], [20, 2]]),
        ("3, 1", [[10, 0.5], [20, 0.7]]),
        ('Height, "w, kg"', [[10, 100], [20, 200]]),
        ("height; w, kg", [[10, 100], [20, 200]]),
    ],
)
def test_columns_are_chosen_by_name_or_number(
    tmp_path: Path, columns: str, points: list[list[float]]
) -> None:
    assert read(tmp_path, WIDE, columns)[0] == points


def test_a_name_goes_before_a_number(tmp_path: Path) -> None:
    assert read(tmp_path, "2,1\n0.5,1.25\n", "1,2", header="yes")[0] == [[1.25, 0.5]]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("Height, depth", "There is no column 'depth'; the file has 'time', 'a b', 'Height', 'w, kg'."),
        ("1, 5", "There is no column '5'"),
        ("1, 0", "There is no column '0'"),
        ("1", "must name two columns"),
        ("1,2,3", "must name two columns"),
        ("time, 1", "'time' twice"),
    ],
)
def test_columns_that_are_not_there(tmp_path: Path, columns: str, words: str) -> None:
    assert words in refused(tmp_path, WIDE, columns)


def test_a_column_that_is_no_number_is_refused_where_it_is_chosen(tmp_path: Path) -> None:
    assert "points.csv, line 2: two finite numbers" in refused(tmp_path, "a,b,c\n1,2,cat\n3,4,dog\n", "a, c")


def test_the_header_can_be_overruled(tmp_path: Path) -> None:
    content = "0,1\n100.1,100.2\n99.9,100.0\n"
    assert read(tmp_path, content, header="no")[0][0] == [0, 1]
    assert "no names" in read(tmp_path, content, header="no")[1]
    assert read(tmp_path, "5,6\n7,8\n", header="yes") == (
        [[7, 8]], "1 point of the columns '5' and '6'; commas between columns, decimal points, names on line 1."
    )  # fmt: skip
    assert "line 1" in refused(tmp_path, "x,y\n1,2\n", header="no")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x,y\n1,2\n3,oops\n5,6\n", "line 3: two finite numbers up to ±1e+12 are needed, not '3,oops'"),
        ("oops,2\n3,4\n5,6\n", "line 1: "),
        ("x;y\n0,5;1,25\n0,5;1.25.3\n", "line 3: "),
        ("1,2\n3,4,5\n6,7\n", "line 2: it has 3 columns, where 2 are expected: '3,4,5'"),
        ("1,2\nfoo\n6,7\n", "line 2: it has 1 column, where 2 are expected: 'foo'"),
        ("1,2\n\n# and\n3\n4,5\n", "line 4: it has 1 column, where 2 are expected: '3'"),
        ("1,2\n3,\n5,6\n", "line 2: two"),
        ("1,2\nnan,3\n4,5\n", "line 2: two"),
        ("1,2\n3,inf\n4,5\n", "line 2: two"),
        ("1,2\n3,1e13\n4,5\n", "line 2: two"),
        ("1,2\n3,1_0\n4,5\n", "line 2: two"),
        ("1,2\n3,0x1F\n4,5\n", "line 2: two"),
        ("1,2\n3,1e400\n4,5\n", "line 2: two"),
        ("x\n1\n2\n", "line 2: two"),
        ("12,5;2,5\n3,5;1,5\n0,5;1,5,6\n", "line 3: two"),
        ("name,animal\na,cat\nb,dog\n", "line 2: two"),
        ("x,y\n", "holds no points"),
        ("", "holds no points"),
        ("\n\n# nothing\n", "holds no points"),
        ("sep=;\n", "holds no points"),
        (b"\x1f\x8b\x08 something", "packed with gzip"),
        (b"PK\x03\x04 something", "save it as CSV"),
        (b"\0\0\x08\x03\0\0\0\1", "choose its folder"),
        (b"\x01\x02\0\x04\0\0\x03", "is not text in UTF-8, UTF-16 or Latin-1; save it as CSV in UTF-8."),
        (bytes(100), "is not text"),
        (b"\xff\xfe1\0,\0002\0\n", "is not valid UTF-16; save it as UTF-8."),
    ],
)
def test_a_refusal_names_the_first_line_that_is_wrong(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    assert words in refused(tmp_path, content)


LACKING = "a,b\n1,2\nNaN,3\n4,\nNA,NA\n3,5\n"


def test_lines_without_a_value_are_left_out_when_that_is_asked_for_and_said(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(LACKING)
    points, summary, _ = read_points(path, "", "auto", "skip")
    assert points.tolist() == [[1, 2], [3, 5]]
    assert summary.startswith("2 points of the columns 'a' and 'b', 3 without a value left out; commas")
    assert PointsFile(path=str(path), missing="skip").summary.startswith(summary)
    with pytest.raises(InvalidValueError, match=r"line 3: .*distribution\.missing=skip"):
        PointsFile(path=str(path)).load()


@pytest.mark.parametrize("bad", ["oops,3", ",oops", "inf,2", ",inf", "1e13,", "3"])
def test_what_is_no_missing_value_is_refused_all_the_same(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(f"a,b\n1,2\n,4\n{bad}\n4,5\n6,7\n")
    with pytest.raises(InvalidValueError, match="line 4"):
        read_points(path, "", "auto", "skip")


def test_a_file_without_any_whole_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("a,b\n1,\n,2\n3,\n,4\n")
    with pytest.raises(InvalidValueError, match="has a value in both columns"):
        read_points(path, "", "auto", "skip")


def test_large_numbers_are_read_and_those_that_float32_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    at = np.random.default_rng(0).normal(size=(100, 2))
    path = tmp_path / "points.csv"
    np.savetxt(path, at * [1e6, 1e-4] + [3e7, 0], delimiter=",", header="income,rate", comments="")
    assert np.allclose(read_points(path, "", "auto")[0], at * [1e6, 1e-4] + [3e7, 0])
    np.savetxt(path, at * [100, 0.1] + [450_000, 999_000], delimiter=",", header="east,north", comments="")
    with pytest.raises(
        InvalidValueError, match=r"column 'north' varies by 0\.\d+ around 999000, .* are 0\.062 apart"
    ):
        read_points(path, "", "auto")
    np.savetxt(path, at * [100, 0] + [450_000, 999_000], delimiter=",", header="east,north", comments="")
    assert len(read_points(path, "", "auto")[0]) == 100


def test_a_late_line_is_named_in_a_long_file(tmp_path: Path) -> None:
    lines = [f"{i / 7:.4f},{i / 3:.4f}" for i in range(5000)]
    lines[4321] = "1.5,two"
    assert "line 4323: two finite" in refused(tmp_path, "\n".join(["x,y", *lines]))


def test_markup_and_long_cells_are_quoted_short(tmp_path: Path) -> None:
    assert len(refused(tmp_path, "1,2\n3," + "<b>" * 30_000 + "\n4,5\n")) < 300
    assert len(read(tmp_path, "x" * 50_000 + ",y\n1,2\n")[1]) < 500


BOMBS = {
    "a long line": (b"1" * 60_000_000, "line 1: it is longer than 100,000 characters"),
    "blank lines": (b"\n" * 100_000_000, "more than 4,000,000 lines"),
    "comments": (b"#\n" * 50_000_000, "more than 4,000,000 lines"),
    "points": (b"1,2\n" * 2_000_100, "more than 2,000,000 lines"),
    "many columns": ((b"1," * 49_000 + b"2\n") * 300, "49,001 columns"),
    "quotes": ((b'"' * 90_000 + b",1\n") * 100, "line 1"),
    "digits before a letter": (b"1,2\n" + b"1" * 90_000 + b"x,2\n", "line 2"),
    "quotes and blanks": (b'1,2\n3,"' + b'"" ' * 1_500 + b'4"\n', "line 2"),
    "digits": (b"1" * 90_000 + b"," + b"2" * 5_000 + b"\n", "line 1"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_sentences_within_ten_seconds_and_little_memory(tmp_path: Path, name: str) -> None:
    content, words = BOMBS[name]
    path = tmp_path / "points.csv"
    path.write_bytes(content)
    start = time.perf_counter()
    with pytest.raises(InvalidValueError) as caught:
        read_points(path, "", "auto")
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300
    assert time.perf_counter() - start < 10


def test_a_long_line_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_bytes(b"1" * 60_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidValueError):
            read_points(path, "", "auto")
        assert tracemalloc.get_traced_memory()[1] < 2e6
    finally:
        tracemalloc.stop()


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "MAX_MEGABYTES", 0)
    assert "larger than 0 MB" in refused(tmp_path, "1,2\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_pipes_devices_and_folders_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero"), tmp_path):
        with pytest.raises(InvalidValueError, match=r"is not a file\.$"):
            PointsFile(path=str(path)).load()


def test_axes_are_called_as_the_columns_that_are_read(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("id;a;;c\n7;0,5;1,25;1\n9;-2;3,5;2\n8;1;1;1\n")
    assert PointsFile(path=str(path)).axis_names == ("a", "column 3")
    assert PointsFile(path=str(path), columns="c, 2").axis_names == ("c", "a")
    bare = tmp_path / "bare.csv"
    bare.write_text("1,2\n3,4\n")
    assert PointsFile(path=str(bare)).axis_names == ()
    for columns, names in (("c; a", ("c", "a")), ("4, 2", ()), ("", ())):
        gone = PointsFile(path=str(tmp_path / "gone.csv"), columns=columns)
        gone.stand_in(PointsFile(path=str(path)).excerpt())
        assert gone.axis_names == names


def test_the_distribution_says_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("id;a;b\n7;0,5;1,25\n9;-2;3,5\n")
    data = PointsFile(path=str(path))
    other = PointsFile(path=str(path), columns="b, a")
    assert data.summary == (
        "2 points of the columns 'a' and 'b' (without 'id'); semicolons between columns, decimal commas, "
        "names on line 1."
    )
    assert other.extent.x_min == data.extent.y_min
    assert sorted(set(map(tuple, data.sample(50, np.random.default_rng(0)).tolist()))) == [
        (-2.0, 3.5),
        (0.5, 1.25),
    ]
    assert pickle.loads(pickle.dumps(other)) == other


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234", ".", 1234), ("1,234", ",", 1.234), ("0,234", ".", 234), ("1,23", ".", None), ("1,2345", ".", None),
        ("1.234.567", ",", 1234567), ("1.234.567", ".", None), ("1,234.567,8", ".", None), ("1 234,5", ",", 1234.5),
        ("1 234.567", ",", None), ("", ".", None), ("-", ".", None), (".", ".", None),
        ("1,", ",", None), ("٣", ".", None),
    ],
)  # fmt: skip
def test_numbers_are_read_by_their_decimal_sign(text: str, decimal: str, value: float | None) -> None:
    assert number(text, decimal) == value


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["1,234", "2,345"], ","), (["1,234", "2.5"], "."), (["1.234", "2,345"], "."), (["1,234,567"], "."),
        (["1.234.567"], ","), (["0,234"], ","), (["1.234", "2,5"], ","), (["12", "x"], "."), (["1,234.5"], "."),
    ],
)  # fmt: skip
def test_the_decimal_sign_is_that_of_certain_cells(cells: list[str], sign: str) -> None:
    assert decimal_sign(cells, prefers_comma=True) == sign
