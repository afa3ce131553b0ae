"""What the rows are held against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ganviz.bench import blind, sweeps

Row = dict[str, Any]
Rows = dict[str, Row]

WORKSPACE_ROW = "live, workspace "
"""How the row of a workspace begins; its key follows."""


class Bar(NamedTuple):
    """What was measured, and what is asked for: at least, or at most."""

    name: str
    value: float
    sign: str
    asked: float

    def judged(self) -> Row:
        """Return name, value, what is asked for as text, and whether it holds."""
        holds = self.value >= self.asked if self.sign == "≥" else self.value <= self.asked
        return {"name": self.name, "value": self.value, "bar": f"{self.sign} {self.asked:g}", "holds": holds}


def bars(rows: list[Row]) -> list[Row]:
    """Return one entry a bar: its name, what was measured, what is asked for, and whether it holds."""
    by = {row["row"]: row for row in rows}
    return [
        bar.judged()
        for of in (_blind, _games, _lanes, _looks, _live, _window, _sweeps, _long)
        for bar in of(by)
    ]


def _blind(by: Rows) -> Iterator[Bar]:
    small = min(by["(150, 14, 1)"]["ratio"], by["(128, 32, 2)"]["ratio"])
    yield Bar("blind ÷ plain, (150, 14, 1) and (128, 32, 2)", small, "≥", 5)
    yield Bar("blind ÷ plain, (256, 128, 2)", by["(256, 128, 2)"]["ratio"], "≥", 1.9)
    yield Bar("blind ÷ plain, digits", by["digits, dcgan16, batch 64"]["ratio"], "≥", 1.5)


def _games(by: Rows) -> Iterator[Bar]:
    penalized = min(by[f"{game}, (128, 32, 2)"]["ratio"] for game in blind.PENALIZED)
    games, rules = by["games ÷ NS at (128, 32, 2)"], by["rules at (128, 32, 2)"]
    every = by["every loss ÷ NS at (128, 32, 2)"]
    yield Bar("NS + R1, R3GAN's, WGAN-GP ÷ plain, (128, 32, 2)", penalized, "≥", 5)
    yield Bar("NS + R1 ÷ NS", games["non_saturating_r1"], "≥", 0.5)
    yield Bar("R3GAN's ÷ NS", games["r3gan"], "≥", 0.4)
    yield Bar("paired and averaged losses ÷ NS", min(games["rpgan"], games["ragan"]), "≥", 0.85)
    yield Bar(f"slowest loss, {every['slowest']}, ÷ NS", every["slowest_share"], "≥", 0.8)
    yield Bar("extragradient ÷ half of alternating", rules["extragradient_share"], "≥", 0.9)


def _lanes(by: Rows) -> Iterator[Bar]:
    lanes = by["lanes at (128, 32, 2)"]
    yield Bar("two lanes ÷ one", lanes["2_lanes"], "≤", 1.5)
    yield Bar("sixteen lanes ÷ one", lanes["16_lanes"], "≤", 6)
    yield Bar("sixty-four lanes ÷ one", lanes["64_lanes"], "≤", 24)


def _looks(by: Rows) -> Iterator[Bar]:
    yield Bar("metrics by schedule, share of training", by["ms per look"]["schedule_share"], "≤", 0.03)


def _live(by: Rows) -> Iterator[Bar]:
    default, large, two, four = (
        by[f"live, {name}"] for name in ("default preset", "(256, 128, 2)", "two lanes", "four lanes, all layers")
    )  # fmt: skip
    slowest = min(default["live_over_blind"], large["live_over_blind"])
    redraws = min(default["redraws_per_s"], large["redraws_per_s"], two["redraws_per_s"])
    plain = by["(128, 32, 2)"]["plain_per_s"]
    yield Bar("live ÷ blind, default and (256, 128, 2)", slowest, "≥", 0.9)
    yield Bar("live ÷ blind, four lanes, all layers", four["live_over_blind"], "≥", 0.75)
    yield Bar("redraws a second, one and two lanes", redraws, "≥", 28)
    yield Bar("redraws a second, four lanes, all layers", four["redraws_per_s"], "≥", 20)
    yield Bar("redraws a second, 2 × 16 lanes", by["live, 2 × 16 lanes"]["redraws_per_s"], "≥", 20)
    workspaces = [row for name, row in by.items() if name.startswith(WORKSPACE_ROW)]
    yield Bar("live ÷ blind, any workspace", min(row["live_over_blind"] for row in workspaces), "≥", 0.7)
    yield Bar("redraws a second, any workspace", min(row["redraws_per_s"] for row in workspaces), "≥", 20)
    yield Bar("live ÷ plain blind, default", default["live_per_s"] / plain, "≥", 3)
    yield Bar("GAN Lab's default, live, iterations/s", by["live, GAN Lab's default"]["live_per_s"], "≥", 1000)
    yield Bar("redraws dropped in a row", default["dropped_in_a_row"], "≤", 1)


def _window(by: Rows) -> Iterator[Bar]:
    default, hand, rest = by["live, default preset"], by["window touched"], by["window at rest"]
    yield Bar("GUI thread away, p99, ms", default["gap_p99_ms"], "≤", 20)
    yield Bar("GUI thread away, longest, ms", default["gap_max_ms"], "≤", 100)
    yield Bar("GUI thread away while the wheel turns, p99, ms", hand["wheel_away_p99_ms"], "≤", 20)
    longest = max(hand[f"{act}_away_max_ms"] for act in ("wheel", "theme", "export"))
    yield Bar("GUI thread away: wheel, theme, export, longest, ms", longest, "≤", 100)
    yield Bar("formulation key to its first frame, p99, ms", default["switch_p99_ms"], "≤", 100)
    yield Bar("a notch of the wheel, two charts, ms of CPU", hand["wheel_ms"], "≤", 12)
    yield Bar("a move of the crosshair, ms of CPU", hand["crosshair_ms"], "≤", 8)
    yield Bar("paused, both processes, % of a core", rest["paused_percent"], "≤", 0.5)
    yield Bar("minimized, both processes, % of a core", rest["minimized_percent"], "≤", 0.5)
    yield Bar("start to window painted, s", default["painted_s"], "≤", 0.7)
    yield Bar("start to first trained frame, s", default["first_frame_s"], "≤", 2)
    yield Bar("ganviz --version, s", by["ganviz --version"]["seconds"], "≤", 0.15)


def _sweeps(by: Rows) -> Iterator[Bar]:
    row = by[sweeps.NAME]
    yield Bar("sweep ÷ plain script, seed by seed", row["ratio"], "≥", 10)
    yield Bar("sweep, two workers ÷ one", row["two_workers"], "≥", 1.7)
    if "dask_share" in row:
        yield Bar("sweep, Dask's workers ÷ our own", row["dask_share"], "≥", 0.9)


def _long(by: Rows) -> Iterator[Bar]:
    saved = by["checkpoint of a long run"]
    yield Bar("memory growth, MB", by["resident memory"]["growth_mb"], "≤", 100)
    yield Bar("checkpoint of a long run, save, s", saved["save_s"], "≤", 2)
    yield Bar("checkpoint of a long run, open, s", saved["open_s"], "≤", 2)
    yield Bar("training paused by it, ms", saved["pause_ms"], "≤", 50)
