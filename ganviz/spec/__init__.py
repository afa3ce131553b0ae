"""Ground floor: what a variant is, lists of variants, and their plain-data form.

A *spec* is a frozen value (a loss, a penalty, a distribution, an optimizer, a lane, a run …). Each of its fields says
through its maker how it is named, what it does and which values are allowed: :func:`param` for a number or a text,
:func:`part` for another spec, :func:`choice` for one entry of a :class:`Catalog`, :func:`several` for many of them.
Forms, the command line, files, marks and error messages all read that one description. Nothing here knows Qt or torch.
"""

from ganviz.spec.specs import (
    Catalog,
    PartInfo,
    Spec,
    choice,
    field_info,
    field_types,
    param,
    param_info,
    part,
    several,
    spec_from_plain,
)
from ganviz.spec.tree import Difference, differences, needs_restart
from ganviz.spec.values import (
    UNFIT,
    InvalidValueError,
    ParamInfo,
    Plain,
    UnknownKeyError,
    allowed_range,
    finite,
    quoted,
    readable,
    to_plain_value,
)

__all__ = [
    "UNFIT",
    "Catalog",
    "Difference",
    "InvalidValueError",
    "ParamInfo",
    "PartInfo",
    "Plain",
    "Spec",
    "UnknownKeyError",
    "allowed_range",
    "choice",
    "differences",
    "field_info",
    "field_types",
    "finite",
    "needs_restart",
    "param",
    "param_info",
    "part",
    "quoted",
    "readable",
    "several",
    "spec_from_plain",
    "to_plain_value",
]
