"""Formulations that the person keeps: remembered from one start to the next, first in the lists of formulations."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, Slot

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import NamedFormulation, name_of, named_from_plain, shared_plain
from ganviz.spec import InvalidValueError
from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.window.memory import WindowMemory

MOST = 50


class OwnFormulations(QObject):
    """Keeps formulations and shows them in the strip; what cannot be read is as if it had not been kept."""

    def __init__(self, strip: FormulationStrip, memory: WindowMemory) -> None:
        super().__init__(strip)
        self._strip, self._memory = strip, memory
        self._kept = self._read()
        strip.own_dropped.connect(self.drop)
        strip.own_wished.connect(self.keep)
        self._show()

    def _read(self) -> list[NamedFormulation]:
        try:
            found = json.loads(self._memory.text("own_formulations", "[]"))
            return [named_from_plain(plain) for plain in found[:MOST]]
        except (InvalidValueError, ValueError, TypeError, RecursionError):
            return []

    @Slot(object)
    def keep(self, named: NamedFormulation) -> None:
        """Keep a formulation under its name, as the first one; a name that it had before is forgotten."""
        if name_of(named.formulation) is None:
            others = [one for one in self._kept if one.formulation != named.formulation]
            self._kept = [named, *others][:MOST]
            self._write()

    @Slot(object)
    def drop(self, formulation: Formulation) -> None:
        """Keep a formulation no longer."""
        self._kept = [one for one in self._kept if one.formulation != formulation]
        self._write()

    def _write(self) -> None:
        self._memory.keep_text("own_formulations", json.dumps([shared_plain(one) for one in self._kept]))
        self._show()

    def _show(self) -> None:
        self._strip.show_own(
            [NamedFormulation(f"own_{i}", one.title, one.formulation) for i, one in enumerate(self._kept)]
        )
