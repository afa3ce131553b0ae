"""Numbers out of what a program has printed as it trained: lines that say what each number is.

Such lines differ from program to program, but numbers stand behind their names, ``Loss_D: 1.6`` or ``g_loss = 0.7``,
and counters before their ends, ``[3/25][100/782]``, ``[Epoch 3/200]``, ``Step [200/600]``. Known ones are pytorch's
DCGAN example, PyTorch-GAN, Keras-GAN, DCGAN-tensorflow, yunjey's tutorials and StarGAN, pytorch-CycleGAN, BasicSR,
TF-GAN and BigGAN's files of one number a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from ganviz.data.table_layout import find_layout
from ganviz.session.logs.names import is_named_loss

Record = dict[str, float]

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?![\d.])|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|nan|inf)(?![\w:])"
# From the start of a word on, and with bounds: a long line of letters or spaces is passed over in one go.
_SPACE = r"\s{0,12}"
_NAME = r"(?<![\w./])[A-Za-z][\w./]*(?:[ -][A-Za-z][\w./]*){0,3}(?:\([^()\s]*(?:\([^()\s]*\))?\))?"
_ITEM = re.compile(
    rf"\[?(?:(?<!\w)(?P<counter>[A-Za-z]\w*)[:\s]{{0,3}})?\[?{_SPACE}(?<!\d)(?P<at>\d+)\s?/{_SPACE}\d+\s?(?:\]|(?=\s|,|$))"
    rf"|(?P<name>{_NAME}){_SPACE}[:=]{_SPACE}\[?{_SPACE}(?P<value>{_NUMBER})(?:\s?/\s?{_NUMBER})?",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"\s*(\d+)(?=:?\s)(?::\s*({_NUMBER})\s*$)?", re.IGNORECASE)
_COUNTED = "iteration"
_UNNAMED = {1: (_COUNTED,), 2: ("epoch", "batch")}
_RARE = 0.05
"""Names on fewer of the lines with numbers are of another kind of line: settings, or a test in between."""
_FIRST_LINES = 2000
_LONGEST = 4000
"""As much of a line is looked at."""


def is_printed(texts: list[str]) -> bool:
    """Return whether lines say what their numbers are: some line has two names with a number, or one and a counter.

    A table whose names are parted by commas, tabs or semicolons is a table, whatever words stand in its cells.
    """
    layout = find_layout(texts[:_FIRST_LINES], "auto")
    if layout is not None and layout.separator is not None and any(map(is_named_loss, layout.names or ())):
        return bool(record_of(texts[0]))
    return any(len(record_of(text)) > 1 for text in texts[:_FIRST_LINES] if not text.startswith(('"', "{")))


def record_of(text: str) -> Record:
    """Return the numbers of a line by their names; nothing where no number has a name."""
    found: Record = {}
    counters: list[tuple[str, float]] = []
    for item in _ITEM.finditer(text[:_LONGEST]):
        if item["at"] is not None:
            counters.append((item["counter"] or "", float(item["at"])))
        else:
            name = item["name"]
            name = name if name.casefold().rpartition(" ")[2] != "epoch" else "epoch"  # Train Epoch: 3
            found.setdefault(name, float(item["value"].replace(",", "")))
    first = _FIRST.match(text)
    if first is not None and first[2] is not None:
        return {"step": float(first[1]), "value": float(first[2])}
    if not found:
        return {}
    if first is not None:
        counters.insert(0, ("step", float(first[1])))
    return {**_counted(counters, found), **found}


def records_of(texts: Iterable[str]) -> tuple[list[Record], int]:
    """Return the lines' numbers, and how many lines have none of the names that many have."""
    found = [record_of(text) for text in texts]
    counts = Counter(name for record in found for name in record)
    least = max(
        min(1, max(counts.values(), default=1) - 1), _RARE * sum(map(bool, found))
    )  # settings are said once
    common = {name for name, n in counts.items() if n > least}
    kept = [{name: value for name, value in record.items() if name in common} for record in found]
    records = [record for record in kept if len(record) > 1]
    counted = [record[_COUNTED] for record in records if _COUNTED in record]
    if any(later <= one for one, later in pairwise(counted)):  # it counts within epochs that nobody names
        for record in records:
            record.pop(_COUNTED, None)
    return records, len(found) - len(records)


def _counted(counters: list[tuple[str, float]], found: Record) -> Record:
    """Return counters by their names; those without one count epochs and the batches in them, or all steps."""
    named = {name: at for name, at in counters if name}
    unnamed = [at for name, at in counters if not name]
    is_in_epoch = any(name.casefold() == "epoch" for name in (*named, *found))
    names = ("batch",) if is_in_epoch else _UNNAMED.get(len(unnamed), ())
    return named | dict(zip(names, unnamed, strict=False))
