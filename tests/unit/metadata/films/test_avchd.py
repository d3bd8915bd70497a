"""What camcorders hide in the pictures of an AVCHD film."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.films.avchd import open_transport_stream
from picture_pipeline.workflows.contents import in_memory

MARK = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"
DATED = {0x18: bytes.fromhex("02200812"), 0x19: bytes.fromhex("31231624")}


def message(tags: dict[int, bytes]) -> bytes:
    pairs = b"".join(bytes((tag,)) + value for tag, value in tags.items())
    return (MARK + bytes((len(tags),)) + pairs).replace(b"\0\0", b"\0\0\3")


def packets(stream: bytes, lead: int = 4, pid: int = 0x1011) -> bytes:
    """Cut a stream into packets of another stream's among them."""
    raw = b""
    for at in range(0, len(stream), 100):
        piece = stream[at : at + 100]
        filler = 184 - len(piece)
        adaptation = bytes((filler - 1,)) + bytes(filler - 1)
        raw += bytes(lead) + struct.pack(">BHB", 0x47, pid, 0x30) + adaptation + piece
        raw += bytes(lead) + struct.pack(">BHB", 0x47, 0x1100, 0x10) + b"\xaa" * 184
    return raw


def evidence(raw: bytes) -> dict[str, tuple[str, ...]]:
    return dict(open_transport_stream(in_memory(raw)).evidence)


@pytest.mark.parametrize("lead", [0, 4])
def test_the_date_is_found_across_packets_of_both_lengths(lead: int) -> None:
    stream = bytes(90) + message(DATED)
    assert evidence(packets(stream, lead)) == {
        "H264.DateTimeOriginal": ("2008-12-31T23:16:24+01:00",)
    }


@pytest.mark.parametrize(("zone", "offset"), [("2a", "-05:00"), ("0b", "+05:30"), ("00", "+00:00")])
def test_the_offset_may_be_west_or_half(zone: str, offset: str) -> None:
    tags = DATED | {0x18: bytes.fromhex(f"{zone}200812")}
    (found,) = evidence(packets(message(tags))).values()
    assert found == (f"2008-12-31T23:16:24{offset}",)


def test_the_position_is_read_as_fractions() -> None:
    def degrees(first: int, numbers: tuple[int, ...]) -> dict[int, bytes]:
        return {first + i: struct.pack(">HH", n, 1) for i, n in enumerate(numbers)}

    tags = {0xB1: b"N\0\0\0", **degrees(0xB2, (48, 11, 56)), 0xB5: b"E\0\0\0"}
    tags |= {**degrees(0xB6, (16, 22, 17)), 0xB9: bytes(4), 0xBA: struct.pack(">HH", 1717, 10)}
    tags |= {0xE0: bytes.fromhex("01080000")}
    assert evidence(packets(message(tags))) == {
        "H264.GPSLatitude": ("48/1 11/1 56/1",),
        "H264.GPSLatitudeRef": ("N",),
        "H264.GPSLongitude": ("16/1 22/1 17/1",),
        "H264.GPSLongitudeRef": ("E",),
        "H264.GPSAltitude": ("1717/10",),
        "H264.GPSAltitudeRef": ("0",),
        "H264.Make": ("Sony",),
    }


def test_a_film_without_the_message_says_nothing() -> None:
    assert evidence(packets(bytes(500))) == {}


@given(st.binary(max_size=400))
def test_hostile_bytes_give_less_but_no_exception(raw: bytes) -> None:
    assert isinstance(open_transport_stream(in_memory(raw)), Contents)
    assert isinstance(open_transport_stream(in_memory(packets(MARK + raw))), Contents)
