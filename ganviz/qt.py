"""How Qt is loaded: with a sentence where that fails, and without reading the sources of all that is imported later."""

from __future__ import annotations

import contextlib
import sys


def load_qt() -> None:
    """Load Qt; to be called before what uses it is imported.

    Raises
    ------
    InvalidValueError
        Where Qt lacks a shared library of the system.
    """
    try:
        import PySide6.QtGui  # noqa: F401 - is loaded for its errors
    except ImportError as error:
        from ganviz.spec import InvalidValueError

        raise InvalidValueError(f"Qt cannot be loaded ({error}); `ganviz train` works without it.") from error
    _leave_sources_alone()


def _leave_sources_alone() -> None:
    """Answer for all modules that they switch none of PySide's features (snake_case, true_property).

    To find that out, PySide reads the source of each module that is imported after it, and Python keeps every line:
    without this the window is painted 40 ms later and takes 20 MB more. Another PySide may ask in another way; then it
    reads them.
    """
    with contextlib.suppress(KeyError):
        sys.modules["shibokensupport.feature"].__dict__["_mod_uses_pyside"] = lambda module: False
