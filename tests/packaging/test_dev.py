"""The set-up command: every failure is one sentence, and a second start does nothing twice."""

from __future__ import annotations

import ast
import importlib.util
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
NO_SUCH_LIBRARY = {"libno-such-thing.so.1": "libno-such-thing1", "libnor-this.so.2": "libnor-this2"}


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PACKAGING))
    spec = importlib.util.spec_from_file_location("ganviz_dev", PACKAGING / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def machine(dev: ModuleType) -> ModuleType:
    return sys.modules["machine"]


def is_one_sentence(text: str) -> bool:
    return text.count("\n") <= 1 and "Traceback" not in text and text.rstrip().endswith(".")


# Python


@pytest.mark.parametrize("name", ["dev.py", "machine.py"])
def test_old_pythons_can_read_the_script(name: str) -> None:
    ast.parse((PACKAGING / name).read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_other_pythons_are_turned_away(
    dev: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: tuple[int, ...],
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", version)
    assert dev.main(["run"]) == 1
    error = capsys.readouterr().err
    assert f"this is Python {version[0]}.{version[1]}" in error
    assert "3.11, 3.12 or 3.13" in error
    assert is_one_sentence(error)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 1)])
def test_supported_pythons_are_welcome(machine: ModuleType, version: tuple[int, ...]) -> None:
    assert machine.python_problem(version) is None


def test_the_same_pythons_as_in_pyproject(machine: ModuleType) -> None:
    project = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest, newest = machine.OLDEST, machine.NEWEST
    assert project["requires-python"] == f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"


# Commands


@pytest.mark.parametrize("arguments", [[], ["walk"], ["--help"]])
def test_unknown_command(dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert dev.main(arguments) == 1
    assert is_one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["--seed", "3"], True),
        (["train", "--steps", "5"], False),
        (["--version"], False),
        (["list", "presets"], False),
        (["--open", "train"], True),
    ],
)
def test_which_arguments_open_a_window(machine: ModuleType, arguments: list[str], expected: bool) -> None:
    assert machine.opens_window(arguments) is expected


# Display


def test_no_display_names_the_headless_command(machine: ModuleType) -> None:
    problem = machine.display_problem({}, platform="linux")
    assert "DISPLAY and WAYLAND_DISPLAY are not set" in problem
    assert "ganviz train" in problem
    assert "\n" not in problem


@pytest.mark.parametrize("display", [":7654", "unix:7654", "localhost:59000", "nonsense", ":x"])
def test_a_display_that_does_not_answer(machine: ModuleType, display: str) -> None:
    assert f"DISPLAY={display}" in machine.display_problem({"DISPLAY": display}, platform="linux")


