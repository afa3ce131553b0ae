"""A run as one plain PyTorch script, and its formulation alone: what :mod:`ganviz` computes, as a textbook would.

Every choice of a run writes itself down (``Spec.script``); losses, penalties and inputs are called with names in place
of tensors (:mod:`ganviz.losses.written`), and rules play against a game that only notes what they do.
"""

from ganviz.session.scripting.formulas import formulation_script
from ganviz.session.scripting.run import run_script
from ganviz.session.scripting.trained import script_of, write_script

__all__ = ["formulation_script", "run_script", "script_of", "write_script"]
