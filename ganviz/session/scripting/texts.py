"""The texts that every script is made of, and how they are put in order."""

from __future__ import annotations

import re

HEAD = '''"""{title} on {data}: a run of ganviz {version} as one plain script.

It needs PyTorch and nothing else, draws the same random numbers and so has the same losses, up to rounding.
{notes}"""

import ast
import gzip
import itertools
import math
import zipfile

import torch
from torch import nn
from torch.nn import functional as F

STEPS = {steps}
BATCH = {batch}
SEED = {seed}
DTYPE = torch.float32
DEVICE = {device}
torch.set_num_threads({threads})
'''

SECTION = "\n\n# {line}\n# {title}\n# {line}\n\n"

BATCHES = '''
def sample_latents(n, rng):
    """Return n latents z."""
    size = (n, {latent_size})
    return {latents}


def batches(draw, number, at_once):
    """Yield batches for ever; so many are drawn at once, by a generator that the seed and a number decide."""
    rng = Random([SEED, number])
    while True:
        yield from draw(at_once * BATCH, rng).to(DEVICE, DTYPE).split(BATCH)


reals = batches(sample_real, 1, {reals_at_once})
latents = batches(sample_latents, 2, {latents_at_once})
'''

PLACED = '''

def blocks(draw, size, at_once, *numbers):
    """Yield batches for ever; each block of them has a generator of its own."""
    for block in itertools.count():
        rng = Random([SEED, *numbers, block])
        yield from draw(at_once * size, rng).to(DEVICE, DTYPE).split(size)
'''

NORMALS = """

def sample_normal(n, rng):
    return rng.standard_normal((n, {shape}), dtype=torch.float32)
"""

LOOP = """
history = []
for step in range(STEPS):
{body}

    history.append(({d_loss}, g_loss.item()))
    if (step + 1) % {every} == 0:
        print(f"step {{step + 1}}: L_D {{{d_loss}:.4f}}, L_G {{g_loss.item():.4f}}")
"""


def tidy(text: str) -> str:
    """Return a text without imports that it does not need, and with two empty lines around functions."""
    for name in ("ast", "gzip", "itertools", "math", "zipfile"):
        if not re.search(rf"\b{name}\.", text):
            text = text.replace(f"import {name}\n", "", 1)
    if not re.search(r"\bF\.", text):
        text = text.replace("from torch.nn import functional as F\n", "", 1)
    lines: list[str] = []
    for line in text.split("\n"):
        starts = line.startswith(("def ", "class "))
        if starts or (line and not line.startswith((" ", "#", ")")) and _is_after_block(lines)):
            while lines and not lines[-1]:
                lines.pop()
            lines += ["", ""] if not lines or not lines[-1].startswith("# ---") else [""]
        lines.append(line)
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_after_block(lines: list[str]) -> bool:
    """Return whether the last line with text is indented and ends a function."""
    before = [line for line in lines if line]
    if not before or not before[-1].startswith(" "):
        return False
    top = next(line for line in reversed(before) if not line.startswith((" ", ")")))
    return top.startswith(("def ", "class "))
