"""Inspect one candidate: read it once, stage it, describe it, render it. Runs in a worker."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from picture_pipeline.model.candidate import Candidate, FileStamp
from picture_pipeline.model.digest import Checksums, parse_digest
from picture_pipeline.model.inspected import (
    Care,
    Failed,
    Inspected,
    InspectJob,
    Known,
    Rejected,
    Staged,
)
from picture_pipeline.model.media import Family, MediaType, Unsupported
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.rendition import (
    Rendered,
    RenditionEntry,
    RenditionSpec,
    Unrenderable,
)
from picture_pipeline.model.sidecar import SidecarContent
from picture_pipeline.ports import (
    Content,
    MetadataReader,
    Renderer,
    RenditionStaging,
    Staging,
)
from picture_pipeline.workflows.contents import FileContent, parsing_weight, pixels_of

HEAD = 1 << 16
"""Bytes the recogniser gets to see."""
_CHUNK = 1 << 20
_IN_MEMORY = 1 << 30
"""Larger files are archived, but no parser is given their bytes."""
_IN_MEMORY_WITH_CARE = 1 << 24
"""The same after parsers crashed, perhaps for want of memory."""
_INLINE = 4096
"""File systems that keep small files in the inode report no blocks for up to this size."""


@dataclass(frozen=True, slots=True)
class Inspector:
    """What a worker needs for its jobs."""

    recognise: Callable[
        [bytes, bytes, int, Callable[[int, int], bytes]], MediaType | Unsupported | None
    ]
    """Given head, name, size, and a way to read ``(offset, length)`` elsewhere in the file."""
    reader: MetadataReader
    careful_reader: MetadataReader
    """Reads without native code: name and modification time only."""
    renderer: Renderer
    specs: tuple[RenditionSpec, ...]
    staging: Staging
    thumbs: RenditionStaging
    sidecar: Callable[[SidecarContent], bytes]
    quick: Callable[[Checksums, int, MediaType, Metadata, bytes], bytes]
    incomplete: Callable[[Content, MediaType], str | None]
    """Says in what way a file's container is cut short; None when it is whole."""
    limits: Callable[[int, int], AbstractContextManager[None]]
    """Given bytes and pixels: in the block memory is limited, and time ends the process."""

    def __call__(self, job: InspectJob) -> Inspected:
        """Inspect; raises ArchiveUnavailable when the archive cannot be written."""
        try:
            fd = _open(job)
        except OSError as error:
            return _not_opened(error)
        try:
            return self._inspect(job, _File(fd))
        finally:
            os.close(fd)

    def _inspect(self, job: InspectJob, file: "_File") -> Inspected:
        refusal = file.refusal()
        if refusal is not None:
            return refusal
        try:
            head = file.head()
            media_type = self.recognise(head, job.candidate.name, file.stamp.size, file.read_at)
            if not isinstance(media_type, MediaType):
                return _unrecognised(media_type, file.stamp)
            known = file.known(job)
            if known is not None:
                return known
        except OSError as error:
            return Failed("unreadable", _why(error))
        return self._take_in(job, file, media_type)

    def _take_in(self, job: InspectJob, file: "_File", media_type: MediaType) -> Inspected:
        copied = self._copy(job, file, media_type)
        if isinstance(copied, Failed):
            return copied
        checksums, content = copied
        with content:
            weight = parsing_weight(content, media_type)
            with self._limit(job, weight, 0):
                metadata = self._read(job, media_type, content, file.stamp)
                incomplete = self.incomplete(content, media_type)
            self._describe(job, checksums, media_type, metadata, file.stamp.size)
            with self._limit(job, weight, pixels_of(metadata)):
                renditions, unrenderable = self._render(job, media_type, content, metadata)
        self.staging.settle()
        return Staged(
            checksums, file.stamp, media_type, metadata, renditions, unrenderable, incomplete
        )

    def _describe(
        self,
        job: InspectJob,
        checksums: Checksums,
        media_type: MediaType,
        metadata: Metadata,
        size: int,
    ) -> None:
        name = job.candidate.name
        content = SidecarContent(
            digest=checksums.sha256,
            metadata=metadata,
            original_name=name,
            source=job.source,
            path=job.candidate.path,
            ingested_at=job.time,
        )
        self.staging.sidecar(job.token, self.sidecar(content))
        quick = self.quick(checksums, size, media_type, metadata, name)
        self.thumbs.stage(job.token, "metadata", quick)

    def _limit(self, job: InspectJob, size: int, pixels: int) -> AbstractContextManager[None]:
        if job.care is Care.NO_NATIVE_CODE:
            return nullcontext()  # nothing can hang here, and the bytes must get in
        return self.limits(size, pixels)

    def _copy(
        self, job: InspectJob, file: "_File", media_type: MediaType
    ) -> tuple[Checksums, FileContent] | Failed:
        """Read once: three checksums, the copy, and the bytes for the parsers."""
        copy = self.staging.copy(job.token)
        hashes = (hashlib.sha256(), hashlib.sha1(), hashlib.md5())  # noqa: S324 - names, not secrets
        whole = b""
        most = _most_in_memory(job.care)
        in_memory = file.stamp.size <= most and media_type.family is not Family.VIDEO
        try:
            for chunk in file.chunks(file.stamp.size if in_memory else _CHUNK):
                for each in hashes:
                    each.update(chunk)
                copy.write(chunk)
                if in_memory:
                    whole = whole + chunk if whole else chunk
            changed = file.changed()
        except _SourceError as error:
            copy.drop()
            return Failed("unreadable", str(error))
        if changed:
            copy.drop()
            return _CHANGED
        copy.keep(file.stamp.mtime_ns)
        sha256, sha1, md5 = (each.hexdigest() for each in hashes)
        content = FileContent(file.stamp.size, copy.open, whole if in_memory else None, most)
        return Checksums(parse_digest(sha256), sha1, md5), content

    def _read(
        self, job: InspectJob, media_type: MediaType, content: FileContent, stamp: FileStamp
    ) -> Metadata:
        reader = self.reader if job.care < Care.NO_NATIVE_CODE else self.careful_reader
        return reader.read(content, media_type, job.candidate.name, stamp.mtime_ns)

    def _render(
        self, job: InspectJob, media_type: MediaType, content: FileContent, metadata: Metadata
    ) -> tuple[tuple[RenditionEntry, ...], Unrenderable | None]:
        if job.warning is not None:
            return (), job.warning
        if media_type.family is Family.COMPANION:
            return (), None
        made = self.renderer.render(content, media_type, metadata.orientation, self.specs)
        match made:
            case Unrenderable():
                return (), made
            case Rendered(pictures):
                for picture in pictures:
                    self.thumbs.stage(job.token, picture.name, picture.jpeg)
                return tuple(
                    RenditionEntry(p.name, p.width, p.height, len(p.jpeg)) for p in pictures
                ), None


