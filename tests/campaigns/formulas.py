"""Thousands of typed losses: each formula is read or refused in a sentence, at once, and nothing else is done.

Run by hand: ``python -W error tests/campaigns/formulas.py --formulas 10000 --seed 1``. While one is read, an audit hook
watches the interpreter: opening a file, importing, starting a process, a connection or code that is run end the
campaign with a traceback, and so do any error but InvalidValueError, warnings, and more than 50 ms of CPU time. What is
accepted is used as the window and the training use it.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import math
import random
import re
import string
import sys
import time
import unicodedata  # Python's grammar imports it at the first letter that is not ASCII
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss, typed_loss
from ganviz.losses.examination import examine
from ganviz.losses.expressions import LONGEST, expression
from ganviz.losses.operations import CONSTANTS, FUNCTIONS
from ganviz.losses.written import Written
from ganviz.spec import InvalidValueError

LONGEST_S = {"reading": 0.05, "using": 0.2}
"""CPU time; using is of three formulas, for slopes, ranges and the equilibrium, and as tensors."""
SCORES = torch.linspace(-79, 79, 41)
HARMLESS = {"compile", "object.__getattr__", "builtins.id"}
"""Compile is the grammar's reading of a text; nothing is run after it, which would be "exec"."""

ATTACKS = (
    "__import__('os').system('touch /tmp/x')", "open('x', 'w')", "().__class__.__bases__[0].__subclasses__()",
    "exec('1')", "eval('t')", "t.__class__", "(lambda: t)()", "[t for t in (1,)]", "f'{t}'", "t if t else t", "`t`",
    "9**9**9**9", "2**2**2**2**2**2", "10**400", "-" * 399 + "t", "(" * 200 + "t" + ")" * 200, "t" + "+t" * 249,
    "t" + "*t" * 249, "t" + "**t" * 160, "exp(" * 30 + "t" + ")" * 30, "sin(" * 39 + "t" + ")" * 39, "\0", "\ud800",
    "1" * 500, "0x" + "f" * 400, "1_000", "1e999", "1e-999", "nan", "inf", "True", "...", "*t", "t,", "(t,)", "t;t",
    "#", "'" * 499, "\\\n" * 200, "await t", "yield t", "not t", "t @ t", "t // 3", "t % 2", "t << 9", "max(t)", "t\nt",
    "exp(x=t)", "ｔ", "ｅxp(t)", "𝑡", "−t·2", "t²", "½t", "٣*t", "t\u202e", "\ufefft", "# -*- coding: utf-7 -*-\nt",
    "max(*t)", "t\x0c",
)  # fmt: skip
PIECES = (
    *FUNCTIONS, *CONSTANTS, "t", "u", "0", "1", "2.5", "1e30", "1e-320", "9" * 60, "+", "-", "*", "/", "**", "(", ")",
    ",", " ", "\n", "\t", ";", ":", "=", "[", "]", "{", "}", "'", '"', '"""', ".", "_", "__class__", "lambda", "if",
    "else", "@", "!", "\\", "#", "−", "·", "×", "÷", "^", "%", "~", "j", "ｔ", "é", "\0",
)  # fmt: skip
SEEDS = (
    "softplus(-t)", "-log(sigmoid(t))", "(t - 1)**2 / 2", "max(0, 1 - t)", "exp(t / 10) - 2**(t / 9)",
    "sqrt(t * t + 1e-3) * tanh(t)", "1 / (1 + t**4)", "sin(pi * t) + cos(t / e)", "(1 + abs(t))**sigmoid(t)",
)  # fmt: skip


def wide(depth: int, leaf: str = "t") -> str:
    """Return a sum of sines of as many parts as there is room for."""
    return leaf if depth == 0 else f"{wide(depth - 1, leaf)}+sin({wide(depth - 1, leaf)})"


