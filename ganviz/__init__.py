"""ganviz: see what a GAN's loss formulation does."""

__version__ = "0.1.0"
