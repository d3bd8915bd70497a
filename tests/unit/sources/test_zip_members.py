"""A member's bytes are what the directory says, no more and no others."""

import os
import zlib

import pytest

from picture_pipeline.sources.zip_directory import read_directory
from picture_pipeline.sources.zip_faults import ZipFault
from picture_pipeline.sources.zip_members import Packed, chunks_of, fault_of, read_small
from zips import DEFLATED, deflated, zip_of

TEXT = b"picture " * 1000


def read(data: bytes) -> bytes:
    fd = os.memfd_create("zip")
    try:
        os.write(fd, data)
        (member,) = read_directory(fd)
        key = Packed.of(member).encoded()
        return b"".join(chunks_of(fd, Packed.decoded(key)))
    finally:
        os.close(fd)


def fault(data: bytes) -> ZipFault:
    with pytest.raises(ZipFault) as caught:
        read(data)
    return caught.value


def test_a_stored_member_is_read() -> None:
    assert read(zip_of(b"x.jpg", TEXT)) == TEXT


def test_a_deflated_member_is_read() -> None:
    assert read(zip_of(b"x.jpg", TEXT, packed=deflated(TEXT), method=DEFLATED)) == TEXT


def test_an_empty_member_is_read() -> None:
    assert read(zip_of(b"x.jpg", b"")) == b""


@pytest.mark.parametrize("size", [len(TEXT) - 1, len(TEXT) + 1])
def test_a_member_of_another_length_than_was_said_is_damage(size: int) -> None:
    packed = zip_of(b"x.jpg", TEXT, packed=deflated(TEXT), method=DEFLATED, size=size)

    assert fault(packed).reason == "unreadable"


def test_a_member_with_another_checksum_is_damage() -> None:
    assert fault(zip_of(b"x.jpg", TEXT, crc=zlib.crc32(b"other"))).reason == "unreadable"


def test_bytes_that_cannot_be_unpacked_are_damage() -> None:
    noise = zip_of(b"x.jpg", TEXT, packed=b"\xff" * 50, method=DEFLATED)

    assert fault(noise).reason == "unreadable"


@pytest.mark.parametrize("method", [9, 12, 14, 93, 95, 77])
def test_a_rare_compression_is_named(method: int) -> None:
    assert fault(zip_of(b"x.jpg", method=method)).reason == "unsupported_compression"


def test_a_member_with_a_password_is_named() -> None:
    assert fault(zip_of(b"x.jpg", flags=1)).reason == "encrypted"


def test_a_member_that_swells_beyond_measure_is_a_bomb() -> None:
    packed = deflated(bytes(200 << 20))
    bomb = zip_of(b"x.jpg", packed=packed, method=DEFLATED, size=200 << 20)

    assert fault(bomb).reason == "zip_bomb"


def test_one_colour_may_compress_a_thousandfold() -> None:
    plain = bytes(2 << 20)

    assert read(zip_of(b"x.bmp", plain, packed=deflated(plain), method=DEFLATED)) == plain


def test_a_member_is_never_unpacked_beyond_what_was_said() -> None:
    swelling = zip_of(b"x.jpg", bytes(8 << 20), packed=deflated(bytes(8 << 20)), method=DEFLATED,
                      size=10)  # fmt: skip
    assert given_before_the_fault(swelling) == 0


def given_before_the_fault(data: bytes) -> int:
    """Count the bytes that come before a member is found to be damaged."""
    fd = os.memfd_create("zip")
    os.write(fd, data)
    (member,) = read_directory(fd)
    given = 0
    try:
        for chunk in chunks_of(fd, Packed.of(member)):
            given += len(chunk)
    except ZipFault:
        return given
    finally:
        os.close(fd)
    pytest.fail("it was read to its end")


def test_a_symlink_is_never_followed() -> None:
    fd = os.memfd_create("zip")
    os.write(fd, zip_of(b"x.jpg", b"/etc/passwd", made_by=3, attributes=0o120777 << 16))
    (member,) = read_directory(fd)
    os.close(fd)

    found = fault_of(member)
    assert found is not None
    assert found.reason == "link_in_archive"


def test_a_note_that_is_larger_than_wanted_is_not_read() -> None:
    fd = os.memfd_create("zip")
    os.write(fd, zip_of(b"x.json", TEXT))
    (member,) = read_directory(fd)

    assert read_small(fd, Packed.of(member), len(TEXT)) == TEXT
    assert read_small(fd, Packed.of(member), len(TEXT) - 1) is None
    os.close(fd)
