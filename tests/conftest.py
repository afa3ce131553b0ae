"""What every test shares: no window on a screen, no file in a person's folders, one torch thread."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# How long an example takes says how busy the machine is: bench measures, tests do not.
hypothesis.settings.register_profile("ganviz", deadline=None)
hypothesis.settings.load_profile("ganviz")

_SANDBOX = tempfile.TemporaryDirectory(prefix="ganviz-tests-", ignore_cleanup_errors=True)


def _enter_sandbox(root: Path) -> None:
    """Point every folder that Qt or ganviz might write to below ``root``; before Qt is imported."""
    if not os.environ.get("GANVIZ_TEST_DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.pop("WAYLAND_DISPLAY", None)
    for variable, name in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "runtime"),
    ):
        folder = root / name
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[variable] = str(folder)
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")


_enter_sandbox(Path(_SANDBOX.name))


@pytest.fixture(autouse=True, scope="session")
def _settings_in_sandbox() -> Iterator[None]:
    """Keep QSettings out of the registry and the property lists of Windows and macOS too."""
    from PySide6.QtCore import QSettings, QStandardPaths

    QStandardPaths.setTestModeEnabled(sys.platform != "linux")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(Path(_SANDBOX.name) / "config"))
    yield
    _SANDBOX.cleanup()


@pytest.fixture(autouse=True)
def _one_torch_thread() -> None:
    """One thread for small networks: timings and last bits do not depend on the number of cores.

    Torch is not imported for tests that do not use it.
    """
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() != 1:
        torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def _garbage_is_left_to_this_thread() -> Iterator[None]:
    """Collect no garbage in threads, as in the window: what tests of widgets have left would end there."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    from ganviz.worker.heap import collect_due

    yield
    collect_due()


@pytest.fixture(autouse=True, scope="session")
def _seconds_stand_still() -> None:
    """Let no training take any time: the seconds in a history are all that equal runs do not share."""
    from ganviz.training import progress

    progress.clock = float


@pytest.fixture(autouse=True, scope="session")
def _as_urgent_as_at_first() -> Iterator[None]:
    """Let nothing that stands back for others in its own process, as a renderer does, make all later tests slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "nice", lambda _: 0, raising=False)
        yield
