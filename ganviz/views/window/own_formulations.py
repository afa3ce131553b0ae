"""Formulations that the person keeps: remembered from one start to the next, first in the lists of formulations."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, Slot

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import NamedFormulation, name_of
from ganviz.spec import InvalidValueError, spec_from_plain
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
        self._show()

    def _read(self) -> list[Formulation]:
        try:
            found = json.loads(self._memory.text("own_formulations", "[]"))
            return [spec_from_plain(Formulation, plain, "") for plain in found[:MOST]]
        except (InvalidValueError, ValueError, TypeError, RecursionError):
            return []

    @Slot(object)
    def keep(self, formulation: Formulation) -> None:
        """Keep a formulation, as the first one; one that is in the list already stays where it is."""
        if formulation not in self._kept and name_of(formulation) is None:
            self._kept = [formulation, *self._kept][:MOST]
            self._write()

    @Slot(object)
    def drop(self, formulation: Formulation) -> None:
        """Keep a formulation no longer."""
        self._kept = [one for one in self._kept if one != formulation]
        self._write()

    def _write(self) -> None:
        self._memory.keep_text("own_formulations", json.dumps([one.to_plain() for one in self._kept]))
        self._show()

    def _show(self) -> None:
        self._strip.show_own(
            [NamedFormulation(f"own_{i}", one.title, one) for i, one in enumerate(self._kept)]
        )
