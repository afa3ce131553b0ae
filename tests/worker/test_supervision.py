"""Between window and engine: one thread that supervises, no timer that ticks, nothing that goes by an error's words."""

import re
from pathlib import Path

import ganviz

ROOT = Path(ganviz.__file__).parent
WORKER = {path.stem: path.read_text("utf-8") for path in (ROOT / "worker").glob("*.py")}
WORDS = re.compile(
    r"(?:\bin|[!=]=) str\((?:error|exception)\)|str\((?:error|exception)\)\.(?:starts|ends)with"
    r"|\bin \w+\.message\b|\.message\.(?:starts|ends)with"
)
"""What is recognized by the text of an error or of what it is told by."""


def test_one_thread_supervises():
    assert [name for name, text in WORKER.items() if "(QThread)" in text] == ["thread"]
    assert not [name for name, text in WORKER.items() if re.search(r"\bThread\(|ThreadPool|startTimer", text)]


def test_no_timer_ticks():
    made = re.findall(r"(self\.\w+) = QTimer\(", WORKER["bridge"])
    assert made
    assert sum(text.count("QTimer(") for text in WORKER.values()) == len(made)
    for timer in made:
        assert f"{timer}.setSingleShot(True)" in WORKER["bridge"]


def test_no_state_is_recognized_by_the_text_of_an_error():
    found = {path.stem for path in ROOT.rglob("*.py") if WORDS.search(path.read_text("utf-8"))}
    assert found == {"memory_need"}, "torch has no other sign of memory that the system refuses"
