"""Recognition by content, extension as a veto only."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata import formats
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.model.media import MediaType, Unsupported

LONG = 4
MAKE_NIKON = (0x010F, 2, 5, b"NIKON")


def what(head: bytes, name: str = "x") -> str | None:
    found = recognise(head, name.encode(), len(head))
    return found.name if found else None


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = major + bytes(4) + b"".join(compatible)
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body + bytes(32)


def ifd(*entries: tuple[int, int, int, bytes | int], start: int = 8) -> bytes:
    """Lay out one little-endian IFD; values of more than 4 bytes go behind it."""
    behind = start + 2 + 12 * len(entries) + 4
    directory, values = b"", b""
    for tag, kind, count, value in entries:
        raw = struct.pack("<I", value) if isinstance(value, int) else value
        if len(raw) > 4:
            raw, values = struct.pack("<I", behind + len(values)), values + raw
        directory += struct.pack("<HHI", tag, kind, count) + raw.ljust(4, b"\0")
    return struct.pack("<H", len(entries)) + directory + bytes(4) + values


def tiff(*entries: tuple[int, int, int, bytes | int]) -> bytes:
    return b"II*\0" + struct.pack("<I", 8) + ifd(*entries) + bytes(16)


PLAIN = tiff((0x100, LONG, 1, 640), (0x101, LONG, 1, 480), (0x103, LONG, 1, 1), (0x106, LONG, 1, 2))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xff\xd8\xff\xe1", formats.JPEG),
        (b"\x89PNG\r\n\x1a\n", formats.PNG),
        (b"GIF89a", formats.GIF),
        (b"RIFF\0\0\0\0WEBPVP8X", formats.WEBP),
        (b"BM" + bytes(12) + struct.pack("<I", 40), formats.BMP),
        (PLAIN, formats.TIFF),
        (ftyp(b"heic", b"mif1", b"heic"), formats.HEIC),
        (ftyp(b"heix", b"mif1"), formats.HEIC),
        (ftyp(b"mif1", b"heic"), formats.HEIC),
        (ftyp(b"mif1", b"miaf"), formats.HEIF),
        (ftyp(b"mif1", b"avif", b"miaf"), formats.AVIF),
        (ftyp(b"avif", b"mif1"), formats.AVIF),
    ],
)
def test_supported_types_are_told_by_content(head: bytes, expected: MediaType) -> None:
    assert recognise(head, b"whatever.mov", len(head)) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ftyp(b"crx ", b"crx ", b"isom"), "image/x-canon-cr3"),
        (ftyp(b"qt  "), "video/quicktime"),
        (ftyp(b"mp42", b"isom"), "video/mp4"),
        (ftyp(b"isom", b"mif1", b"heic"), "video/mp4"),
        (ftyp(b"3gp6", b"isom"), "video/3gpp"),
        (ftyp(b"M4V ", b"mp42"), "video/x-m4v"),
        (ftyp(b"????", b"!!!!"), "video/mp4"),
        (ftyp(b"hevc", b"msf1"), "image/heic-sequence"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime"),
        (b"\0\0\0\x6cmoov", "video/quicktime"),
        (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", "video/webm"),
        (b"FUJIFILMCCD-RAW 0201", "image/x-fujifilm-raf"),
        (b"IIU\0\x18\0\0\0", "image/x-panasonic-rw2"),
        (b"IIRO\x08\0\0\0", "image/x-olympus-orf"),
        (b"8BPS\0\1", "image/vnd.adobe.photoshop"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
        ((b"\x47" + bytes(187)) * 3 + b"\x47", "video/mp2t"),
        ("\ufeff<?xpacket?><x:xmpmeta xmlns:x='adobe:ns:meta/'>".encode(), "application/rdf+xml"),
        ("\ufeff<x:xmpmeta xmlns:x='adobe:ns:meta/'>".encode("utf-16-le"), "application/rdf+xml"),
    ],
)
def test_what_a_later_version_will_take_is_named(head: bytes, expected: str) -> None:
    assert what(head) == expected


@pytest.mark.parametrize(
    "head", [b"", b"hello", bytes(64), b"%PDF-1.7", ftyp(b"M4A ", b"mp42"), b"BMP is a format"]
)
def test_what_is_no_picture_is_nothing(head: bytes) -> None:
    assert what(head, "x.jpg") is None


def test_a_heic_is_a_heic_whatever_its_name() -> None:
    assert what(ftyp(b"heic", b"mif1"), "IMG_0001.JPG") == "image/heic"


def test_text_is_json_only_when_its_name_says_so() -> None:
    assert what(b'{"title": 1}', "IMG_1.HEIC.json") == "application/json"
    assert what(b'{"title": 1}', "IMG_1.HEIC") is None


def test_an_aae_is_named() -> None:
    assert what(b'<?xml version="1.0"?><plist version="1.0">', "IMG_1.AAE") == (
        "application/vnd.apple.photos"
    )


CFA = (0x106, LONG, 1, 32803)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (tiff((0xC612, 1, 4, b"\1\4\0\0")), "image/x-adobe-dng"),
        (tiff(MAKE_NIKON, CFA), "image/x-nikon-nef"),
        (tiff((0x106, LONG, 1, 34892)), "image/x-raw"),
        (tiff((0x103, LONG, 1, 34713), MAKE_NIKON), "image/x-nikon-nef"),
        (tiff((0x0081, LONG, 1, 1000), (0x10F, 2, 6, b"Canon\0")), "image/x-canon-cr2"),
        (tiff((0x0FE, LONG, 1, 1), MAKE_NIKON, (0x14A, LONG, 1, 4)), "image/x-nikon-nef"),
        (PLAIN[:8] + b"CR\2\0" + PLAIN[8:], "image/x-raw"),
        (PLAIN[:8] + b"IIII" + PLAIN[8:], "image/x-phaseone-iiq"),
    ],
)
def test_a_raw_with_a_tiff_header_is_never_a_tiff(head: bytes, expected: str) -> None:
    assert what(head, "picture.tif") == expected


def test_a_raw_shown_only_by_its_sub_directory_is_found() -> None:
    first = ifd((0x100, LONG, 1, 160), (0x14A, LONG, 1, 100))
    head = (b"II*\0" + struct.pack("<I", 8) + first).ljust(100, b"\0") + ifd(CFA, start=100)
    assert what(head, "picture.tif") == "image/x-raw"


@pytest.mark.parametrize("extension", ["NEF", "arw", "3fr", "iiq"])
def test_a_raws_extension_is_a_veto_against_tiff(extension: str) -> None:
    found = recognise(PLAIN, f"x.{extension}".encode(), len(PLAIN))
    assert found == formats.RAW_BY_EXTENSION[extension.lower()]


def test_a_directory_at_the_end_is_read_where_the_file_can_be() -> None:
    directory = ifd((0xC612, 1, 4, b"\1\4\0\0"), start=100_000)
    whole = (b"II*\0" + struct.pack("<I", 100_000)).ljust(100_000, b"\0") + directory
    head = whole[:65536]
    assert recognise(head, b"x.tif", len(whole)) == formats.TIFF
    found = recognise(
        head, b"x.tif", len(whole), lambda offset, length: whole[offset : offset + length]
    )
    assert found == formats.RAW_BY_EXTENSION["dng"]


def test_an_ifd_that_points_to_itself_ends() -> None:
    looped = tiff((0x14A, LONG, 1, 8), (0x100, LONG, 1, 1))
    assert what(looped, "x.tif") == "image/tiff"


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_no_bytes_break_the_recogniser(head: bytes, name: bytes) -> None:
    for start in (b"", b"II*\0\x08\0\0\0", b"MM\0+\0\x08\0\0", b"\0\0\0\x20ftyp"):
        found = recognise(start + head, name, len(start + head))
        assert found is None or isinstance(found, MediaType | Unsupported)


def box(kind: bytes, payload: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I", len(payload) + 8 if size is None else size) + kind + payload


@pytest.mark.parametrize(
    "head",
    [
        box(b"wide") + box(b"mdat", bytes(64)),
        box(b"mdat", bytes(64), size=1 << 30),
        box(b"mdat", bytes(64), size=1),
        box(b"mdat", bytes(64), size=0),
        box(b"free", bytes(8)) + box(b"moov"),
        box(b"skip") + box(b"moov"),
        box(b"moov", bytes(100)),
        box(b"pnot", bytes(12)) + box(b"mdat"),
    ],
)
def test_a_film_copied_without_its_ftyp_is_a_mov(head: bytes) -> None:
    assert recognise(head, b"IMG_0001", len(head)) == formats.MOV


def test_an_ftyp_behind_a_free_box_still_decides() -> None:
    assert what(box(b"free", bytes(8)) + ftyp(b"mp42")) == "video/mp4"


@pytest.mark.parametrize("text", [b"Be free as a bird", b"To skip rope", b"Too wide a field"])
def test_prose_is_no_film(text: bytes) -> None:
    assert what(text) is None


def test_heic_bytes_in_a_mov_name_are_a_heic() -> None:
    assert what(ftyp(b"heix", b"mif1", b"heic"), "IMG_0001.MOV") == "image/heic"


def test_mp4_named_m4a_is_sound() -> None:
    assert what(ftyp(b"mp42", b"isom"), "song.m4a") is None


def test_canons_raw_film_is_no_still() -> None:
    assert what(ftyp(b"crx "), "A001.CRM") == "video/x-canon-crm"
    assert what(ftyp(b"crx "), "IMG_1.CR3") == "image/x-canon-cr3"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"II\x1a\0\0\0HEAPCCDR", formats.CRW),
        (b"\0MRM\0\0\x0a\x0c", formats.MRW),
        (b"FOVb\0\0\2\0", formats.X3F),
        (b"FUJIFILMCCD-RAW 0201", formats.RAF),
        (b"MM\0+\0\x08\0\0" + bytes(24), formats.TIFF),
        (b"\xff\x4f\xff\x51\0\x2f", formats.J2K),
        (b"\0\0\0\x0cjP  \r\n\x87\n", formats.JP2),
        (b"8BPS\0\2" + bytes(6), formats.PSD),
        (b"RIFF\x24\0\0\0WAVEfmt ", formats.WAV),
        (b"RF64\xff\xff\xff\xffWAVEds64", formats.WAV),
        (b"\0\0\1\xba\x44\0\4\0", formats.MPG),
        (b"\0\0\1\xba\x21\0\1\0", formats.MPG),
        (b"\0\0\1\xb3\x16\0\xf0\x15", formats.MPG),
        (ftyp(b"avis", b"avis"), formats.AVIF_SEQUENCE),
        (ftyp(b"msf1", b"msf1"), formats.HEIF_SEQUENCE),
        (ftyp(b"3g2a"), formats.THREE_G2),
    ],
)
def test_each_signature_names_its_type(head: bytes, expected: MediaType) -> None:
    assert recognise(head, b"x", len(head)) == expected


@pytest.mark.parametrize(
    "head", [b"8BPS\0\3", b"\0\0\1\xba\0\0\0\0", b"\0\0\1\xb3\x16\0\xf0\0", b"G" * 4096]
)
def test_a_signature_with_nonsense_behind_it_is_nothing(head: bytes) -> None:
    assert what(head) is None


@pytest.mark.parametrize(("name", "expected"), [("x.RWL", "rwl"), ("x.RW2", "rw2"), ("x", "rw2")])
def test_a_shared_signature_is_told_by_the_extension(name: str, expected: str) -> None:
    found = recognise(b"IIU\0\x18\0\0\0", name.encode(), 8)
    assert found == formats.RAW_BY_EXTENSION[expected]


def test_every_supported_type_has_a_name_and_an_extension_of_its_own() -> None:
    assert len(formats.BY_NAME) == len(formats.SUPPORTED)
    assert len({kind.extension for kind in formats.SUPPORTED}) == len(formats.SUPPORTED)
    assert "xmp" not in {kind.extension for kind in formats.SUPPORTED}
