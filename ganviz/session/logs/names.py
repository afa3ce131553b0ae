"""Which columns of a log hold what, guessed by the names that programs give them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ganviz.spec import InvalidValueError, UnknownKeyError

LOSSES = ("d_loss", "g_loss", "d_loss_real", "d_loss_fake")
PROBABILITIES = ("real_probability", "fake_probability")
ROLES = (*LOSSES, *PROBABILITIES)

RUNS = ("lane", "seed", "run")
"""Columns that tell several runs of one file apart."""

_TOKENS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_GLUED = {
    "errd": ("err", "d"), "errg": ("err", "g"), "lossd": ("loss", "d"), "lossg": ("loss", "g"),
    "dloss": ("d", "loss"), "gloss": ("g", "loss"),
}  # fmt: skip
_PLAYERS = {
    "d": {"d", "dis", "disc", "discriminator", "critic"}, "g": {"g", "gen", "generator"},
}  # fmt: skip
_LOSS = {"loss", "losses", "err", "error", "cost"}
_PARTS = {"real", "fake"}
_GAN, _PER_EPOCH = "gan", "epoch"
_OTHERS = {
    "gp", "penalty", "reg", "r1", "r", "pl", "gradient", "grad", "norm", "acc", "accuracy", "lr", "time", "std",
    "val", "valid", "validation", "test", "eval", "score", "scores", "signs", "fm", "vgg", "l", "cycle", "identity",
    "ema", "min", "max", "cls", "class", "rec", "pix", "percep", "style", "content",
}  # fmt: skip
_STEPS = (
    "step", "steps", "globalstep", "trainerglobalstep", "iter", "iters", "iteration", "iterations", "itr", "niter",
    "it", "batchesdone", "update", "kimg", "progresskimg", "nimg", "tick", "batch", "batchidx", "i",
)  # fmt: skip
_UNITS = {"kimg": "kimg", "progresskimg": "kimg", "nimg": "images", "tick": "tick"}
_EPOCHS = ("epoch", "epochs")
_REAL = ("realprobability", "dx", "dofx", "probreal", "preal")
_FAKE = ("fakeprobability", "dgz", "dgz1", "dofgz", "probfake", "pfake")


def place_of(names: tuple[str, ...], wanted: str) -> int:
    """Return a column by its name, whatever its case, or by its number from 1; raise UnknownKeyError for no such."""
    folded = [name.casefold() for name in names]
    for known, name in ((list(names), wanted), (folded, wanted.casefold())):
        if name in known:
            return known.index(name)
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(names):
        return int(wanted) - 1
    raise UnknownKeyError("column", wanted, list(names))


def places_of(
    names: tuple[str, ...], wanted: Mapping[str, str], empty: frozenset[int] = frozenset()
) -> tuple[dict[str, int], frozenset[str]]:
    """Return the column of every role that is there, and which of them were guessed.

    Parameters
    ----------
    names : tuple of str
        All columns.
    wanted : mapping
        Columns that the person named, by role: one of ``ROLES``; an empty name is a role without a column.
    empty : frozenset of int
        Columns without a number, which are guessed only where no other has the name.

    Raises
    ------
    InvalidValueError
        When a column that was named is not there, one is named twice, or no loss is found.
    """
    places = {role: place_of(names, name) for role, name in wanted.items() if name}
    for role, place in places.items():
        if list(places.values()).count(place) > 1:
            raise InvalidValueError(
                f"The column {names[place]!r} is named twice; {role} needs one of its own."
            )
    guessed = {}
    for role in ROLES:
        if role in wanted:
            continue
        taken = set(places.values())
        found = _best(names, role, taken | empty)
        found = _best(names, role, taken) if found is None else found
        if found is not None:
            guessed[role] = found
    places |= guessed
    if not set(LOSSES) & set(places):
        known = ", ".join(map(repr, names[:20]))
        raise InvalidValueError(f"No column is named as a loss; name one with --d or --g: {known}.")
    return places, frozenset(guessed)


def steps_of(names: tuple[str, ...]) -> tuple[int | None, int | None]:
    """Return the columns of steps and of epochs."""
    last = [_compact(name) for name in names]
    return _first(last, _STEPS), _first(last, _EPOCHS)


def likely_columns(names: tuple[str, ...]) -> set[str]:
    """Return the names of the columns that are read where the person names none; all where no loss is found."""
    try:
        places, _ = places_of(names, {})
    except InvalidValueError:
        return set(names)
    numbers = (*places.values(), *steps_of(names))
    runs = (name for name in names if name.casefold() in RUNS)
    return {*(names[k] for k in numbers if k is not None), *runs}


def step_unit(name: str) -> str:
    """Return what a column of steps counts, in a word."""
    return _UNITS.get(_compact(name), "step")


def is_named_loss(name: str) -> bool:
    """Return whether a name says that it is a loss, and not only whose."""
    return bool(_LOSS & set(_words(name)))


def _first(compact: list[str], known: tuple[str, ...]) -> int | None:
    return next((compact.index(name) for name in known if name in compact), None)


def _best(names: tuple[str, ...], role: str, taken: set[int]) -> int | None:
    """Return the column whose name says a role with the fewest words."""
    if role in PROBABILITIES:
        free = ["" if k in taken else _compact(name) for k, name in enumerate(names)]
        return _first(free, _REAL if role == "real_probability" else _FAKE)
    is_pix2pix = any(_words(name) == ["g", _GAN] for name in names)
    sizes = {k: _size(name, role, is_pix2pix=is_pix2pix) for k, name in enumerate(names) if k not in taken}
    known = {k: size for k, size in sizes.items() if size}
    return min(known, key=lambda k: known[k]) if known else None


def _size(name: str, role: str, *, is_pix2pix: bool) -> int:
    """Return how many words a name has that says a loss's role; 0 where it does not.

    pix2pix and its kin call all their columns losses, and so say it of none: G_GAN, D_real, D_fake.
    """
    tokens = _words(name)
    if is_pix2pix and [role[0], _GAN if role.endswith("loss") else role.rpartition("_")[2]] == tokens:
        return len(tokens)
    if len(tokens) == 1 and role in ("d_loss", "g_loss"):
        return 100 if tokens[0] == role[0] else 0  # a column called "D" is the loss where no other is
    if not _LOSS & set(tokens) or _OTHERS & set(tokens):
        return 0
    player, part = role[0], role.rpartition("_")[2]
    own, other = (bool(_PLAYERS[one] & set(tokens)) for one in (player, "g" if player == "d" else "d"))
    parts = _PARTS & set(tokens)
    if part in _PARTS:
        return len(tokens) if parts == {part} and not other and (own or len(tokens) == 2) else 0
    is_whole = not parts or (player == "g" and parts == {"fake"})  # StarGAN's G/loss_fake: G sees no others
    n_words = len(tokens) + (_PER_EPOCH in tokens)  # Lightning's d_loss_epoch stands beside d_loss_step
    return n_words if own and not other and is_whole else 0


def _words(name: str) -> list[str]:
    tokens = [token.casefold() for token in _TOKENS.findall(name)]
    return [word for token in tokens for word in _GLUED.get(token, (token,))]


def _compact(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
