"""Everything that the person can do, each said once: menus, keys, tool tips, palette and guide come from this table."""

from __future__ import annotations

from collections.abc import Iterator

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.experiments import headings
from ganviz.session.run_presets import run_presets
from ganviz.views.pictures import VIEWS
from ganviz.views.window.action_info import ActionInfo
from ganviz.views.window.appearance import APPEARANCES
from ganviz.views.window.view_actions import floats, horizontals, lanes, layers, plots, views
from ganviz.views.window.workspace_list import WORKSPACES

MOST_RECENT = 8
"""Files in the menu of recent ones."""
MOST_OWN = 9
"""Workspaces that a person can name."""
STORY = (
    "v_is_nobodys_loss", "two_parts_add_up", "saturation", "total_loses_the_generator", "collapse_at_equilibrium",
)  # fmt: skip
"""The experiments that show, in this order, what the program is about."""
MOST_KEYS = 9
"""Formulations with a key: as many as there are digits."""


def action_table() -> tuple[ActionInfo, ...]:
    """Return all actions in the order of the menus."""
    return (
        *FILE,
        *EDIT,
        *_copies(),
        *_tables(),
        *SCRIPTS,
        *SETTINGS,
        *_experiments(),
        *_presets(),
        *_formulations(),
        *lanes(),
        *RUN,
        *_workspaces(),
        *views(),
        *plots(),
        *layers(),
        *floats(),
        *horizontals(),
        *VIEW,
        *_story(),
        *HELP,
    )


def plain_words(words: str) -> str:
    """Return an action's words without the sign that more will be asked."""
    return words.removesuffix("…").strip()


def keys_markdown() -> str:
    """Return a table of all keys for the guide; keys of one kind, as of formulations, are one line."""
    kinds: dict[str, list[ActionInfo]] = {}
    for info in action_table():
        if info.shortcut:
            kinds.setdefault(info.key.partition(":")[0], []).append(info)
    lines = ["| Key | Does |", "|---|---|"]
    for kind, infos in kinds.items():
        keys = " … ".join(dict.fromkeys(key_words(infos[at].shortcut) for at in (0, -1)))
        lines.append(f"| {keys} | {SEVERAL.get(kind) or plain_words(infos[0].words)} |")
    return "\n".join(lines)


def key_words(shortcut: str) -> str:
    """Return a key as it is printed on keyboards."""
    return {"Left": "←", "Right": "→"}.get(shortcut, shortcut)


