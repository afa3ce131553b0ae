"""Distributions of real samples, in the order of the menu."""

from ganviz.catalog import Catalog
from ganviz.data.base import AbstractDistribution
from ganviz.data.gaussians import Ring

DISTRIBUTIONS: Catalog[AbstractDistribution] = Catalog("distribution", Ring)
