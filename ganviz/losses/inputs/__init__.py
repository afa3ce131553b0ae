"""What the discriminator sees of a sample: one small file a kind, and one line in this list."""

from ganviz.losses.inputs.base import AbstractInput
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.spec import Catalog

INPUTS: Catalog[AbstractInput] = Catalog("input", InstanceNoise)
