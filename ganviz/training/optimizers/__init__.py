"""Optimizers: one small file each, and one line in this list."""

from ganviz.spec import Catalog
from ganviz.training.optimizers.adam import Adam
from ganviz.training.optimizers.base import AbstractOptimizer
from ganviz.training.optimizers.optimistic_adam import OptimisticAdam
from ganviz.training.optimizers.optimistic_sgd import OptimisticSGD
from ganviz.training.optimizers.rmsprop import RMSprop
from ganviz.training.optimizers.sgd import SGD

__all__ = ["OPTIMIZERS", "SGD", "AbstractOptimizer", "Adam", "OptimisticAdam", "OptimisticSGD", "RMSprop"]

OPTIMIZERS: Catalog[AbstractOptimizer] = Catalog(
    "optimizer", Adam, SGD, RMSprop, OptimisticAdam, OptimisticSGD
)
