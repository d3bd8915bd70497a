"""Zips made on the spot: ordinary ones, and such as no honest program writes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8 = 1 << 11


def write_zip(path: Path, members: Mapping[str, bytes], method: int = STORED) -> Path:
    """Write a zip as honest programs do; names may repeat when they differ in a last ``#``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name, (2019, 5, 1, 12, 0, 0)), data, method)
    return path


def zip_of(  # noqa: PLR0913 - each is a lie that a test tells
    name: bytes,
    data: bytes = b"bytes",
    *,
    packed: bytes | None = None,
    method: int = STORED,
    flags: int = _UTF8,
    size: int | None = None,
    crc: int | None = None,
    made_by: int = 0,
    attributes: int = 0,
    extra: bytes = b"",
    copies: int = 1,
) -> bytes:
    """Make a zip of one member, byte by byte; ``copies`` entries share its bytes."""
    packed = data if packed is None else packed
    size = len(data) if size is None else size
    crc = zlib.crc32(data) if crc is None else crc
    local = _LOCAL.pack(b"PK\3\4", 20, flags, method, 0, 33, crc, len(packed), size, len(name), 0)
    body = local + name + packed
    entry = _ENTRY.pack(
        b"PK\1\2", made_by << 8, 20, flags, method, 0, 33, crc, len(packed), size,
        len(name), len(extra), 0, 0, 0, attributes, 0,
    )  # fmt: skip
    directory = (entry + name + extra) * copies
    end = _END.pack(b"PK\5\6", 0, 0, copies, copies, len(directory), len(body), 0)
    return body + directory + end


def deflated(data: bytes) -> bytes:
    """Pack as zips do."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def in_memory(members: Mapping[str, bytes]) -> bytes:
    """Give the bytes of an honest zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()
