"""A log as NPZ, which cannot be appended to: the whole history, written anew beside the file, which it replaces."""

from __future__ import annotations

import sys
import tempfile

from ganviz.session.exporting import row_name, write_rows
from ganviz.session.foreign_arrays import read_arrays
from ganviz.session.live_log.base import AbstractLogFile, Logged
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.training.checkpoint import MOST_BYTES
from ganviz.training.history import History


class NpzLog(AbstractLogFile):
    """The arrays of an exported history, as they were when the file was last written."""

    most_steps = sys.maxsize
    rest_s = 10.0

    def logged(self) -> Logged | None:
        """Read how the log begins and ends."""
        if not self.path.exists():
            return None
        try:
            of_lane = f"lane_{row_name(self.config, 0)}"
            arrays = read_arrays(self.path, MOST_BYTES, ("columns", of_lane))
            names, rows = arrays["columns"].tolist(), arrays[of_lane]
            first = dict(zip(names, rows[0].tolist(), strict=True)) if len(rows) else {}
            return Logged(first, len(rows))
        except UNFIT as error:
            raise InvalidValueError(f"{str(self.path)!r} is no log that ganviz has written.") from error

    def begin(self, after: int | None) -> int:
        """Try out whether a new file can be written beside; the file itself is written later."""
        with tempfile.TemporaryFile(dir=self.path.absolute().parent):
            return 0

    def append(self, history: History, after: int, until: int) -> None:
        """Write all rows there are."""
        write_rows(self.path, self.config, history)
