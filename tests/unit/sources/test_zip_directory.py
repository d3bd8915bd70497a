"""A zip's directory is believed only as far as its bytes bear it out."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.sources.zip_directory import ZipMember, read_directory
from picture_pipeline.sources.zip_faults import ZipFault
from zips import in_memory, zip_of

MEMBERS = {"Photos/x.jpg": b"one", "Photos/empty/": b"", "y.jpg": b"two"}


def opened(data: bytes) -> int:
    fd = os.memfd_create("zip")
    os.write(fd, data)
    return fd


def members(data: bytes) -> tuple[ZipMember, ...]:
    fd = opened(data)
    try:
        return read_directory(fd)
    finally:
        os.close(fd)


def fault(data: bytes) -> ZipFault:
    with pytest.raises(ZipFault) as caught:
        members(data)
    return caught.value


def test_the_members_of_a_zip_are_read_without_its_folders() -> None:
    assert [m.name for m in members(in_memory(MEMBERS))] == [b"Photos/x.jpg", b"y.jpg"]


def test_a_zip_behind_a_program_is_read() -> None:
    assert [m.name for m in members(b"#!/bin/sh\n" + in_memory(MEMBERS))] == [
        b"Photos/x.jpg",
        b"y.jpg",
    ]


def test_an_empty_zip_holds_nothing() -> None:
    assert members(in_memory({})) == ()


@pytest.mark.parametrize("cut", [1, 22, 60, 100])
def test_a_zip_that_is_cut_short_is_named_unreadable(cut: int) -> None:
    assert fault(in_memory(MEMBERS)[:-cut]).reason == "unreadable"


def test_a_zip_that_lacks_its_beginning_is_named_unreadable() -> None:
    assert "beginning" in fault(in_memory(MEMBERS)[20:]).detail


def test_members_that_share_bytes_are_a_bomb() -> None:
    assert fault(zip_of(b"x.jpg", copies=3)).reason == "zip_bomb"


def test_a_zip_that_claims_to_hold_far_more_than_its_bytes_is_a_bomb() -> None:
    assert fault(zip_of(b"x.jpg", size=0xF000_0000)).reason == "zip_bomb"


def test_a_member_beyond_the_end_is_damage() -> None:
    data = bytearray(in_memory({"x.jpg": b"one"}))
    at = data.rfind(b"PK\1\2") + 42
    data[at : at + 4] = struct.pack("<L", 10_000)

    assert fault(bytes(data)).reason == "unreadable"


def test_large_numbers_are_read_from_their_own_field() -> None:
    large = struct.pack("<2HQ", 1, 8, 5)

    member = members(zip_of(b"x.jpg", size=0xFFFF_FFFF, extra=large))[0]

    assert (member.size, member.packed) == (5, 5)


def test_a_time_in_utc_is_preferred_to_that_of_dos() -> None:
    times = struct.pack("<2HBl", 0x5455, 5, 1, -86_400)

    assert members(zip_of(b"x.jpg", extra=times))[0].mtime_ns == -86_400 * 10**9


def test_a_dos_time_is_taken_as_utc() -> None:
    assert members(zip_of(b"x.jpg"))[0].mtime_ns == 315_532_800 * 10**9


@pytest.mark.parametrize(
    ("name", "flags", "read"),
    [
        (b"M\x81nchen.jpg", 0, "München.jpg".encode()),
        ("München.jpg".encode(), 0, "München.jpg".encode()),
        ("München.jpg".encode(), 1 << 11, "München.jpg".encode()),
        (b"\xff.jpg", 1 << 11, b"\xff.jpg"),
    ],
)
def test_names_are_utf8_or_those_of_dos(name: bytes, flags: int, read: bytes) -> None:
    assert members(zip_of(name, flags=flags))[0].name == read


def test_symlinks_are_told_apart() -> None:
    link = zip_of(b"x.jpg", b"/etc/passwd", made_by=3, attributes=0o120777 << 16)

    assert members(link)[0].is_link


def flipped(noise: bytes, at: int) -> bytes:
    data = bytearray(in_memory(MEMBERS))
    for number, byte in enumerate(noise):
        data[(at + 7 * number) % len(data)] ^= byte
    return bytes(data)


def outcome(data: bytes) -> tuple[ZipMember, ...] | ZipFault:
    try:
        return members(data)
    except ZipFault as error:
        return error


@given(st.binary(max_size=64), st.integers(0, 500))
def test_damage_anywhere_gives_members_or_a_fault(noise: bytes, at: int) -> None:
    assert isinstance(outcome(flipped(noise, at)), tuple | ZipFault)


@given(st.binary(max_size=300))
def test_noise_before_an_end_gives_members_or_a_fault(noise: bytes) -> None:
    assert isinstance(outcome(noise + in_memory({})), tuple | ZipFault)
