"""Real rooms, wired as an import wires them, without workers: what is published is staged here.

A ``World`` is an archive with its catalog; a ``Run`` is one import on one of its computers.
"""

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import token_hex

from picture_pipeline.bootstrap.local import LocalBase
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.ledger.chain import Ledger
from picture_pipeline.metadata.enrich import enrich
from picture_pipeline.metadata.sidecar import read_origin, render_sidecar
from picture_pipeline.model.candidate import Candidate, FileStamp
from picture_pipeline.model.digest import Checksums, parse_digest
from picture_pipeline.model.inspected import InspectJob, Known, Rejected, Staged
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Metadata, TakenFrom
from picture_pipeline.model.rendition import RenditionEntry, RenditionSpec
from picture_pipeline.model.run import Batch, RunId
from picture_pipeline.model.sidecar import SidecarContent
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.layout import original_path
from picture_pipeline.originals.marker import create_marker
from picture_pipeline.originals.store import OriginalStore
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workflows.assign import Assigner, Sidecars
from picture_pipeline.workflows.flat import name_of
from picture_pipeline.workflows.plan import Finished
from picture_pipeline.workflows.publish import Publisher
from picture_pipeline.workflows.recover import Recovery
from samples import CAMERA, FIRST, RECOGNISER, bytes_of, listing_of

FORK = multiprocessing.get_context("fork")
PATIENCE = 120
JPEG = MediaType("image/jpeg", "jpg")
SPECS = (RenditionSpec("tiny", 150, 150),)
KILLED = 77


@dataclass(frozen=True, slots=True)
class File:
    """A file that a source offers: its name, and the number its bytes are made from."""

    name: bytes
    number: int
    day: int = 15
    """Of March 2024: what the name or the modification time says."""
    told: Told = NOTHING

    @property
    def stamp(self) -> FileStamp:
        return FileStamp(len(bytes_of(self.number)), self.day, 1, self.number)


@dataclass(frozen=True, slots=True)
class World:
    """An archive, its catalog, and the local folders of its computers."""

    folder: Path
    url: str

    @classmethod
    def make(cls, folder: Path, url: str) -> "World":
        made = cls(folder, url)
        create_marker(made.archive, random_bytes=os.urandom)
        return made

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def incoming(self) -> list[str]:
        below = (self.archive / ".picture-pipeline" / "incoming").rglob("*")
        return sorted(file.name for file in below)

    @contextmanager
    def run(self, computer: str = "one", fuse: "Fuse | None" = None) -> Iterator["Run"]:
        """Begin a run; a good end and an exception end it as an import ends."""
        run = Run(self, self.folder / computer, fuse)
        try:
            yield run
        finally:
            run.end()

    def take_in(self, files: Sequence[File], computer: str = "one") -> None:
        """Import files, those that are known excepted."""
        with self.run(computer) as run:
            run.recover()
            run.take_in(files)


class Fuse:
    """Does something terrible when the n-th call of any port would begin, or at a commit."""

    def __init__(self, at: int, effect: Callable[[], None]) -> None:
        self.left = at
        self.effect = effect

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.effect()


def die() -> None:
    os._exit(KILLED)


class Fused:
    """A port whose every call burns a fuse first."""

    def __init__(self, port: object, fuse: Fuse) -> None:
        self.port, self.fuse = port, fuse

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            self.fuse.burn()
            return getattr(self.port, name)(*given, **named)

        return call

    @contextmanager
    def publishing(self) -> Iterator["Fused"]:
        self.fuse.burn()
        with self.port.publishing() as books:  # type: ignore[attr-defined] - a catalog
            yield Fused(books, self.fuse)
            self.fuse.burn()
        self.fuse.burn()


class Accident:
    """A port after whose first call of one method something happens elsewhere."""

    def __init__(self, port: object, method: str, happens: Callable[[], object]) -> None:
        self.port, self.method, self.happens = port, method, happens

    def __getattr__(self, name: str) -> object:
        method = getattr(self.port, name)
        if name != self.method:
            return method
        self.method = ""

        def call(*given: object) -> object:
            result = method(*given)
            self.happens()
            return result

        return call


