"""Rules, who moves when: one small file each, and one line in this list."""

from ganviz.spec import Catalog
from ganviz.training.rules.alternating import Alternating
from ganviz.training.rules.base import AbstractRule, Game
from ganviz.training.rules.consensus import Consensus
from ganviz.training.rules.extragradient import Extragradient
from ganviz.training.rules.simultaneous import Simultaneous
from ganviz.training.rules.unrolled import Unrolled

__all__ = [
    "RULES",
    "AbstractRule",
    "Alternating",
    "Consensus",
    "Extragradient",
    "Game",
    "Simultaneous",
    "Unrolled",
]

RULES: Catalog[AbstractRule] = Catalog("rule", Alternating, Simultaneous, Extragradient, Consensus, Unrolled)
