"""How many batches are drawn at once: known without torch, since scripts say it too."""

from __future__ import annotations

BLOCK_BATCHES = 64
BLOCK_NUMBERS = 1 << 20


def batches_in_a_block(batch_size: int, sample_size: int) -> int:
    """Return how many batches are drawn at once: an even number, of about a million numbers at most."""
    return max(2, min(BLOCK_BATCHES, BLOCK_NUMBERS // (batch_size * sample_size) // 2 * 2))
