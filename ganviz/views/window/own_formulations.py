"""Formulations that the person keeps: remembered from one start to the next, first in the lists of formulations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, SignalInstance, Slot

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import NamedFormulation, name_of, named_from_plain, shared_plain
from ganviz.spec import InvalidValueError
from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.window.memory import WindowMemory

MOST = 50


class OwnFormulations(QObject):
    """Keeps formulations and shows them in the strip; what cannot be read is not shown, but stays for who can."""

    def __init__(
        self, strip: FormulationStrip, memory: WindowMemory, say: Callable[[str], None], kept: SignalInstance
    ) -> None:
        super().__init__(strip)
        self._strip, self._memory, self._say = strip, memory, say
        self._unread: list[object] = []
        self._kept = list(self._read())
        strip.own_dropped.connect(self.drop)
        for wish in (strip.own_wished, kept):
            wish.connect(self.keep)
        self._show()

    def _read(self) -> Iterator[NamedFormulation]:
        try:
            found = json.loads(self._memory.text("own_formulations", "[]"))
        except (ValueError, RecursionError):
            return
        for plain in found[:MOST] if isinstance(found, list) else ():
            try:
                yield named_from_plain(plain)
            except (InvalidValueError, ValueError, TypeError, RecursionError):  # of a later version, perhaps
                self._unread.append(plain)

    @Slot(object)
    def keep(self, named: NamedFormulation) -> None:
        """Keep a formulation under its name, as the first one; a name that it had before is forgotten."""
        if name_of(named.formulation) is not None:
            return
        others = [one for one in self._kept if one.formulation != named.formulation]
        if len(others) + len(self._unread) >= MOST:
            self._say(
                f"“{named.title}” is not kept: there are {MOST} already. In the gallery, Delete drops one."
            )
            return
        self._kept = [named, *others]
        self._write()

    @Slot(object)
    def drop(self, formulation: Formulation) -> None:
        """Keep a formulation no longer."""
        self._kept = [one for one in self._kept if one.formulation != formulation]
        self._write()

    def _write(self) -> None:
        told = [*(shared_plain(one) for one in self._kept), *self._unread]
        self._memory.keep_text("own_formulations", json.dumps(told))
        self._show()

    def _show(self) -> None:
        self._strip.show_own(
            [NamedFormulation(f"own_{i}", one.title, one.formulation) for i, one in enumerate(self._kept)]
        )
