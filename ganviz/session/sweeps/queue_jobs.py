"""Single jobs of a queue: whether one has ended, what its log says last, and why one was refused.

dask-jobqueue knows of a job that it was submitted, and Dask knows of workers that have connected. What happens between
the two is known to the queue alone, so it is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from itertools import islice
from pathlib import Path
from typing import Any

ASKED = {
    "SLURM": (
        ("squeue", "--noheader", "--format=%T", "--jobs"),
        r"^\s*$|Invalid job id|COMPLETED|FAILED|CANCELLED|TIMEOUT|OUT_OF_MEMORY|NODE_FAIL|BOOT_FAIL|DEADLINE",
    ),
    "PBS": (("qstat",), r"Unknown Job|has finished|\s[CF]\s+\S+\s*$"),
    "Moab": (("checkjob",), r"State: +(Completed|Removed)|invalid job|cannot locate job"),
    "SGE": (("qstat", "-j"), r"do not exist"),
    "LSF": (("bjobs", "-noheader", "-o", "stat"), r"is not found|\b(DONE|EXIT)\b"),
    "OAR": (("oarstat", "-s", "-j"), r"\b(Terminated|Error)\b"),
    "HTCondor": (("condor_q", "-format", "%d", "JobStatus"), r"^\s*[345]?\s*$"),
}
"""How each queue is asked for a job, whose number follows, and what it prints of one that has ended or is held back."""
ANSWER_S = 20.0
"""A queue that does not answer in time has said nothing."""
MOST_FILES, TAIL_BYTES, TAIL_LINES, LONGEST_LINE = 10_000, 8_192, 3, 160


async def has_ended(kind: str, number: str) -> bool:
    """Ask a queue whether a job has ended; a queue that cannot be asked has not said so."""
    command, pattern = ASKED[kind]
    pipe = asyncio.subprocess.PIPE
    try:
        asking = await asyncio.create_subprocess_exec(*command, number, stdout=pipe, stderr=pipe)
    except OSError:
        return False
    try:
        printed, said = await asyncio.wait_for(asking.communicate(), ANSWER_S)
    except TimeoutError:
        with contextlib.suppress(OSError):
            asking.kill()
        return False
    text = (printed + said).decode(errors="replace")
    if asking.returncode and not text.strip():
        return False
    return re.search(pattern, text, re.IGNORECASE) is not None


def noting(job_class: type) -> type:
    """Return a class of jobs that keep why they were ``refused``, where Dask would wait for them for ever."""

    class Noting(job_class):  # type: ignore[misc]
        refused = ""
        status: Any

        async def start(self) -> None:
            try:
                await super().start()
            except (OSError, RuntimeError, ValueError) as error:
                self.refused = last_lines(str(error).rpartition("stderr:\n")[2]) or type(error).__name__
                self.status = type(self.status).running

    return Noting


def log_tail(job: Any) -> str:
    """Return the last lines of a job's own log as one line: of the newest file of its number that has any, or ""."""
    number, folder, found = re.escape(str(job.job_id)), getattr(job, "log_directory", None), ""
    ending = "" if folder else r".*\.(out|err|log)$"  # other files of the working folder have numbers, too
    named = re.compile(rf"(?<!\d){number}(?!\d){ending}|\.[oe]{number}$")
    with contextlib.suppress(OSError, ValueError), os.scandir(folder or ".") as entries:
        logs = [one for one in islice(entries, MOST_FILES) if named.search(one.name) and one.is_file()]
        for log in sorted(logs, key=lambda one: one.stat().st_mtime):
            with Path(log.path).open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
                found = last_lines(file.read(TAIL_BYTES).decode(errors="replace")) or found
    return found


def last_lines(text: str) -> str:
    """Return the last lines that say something as one line, without what a terminal would obey."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][-TAIL_LINES:]
    return " / ".join("".join(c if c.isprintable() else " " for c in line[:LONGEST_LINE]) for line in lines)


def why_ended(job: Any) -> str:
    """Say what became of a job whose workers never connected."""
    if job.refused:
        return f"The queue refuses a job: {job.refused!r}"
    tail = log_tail(job)
    log = f"its log ends with {tail!r}" if tail else "it has left no log (options: log_directory)"
    return f"Job {job.job_id} ended before its worker connected: {log}"
