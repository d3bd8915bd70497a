"""Everything that ``consolidate`` and ``duplicates`` need, opened and closed in order."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_catalog, utc_now
from picture_pipeline.bootstrap.arriving import arrive, open_source
from picture_pipeline.bootstrap.asking_immich import ImmichKey, immich_bytes, immich_key
from picture_pipeline.bootstrap.inspecting import PRELOAD, WorkerLimits, deep_reader, limits_of
from picture_pipeline.bootstrap.naming import (
    choose_sources,
    named_sources,
    never_entered,
    own_folders,
    refuse_own,
)
from picture_pipeline.bootstrap.proving import ArchivedBeginnings
from picture_pipeline.catalog.candidates import SqlLookBooks
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.compared import SqlComparedArchive
from picture_pipeline.catalog.duplicates import exact_duplicates
from picture_pipeline.catalog.hashes import count_unhashed, note_hashes, unhashed
from picture_pipeline.catalog.source_rows import all_sources
from picture_pipeline.config import Config
from picture_pipeline.errors import Unavailable, UsageError
from picture_pipeline.metadata.recognition.recognise import RECOGNISER_VERSION
from picture_pipeline.model.candidate import Candidate, SourceName, SourceSpec, Way, printable
from picture_pipeline.model.consolidation import Consolidated
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.duplicates import Duplicates
from picture_pipeline.model.inspected import InspectJob
from picture_pipeline.model.looked import Surveyed
from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.originals.reader import BoundedReader
from picture_pipeline.ports import Progress, Source
from picture_pipeline.renditions.pdq import hashed_spec
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.sources.kinds import FALLBACK, KINDS, kind_of_address
from picture_pipeline.workers.pool import WorkerPool
from picture_pipeline.workers.reading import FileReaders
from picture_pipeline.workflows.beginnings import HashBeginnings
from picture_pipeline.workflows.compare import Comparison
from picture_pipeline.workflows.duplicates import find_near
from picture_pipeline.workflows.hash_pictures import Hashes, HashJob, HashPictures, ThumbHasher
from picture_pipeline.workflows.look import Looker, LookResult
from picture_pipeline.workflows.survey import Survey

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LookerRecipe:
    """Makes a Looker inside a worker."""

    spec: RenditionSpec
    limits: WorkerLimits
    scratch: Path
    """Where nameless files may lie while members of zips are looked at."""
    immich: ImmichKey
    deep_reader: bool = False

    def __call__(self) -> Looker:
        """Import the decoders, set the limits."""
        from picture_pipeline.metadata.completeness import (  # noqa: PLC0415 - worker only
            find_missing,
        )
        from picture_pipeline.metadata.reader import (  # noqa: PLC0415 - worker only
            CarefulReader,
            FileReader,
        )
        from picture_pipeline.metadata.recognition.recognise import recognise  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.pdq import gray_of, hash_jpeg  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.still import StillRenderer  # noqa: PLC0415 - worker only
        from picture_pipeline.sources.iphone_usb import open_mounted  # noqa: PLC0415 - worker only
        from picture_pipeline.sources.zip_members import MemberOpener  # noqa: PLC0415 - worker only

        return Looker(
            recognise=recognise,
            reader=FileReader(deep=deep_reader(self.limits) if self.deep_reader else None),
            careful_reader=CarefulReader(),
            renderer=StillRenderer(max_pixels=self.limits.max_pixels),
            spec=self.spec,
            hash_jpeg=hash_jpeg,
            gray_of=gray_of,
            incomplete=find_missing,
            openers={
                Way.MOUNTED: open_mounted,
                Way.ZIP: MemberOpener(self.scratch),
                Way.IMMICH: immich_bytes(self.immich, self.scratch),
            },
            limits=self.limits.for_picture,
        )


@dataclass(frozen=True, slots=True)
class DrawerRecipe:
    """Makes, inside a worker, what draws a candidate for the report."""

    looker: LookerRecipe

    def __call__(self) -> Callable[[InspectJob], bytes]:
        """Import the decoders, set the limits."""
        return self.looker().draw


@dataclass(frozen=True, slots=True)
class HasherRecipe:
    """Makes a ThumbHasher inside a worker."""

    thumbs: Path
    spec: RenditionSpec

    def __call__(self) -> Callable[[HashJob], Hashes]:
        """Import the decoders."""
        from picture_pipeline.renditions.pdq import hash_jpeg  # noqa: PLC0415 - worker only

        tree = RenditionTree(self.thumbs, (self.spec,))
        return ThumbHasher(partial(_read, tree, self.spec.name), hash_jpeg)


def _read(tree: RenditionTree, name: str, digest: Digest) -> bytes | None:
    return tree.read(digest, name)


class PicturedArchive(SqlComparedArchive):
    """The archive as comparing sees it, with the pictures from the local thumbnails."""

    def __init__(self, catalog: SqlCatalog, tree: RenditionTree, spec: RenditionSpec) -> None:
        super().__init__(catalog.engine)
        self._tree = tree
        self._spec = spec

    def gray_of(self, digest: Digest) -> bytes:
        """Give an original's picture as 32 x 32 levels of gray; empty when it cannot be had."""
        from picture_pipeline.renditions.pdq import gray_of  # noqa: PLC0415 - few need it

        jpeg = self.picture(digest)
        return gray_of(jpeg) if jpeg else b""

    def picture(self, digest: Digest) -> bytes | None:
        """Give an original's thumbnail, a JPEG; None when this computer has none."""
        return self._tree.read(digest, self._spec.name)


