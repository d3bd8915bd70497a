"""Width and height of RAWs: those of the developed picture."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies import box
from picture_pipeline.metadata.formats import RAW_BY_EXTENSION
from picture_pipeline.metadata.stills.raw_size import raw_size
from picture_pipeline.workflows.contents import in_memory

Tags = dict[int, tuple[int, int]]
"""Tag -> field type and value."""
_AT = {3: "<H2x", 4: "<I"}


def directory(tags: Tags) -> bytes:
    rows = (
        struct.pack("<HHI", tag, kind, 1) + struct.pack(_AT[kind], value)
        for tag, (kind, value) in tags.items()
    )
    return struct.pack("<H", len(tags)) + b"".join(rows) + bytes(4)


def tiff(ifd0: Tags, *below: tuple[int, Tags], magic: int = 42) -> bytes:
    """Make a TIFF; each further directory hangs at a tag of the first."""
    start = 16
    at = start + 2 + 12 * (len(ifd0) + len(below)) + 4
    tags, rest = dict(ifd0), b""
    for tag, each in below:
        tags[tag] = (4, at + len(rest))
        rest += directory(each)
    head = b"II" + struct.pack("<HI", magic, start) + bytes(8)
    return head + directory(dict(sorted(tags.items()))) + rest


def size(extension: str, raw: bytes) -> tuple[int, int] | None:
    return raw_size(in_memory(raw), RAW_BY_EXTENSION[extension].name)


SENSOR: Tags = {0x100: (3, 3516), 0x101: (3, 2328)}
THUMB: Tags = {0x100: (3, 160), 0x101: (3, 106)}
SUB_IFD, EXIF = 0x14A, 0x8769


def claiming(width: int, height: int) -> tuple[int, Tags]:
    return EXIF, {0xA002: (3, width), 0xA003: (3, height)}


def test_a_raw_in_a_tiff_has_the_size_that_exif_says() -> None:
    raw = tiff(THUMB, (SUB_IFD, SENSOR), claiming(3456, 2304))
    assert size("cr2", raw) == (3456, 2304)


def test_a_claim_of_a_previews_size_is_not_believed() -> None:
    raw = tiff(THUMB, (SUB_IFD, SENSOR), claiming(1600, 1064))
    assert size("nef", raw) == (3516, 2328)


def test_without_a_claim_the_largest_picture_counts() -> None:
    assert size("nef", tiff(THUMB, (SUB_IFD, SENSOR))) == (3516, 2328)


def test_a_dng_is_cropped_as_it_says() -> None:
    fractions = struct.pack("<4I", 3456, 1, 2304, 1)
    raw = tiff(THUMB, (SUB_IFD, SENSOR | {0xC620: (4, 0)}))
    row = struct.pack("<HHI", 0xC620, 4, 1)
    put = raw.replace(row, struct.pack("<HHI", 0xC620, 5, 2))
    at = put.index(struct.pack("<HHI", 0xC620, 5, 2)) + 8
    cropped = put[:at] + struct.pack("<I", len(put)) + put[at + 4 :] + fractions
    assert size("dng", cropped) == (3456, 2304)


def test_a_dng_without_a_crop_has_the_largest_pictures_size() -> None:
    assert size("dng", tiff(THUMB, (SUB_IFD, SENSOR))) == (3516, 2328)


def test_panasonics_borders_frame_the_picture() -> None:
    borders: Tags = {4: (3, 6), 5: (3, 8), 6: (3, 2742), 7: (3, 3656)}
    assert size("rw2", tiff(borders, magic=0x55)) == (3648, 2736)


def test_olympus_writes_another_number_than_tiffs() -> None:
    assert size("orf", tiff(SENSOR, magic=0x4F52)) == (3516, 2328)


def test_a_cr3_keeps_its_first_directory_in_a_box() -> None:
    moov = box(b"moov", box(b"uuid", bytes(16), box(b"CMT1", tiff(SENSOR))))
    assert size("cr3", box(b"ftyp", b"crx ") + moov) == (3516, 2328)


def test_a_crw_is_a_heap_in_a_heap() -> None:
    info = struct.pack("<II", 3072, 2048)
    inner = info + struct.pack("<HHII", 1, 0x1810, 8, 0) + struct.pack("<I", 8)
    outer = inner + struct.pack("<HHII", 1, 0x300A, len(inner), 0) + struct.pack("<I", len(inner))
    assert size("crw", b"II" + struct.pack("<I", 6) + outer) == (3072, 2048)


def test_a_heap_that_lists_itself_ends() -> None:
    table = struct.pack("<H", 3) + struct.pack("<HII", 0x300A, 36, 0) * 3 + struct.pack("<I", 0)
    assert size("crw", b"II" + struct.pack("<I", 6) + table) is None


def test_an_mrw_tells_in_its_block_prd() -> None:
    block = b"\0PRD" + struct.pack(">I", 24) + bytes(8) + struct.pack(">HHHH", 1, 1, 2448, 3264)
    raw = b"\0MRM" + bytes(4) + b"\0TTW" + struct.pack(">I", 3) + b"abc" + block + bytes(8)
    assert size("mrw", raw) == (3264, 2448)


def test_a_raf_tells_in_the_directory_that_its_header_points_at() -> None:
    rows = struct.pack(">HHHH", 0x100, 4, 1444, 4352) + struct.pack(">HHHH", 0x111, 4, 1424, 4256)
    raw = b"FUJIFILMCCD-RAW ".ljust(92, b"\0") + struct.pack(">I", 96) + struct.pack(">I", 2) + rows
    assert size("raf", raw) == (4256, 1424)


@pytest.mark.parametrize("extension", RAW_BY_EXTENSION)
@given(raw=st.binary(max_size=120))
def test_hostile_bytes_have_no_size_or_one_above_zero(extension: str, raw: bytes) -> None:
    for head in (b"", b"II*\0\x10\0\0\0", b"IIU\0\x10\0\0\0"):
        found = size(extension, head + raw)
        assert found is None or min(found) > 0
