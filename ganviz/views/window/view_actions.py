"""What can be done with views and lanes, each said once: a part of the table of all actions."""

from __future__ import annotations

from collections.abc import Iterator

from ganviz.views.bases.horizontal import HORIZONTALS
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.layers import LAYERS
from ganviz.views.window.action_info import ActionInfo

MOST_LISTED = 16
"""Lanes that menus list; buttons and settings have all."""


def plots() -> Iterator[ActionInfo]:
    """Yield what keys do on a plot, for who looks for it: on the one that was touched last."""
    for key, words, plot_key, tip in (
        ("everything", "Show everything", "0", "Shows all that there is."),
        ("zoom_in", "Zoom in", "+", "Enlarges the middle."),
        ("zoom_out", "Zoom out", "−", "Shows more around the middle."),
        ("back", "Back", "Alt+←", "Shows what was enlarged before."),
        ("forward", "Forward", "Alt+→", "Shows again what was enlarged after that."),
        ("menu", "Menu of the plot", "Shift+F10", "Opens what the right mouse button opens there."),
    ):
        yield ActionInfo(f"plot:{key}", "View/Plot touched last", words, tip=tip, plot_key=plot_key)


def layers() -> Iterator[ActionInfo]:
    """Yield the layers of the plane, each a switch."""
    for layer in LAYERS:
        yield ActionInfo(
            f"layer:{layer.key}", "View/Layers of the plane", layer.title, tip=layer.tip, is_switch=True
        )


def lanes() -> Iterator[ActionInfo]:
    """Yield what is done with one lane of several; names and number of lanes are shown later."""
    for kind, menu, tip in (
        ("name_lane", "Run/Name a lane", "Goes to the field for its name, in titles, legends and files."),
        ("remove_lane", "Run/Remove a lane", "Takes the lane away; the others go on."),
    ):
        for lane in range(MOST_LISTED):
            yield ActionInfo(f"{kind}:{lane}", menu, f"Lane {lane + 1}", tip=tip)


def floats() -> Iterator[ActionInfo]:
    """Yield what lets views float."""
    for view in VIEWS:
        tip = "Lets this view float as a window, to be maximized or moved to another screen; or puts it back."
        yield ActionInfo(f"float:{view.key}", "View/Window of its own", view.title, tip=tip)


def horizontals() -> Iterator[ActionInfo]:
    """Yield what steps are laid along."""
    for one in HORIZONTALS:
        yield ActionInfo(f"along:{one.key}", "View/Horizontal axis", one.title, tip=one.tip, is_switch=True)


def views() -> Iterator[ActionInfo]:
    """Yield what shows and hides views and panels."""
    yield ActionInfo("show:settings", "View", "Settings", tip="Shows or hides the settings.")
    yield ActionInfo("show:runs", "View", "Runs", tip="Shows or hides the table of saved runs.")
    for view in VIEWS:
        yield ActionInfo(f"show:{view.key}", "View", view.title, tip="Shows or hides this view.")
