"""Errors in what Qt calls: on Python 3.11 one that C code has raised would end the process.

Where Python calls Qt, which calls an override that fails (``resize`` → ``resizeEvent``), PySide (6.8 to 6.11) hands the
error on to the caller, and takes its message from the exception object. Before Python 3.12, what C code raises (a
division by zero, a list's or an array's index) is a bare message until somebody catches it: PySide reads it as an
object, and the process dies before anybody is told. Caught and raised again it is an object, and becomes the sentence
of any other defect.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QGraphicsItem


def raise_objects() -> None:
    """Let every class of ganviz that is made from now on raise exceptions that PySide can read."""
    if sys.version_info < (3, 12):
        for base in (QObject, QGraphicsItem):
            _tell_of_subclasses(base)


def _tell_of_subclasses(base: type) -> None:
    def made(cls: type, /, **names: Any) -> None:
        super(base, cls).__init_subclass__(**names)  # type: ignore[arg-type]
        if cls.__module__.startswith("ganviz."):
            _guard_overrides(cls)

    base.__init_subclass__ = classmethod(made)  # type: ignore[assignment, method-assign]


def _guard_overrides(cls: type) -> None:
    of_qt = [base for base in cls.__mro__ if base.__module__.startswith("PySide6.")]
    for name, method in list(vars(cls).items()):
        is_ours = isinstance(method, FunctionType) and not name.startswith("_")
        if is_ours and any(name in vars(base) for base in of_qt):
            setattr(cls, name, _caught_once(method))


def _caught_once(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **names: Any) -> Any:
        try:
            return method(*args, **names)
        except BaseException:  # to be caught is what makes it an object
            raise

    return call