SEVERAL = {"formulation": "Switch the formulation", "workspace": "Open a workspace"}
"""What actions of one kind do, which have a key each."""
FILE = (
    ActionInfo(
        "new_run",
        "File",
        "New run",
        "Ctrl+N",
        "Starts the run that a new window begins with, at step 0.",
    ),
    ActionInfo(
        "open", "File", "Open …", "Ctrl+O", "Opens a run, settings, a picture that carries them, or points."
    ),
    ActionInfo(
        "open_log",
        "File",
        "Open log …",
        "Ctrl+L",
        "Draws the loss log of another program's GAN beside the run.",
    ),
    *(
        ActionInfo(f"recent:{i}", "File/Open recent", f"Recent file {i + 1}", tip="Opens this file again.")
        for i in range(MOST_RECENT)
    ),
    ActionInfo(
        "found_runs", "File", "Runs that were found …", tip="Offers unsaved runs of windows that were killed."
    ),
    ActionInfo("save", "File", "Save", "Ctrl+S", "Saves the run to its file."),
    ActionInfo("save_as", "File", "Save as …", "Ctrl+Shift+S", "Saves the run to another file."),
    ActionInfo("export", "File", "Export …", "Ctrl+E", "Writes plots, data and animations of the run."),
    ActionInfo("quit", "File", "Quit", "Ctrl+Q", "Closes the window.", has_gap=True),
)
EDIT = (
    ActionInfo("undo", "Edit", "Undo setting", "Ctrl+Z", "Takes back the last change of a setting."),
    ActionInfo("redo", "Edit", "Redo setting", "Ctrl+Shift+Z", "Makes a change again that was undone."),
)
SCRIPTS = (
    ActionInfo(
        "copy_script:run", "Edit/Copy as PyTorch", "Whole run", tip="Copies the run as a script without ganviz."
    ),
    ActionInfo(
        "copy_script:formulation", "Edit/Copy as PyTorch", "Formulation alone",
        tip="Copies both losses and the penalties as functions.",
    ),
)  # fmt: skip
SETTINGS = (
    ActionInfo(
        "find_setting", "Edit", "Find a setting …", "Ctrl+F", "Goes to the search through the settings."
    ),
    ActionInfo("preferences", "Edit", "Preferences …", "Ctrl+,", "Asks how the window looks.", has_gap=True),
)
RUN = (
    ActionInfo("toggle", "Run", "Run or pause", "Space", "Trains until paused.", "play", "Run", has_gap=True),
    ActionInfo("step", "Run", "Step", ".", "One update of D and G, then paused.", "step"),
    ActionInfo(
        "step_d", "Run", "Step of the discriminator", "D", "One update of the discriminator alone.",
        "step-discriminator", "D",
    ),
    ActionInfo(
        "step_g", "Run", "Step of the generator", "G", "One update of the generator alone.", "step-generator", "G",
    ),
    ActionInfo(
        "same_weights", "Run", "Start again with the same weights", "R",
        "Starts again from the same first weights; no setting changes.", "reset", "Same weights", has_gap=True,
    ),
    ActionInfo(
        "new_weights", "Run", "Start again with new weights", "Shift+R",
        "Starts again from new weights, with the next seed.", "dice", "New weights",
    ),
    ActionInfo(
        "slow_motion", "Run", "One step in slow motion", "",
        "Pauses and goes through one step phase by phase, with its numbers.",
    ),
    ActionInfo("slower", "Run", "Slower", "[", "Makes fewer steps per second.", has_gap=True),
    ActionInfo("faster", "Run", "Faster", "]", "Makes more steps per second."),
    ActionInfo("full_speed", "Run", "Full speed, and back", "F", "Makes as many steps as can be."),
    ActionInfo(
        "look_back", "Run", "Look back", "Left", "Shows the keyframe before the one that is seen.", has_gap=True,
    ),
    ActionInfo("look_forward", "Run", "Look forward", "Right", "Shows the keyframe after the one that is seen."),
    ActionInfo(
        "look_at_step", "Run", "Look at step …", "Ctrl+G",
        "Shows the run as it was at any step: it is made anew from the keyframe before.",
    ),
    ActionInfo("step_before", "Run", "One step back", "Alt+,", "Shows the step before the one that is seen."),
    ActionInfo("step_after", "Run", "One step on", "Alt+.", "Shows the step after the one that is seen."),
    ActionInfo("look_at_now", "Run", "Back to now", "End", "Shows the present again."),
    ActionInfo(
        "continue", "Run", "Continue from this step", tip="Drops the steps after the one that is looked at.",
    ),
)  # fmt: skip
VIEW = (
    ActionInfo("reset_layout", "View", "Reset layout", tip="Puts all views where they are at first.", has_gap=True),
    ActionInfo("larger", "View", "Larger text", "Ctrl++", "Makes all letters larger.", has_gap=True),
    ActionInfo("smaller", "View", "Smaller text", "Ctrl+-", "Makes all letters smaller."),
    ActionInfo("own_size", "View", "Text as large as the desktop's", "Ctrl+0", "Gives letters back their own size."),
    *(
        ActionInfo(
            f"appearance:{key}", "View/Appearance", words, tip="Chooses the colors of the whole window.",
            is_switch=True,
        )
        for key, words in APPEARANCES
    ),
    ActionInfo(
        "presentation", "View", "Presentation", "F5",
        "Leaves only what is to be looked at, in large letters; Esc ends it.",
        has_gap=True, is_switch=True,
    ),
    ActionInfo("full_screen", "View", "Full screen", "F11", "Fills the screen, or stops that."),
)  # fmt: skip
HELP = (
    ActionInfo(
        "palette", "Help", "All commands …", "Ctrl+Shift+P", "Lists everything that can be done, to search by name.",
    ),
    ActionInfo("guide", "Help", "Guide", "F1", "Says what there is to see.", has_gap=True),
    ActionInfo(
        "explain", "Help", "About this formulation", "Shift+F1", "Opens the page of the formulation in the guide.",
    ),
    ActionInfo("about", "Help", "About ganviz", tip="Says what this is."),
)  # fmt: skip


