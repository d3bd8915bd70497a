"""``get`` and ``PhotoStorage`` give out whole, verified pictures, or nothing."""

import hashlib
import os
from pathlib import Path

import pytest
from PIL import Image

from installed import Storage
from picture_pipeline import PhotoStorage
from picture_pipeline.errors import (
    ArchiveUnavailable,
    IntegrityError,
    PipelineError,
    UnknownOriginal,
    UsageError,
)
from pictures import jpeg, write

PICTURE = jpeg(1, 2000)
DIGEST = hashlib.sha256(PICTURE).hexdigest()
WIDTHS = {"tiny": 150, "small": 500, "medium": 1080, "full": 2000}


@pytest.fixture
def filled(storage: Storage, source: Path) -> Storage:
    """Give a storage with one picture."""
    write(source / "a.jpg", PICTURE)
    assert storage.here("import", source).status == 0
    return storage


def opened(storage: Storage) -> PhotoStorage:
    return PhotoStorage.open(environ=storage.environ)


def flip_a_byte(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def take_the_nas_away(storage: Storage) -> None:
    storage.archive.rename(storage.archive.with_name("elsewhere"))


def width(path: Path) -> int:
    with Image.open(path) as image:
        return image.width


@pytest.mark.parametrize("size", WIDTHS)
def test_every_size_goes_into_a_file(filled: Storage, tmp_path: Path, size: str) -> None:
    said = filled.here("get", DIGEST[:8], "--size", size, "-o", tmp_path / "out.jpg")

    assert (said.status, said.out, said.err) == (0, b"", "")
    assert width(tmp_path / "out.jpg") == WIDTHS[size]


@pytest.mark.parametrize("size", WIDTHS)
def test_every_size_goes_to_stdout(filled: Storage, tmp_path: Path, size: str) -> None:
    said = filled.here("get", DIGEST, "--size", size)

    write(tmp_path / "out.jpg", said.out)
    assert width(tmp_path / "out.jpg") == WIDTHS[size]


def test_medium_is_given_when_no_size_is_named(filled: Storage) -> None:
    assert filled.here("get", DIGEST).out == filled.here("get", DIGEST, "--size", "medium").out


def test_full_is_the_original_byte_for_byte(filled: Storage) -> None:
    assert filled.here("get", DIGEST, "--size", "full").out == PICTURE


def test_a_size_that_does_not_exist_is_refused(filled: Storage) -> None:
    said = filled.here("get", DIGEST, "--size", "huge")

    assert (said.status, said.out) == (2, b"")
    assert "tiny, small, medium, full" in said.err


def test_changed_bytes_are_not_given_out(filled: Storage) -> None:
    flip_a_byte(filled.originals()[0])

    said = filled.here("get", DIGEST, "--size", "full")

    assert (said.status, said.out) == (4, b"")
    assert DIGEST in said.err


def test_changed_bytes_leave_the_file_that_was_there(filled: Storage, tmp_path: Path) -> None:
    flip_a_byte(filled.originals()[0])
    write(tmp_path / "out" / "out.jpg", b"before")

    said = filled.here("get", DIGEST, "--size", "full", "-o", tmp_path / "out" / "out.jpg")

    assert said.status == 4
    assert (tmp_path / "out" / "out.jpg").read_bytes() == b"before"
    assert os.listdir(tmp_path / "out") == ["out.jpg"]


def test_a_missing_original_breaks_integrity(filled: Storage) -> None:
    filled.originals()[0].unlink()

    assert filled.here("get", DIGEST, "--size", "full").status == 4


def test_a_file_that_cannot_be_written_is_the_callers_fault(filled: Storage) -> None:
    assert filled.here("get", DIGEST, "-o", "/nowhere/out.jpg").status == 2


def test_a_device_is_written_to_and_not_replaced(filled: Storage, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)

    said = filled.here("get", DIGEST, "--size", "tiny", "-o", fifo)

    given = os.read(reading, 1 << 16)
    os.close(reading)
    assert said.status == 0
    assert fifo.is_fifo()
    assert given == filled.here("get", DIGEST, "--size", "tiny").out


def test_a_link_is_followed_and_not_replaced(filled: Storage, tmp_path: Path) -> None:
    write(tmp_path / "real" / "out.jpg", b"")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real" / "out.jpg")

    filled.here("get", DIGEST, "--size", "full", "-o", tmp_path / "link.jpg")

    assert (tmp_path / "link.jpg").is_symlink()
    assert (tmp_path / "real" / "out.jpg").read_bytes() == PICTURE


@pytest.mark.parametrize("size", ["tiny", "small", "medium"])
def test_thumbnails_are_at_hand_while_the_nas_is_away(filled: Storage, size: str) -> None:
    take_the_nas_away(filled)

    assert filled.here("get", DIGEST[:6], "--size", size).out.startswith(b"\xff\xd8")


def test_the_original_is_unavailable_while_the_nas_is_away(filled: Storage) -> None:
    take_the_nas_away(filled)

    said = filled.here("get", DIGEST, "--size", "full")

    assert (said.status, said.out) == (3, b"")
    assert "mount the NAS" in said.err


@pytest.mark.parametrize("command", [("list",), ("show", DIGEST), ("storage-stats",)])
def test_reading_commands_work_while_the_nas_is_away(
    filled: Storage, command: tuple[str, ...]
) -> None:
    before = filled.here(*command)
    take_the_nas_away(filled)

    assert filled.here(*command) == before
    assert before.status == 0


@pytest.mark.parametrize("damage", [b"", b"\xff\xd8 half"])
def test_a_damaged_thumbnail_is_not_given_out(filled: Storage, damage: bytes) -> None:
    (thumb,) = (filled.home / "thumbs" / "tiny").rglob("*.jpg")
    thumb.write_bytes(damage)

    said = filled.here("get", DIGEST, "--size", "tiny")

    assert (said.status, said.out) == (1, b"")
    assert "generate-thumbs" in said.err


@pytest.mark.parametrize("size", WIDTHS)
def test_python_gets_every_size(filled: Storage, size: str) -> None:
    assert opened(filled).get_photo(DIGEST, size=size) == filled.here(
        "get", DIGEST, "--size", size
    ).out  # fmt: skip


def test_python_gets_medium_by_itself(filled: Storage) -> None:
    assert opened(filled).get_photo(DIGEST) == opened(filled).get_photo(DIGEST, "medium")


def test_python_knows_the_sizes(filled: Storage) -> None:
    assert opened(filled).sizes == ("tiny", "small", "medium", "full")


def test_an_unknown_original_is_a_file_not_found(filled: Storage) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        opened(filled).get_photo("0" * 64)

    assert isinstance(caught.value, UnknownOriginal)


def test_python_hears_that_the_nas_is_away(filled: Storage) -> None:
    take_the_nas_away(filled)

    with pytest.raises(ArchiveUnavailable):
        opened(filled).get_photo(DIGEST, size="full")


def test_python_hears_of_changed_bytes(filled: Storage) -> None:
    flip_a_byte(filled.originals()[0])

    with pytest.raises(IntegrityError):
        opened(filled).get_photo(DIGEST, size="full")


def test_python_hears_of_a_size_that_does_not_exist(filled: Storage) -> None:
    with pytest.raises(UsageError):
        opened(filled).get_photo(DIGEST, size="huge")


def test_python_hears_of_a_thumbnail_that_is_not_there(filled: Storage) -> None:
    for thumb in (filled.home / "thumbs").rglob("*.jpg"):
        thumb.unlink()

    with pytest.raises(PipelineError, match="generate-thumbs"):
        opened(filled).get_photo(DIGEST)
