"""TIFF and its RAW kin: directories, strips, tiles and previews inside the file."""

import struct

import pytest

from picture_pipeline.metadata.completeness import find_missing
from picture_pipeline.metadata.formats import RAW_BY_EXTENSION, TIFF
from picture_pipeline.workflows.contents import in_memory

STRIPS, COUNTS, SUBS, JPEG_AT, JPEG_LENGTH, RW2_AT = 0x111, 0x117, 0x14A, 0x201, 0x202, 0x118


def directory(at: int, *tags: tuple[int, int], following: int = 0, magic: bytes = b"*\0") -> bytes:
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    head = b"II" + magic + struct.pack("<I", at)
    body = struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return head.ljust(at, b"\1") + body


def missing(data: bytes, extension: str = "nef") -> str | None:
    return find_missing(in_memory(data), RAW_BY_EXTENSION[extension])


def test_strips_inside_the_file_are_whole() -> None:
    assert find_missing(in_memory(directory(108, (STRIPS, 8), (COUNTS, 100))), TIFF) is None


@pytest.mark.parametrize("tags", [(STRIPS, COUNTS), (JPEG_AT, JPEG_LENGTH), (0x144, 0x145)])
def test_data_beyond_the_end_is_missed(tags: tuple[int, int]) -> None:
    data = directory(8, (tags[0], 50), (tags[1], 100)).ljust(140, b"\1")
    assert missing(data) == "at least 10 bytes are missing at the end"


def test_a_directory_that_is_gone_is_missed() -> None:
    whole = directory(108, (STRIPS, 8), (COUNTS, 100))
    assert missing(whole[:108]) == "a directory of pictures is missing"
    assert missing(whole[:-6]) == "a directory of pictures is missing"
    assert missing(whole[:108] + bytes(40)) == "a directory of pictures is missing"


def test_the_pixels_of_a_sub_directory_count() -> None:
    first = directory(8, (SUBS, 60)).ljust(60, b"\1")
    sub = directory(60, (STRIPS, 100), (COUNTS, 500))[60:]
    assert missing((first + sub).ljust(599, b"\1")) == "at least 1 bytes are missing at the end"


def test_the_next_directory_counts() -> None:
    first = directory(8, (STRIPS, 8), (COUNTS, 4), following=60).ljust(60, b"\1")
    second = directory(60, (JPEG_AT, 100), (JPEG_LENGTH, 60))[60:]
    assert missing((first + second).ljust(150, b"\1")) == "at least 10 bytes are missing at the end"


def test_a_directory_that_names_itself_ends() -> None:
    assert missing(directory(8, (SUBS, 8), following=8)) is None


def test_panasonics_pixels_are_sought_where_they_are() -> None:
    tags = ((STRIPS, 0xFFFFFFFF), (COUNTS, 100), (RW2_AT, 200))
    whole = directory(8, *tags, magic=b"U\0").ljust(300, b"\1")
    assert missing(whole, "rw2") is None
    assert missing(whole[:200], "rw2") == "at least 1 bytes are missing at the end"