@dataclass(frozen=True, slots=True)
class Absent:
    """A source that is known, and cannot be looked at now."""

    spec: SourceSpec
    reason: str


@dataclass(frozen=True, slots=True)
class Consolidation:
    """A comparison that may begin."""

    config: Config
    catalog: SqlCatalog
    archive: PicturedArchive
    hashing: HashPictures
    survey: Survey
    drawers: WorkerPool[InspectJob, bytes]
    beginnings: HashBeginnings

    def sources(self, arguments: Sequence[bytes], cwd: Path) -> list[Source | Absent]:
        """Give the sources that are meant, all known ones when none is named.

        Known ones that are not there are Absent. Raises UsageError for what
        is not known and not there.
        """
        known = self._known()
        if arguments:
            chosen = choose_sources(arguments, self.config, self.catalog, cwd)
            return [self._chosen(spec, only, known) for spec, only in chosen]
        by_path = {spec.path: spec for spec in sorted(known.values(), key=_has_a_name)}
        specs = sorted(by_path.values(), key=lambda spec: spec.name)
        return [self._open_or_absent(spec) for spec in specs]

    def _known(self) -> dict[SourceName, SourceSpec]:
        known = {spec.name: spec for spec in all_sources(self.catalog.engine)}
        return known | {spec.name: spec for spec in named_sources(self.config, self.catalog)}

    def _chosen(
        self,
        spec: SourceSpec,
        only: frozenset[bytes] | None,
        known: Mapping[SourceName, SourceSpec],
    ) -> Source | Absent:
        before = known.get(spec.name)
        if only is not None or before is None or before.path != spec.path:
            return self._open(spec, only)
        refuse_own(spec, own_folders(self.config))
        return self._open_or_absent(spec)

    def _open_or_absent(self, spec: SourceSpec) -> Source | Absent:
        try:
            return self._open(spec, None)
        except (UsageError, Unavailable) as error:
            _LOG.info("%s is not looked at: %s", spec.name, error)
            return Absent(spec, str(error))

    def _open(self, spec: SourceSpec, only: frozenset[bytes] | None) -> Source:
        refuse_own(spec, own_folders(self.config))
        arriving = arrive(spec, only)
        return open_source(arriving.spec, arriving.only, never_entered(self.config), self.config)

    def look_at(self, source: Source | Absent) -> Surveyed:
        """Look at a source; one that is not there was not seen at all."""
        if isinstance(source, Absent):
            return Surveyed(source.spec, (), absent=source.reason)
        return self.survey.look_at(source)

    def compare(self, surveys: Sequence[Surveyed]) -> Consolidated:
        """Judge what was seen."""
        left = count_unhashed(self.catalog.engine)
        return self._comparison().consolidate(surveys, left)

    def duplicates(self, *, near: bool) -> Duplicates:
        """Find what the archive holds more than once."""
        engine = self.catalog.engine
        exact = exact_duplicates(engine)
        return Duplicates(exact, find_near(self._comparison()) if near else ())

    def _comparison(self) -> Comparison:
        return Comparison(self.archive, _near, _rank, self.beginnings)

    def picture_here(self, survey: Surveyed, path: bytes) -> bytes:
        """Give a candidate's picture as a small JPEG; opens the file. Empty when it cannot."""
        seen = next((s for s in survey.seen if s.path == path), None)
        if seen is None or kind_of_address(survey.spec.path):
            return b""
        candidate = Candidate(seen.folder, seen.name, seen.stamp)
        job = InspectJob("draw", survey.spec.name, survey.spec.path, candidate, utc_now())
        try:
            return self.drawers.submit(job).result()
        except Exception as error:  # noqa: BLE001 - border: one picture of a report
            _LOG.info("a picture of the report could not be drawn: %s", error)
            return b""


