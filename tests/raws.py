"""RAW files made on the spot: DNGs (DNG 1.4 specification) with a Bayer sensor and previews."""

import struct
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Tag = tuple[int, int, Sequence[int] | bytes]
"""Number, type (TIFF 6.0, section 2), values."""

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SRATIONAL = 1, 2, 3, 4, 5, 10
_FORMATS = {_BYTE: "B", _ASCII: "B", _SHORT: "H", _LONG: "I", _RATIONAL: "I", _SRATIONAL: "i"}
_PAIRS = (_RATIONAL, _SRATIONAL)
_EXIF, _SUB_IFDS, _STRIP = 0x8769, 0x014A, 0x0111

# XYZ (D65) to linear sRGB, IEC 61966-2-1: a sensor that sees what sRGB shows.
_XYZ_TO_SRGB = (32406, -15372, -4986, -9689, 18758, 415, 557, -2040, 10570)
_BLACK, _WHITE = 512, 16383
_UNCOMPRESSED, _LOSSLESS_JPEG = 1, 7
_PHOTOMETRIC, _COLOUR_FILTERS, _LINEAR_RAW = 0x0106, 32803, 34892

_PRECISION = 14
_ROWS_AT_ONCE = 128
# How many Huffman codes of each length there are, 1 to 16, and for how many bits of difference
# they stand, likeliest first: any complete table will do.
_LENGTHS = (0, 0, 6, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0)
_CATEGORIES = (4, 5, 3, 6, 2, 7, 1, 0, 8, 9, 10, 11, 12, 13, 14)


def dng(
    colours: Pixels,
    *,
    previews: Sequence[bytes] = (),
    orientation: int = 1,
    exposure: float = 1.0,
    exif: Sequence[Tag] = (),
    mosaic: bool = True,
    packed: bool = False,
) -> bytes:
    """Make a DNG of upright-in-sensor-axes sRGB ``colours`` (height x width x 3).

    ``previews`` are JPEGs for SubIFDs, ``exposure`` darkens what the sensor
    saw; without ``mosaic`` it holds all samples of each pixel (linear DNG, or
    one of a grey sensor);
    ``packed`` compresses without loss, as nearly all cameras do.
    """
    light = _linear(colours) * exposure
    samples = np.rint(_BLACK + (_WHITE - _BLACK) * light).astype("<u2")
    sensor = _bayer(samples) if mosaic else samples
    data = lossless_jpeg(sensor) if packed else sensor.tobytes()
    subs = [(_preview_tags(jpeg), jpeg) for jpeg in previews]
    compression = _LOSSLESS_JPEG if packed else _UNCOMPRESSED
    shape = (*sensor.shape, 1)[:3]
    tags = _raw_tags(shape, orientation, len(data), compression)
    return _tiff([*tags, *_kind_of(shape[2], mosaic=mosaic)], data, subs, exif)


