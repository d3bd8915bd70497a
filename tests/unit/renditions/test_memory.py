"""What stays with the process between two pictures."""

import resource

import numpy as np

from picture_pipeline.renditions.memory import keep_freed_memory


def test_a_second_buffer_of_the_same_size_faults_in_no_new_pages() -> None:
    if not keep_freed_memory():
        return  # another C library: nothing is promised
    np.ones(8_000_000, np.uint8).sum()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt

    for _ in range(5):
        np.ones(8_000_000, np.uint8).sum()

    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 1_000
