"""Long records of an archive are not copied, and what is kept of one keeps nothing else of it."""

from __future__ import annotations

import ctypes
import io
import zipfile

import pytest
import torch

from ganviz.training.plain_archive import SHORT_BYTES, copied, read_archive

LONG = torch.arange(SHORT_BYTES // 8, dtype=torch.float64).reshape(-1, 4)
SHORT = torch.arange(6, dtype=torch.float32)


def content(n_bytes_before: int = 0) -> memoryview:
    file = io.BytesIO()
    torch.save({"rows": [LONG], "now": {"weights": SHORT, "lanes": [(1, "why"), None]}}, file)
    return memoryview(bytearray(bytes(n_bytes_before) + file.getvalue()))


def lies_in(tensor: torch.Tensor, room: memoryview) -> bool:
    start = ctypes.addressof(ctypes.c_char.from_buffer(room))
    return start <= tensor.data_ptr() < start + len(room)


def test_long_records_are_not_copied_and_copies_keep_nothing_of_the_file() -> None:
    room = content()
    state = read_archive(room)
    again = copied(state)
    for found in (state, again):
        assert torch.equal(found["rows"][0], LONG)
        assert torch.equal(found["now"]["weights"], SHORT)
        assert found["now"]["lanes"] == [(1, "why"), None]
    assert not lies_in(state["now"]["weights"], room)
    assert not any(lies_in(tensor, room) for tensor in (*again["rows"], again["now"]["weights"]))


@pytest.mark.parametrize("n_bytes_before", range(9))
def test_numbers_have_addresses_that_numbers_can_have(n_bytes_before: int) -> None:
    room = content(n_bytes_before)
    found = read_archive(room)["rows"][0]
    assert torch.equal(found, LONG)
    assert found.data_ptr() % found.element_size() == 0
    start = ctypes.addressof(ctypes.c_char.from_buffer(room)) + n_bytes_before
    assert lies_in(found, room) == (start % 8 == 0)


def test_a_record_that_changed_or_lies_beyond_the_end_is_refused() -> None:
    room = content()
    place = bytes(room).index(LONG.numpy().tobytes()[:64])
    room[place + 17] ^= 1
    with pytest.raises(zipfile.BadZipFile, match="not as it was written"):
        read_archive(room)
    room[place + 17] ^= 1
    with zipfile.ZipFile(io.BytesIO(room)) as archive:
        header = max(entry.header_offset for entry in archive.infolist() if entry.file_size == LONG.nbytes)
    room[header + 28 : header + 30] = (65_535).to_bytes(2, "little")
    with pytest.raises(zipfile.BadZipFile, match="not as it was written"):
        read_archive(room)
