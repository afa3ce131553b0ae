"""The views by key and title, for programs without Qt; ``views.pictures.VIEWS`` holds the classes in the same order."""

VIEW_NAMES: tuple[tuple[str, str], ...] = (
    ("plane", "The plane"),
    ("line", "The line"),
    ("losses", "Separate losses"),
    ("total_loss", "Total loss"),
    ("loss_shape", "Loss shape"),
    ("score_histogram", "Score histograms"),
    ("digits", "Images"),
    ("metrics", "Run metrics"),
    ("metrics_trace", "Metrics over time"),
    ("mode_bars", "Mode bars"),
    ("ledger", "Ledger"),
    ("direction", "Direction and range"),
    ("shadows", "Shadow losses"),
    ("phase", "Phase portrait"),
    ("bound", "V against its bound"),
    ("dirac", "Dirac game"),
    ("formula", "Formula card"),
    ("seeds", "Seeds compared"),
)

ALL_VIEWS = "all"
"""Means each view that has a meaning for a run."""

VIEW_OF_KIND = {"plane": "plane", "line": "line", "image": "digits"}
"""The view of samples that fits each kind of data; the others have nothing to show then."""

ANIMATED_VIEWS = tuple(VIEW_OF_KIND.values())
"""Those that can be drawn over the whole run."""
ANIMATIONS = (".gif", ".webp", ".mp4")
"""The last one needs PyAV: see :mod:`ganviz.session.animations`."""
