"""The allocator: keeping what the next picture needs again, clearing what must not be seen.

By default glibc maps every buffer of some megabytes anew and unmaps it after
use; the kernel then clears and faults in the same 10,000 pages for each
picture, a fifth of all CPU of a 12-megapixel JPEG (benchmarks/renditions_jpeg.py).
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

# glibc's mallopt(3); what stays with the process is bounded by the trim threshold.
_OPTIONS = {
    "M_TRIM_THRESHOLD": (-1, 256 * 1024 * 1024),
    "M_TOP_PAD": (-2, 16 * 1024 * 1024),
    "M_MMAP_THRESHOLD": (-3, 32 * 1024 * 1024),
}
_M_PERTURB, _TO_ZEROS = -6, 0xFF
"""Fresh memory is filled with the complement of this byte."""


def keep_freed_memory() -> bool:
    """Let this process keep up to 256 MiB of freed memory; False where there is no glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all(mallopt(number, value) for number, value in _OPTIONS.values())


@contextmanager
def cleared_memory() -> Iterator[None]:
    """Let all memory that native code allocates meanwhile be zeros.

    Some decoders stop early at damaged data and say nothing; what they left
    out would show bits of other people's pictures, out of freed memory.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        yield
        return
    mallopt(_M_PERTURB, _TO_ZEROS)
    try:
        yield
    finally:
        mallopt(_M_PERTURB, 0)
