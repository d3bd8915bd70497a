"""Scratch files have no name, wherever they lie, and leave nothing behind."""

import os
from pathlib import Path

import pytest

from picture_pipeline.durable.scratch import nameless_file

LARGE = 65 << 20


@pytest.mark.parametrize("size", [10, LARGE])
def test_what_is_written_is_read_back(tmp_path: Path, size: int) -> None:
    fd = nameless_file(size, tmp_path)
    os.write(fd, b"bytes")

    assert os.pread(fd, 10, 0) == b"bytes"
    os.close(fd)


@pytest.mark.parametrize("size", [10, LARGE])
def test_no_name_is_ever_seen(tmp_path: Path, size: int) -> None:
    fd = nameless_file(size, tmp_path)

    assert list(tmp_path.iterdir()) == []
    os.close(fd)


def test_large_files_lie_in_the_folder_and_small_ones_in_memory(tmp_path: Path) -> None:
    small, large = nameless_file(10, tmp_path), nameless_file(LARGE, tmp_path)

    assert os.fstat(large).st_dev == tmp_path.stat().st_dev
    assert os.fstat(small).st_dev != tmp_path.stat().st_dev
    os.close(small)
    os.close(large)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nameless_file(LARGE, tmp_path / "gone")
