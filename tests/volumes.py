"""A file system of one's own: an image of xfs, which can share bytes, over a loop device.

Skipped where mounting is not allowed.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SIZE = 300 << 20


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Give an empty image of xfs, which can share bytes."""
    made = tmp_path / "image"
    with made.open("wb") as file:
        file.truncate(SIZE)
    try:
        run("mkfs.xfs", "-q", "-m", "reflink=1", made)
    except FileNotFoundError:
        pytest.skip("mkfs.xfs is not installed")
    return made


@pytest.fixture
def volume(image: Path, tmp_path: Path) -> Iterator[Path]:
    """Give the folder where the image is mounted."""
    folder = tmp_path / "volume"
    folder.mkdir()
    run("mount", "-o", "loop", image, folder)
    yield folder
    subprocess.run(("umount", folder), check=True)


def used(volume: Path) -> int:
    os.sync()
    status = os.statvfs(volume)
    return (status.f_blocks - status.f_bfree) * status.f_frsize
