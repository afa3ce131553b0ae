"""Reports: one HTML file of a run or a sweep, that refers to nothing outside of it."""

from ganviz.session.reports.of_run import Drawing, run_report
from ganviz.session.reports.of_sweep import sweep_report

__all__ = ["Drawing", "run_report", "sweep_report"]
