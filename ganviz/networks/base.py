"""What an architecture is: a recipe for both networks. torch is imported only when networks are built."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from ganviz.spec import InvalidValueError, Spec

if TYPE_CHECKING:
    from ganviz.networks.network import Network


class AbstractArchitecture(Spec, abc.ABC):
    """A recipe for a generator and a discriminator. D ends in a linear layer: scores are raw."""

    __slots__ = ()

    @abc.abstractmethod
    def supports(self, shape: tuple[int, ...]) -> bool:
        """Return whether samples of this shape can be generated and judged."""

    @abc.abstractmethod
    def generator(self, latent_size: int, shape: tuple[int, ...]) -> Network:
        """Return the generator: latents ``[lanes, batch, latent_size]`` → samples ``[lanes, batch, *shape]``."""

    @abc.abstractmethod
    def discriminator(self, shape: tuple[int, ...]) -> Network:
        """Return the discriminator: samples ``[lanes, batch, *shape]`` → raw scores ``[lanes, batch]``."""

    def networks_script(self, latent_size: int, shape: tuple[int, ...], judged: tuple[int, ...]) -> str:
        """Return Python that makes ``G`` and ``D``, of what is ``judged`` at once, with weights drawn from ``rng``.

        Raises
        ------
        InvalidValueError
            Where nobody has written it down.
        """
        return self.script()

    def check_supports(self, shape: tuple[int, ...]) -> None:
        """Raise InvalidValueError when samples of this shape are not supported."""
        if not self.supports(shape):
            points = "points in the plane" if shape == (2,) else "single numbers"
            kind = f"images of {shape[1]} × {shape[2]}" if len(shape) == 3 else points
            raise InvalidValueError(f"The architecture {self.key!r} cannot be used for {kind}.")
