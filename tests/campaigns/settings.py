"""Thousands of mutated files of settings: each trains a step, or is refused in a sentence, soon and in little memory.

Run by hand, from the checkout: ``python -W error -m tests.campaigns.settings --files 10000 --seed 1``. Files are given
to the command line as people give them, as JSON and in pictures; it tells how many of each kind were taken and refused,
and ends with a traceback where something else happens.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import copy
import html
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ganviz.__main__ import main
from ganviz.session.run_presets import run_presets
from ganviz.session.settings import with_settings
from tests.campaigns.checkpoints import LONGEST_SECONDS, limit_memory, other_bytes, places

LARGE = "9" * 400
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**63, 10**400, float("nan"), float("inf"), -0.0, 1e-300, 0.5, "", "x", "\ud800",
    "9" * 5000, "/dev/zero", "<img src=x>", [], {}, [[]], {"kind": "ring"}, {"kind": []}, [None] * 100, "a" * 100_000,
)  # fmt: skip
SMALL = ["architecture.width=8", "training.batch_size=8"]


def plains() -> list[dict[str, Any]]:
    """Return what presets are, with small networks."""
    found = []
    for preset in run_presets():
        if preset.config.distribution.kind.name != "image":
            found.append(with_settings(preset.config, SMALL).to_plain())
    return found


def other_value(plain: dict[str, Any], chance: random.Random) -> bytes:
    """Return settings of which one to three values are others, are gone, or stand elsewhere."""
    plain = copy.deepcopy(plain)
    for _ in range(chance.randint(1, 3)):
        container, key = chance.choice(places(plain))
        what = chance.random()
        if what < 0.6:
            container[key] = copy.deepcopy(chance.choice(ODD))
        elif what < 0.75:
            del container[key]
        elif isinstance(container, list):
            container += [container[key]] * chance.choice((1, 2, 200))
        else:
            container[chance.choice(("more", "kind", "step", ""))] = copy.deepcopy(
                chance.choice(places(plain))[0]
            )
    return json.dumps(plain).encode()


def other_numbers(plain: dict[str, Any], chance: random.Random) -> bytes:
    """Return settings with other figures in their text."""
    text = json.dumps(plain)
    for _ in range(chance.randint(1, 3)):
        at = chance.choice([i for i, letter in enumerate(text) if letter.isdigit()])
        text = (
            text[:at] + chance.choice(("0", "9", "-1", "1e400", "null", '"a"', LARGE, "0.1")) + text[at + 1 :]
        )
    return text.encode()


def other_text(plain: dict[str, Any], chance: random.Random) -> bytes:
    """Return a text with other bytes, or with brackets without end."""
    if chance.random() < 0.05:
        return b"[" * chance.choice((500, 100_000)) + b"1"
    return other_bytes(json.dumps(plain).encode(), chance)


KINDS: dict[str, Callable[[dict[str, Any], random.Random], bytes]] = {
    "values": other_value,
    "numbers": other_numbers,
    "texts": other_text,
}


def written(folder: Path, content: bytes, chance: random.Random) -> Path:
    """Return a file with these settings: mostly JSON, now and then a picture that carries them."""
    ending = chance.choices((".json", ".png", ".svg", ".pdf"), (17, 1, 1, 1))[0]
    path = folder / f"settings{ending}"
    if ending == ".png":
        info, target = PngInfo(), io.BytesIO()
        info.add_itxt("Settings", content.decode(errors="replace"), zip=chance.random() < 0.5)
        Image.new("RGB", (2, 2)).save(target, "PNG", pnginfo=info)
        content = other_bytes(target.getvalue(), chance) if chance.random() < 0.3 else target.getvalue()
    elif ending != ".json":
        carried = html.escape(content.decode(errors="replace"))
        around = (
            "<svg><desc>{}</desc></svg>"
            if ending == ".svg"
            else "<dc:description><rdf:Alt><rdf:li>{}</rdf:li></rdf:Alt></dc:description>"
        )
        content = around.format(carried).encode()
    path.write_bytes(content)
    return path


def is_taken(path: Path) -> bool:
    """Return whether a run with these settings could be trained for a step."""
    said, start = io.StringIO(), time.process_time()
    sys.argv = ["ganviz", "train", "--config", str(path), "--steps", "1", "--quiet"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        code = main()
    seconds = time.process_time() - start
    assert seconds < LONGEST_SECONDS, seconds
    if code != 2:
        assert code in (0, 3), code
        return True
    sentence = said.getvalue().splitlines()[-1]
    assert sentence.startswith("ganviz: "), said.getvalue()
    assert sentence.endswith((".", ")", "?")), sentence
    assert len(said.getvalue()) < 2500, len(said.getvalue())
    return False


def try_files(folder: Path, n: int, chance: random.Random) -> dict[str, list[int]]:
    """Return how many files of each kind were refused and taken."""
    known, found = plains(), collections.defaultdict(lambda: [0, 0])
    for i in range(n):
        kind = chance.choice(list(KINDS))
        path = written(folder, KINDS[kind](chance.choice(known), chance), chance)
        try:
            found[kind][is_taken(path)] += 1
        except BaseException:
            kept = Path(tempfile.gettempdir()) / f"ganviz-campaign{path.suffix}"
            kept.write_bytes(path.read_bytes())
            sys.__stderr__.write(f"file {i}, of {kind}, is kept in {kept}\n")
            raise
    return dict(found)


def run_campaign() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("files", 10_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    limit_memory()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = try_files(Path(folder), options.files, random.Random(options.seed))
        for kind, (n_refused, n_taken) in sorted(found.items()):
            sys.stdout.write(f"{kind}: {n_taken} taken, {n_refused} refused\n")
        sys.stdout.write(f"{time.perf_counter() - start:.1f} s\n")


if __name__ == "__main__":
    run_campaign()
