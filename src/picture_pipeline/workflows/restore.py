"""Bring back the bytes of files that were replaced by placeholders; and look after those."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from picture_pipeline.durable.held import Folders, HeldFile, folders_of
from picture_pipeline.durable.placeholder import (
    TempFile,
    clear_leftovers,
)
from picture_pipeline.durable.reflink import clone
from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.release import Hollow, Left, Released
from picture_pipeline.model.run import RunId
from picture_pipeline.ports import Progress
from picture_pipeline.ports.releasing import ArchiveCopies, ReleaseCatalog
from picture_pipeline.workflows.announce import Chronicle, event_at
from picture_pipeline.workflows.judging import Lies, judge
from picture_pipeline.workflows.released import Why, failure

_CHUNK = 1 << 20
_AT_ONCE = 500
"""Placeholders whose books are put right in one transaction."""
NO_PLACEHOLDER = frozenset({Lies.WHOLE, Lies.OTHER})
"""What needs no row: the original is back, or there is nothing of ours to bring back to."""

_NOT = "not_a_placeholder"
_WHY_NOT = {
    Lies.WHOLE: Why(_NOT, "its own bytes lie there again"),
    Lies.SPOILED: Why(_NOT, "somebody wrote into the placeholder; what was written stays"),
    Lies.OTHER: Why(_NOT, "another file lies there by now"),
}


def settle(
    catalog: ReleaseCatalog,
    root: bytes,
    hollows: Iterable[Hollow],
    now: Callable[[], str],
    *,
    forgotten: frozenset[Lies],
) -> None:
    """Bring the books of placeholders in line with what lies there.

    A run that died leaves placeholders that are announced, not booked, and
    temp files; a container that gives files another owner changes their
    stamps; a downloader may have put whole files in their places again.
    Those that cannot be seen keep their rows: the volume may be away. So do
    those that were placeholders once, unless what lies there is one of
    ``forgotten``: whoever asks for that says it to the person.
    """
    todo: list[tuple[Hollow, FileStamp | None]] = []
    with folders_of(root) as folders:
        for hollow in hollows:
            todo += _amiss(hollow, folders, forgotten if hollow.finished else NO_PLACEHOLDER)
            if len(todo) >= _AT_ONCE:
                _put_right(catalog, todo, now())
                todo = []
    _put_right(catalog, todo, now())


def _amiss(
    hollow: Hollow, folders: Folders, forgotten: frozenset[Lies]
) -> Iterator[tuple[Hollow, FileStamp | None]]:
    """Give what is to be booked of a placeholder: its stamp, or None when it is none."""
    try:
        lies, stamp = _look(hollow, folders)
    except OSError:
        return
    if lies in forgotten:
        yield hollow, None
    elif lies is Lies.PLACEHOLDER and not (hollow.finished and hollow.stamp == stamp):
        yield hollow, stamp


def _look(hollow: Hollow, folders: Folders) -> tuple[Lies, FileStamp]:
    held = HeldFile.open(folders.at(hollow.place.folder), hollow.place.name)
    try:
        return judge(held, hollow), held.stamp
    finally:
        held.close()


def foretell(root: bytes, hollows: Iterable[Hollow]) -> Iterator[tuple[Hollow, Why | None]]:
    """Say of the placeholders of one source why each would not come back, if so.

    Those whose bytes lie there again are left out.
    """
    with folders_of(root) as folders:
        for hollow in hollows:
            try:
                lies, _ = _look(hollow, folders)
            except OSError as error:
                yield hollow, failure(error)
                continue
            if lies is not Lies.WHOLE:
                yield hollow, _WHY_NOT.get(lies)


def _put_right(
    catalog: ReleaseCatalog, todo: list[tuple[Hollow, FileStamp | None]], time: str
) -> None:
    if not todo:
        return
    with catalog.releasing() as books:
        for hollow, stamp in todo:
            if stamp is None:
                books.forget_hollow(hollow, None)
            else:
                books.note_hollow(hollow, hollow.digest, stamp, time)


def clear_temps(root: bytes, folders_seen: Iterable[bytes]) -> None:
    """Remove the temp files of runs that died from some folders of a source."""
    with folders_of(root) as folders:
        for folder in sorted(set(folders_seen)):
            try:
                clear_leftovers(folders.at(folder))
            except OSError:
                continue


@dataclass(slots=True)
class Restoring:
    """One run that brings bytes back; make a new one for each run."""

    run: RunId
    chronicle: Chronicle
    copies: ArchiveCopies
    progress: Progress
    stopping: Callable[[], bool]
    done: list[Released] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def restore(self, root: bytes, hollows: Iterable[Hollow]) -> None:
        """Put the originals' bytes in the places of placeholders of one source.

        A damaged original keeps its placeholder, all others come back. Raises
        ArchiveUnavailable, CatalogUnavailable, IntegrityError.
        """
        with folders_of(root) as folders:
            for hollow in hollows:
                if self.stopping():
                    return
                why = self._restore_one(hollow, folders)
                if why is not None:
                    self.left.append(Left(hollow.place.path, why.reason, why.detail))
                self.progress.advance(1, 0 if why else hollow.size)

    def _restore_one(self, hollow: Hollow, folders: Folders) -> Why | None:
        try:
            held = HeldFile.open(folders.at(hollow.place.folder), hollow.place.name)
        except OSError as error:
            return failure(error)
        try:
            lies = judge(held, hollow)
            if lies in NO_PLACEHOLDER:
                self._forget(hollow)
            return _WHY_NOT.get(lies) or self._fill(hollow, held)
        except OSError as error:
            return failure(error)
        finally:
            held.close()

    def _forget(self, hollow: Hollow) -> None:
        with self.chronicle.catalog.releasing() as books:
            books.forget_hollow(hollow, None)

    def _fill(self, hollow: Hollow, held: HeldFile) -> Why | None:
        temp = TempFile.make(held.folder)
        try:
            why = self._copy(hollow, temp)
            if why is None:
                temp.dress(held.status, hollow.mtime_ns)
                why = self._put(hollow, held, temp)
        except BaseException:
            temp.drop()
            raise
        if why is not None:
            temp.drop()
        return why

    def _copy(self, hollow: Hollow, temp: TempFile) -> Why | None:
        try:
            original = self.copies.open_original(hollow.path)
        except IntegrityError:
            return Why("archive_missing", f"{hollow.digest} is missing from the archive")
        digest = hashlib.sha256()
        try:
            cloned = clone(original, temp.fd)
            for chunk in _chunks(original):
                digest.update(chunk)
                if not cloned:
                    temp.write((chunk,))
        finally:
            os.close(original)
        if digest.hexdigest() == hollow.digest:
            return None
        return Why("archive_changed", f"{hollow.path} holds other bytes than its name says")

    def _put(self, hollow: Hollow, held: HeldFile, temp: TempFile) -> Why | None:
        with self.chronicle.page(self.run) as page:
            if not held.lies_there():
                return Why("changed", "it changed meanwhile")
            event = self._event(hollow, held.stamp, page.time)
            page.announce([event])
            stamp = FileStamp.of(temp.put_over(held.name))
            page.books.forget_hollow(hollow, stamp)
            page.happened(event)
        self.done.append(Released(hollow.place.path, hollow.digest, hollow.size))
        return None

    def _event(self, hollow: Hollow, stamp: FileStamp, time: str) -> Event:
        where = (hollow.source, hollow.place, stamp)
        return event_at(EventType.REPLICATION, "restored", time, hollow.digest, where)


def _chunks(fd: int) -> Iterator[bytes]:
    offset = 0
    while chunk := os.pread(fd, _CHUNK, offset):
        offset += len(chunk)
        yield chunk
