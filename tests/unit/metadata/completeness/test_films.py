"""Films made of boxes: lengths, index, content, and each track's last chunk."""

import struct

import pytest

from picture_pipeline.metadata.completeness import find_missing
from picture_pipeline.metadata.formats import CR3, MOV, MP4
from picture_pipeline.workflows.contents import in_memory

FTYP = struct.pack(">I", 16) + b"ftypqt  \0\0\0\0"
PIXELS = b"\1" * 300


def box(kind: bytes, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return struct.pack(">I", len(payload) + 8) + kind + payload


def full(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers) + 1}I", 0, *numbers)


def track(offset: int, kind: bytes = b"vide", *, wide: bool = False) -> bytes:
    """Two chunks of two samples of 50 bytes; the last one stands at ``offset``."""
    chunks = box(b"co64", full(2), struct.pack(">QQ", 24, offset))
    if not wide:
        chunks = box(b"stco", full(2, 24, offset))
    sizes = box(b"stsz", full(0, 4, 50, 50, 50, 50))
    tables = box(b"stbl", box(b"stsc", full(1, 1, 2, 1)), sizes, chunks)
    handler = box(b"hdlr", bytes(8), kind, bytes(12))
    return box(b"trak", box(b"mdia", handler, box(b"minf", tables)))


def film(offset: int = 124, pixels: bytes = PIXELS, kind: bytes = b"vide", **how: bool) -> bytes:
    return FTYP + box(b"mdat", pixels) + box(b"moov", track(offset, kind, **how))


def missing(data: bytes) -> str | None:
    return find_missing(in_memory(data), MOV)


@pytest.mark.parametrize("wide", [False, True])
def test_a_whole_film_misses_nothing(wide: bool) -> None:  # noqa: FBT001 - a parameter
    assert missing(film(wide=wide)) is None


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_film_that_ends_early_is_noticed(kept: float) -> None:
    data = film()
    assert missing(data[: int(len(data) * kept)])


def test_one_missing_byte_is_noticed() -> None:
    assert missing(film()[:-1]) == "at least 1 bytes are missing at the end"


@pytest.mark.parametrize("kind", [MOV, MP4, CR3])
def test_an_index_before_the_content_does_not_hide_a_cut(kind: object) -> None:
    head = FTYP + box(b"moov", track(300))
    cut = head + struct.pack(">I", 0) + b"mdat" + b"\1" * (390 - len(head) - 8)
    assert len(cut) == 390
    assert find_missing(in_memory(cut), kind) == "at least 10 bytes are missing at the end"  # type: ignore[arg-type]  # parametrize loses the type


def test_content_without_an_index_is_noticed() -> None:
    assert missing(FTYP + box(b"mdat", PIXELS)) == "the index (moov) is missing"


def test_an_index_without_content_is_noticed() -> None:
    assert missing(FTYP + box(b"moov", track(10))) == "the content (mdat) is missing"


def test_a_last_chunk_of_zeros_is_noticed() -> None:
    assert (
        missing(film(pixels=PIXELS[:80] + bytes(220))) == "zeros stand where picture data should be"
    )


def test_silence_at_the_end_is_no_fault() -> None:
    assert missing(film(pixels=PIXELS[:80] + bytes(220), kind=b"soun")) is None


def test_an_index_of_zeros_is_noticed() -> None:
    whole = film()
    kept = whole.index(b"trak") - 4
    assert missing(whole[:kept] + bytes(len(whole) - kept))


def test_a_header_cut_in_two_is_noticed() -> None:
    assert missing(film() + b"\0\0\1") == "the file ends inside the header of a box"


def test_a_few_zeros_at_the_end_are_no_fault() -> None:
    assert missing(film() + bytes(4)) is None


def test_a_film_without_ftyp_is_checked_like_any_other() -> None:
    bare = box(b"wide") + film()[len(FTYP) :]
    assert missing(bare) is None
    assert missing(bare[:-9])


def test_a_table_that_lies_about_its_length_is_left_alone() -> None:
    data = film().replace(full(2, 24, 124), full(0xFFFFFFFF, 24, 124))
    assert missing(data) is None


def test_content_up_to_the_end_of_the_file_is_whole() -> None:
    index = FTYP + box(b"moov", track(300))
    whole = index + struct.pack(">I", 0) + b"mdat" + b"\1" * (400 - len(index) - 8)
    assert missing(whole) is None


def test_a_content_of_more_than_four_gigabytes_is_measured() -> None:
    large = FTYP + box(b"moov") + struct.pack(">I4sQ", 1, b"mdat", 1 << 33) + bytes(100)
    assert missing(large) == f"at least {(1 << 33) - 116} bytes are missing at the end"