class Run:
    """One import on one computer."""

    def __init__(self, world: World, local: Path, fuse: Fuse | None) -> None:
        self.local = LocalBase.open(local)
        self.archive = ArchiveHandle.open(world.archive)
        self.catalog = SqlCatalog.open(world.url)
        self.catalog.add_source(CAMERA)
        self.books = LocalBooks.open(local / "local.db")
        self.incoming = Incoming(self.archive)
        self.tree = RenditionTree(local / "thumbs", SPECS)
        writer = self.local.writer()
        store = OriginalStore(self.archive, self.incoming)
        self.publisher = Publisher(
            catalog=self.catalog,
            store=store,
            incoming=self.incoming,
            renditions=self.tree,
            ledger=Ledger(self.archive.fd, str(self.archive.root)),
            local=self.books,
            path_of=original_path,
            assigner=Assigner(enrich, Sidecars(render_sidecar, read_origin, store.read_sidecar)),
            writer=writer,
            staging=self.local.new_staging(writer),
            recogniser=RECOGNISER,
            renderer=1,
            now=lambda: FIRST,
            new_batch_id=lambda: token_hex(8),
        )
        self._mark = self.local.alive(self.publisher.staging)
        self._mark.__enter__()
        self.incoming.begin(self.publisher.staging)
        self._numbers = count()
        if fuse is not None:
            self._set(fuse)

    def _set(self, fuse: Fuse) -> None:
        rooms = ("catalog", "store", "incoming", "renditions", "ledger", "local")
        fused = {room: Fused(getattr(self.publisher, room), fuse) for room in rooms}
        self.publisher = replace(self.publisher, **fused)

    def end(self) -> None:
        self.incoming.end(self.publisher.staging)
        self._mark.__exit__(None, None, None)
        self.incoming.close()
        self.books.close()
        self.catalog.close()
        self.archive.close()

    def befall(self, room: str, method: str, happens: Callable[[], object]) -> None:
        """Let something happen elsewhere after the publisher's first call of a method."""
        struck = Accident(getattr(self.publisher, room), method, happens)
        self.publisher = replace(self.publisher, **{room: struck})

    def recover(self, after_finishing: Callable[[], object] = lambda: None) -> int:
        """Do what every start does; gives the number of batches that were finished."""
        publisher = Accident(self.publisher, "finish_interrupted", after_finishing)
        recovered = Recovery(
            publisher=publisher,  # type: ignore[arg-type] - does all that a publisher does
            incoming=self.incoming,
            renditions=self.tree,
            is_ours=lambda staging: staging.startswith(self.publisher.writer + "."),
            is_alive=self.local.is_alive,
            wall_seconds=time.time,
        ).recover()
        self.local.clear_marks()
        return recovered.batches

    def take_in(self, files: Sequence[File]) -> Batch:
        known = self.catalog.known_stamps(CAMERA.name, [listing_of()], RECOGNISER).get(b"DCIM", {})
        return self.publish(
            [self.staged(file) for file in files if known.get(file.name) != file.stamp]
        )

    def publish(self, finished: Sequence[Finished]) -> Batch:
        return self.publisher.publish(RunId(1), finished)

    def staged(self, file: File) -> Finished:
        """Do what a worker does with a file."""
        job = self._job(file)
        data = bytes_of(file.number)
        area = self.incoming.area(self.publisher.staging)
        copy = area.copy(job.token)
        copy.write(data)
        copy.keep(file.stamp.mtime_ns)
        taken = Capture(datetime(2024, 3, file.day), TakenFrom.NAME)  # noqa: DTZ001 - wall time
        digest = parse_digest(hashlib.sha256(data).hexdigest())
        name = name_of(job.candidate)
        content = SidecarContent(digest, Metadata(taken), name, job.source, file.name, FIRST)
        area.sidecar(job.token, render_sidecar(content))
        area.settle()
        for name in ("metadata", "tiny"):
            self.tree.stage(job.token, name, b"{}")
        checksums = Checksums(digest, "1" * 40, "5" * 32)
        renditions = (RenditionEntry("tiny", 1, 1, 2),)
        return Finished(job, Staged(checksums, file.stamp, JPEG, Metadata(taken), renditions))

    def known(self, file: File) -> Finished:
        digest = parse_digest(hashlib.sha256(bytes_of(file.number)).hexdigest())
        return Finished(self._job(file), Known(digest, file.stamp))

    def rejected(self, file: File) -> Finished:
        return Finished(self._job(file), Rejected("not_a_picture", "text", file.stamp))

    def _job(self, file: File) -> InspectJob:
        candidate = Candidate(b"DCIM", file.name, file.stamp, told=file.told)
        token = f"{self.publisher.staging}-{next(self._numbers)}"
        return InspectJob(token, CAMERA.name, CAMERA.path, candidate, FIRST)


def in_process(work: Callable[[], None]) -> int:
    """Do some work in another process; gives its exit status."""
    other = FORK.Process(target=work)
    other.start()
    other.join(PATIENCE)
    assert other.exitcode is not None
    return other.exitcode
