"""Sigma's X3F."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.stills.x3f import open_x3f
from picture_pipeline.workflows.contents import in_memory

HEADER = b"FOVb" + bytes(24) + struct.pack("<II", 2268, 1512) + bytes(4)
JPEG = b"\xff\xd8\xff\xe1"


def properties(said: dict[str, str]) -> bytes:
    letters, places = "", b""
    for pair in said.items():
        for word in pair:
            places += struct.pack("<I", len(letters))
            letters += word + "\0"
    head = b"SECp" + struct.pack("<IIIII", 0x20000, len(said), 0, 0, len(letters))
    return head + places + letters.encode("utf-16-le")


def x3f(**sections: bytes) -> bytes:
    raw, rows = HEADER, b""
    for name, data in sections.items():
        rows += struct.pack("<II4s", len(raw), len(data), name.encode())
        raw += data
    directory = b"SECd" + struct.pack("<II", 0x20000, len(sections)) + rows
    return raw + directory + struct.pack("<I", len(raw))


def opened(raw: bytes) -> Contents:
    return open_x3f(in_memory(raw))


def test_the_size_stands_in_the_header() -> None:
    assert opened(x3f()).size == (2268, 1512)


def test_properties_are_pairs_of_words() -> None:
    found = opened(x3f(PROP=properties({"CAMMODEL": "SIGMA SD10", "TIME": "978309395"})))
    assert found.evidence == {"X3F.CAMMODEL": ("SIGMA SD10",), "X3F.TIME": ("978309395",)}


def test_the_preview_is_read_for_its_exif() -> None:
    assert opened(x3f(IMA2=bytes(28) + JPEG)).blocks == (JPEG,)


def test_a_preview_that_is_no_jpeg_is_left() -> None:
    assert opened(x3f(IMA2=bytes(40))).blocks == ()


@given(st.binary(max_size=200))
def test_hostile_bytes_give_less_but_no_exception(raw: bytes) -> None:
    assert isinstance(opened(raw), Contents)
    assert isinstance(opened(x3f(PROP=raw, IMA2=raw)), Contents)
    assert isinstance(opened(HEADER + raw), Contents)
