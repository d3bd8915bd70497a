"""Look at one candidate without taking it in: read it once, and write nothing. Runs in a worker."""

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from picture_pipeline.model.candidate import Way
from picture_pipeline.model.digest import Digest, parse_digest
from picture_pipeline.model.inspected import (
    Care,
    Failed,
    InspectJob,
    Known,
    OpenedFile,
    Rejected,
)
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.looked import Looked
from picture_pipeline.model.media import Family, MediaType, Unsupported
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.rendition import Rendered, RenditionSpec, Unrenderable
from picture_pipeline.ports import Content, MetadataReader, Renderer
from picture_pipeline.workflows.candidate_file import (
    CHANGED,
    CHUNK,
    CandidateFile,
    SourceError,
    not_opened,
    open_candidate,
    why,
)
from picture_pipeline.workflows.contents import FileContent, parsing_weight, pixels_of
from picture_pipeline.workflows.likenesses import likeness_of_candidate

LookResult = Looked | Known | Rejected | Failed
_IN_MEMORY = 1 << 30


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture at the size that is hashed."""

    jpeg: bytes
    hash: PictureHash | None
    gray: bytes


@dataclass(frozen=True, slots=True)
class Looker:
    """What a worker needs for looking."""

    recognise: Callable[
        [bytes, bytes, int, Callable[[int, int], bytes]], MediaType | Unsupported | None
    ]
    reader: MetadataReader
    careful_reader: MetadataReader
    renderer: Renderer
    spec: RenditionSpec
    """Of the rendition that is hashed."""
    hash_jpeg: Callable[[bytes], PictureHash | None]
    gray_of: Callable[[bytes], bytes]
    incomplete: Callable[[Content, MediaType], str | None]
    openers: Mapping[Way, Callable[[InspectJob], OpenedFile | Failed | Rejected]]
    limits: Callable[[int, int], AbstractContextManager[None]]
    """All as the Inspector's."""

    def __call__(self, job: InspectJob) -> LookResult:
        """Look; bytes that the archive holds are not looked at any further."""
        opened = self._open(job)
        if not isinstance(opened, OpenedFile):
            return opened
        try:
            return self._look(job, CandidateFile(opened))
        except OSError as error:
            return Failed("unreadable", why(error))
        finally:
            os.close(opened.fd)

    def _open(self, job: InspectJob) -> OpenedFile | Failed | Rejected:
        within = job.candidate.within
        try:
            return self.openers[within.way](job) if within else open_candidate(job)
        except OSError as error:
            return not_opened(error)

    def _look(self, job: InspectJob, file: CandidateFile) -> LookResult:
        refusal = file.refusal()
        if refusal is not None:
            return refusal
        media_type = self.recognise(file.head(), job.candidate.name, file.stamp.size, file.read_at)
        if not isinstance(media_type, MediaType):
            return _unrecognised(media_type, file)
        read = _read(file, media_type)
        if isinstance(read, Failed):
            return read
        digest, content = read
        with content:
            if digest in job.known:
                return Known(digest, file.stamp)
            return self._compare(job, file, media_type, digest, content)

    def _compare(
        self,
        job: InspectJob,
        file: CandidateFile,
        media_type: MediaType,
        digest: Digest,
        content: FileContent,
    ) -> Looked:
        """Learn from the bytes what a comparison needs."""
        weight = parsing_weight(content, media_type)
        with self._limit(job, weight, 0):
            metadata = self._metadata(job, file, media_type, content)
            missing = self._missing(job, content, media_type)
        with self._limit(job, weight, pixels_of(metadata)):
            drawing = self._draw(job, media_type, content, metadata)
        likeness = likeness_of_candidate(digest, file.stamp.size, media_type, metadata)
        drawn = isinstance(drawing, Drawing)
        return Looked(
            replace(
                likeness,
                incomplete=missing is not None,
                decodes=drawn or media_type.family is Family.COMPANION,
                hash=drawing.hash if isinstance(drawing, Drawing) else None,
                gray=drawing.gray if isinstance(drawing, Drawing) else b"",
            ),
            file.stamp,
        )

    def _metadata(
        self, job: InspectJob, file: CandidateFile, media_type: MediaType, content: FileContent
    ) -> Metadata:
        careful = job.care is Care.NO_NATIVE_CODE
        reader = self.careful_reader if careful else self.reader
        return reader.read(content, media_type, job.candidate.name, file.stamp.mtime_ns)

    def _missing(self, job: InspectJob, content: FileContent, media_type: MediaType) -> str | None:
        return None if job.care is Care.NO_NATIVE_CODE else self.incomplete(content, media_type)

    def _draw(
        self, job: InspectJob, media_type: MediaType, content: FileContent, metadata: Metadata
    ) -> Drawing | None:
        if job.care is not Care.NONE or media_type.family is Family.COMPANION:
            return None
        made = self.renderer.render(content, media_type, metadata.orientation, (self.spec,))
        match made:
            case Rendered((picture,)):
                jpeg = picture.jpeg
                return Drawing(jpeg, self.hash_jpeg(jpeg), self.gray_of(jpeg))
            case Rendered() | Unrenderable():
                return None

    def _limit(self, job: InspectJob, size: int, pixels: int) -> AbstractContextManager[None]:
        if job.care is Care.NO_NATIVE_CODE:
            return nullcontext()
        return self.limits(size, pixels)

    def draw(self, job: InspectJob) -> bytes:
        """Give a candidate's picture as a JPEG of the size that is hashed; empty without one."""
        opened = self._open(job)
        if not isinstance(opened, OpenedFile):
            return b""
        try:
            return self._drawn(job, CandidateFile(opened))
        except OSError:
            return b""
        finally:
            os.close(opened.fd)

    def _drawn(self, job: InspectJob, file: CandidateFile) -> bytes:
        media_type = self.recognise(file.head(), job.candidate.name, file.stamp.size, file.read_at)
        if not isinstance(media_type, MediaType):
            return b""
        with FileContent(file.stamp.size, lambda: os.dup(file.fd)) as content:
            with self._limit(job, parsing_weight(content, media_type), 0):
                metadata = self._metadata(job, file, media_type, content)
            with self._limit(job, parsing_weight(content, media_type), pixels_of(metadata)):
                drawing = self._draw(job, media_type, content, metadata)
        return drawing.jpeg if drawing else b""


def _read(file: CandidateFile, media_type: MediaType) -> tuple[Digest, FileContent] | Failed:
    """Read a candidate once: its digest, and its bytes for the parsers where they fit."""
    digest = hashlib.sha256()
    in_memory = file.stamp.size <= _IN_MEMORY and media_type.family is not Family.VIDEO
    parts: list[bytes] = []
    try:
        for chunk in file.chunks(file.stamp.size if in_memory else CHUNK):
            digest.update(chunk)
            if in_memory:
                parts.append(chunk)
        changed = file.changed()
    except SourceError as error:
        return Failed("unreadable", str(error))
    if changed:
        return CHANGED
    whole = (parts[0] if len(parts) == 1 else b"".join(parts)) if in_memory else None
    content = FileContent(file.stamp.size, lambda: os.dup(file.fd), whole)
    return parse_digest(digest.hexdigest()), content


def _unrecognised(found: Unsupported | None, file: CandidateFile) -> Rejected:
    if found is None:
        return Rejected("not_a_picture", "the content is of no known picture type", file.stamp)
    return Rejected("unsupported_format", f"{found.name} is not taken in yet", file.stamp)
