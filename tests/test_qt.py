"""Qt is loaded without reading the sources of all that is imported after it."""

import subprocess
import sys

KEPT = """
import linecache
from ganviz.qt import load_qt
load_qt()
import ganviz.views.look.theme
print([name for name in linecache.cache if "ganviz" in name])
"""


def test_no_source_is_read_that_is_imported_after_qt():
    assert (
        subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
