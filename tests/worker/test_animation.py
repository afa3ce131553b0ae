"""An animation of an open run, by a program that a test writes: told from start to end, and nothing is left behind."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal

from ganviz import subprogram
from ganviz.animation import AnimationExport
from ganviz.session.commands import PutAside
from ganviz.session.events import AsideWritten, Relaunched
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.window.animation_notes import AnimationNotes

ENOUGH_MS = 20_000
DRAWS = "print('1 of 2'); print('2 of 2'); open(sys.argv[sys.argv.index('--out') + 1], 'w').write('drawn')"


class Bridge(QObject):
    """Takes commands, and lets the test answer."""

    event_arrived = Signal(object)

    def __init__(self):
        super().__init__()
        self.sent = []

    def send(self, command):
        self.sent.append(command)

    def answer(self, *, well=True):
        asked = self.sent.pop(0)
        assert isinstance(asked, PutAside)
        self.event_arrived.emit(AsideWritten(well, asked.path))


@pytest.fixture
def wished(qtbot, tmp_path, monkeypatch):
    """Return a function that wishes for an animation by a program; it returns export, bridge and what is told."""
    (tmp_path / "window").mkdir()
    bridge = Bridge()

    def wish(code):
        monkeypatch.setattr(
            subprogram, "command", lambda: [sys.executable, "-c", f"import sys, time; {code}"]
        )
        export = AnimationExport(bridge, tmp_path / "window", bridge)
        told = []
        export.told.connect(lambda sentence, is_warning: told.append((sentence, is_warning)))
        export.progressed.connect(lambda sentence: told.append((sentence, None)))
        export.begin(tmp_path / "run.gif", "plane", "dark")
        return export, bridge, told

    yield wish
    assert list((tmp_path / "window").iterdir()) == []


def ended(told):
    return told[-1][1] is not None


def test_an_animation_is_told_of_and_put_where_it_is_wanted(wished, qtbot, tmp_path):
    export, bridge, told = wished(DRAWS)
    export.begin(tmp_path / "run.html", "plane", "dark")
    assert told == [("Making the GIF\u00a0…", None)]
    assert len(bridge.sent) == 2, "what waits would be of a later moment, or of another run"
    bridge.answer()
    qtbot.waitUntil(lambda: told[-1] == ("Making the report\u00a0…", None), timeout=ENOUGH_MS)
    assert told[-3:-1] == [
        ("Making the GIF: frame 2 of 2\u00a0…", None),
        (f"Written: {tmp_path / 'run.gif'}", False),
    ]
    assert (tmp_path / "run.gif").read_text() == "drawn"
    bridge.answer()
    qtbot.waitUntil(lambda: ended(told), timeout=ENOUGH_MS)
    assert told[-2:] == [
        ("Making the report: picture 2 of 2\u00a0…", None),
        (f"Written: {tmp_path / 'run.html'}", False),
    ]
    assert (tmp_path / "run.html").read_text() == "drawn"


@pytest.mark.parametrize(
    ("code", "happens", "says"),
    [
        ("sys.exit('It has no meaning.')", AsideWritten, "It has no meaning"),
        ("print(1)", AsideWritten, "cannot be written"),
        ("pass", Relaunched, "The training process has ended"),
        ("pass", None, "could not be put aside"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(wished, qtbot, tmp_path, code, happens, says):
    _, bridge, told = wished(code)
    if happens is Relaunched:
        bridge.event_arrived.emit(Relaunched())
    else:
        bridge.answer(well=happens is not None)
    qtbot.waitUntil(lambda: ended(told), timeout=ENOUGH_MS)
    assert told[-1][0].startswith("The GIF was not written: ")
    assert says in told[-1][0]
    assert told[-1][1]
    assert not (tmp_path / "run.gif").exists()


@pytest.mark.parametrize("how", ["early", "late", "closing"])
def test_an_animation_can_be_canceled(wished, qtbot, tmp_path, how):
    export, bridge, told = wished("print('1 of 2', flush=True); time.sleep(60)")
    export.begin(tmp_path / "run.html", "plane", "dark")
    if how == "early":
        export.cancel()
        assert ended(told)  # at once, whenever the engine answers
    bridge.answer()
    if how != "early":
        qtbot.waitUntil(lambda: "frame 1 of 2" in told[-1][0], timeout=ENOUGH_MS)
        (export.cancel if how == "late" else export.shut_down)()
    if how != "closing":
        qtbot.waitUntil(lambda: ended(told), timeout=ENOUGH_MS)
        assert told[-1] == ("The GIF was not written: it was canceled.", False)
    assert not (tmp_path / "run.gif").exists()


def test_what_has_been_put_aside_is_drawn_in_turn_though_the_engine_has_ended(wished, qtbot, tmp_path):
    go, begun = tmp_path / "go", tmp_path / "begun"
    notes = f"open({str(begun)!r}, 'a').write(sys.argv[1] + ' ')"
    waits = f"while not os.path.exists({str(go)!r}): time.sleep(0.02)"
    export, bridge, told = wished(f"import os; {notes}\n{waits}\n{DRAWS}")
    for name in ("run.html", "late.gif", "later.gif"):
        export.begin(tmp_path / name, "plane", "dark")
    bridge.answer()
    bridge.answer()  # while the first is drawn
    bridge.answer(well=False)
    bridge.event_arrived.emit(Relaunched())
    go.touch()
    qtbot.waitUntil(lambda: len([one for one in told if one[1] is not None]) == 4, timeout=ENOUGH_MS)
    assert [one for one in told if one[1] is not None] == [
        (f"Written: {tmp_path / 'run.gif'}", False),
        (f"Written: {tmp_path / 'run.html'}", False),
        ("The GIF was not written: The run could not be put aside for it.", True),
        ("The GIF was not written: The training process has ended.", True),
    ]
    assert begun.read_text() == "render report "


def test_progress_comes_back_when_nothing_else_is_said_unless_it_was_closed(qtbot):
    banner = StatusBanner()
    qtbot.addWidget(banner)
    notes = AnimationNotes(banner, lambda: "", lambda: None)
    banner.say("8 files written.")
    seen = []
    for frame in range(1, 6):
        if frame == 3:
            banner.say("Copied.", is_brief=True)
        elif frame == 4:
            banner.hide()
        notes.progressed(f"frame {frame}")
        seen.append(banner.text)
    assert seen == ["frame 1", "frame 2", "Copied.", "frame 4", "frame 5"]
    banner._close.click()
    notes.progressed("frame 6")
    assert banner.text == ""
    notes.told("Written: run.gif", False)
    assert banner.text == "Written: run.gif"


def test_other_files_do_not_hide_that_one_is_still_made(qtbot, tmp_path):
    banner, canceled = StatusBanner(), []
    qtbot.addWidget(banner)
    notes = AnimationNotes(banner, lambda: "8 files written.", lambda: canceled.append(True))
    notes.progressed("Making the GIF …")
    banner.say("8 files written.", action="Open the folder", is_brief=True)
    seen = []
    for frame in (1, 2):
        notes.progressed(f"Making the GIF: frame {frame} …")
        seen.append((banner.text, banner._action.text()))
    assert seen == [(f"8 files written. Making the GIF: frame {frame} …", "Cancel") for frame in (1, 2)]
    banner._action.click()
    assert canceled == [True]
    notes.told("Written: run.gif", False, tmp_path / "run.gif")
    assert (banner.text, banner._action.text()) == ("Written: run.gif", "Open the folder")
    notes.progressed("Making the report …")  # of the next file: what was said before it is over
    assert banner.text == "Making the report …"
