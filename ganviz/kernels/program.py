"""A program: calls with all their arguments bound, made once and run at little more than the price of the calls."""

from __future__ import annotations

from collections.abc import Callable

Program = list[Callable[[], object]]


def run(program: Program) -> None:
    """Make a program's calls."""
    for call in program:
        call()
