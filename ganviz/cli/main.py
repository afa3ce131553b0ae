"""Reads the command line, does what it says, and says every foreseeable error in one sentence (a defect: a traceback).

Exit codes: 0 done, 1 what an experiment claims was not seen or a cell of a sweep failed, 2 bad usage or input,
3 diverged, 130 interrupted (128 + the signal's number for others).
"""

from __future__ import annotations

import argparse
import errno
import io
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from ganviz.cli.figures import PICTURES, figure_of
from ganviz.cli.parser import COMMANDS, command_line
from ganviz.cli.room import check_room
from ganviz.session.saved_run import opened_place
from ganviz.session.view_names import ALL_VIEWS, ANIMATED_VIEWS, ANIMATIONS, VIEW_NAMES
from ganviz.spec import InvalidValueError, UnknownKeyError, readable

OpenWindow = Callable[[Path | None], int]
Command = Callable[[argparse.Namespace], int]


def main(
    arguments: list[str],
    open_window: OpenWindow,
    render: Command,
    bench: Command,
    to_wastebasket: Callable[[Path], bool] = lambda path: False,
) -> int:
    """Return the exit code.

    Parameters
    ----------
    arguments : list of str
    open_window, render, bench, to_wastebasket : callable
        What needs Qt, given by the front door; without a wastebasket, nothing can be moved there.
    """
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    _accept_any_text()
    try:
        code = _perform(arguments, open_window, render, bench, to_wastebasket)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _drop(sys.stdout)
        return 0
    except (InvalidValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG):
            _drop(sys.stdout)
        _say(_sentence(error))
        return 2
    except (MemoryError, RuntimeError, ImportError) as error:
        if not (sentence := _of_machine(error)):
            raise
        _say(sentence)
        return 2
    except KeyboardInterrupt:
        _say("interrupted.")
        return 130


