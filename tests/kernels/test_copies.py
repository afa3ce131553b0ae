"""Copies made at once are copies."""

import torch

from ganviz.kernels.copies import copy_all


def test_all_are_copied_and_none_is_shared(both):
    values = [torch.arange(3.0), torch.ones(2, 2), torch.tensor(7.0)]

    def work():
        places = [torch.zeros_like(value) for value in values]
        copy_all(places, values)
        return places

    for places in both(work):
        for place, value in zip(places, values, strict=True):
            assert torch.equal(place, value)
            assert place.data_ptr() != value.data_ptr()
