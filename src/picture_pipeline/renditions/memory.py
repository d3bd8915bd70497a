"""Keeping the allocator from handing back memory that the next picture needs again.

By default glibc maps every buffer of some megabytes anew and unmaps it after
use; the kernel then clears and faults in the same 10,000 pages for each
picture, a fifth of all CPU of a 12-megapixel JPEG (benchmarks/renditions_jpeg.py).
"""

import ctypes

# glibc's mallopt(3); what stays with the process is bounded by the trim threshold.
_OPTIONS = {
    "M_TRIM_THRESHOLD": (-1, 256 * 1024 * 1024),
    "M_TOP_PAD": (-2, 16 * 1024 * 1024),
    "M_MMAP_THRESHOLD": (-3, 32 * 1024 * 1024),
}


def keep_freed_memory() -> bool:
    """Let this process keep up to 256 MiB of freed memory; False where there is no glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all(mallopt(number, value) for number, value in _OPTIONS.values())
