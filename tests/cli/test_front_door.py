"""``python -m ganviz``: what is loaded when, where calls end up, and what happens without a display."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from PIL import Image

from ganviz import __version__
from ganviz.cli.display import display_problem
from ganviz.cli.parser import COMMANDS

LOADED = textwrap.dedent(
    """
    import runpy, sys
    sys.argv = ["ganviz", *sys.argv[1:]]
    try:
        runpy.run_module("ganviz", run_name="__main__")
    except SystemExit as end:
        code = end.code or 0
    loaded = [name for name in ("PySide6", "pyqtgraph", "torch", "numpy") if name in sys.modules]
    print("loaded", *loaded, file=sys.stderr)
    sys.exit(code)
    """
)


@pytest.fixture
def loaded(own_process, tmp_path):
    """What a command has imported by its end."""
    script = tmp_path / "loaded.py"
    script.write_text(LOADED)

    def call(*arguments):
        done = subprocess.run(
            [sys.executable, script, *arguments], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stderr.split()[1:]

    return call


def test_the_version_loads_nothing_and_is_there_at_once(own_process, loaded):
    assert loaded("--version") == []
    times = []
    for _ in range(5):
        start = time.perf_counter()
        assert own_process("--version").out == f"ganviz {__version__}\n"
        times.append(time.perf_counter() - start)
    assert min(times) < 0.15


def test_help_loads_nothing_heavy(loaded):
    assert loaded("--help") == []
    assert loaded("train", "--help") == []


def test_lists_do_without_torch_and_training_without_qt(loaded):
    assert loaded("list", "settings") == ["numpy"]
    assert loaded("train", "--steps", "2") == ["torch", "numpy"]


@pytest.mark.parametrize("arguments", [[], ["run.ganviz"]])
def test_without_a_command_the_window_opens(ganviz, opened, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.ganviz").write_bytes(b"")
    assert ganviz(*arguments).code == 0
    assert [str(path) for path in opened] == (arguments or ["None"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["missing.ganviz"],
            ["'missing.ganviz'", ", ".join(COMMANDS)],
        ),
        (["trian", "--steps", "3"], ["'trian'", "train, sweep, runs, resume"]),
        (["run.ganviz", "other.ganviz"], ["one file"]),
        (["list", "everything"], ["'everything'", "'settings'"]),
        (["list"], ["what"]),
        (["--verbose"], ["COMMAND"]),
        (["resume", "run.ganviz"], ["--steps"]),
        (["export", "run.ganviz"], ["--out"]),
    ],
)
def test_a_call_that_makes_no_sense(ganviz, opened, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.ganviz").write_bytes(b"")
    ganviz(*arguments).assert_refused(*words)
    assert opened == []


def test_without_a_display_a_sentence_names_train(own_process):
    answer = own_process(QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    answer.assert_refused("DISPLAY", "`ganviz train`")


def test_which_displays_are_believed(tmp_path):
    server = socket.socket(socket.AF_INET)
    server.bind(("127.0.0.1", 0))
    number = server.getsockname()[1] - 6000
    display = f"127.0.0.1:{number}.0"
    assert "nothing answers at DISPLAY" in str(display_problem({"DISPLAY": display}, "linux"))
    server.listen()
    assert "nothing answers" not in str(display_problem({"DISPLAY": display}, "linux"))
    server.close()
    assert "neither" in str(display_problem({}, "linux"))
    assert "nothing answers" in str(display_problem({"DISPLAY": "nonsense"}, "linux"))
    assert "nothing answers" in str(display_problem({"DISPLAY": ":65000"}, "linux"))
    for platform in ("offscreen", "minimal:enable_fonts", "bogus;vnc"):
        assert display_problem({"QT_QPA_PLATFORM": platform}, "linux") is None
    for platform in ("bogus", "bogus;other:size=3", "off"):
        found = display_problem({"QT_QPA_PLATFORM": platform}, "linux")
        assert str(found).startswith(f"QT_QPA_PLATFORM is {platform!r}, and Qt knows eglfs, ")
    assert display_problem({"QT_QPA_PLATFORM": "own", "QT_PLUGIN_PATH": "/own"}, "linux") is None
    assert "neither" in str(display_problem({"QT_QPA_PLATFORM": "xcb"}, "linux"))
    assert display_problem({}, "darwin") is None


def test_a_wayland_desktop_is_believed_while_it_answers(tmp_path):
    """One that has died leaves its socket behind, and Qt ended the program with a core dump there."""
    wayland = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert display_problem(wayland, "linux") == "nothing answers at WAYLAND_DISPLAY=wayland-9"
    with socket.socket(socket.AF_UNIX) as desktop:
        desktop.bind(str(tmp_path / "wayland-9"))
        desktop.listen()
        assert display_problem(wayland, "linux") is None
        assert display_problem(wayland | {"QT_QPA_PLATFORM": "wayland;xcb"}, "linux") is None
        assert (
            display_problem(wayland | {"XDG_RUNTIME_DIR": "", "WAYLAND_DISPLAY": desktop.getsockname()})
            is None
        )
        found = display_problem(wayland | {"QT_QPA_PLATFORM": "xcb"}, "linux")
        assert found == "QT_QPA_PLATFORM is 'xcb', and DISPLAY is not set"
    assert display_problem(wayland, "linux") == "nothing answers at WAYLAND_DISPLAY=wayland-9"
    found = display_problem(wayland | {"DISPLAY": ":65000"}, "linux")
    assert found == "nothing answers at WAYLAND_DISPLAY=wayland-9 and nothing answers at DISPLAY=:65000"
    found = display_problem({"QT_QPA_PLATFORM": "wayland", "DISPLAY": ":65000"}, "linux")
    assert found == "QT_QPA_PLATFORM is 'wayland', and WAYLAND_DISPLAY is not set"
    assert display_problem({"QT_QPA_PLATFORM": "wayland;offscreen"}, "linux") is None
    assert display_problem({"WAYLAND_SOCKET": "5"}, "linux") is None


def test_a_reader_that_has_gone_is_no_error(tmp_path):
    command = [sys.executable, "-m", "ganviz", "list", "settings", "--json"]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert reader.stdout is not None
    assert reader.stderr is not None
    reader.stdout.close()
    errors = reader.stderr.read()
    reader.stderr.close()
    assert (reader.wait(60), errors) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_standard_output_on_a_full_disk_is_a_sentence():
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "ganviz", "list", "views"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
        assert (done.returncode, done.stderr) == (2, "ganviz: No space left on device.\n")
        done = subprocess.run(command, stdout=full, stderr=full, env=environment, check=False)
    assert done.returncode == 2  # where not even the sentence can be written


def test_a_terminal_of_another_encoding_is_no_error(own_process):
    answer = own_process("list", "penalties", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.code == 0
    assert "r1" in answer.out


def test_a_picture_is_drawn_without_a_display_and_carries_its_settings(own_process, saved_run, tmp_path):
    out = tmp_path / "plot.png"
    checkpoint = saved_run / "checkpoint.ganviz"
    answer = own_process(
        "render", checkpoint, "--view", "losses", "--out", "plot.png", "--size", "320x240",
        QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="",
    )  # fmt: skip
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    with Image.open(out) as picture:
        assert picture.size == (320, 240)
        assert json.loads(picture.text["Settings"])["config"]["architecture"]["width"] == 8
    answer = own_process("render", checkpoint, "--view", "digits", "--out", "digits.png")
    answer.assert_refused("'digits'", "Ring")
    assert [path.name for path in tmp_path.iterdir()] == ["plot.png"]


def limited(folder, limit, most, *arguments):
    """Start ganviz where it may have so much of something, by the limit's name."""
    import resource

    kind = getattr(resource, limit)
    return subprocess.run(
        [sys.executable, "-m", "ganviz", *arguments], capture_output=True, text=True, cwd=folder, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=lambda: resource.setrlimit(kind, (most, most)),
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of address space is Linux's")
@pytest.mark.parametrize("arguments", [[], ["train", "--steps", "5"], ["list", "losses"]])
def test_too_little_address_space_for_torch_is_a_sentence(tmp_path, arguments):
    done = limited(tmp_path, "RLIMIT_AS", 500 << 20, *arguments)
    if arguments[:1] == ["list"]:
        assert done.returncode == 0, "it does not load torch"
        return
    assert done.returncode == 2
    assert done.stderr == (
        "ganviz: A process may use 500 MB of address space here (ulimit -v), and ganviz needs about 750.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_too_few_open_files_for_a_window_are_a_sentence(tmp_path):
    """Qt was ended by a signal, without a word."""
    done = limited(tmp_path, "RLIMIT_NOFILE", 24)
    assert done.returncode == 2
    assert done.stderr == (
        "ganviz: A process may have 24 files open here (ulimit -n), and ganviz needs 32 for its window.\n"
    )
