"""Views in front that have nothing to show for the data give way to one behind them."""

import dataclasses

import made_up

from ganviz.data.curves import Spiral
from ganviz.views.window.dock_sizes import is_seen

RING = made_up.run_config()
SPIRAL = dataclasses.replace(RING, distribution=Spiral())


def show(window, qtbot, config):
    window.show_config(config, is_new_run=True)
    made_up.show_in(window, config)
    qtbot.wait(30)


def front(window, *keys):
    """Return which of these views is seen."""
    (found,) = (key for key in keys if is_seen(window.docks.docks[key]))
    return found


def test_a_view_without_anything_to_show_gives_way_until_it_has(open_window, qtbot):
    window, tabs = open_window(), ("mode_bars", "metrics", "phase")
    show(window, qtbot, RING)
    window.workspaces.choose("theory")
    qtbot.wait(30)
    assert front(window, *tabs) == "mode_bars"
    show(window, qtbot, SPIRAL)
    assert front(window, *tabs) == "metrics"
    show(window, qtbot, RING)
    assert front(window, *tabs) == "mode_bars"
    show(window, qtbot, SPIRAL)
    window.docks.bring_forward(("mode_bars",))  # whoever wants to read why it is empty
    made_up.show_in(window, SPIRAL)
    qtbot.wait(30)
    assert front(window, *tabs) == "mode_bars"


def test_a_workspace_is_kept_as_it_is_for_all_data(open_window, qtbot):
    window, tabs = open_window(), ("mode_bars", "metrics", "phase")
    show(window, qtbot, SPIRAL)
    window.workspaces.choose("theory")
    qtbot.wait(30)
    assert front(window, *tabs) == "metrics"
    window.docks.bring_forward(("phase",))
    window.workspaces.choose("watch")
    window.workspaces.choose("theory")
    qtbot.wait(30)
    assert front(window, *tabs) == "phase"
    window.workspaces.reset()
    qtbot.wait(30)
    assert front(window, *tabs) == "metrics"
    window.workspaces.choose("watch")
    show(window, qtbot, RING)
    window.workspaces.choose("theory")
    qtbot.wait(30)
    assert front(window, *tabs) == "mode_bars"
