"""Architectures of the two networks."""

from ganviz.catalog import Catalog
from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP

ARCHITECTURES: Catalog[AbstractArchitecture] = Catalog("architecture", MLP, DCGAN16)
