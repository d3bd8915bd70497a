"""Render originals of the archive whose renditions are missing or damaged."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count, islice

from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.digest import Checksums, Digest
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.original import Original
from picture_pipeline.model.rendition import Rendered, RenditionEntry, RenditionSpec, Unrenderable
from picture_pipeline.ports import (
    GivenUp,
    LocalRenditionBooks,
    LocalRenditions,
    MetadataReader,
    Progress,
    Renderer,
    RenditionPublisher,
    RenditionStaging,
    Workers,
)
from picture_pipeline.workflows.contents import FileContent, parsing_weight, pixels_of
from picture_pipeline.workflows.conveyor import (
    Again,
    Conveyor,
    Settled,
    TryAgain,
    is_first_kill,
    why_unrenderable,
)

_CHUNK = 1 << 20
_LOOK_AT_ONCE = 500
_BATCH = 64
_BATCH_SECONDS = 2.0
_UNDER_WAY_PER_WORKER = 16
_METADATA = "metadata"
_CHANGED = "the archive's bytes are not those that were taken in; restore them from a backup"
_BROKEN = frozenset(("missing_original", "changed_original"))


@dataclass(frozen=True, slots=True)
class RenderJob:
    """An original on its way into a worker."""

    token: str
    digest: Digest
    sha1: str
    md5: str
    path: str
    media_type: MediaType
    original_name: bytes


@dataclass(frozen=True, slots=True)
class RenderDone:
    """What is staged now; ``unrenderable`` when nothing could be made."""

    renditions: tuple[RenditionEntry, ...]
    unrenderable: Unrenderable | None = None


@dataclass(frozen=True, slots=True)
class Redraw:
    """Reads one original, makes all its renditions, stages them. Runs in a worker."""

    open_original: Callable[[str], int]
    """Gives a descriptor for reading what lies at a path of the archive."""
    reader: MetadataReader
    renderer: Renderer
    specs: tuple[RenditionSpec, ...]
    thumbs: RenditionStaging
    quick: Callable[[Checksums, int, MediaType, Metadata, bytes], bytes]
    limits: Callable[[int, int], AbstractContextManager[None]]
    """As the Inspector's."""

    def __call__(self, job: RenderJob) -> RenderDone:
        """Render; raises ArchiveUnavailable and LocalDiskUnavailable."""
        try:
            fd = self.open_original(job.path)
        except IntegrityError as error:
            return RenderDone((), Unrenderable("missing_original", str(error)))
        status = os.fstat(fd)
        in_memory = job.media_type.family is not Family.VIDEO
        with FileContent(status.st_size, lambda: fd) as content:
            _ = content.path  # from here on it closes the file
            if _digest(content, whole=in_memory and content.fits) != job.digest:
                return RenderDone((), Unrenderable("changed_original", _CHANGED))
            return self._redraw(job, content, status.st_mtime_ns)

    def _redraw(self, job: RenderJob, content: FileContent, mtime_ns: int) -> RenderDone:
        media_type, name = job.media_type, job.original_name
        weight = parsing_weight(content, media_type)
        with self.limits(weight, 0):
            metadata = self.reader.read(content, media_type, name, mtime_ns)
        quick = self.quick(
            Checksums(job.digest, job.sha1, job.md5), content.size, media_type, metadata, name
        )
        self.thumbs.stage(job.token, _METADATA, quick)
        if media_type.family is Family.COMPANION:
            return RenderDone(())
        with self.limits(weight, pixels_of(metadata)):
            made = self.renderer.render(content, media_type, metadata.orientation, self.specs)
        match made:
            case Unrenderable():
                return RenderDone((), made)
            case Rendered(pictures):
                for picture in pictures:
                    self.thumbs.stage(job.token, picture.name, picture.jpeg)
                return RenderDone(
                    tuple(RenditionEntry(p.name, p.width, p.height, len(p.jpeg)) for p in pictures)
                )


def _digest(content: FileContent, *, whole: bool) -> str:
    """Hash an original; ``whole`` keeps its bytes for the decoders, so that it is read once."""
    if whole:
        return hashlib.sha256(content.whole()).hexdigest()
    found = hashlib.sha256()
    for offset in range(0, content.size, _CHUNK):
        found.update(content.read_at(offset, _CHUNK))
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class RenderReport:
    """How a run of ``generate-thumbs`` ended."""

    looked_at: int
    sound: int
    made: int
    given_up: int
    """Not tried: an earlier try with this renderer could not decode them."""
    failed: tuple[tuple[Digest, Unrenderable], ...]
    seconds: float
    interrupted: bool = False

    @property
    def integrity_broken(self) -> bool:
        """Whether an original is missing in the archive, or no longer what it was."""
        return any(why.reason in _BROKEN for _, why in self.failed)


