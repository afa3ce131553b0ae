"""What a sweep's settings and their values are called, as forms call them."""

from __future__ import annotations

from functools import cache

from ganviz.session.settings import Setting, list_settings

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


def value_title(path: str, value: str) -> str:
    """Return what a value of a setting is called: a kind's title, else the value itself."""
    known = settings_to_vary().get(path)
    return value if known is None else dict(known.titles).get(value, value)
