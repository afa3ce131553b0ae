"""What a window says while an animation or a report of its run is made: how far it is, and where it lies at last."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from ganviz.views.controls.banner import StatusBanner
from ganviz.views.look.folders import open_folder


class AnimationNotes(QObject):
    """Says in a banner how far it is, unless another sentence is said, or the person has closed it; GUI thread only.

    What an export has said of its other files, ``exported``, which may come amid it, goes in front rather than hide
    that not all is there yet, and how to cancel it.
    """

    def __init__(
        self,
        banner: StatusBanner,
        exported: Callable[[], str],
        cancel: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._banner, self._exported, self._cancel = banner, exported, cancel
        self._said, self._before, self._is_closed = "", "", False
        banner.closed.connect(self._closed)

    @Slot(str)
    def progressed(self, sentence: str) -> None:
        """Say how far it is."""
        shown, exported = self._banner.text, self._exported()
        if exported and shown == exported:
            self._before = f"{exported} "
        elif self._said and shown not in ("", self._said) and not self._banner.has_card:
            return
        if not self._is_closed:
            self._said = self._before + sentence
            self._banner.say(self._said, action="Cancel", does=self._cancel)

    @Slot(str)
    def _closed(self, sentence: str) -> None:
        self._is_closed |= sentence == self._said

    @Slot(str, bool, object)
    def told(self, sentence: str, is_warning: bool, path: Path | None = None) -> None:
        """Say how it went, and offer to open the folder of what was written."""
        self._said, self._before, self._is_closed = "", "", False
        self._banner.say(
            sentence,
            kind="warning" if is_warning else "info",
            action="" if path is None else "Open the folder",
            does=None if path is None else partial(open_folder, path.parent),
            is_brief=not is_warning,
        )
