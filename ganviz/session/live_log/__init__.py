"""The log of a run that trains: a file that grows with it, and that can be read whenever the run is killed."""

from ganviz.session.live_log.run_log import NoLog, RunLog

__all__ = ["NoLog", "RunLog"]
