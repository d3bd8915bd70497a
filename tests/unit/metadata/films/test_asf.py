"""Windows Media headers."""

import struct
import uuid

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.films.asf import open_asf
from picture_pipeline.model.metadata import Recording
from picture_pipeline.workflows.contents import in_memory

HEADER = uuid.UUID("75b22630-668e-11cf-a6d9-00aa0062ce6c").bytes_le
FILE = uuid.UUID("8cabdca1-a947-11cf-8ee4-00c00c205365").bytes_le
STREAM = uuid.UUID("b7dc0791-a9b7-11cf-8ee6-00c00c205365").bytes_le
WORDS = uuid.UUID("75b22633-668e-11cf-a6d9-00aa0062ce6c").bytes_le
PICTURE = uuid.UUID("bc19efc0-5b4d-11cf-a8fd-00805f5c442b").bytes_le
SOUND = uuid.UUID("f8699e40-5b4d-11cf-a8fd-00805f5c442b").bytes_le
IN_2001 = 126_227_808_000_000_000
"""100 nanoseconds from 1601 to 2001."""


def part(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<Q", 24 + len(data)) + data


def stream(kind: bytes, data: bytes) -> bytes:
    return part(STREAM, kind + bytes(38) + data)


def opened(*parts: bytes) -> Contents:
    body = b"".join(parts)
    return open_asf(in_memory(HEADER + struct.pack("<QIxx", 30 + len(body), len(parts)) + body))


def test_streams_tell_size_and_codecs() -> None:
    picture = struct.pack("<iiBHIiiHH4s", 640, 480, 2, 40, 40, 640, 480, 1, 24, b"WMV3")
    sound = struct.pack("<HHIIHH", 0x161, 2, 44100, 8000, 1, 16)
    found = opened(stream(SOUND, sound), stream(PICTURE, picture))
    assert found.size == (640, 480)
    assert found.recording == Recording("wmv3", None, "wmav2")


def test_time_and_duration_count_ticks() -> None:
    numbers = struct.pack("<6Q", 0, IN_2001, 0, 55_000_000, 0, 3000)
    found = opened(part(FILE, bytes(16) + numbers))
    assert found.duration == 2.5
    assert found.evidence == {"ASF.CreationDate": ("2001-01-01T00:00:00+00:00",)}


def test_title_and_description_are_read() -> None:
    texts = ["Holiday\0".encode("utf-16-le"), b"", b"", "At sea\0".encode("utf-16-le"), b""]
    lengths = struct.pack("<5H", *map(len, texts))
    found = opened(part(WORDS, lengths + b"".join(texts)))
    assert found.evidence == {"ASF.Title": ("Holiday\0",), "ASF.Description": ("At sea\0",)}


@given(st.binary(max_size=200))
def test_hostile_bytes_give_less_but_no_exception(raw: bytes) -> None:
    assert isinstance(opened(raw), Contents)
    assert isinstance(opened(part(FILE, raw), part(WORDS, raw), part(STREAM, raw)), Contents)
