"""Both forms of a kernel in one process, whatever the switch says."""

import pytest

from ganviz.kernels import switch


@pytest.fixture(autouse=True)
def _tricks_are_on(monkeypatch):
    monkeypatch.setattr(switch, "PLAIN", False)


@pytest.fixture
def both(monkeypatch):
    """Return what computes something with the trick and plainly."""

    def compute(work):
        found = []
        for plain in (False, True):
            monkeypatch.setattr(switch, "PLAIN", plain)
            found.append(work())
        return found

    return compute
