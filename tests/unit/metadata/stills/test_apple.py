"""Apple's MakerNote, whole and hostile."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.stills.apple import BURST_UUID, CONTENT_IDENTIFIER, read_apple_note

HEADER = b"Apple iOS\0\0\1MM"
IDENTIFIER = "37B577FC-D6EB-42C9-90BA-A88A7D29C075"


def note(*entries: tuple[int, int, bytes]) -> bytes:
    """Build a MakerNote of (tag, type, value) entries as iOS lays it out."""
    start = len(HEADER) + 2 + 12 * len(entries) + 4
    directory, values = b"", b""
    for tag, kind, value in entries:
        directory += struct.pack(">HHII", tag, kind, len(value), start + len(values))
        values += value
    return HEADER + struct.pack(">H", len(entries)) + directory + bytes(4) + values


def test_content_identifier_and_burst_are_read() -> None:
    text = IDENTIFIER.encode() + b"\0"
    found = read_apple_note(note((0x0011, 2, text), (0x000B, 2, text[::-1][1:] + b"\0")))
    assert found == {CONTENT_IDENTIFIER: IDENTIFIER, BURST_UUID: IDENTIFIER[::-1]}


def test_other_makers_notes_say_nothing() -> None:
    assert read_apple_note(b"Nikon\0" + note((0x0011, 2, b"abc\0"))) == {}


def test_an_identifier_that_is_no_text_is_left_out() -> None:
    assert read_apple_note(note((0x0011, 7, b"abc\0"))) == {}
    assert read_apple_note(note((0x0011, 2, b"\xff\xfe\x01\0"))) == {}
    assert read_apple_note(note((0x0011, 2, b"x" * 4000))) == {}


def test_an_offset_beyond_the_note_is_left_out() -> None:
    broken = HEADER + struct.pack(">HHHII", 1, 0x0011, 2, 37, 0xFFFF_FFF0)
    assert read_apple_note(broken) == {}


def test_a_huge_count_reads_no_further_than_the_note() -> None:
    broken = HEADER + struct.pack(">HHHII", 1, 0x0011, 2, 0xFFFF_FFFF, 14)
    assert read_apple_note(broken) == {}


@given(st.binary(max_size=400))
def test_no_note_breaks_the_reader(body: bytes) -> None:
    found = read_apple_note(HEADER + body)
    assert all(text.isprintable() for text in found.values())


@given(st.integers(0, 200))
def test_a_note_cut_anywhere_gives_the_identifier_or_nothing(length: int) -> None:
    whole = note((0x0011, 2, IDENTIFIER.encode() + b"\0"))
    found = read_apple_note(whole[:length])
    assert found.get(CONTENT_IDENTIFIER, IDENTIFIER).startswith(IDENTIFIER[:1])
    assert set(found) <= {CONTENT_IDENTIFIER}
