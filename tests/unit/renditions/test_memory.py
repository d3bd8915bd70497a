"""What stays with the process between two pictures."""

import ctypes
import resource

import numpy as np

from picture_pipeline.renditions.memory import cleared_memory, keep_freed_memory


def test_a_second_buffer_of_the_same_size_faults_in_no_new_pages() -> None:
    if not keep_freed_memory():
        return  # another C library: nothing is promised
    np.ones(8_000_000, np.uint8).sum()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt

    for _ in range(5):
        np.ones(8_000_000, np.uint8).sum()

    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 1_000


def test_memory_that_was_used_before_comes_back_cleared() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    if not hasattr(libc, "mallopt"):
        return  # another C library: nothing is promised
    keep_freed_memory()
    size = 4_000_000
    used = libc.malloc(size)
    ctypes.memset(used, 0xAA, size)
    libc.free(used)

    with cleared_memory():
        fresh = libc.malloc(size)
    found = ctypes.string_at(fresh, size)
    libc.free(fresh)

    assert found == bytes(size)
