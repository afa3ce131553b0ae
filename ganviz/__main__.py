"""The front door: the window or the command line. ``--version`` loads neither Qt nor torch nor NumPy."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ganviz import __version__
from ganviz.qt import load_qt

if TYPE_CHECKING:
    import argparse


def main() -> int:
    """Return the exit code."""
    _replace_closed_streams()
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"ganviz {__version__}\n")
        return 0
    # NumPy would use every core, the one that paints too, and let its threads spin for a while after each product.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with _ended_by_ctrl_c():
        from ganviz.cli import main as run

    return run(sys.argv[1:], _open_window, _render, _bench, _to_wastebasket)


def _replace_closed_streams() -> None:
    """Let standard streams that are closed (``>&-``, pythonw) swallow what is written to them.

    The next file that is opened would have the number of a closed stream, and get what libraries write there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole life


@contextlib.contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl+C end the program at once while there is nothing to keep, and not in the midst of what is loaded."""
    before = signal.getsignal(signal.SIGINT)
    is_usual = before is signal.default_int_handler
    if is_usual:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        if is_usual:
            signal.signal(signal.SIGINT, before)


@_ended_by_ctrl_c()
def _open_window(path: Path | None) -> int:
    from ganviz.cli.display import check_display
    from ganviz.cli.room import check_files, check_room
    from ganviz.worker.ahead import begin_ahead
    from ganviz.worker.heap import begin_loading

    check_room()
    check_files()
    check_display()
    begin_ahead()
    begin_loading()
    load_qt()
    from ganviz.app import run_window

    return run_window(path)


def _render(options: argparse.Namespace) -> int:
    load_qt()
    if options.background and hasattr(os, "nice"):
        os.nice(10)
    if options.command == "report":
        from ganviz.reporting import write_report

        write_report(options.source, options.out, _tell_frame if options.background else None)
        return 0
    from ganviz.rendering import render, render_all
    from ganviz.session.view_names import ALL_VIEWS

    look = (options.figure, options.theme, options.along)
    if options.view == ALL_VIEWS:
        render_all(options.file, options.out, *look, ending=options.ending, with_data=options.with_data)
        return 0
    tell = _tell_frame if options.background else None
    render(
        options.file, options.view, options.out, *look, tell, with_data=options.with_data, beside=options.beside,
        length_s=options.length, is_log=options.log_time,
    )  # fmt: skip
    return 0


def _tell_frame(n: int, n_all: int) -> None:
    """Print how far an animation is; it fails, and ends this program, when whoever reads it has gone."""
    sys.stdout.write(f"{n + 1} of {n_all}\n")
    sys.stdout.flush()


def _bench(options: argparse.Namespace) -> int:
    from ganviz.bench.report import main

    return main(as_json=options.json, is_quick=options.quick, device=options.device)


def _to_wastebasket(path: Path) -> bool:
    load_qt()
    from ganviz.wastebasket import to_wastebasket

    return to_wastebasket(path)


if __name__ == "__main__":
    sys.exit(main())
