"""What only a file system of one's own shows: bytes that are shared, and bytes on the disk."""

import hashlib
import mmap
import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from picture_pipeline.durable.fresh import fresh_sha256
from picture_pipeline.durable.reflink import clone
from picture_pipeline.originals.staging import StagingArea
from volumes import SIZE, image, used, volume

__all__ = ["image", "volume"]

CONTENT = b"a picture that shares its bytes" * 40_000


def staged_copy(volume: Path, source: Path) -> tuple[bool, Path]:
    """Stage a clone as an import does; gives whether it could, and where it lies."""
    folder = volume / ".picture-pipeline" / "incoming" / "run"
    folder.mkdir(parents=True)
    area = StagingArea.open(volume, "run")
    copy = area.copy("token")
    fd = os.open(source, os.O_RDONLY)
    shared = copy.clone(fd)
    os.close(fd)
    copy.keep(1_700_000_000 * 10**9)
    area.settle()
    area.close()
    return shared, folder / "token.original"


def test_a_staged_original_shares_the_sources_bytes(volume: Path) -> None:
    source = volume / "IMG_1.JPG"
    source.write_bytes(CONTENT)
    before = used(volume)

    shared, copy = staged_copy(volume, source)

    assert shared
    assert copy.read_bytes() == CONTENT
    assert used(volume) - before < len(CONTENT) // 2


def test_what_is_written_to_the_source_later_does_not_reach_the_copy(volume: Path) -> None:
    source = volume / "IMG_1.JPG"
    source.write_bytes(CONTENT)
    _, copy = staged_copy(volume, source)

    with source.open("r+b") as file:
        file.write(b"rewritten in place")

    assert copy.read_bytes() == CONTENT


def test_across_file_systems_nothing_is_shared_and_nothing_written(
    volume: Path, tmp_path: Path
) -> None:
    source = tmp_path / "IMG_1.JPG"
    source.write_bytes(CONTENT)

    shared, copy = staged_copy(volume, source)

    assert not shared
    assert copy.read_bytes() == b""


def test_a_file_that_cannot_be_shared_leaves_the_target_empty(tmp_path: Path) -> None:
    target = os.open(tmp_path / "target", os.O_RDWR | os.O_CREAT)
    reader, writer = os.pipe()

    assert not clone(reader, target)

    assert os.fstat(target).st_size == 0
    for fd in (target, reader, writer):
        os.close(fd)


def test_a_fresh_digest_is_of_the_disk_and_not_of_the_page_cache(volume: Path, image: Path) -> None:
    """A byte is turned over on the disk below the mounted file system, behind the cache's back."""
    (volume / "a").write_bytes(CONTENT)
    os.sync()
    with image.open("r+b") as file, mmap.mmap(file.fileno(), SIZE) as disk:
        at = disk.find(CONTENT[:4096])
        disk[at + 100] ^= 1
        damaged = bytes(disk[at : at + len(CONTENT)])
    folder = os.open(volume, os.O_RDONLY)

    fresh = fresh_sha256("a", folder)

    os.close(folder)
    assert fresh == hashlib.sha256(damaged).hexdigest()
    assert fresh != hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("size", [0, 1, 4096, 1 << 20, (1 << 20) + 1, 3_000_001])
def test_a_fresh_digest_is_right_for_every_length(tmp_path: Path, size: int) -> None:
    data = (CONTENT * 3)[:size]
    (tmp_path / "a").write_bytes(data)
    folder = os.open(tmp_path, os.O_RDONLY)

    fresh = fresh_sha256("a", folder)

    os.close(folder)
    assert fresh == hashlib.sha256(data).hexdigest()


def test_a_fresh_digest_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    (tmp_path / "link").symlink_to("a")
    folder = os.open(tmp_path, os.O_RDONLY)

    with pytest.raises(OSError, match="symbolic links"):
        fresh_sha256("link", folder)

    os.close(folder)