def _linear(colours: Pixels) -> NDArray[np.float64]:
    values = colours / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _bayer(samples: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Keep one colour a pixel: red green above green blue."""
    mosaic = samples[:, :, 1].copy()
    mosaic[0::2, 0::2] = samples[0::2, 0::2, 0]
    mosaic[1::2, 1::2] = samples[1::2, 1::2, 2]
    return mosaic


def _raw_tags(shape: tuple[int, ...], orientation: int, length: int, compression: int) -> list[Tag]:
    height, width, bands = shape
    return [
        (0x00FE, _LONG, (0,)),
        (0x0100, _LONG, (width,)),
        (0x0101, _LONG, (height,)),
        (0x0102, _SHORT, (16,) * bands),
        (0x0103, _SHORT, (compression,)),
        (0x010F, _ASCII, b"Maker\0"),
        (0x0110, _ASCII, b"Model\0"),
        (_STRIP, _LONG, (0,)),
        (0x0112, _SHORT, (orientation,)),
        (0x0115, _SHORT, (bands,)),
        (0x0116, _LONG, (height,)),
        (0x0117, _LONG, (length,)),
        (0x011C, _SHORT, (1,)),
        (0xC612, _BYTE, (1, 4, 0, 0)),
        (0xC613, _BYTE, (1, 1, 0, 0)),
        (0xC614, _ASCII, b"Maker Model\0"),
        (0xC61A, _SHORT, (_BLACK,) * bands),
        (0xC61D, _SHORT, (_WHITE,) * bands),
    ]


def _kind_of(bands: int, *, mosaic: bool) -> list[Tag]:
    """Tell how colours lie on the sensor, and what they are; a grey one has none."""
    if bands == 1 and not mosaic:
        return [(_PHOTOMETRIC, _SHORT, (_LINEAR_RAW,))]
    colours: list[Tag] = [
        (0xC621, _SRATIONAL, [part for value in _XYZ_TO_SRGB for part in (value, 10000)]),
        (0xC628, _RATIONAL, (1, 1) * 3),
        (0xC65A, _SHORT, (21,)),
    ]
    if not mosaic:
        return [(_PHOTOMETRIC, _SHORT, (_LINEAR_RAW,)), *colours]
    return [
        (_PHOTOMETRIC, _SHORT, (_COLOUR_FILTERS,)),
        (0x828D, _SHORT, (2, 2)),
        (0x828E, _BYTE, (0, 1, 1, 2)),
        (0xC616, _BYTE, (0, 1, 2)),
        (0xC617, _SHORT, (1,)),
        *colours,
    ]


def _preview_tags(jpeg: bytes) -> list[Tag]:
    height, width = struct.unpack_from(">HH", jpeg, _frame_at(jpeg) + 5)
    return [
        (0x00FE, _LONG, (1,)),
        (0x0100, _LONG, (width,)),
        (0x0101, _LONG, (height,)),
        (0x0102, _SHORT, (8, 8, 8)),
        (0x0103, _SHORT, (7,)),
        (0x0106, _SHORT, (6,)),
        (_STRIP, _LONG, (0,)),
        (0x0115, _SHORT, (3,)),
        (0x0116, _LONG, (height,)),
        (0x0117, _LONG, (len(jpeg),)),
        (0x011C, _SHORT, (1,)),
    ]


def _frame_at(jpeg: bytes) -> int:
    """Give where the baseline frame header stands, by way of the segments before it."""
    place = 2
    while jpeg[place + 1] not in (0xC0, 0xC2):
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    return place


def _tiff(
    first: list[Tag], data: bytes, subs: Sequence[tuple[list[Tag], bytes]], exif: Sequence[Tag]
) -> bytes:
    """Lay out: the first directory, Exif, SubIFDs, then sensor data and previews."""
    pointers: Mapping[int, int] = {_SUB_IFDS: len(subs), _EXIF: 1 if exif else 0}
    first = [*first, *((tag, _LONG, (0,) * count) for tag, count in pointers.items() if count)]
    directories = [first, *([list(exif)] if exif else []), *(tags for tags, _ in subs)]
    starts = list(_running(8, (len(_directory(tags, 0)) for tags in directories)))
    blobs = [data, *(jpeg for _, jpeg in subs)]
    places = list(_running(starts.pop(), map(len, blobs)))
    values: dict[int, Sequence[int]] = {
        _EXIF: starts[1 : 1 + pointers[_EXIF]],
        _SUB_IFDS: starts[1 + pointers[_EXIF] :],
    }
    owners = [0, *range(len(directories) - len(subs), len(directories))]
    strips = dict(zip(owners, places, strict=False))
    laid = (
        _directory([_placed(tag, values, strips.get(number)) for tag in tags], starts[number])
        for number, tags in enumerate(directories)
    )
    return b"II*\0" + struct.pack("<I", 8) + b"".join(laid) + b"".join(blobs)


def _placed(tag: Tag, values: Mapping[int, Sequence[int]], strip: int | None) -> Tag:
    number, kind, old = tag
    if number == _STRIP and strip is not None:
        return number, kind, (strip,)
    return number, kind, values.get(number, old)


def _running(start: int, lengths: Iterator[int]) -> Iterator[int]:
    yield start
    for length in lengths:
        start += length
        yield start


def _directory(tags: Sequence[Tag], start: int) -> bytes:
    """Give one IFD followed by its values that do not fit into it."""
    entries, values = b"", b""
    behind = start + 2 + 12 * len(tags) + 4
    for number, kind, told in sorted(tags, key=lambda tag: tag[0]):
        packed = struct.pack(f"<{len(told)}{_FORMATS[kind]}", *told)
        count = len(told) // 2 if kind in _PAIRS else len(told)
        if len(packed) > 4:
            place = struct.pack("<I", behind + len(values))
            values += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", number, kind, count) + place
    return struct.pack("<H", len(tags)) + entries + bytes(4) + values


def lossless_jpeg(samples: NDArray[np.uint16]) -> bytes:
    """Compress as ITU-T T.81 process 14, predictor 1; two components for a mosaic."""
    height = len(samples)
    bands = 2 if samples.ndim == 2 else samples.shape[2]
    held = samples.reshape(height, -1, bands).astype(np.int32)
    before = np.empty_like(held)
    before[:, 1:] = held[:, :-1]
    before[1:, 0] = held[:-1, 0]
    before[0, 0] = 1 << (_PRECISION - 1)
    differences = (held - before).reshape(height, -1)
    strips = (
        _bits(differences[top : top + _ROWS_AT_ONCE].ravel())
        for top in range(0, height, _ROWS_AT_ONCE)
    )
    scan = _packed(np.concatenate(list(strips))).replace(b"\xff", b"\xff\0")
    return _headers(height, held.shape[1], bands) + scan + b"\xff\xd9"


def _bits(differences: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Give one bit an element: each difference's Huffman code, then its low bits."""
    sizes = np.ceil(np.log2(np.abs(differences) + 1)).astype(np.int64)
    codes, lengths = _huffman()
    low = np.where(differences < 0, differences + (1 << sizes) - 1, differences)
    words = (codes[sizes] << sizes) | low
    total = lengths[sizes] + sizes
    ends = np.cumsum(total)
    back = np.repeat(ends, total) - np.arange(ends[-1]) - 1
    return ((np.repeat(words, total) >> back) & 1).astype(np.uint8)


def _huffman() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give codes and their lengths by category (T.81, annex C)."""
    codes, lengths = np.zeros(17, np.int64), np.zeros(17, np.int64)
    code, number = 0, 0
    for length, count in enumerate(_LENGTHS, start=1):
        for category in _CATEGORIES[number : number + count]:
            codes[category], lengths[category] = code, length
            code += 1
        number += count
        code <<= 1
    return codes, lengths


def _packed(bits: NDArray[np.uint8]) -> bytes:
    return np.packbits(np.concatenate([bits, np.ones(-len(bits) % 8, np.uint8)])).tobytes()


def _headers(height: int, width: int, bands: int) -> bytes:
    parts = b"".join(bytes((number, 0x11, 0)) for number in range(bands))
    table = b"\0" + bytes(_LENGTHS) + bytes(_CATEGORIES)
    scan = bytes((bands,)) + b"".join(bytes((number, 0)) for number in range(bands))
    segments = (
        (0xC3, struct.pack(">BHHB", _PRECISION, height, width, bands) + parts),
        (0xC4, table),
        (0xDA, scan + bytes((1, 0, 0))),
    )
    return b"\xff\xd8" + b"".join(
        struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments
    )
