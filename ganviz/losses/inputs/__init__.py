"""What the discriminator sees of a sample: one small file a kind, and one line in this list.

How many samples it sees at once (PacGAN, Lin et al. 2018, arXiv 1712.04086) shapes its first layer, which all lanes of
a run share: that is ``training.packing``.
"""

from ganviz.losses.inputs.base import AbstractInput
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.inputs.scaled import Scaled
from ganviz.spec import Catalog

INPUTS: Catalog[AbstractInput] = Catalog("input", InstanceNoise, Scaled)
