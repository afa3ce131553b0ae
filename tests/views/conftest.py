"""Views without an engine: made-up snapshots, and the one QApplication."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
