"""Full-size originals on the local disk: each fetched once, checked, then given out."""

import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from picture_pipeline.cache.notes import note_on, raise_told
from picture_pipeline.cache.place import CachePlace
from picture_pipeline.cache.room import Room, make_room
from picture_pipeline.cache.uses import Uses
from picture_pipeline.cache.verifying import copy_verified, digest_of
from picture_pipeline.durable import claims
from picture_pipeline.errors import (
    ArchiveUnavailable,
    LocalDiskUnavailable,
    PipelineError,
    UsageError,
)
from picture_pipeline.model.cached import CachedFile, CacheLimits, CacheTotals, Wanted
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest
from picture_pipeline.ports.caching import ArchiveReader, CacheBooks

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the cache is told about the world."""

    now: Callable[[], int]
    """Nanoseconds since 1970."""
    free: Callable[[], int]
    """Bytes that are free on the cache's disk."""
    patience: float
    """Seconds without progress of another process's fetch after which it has stalled."""


class OriginalCache:
    """Keeps originals, least recently used first to go; for many threads and processes.

    An original is fetched once however many ask at once. Its bytes are hashed
    on the way, and given out only when they are what the digest says.
    """

    def __init__(
        self, place: CachePlace, books: CacheBooks, limits: CacheLimits, world: Surroundings
    ) -> None:
        self.place = place
        self.limits = limits
        self._books = books
        self._world = world
        self._uses = Uses(place, books)

    def open(self, digest: Digest) -> FileIO | None:
        """Open a cached original for reading; None when it is not here. The caller closes it.

        It stays readable when it leaves the cache meanwhile.
        """
        try:
            found = self._look(digest)
        except (OSError, LocalDiskUnavailable) as error:
            _LOG.warning("the cache cannot be read: %s", error)
            return None
        if found:
            self._uses.hit(digest, self._world.now())
        return found

    def fetch(self, wanted: Wanted, archive: ArchiveReader) -> FileIO | None:
        """Open an original, brought from the archive when it is not here; the caller closes it.

        None when it cannot be kept: larger than the limit, or the local disk
        is full or broken. Raises ArchiveUnavailable; IntegrityError when the
        archive's bytes are not those of the digest.
        """
        found = self.open(wanted.digest)
        if found:
            return found
        self._uses.miss()
        try:
            return self._fetched(wanted, archive)
        except (OSError, LocalDiskUnavailable) as error:
            _LOG.warning("%s cannot be kept in the cache: %s", wanted.digest, error)
            return None

    def _fetched(self, wanted: Wanted, archive: ArchiveReader) -> FileIO | None:
        while True:
            if not self._can_keep(wanted.size):
                return None
            temp = self.place.temp(wanted.digest)
            match self._take(temp):
                case claims.Claim() as claim:
                    found = self._found_now(claim, wanted)
                    return found or self._fill(claim, wanted, archive)
                case claims.GivenUpBy(note):
                    raise_told(note)
                case claims.Stalled():
                    raise ArchiveUnavailable(
                        f"{wanted.path}: another process fetches it from the archive and gets no "
                        "further; check that the NAS answers, then try again"
                    )
                case claims.Done():
                    found = self._look(wanted.digest)
                    if found:
                        return found

    def _take(self, temp: Path) -> claims.Claim | claims.GivenUpBy | claims.Done | claims.Stalled:
        try:
            return claims.take(temp, self._world.patience)
        except FileNotFoundError:
            self.place.make()
            return claims.take(temp, self._world.patience)

    def keep(self, wanted: Wanted, archive: ArchiveReader) -> bool:
        """Bring an original into the cache; False when it cannot be kept."""
        found = self.fetch(wanted, archive)
        if found is None:
            return False
        found.close()
        return os.path.lexists(self.place.file(wanted.digest, wanted.extension))

    def pin(self, wanted: Wanted, archive: ArchiveReader) -> None:
        """Keep an original until it is unpinned; it is fetched when it is not here.

        Raises UsageError when it does not fit beside those that are pinned.
        """
        with self._local_faults():
            self.place.make()
            was_pinned = self.place.is_pinned(wanted.digest)
            (self.place.pins / wanted.digest).touch()
            kept = False
            try:
                kept = self.keep(wanted, archive)
            finally:
                if not kept and not was_pinned:
                    self.unpin(wanted.digest)
            self._mark(wanted.digest)
        if not kept:
            raise UsageError(
                f"{wanted.digest}: does not fit into the cache beside what is pinned; unpin "
                "others, or raise storage.local.cache.max_size_gb"
            )

    def unpin(self, digest: Digest) -> None:
        """Let an original leave the cache again; twice does no harm."""
        with self._local_faults():
            (self.place.pins / digest).unlink(missing_ok=True)
            self._mark(digest)

    def _mark(self, digest: Digest) -> None:
        with self._books.changing() as change:
            entry = change.find(digest)
            if entry:
                change.put(entry._replace(pinned=self.place.is_pinned(digest)))

    def totals(self) -> CacheTotals:
        """Give what is kept, as it is booked."""
        self._uses.book()
        return self._books.totals()

    def close(self) -> None:
        """Book what is pending. The cache may be used again."""
        self._uses.book()

    def check(self, entry: CachedFile) -> bool:
        """Hash a booked file unless that was done; one that is damaged is removed."""
        found = self._checked(entry)
        if found:
            found.close()
            return True
        with self._books.changing() as change:
            if change.find(entry.digest) == entry and self.remove(entry):
                change.drop(entry.digest)
        return False

    def _look(self, digest: Digest) -> FileIO | None:
        entry = self._uses.checked(digest) or self._books.find(digest)
        return self._checked(entry) if entry else None

    def _found_now(self, claim: claims.Claim, wanted: Wanted) -> FileIO | None:
        """Look again, now that nobody else can be fetching it; adopt a file the books lost."""
        try:
            found = self._look(wanted.digest) or self._adopted(wanted)
        except BaseException:
            claim.give_up()
            raise
        if found:
            claim.give_up()
        return found

    def _adopted(self, wanted: Wanted) -> FileIO | None:
        entry = CachedFile(
            wanted.digest,
            wanted.extension,
            wanted.size,
            self._world.now(),
            pinned=self.place.is_pinned(wanted.digest),
        )
        found = self._checked(entry)
        if found and not self._book(entry):
            self.place.file(entry.digest, entry.extension).unlink(missing_ok=True)
        return found

    def _checked(self, entry: CachedFile) -> FileIO | None:
        """Open a booked file that is what it was when it was checked, or still is when hashed."""
        try:
            file = FileIO(self.place.name(entry.digest, entry.extension), opener=_open_at_once)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            return None
        stamp = FileStamp.of(os.fstat(file.fileno()))
        if stamp == entry.stamp:
            return file
        if stamp.size == entry.size and digest_of(file) == entry.digest:
            self._uses.check(entry._replace(stamp=stamp), self._world.now())
            return file
        _LOG.warning("%s in the cache is damaged and will be fetched again", entry.digest)
        file.close()
        return None

    def _can_keep(self, size: int) -> bool:
        totals = self._books.totals()
        if size > self.limits.size - totals.pinned_size:
            return False
        if self._world.free() - size >= self.limits.min_free:
            return True
        with self._books.changing() as change:
            # Nothing is to be booked yet: only the disk has to hold it.
            limits = CacheLimits(self.limits.size + size, self.limits.age_ns, self.limits.min_free)
            return make_room(change, self._room(size), limits, self.remove)

    def _room(self, needed: int) -> Room:
        return Room(needed, self._world.free(), self._world.now())

    def _fill(self, claim: claims.Claim, wanted: Wanted, archive: ArchiveReader) -> FileIO:
        try:
            copy_verified(archive, claim, wanted)
            file = FileIO(claim.path)
        except BaseException as error:
            claim.give_up(note_on(error))
            raise
        try:
            self._publish(claim, wanted, file)
        except BaseException:
            file.close()
            raise
        return file

    def _publish(self, claim: claims.Claim, wanted: Wanted, file: FileIO) -> None:
        """Book it, then give it its name: a kill between the two leaves nothing unknown."""
        pinned = self.place.is_pinned(wanted.digest)
        now = self._world.now()
        entry = CachedFile(wanted.digest, wanted.extension, wanted.size, now, pinned)
        try:
            fits = self._book(entry)
        except BaseException:
            claim.give_up()
            raise
        if not fits:  # all others are in use: this one is given out and not kept
            claim.leave()
            return
        claim.publish(self.place.file(wanted.digest, wanted.extension))
        checked = entry._replace(stamp=FileStamp.of(os.fstat(file.fileno())))
        self._uses.check(checked, now)

    def _book(self, entry: CachedFile) -> bool:
        """Book a file whose bytes are on the disk already; False when it does not fit."""
        with self._books.changing() as change:
            room = Room(entry.size, self._world.free() + entry.size, self._world.now())
            fits = make_room(change, room, self.limits, self.remove)
            if fits:
                change.put(entry)
        return fits

    def remove(self, entry: CachedFile) -> bool:
        """Remove a file; False when it is in use, or about to get its name."""
        path = self.place.file(entry.digest, entry.extension)
        if path.exists():
            return claims.remove_unless_in_use(path)
        if claims.is_at_work(self.place.temp(entry.digest)):
            return False
        return claims.remove_unless_in_use(path)  # it may have got its name just now

    @contextmanager
    def _local_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if isinstance(error, PipelineError):
                raise
            raise LocalDiskUnavailable(
                f"{self.place.root}: the cache cannot be written ({error.strerror or error}); "
                "free space or look at this computer's disk, then try again"
            ) from error


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for somebody at the other end of a FIFO."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