def test_a_display_that_answers(machine: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        display = f"127.0.0.1:{server.getsockname()[1] - 6000}"
        assert machine.display_problem({"DISPLAY": display}, platform="linux") is None


def test_a_wayland_socket_is_a_display(machine: ModuleType, tmp_path: Path) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert machine.display_problem(environment, platform="linux") is not None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as desktop:
        desktop.bind(str(tmp_path / "wayland-0"))
        desktop.listen()
        assert machine.display_problem(environment, platform="linux") is None
    said = machine.display_problem(environment, platform="linux")  # it died, and its socket is there
    assert "nothing answers at WAYLAND_DISPLAY=wayland-0" in said


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc"])
def test_headless_qt_platforms_need_no_display(machine: ModuleType, platform: str) -> None:
    assert machine.display_problem({"QT_QPA_PLATFORM": platform}, platform="linux") is None


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_display(machine: ModuleType, platform: str) -> None:
    assert machine.display_problem({}, platform=platform) is None


def test_run_without_a_display_stops_before_the_set_up(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setattr(dev, "set_up", lambda: pytest.fail("set up in vain"))
    assert dev.main(["run"]) == 1
    error = capsys.readouterr().err
    assert "ganviz train" in error
    assert is_one_sentence(error)


# Shared libraries


@pytest.fixture
def on_linux_as_a_person(machine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000, raising=False)


@pytest.mark.usefixtures("on_linux_as_a_person")
def test_missing_libraries_give_the_exact_line(machine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(machine.SetupError) as caught:
        machine.ensure_libraries(NO_SUCH_LIBRARY)
    assert str(caught.value).endswith("sudo apt-get install libno-such-thing1 libnor-this2")
    assert "libno-such-thing.so.1" in str(caught.value)


@pytest.mark.usefixtures("on_linux_as_a_person")
def test_missing_libraries_without_apt(machine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    with pytest.raises(machine.SetupError, match=r"libnor-this\.so\.2.*package manager") as caught:
        machine.ensure_libraries(NO_SUCH_LIBRARY)
    assert "apt-get" not in str(caught.value)


def test_root_installs_what_is_missing(machine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def pretend(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        called.append(command)
        return subprocess.CompletedProcess(command, 0, b"")

    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine.subprocess, "run", pretend)
    machine.ensure_libraries(NO_SUCH_LIBRARY)
    assert [command[1] for command in called] == ["update", "install"]
    assert called[1][-2:] == list(NO_SUCH_LIBRARY.values())


@pytest.mark.skipif(sys.platform != "linux", reason="shared libraries are looked for on Linux only")
def test_present_libraries_are_found(machine: ModuleType) -> None:
    assert machine.missing_libraries({"libc.so.6": "libc6"}) == []


# Stamp


@pytest.fixture
def checkout(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Point the module at an empty checkout whose environment was made but whose set-up is not complete."""
    stamped = tuple(tmp_path / name for name in ("pyproject.toml", "setup.py", "constraints.txt"))
    for path in stamped:
        path.write_text(f"# {path.name}\n")
    venv = tmp_path / ".venv"
    for name, value in {"ROOT": tmp_path, "VENV": venv, "STAMPED": stamped, "STAMP": venv / "stamp"}.items():
        monkeypatch.setattr(dev, name, value)
    dev.venv_python().parent.mkdir(parents=True)
    dev.venv_python().touch()
    return tmp_path


def test_without_a_stamp_nothing_is_set_up(dev: ModuleType, checkout: Path) -> None:
    assert not dev.is_set_up()


def test_the_stamp_holds_until_something_changes(
    dev: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.STAMP.write_text(dev.stamp_text() + "\n")
    assert dev.is_set_up()
    monkeypatch.setattr(dev.sys, "version_info", (3, 99, 0))
    assert not dev.is_set_up()
    monkeypatch.undo()


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.py", "constraints.txt"])
def test_each_stamped_file_counts(dev: ModuleType, checkout: Path, name: str) -> None:
    dev.STAMP.write_text(dev.stamp_text())
    (checkout / name).write_text("# changed\n")
    assert not dev.is_set_up()


def test_a_failed_installation_leaves_no_stamp(
    dev: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise dev.SetupError("no")

    dev.STAMP.write_text("an older one")
    monkeypatch.setattr(dev, "ensure_libraries", lambda libraries: None)
    monkeypatch.setattr(dev, "make_venv", lambda: None)
    monkeypatch.setattr(dev, "pip_install", fail)
    with pytest.raises(dev.SetupError):
        dev.set_up()
    assert not dev.STAMP.exists()


def test_a_second_start_neither_makes_nor_installs(
    dev: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.STAMP.write_text(dev.stamp_text())
    monkeypatch.setattr(dev, "ensure_libraries", lambda libraries: None)
    for name in ("make_venv", "pip_install", "try_imports"):
        monkeypatch.setattr(dev, name, lambda: pytest.fail("done twice"))
    dev.set_up()


# Virtual environment and pip


def test_a_python_without_venv(
    dev: ModuleType, machine: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(dev.SetupError, match=r"apt-get install python3\.\d+-venv$"):
        dev.make_venv()


def test_no_network_is_said_so(dev: ModuleType) -> None:
    lines = ["WARNING: Retrying after connection broken by 'NewConnectionError(…)'\n", "ERROR: No matching\n"]
    assert "network" in dev.pip_problem(lines)


def test_other_pip_failures_give_the_first_error(dev: ModuleType) -> None:
    lines = ["Collecting x\n", "ERROR: Cannot install x and y.\n", "ERROR: ResolutionImpossible: see there\n"]
    assert dev.pip_problem(lines).startswith("pip failed: Cannot install x and y.")
    assert "no output" in dev.pip_problem([])


def test_an_unwritable_checkout_is_one_sentence(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise PermissionError(13, "Permission denied", "/checkout/.venv")

    monkeypatch.setattr(dev, "set_up", fail)
    assert dev.main(["setup"]) == 1
    assert is_one_sentence(capsys.readouterr().err)
