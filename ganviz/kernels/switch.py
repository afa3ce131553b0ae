"""The switch between fast and plain kernels; it is read once, as the process starts.

Plain kernels are what a textbook would write with torch's public functions. Where a result looks wrong, they tell
whether a trick is to blame, and they are what is left where a later torch drops a private function.
"""

from __future__ import annotations

import os

VARIABLE = "GANVIZ_PLAIN_KERNELS"

PLAIN = os.environ.get(VARIABLE) == "1"
"""Whether tricks are off; kernels look here whenever they are used or, for programs, made."""
