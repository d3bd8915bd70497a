"""Inspect one candidate: read it once, stage it, describe it, render it. Runs in a worker."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from picture_pipeline.model.candidate import FileStamp, Way
from picture_pipeline.model.digest import Checksums, parse_digest
from picture_pipeline.model.inspected import (
    Care,
    Failed,
    Inspected,
    InspectJob,
    Known,
    OpenedFile,
    Postponed,
    Rejected,
    Staged,
    other_bytes,
)
from picture_pipeline.model.likeness import PictureHash
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
    StagedFile,
    Staging,
)
from picture_pipeline.workflows.candidate_file import (
    CHANGED,
    CHUNK,
    CandidateFile,
    SourceError,
    not_opened,
    open_candidate,
    why,
)
from picture_pipeline.workflows.contents import (
    FileContent,
    in_memory,
    parsing_weight,
    pixels_of,
)
from picture_pipeline.workflows.flat import name_of
from picture_pipeline.workflows.tie import Tier

_LOG = logging.getLogger(__name__)

_ZIP_HINT = "; to take in what a zip holds, name the zip itself, or use --source takeout"
_IN_MEMORY = 1 << 30
"""Larger files are archived, but no parser is given their bytes."""
_IN_MEMORY_WITH_CARE = 1 << 24
"""The same after parsers crashed, perhaps for want of memory."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What one decode gave."""

    renditions: tuple[RenditionEntry, ...] = ()
    unrenderable: Unrenderable | None = None
    picture_hash: PictureHash | None = None


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
    tier: Tier
    openers: Mapping[Way, Callable[[InspectJob], OpenedFile | Failed | Rejected]]
    """For candidates within something else; each may raise OSError."""
    limits: Callable[[int, int], AbstractContextManager[None]]
    """Given bytes and pixels: in the block memory is limited, and time ends the process."""
    hash_picture: Callable[[Rendered], PictureHash | None]
    """Hashes the upright picture; None where it cannot."""

    def __call__(self, job: InspectJob) -> Inspected:
        """Inspect; raises ArchiveUnavailable when the archive cannot be written."""
        within = job.candidate.within
        try:
            opened = self.openers[within.way](job) if within else open_candidate(job)
        except OSError as error:
            return not_opened(error)
        if isinstance(opened, Failed | Rejected):
            return opened
        try:
            return self._inspect(job, CandidateFile(opened))
        finally:
            self.staging.rest()
            os.close(opened.fd)

    def _inspect(self, job: InspectJob, file: CandidateFile) -> Inspected:
        refusal = file.refusal(job.earlier)
        if refusal is not None:
            return refusal
        try:
            head = file.head()
            media_type = self.recognise(head, job.candidate.name, file.stamp.size, file.read_at)
            if not isinstance(media_type, MediaType):
                return _unrecognised(media_type, file.stamp, job.candidate.name)
            settled = self._settled(job, file, media_type)
        except OSError as error:
            return Failed("unreadable", why(error))
        return settled or self._take_in(job, file, media_type)

    def _settled(
        self, job: InspectJob, file: CandidateFile, media_type: MediaType
    ) -> Inspected | None:
        """Say what becomes of a candidate that need not, or must not, be copied now."""
        known = file.known(job)
        if isinstance(known, Known):
            return self._known_again(job, file, media_type, known)
        if known is not None:
            return known
        if job.candidate.whole_only and (missing := self._missing(job, file, media_type)):
            return Postponed(f"cut short so far: {missing}")
        return None

    def _missing(self, job: InspectJob, file: CandidateFile, media_type: MediaType) -> str | None:
        """Say in what way a candidate is cut short, before anything is copied."""
        if job.care is Care.NO_NATIVE_CODE:
            return None
        with (
            FileContent(file.stamp.size, lambda: os.dup(file.fd)) as content,
            self._limit(job, parsing_weight(content, media_type), 0),
        ):
            return self.incomplete(content, media_type)

    def _known_again(
        self, job: InspectJob, file: CandidateFile, media_type: MediaType, known: Known
    ) -> Inspected:
        """Say what bytes that are archived already are to those that lay here before."""
        if job.earlier is None or job.care is Care.NO_NATIVE_CODE:
            return known
        with (
            FileContent(file.stamp.size, lambda: os.dup(file.fd)) as content,
            self._limit(job, parsing_weight(content, media_type), 0),
        ):
            incomplete = self.incomplete(content, media_type) is not None
            tied = self.tier.tie(job.earlier, content, media_type, None, incomplete=incomplete)
        return replace(known, tied=tied)

    def _take_in(self, job: InspectJob, file: CandidateFile, media_type: MediaType) -> Inspected:
        copied = self._copy(job, file, media_type)
        if isinstance(copied, Failed):
            return copied
        checksums, content = copied
        with content:
            weight = parsing_weight(content, media_type)
            with self._limit(job, weight, 0):
                metadata = self._read(job, media_type, content, file.stamp)
                incomplete = self.incomplete(content, media_type)
                tied = self.tier.tie(
                    job.earlier,
                    content,
                    media_type,
                    metadata.content_identifier,
                    incomplete=incomplete is not None,
                )
            self._describe(job, checksums, media_type, metadata, file.stamp.size)
            with self._limit(job, weight, pixels_of(metadata)):
                drawn = self._render(job, media_type, content, metadata)
        self.staging.settle()
        return Staged(
            checksums=checksums,
            stamp=file.stamp,
            media_type=media_type,
            metadata=metadata,
            renditions=drawn.renditions,
            unrenderable=drawn.unrenderable,
            incomplete=incomplete,
            tied=tied,
            picture_hash=drawn.picture_hash,
        )

    def _describe(
        self,
        job: InspectJob,
        checksums: Checksums,
        media_type: MediaType,
        metadata: Metadata,
        size: int,
    ) -> None:
        name = name_of(job.candidate)
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
        self, job: InspectJob, file: CandidateFile, media_type: MediaType
    ) -> tuple[Checksums, FileContent] | Failed:
        """Read once: three checksums, the copy, and the bytes for the parsers."""
        copy = self.staging.copy(job.token)
        hashes = (hashlib.sha256(), hashlib.sha1(), hashlib.md5())  # noqa: S324 - names, not secrets
        most = _most_in_memory(job.care)
        in_memory = file.stamp.size <= most and media_type.family is not Family.VIDEO
        whole = b""
        try:
            for chunk in self._pieces(file, copy, file.stamp.size if in_memory else CHUNK):
                for each in hashes:
                    each.update(chunk)
                if in_memory:
                    whole = whole + chunk if whole else chunk
            changed = file.changed()
        except SourceError as error:
            copy.drop()
            return Failed("unreadable", str(error))
        if changed:
            copy.drop()
            return CHANGED
        sha256, sha1, md5 = (each.hexdigest() for each in hashes)
        if job.candidate.sha1 not in {None, sha1}:
            copy.drop()
            return other_bytes(job.candidate, sha1)
        copy.keep(file.stamp.mtime_ns)
        content = FileContent(file.stamp.size, copy.open, whole if in_memory else None, most)
        return Checksums(parse_digest(sha256), sha1, md5), content

    @staticmethod
    def _pieces(file: CandidateFile, copy: StagedFile, length: int) -> Iterator[bytes]:
        """Give the bytes once, as the copy has them: written from here, or shared with the source.

        Shared ones are read where they lie now, and nobody writes any more.
        """
        if file.can_be_shared and copy.clone(file.fd):
            shared = copy.open()
            try:
                yield from file.chunks(length, shared)
            finally:
                os.close(shared)
            return
        for chunk in file.chunks(length):
            copy.write(chunk)
            yield chunk

    def _read(
        self, job: InspectJob, media_type: MediaType, content: FileContent, stamp: FileStamp
    ) -> Metadata:
        name = job.candidate.name
        if job.care < Care.NO_NATIVE_CODE:
            return self.reader.read(content, media_type, name, stamp.mtime_ns)
        try:
            return self.careful_reader.read(content, media_type, name, stamp.mtime_ns)
        except Exception:  # noqa: BLE001 - border: the bytes must get in
            _LOG.exception("%s could not be read with care either", media_type.name)
            return self.careful_reader.read(in_memory(b""), media_type, name, stamp.mtime_ns)

    def _render(
        self, job: InspectJob, media_type: MediaType, content: FileContent, metadata: Metadata
    ) -> "_Drawn":
        if job.warning is not None:
            return _Drawn(unrenderable=job.warning)
        if media_type.family is Family.COMPANION:
            return _Drawn()
        made = self.renderer.render(content, media_type, metadata.orientation, self.specs)
        match made:
            case Unrenderable():
                return _Drawn(unrenderable=made)
            case Rendered(pictures):
                for picture in pictures:
                    self.thumbs.stage(job.token, picture.name, picture.jpeg)
                return _Drawn(
                    tuple(RenditionEntry(p.name, p.width, p.height, len(p.jpeg)) for p in pictures),
                    picture_hash=self.hash_picture(made),
                )


def _most_in_memory(care: Care) -> int:
    return _IN_MEMORY_WITH_CARE if care is Care.NO_NATIVE_CODE else _IN_MEMORY


def _unrecognised(found: Unsupported | None, stamp: FileStamp, name: bytes) -> Rejected:
    if found is None:
        hint = _ZIP_HINT if name.lower().endswith(b".zip") else ""
        return Rejected("not_a_picture", f"the content is of no known picture type{hint}", stamp)
    return Rejected("unsupported_format", f"{found.name} is not taken in yet", stamp)