def _copies() -> Iterator[ActionInfo]:
    for view in VIEWS:
        yield ActionInfo(
            f"copy:{view.key}", "Edit/Copy plot", view.title, tip="Copies the plot to the clipboard."
        )


def _tables() -> Iterator[ActionInfo]:
    for view in VIEWS:
        tip = "Opens the values of the plot as a table, which can be walked through with keys and read aloud."
        yield ActionInfo(f"values:{view.key}", "Edit/Values as a table", view.title, tip=tip)


def _experiments() -> Iterator[ActionInfo]:
    yield ActionInfo(
        "experiments",
        "Run",
        "Experiments …",
        "Ctrl+Shift+E",
        "Lists set-ups that show what they claim, and check it.",
    )
    for key, (title, claim) in headings().items():
        yield ActionInfo(f"experiment:{key}", "Run/Play an experiment", title, tip=claim)


def _story() -> Iterator[ActionInfo]:
    for key in STORY:
        title, claim = headings()[key]  # of one that asks, as in the gallery: its answer is for its end
        yield ActionInfo(f"show_me:{key}", "Help/Show me", title, tip=claim)


def _presets() -> Iterator[ActionInfo]:
    yield ActionInfo(
        "sweep", "Run", "Sweep …", tip="Trains every combination of some settings over seeds, and compares them.",
    )  # fmt: skip
    for preset in run_presets():
        yield ActionInfo(f"preset:{preset.key}", "Run/Presets", preset.title, tip=preset.help)


def _formulations() -> Iterator[ActionInfo]:
    for i, named in enumerate(FORMULATIONS.values()):
        key = str(i + 1) if i < MOST_KEYS else ""
        menu = "Run/Formulation" if key else f"Run/Formulation/{named.formulation.loss.family}"
        yield ActionInfo(f"formulation:{i}", menu, named.title, key, "Takes effect at the next step.")
    yield ActionInfo(
        "gallery",
        "Run/Formulation",
        "All formulations …",
        tip="Lists them by family, with formula and shape, to be searched.",
        has_gap=True,
    )
    yield ActionInfo(
        "add_lane", "Run", "Add lane …", tip="Puts the same state under a second formulation beside it."
    )


def _workspaces() -> Iterator[ActionInfo]:
    for i, one in enumerate(WORKSPACES[:MOST_KEYS]):
        yield ActionInfo(
            f"workspace:{one.key}", "View/Workspace", one.title, f"Ctrl+{i + 1}", one.help, is_switch=True
        )
    for i in range(MOST_OWN):
        tip, menu = "Opens this workspace of yours.", "View/Workspace"
        yield ActionInfo(
            f"own_workspace:{i}", menu, f"Own workspace {i + 1}", tip=tip, is_switch=True, has_gap=i == 0
        )
    yield ActionInfo(
        "save_workspace", "View/Workspace", "Save this layout as a workspace …",
        tip="Keeps which views are open, and where, under a name of yours.", has_gap=True,
    )  # fmt: skip
    yield ActionInfo(
        "remove_workspace", "View/Workspace", "Remove this workspace", tip="Forgets the own one that is open."
    )
