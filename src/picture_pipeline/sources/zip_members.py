"""Bytes of a zip's members: bounded by what the directory says, checked by their CRC."""

import os
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

from picture_pipeline.durable.files import write_all
from picture_pipeline.durable.scratch import nameless_file
from picture_pipeline.model.inspected import Failed, InspectJob, OpenedFile, Rejected
from picture_pipeline.sources.zip_directory import LOCAL_HEADER, ZipMember
from picture_pipeline.sources.zip_faults import ZipFault

_CHUNK = 1 << 20
_STORED, _DEFLATED = 0, 8
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 99: "AES"}
_ENCRYPTED = 1
_PATCHED = 1 << 5
_LOCAL_MARK = b"PK\3\4"
_LENGTHS = Struct("<2H")
_MOST_RATIO = 200
_FREE_BYTES = 100 << 20
"""Below this no member is called a bomb: one colour compresses a thousandfold."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a member's bytes lie in its zip, and what must come of them."""

    offset: int
    packed: int
    size: int
    crc: int
    method: int
    flags: int

    @classmethod
    def of(cls, member: ZipMember) -> "Packed":
        """Take it from the directory."""
        return cls(
            member.offset, member.packed, member.size, member.crc, member.method, member.flags
        )

    def encoded(self) -> str:
        """Give the key by which a worker finds the member without reading the directory again."""
        numbers = (self.offset, self.packed, self.size, self.crc, self.method, self.flags)
        return ":".join(map(str, numbers))

    @classmethod
    def decoded(cls, key: str) -> "Packed":
        """Read what ``encoded`` gave."""
        return cls(*map(int, key.split(":")))

    def fault(self) -> ZipFault | None:
        """Tell why a member is not opened at all, by the directory alone."""
        if self.flags & (_ENCRYPTED | _PATCHED):
            return ZipFault("encrypted", "a password protects it; unpack the zip")
        if self.method not in (_STORED, _DEFLATED):
            called = _METHODS.get(self.method, f"method {self.method}")
            return ZipFault("unsupported_compression", f"compressed by {called}; unpack the zip")
        if self.size > max(_FREE_BYTES, self.packed * _MOST_RATIO):
            return ZipFault("zip_bomb", f"{self.packed} bytes claim to hold {self.size}")
        return None


def fault_of(member: ZipMember) -> ZipFault | None:
    """Tell why a member is never opened."""
    if member.is_link:
        return ZipFault("link_in_archive", "a symlink within a zip is not followed")
    return Packed.of(member).fault()


def chunks_of(fd: int, member: Packed) -> Generator[bytes]:
    """Give a member's bytes, never more than the directory says.

    Raises ZipFault when they are not what the directory says; OSError.
    """
    fault = member.fault()
    if fault is not None:
        raise fault
    crc = length = 0
    for chunk in _METHOD[member.method](_packed(fd, member)):
        length += len(chunk)
        if length > member.size:
            raise ZipFault.damaged("a member holds more than the zip's directory says")
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if length != member.size or crc != member.crc:
        raise ZipFault.damaged("a member's bytes are not those that were packed")


def read_small(fd: int, member: Packed, most: int) -> bytes | None:
    """Give all bytes of a member; None for one of more than ``most``. Raises as ``chunks_of``."""
    return b"".join(chunks_of(fd, member)) if member.size <= most else None


def _packed(fd: int, member: Packed) -> Iterator[bytes]:
    header = os.pread(fd, LOCAL_HEADER, member.offset)
    if len(header) < LOCAL_HEADER or not header.startswith(_LOCAL_MARK):
        raise ZipFault.damaged("a member is not where the zip's directory says")
    at = member.offset + LOCAL_HEADER + sum(_LENGTHS.unpack_from(header, 26))
    end = at + member.packed
    while at < end:
        chunk = os.pread(fd, min(_CHUNK, end - at), at)
        if not chunk:
            raise ZipFault.damaged("a member is cut short")
        at += len(chunk)
        yield chunk


def _stored(packed: Iterable[bytes]) -> Iterator[bytes]:
    yield from packed


def _inflated(packed: Iterable[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in packed:
            left = chunk
            while left and not inflate.eof:
                yield inflate.decompress(left, _CHUNK)
                left = inflate.unconsumed_tail
        yield inflate.flush()  # what a few bits held back: 64 KiB at most
    except zlib.error as error:
        raise ZipFault.damaged("a member cannot be unpacked") from error


_METHOD = {_STORED: _stored, _DEFLATED: _inflated}


@dataclass(frozen=True, slots=True)
class MemberOpener:
    """Opens members for an inspector, as files without a name; runs in a worker.

    ``scratch`` is a folder on the local disk: members too large for the
    memory are unpacked there.
    """

    scratch: Path

    def __call__(self, job: InspectJob) -> OpenedFile | Failed | Rejected:
        """Unpack the member that a job speaks of. Raises OSError."""
        within = job.candidate.within
        if within is None:
            raise ValueError(job.candidate.path)
        path = job.root + b"/" + within.container if within.container else job.root
        zip_fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            fd = self._unpack(zip_fd, Packed.decoded(within.key))
        except ZipFault as fault:
            return fault.inspected(job.candidate.stamp)
        finally:
            os.close(zip_fd)
        return OpenedFile(fd, job.candidate.stamp)

    def _unpack(self, zip_fd: int, member: Packed) -> int:
        with closing(chunks_of(zip_fd, member)) as chunks:
            first = next(chunks, b"")
            fd = nameless_file(member.size, self.scratch)
            try:
                write_all(fd, first)
                for chunk in chunks:
                    write_all(fd, chunk)
            except BaseException:
                os.close(fd)
                raise
        return fd