def grown(chance: random.Random, depth: int) -> str:
    """Return a formula that the grammar allows, mostly of functions that stay finite."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(["t", "t", "t", "1", "0.5", "2", "pi", "-3", "1e-3", "60"])
    if chance.random() < 0.5:
        name = chance.choice(list(FUNCTIONS))
        return f"{name}({', '.join(grown(chance, depth - 1) for _ in range(FUNCTIONS[name].n_arguments))})"
    left, right = grown(chance, depth - 1), grown(chance, depth - 1)
    return f"({left} {chance.choice(['+', '-', '*', '/', '**'])} {right})"


def mutated(text: str, chance: random.Random) -> str:
    """Return a text with some pieces put in, taken out, doubled or moved."""
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        text = chance.choice(
            [
                text[:at] + chance.choice(PIECES) + text[at:],
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[at:to] + text[:at] + text[to:],
            ]
        )
    return text


def made(i: int, chance: random.Random) -> str:
    """Return the i-th text: an attack, soup of pieces, noise, a formula, or a formula that was damaged."""
    if i < len(ATTACKS):
        return ATTACKS[i]
    if i < len(ATTACKS) + 6:
        return wide(i - len(ATTACKS) + 1)
    kind = chance.randrange(6)
    if kind == 0:
        return "".join(chance.choices(PIECES, k=chance.randint(0, 60)))
    if kind == 1:
        return "".join(chance.choices(string.printable, k=chance.randint(0, LONGEST + 20)))
    if kind == 2:
        return "".join(chr(chance.randrange(1, 0x11000)) for _ in range(chance.randint(0, 60)))
    if kind == 3:
        return mutated(chance.choice([*SEEDS, *ATTACKS]), chance)
    text = grown(chance, chance.randint(1, 6))
    return mutated(text, chance) if kind == 4 else text


class Watch:
    """What the interpreter does while it is watched."""

    def __init__(self) -> None:
        self.is_on, self.seen = False, Counter[str]()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: object) -> None:
        if self.is_on and event not in HARMLESS:
            self.seen[event] += 1

    @contextmanager
    def reading(self, text: str, longest: dict[str, tuple[float, str]], what: str) -> Iterator[None]:
        """Watch, and measure CPU time."""
        self.is_on, start = True, time.thread_time()
        try:
            yield
        finally:
            self.is_on = False
            took = time.thread_time() - start
            longest[what] = max(longest.get(what, (0.0, "")), (took, text))
        assert not self.seen, (text, self.seen)
        assert took < LONGEST_S[what], (text, what, took)


def use(loss: CustomLoss | CustomPairedLoss) -> None:
    """Do what the box, the views and the training do with an accepted loss."""
    examine(loss), loss.total_range
    assert all(one is None or math.isfinite(one) for one in dataclasses.astuple(loss.equilibrium()))
    assert loss.d_formula
    assert loss.g_formula
    real, fake = (0.5 * one[None] for one in (SCORES, SCORES.flip(0)))  # leads up to 79, too
    found = [*loss.d_terms(real, fake), *loss.g_terms(real, fake), *loss.d_slopes(real, fake)]
    assert all(torch.isfinite(one).all() for one in (*found, loss.g_slopes(real, fake)))


def tried(text: str, variable: str, watch: Watch, longest: dict[str, tuple[float, str]]) -> bool:
    """Read a formula; return whether it was accepted."""
    try:
        with watch.reading(text, longest, "reading"):
            found = expression(text, variable)
    except InvalidValueError as error:
        sentence = str(error)
        assert sentence.endswith("."), (text, sentence)
        assert len(sentence) < 450, (text, sentence)
        assert "\n" not in sentence, (text, sentence)
        return False
    cls = CustomLoss if variable == "t" else CustomPairedLoss
    made_of = cls(**dict.fromkeys(cls.formulas, text))
    if ";" not in text:
        assert typed_loss(";".join([text] * len(cls.formulas))).d_formula == made_of.d_formula
    with watch.reading(text, longest, "using"):
        use(made_of)
    assert str(found(Written("x")))
    return True


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--formulas", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    gc.disable()  # a collection in the middle of a reading would be counted as its time
    unicodedata.normalize("NFKC", "ｔ")
    for variable in ("t", "u"):  # what is imported once is imported now
        use(typed_loss("softplus(-t); softplus(t); sin(t)" if variable == "t" else "softplus(-u); cos(u)"))
    watch, counts, longest = Watch(), Counter[str](), dict[str, tuple[float, str]]()
    for i in range(options.formulas):
        chance = random.Random(f"{options.seed} {i}")
        text, variable = made(i, chance), chance.choice("ttu")
        if variable == "u" and chance.random() < 0.5:
            text = re.sub(r"\bt\b", "u", text)
        try:
            is_read = tried(text, variable, watch, longest)
        except BaseException:
            sys.stderr.write(f"at formula {i}: {text!r}\n")
            raise
        counts["read" if is_read else "refused"] += 1
        if i % 500 == 0:
            gc.collect()
    for what, (took, text) in longest.items():
        sys.stdout.write(f"{what} took {1e3 * took:.1f} ms at most: {text[:80]!r}\n")
    sys.stdout.write(
        f"{options.formulas} formulas: {counts['read']} read, {counts['refused']} refused in a sentence\n"
    )


if __name__ == "__main__":
    main()
