"""What a zip's own directory says: its members and where they lie; no member is opened.

Layout: PKWARE's APPNOTE.TXT 4.3 (records), 4.5 (extra fields); times of 0x5455
and names of 0x7075 as Info-ZIP writes them. Whatever a record claims is
checked against the file's own size before it is believed.
"""

import os
from calendar import timegm
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from struct import Struct, error
from typing import NamedTuple
from zlib import crc32

from picture_pipeline.sources.zip_faults import ZipFault

LOCAL_HEADER = 30
"""Bytes of a member's own header, before its name."""
_END = Struct("<4s4H2LH")
_LOCATOR = Struct("<4sLQL")
_END_64 = Struct("<4sQ2H2L4Q")
_ENTRY = Struct("<4s6H3L5H2L")
_EXTRA = Struct("<2H")
_LARGE = Struct("<Q")
_END_MARK, _LOCATOR_MARK, _END_64_MARK = b"PK\5\6", b"PK\6\7", b"PK\6\6"
_ENTRY_MARK = b"PK\1\2"
_LONGEST_COMMENT = 0xFFFF
_LARGEST_DIRECTORY = 256 << 20
_MOST_MEMBERS = 1_000_000
_MOST_RATIO = 200
_FREE_BYTES = 1 << 30
"""Below this no zip is called a bomb for its total."""
_UTF8_NAME = 1 << 11
_UNIX, _MACOS = 3, 19
_TYPE_BITS, _LINK_BITS = 0xF000, 0xA000
_BEFORE_TIME = timegm((1980, 1, 1, 0, 0, 0))
"""DOS dates begin here; one that is no date counts as this."""
_ZIP64, _TIMES, _UNICODE_NAME = 0x0001, 0x5455, 0x7075


class ZipMember(NamedTuple):
    """One member, as the directory has it; a tuple because a zip may hold 1,000,000."""

    name: bytes
    """UTF-8, as it stands there: it may be absolute, or hold anything."""
    offset: int
    """Of its local header, from the file's beginning."""
    packed: int
    size: int
    crc: int
    method: int
    flags: int
    mtime_ns: int
    is_link: bool


class _End(NamedTuple):
    """Where the directory lies, and what it must hold."""

    begin: int
    length: int
    shift: int
    """Bytes before the zip itself: what unpacks itself begins with a program."""


def read_directory(fd: int) -> tuple[ZipMember, ...]:
    """Read the members of an open zip, folders left out.

    Raises ZipFault for one that is cut short or damaged, that claims to hold
    more than its bytes can, or whose members share bytes; OSError when it
    cannot be read.
    """
    size = os.fstat(fd).st_size
    end = _find_end(fd, size)
    if end.length > _LARGEST_DIRECTORY:
        raise ZipFault.too_large("its directory is larger than 256 MiB")
    data = os.pread(fd, end.length, end.begin)
    try:
        members = tuple(_members(data, end.shift))
    except error as cause:
        raise ZipFault.damaged("its directory cannot be read") from cause
    _check(members, end.begin, size)
    return tuple(member for member in members if not member.name.endswith((b"/", b"\\")))


def _find_end(fd: int, size: int) -> _End:
    most = _END.size + _LONGEST_COMMENT
    tail = os.pread(fd, most, max(0, size - most))
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise ZipFault.damaged("its end is missing: it was cut short, or is no zip")
    _, disk, first_disk, _, _, length, begin, _ = _END.unpack_from(tail, at)
    position = size - len(tail) + at
    larger = _find_end_64(fd, position)
    if larger is not None:
        position, disk, first_disk, length, begin = larger
    if disk or first_disk:
        raise ZipFault.damaged("it is one of several disks; join them first")
    shift = position - length - begin
    if shift < 0:
        raise ZipFault.damaged("its beginning is missing")
    return _End(begin + shift, length, shift)


def _find_end_64(fd: int, end: int) -> tuple[int, int, int, int, int] | None:
    """Give position, disk, first disk, length and begin by the larger record, if there is one."""
    locator = os.pread(fd, _LOCATOR.size, end - _LOCATOR.size) if end >= _LOCATOR.size else b""
    if len(locator) < _LOCATOR.size or not locator.startswith(_LOCATOR_MARK):
        return None
    said = _LOCATOR.unpack(locator)[2]
    for position in (said, end - _LOCATOR.size - _END_64.size):
        if not 0 <= position <= end:
            continue
        record = os.pread(fd, _END_64.size, position)
        if len(record) == _END_64.size and record.startswith(_END_64_MARK):
            *_, disk, first_disk, _, _, length, begin = _END_64.unpack(record)
            return position, disk, first_disk, length, begin
    raise ZipFault.damaged("its end is damaged")