class _SourceError(OSError):
    """The source could not be read to the end."""


_CHANGED = Failed(
    "changed_while_reading", "the file changed while it was read; the next run takes it"
)


@dataclass(frozen=True, slots=True)
class _File:
    """An open candidate and the stamp it had when it was opened."""

    fd: int
    status: os.stat_result
    stamp: FileStamp

    def __init__(self, fd: int) -> None:
        status = os.fstat(fd)
        object.__setattr__(self, "fd", fd)
        object.__setattr__(self, "status", status)
        object.__setattr__(self, "stamp", FileStamp.of(status))

    def refusal(self) -> Rejected | None:
        """Tell what is wrong with the file before its content is read."""
        if not _is_regular(self.status):
            return Rejected("special_file", "not a regular file", self.stamp)
        if self.stamp.size == 0:
            return Rejected("empty", "the file holds no bytes", self.stamp)
        if self._is_placeholder():
            return Rejected(
                "placeholder", "the file has a size but no data on the disk", self.stamp
            )
        return None

    def _is_placeholder(self) -> bool:
        if self.status.st_blocks or self.stamp.size <= _INLINE:
            return False
        try:
            os.lseek(self.fd, 0, os.SEEK_DATA)
        except OSError as error:
            # Other errors come from file systems that cannot tell where data is.
            return error.errno == errno.ENXIO
        return False

    def head(self) -> bytes:
        return os.pread(self.fd, HEAD, 0)

    def read_at(self, offset: int, length: int) -> bytes:
        """Give at most that many bytes; none beyond the end."""
        return os.pread(self.fd, length, offset) if offset < self.stamp.size else b""

    def known(self, job: InspectJob) -> Known | Failed | None:
        """Hash first when the archive holds originals of exactly this size."""
        if not job.known:
            return None
        whole = hashlib.sha256()
        for chunk in self.chunks(_CHUNK):
            whole.update(chunk)
        digest = parse_digest(whole.hexdigest())
        if digest not in job.known:
            return None
        return _CHANGED if self.changed() else Known(digest, self.stamp)

    def chunks(self, length: int) -> Iterator[bytes]:
        """Give all bytes up to the size the file had when it was opened, and no more.

        Each piece has at most ``length`` bytes; a network file system may give fewer.
        """
        offset = 0
        while offset < self.stamp.size:
            try:
                chunk = os.pread(self.fd, min(length, self.stamp.size - offset), offset)
            except OSError as error:
                raise _SourceError(_why(error)) from error
            if not chunk:
                return
            offset += len(chunk)
            yield chunk

    def changed(self) -> bool:
        return FileStamp.of(os.fstat(self.fd)) != self.stamp


def _open(job: InspectJob) -> int:
    """Open without ever waiting on a FIFO, or following a link that was none when listed."""
    candidate: Candidate = job.candidate
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    if not candidate.is_link:
        flags |= os.O_NOFOLLOW
    return os.open(job.root + b"/" + candidate.path, flags)


def _not_opened(error: OSError) -> Failed:
    match error.errno:
        case errno.ENOENT:
            return Failed("vanished", "the file was gone before it could be read")
        case errno.ELOOP:  # listed as a file, it has become a link meanwhile
            return _CHANGED
        case _:
            return Failed("unreadable", _why(error))


def _most_in_memory(care: Care) -> int:
    return _IN_MEMORY_WITH_CARE if care is Care.NO_NATIVE_CODE else _IN_MEMORY


def _is_regular(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode)


def _unrecognised(found: Unsupported | None, stamp: FileStamp) -> Rejected:
    if found is None:
        return Rejected("not_a_picture", "the content is of no known picture type", stamp)
    return Rejected("unsupported_format", f"{found.name} is not taken in yet", stamp)


def _why(error: OSError) -> str:
    return error.strerror or str(error)
