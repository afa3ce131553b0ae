"""``ganviz log``: reads the loss log of another program's GAN, and says what stands in it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.session.exporting import check_ending
from ganviz.session.logs.log import LossLog, read_log, write_log
from ganviz.session.logs.names import ROLES
from ganviz.session.logs.words import (
    about_pairs,
    feasibility,
    figure_of,
    loss_of,
    named,
    references,
    sentences,
)
from ganviz.spec import InvalidValueError, finite
from ganviz.spec.chosen_path import chosen_path

_OPTIONS = dict(
    zip(ROLES, ("d", "g", "d_real", "d_fake", "real_probability", "fake_probability"), strict=True)
)
_SYMBOLS = dict(zip(ROLES, ("L_D", "L_G", "real part", "fake part", "D(x)", "D(G(z))"), strict=True))
_SYMBOLS["total"] = "L_D + L_G"


def log(options: argparse.Namespace) -> int:
    """Print what a log says; raise InvalidValueError for what cannot be read."""
    if options.convention and options.halved:
        raise InvalidValueError("--halved is --convention mean, ½ (real + fake): give one of them.")
    convention = "mean" if options.halved else options.convention
    is_halved = None if convention is None else convention == "mean"
    out = options.out
    if out is not None:
        check_ending(out, (".csv",))
        if out.exists():
            raise InvalidValueError(f"{str(out)!r} is there already; choose another name.")
    wanted = {role: getattr(options, name) for role, name in _OPTIONS.items()}
    named_columns = {role: name for role, name in wanted.items() if name is not None}
    found = read_log(chosen_path(options.file), named_columns, is_halved)
    loss = loss_of(found, options.loss)
    if out is not None:
        write_log(out, found)
    if options.json:
        plain = _as_plain(options.file, found, loss, is_assumed=options.loss is None)
        print(json.dumps(plain, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(_as_text(options.file, found, loss, is_assumed=options.loss is None)))
    return 0


def _as_plain(
    file: str, found: LossLog, loss: AbstractAdversarialLoss | None, *, is_assumed: bool
) -> dict[str, Any]:
    possible = feasibility(found, loss)
    figures = {role: figure_of(values) for role, values in found.values.items()}
    return {
        "file": file,
        "steps": {"n": len(found.steps), "first": float(found.steps[0]), "last": float(found.steps[-1])},
        "columns": found.columns,
        "guessed": [role for role in found.columns if role in found.guessed],
        "d_scale": found.d_scale,
        "notes": list(found.notes),
        "loss": None if loss is None else loss.key,
        "loss_assumed": is_assumed and loss is not None,
        "figures": {
            role: {
                "first": finite(one.first), "last": finite(one.last), "median": finite(one.median),
                "not_finite": one.n_not_finite,
            }
            for role, one in figures.items()
        },
        "equilibrium": {} if loss is None else references(loss),
        "feasibility": None if possible is None
        else {"n": possible.n, "beyond": possible.n_beyond, "spread": possible.spread},
        "words": list(sentences(found, loss)),
    }  # fmt: skip


def _as_text(
    file: str, found: LossLog, loss: AbstractAdversarialLoss | None, *, is_assumed: bool
) -> Iterator[str]:
    n = len(found.steps)
    yield f"{file}: {n:,} step{'s' * (n != 1)} from {found.steps[0]:,.10g} to {found.steps[-1]:,.10g}"
    yield from found.notes
    yield f"{'':<10} {'first':>12} {'last':>12} {'median':>12}  column"
    for role, values in found.values.items():
        one = figure_of(values)
        column = repr(found.columns[role]) if role in found.columns else "real part + fake part"
        column += " (guessed)" * (role in found.guessed)
        column += f", {one.n_not_finite:,} not finite" if one.n_not_finite else ""
        yield f"{_SYMBOLS[role]:<10} {one.first:>12.6g} {one.last:>12.6g} {one.median:>12.6g}  {column}"
    if loss is None:
        yield "A loss is below 0, so it is not non-saturating cross-entropy; --loss says which (ganviz list losses)."
    else:
        yield from _about_the_loss(found, loss, is_assumed=is_assumed)
    yield from sentences(found, loss)


def _about_the_loss(found: LossLog, loss: AbstractAdversarialLoss, *, is_assumed: bool) -> Iterator[str]:
    values = ", ".join(f"{_SYMBOLS[role]} {named(value)}" for role, value in references(loss).items())
    assumed = " (assumed; --loss says another)" if is_assumed else ""
    yield f"{loss.title}{assumed}, at equilibrium: {values or 'open'}; L_D is the {loss.d_convention}"
    yield from about_pairs(found, loss)
