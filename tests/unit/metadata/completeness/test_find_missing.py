"""Each container that is whole is called whole; with its end gone it is not."""

import plistlib
import struct
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata import formats
from picture_pipeline.metadata.completeness import find_missing
from picture_pipeline.model.media import MediaType
from picture_pipeline.workflows.contents import in_memory
from pictures import picture

RAW = formats.RAW_BY_EXTENSION
ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")


def missing(data: bytes, kind: MediaType) -> str | None:
    return find_missing(in_memory(data), kind)


def box(kind: bytes, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload) + 8) + kind + payload


def riff(kind: bytes, payload: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(payload) + 4) + kind + payload


def element(kind: bytes, payload: bytes) -> bytes:
    return kind + (len(payload) | 1 << 56).to_bytes(8, "big") + payload


def mrw() -> bytes:
    sensor = b"27200001" + struct.pack(">HHHHB", 4, 6, 4, 6, 16) + bytes(7)
    blocks = b"\0PRD" + struct.pack(">I", len(sensor)) + sensor
    return b"\0MRM" + struct.pack(">I", len(blocks)) + blocks + b"\1" * 48


def raf() -> bytes:
    return (
        b"FUJIFILMCCD-RAW ".ljust(84, b"0")
        + struct.pack(">6I", 108, 10, 118, 10, 128, 50)
        + b"\1" * 70
    )


def x3f() -> bytes:
    data = b"FOVb" + bytes(36) + b"\1" * 60
    directory = b"SECd" + bytes(4) + struct.pack("<IIII", 1, 40, 60, 0)
    return data + directory + struct.pack("<I", len(data))


def crw() -> bytes:
    heap = b"\1" * 80
    directory = struct.pack("<H", 1) + struct.pack("<HII", 0x2005, 80, 0)
    return (
        b"II"
        + struct.pack("<I", 26)
        + b"HEAPCCDR"
        + bytes(12)
        + heap
        + directory
        + struct.pack("<I", 80)
    )


def psd(compression: int, pixels: bytes) -> bytes:
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 1, 2, 5, 8, 1)
    return (
        header
        + bytes(4)
        + struct.pack(">I", 6)
        + b"8BIM\0\0"
        + bytes(4)
        + struct.pack(">H", compression)
        + pixels
    )


SEGMENT = element(b"\x1f\x43\xb6\x75", bytes(40)) * 3
EBML = element(b"\x1a\x45\xdf\xa3", bytes(20))
JXL = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl ") + box(b"jxlc", b"a" * 9)
WMV = ASF_HEADER + struct.pack("<Q", 30) + bytes(6)
WMV += ASF_DATA + struct.pack("<Q", 64) + bytes(40)
XML = b"<?xml version='1.0'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><r>a</r></x:xmpmeta>"
WHOLE: Mapping[str, tuple[bytes, MediaType]] = {
    "jpeg": (picture(1, "JPEG"), formats.JPEG),
    "png": (picture(1, "PNG"), formats.PNG),
    "gif": (picture(1, "GIF"), formats.GIF),
    "bmp": (picture(1, "BMP"), formats.BMP),
    "webp": (picture(1, "WEBP"), formats.WEBP),
    "jp2": (picture(1, "JPEG2000"), formats.JP2),
    "codestream of jpeg 2000": (b"\xff\x4f\xff\x51abc\xff\xd9", formats.J2K),
    "jxl": (JXL, formats.JXL),
    "psd": (psd(0, b"\1" * 10), formats.PSD),
    "psd in runs": (psd(1, struct.pack(">HH", 2, 3) + b"12345"), formats.PSD),
    "avi": (riff(b"AVI ", bytes(40)) + riff(b"AVIX", bytes(60)), formats.AVI),
    "wav": (riff(b"WAVE", bytes(40)), formats.WAV),
    "matroska": (EBML + element(b"\x18\x53\x80\x67", SEGMENT), formats.MKV),
    "live webm": (EBML + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + SEGMENT, formats.WEBM),
    "mts": ((bytes(4) + b"\x47" + bytes(187)) * 9, formats.MTS),
    "wmv": (WMV, formats.WMV),
    "raf": (raf(), formats.RAF),
    "mrw": (mrw(), formats.MRW),
    "x3f": (x3f(), formats.X3F),
    "crw": (crw(), formats.CRW),
    "aae": (plistlib.dumps({"adjustmentData": b"1"}), formats.AAE),
    "binary aae": (plistlib.dumps({"adjustmentData": b"1"}, fmt=plistlib.FMT_BINARY), formats.AAE),
    "xmp": (XML, formats.XMP),
    "xmp in utf-16": (XML.decode().encode("utf-16"), formats.XMP),
    "packet": (XML + b"  \n<?xpacket end='w'?>\n", formats.XMP),
    "camera xml": (b"<NonRealTimeMeta><a/></NonRealTimeMeta>\n", formats.CAMERA_XML),
    "json": (b'{"title": "a } b", "geoData": {"x": [1, 2,]}}\n', formats.JSON),
}
CASES = pytest.mark.parametrize(("data", "kind"), WHOLE.values(), ids=WHOLE.keys())
LOOSE_ENDS = ("packet", "camera xml", "json", "aae", "xmp in utf-16")
"""A blank at the end may go."""


