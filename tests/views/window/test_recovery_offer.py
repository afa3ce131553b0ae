"""The question about a run that was found: it belongs to the start, and is in the File menu after that."""

from __future__ import annotations

from types import SimpleNamespace

import made_up
from shiboken6 import isValid

from ganviz.recovery import RecoveryOffer
from ganviz.session.events import ConfigChanged
from ganviz.training.snapshot import Stamp

CONFIG = made_up.run_config("ring")


def test_the_question_gives_way_to_another_run_and_stays_in_the_menu(open_window, tmp_path, qtbot):
    window = open_window()
    offer, action = RecoveryOffer(window, tmp_path, None), window.actions_["found_runs"]
    assert not action.isEnabled()
    note = SimpleNamespace(title="Ring", step=640)
    removed = []
    folder = SimpleNamespace(
        note=note, written_at=0.0, run=tmp_path / "run.ganviz", remove=lambda: removed.append(1)
    )
    offer._found = [folder]
    offer.begin()
    first = offer.dialog
    offer.note(ConfigChanged(CONFIG, Stamp(0, 0, 0), True))
    assert first.isVisible()
    assert action.isEnabled()
    offer.note(ConfigChanged(CONFIG, Stamp(1, 0, 1), True))
    qtbot.waitUntil(lambda: not isValid(first))
    action.trigger()
    assert offer.dialog.isVisible()
    assert "Ring, step 640" in offer.dialog.text()
    offer.dialog.discard_button.click()
    assert removed == [1]
    assert not action.isEnabled()
    assert offer.dialog is None
