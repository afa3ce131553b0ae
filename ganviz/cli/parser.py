"""The command line's grammar: commands, options, and what each is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from ganviz import __version__
from ganviz.cli.figures import add_render, add_report
from ganviz.cli.paths import file, file_of_run, folder
from ganviz.spec import readable

COMMANDS = (
    "train", "sweep", "runs", "resume", "export", "render", "report", "experiment", "dirac", "log", "list", "bench",
)  # fmt: skip
LISTS = (
    "formulations", "losses", "penalties", "inputs", "constraints", "optimizers", "rules", "data", "architectures",
    "activations", "initializations", "latents", "schedules", "experiments", "presets", "views", "columns", "settings",
)  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sentence = readable(f"{message[:1].upper()}{message[1:].rstrip('.')}")
        print(f"ganviz: {sentence}; see {self.prog} --help.", file=sys.stderr)
        raise SystemExit(2)


def command_line() -> argparse.ArgumentParser:
    """Return the parser of everything that ``ganviz`` understands."""
    parser = _Parser(
        prog="ganviz",
        description="See what a GAN's loss formulation does. Without a command, a window opens.",
        epilog="ganviz FILE.ganviz opens the window on a saved run, which may be named by its folder.",
    )
    parser.add_argument("--version", action="version", version=f"ganviz {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    _add_train(commands)
    _add_sweep(commands)
    _add_runs(commands)
    _add_others(commands)
    return parser


def _add_base(command: argparse.ArgumentParser) -> None:
    """Add the options that say which run is meant, but for its formulation."""
    command.add_argument("--preset", help="start from a named run (ganviz list presets)")
    command.add_argument("--config", type=file, metavar="F.json", help="start from a configuration file")
    command.add_argument(
        "--data",
        help="a distribution, a CSV file of points, a folder of pictures, or one of IDX files such as MNIST's",
    )
    command.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="any setting (ganviz list settings)"
    )
    command.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to train")


def _add_train(commands: argparse._SubParsersAction[_Parser]) -> None:
    train = commands.add_parser("train", help="train without a window")
    _add_base(train)
    train.add_argument(
        "--formulation", action="append", default=[], help="the game to play; give it again for a second lane"
    )
    train.add_argument("--steps", type=int, help="steps (default: the preset's)")
    train.add_argument("--seed", type=int, help="decides weights, data and latents")
    train.add_argument("--seeds", type=int, help="how many seeds train side by side, from --seed on (1)")
    _add_output(train)


def _add_sweep(commands: argparse._SubParsersAction[_Parser]) -> None:
    sweep = commands.add_parser(
        "sweep",
        help="train every combination of some settings, over seeds",
        description="Trains every combination of the varied settings, each over the same seeds, in processes of this "
        "machine or on a cluster, and compares them. What is finished stays: --resume does the rest.",
        epilog="Exit codes: 0 done (a run that diverged is a result), 1 a cell failed, 2 bad usage or input, 130 "
        "interrupted. A cluster runs the code of whoever may submit to it: use one of your own, with TLS.",
    )
    sweep.add_argument(
        "spec", type=file, nargs="?", metavar="SPEC.json",
        help='a sweep in a file, as {"vary": {"formulation": ["saturating", "hinge"]}, "seeds": 32, "steps": 4000}',
    )  # fmt: skip
    sweep.add_argument(
        "--vary", action="append", default=[], metavar="PATH=V1,V2",
        help="formulation, data or any setting (ganviz list settings), and its values; give it again for more",
    )  # fmt: skip
    _add_base(sweep)
    sweep.add_argument("--formulation", help="the game of every cell, where it is not varied")
    sweep.add_argument("--seeds", type=int, metavar="N", help="how many seeds a cell is trained from (8)")
    sweep.add_argument("--seed", type=int, help="the first of them")
    sweep.add_argument("--steps", type=int, help="steps (default: the preset's)")
    sweep.add_argument(
        "--out", type=folder, required=True, metavar="DIR", help="write cells and tables there"
    )
    sweep.add_argument("--resume", action="store_true", help="go on with the sweep that the folder holds")
    sweep.add_argument(
        "--workers", type=int, metavar="N", help="processes (one a processor); 0 trains in this one"
    )
    sweep.add_argument(
        "--cluster", metavar="WHERE",
        help="tcp://host:8786 or tls://… of a Dask scheduler, a .yaml file for dask-jobqueue, or local",
    )  # fmt: skip
    _add_sweep_output(sweep)


def _add_sweep_output(sweep: argparse.ArgumentParser) -> None:
    """Add what a sweep prints."""
    sweep.add_argument(
        "--print-commands", action="store_true", help="train nothing; print a command of ganviz train a run"
    )
    sweep.add_argument(
        "--compare", action="append", default=[], metavar="N,M",
        help="also print how cell M differs from cell N by equal seeds; give it again for more",
    )  # fmt: skip
    sweep.add_argument("--json", action="store_true", help="print the summary as one JSON object")
    sweep.add_argument("--quiet", action="store_true", help="no progress lines")
    sweep.add_argument("--progress-json", action="store_true", help="print a JSON line for all that happens")


def _add_experiment(commands: argparse._SubParsersAction[_Parser]) -> None:
    play = commands.add_parser("experiment", help="play an experiment and check what it claims")
    play.add_argument("key", metavar="KEY", help="ganviz list experiments")
    play.add_argument("--seed", type=int, help="decides weights, data and latents")
    play.add_argument("--json", action="store_true", help="print the findings as one JSON object")
    play.add_argument("--quiet", action="store_true", help="no progress line")


def _add_dirac(commands: argparse._SubParsersAction[_Parser]) -> None:
    game = commands.add_parser(
        "dirac", help="play the two-number game of a formulation (Mescheder et al. 2018)"
    )
    game.add_argument("--formulation", default="non_saturating", help="ganviz list formulations")
    game.add_argument(
        "--penalty", action="append", default=[], help="a further penalty (ganviz list penalties)"
    )
    game.add_argument("--theta", type=float, default=1.0, help="where the generated point starts (1)")
    game.add_argument("--psi", type=float, default=1.0, help="the discriminator's slope at the start (1)")
    game.add_argument("--step-size", type=float, default=0.2, help="learning rate of both players (0.2)")
    game.add_argument(
        "--update", choices=("simultaneous", "alternating"), help="who moves when (alternating)"
    )
    game.add_argument("--rule", metavar="KEY", help="any rule, instead of --update")
    game.add_argument("--optimizer", default="sgd", metavar="KEY", help="the optimizer of both players (sgd)")
    game.add_argument("--steps", type=int, default=500)
    game.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="any setting; penalty.weight, optimizer.momentum and constraint.c are understood too",
    )
    game.add_argument("--json", action="store_true", help="print the result as one JSON object")


def _add_log(commands: argparse._SubParsersAction[_Parser]) -> None:
    log = commands.add_parser(
        "log",
        help="read the loss log of another program's GAN",
        description="Reads a loss log as CSV (tabs, semicolons, spaces too), JSON, lines that say what their numbers "
        "are ([0/25][0/782] Loss_D: 1.6 Loss_G: 5.0), or TensorBoard's event files (FILE or their folder), and says "
        "what it means. Columns are guessed by their names; the options name them, or count them from 1.",
    )
    log.add_argument("file", metavar="FILE")
    log.add_argument("--d", metavar="COL", help="the discriminator's loss")
    log.add_argument("--g", metavar="COL", help="the generator's loss")
    log.add_argument("--d-real", metavar="COL", help="the part of D's loss on real samples")
    log.add_argument("--d-fake", metavar="COL", help="the part of D's loss on generated samples")
    log.add_argument("--real-probability", metavar="COL", help="D(x), from 0 to 1")
    log.add_argument("--fake-probability", metavar="COL", help="D(G(z)), from 0 to 1")
    log.add_argument(
        "--convention", choices=("sum", "mean"),
        help="what D's loss is of its two parts (default: as they say, or the sum)",
    )  # fmt: skip
    log.add_argument("--halved", action="store_true", help="the same as --convention mean")
    log.add_argument("--loss", metavar="KEY", help="which loss it is (ganviz list losses)")
    log.add_argument(
        "--out", type=file, metavar="FILE.csv", help="write steps and losses as sums of means there"
    )
    log.add_argument("--json", action="store_true", help="print the result as one JSON object")


def _add_runs(commands: argparse._SubParsersAction[_Parser]) -> None:
    runs = commands.add_parser(
        "runs",
        help="list the saved runs in a folder",
        description="Lists the runs (*.ganviz) in a folder and in those below it: what ganviz train, ganviz sweep and "
        "the window have saved there. Files that are new are read once; an index outside the folder keeps the list. "
        "With --run it names runs, whose tags and notes can be written, and which can be deleted.",
    )
    runs.add_argument("folder", type=folder, nargs="?", default=Path(), metavar="FOLDER", help="(this one)")
    runs.add_argument(
        "--sort", default="saved", metavar="BY",
        help="name, saved, step, data, formulation, tags, notes, parent, an end figure as sliced_wasserstein (saved)",
    )  # fmt: skip
    runs.add_argument("--reverse", action="store_true", help="from the largest to the smallest")
    runs.add_argument(
        "--find", default="", metavar="WORDS",
        help="only runs with all of these words in names, data, formulations, tags or notes",
    )  # fmt: skip
    runs.add_argument(
        "--differ", action="store_true", help="also list the settings that differ between these runs"
    )
    runs.add_argument(
        "--run", action="append", default=[], metavar="NAME", help="only this run; give it again for more"
    )
    runs.add_argument(
        "--tag", action="append", default=[], metavar="TAGS", help="put tags on it: good, paper"
    )
    runs.add_argument("--untag", action="append", default=[], metavar="TAGS", help="take tags off it")
    runs.add_argument(
        "--note", metavar="TEXT", help="write this note on it; an empty text takes the note off"
    )
    runs.add_argument("--delete", action="store_true", help="move it to the desktop's wastebasket")
    runs.add_argument("--json", action="store_true", help="print the list as one JSON object")
    runs.add_argument(
        "--background", action="store_true",
        help="give way to other programs, and print how many runs have been read instead of the list",
    )  # fmt: skip


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", type=folder, metavar="DIR", help="write checkpoint, history, samples … there"
    )
    command.add_argument("--force", action="store_true", help="overwrite the run that the folder holds")
    command.add_argument(
        "--checkpoint-every",
        action="append",
        default=[],
        metavar="EVERY",
        help="write the run so often while it trains: 1000 (steps), 5min, never (default: 1min)",
    )
    command.add_argument(
        "--log", type=folder, metavar="FILE",
        help="write every step there while training: FILE.csv, .jsonl, .npz, or a folder for TensorBoard",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print the result as one JSON object")
    command.add_argument("--quiet", action="store_true", help="no progress line")


def _add_others(commands: argparse._SubParsersAction[_Parser]) -> None:
    resume = commands.add_parser("resume", help="go on with a saved run")
    resume.add_argument("file", type=file_of_run, metavar="FILE.ganviz")
    resume.add_argument("--steps", type=int, required=True, help="further steps")
    resume.add_argument(
        "--from-step",
        type=int,
        metavar="N",
        help="fork: go on from this step; one that is no keyframe is made anew",
    )
    _add_output(resume)
    export = commands.add_parser("export", help="write data of a saved run")
    export.add_argument("file", type=file_of_run, metavar="FILE.ganviz")
    export.add_argument(
        "--out", type=folder, required=True, metavar="DIR", help="a folder, or FILE.py for one lane's script"
    )
    export.add_argument(
        "--what",
        metavar="KINDS",
        help="any of history,samples,config,weights,script with commas (default: all but the script; to FILE.py that)",
    )
    export.add_argument("--force", action="store_true", help="overwrite files of these names")
    add_render(commands)
    add_report(commands)
    _add_experiment(commands)
    _add_dirac(commands)
    _add_log(commands)
    measure = commands.add_parser("bench", help="measure the engine's speed, alone and watched")
    measure.add_argument("--json", action="store_true", help="print the result as one JSON object")
    measure.add_argument("--quick", action="store_true", help="shorter and rougher")
    measure.add_argument(
        "--device", choices=("cpu", "cuda"), default="cpu", help="cuda measures the GPU alone, without Qt"
    )
    listing = commands.add_parser("list", help="print what there is")
    listing.add_argument("what", choices=LISTS)
    listing.add_argument("--json", action="store_true", help="print it as JSON")