def _members(data: bytes, shift: int) -> Iterator[ZipMember]:
    at = count = 0
    while at < len(data):
        fields = _ENTRY.unpack_from(data, at)
        mark, made_by, _, flags, method, clock, date, crc, packed, size = fields[:10]
        name_length, extra_length, comment_length, _, _, attributes, offset = fields[10:]
        begin = at + _ENTRY.size
        at = begin + name_length + extra_length + comment_length
        count += 1
        if mark != _ENTRY_MARK or at > len(data):
            raise ZipFault.damaged("its directory is damaged")
        if count > _MOST_MEMBERS:
            raise ZipFault.too_large("it holds more than 1,000,000 members")
        middle = begin + name_length
        name = data[begin:middle]
        extra = dict(_extra_fields(data[middle : middle + extra_length]))
        size, packed, offset = _large(extra.get(_ZIP64, b""), size, packed, offset)
        yield ZipMember(
            name=_text(name, flags, extra.get(_UNICODE_NAME, b"")),
            offset=offset + shift,
            packed=packed,
            size=size,
            crc=crc,
            method=method,
            flags=flags,
            mtime_ns=_seconds(extra.get(_TIMES, b""), date, clock) * 1_000_000_000,
            is_link=_is_link(made_by, attributes),
        )


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _large(extra: bytes, *numbers: int) -> Iterator[int]:
    """Give size, packed size and offset; those that are too large stand in the extra field."""
    at = 0
    for number in numbers:
        if number == 0xFFFF_FFFF and extra:  # noqa: PLR2004 - the mark of the specification
            yield _LARGE.unpack_from(extra, at)[0]
            at += 8
        else:
            yield number


def _text(name: bytes, flags: int, unicode_name: bytes) -> bytes:
    """Give a name as UTF-8: said to be, or another that is given beside it, or as it looks.

    Many programs write UTF-8 and do not say so; the rest is what DOS had.
    """
    if len(unicode_name) > 5 and int.from_bytes(unicode_name[1:5], "little") == crc32(name):  # noqa: PLR2004 - version and checksum go before the name
        return unicode_name[5:]
    with suppress(UnicodeDecodeError):
        name.decode()
        return name
    return name if flags & _UTF8_NAME else name.decode("cp437").encode()


def _seconds(times: bytes, date: int, clock: int) -> int:
    """Give the modification time in seconds, UTC; DOS times, which have no zone, taken as such."""
    if len(times) >= 5 and times[0] & 1:  # noqa: PLR2004 - flags, and 32 bits
        return int.from_bytes(times[1:5], "little", signed=True)
    year, month, day = 1980 + (date >> 9), date >> 5 & 15, date & 31
    hour, minute, second = clock >> 11, clock >> 5 & 63, (clock & 31) * 2
    if not (1 <= month <= 12 and day):  # noqa: PLR2004 - months
        return _BEFORE_TIME
    return timegm((year, month, day, hour, minute, second))


def _is_link(made_by: int, attributes: int) -> bool:
    on_unix = made_by >> 8 in (_UNIX, _MACOS)
    return on_unix and attributes >> 16 & _TYPE_BITS == _LINK_BITS


def _check(members: tuple[ZipMember, ...], end: int, size: int) -> None:
    """Refuse a zip whose members share bytes or lie outside, or that is a bomb by its total."""
    spans = sorted((m.offset, m.offset + LOCAL_HEADER + m.packed) for m in members)
    if any(stop > begin for (_, stop), (begin, _) in pairwise(spans)):
        raise ZipFault.too_large("its members share bytes, as those of zip bombs do")
    if spans and spans[-1][1] > end:
        raise ZipFault.damaged("a member lies beyond its end")
    total = sum(member.size for member in members)
    if total > max(_FREE_BYTES, size * _MOST_RATIO):
        raise ZipFault.too_large(f"{size} bytes claim to hold {total}")