def _has_a_name(spec: SourceSpec) -> bool:
    """Tell whether a source is called by more than its path."""
    return spec.name != printable(spec.path)


def _near(
    hashes: Sequence[bytes], others: Sequence[bytes] | None
) -> Sequence[tuple[int, int, int]]:
    from picture_pipeline.likeness.index import join, self_join  # noqa: PLC0415 - numpy is slow

    return self_join(hashes) if others is None else join(hashes, others)


def _rank(kind: str) -> int:
    return (KINDS.get(kind) or KINDS[FALLBACK]).rank


@contextmanager
def open_consolidation(
    config: Config, progress: Progress, stopping: Callable[[], bool]
) -> Iterator[Consolidation]:
    """Open catalog, thumbnails and workers; works without the NAS.

    Raises CatalogUnavailable, LocalDiskUnavailable, UsageError.
    """
    with ExitStack() as stack:
        local, catalog = stack.enter_context(open_catalog(config))
        thumbs = local.path / "thumbs"
        thumbs.mkdir(exist_ok=True)
        specs = config.storage.local.renditions
        spec = hashed_spec(specs) or DEFAULT_SPECS[1]
        workers = config.storage.import_.workers
        deep = config.storage.metadata.deep_reader == "auto"
        recipe = LookerRecipe(spec, limits_of(config), thumbs, immich_key(config), deep_reader=deep)
        lookers: WorkerPool[InspectJob, LookResult] = WorkerPool(workers, recipe, PRELOAD)
        stack.callback(lookers.shutdown)
        hashers: WorkerPool[HashJob, Hashes] = WorkerPool(
            workers, HasherRecipe(thumbs, spec), PRELOAD
        )
        stack.callback(hashers.shutdown)
        drawers: WorkerPool[InspectJob, bytes] = WorkerPool(1, DrawerRecipe(recipe), PRELOAD)
        stack.callback(drawers.shutdown)
        readers = FileReaders(config.storage.nas.answer_within_seconds)
        stack.callback(readers.close)
        archive = BoundedReader(config.storage.nas.base_path, readers, catalog.bound_archive)
        yield Consolidation(
            config,
            catalog,
            PicturedArchive(catalog, RenditionTree(thumbs, specs), spec),
            HashPictures(
                partial(unhashed, catalog.engine),
                partial(note_hashes, catalog.engine),
                hashers,
                workers,
                progress,
                stopping,
            ),
            Survey(
                SqlLookBooks(catalog, RECOGNISER_VERSION),
                lookers,
                workers,
                progress,
                stopping,
                utc_now,
            ),
            drawers,
            ArchivedBeginnings(archive, stopping),
        )
