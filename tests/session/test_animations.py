"""For how long steps are seen, and the films that are made of them."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganviz.cli.main import main
from ganviz.session.animations import FILM_MS, durations, write_animation

STEPS = [0, 1, 2, 4, 8, 16, 500, 1000, 4000]


def test_each_step_has_equal_time_and_the_last_one_more():
    assert durations([0, 64, 128]) == [120, 120, 1500]
    assert durations([7]) == [1500]
    assert durations([0, 64, 128], 9.9) == [4200, 4200, 1500]
    assert durations([0, 64, 128], 3) == [1000, 1000, 1000]


@pytest.mark.parametrize("length", [None, 2.0, 60.0])
def test_time_can_go_with_the_logarithm_of_the_step(length):
    found = durations(STEPS, length, is_log=True)
    assert sum(found) == (1000 * length if length else 120 * (len(STEPS) - 1) + 1500)
    assert all(time % 20 == 0 for time in found[:-1])
    whole = sum(found[:-1])
    for step, start in zip(STEPS, np.cumsum([0, *found[:-1]]).tolist(), strict=True):
        assert abs(start - whole * math.log1p(step) / math.log1p(4000)) <= 10 + 1e-9
    dense = durations([0, *range(1000, 2000)], 2.0, is_log=True)
    assert sum(dense) == 2000
    assert 0 in dense  # there is no time for all of them


def test_a_film_shows_each_picture_as_long_as_it_is_meant_to_be_seen(tmp_path: Path):
    import av

    colors, times = ((200, 30, 30), (30, 200, 30), (30, 30, 200)), (120, 200, 1500)
    frames = [(Image.new("RGB", (101, 67), color), time) for color, time in zip(colors, times, strict=True)]
    write_animation(tmp_path / "run.mp4", frames, '{"config": "µ"}')
    with av.open(str(tmp_path / "run.mp4")) as film:
        assert film.metadata["comment"] == '{"config": "µ"}'
        stream = film.streams.video[0]
        assert (stream.width, stream.height, stream.pix_fmt) == (100, 66, "yuv420p")
        seen = [(float(one.time), one.to_ndarray(format="rgb24").mean((0, 1))) for one in film.decode(stream)]
    assert [at for at, _ in seen] == pytest.approx([k * FILM_MS / 1000 for k in range(len(seen))], abs=1e-4)
    wanted = [color for color, time in zip(colors, times, strict=True) for _ in range(round(time / FILM_MS))]
    assert abs(len(seen) - sum(times) / FILM_MS) <= 1
    for (_, color), meant in zip(seen, wanted, strict=False):
        np.testing.assert_allclose(color, meant, atol=12)


def test_what_films_need_and_what_goes_with_them_is_said_before_anything_is_loaded(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "run.ganviz").write_bytes(b"")

    def refused(*options: str) -> str:
        arguments = ["render", str(tmp_path / "run.ganviz"), "--view", "plane", *options]
        assert main(arguments, *[lambda given: 0] * 3) == 2  # type: ignore[arg-type,list-item]
        return capsys.readouterr().err

    out = ("--out", str(tmp_path / "run.mp4"))
    assert "--transparent" in refused(*out, "--transparent")
    assert "--length and --log-time are for .gif" in refused(
        "--out", str(tmp_path / "a.png"), "--length", "3"
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "pip install 'ganviz[video]'" in refused(*out)
