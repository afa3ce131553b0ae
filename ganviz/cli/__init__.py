"""The command line: the same runs as in the window, without Qt."""

from ganviz.cli.main import main

__all__ = ["main"]
