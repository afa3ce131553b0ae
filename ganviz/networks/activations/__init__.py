"""Nonlinearities after hidden layers: one small class a kind, and one line in this list."""

from ganviz.networks.activations.base import AbstractActivation
from ganviz.networks.activations.rectifiers import LeakyReLU, ReLU
from ganviz.networks.activations.smooth import ELU, SiLU, Sine, Tanh
from ganviz.spec import Catalog

ACTIVATIONS: Catalog[AbstractActivation] = Catalog("activation", LeakyReLU, ReLU, Tanh, ELU, SiLU, Sine)
