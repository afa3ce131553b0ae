"""A small deep convolutional GAN for images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ganviz.networks.base import AbstractArchitecture
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from ganviz.networks.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class DCGAN16(AbstractArchitecture):
    """After Radford et al. 2016 (arXiv 1511.06434), small enough for a CPU; no normalization in D.

    G: linear to 2 c channels of a quarter of the image's sides, batch norm, ReLU, transposed convolution 4 × 4 stride 2
    to c, batch norm, ReLU, transposed convolution to the image, tanh. D: two strided convolutions with leaky ReLU 0.2,
    then linear to one raw score.
    """

    key: ClassVar[str] = "dcgan16"
    title: ClassVar[str] = "DCGAN"

    channels: int = param(
        16,
        "Channels",
        "Channels of the layer nearest the image; the next has twice as many.",
        low=1,
        high=256,
    )

    def supports(self, shape: tuple[int, ...]) -> bool:
        """Return whether samples are images whose sides are multiples of four."""
        return len(shape) == 3 and all(side > 0 and side % 4 == 0 for side in shape[1:])

    def generator(self, latent_size: int, shape: tuple[int, ...]) -> Network:
        """Return latents → images in -1 … 1."""
        from ganviz.networks.network import dcgan_generator

        return dcgan_generator(latent_size, self.channels, shape)

    def discriminator(self, shape: tuple[int, ...]) -> Network:
        """Return images → raw scores."""
        from ganviz.networks.network import dcgan_discriminator

        return dcgan_discriminator(self.channels, shape)

    def networks_script(self, latent_size: int, shape: tuple[int, ...], judged: tuple[int, ...]) -> str:
        """Return both networks, layer by layer."""
        from ganviz.networks.initializations.kinds import Uniform
        from ganviz.networks.scripts import CONVOLUTION, linear_script, sequence

        near, wide = self.channels, 2 * self.channels
        small = (wide, *(side // 4 for side in shape[1:]))
        generator = [
            f"linear({latent_size}, {math.prod(small)})", f"nn.Unflatten(1, {small})", f"nn.BatchNorm2d({wide})",
            "nn.ReLU()", f"convolution(nn.ConvTranspose2d, {wide}, {near})", f"nn.BatchNorm2d({near})", "nn.ReLU()",
            f"convolution(nn.ConvTranspose2d, {near}, {shape[0]})", "nn.Tanh()",
        ]  # fmt: skip
        n_last = wide * math.prod(side // 4 for side in judged[1:])
        discriminator = [
            f"convolution(nn.Conv2d, {judged[0]}, {near})", "nn.LeakyReLU(0.2)",
            f"convolution(nn.Conv2d, {near}, {wide})", "nn.LeakyReLU(0.2)",
            "nn.Flatten()", f"linear({n_last}, 1)", "nn.Flatten(0)",
        ]  # fmt: skip
        networks = sequence("G", generator) + sequence("D", discriminator)
        return linear_script(Uniform()) + CONVOLUTION + networks
