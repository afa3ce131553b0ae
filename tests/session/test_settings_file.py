"""Settings out of JSON and out of pictures that carry them; everything else is refused in a sentence."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from ganviz.session.exporting import settings_text, write_config
from ganviz.session.settings import with_settings
from ganviz.session.settings_file import read_config
from ganviz.session.sweeps.spec_file import read_spec
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig

MINE = with_settings(RunConfig(), ["lanes.0.formulation=hinge", "training.batch_size=32"])


def test_settings_that_were_exported_are_read(tmp_path):
    write_config(tmp_path / "a.json", MINE)
    (tmp_path / "bare.json").write_text(json.dumps(MINE.to_plain()))
    assert read_config(tmp_path / "a.json") == MINE
    assert read_config(tmp_path / "bare.json") == MINE


def test_a_picture_of_somebody_else_carries_none(tmp_path):
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "a.svg").write_text("<svg><desc></desc></svg>")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n")
    for ending in ("png", "svg", "pdf"):
        with pytest.raises(InvalidValueError, match="carries no settings"):
            read_config(tmp_path / f"a.{ending}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),
        ("a.json", b"\xff\xfe"),
        ("a.png", b"\x89PNG\r\n"),
        ("a.png", b""),
        ("a.json", b"[1]"),
    ],
)
def test_what_is_no_settings_is_refused_in_a_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidValueError) as refused:
        read_config(tmp_path / name)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("read", [read_config, read_spec])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "it is nested too deeply."),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "it is nested too deeply."),
        (b'{"seed": ' + b"1" * 5000 + b"}", "a number in it has too many digits."),
    ],
)
def test_what_python_is_not_willing_to_read_is_said_in_plain_words(tmp_path, read, content, reason):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InvalidValueError) as refused:
        read(path)
    assert str(refused.value) == f"{str(path)!r} is not JSON that can be read: {reason}"


@pytest.mark.parametrize("read", [read_config, read_spec])
@pytest.mark.parametrize("key", ["architecture", "vary", "seeds"])
def test_what_can_just_be_read_has_no_traceback(tmp_path, read, key):
    for depth in range(600, 1000, 5):
        (tmp_path / "a.json").write_text(f'{{"{key}": {{"width": {"[" * depth}1{"]" * depth}}}}}')
        with contextlib.suppress(InvalidValueError):
            read(tmp_path / "a.json")


def test_a_picture_with_other_settings_inside_is_refused(tmp_path):
    (tmp_path / "a.svg").write_text("<svg><desc>{&quot;lanes&quot;: 3}</desc></svg>")
    with pytest.raises(InvalidValueError, match=r"a\.svg"):
        read_config(tmp_path / "a.svg")
    text = settings_text(MINE).replace("&", "&amp;").replace('"', "&quot;")
    (tmp_path / "b.svg").write_text(f"<svg><desc>{text}</desc></svg>")
    assert read_config(tmp_path / "b.svg") == MINE


@pytest.mark.parametrize("piece", [b"<desc", b"<desc>", b"<desc>&lt;", b"<dc:description><rdf:Alt><rdf:li"])
@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_a_picture_of_nothing_but_beginnings_is_passed_once(tmp_path, piece, ending):
    (tmp_path / f"a.{ending}").write_bytes(piece * (12_000_000 // len(piece)) + b"</desc></rdf:li>")
    start = time.perf_counter()
    with pytest.raises(InvalidValueError):
        read_config(tmp_path / f"a.{ending}")
    assert time.perf_counter() - start < 5
