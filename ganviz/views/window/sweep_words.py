"""What a sweep's settings and their values are called, as forms call them."""

from __future__ import annotations

from functools import cache

from ganviz.session.figure_titles import COUNTS, percent
from ganviz.session.runs.comparing import SettingRow
from ganviz.session.settings import Setting, list_settings
from ganviz.views.plot.plotting import number

NEVER = ("training.seed", "training.seeds", "label")
"""Seeds are counted by themselves, and a name changes nothing."""


@cache
def settings_to_vary() -> dict[str, Setting]:
    """Return what can be varied, by path."""
    return {one.path: one for one in list_settings() if one.path not in NEVER}


def setting_title(path: str) -> str:
    """Return what a setting is called, with its groups; its path where it is one of a single lane's."""
    known = settings_to_vary().get(path)
    return path if known is None else known.name


def compared_title(row: SettingRow, n_lanes: int) -> str:
    """Return what a setting is called in which runs differ, and of which lane it is where there are several.

    A part that only some runs have is called what it is one of.
    """
    is_of_lane = row.path.startswith("lanes.")
    lane, _, path = row.path.removeprefix("lanes.").partition(".") if is_of_lane else ("", "", row.path)
    every = settings_to_vary()
    known = every.get(path) or every.get(path.rpartition(".")[0])
    title = row.title if known is None else known.name
    return f"Lane {int(lane) + 1} · {title}" if is_of_lane and n_lanes > 1 else title


def value_title(path: str, value: str) -> str:
    """Return what a value of a setting is called: a kind's title, else the value itself."""
    known = settings_to_vary().get(path)
    return value if known is None else dict(known.titles).get(value, value)


def figure_value(name: str, value: float, digits: int = 3) -> str:
    """Return a figure's value as tables and maps write it: shares in percent, counts to a tenth."""
    return percent(name, value) or number(value, 1 if name in COUNTS else digits)
