"""Networks as plain PyTorch: the texts of which architectures make their part of a script that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent

from ganviz.networks.initializations.base import AbstractInitialization

SPECTRAL = '''
class SpectralLinear(nn.Module):
    """x W / s + b with an estimate s of W's largest singular value: one power iteration for each update of D."""

    def __init__(self, n_in, n_out):
        super().__init__()
        layer = linear(n_in, n_out)
        self.weight, self.bias = layer.weight, layer.bias
        u = rng.standard_normal((n_in,))
        self.register_buffer("u", u / u.norm())

    def forward(self, x):
        W = self.weight.T
        with torch.no_grad():
            v = F.normalize(self.u @ W, dim=0)
            if self.training:
                self.u.copy_(F.normalize(W @ v, dim=0))
            u = self.u.clone()
        return F.linear(x, self.weight / (u @ W @ v).clamp(min=1e-12), self.bias)
'''


def linear_script(initialization: AbstractInitialization) -> str:
    """Return a function that makes a linear layer with first weights of this kind."""
    return f'''
def linear(n_in, n_out):
    """Return a linear layer; its first weights are "{initialization.title}"."""
    layer = nn.Linear(n_in, n_out)
{indent(initialization.script(), "    ")}
    layer.weight.data = weights.T.contiguous()
    layer.bias.data = bias
    return layer
'''


CONVOLUTION = '''
def convolution(kind, n_in, n_out):
    """Return a 4 x 4 convolution of stride 2, or its transpose; first weights are U(+-1/sqrt(fan-in))."""
    layer = kind(n_in, n_out, 4, stride=2, padding=1)
    bound = 1 / math.sqrt(layer.weight.shape[1] * 16)
    for values in (layer.weight, layer.bias):
        values.data = rng.uniform(-bound, bound, values.shape)
    return layer
'''


def sequence(name: str, layers: Sequence[str]) -> str:
    """Return a network of layers one after the other."""
    lines = "".join(f"    {layer},\n" for layer in layers)
    return f"\n{name} = nn.Sequential(\n{lines}).to(DEVICE, DTYPE)\n"
