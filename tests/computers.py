"""Real rooms, wired as an import wires them, without workers: what is published is staged here.

A ``World`` is an archive with its catalog; a ``Run`` is one import on one of its computers.
"""

import hashlib
import json
import multiprocessing
import os
import time
from collections import Counter
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
from picture_pipeline.model.candidate import Candidate, FileStamp
from picture_pipeline.model.digest import Checksums, parse_digest
from picture_pipeline.model.inspected import InspectJob, Known, Rejected, Staged
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Metadata, TakenFrom
from picture_pipeline.model.rendition import RenditionEntry, RenditionSpec
from picture_pipeline.model.run import Batch, RunId
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.layout import original_path
from picture_pipeline.originals.marker import create_marker
from picture_pipeline.originals.store import OriginalStore
from picture_pipeline.renditions.tree import RenditionTree
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
        self.publisher = Publisher(
            catalog=self.catalog,
            store=OriginalStore(self.archive, self.incoming),
            incoming=self.incoming,
            renditions=self.tree,
            ledger=Ledger(self.archive.fd, str(self.archive.root)),
            local=self.books,
            path_of=original_path,
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
        area.sidecar(job.token, b"<x:xmpmeta/>")
        area.settle()
        for name in ("metadata", "tiny"):
            self.tree.stage(job.token, name, b"{}")
        checksums = Checksums(parse_digest(hashlib.sha256(data).hexdigest()), "1" * 40, "5" * 32)
        taken = Capture(datetime(2024, 3, file.day), TakenFrom.NAME)  # noqa: DTZ001 - wall time
        renditions = (RenditionEntry("tiny", 1, 1, 2),)
        return Finished(job, Staged(checksums, file.stamp, JPEG, Metadata(taken), renditions))

    def known(self, file: File) -> Finished:
        digest = parse_digest(hashlib.sha256(bytes_of(file.number)).hexdigest())
        return Finished(self._job(file), Known(digest, file.stamp))

    def rejected(self, file: File) -> Finished:
        return Finished(self._job(file), Rejected("not_a_picture", "text", file.stamp))

    def _job(self, file: File) -> InspectJob:
        candidate = Candidate(b"DCIM", file.name, file.stamp)
        token = f"{self.publisher.staging}-{next(self._numbers)}"
        return InspectJob(token, CAMERA.name, CAMERA.path, candidate, FIRST)


def in_process(work: Callable[[], None]) -> int:
    """Do some work in another process; gives its exit status."""
    other = FORK.Process(target=work)
    other.start()
    other.join(PATIENCE)
    assert other.exitcode is not None
    return other.exitcode


def faults(world: World, *computers: str) -> list[str]:
    """Say where catalog, disk and ledger disagree; read with no code that wrote them."""
    disk = _originals(world)
    catalog = SqlCatalog.open(world.url)
    with catalog.engine.connect() as connection:
        booked = {
            str(path): str(digest)
            for digest, path in connection.exec_driver_sql("SELECT digest, path FROM originals")
        }
        events = Counter(
            (str(writer), int(seq))
            for writer, seq in connection.exec_driver_sql("SELECT writer, seq FROM events")
        )
    catalog.close()
    lines, found = _ledger(world)
    archived = Counter(str(e["digest"]) for e in lines if e["outcome"] == "archived")
    found += [f"{path}: {why}" for path, why in _bad(world, disk)]
    found += [f"not on disk: {path}" for path in booked.keys() - disk.keys()]
    found += [f"not in the catalog: {path}" for path in disk.keys() - booked.keys()]
    found += [f"twice: {d}" for d, n in Counter(disk.values()).items() if n > 1]
    found += [f"archived {archived[d]} times: {d}" for d in disk.values() if archived[d] != 1]
    found += [f"archived, not there: {d}" for d in archived.keys() - set(disk.values())]
    told = Counter((str(e["writer"]), int(str(e["seq"]))) for e in lines)
    found += [f"catalog and ledger differ: {e}" for e in (told - events) + (events - told)]
    found += [f"left in incoming: {name}" for name in world.incoming]
    for computer in computers:
        found += _local_faults(world.folder / computer, set(disk.values()))
    return found


def _originals(world: World) -> dict[str, str]:
    below = (world.archive / "originals").rglob("*.*")
    return {
        str(file.relative_to(world.archive)): file.stem for file in below if file.suffix != ".xmp"
    }


def _bad(world: World, disk: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path, digest in disk.items():
        file = world.archive / path
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield path, "other bytes than its name says"
        if not file.with_suffix(".xmp").exists():
            yield path, "no sidecar"


def _ledger(world: World) -> tuple[list[dict[str, object]], list[str]]:
    lines: list[dict[str, object]] = []
    broken: list[str] = []
    for chain in (world.archive / ".picture-pipeline" / "ledger").iterdir():
        before, number = "0" * 64, 0
        for month in sorted(chain.iterdir()):
            for line in month.read_bytes().splitlines():
                record = json.loads(line)
                number += 1
                if (record["seq"], record["prev"]) != (number, before):
                    broken.append(f"chain {chain.name} breaks at {number}")
                before = hashlib.sha256(line).hexdigest()
                lines.append({**record, "writer": chain.name})
    return lines, broken


def _local_faults(local: Path, digests: set[str]) -> list[str]:
    thumbs = {file.stem for file in (local / "thumbs" / "tiny").rglob("*.jpg")}
    books = LocalBooks.open(local / "local.db")
    booked = books.totals()
    books.close()
    left = [file.name for file in (local / "thumbs" / ".incoming").iterdir()]
    return [
        *(f"no thumbnail: {digest}" for digest in digests - thumbs),
        *(f"thumbnail left over: {name}" for name in left),
        *(["thumbnails not booked"] if booked["tiny"].count != len(thumbs) else []),
    ]
