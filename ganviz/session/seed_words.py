"""Several seeds in words: each lane's middle and band, and whether lanes differ by more than chance."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from ganviz.session.figure_titles import SHARES

SHOWN = (
    "d_loss", "g_loss", "total_non_saturating", "modes_hit", "quality_fraction", "reverse_kl", "sliced_wasserstein",
    "js_divergence",
)  # fmt: skip
"""Figures that are told: those that say how a run went, not all that ``--json`` has."""
NOT_COMPARED = ("d_loss", "g_loss")
"""These are other quantities under other formulations."""
UNLIKELY = 0.05


def seeds_text(lane: dict[str, Any]) -> str:
    """Return a lane of a summary: medians with the band that 5 to 95 % of its seeds keep to."""
    middle, low, high = (_flat(part) for part in (lane, lane["low"], lane["high"]))
    parts = [
        f"{name} {middle[name]:.4g} ({low[name]:.4g} to {high[name]:.4g})"
        for name in SHOWN
        if middle.get(name) is not None
    ]
    return f"{lane['label']} ({len(lane['seeds'])} seeds, {lane['state']}): {', '.join(parts)}"


def comparison_texts(summary: dict[str, Any]) -> Iterator[str]:
    """Yield, for each lane after the first, how it differs by equal seeds."""
    for comparison in summary.get("comparisons", ()):
        first, second = (summary["lanes"][comparison[which]]["label"] for which in ("first", "second"))
        figures = comparison["figures"]
        parts = [f"{name} {difference_text(figures[name])}" for name in compared(figures)]
        yield f"{second} minus {first}, by equal seeds: {', '.join(parts)}"


def compared(figures: Container[str]) -> list[str]:
    """Return those of some figures that lanes are compared by, in the order in which they are told."""
    return [name for name in SHOWN if name in figures and name not in NOT_COMPARED]


def difference_text(figure: dict[str, Any], name: str = "") -> str:
    """Return a median difference with its p, and whether that could be chance; of a share by ``name`` in points."""
    shown, verdict = difference_parts(figure, name)
    return f"{shown} ({verdict})" if verdict else shown


def difference_parts(figure: dict[str, Any], name: str = "") -> tuple[str, str]:
    """Return the difference of :func:`difference_text`, and what chance says of it; nothing where there is none."""
    if figure["p"] is None:
        return "no difference", ""
    verdict = "hardly chance" if figure["p"] <= UNLIKELY else "could be chance"
    if 2.0 ** (1 - figure["n"]) > UNLIKELY:  # the smallest p of so many pairs, whatever they are
        verdict = "too few seeds to tell"
    difference = figure["median_difference"]
    shown = f"{100 * difference:+.1f} points" if name in SHARES else f"{difference:+.4g}"
    return shown, f"p {figure['p']:.2g}, {verdict}"


def _flat(part: dict[str, Any]) -> dict[str, float | None]:
    return {name: value for kind in ("losses", "metrics") for name, value in part[kind].items()}
