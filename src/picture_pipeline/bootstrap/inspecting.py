"""What a worker process is made of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from picture_pipeline.bootstrap.asking_immich import ImmichKey, immich_bytes
from picture_pipeline.config import Config
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.model.candidate import Way
from picture_pipeline.model.inspected import Inspected, InspectJob
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.store import OriginalStore
from picture_pipeline.ports import Content
from picture_pipeline.workers.limits import memory_limit, time_limit

PRELOAD = ("picture_pipeline.bootstrap.warm",)
"""What the fork server imports once for all workers."""

_GIB = 1 << 30
_FREE_MIB = 16
_SECONDS_PER_MIB = 0.25
_ORDINARY_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one file may cost."""

    memory: int
    """Bytes."""
    seconds: float
    max_pixels: int

    @contextmanager
    def for_picture(self, size: int, pixels: int) -> Iterator[None]:
        """Hold the limits while bytes are parsed or a picture is decoded.

        Very large ones get more: time by their bytes, time and memory by their
        pixels, which decoders may need four times over.
        """
        larger = max(1.0, min(pixels, self.max_pixels) / _ORDINARY_PIXELS)
        extra = max(0, (size >> 20) - _FREE_MIB) * _SECONDS_PER_MIB
        with memory_limit(int(self.memory * larger)), time_limit(self.seconds * larger + extra):
            yield


def limits_of(config: Config) -> WorkerLimits:
    """Take the limits from the configuration."""
    limits = config.storage.import_
    return WorkerLimits(
        memory=int(limits.memory_limit_gb * _GIB),
        seconds=float(limits.time_limit_seconds),
        max_pixels=int(limits.max_megapixels * 1_000_000),
    )


def _opener(root: Path) -> Callable[[str], int]:
    """Give what opens originals of the archive; the archive itself is opened when first needed."""

    @cache
    def store() -> OriginalStore:
        archive = ArchiveHandle.open(root)
        return OriginalStore(archive, Incoming(archive))

    return lambda path: store().open_original(path)


def deep_reader(limits: WorkerLimits) -> Callable[[Content, MediaType], Evidence]:
    """Make, in a worker, the reader that asks exiftool; it gets a part of a file's time."""
    from picture_pipeline.metadata.deep import DeepReader  # noqa: PLC0415 - worker only

    return DeepReader(seconds=limits.seconds / 3)


@dataclass(frozen=True, slots=True)
class InspectorRecipe:
    """Makes an Inspector inside a worker; small, because it is sent there."""

    archive: Path
    staging: str
    thumbs: Path
    specs: tuple[RenditionSpec, ...]
    limits: WorkerLimits
    deep_reader: bool = False
    immich: ImmichKey = field(default_factory=ImmichKey)

    def __call__(self) -> Callable[[InspectJob], Inspected]:
        """Import the decoders, open the run's folders, set the limits."""
        from picture_pipeline.metadata.completeness import (  # noqa: PLC0415 - worker only
            find_missing,
        )
        from picture_pipeline.metadata.picture_data import (  # noqa: PLC0415 - worker only
            picture_digest,
        )
        from picture_pipeline.metadata.quick import quick_metadata  # noqa: PLC0415 - worker only
        from picture_pipeline.metadata.reader import (  # noqa: PLC0415 - worker only
            CarefulReader,
            FileReader,
        )
        from picture_pipeline.metadata.recognition.recognise import recognise  # noqa: PLC0415 - worker only
        from picture_pipeline.metadata.sidecar import render_sidecar  # noqa: PLC0415 - worker only
        from picture_pipeline.originals.staging import StagingArea  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.pdq import hash_rendered  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.still import StillRenderer  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.tree import RenditionTree  # noqa: PLC0415 - worker only
        from picture_pipeline.sources.iphone_usb import open_mounted  # noqa: PLC0415 - worker only
        from picture_pipeline.sources.zip_members import MemberOpener  # noqa: PLC0415 - worker only
        from picture_pipeline.workflows.inspect import Inspector  # noqa: PLC0415 - worker only
        from picture_pipeline.workflows.tie import Tier  # noqa: PLC0415 - worker only

        return Inspector(
            recognise=recognise,
            reader=FileReader(deep=deep_reader(self.limits) if self.deep_reader else None),
            careful_reader=CarefulReader(),
            renderer=StillRenderer(max_pixels=self.limits.max_pixels),
            specs=self.specs,
            staging=StagingArea.open(self.archive, self.staging),
            thumbs=RenditionTree(self.thumbs, self.specs),
            sidecar=render_sidecar,
            quick=quick_metadata,
            incomplete=find_missing,
            tier=Tier(_opener(self.archive), picture_digest),
            openers={
                Way.MOUNTED: open_mounted,
                Way.ZIP: MemberOpener(self.thumbs),
                Way.IMMICH: immich_bytes(self.immich, self.thumbs),
            },
            limits=self.limits.for_picture,
            hash_picture=partial(hash_rendered, self.specs),
        )
