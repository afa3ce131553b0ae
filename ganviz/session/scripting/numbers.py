"""NumPy's random numbers in plain Python, for scripts that need nothing but PyTorch.

The run drew from ``numpy.random.default_rng``: a PCG64 (O'Neill 2014) that a SeedSequence starts, integers by Lemire's
method and normal numbers by a ziggurat of 256 layers (Marsaglia & Tsang 2000). Constants and the order in which words
are used up are NumPy's (``bit_generator.pyx``, ``pcg64.h``, ``distributions.c``): one word too many, and all that
follows differs. Layers are worked out here, and agree with NumPy's tables to rounding.
"""

from __future__ import annotations

RANDOM = '''
def pcg64(numbers):
    """Yield the 64-bit words of NumPy's generator PCG64 when it starts from these numbers."""
    words = [n >> shift & 0xFFFFFFFF for n in numbers for shift in range(0, max(1, n.bit_length()), 32)]
    factor = 0x43B0D7E5

    def hashed(word, multiplier=0x931E8875):
        nonlocal factor
        word ^= factor
        factor = factor * multiplier & 0xFFFFFFFF
        word = word * factor & 0xFFFFFFFF
        return word ^ word >> 16

    def mixed(x, y):
        x = x * 0xCA01F9DD - y * 0x4973F715 & 0xFFFFFFFF
        return x ^ x >> 16

    pool = [hashed(word) for word in (words + [0] * 4)[:4]]
    for i, k in itertools.permutations(range(4), 2):
        pool[k] = mixed(pool[k], hashed(pool[i]))
    for word in words[4:]:
        pool = [mixed(one, hashed(word)) for one in pool]
    factor = 0x8B51F9DD
    seeds = [hashed(pool[i % 4], 0x58F38DED) for i in range(8)]
    start, stream = (a << 64 | b << 96 | c | d << 32 for a, b, c, d in (seeds[:4], seeds[4:]))
    multiplier, step = 0x2360ED051FC65DA44385DF649FCCF645, stream << 1 | 1
    state = (step + start) * multiplier + step
    while True:
        state = (state * multiplier + step) & (1 << 128) - 1
        word, turn = (state >> 64 ^ state) & 0xFFFFFFFFFFFFFFFF, state >> 122
        yield (word >> turn | word << 64 - turn) & 0xFFFFFFFFFFFFFFFF


TAIL = 3.6541528853610088  # where the last of 256 layers of equal area under exp(-x^2 / 2) ends


def ziggurat(scale):
    """Return of each layer, the widest last: how far it is full, its width, and its height at that width."""
    x, height = TAIL, math.exp(-0.5 * TAIL**2)
    area = x * height + math.sqrt(math.pi / 2) * math.erfc(x / math.sqrt(2))
    full, widths, heights = [0.0], [x], [height]
    for _ in range(254):
        height += area / x
        x, below = math.sqrt(-2 * math.log(height)), x
        full.append(x / below * scale)
        widths.append(x)
        heights.append(height)
    base = area / heights[0]
    layers = [TAIL / base * scale, 0.0, *full[:0:-1]], [base, *widths[::-1]], [1.0, *heights[::-1]]
    return layers[0], [width / scale for width in layers[1]], layers[2]


ZIGGURATS = {torch.float32: ziggurat(2.0**23), torch.float64: ziggurat(2.0**52)}


class Random:
    """numpy.random.default_rng(numbers), as far as it is needed here; what it draws are tensors."""

    def __init__(self, numbers):
        self.words = pcg64(numbers)
        self.halves = (half for word in self.words for half in (word & 0xFFFFFFFF, word >> 32))

    def one(self, dtype):
        """Return a number in 0 … 1."""
        return (next(self.halves) >> 8) / 2**24 if dtype == torch.float32 else (next(self.words) >> 11) / 2**53

    def random(self, size, dtype=torch.float64):
        return torch.tensor([self.one(dtype) for _ in range(math.prod(size))], dtype=dtype).view(size)

    def uniform(self, low, high, size):
        return low + (high - low) * self.random(size)

    def integers(self, end, n):
        """Return n integers from 0 to below end."""
        found = [0] * n if end == 1 else []
        while len(found) < n:
            product = next(self.halves) * end
            if product & 0xFFFFFFFF >= 2**32 % end:
                found.append(product >> 32)
        return torch.tensor(found)

    def normal(self, dtype):
        """Return a normal number: a place in a layer; where that is not full, another number decides."""
        words, bits = (self.halves, 23) if dtype == torch.float32 else (self.words, 52)
        full, widths, heights = ZIGGURATS[dtype]
        while True:
            word = next(words)
            layer, sign, place = word & 255, -1 if word & 256 else 1, word >> 9 & (1 << bits) - 1
            x = place * widths[layer]
            if place < full[layer]:
                return sign * x
            if layer == 0:
                return self.beyond(dtype) * (-1 if place & 256 else 1)
            height = heights[layer] + (heights[layer - 1] - heights[layer]) * self.one(dtype)
            if height < math.exp(-0.5 * x * x):
                return sign * x

    def beyond(self, dtype):
        """Return a normal number beyond all layers."""
        while True:
            x, y = -math.log1p(-self.one(dtype)) / TAIL, -math.log1p(-self.one(dtype))
            if y + y > x * x:
                return TAIL + x

    def standard_normal(self, size, dtype=torch.float64):
        return torch.tensor([self.normal(dtype) for _ in range(math.prod(size))], dtype=dtype).view(size)
'''
"""A class ``Random`` with the methods of ``numpy.random.Generator`` that scripts call."""
