"""Numbers out of what a program has printed as it trained: lines that say what each number is.

Such lines differ from program to program, but numbers stand behind their names, ``Loss_D: 1.6``, ``g_loss = 0.7``,
``'d_loss': 1.6`` or ``step 100 | loss_D 1.6``, and counters before their ends, ``[3/25][100/782]``, ``[Epoch 3/200]``,
``Step [200/600]``. Known ones are pytorch's
DCGAN example, PyTorch-GAN, Keras-GAN, DCGAN-tensorflow, yunjey's tutorials and StarGAN, pytorch-CycleGAN, BasicSR,
TF-GAN and BigGAN's files of one number a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import partial

import numpy as np

from ganviz.data.table_layout import find_layout
from ganviz.session.logs.alike import Alike, alike_lines, columns_in, names_in
from ganviz.session.logs.cells import is_json
from ganviz.session.logs.names import is_named_loss
from ganviz.session.logs.patterns import LONGEST, NOT_SAID, Span, Understood, Value
from ganviz.session.logs.pieces import pieces_of
from ganviz.session.logs.table import Array, Columns, Load

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?![\d.])|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+|nan|inf)(?![\w:])"
_CALL = r"(?:tensor|array|np\.float\d\d)\(\[?"
_KIND = r"global[ _]step|steps?|iters?|iterations?|itr|epochs?|batch"
_WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?=:?(?:[\s,;|)\]]|$))"
_LOSS = (
    r"(?:(?:[DG]|dis\w{0,12}|gen\w{0,9}|critic)[ -])?[\w./]{0,40}"
    r"(?:loss|(?:err|cost)_?[dg]|[dg]_?(?:err|cost))[\w./]{0,20}"
)
# From the start of a word on, and with bounds: a long line of letters or spaces is passed over in one go.
_SPACE = r"\s{0,12}"
_NAME = r"(?<![\w./])[A-Za-z][\w./]*(?:[ -][A-Za-z][\w./]*){0,3}(?:\([^()\s]*(?:\([^()\s]*\))?\))?"
_ITEM = re.compile(
    rf"\[?(?:(?<!\w)(?P<counter>[A-Za-z]\w*)[:\s]{{0,3}})?\[?{_SPACE}(?<!\d)(?P<at>\d+)\s?/{_SPACE}\d+\s?(?:\]|(?=\s|,|$))"
    rf"|(?P<name>{_NAME})['\"]?{_SPACE}[:=]{_SPACE}(?:\[|{_CALL})?{_SPACE}(?P<value>{_NUMBER})(?:\s?/\s?{_NUMBER})?"
    rf"|(?<![\w./])(?P<kind>{_KIND})\s{{1,3}}#?(?P<number>{_WHOLE})"
    rf"|(?<![\w./])(?P<loss>{_LOSS})[ \t]{{1,4}}(?P<amount>{_NUMBER})",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"\s*(\d+)(?=:?\s)(?::\s*({_NUMBER})\s*$)?", re.IGNORECASE)
_GROUPED = re.compile(r"(?<!\d)\d+(?:,\d+)+")
_PAIRS = (("name", "value"), ("kind", "number"), ("loss", "amount"))
"""Groups of a name and of its number: ``g_loss: 0.7``, ``Step 100``, ``g_loss 0.7``."""
_COUNTERS = ("epoch", "step", "iter", "iteration")
_COUNTED = "iteration"
_UNNAMED = {1: (_COUNTED,), 2: ("epoch", "batch")}
_RARE = 0.05
"""Names on fewer of the lines with numbers are of another kind of line: settings, or a test in between."""
_FIRST_LINES = 2000


def is_printed(texts: list[str]) -> bool:
    """Return whether lines say what their numbers are: some line has two names with a number, or one and a counter.

    A table whose names are parted by commas, tabs or semicolons is a table, whatever words stand in its cells.
    """
    layout = find_layout(texts[:_FIRST_LINES], "auto")
    if layout is not None and layout.separator is not None and any(map(is_named_loss, layout.names or ())):
        return bool(understood(texts[0]).names)
    return any(
        len(understood(text).names) > 1
        for text in texts[:_FIRST_LINES]
        if not text.startswith('"') and not is_json(text)
    )


def understood(text: str) -> Understood:
    """Return the names and numbers of a line; none where no number has a name."""
    found: dict[str, Span] = {}
    counters: list[tuple[str, Span]] = []
    fixed: list[Span] = []
    for item in _ITEM.finditer(text[:LONGEST]):
        if item["at"] is not None:
            counters.append((item["counter"] or "", item.span("at")))
            fixed.append(item.span("counter"))
            continue
        called, amount = next(pair for pair in _PAIRS if item[pair[0]] is not None)
        name, last = item[called], item[called].rpartition(" ")[2]
        name = last if last.casefold() in _COUNTERS else name  # Train Epoch: 3
        found.setdefault(name, item.span(amount))
        fixed.append(item.span(called))
    first, grouped = _FIRST.match(text), tuple(digits.span() for digits in _GROUPED.finditer(text))
    if first is not None and first[2] is not None:
        return Understood(("step", "value"), _values(text, [first.span(1), first.span(2)]), grouped=grouped)
    if not found:
        return NOT_SAID
    if first is not None:
        counters.insert(0, ("step", first.span(1)))
    said = {**_counted(counters, found), **found}
    return Understood(tuple(said), _values(text, said.values()), tuple(fixed), grouped)


def _values(text: str, spans: Iterable[Span]) -> tuple[Value, ...]:
    """Return where numbers are, and those that have no digits (nan, inf)."""
    return tuple(
        span if any(map(str.isdigit, written)) else float(written)
        for span in spans
        for written in (text[slice(*span)],)
    )


def printed_columns(texts: list[str]) -> tuple[tuple[str, ...], Load]:
    """Return the names that many lines have, and what gives their numbers and how many lines have none of them."""
    groups = alike_lines(pieces_of(texts), understood)
    counts = Counter[str]()
    for one in groups:
        counts.update(dict.fromkeys(one.names, len(one.rows)))
    n_numbered = sum(len(one.rows) for one in groups)
    least = max(min(1, max(counts.values(), default=1) - 1), _RARE * n_numbered)  # settings are said once
    common = {name for name, n in counts.items() if n > least}
    kept = [one for group in groups if len((one := _only(group, common)).names) > 1]
    if _restarts(kept):  # it counts within epochs that nobody names
        kept = [_only(one, set(one.names) - {_COUNTED}) for one in kept]
    names = names_in(kept)
    return names, partial(_loaded, kept, names, len(texts))


def _only(group: Alike, names: set[str]) -> Alike:
    """Return lines with some of their numbers."""
    columns = [k for k, name in enumerate(group.names) if name in names]
    return Alike(tuple(group.names[k] for k in columns), group.rows, group.values[:, columns])


def _restarts(groups: list[Alike]) -> bool:
    """Return whether steps that are counted do not rise."""
    counted = [one for one in groups if _COUNTED in one.names]
    if not counted:
        return False
    steps = np.concatenate([one.values[:, one.names.index(_COUNTED)] for one in counted])
    return bool((np.diff(steps[np.argsort(np.concatenate([one.rows for one in counted]))]) <= 0).any())


def _loaded(groups: list[Alike], names: tuple[str, ...], n_lines: int, chosen: Columns) -> tuple[Array, int]:
    found = columns_in(groups, names, chosen)
    return found, n_lines - len(found)


def _counted(counters: list[tuple[str, Span]], found: Iterable[str]) -> dict[str, Span]:
    """Return counters by their names; those without one count epochs and the batches in them, or all steps."""
    named = {name: at for name, at in counters if name}
    unnamed = [at for name, at in counters if not name]
    is_in_epoch = any(name.casefold() == "epoch" for name in (*named, *found))
    names = ("batch",) if is_in_epoch else _UNNAMED.get(len(unnamed), ())
    return named | dict(zip(names, unnamed, strict=False))