@CASES
def test_a_whole_file_misses_nothing(data: bytes, kind: MediaType) -> None:
    assert missing(data, kind) is None


@CASES
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_cut_file_misses_something(data: bytes, kind: MediaType, share: float) -> None:
    assert missing(data[: int(len(data.rstrip()) * share)], kind)


@pytest.mark.parametrize(
    ("data", "kind"),
    [pair for name, pair in WHOLE.items() if name not in LOOSE_ENDS],
    ids=[name for name in WHOLE if name not in LOOSE_ENDS],
)
def test_one_missing_byte_is_noticed(data: bytes, kind: MediaType) -> None:
    shorter = data.rstrip(b"\n") if kind == formats.XMP else data
    assert missing(shorter[:-1], kind)


@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "x3f", "crw", "xmp", "json", "binary aae"])
def test_a_tail_of_zeros_is_noticed(name: str) -> None:
    data, kind = WHOLE[name]
    kept = len(data) // 2
    assert missing(data[:kept] + bytes(len(data) - kept), kind)


def test_a_root_without_content_is_whole() -> None:
    assert missing(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", formats.XMP) is None


def test_what_follows_a_picture_is_nobodys_business() -> None:
    assert missing(picture(1, "JPEG") + b"anything", formats.JPEG) is None


def test_a_recording_down_a_pipe_states_no_length() -> None:
    assert missing(b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(40), formats.WAV) is None


def test_the_second_gigabyte_of_an_avi_counts() -> None:
    whole = riff(b"AVI ", bytes(40)) + riff(b"AVIX", bytes(40))
    assert missing(whole[:-4], formats.AVI) == "at least 4 bytes are missing at the end"


def test_a_jxl_codestream_and_a_program_stream_cannot_be_judged() -> None:
    assert missing(b"\xff\x0a\x01", formats.JXL) is None
    assert missing(b"\0\0\1\xba", formats.MPG) is None


@given(st.sampled_from(formats.SUPPORTED), st.binary(max_size=300))
def test_no_bytes_break_a_check(kind: MediaType, data: bytes) -> None:
    for start in (b"", b"II*\0\x08\0\0\0", b"\xff\xd8\xff\xe1", b"\0\0\0\x18ftypmp42", b"8BPS\0\1"):
        found = missing(start + data, kind)
        assert found is None or found


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_no_changed_byte_breaks_a_check(name: str, data: st.DataObject) -> None:
    whole, kind = WHOLE[name]
    changed = bytearray(whole)
    for _ in range(4):
        changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = missing(bytes(changed), kind)
    assert found is None or found