@dataclass(slots=True)
class Render:
    """One run over the whole catalog; make a new one for each run."""

    originals: Callable[[], Iterable[Original]]
    tree: LocalRenditions
    publisher: RenditionPublisher
    books: LocalRenditionBooks
    given_up: GivenUp
    workers: Workers[RenderJob, RenderDone]
    worker_count: int
    renderer: int
    names: tuple[str, ...]
    staging: str
    progress: Progress
    seconds: Callable[[], float]
    stopping: Callable[[], bool]
    _batch: list[tuple[RenderJob, RenderDone]] = field(default_factory=list)
    _last_publish: float = 0.0
    _figures: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("looked_at", "sound", "made", "given_up"), 0)
    )
    _failed: list[tuple[Digest, Unrenderable]] = field(default_factory=list)

    def run(self, *, everything: bool) -> RenderReport:
        """Make what is missing; ``everything`` also retries what was given up.

        Raises ArchiveUnavailable, CatalogUnavailable, LocalDiskUnavailable.
        What was made until then stays, so the next run goes on.
        """
        began = self._last_publish = self.seconds()
        conveyor = Conveyor(self.workers, self.worker_count * _UNDER_WAY_PER_WORKER, self._again)
        for job in self._jobs(everything=everything):
            for done in conveyor.put(job):
                self._take(*done)
        if self.stopping():
            conveyor.call_off()
        for done in conveyor.drain():
            self._take(*done)
        self._publish()
        return RenderReport(
            **self._figures,
            failed=tuple(self._failed),
            seconds=self.seconds() - began,
            interrupted=self.stopping(),
        )

    def _jobs(self, *, everything: bool) -> Iterator[RenderJob]:
        numbers = count()
        originals = iter(self.originals())
        while chunk := list(islice(originals, _LOOK_AT_ONCE)):
            left = self._wanting(chunk, everything=everything)
            for original in left:
                if self.stopping():
                    return
                yield _job(original, f"{self.staging}-{next(numbers)}")

    def _wanting(self, chunk: list[Original], *, everything: bool) -> list[Original]:
        """Find those with something missing; book the renditions that are found sound."""
        found = {o.digest: self.tree.sound(o.digest) for o in chunk}
        whole = {o.digest for o in chunk if self._names_of(o) <= found[o.digest].keys()}
        whole = {d for d in whole if self.tree.has_metadata(d)}
        self.books.record({d: tuple(found[d].values()) for d in whole}, {}, self.renderer)
        rest = [o for o in chunk if o.digest not in whole]
        hopeless = (
            frozenset()
            if everything
            else self.given_up.given_up([o.digest for o in rest], self.renderer)
        )
        hopeless = frozenset(filter(self.tree.has_metadata, hopeless))  # which needs no decoder
        self._figures["looked_at"] += len(chunk)
        self._figures["sound"] += len(whole)
        self._figures["given_up"] += len(hopeless)
        self.progress.advance(len(whole) + len(hopeless), 0)
        return [o for o in rest if o.digest not in hopeless]

    def _names_of(self, original: Original) -> frozenset[str]:
        """Give the renditions an original ought to have: of a companion there is no picture."""
        return frozenset(() if original.family == Family.COMPANION else self.names)

    def _again(
        self, job: RenderJob, attempt: int, error: Exception
    ) -> Again[RenderJob, RenderDone]:
        self.publisher.discard(job.token)
        if is_first_kill(error, attempt):
            return TryAgain(job)
        return Settled(RenderDone((), why_unrenderable(error)))

    def _take(self, job: RenderJob, done: RenderDone) -> None:
        self._batch.append((job, done))
        overdue = self.seconds() - self._last_publish > _BATCH_SECONDS
        if len(self._batch) >= _BATCH or overdue:
            self._publish()

    def _publish(self) -> None:
        self._last_publish = self.seconds()
        batch, self._batch = self._batch, []
        if not batch:
            return
        self.publisher.publish_all(
            [(j.token, j.digest, [_METADATA, *(r.name for r in d.renditions)]) for j, d in batch]
        )
        failed = {j.digest: d.unrenderable for j, d in batch if d.unrenderable is not None}
        self.books.record(
            {j.digest: d.renditions for j, d in batch if d.renditions}, failed, self.renderer
        )
        for digest in failed:
            self.books.forget(digest, self.names)
        self._failed.extend(failed.items())
        self._figures["made"] += len(batch) - len(failed)
        self.progress.advance(len(batch), sum(r.size for _, d in batch for r in d.renditions))


def _job(original: Original, token: str) -> RenderJob:
    return RenderJob(
        token=token,
        digest=original.digest,
        sha1=original.sha1,
        md5=original.md5,
        path=original.path,
        media_type=MediaType(
            original.media_type, original.path.rpartition(".")[2], Family(original.family)
        ),
        original_name=original.original_name,
    )