def _say(sentence: str) -> None:
    """Print why nothing more is done, where that can be written: the exit code says it as well."""
    try:
        print(f"ganviz: {sentence}", file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _sentence(error: InvalidValueError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return readable(f"{error.strerror}: {error.filename!r}." if error.filename else f"{error.strerror}.")
    return str(error)


def _of_machine(error: Exception) -> str:
    """Return a sentence where memory was refused or a library of others cannot be loaded; else nothing."""
    if isinstance(error, MemoryError):  # perhaps while torch was loaded: nothing is loaded to say so
        return "There is not enough memory for this."
    if isinstance(error, ImportError):
        is_own = str(error.name).startswith("ganviz")
        return "" if is_own else f"A library cannot be loaded: {str(error).strip().splitlines()[-1]}."
    from ganviz.training.memory_need import memory_sentence

    return memory_sentence(error)


def _accept_any_text() -> None:
    """Let terminals and pipes of any encoding show what they can of σ and E‖∇t‖²."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop(stream: TextIO) -> None:
    """Leave nothing to flush at exit: who reads the stream has gone, or its disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _perform(
    arguments: list[str],
    open_window: OpenWindow,
    render: Command,
    bench: Command,
    to_wastebasket: Callable[[Path], bool],
) -> int:
    if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
        return open_window(_window_file(arguments))
    options = command_line().parse_args(arguments)
    check_room(options.command)
    if options.command in ("render", "report"):
        (check_render if options.command == "render" else check_report)(options)
        return render(options)
    if options.command == "bench":
        return bench(options)
    if options.command == "list":
        from ganviz.cli.listing import print_list

        return print_list(options.what, as_json=options.json)
    if options.command == "dirac":
        from ganviz.cli.dirac import dirac

        return dirac(options)
    if options.command == "log":
        from ganviz.cli.log import log

        return log(options)
    if options.command == "experiment":
        from ganviz.cli.experiments import run_experiment

        return run_experiment(options)
    if options.command == "runs":
        from ganviz.cli.runs import runs

        return runs(options, to_wastebasket)
    if options.command == "sweep":
        from ganviz.cli.sweep import sweep

        return sweep(options)
    from ganviz.cli import training

    commands = {"train": training.train, "resume": training.resume, "export": training.export}
    return commands[options.command](options)


def _window_file(arguments: list[str]) -> Path | None:
    if not arguments:
        return None
    path = opened_place(Path(arguments[0]))
    if not path.is_file() and not path.is_dir():
        known = ", ".join(COMMANDS)
        raise InvalidValueError(f"There is no file and no command {arguments[0]!r}; commands are {known}.")
    if len(arguments) > 1:
        raise InvalidValueError(
            f"The window opens one file and takes no options, not {' '.join(arguments)!r}."
        )
    return path


def check_render(options: argparse.Namespace) -> None:
    """Add the figure; raise InvalidValueError for what cannot be drawn, before Qt and torch are loaded."""
    views, is_all = dict(VIEW_NAMES), options.view == ALL_VIEWS
    if options.view not in views and not is_all:
        raise UnknownKeyError("view", options.view, [*views, ALL_VIEWS])
    endings = (*PICTURES, *ANIMATIONS) if options.view in ANIMATED_VIEWS else PICTURES
    ending = options.out.suffix.lower()
    if not is_all and ending not in endings:
        raise InvalidValueError(
            f"{str(options.out)!r} must end in {' or '.join(endings)} to hold the view {options.view!r}."
        )
    if not is_all and options.format:
        raise InvalidValueError("--format is for --view all; the format of one view is the ending of --out.")
    if is_all and ((ending in (*PICTURES, *ANIMATIONS)) or options.out.is_file()):
        raise InvalidValueError(f"--view all writes a folder of figures, and {str(options.out)!r} is none.")
    check_animation(options, is_one=not is_all and ending in ANIMATIONS)
    if is_all and options.beside:
        raise InvalidValueError("--beside is for one chart, not for --view all.")
    if missing := [file for file in (options.file, *options.beside) if not file.is_file()]:
        raise InvalidValueError(f"There is no file {str(missing[0])!r}.")
    options.ending = f".{options.format or 'pdf'}"
    pictures = [options.out / f"{view}{options.ending}" for view in views] if is_all else [options.out]
    _check_targets(options, pictures)
    options.figure = figure_of(options)


def _check_targets(options: argparse.Namespace, pictures: list[Path]) -> None:
    """Raise InvalidValueError where there is no folder to write to, or files that nobody said may be overwritten."""
    if not options.out.absolute().parent.is_dir():
        raise InvalidValueError(f"There is no folder {str(options.out.parent)!r}.")
    tables = [path.with_suffix(".csv") for path in pictures] if getattr(options, "with_data", False) else []
    if not options.force and (there := [path for path in (*pictures, *tables) if path.exists()]):
        raise InvalidValueError(
            f"{str(there[0])!r} is there already; choose another name, or give --force to overwrite it."
        )


def check_animation(options: argparse.Namespace, *, is_one: bool) -> None:
    """Raise InvalidValueError for options that go with pictures alone, or with animations alone."""
    if is_one and (options.transparent or options.with_data):
        raise InvalidValueError(f"--transparent and --with-data are for {', '.join(PICTURES)}.")
    if not is_one and (options.length is not None or options.log_time):
        raise InvalidValueError(f"--length and --log-time are for {', '.join(ANIMATIONS)}.")
    if is_one and options.out.suffix.lower() == ".mp4":
        from ganviz.session.animations import need_films

        need_films()


def check_report(options: argparse.Namespace) -> None:
    """Raise InvalidValueError for a report that cannot be written, before Qt and torch are loaded."""
    if options.out.suffix.lower() not in (".html", ".htm"):
        raise InvalidValueError(f"{str(options.out)!r} must end in .html to hold a report.")
    if not options.source.exists():
        raise InvalidValueError(f"There is no file and no folder {str(options.source)!r}.")
    _check_targets(options, [options.out])
