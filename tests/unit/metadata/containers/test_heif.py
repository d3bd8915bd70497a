"""Items and properties of HEIF files."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.containers.heif import HeifItems, read_heif
from picture_pipeline.metadata.containers.ifd import reader_of

TIFF = b"MM\0*\0\0\0\x08\0\0"
EXIF_BLOCK = struct.pack(">I", 6) + b"Exif\0\0" + TIFF


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, version: int, *parts: bytes) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]), *parts)


def infe(item: int, kind: bytes, rest: bytes = b"\0") -> bytes:
    return full(b"infe", 2, struct.pack(">HH", item, 0), kind, rest)


def heif(primary: int = 1, described: int = 1) -> bytes:
    """A file with two pictures (100x50 and 640x480), two EXIF items and one of XMP."""
    kinds = [
        infe(1, b"hvc1"),
        infe(2, b"hvc1"),
        infe(3, b"Exif"),
        infe(4, b"Exif"),
        infe(5, b"mime", b"\0application/rdf+xml\0"),
    ]
    other = b"\0\0\0\6Exif\0\0II*\0other"
    blocks = {3: other, 4: EXIF_BLOCK, 5: b"<x:xmpmeta/>"}
    sizes = [full(b"ispe", 0, struct.pack(">II", *size)) for size in ((100, 50), (640, 480))]
    owners = struct.pack(">IHBBHBB", 2, 1, 1, 0x81, 2, 1, 0x82)

    def with_base(base: int) -> bytes:
        places, at = b"", base
        for item, block in blocks.items():
            places += struct.pack(">HHHII", item, 0, 1, at, len(block))
            at += len(block)
        meta = full(
            b"meta",
            0,
            full(b"hdlr", 0, bytes(20)),
            full(b"pitm", 0, struct.pack(">H", primary)),
            full(b"iinf", 0, struct.pack(">H", len(kinds)), *kinds),
            full(b"iref", 0, box(b"cdsc", struct.pack(">HHH", 4, 1, described))),
            box(b"iprp", box(b"ipco", *sizes), full(b"ipma", 0, owners)),
            full(b"iloc", 0, b"\x44\0", struct.pack(">H", len(blocks)), places),
        )
        return box(b"ftyp", b"heic", bytes(4), b"mif1") + meta

    return with_base(len(with_base(0)) + 8) + box(b"mdat", *blocks.values())


def read(data: bytes) -> HeifItems:
    return read_heif(reader_of(data), len(data))


def test_size_exif_and_xmp_are_the_primarys() -> None:
    assert read(heif()) == HeifItems((100, 50), TIFF, b"<x:xmpmeta/>")


def test_the_size_follows_the_primary() -> None:
    assert read(heif(primary=2)).size == (640, 480)


def test_without_a_reference_the_first_exif_item_counts() -> None:
    assert read(heif(described=2)).exif == b"II*\0other"


def test_a_file_without_meta_box_says_nothing() -> None:
    assert read(box(b"ftyp", b"heic")) == HeifItems()


@given(st.integers(0, 700))
def test_a_file_cut_anywhere_does_not_break_the_reader(length: int) -> None:
    assert isinstance(read(heif()[:length]), HeifItems)


@given(st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_do_not_break_the_reader(at: int, damage: bytes) -> None:
    whole = bytearray(heif())
    whole[at : at + len(damage)] = damage
    assert isinstance(read(bytes(whole)), HeifItems)
