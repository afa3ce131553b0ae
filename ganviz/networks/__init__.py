"""Architectures of the two networks."""

from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.spec import Catalog

ARCHITECTURES: Catalog[AbstractArchitecture] = Catalog("architecture", MLP, DCGAN16)
