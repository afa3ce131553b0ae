"""Memory that is set aside once: every lane begins where one alone would, and it can be shared."""

import pytest
import torch

from ganviz.kernels import switch
from ganviz.kernels.rooms import LINE, room, room_like, shared


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(7, 5), (3, 16, 32), (3, 7, 5), (2, 1, 1), (1, 3, 3)])
def test_lanes_begin_at_a_line(shape, dtype):
    like = torch.empty(0, dtype=dtype)
    made = room(like, *shape)
    assert (made.shape, made.dtype) == (torch.Size(shape), dtype)
    lanes = made if len(shape) == 3 else made.unsqueeze(0)
    assert all((lane.data_ptr() - made.data_ptr()) % LINE == 0 for lane in lanes)
    assert all(lane.is_contiguous() for lane in lanes)
    assert room_like(made).stride() == made.stride()


@pytest.mark.parametrize("plain", [False, True])
def test_programs_made_in_turn_share_memory_but_not_plainly(monkeypatch, plain):
    monkeypatch.setattr(switch, "PLAIN", plain)
    like, rooms, made = torch.empty(0), [], []
    for kept, lanes in ((rooms, 2), (rooms, 2), ([], 3)):
        with shared(kept):
            made.append([room(like, lanes, 4, 4), room(like, lanes, 8, 4)])
    made.append([room(like, 2, 4, 4)])
    # All are still held here: memory that is free may be given to anybody.
    first, second, larger, apart = ([one.data_ptr() for one in those] for those in made)
    assert (first == second) is not plain
    assert first[0] != first[1]
    assert not set(larger) & {*first, *second}
    assert apart[0] not in {*first, *second, *larger}
