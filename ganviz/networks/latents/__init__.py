"""Distributions of the generator's input: one small class a kind, and one line in this list."""

from ganviz.networks.latents.base import AbstractLatents
from ganviz.networks.latents.kinds import NormalLatents, UniformLatents
from ganviz.spec import Catalog

LATENTS: Catalog[AbstractLatents] = Catalog("latent distribution", NormalLatents, UniformLatents)
