"""Hash the thumbnails of originals that were archived before hashes were kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.ports import Progress, Workers
from picture_pipeline.workflows.conveyor import (
    Again,
    Conveyor,
    Settled,
    TryAgain,
    is_first_kill,
)

_AT_ONCE = 100
_UNDER_WAY_PER_WORKER = 4

HashJob = tuple[Digest, ...]
Hashes = Mapping[Digest, PictureHash]


@dataclass(frozen=True, slots=True)
class ThumbHasher:
    """Hashes thumbnails that lie on this computer. Runs in a worker."""

    read: Callable[[Digest], bytes | None]
    hash_jpeg: Callable[[bytes], PictureHash | None]

    def __call__(self, job: HashJob) -> Hashes:
        """Hash those that are there and can be read."""
        found = ((digest, self.read(digest)) for digest in job)
        made = ((digest, self.hash_jpeg(jpeg)) for digest, jpeg in found if jpeg)
        return {digest: its for digest, its in made if its is not None}


@dataclass(frozen=True, slots=True)
class HashPictures:
    """Goes through all originals without a hash; goes on where an earlier run stood."""

    unhashed: Callable[[], Iterable[list[Digest]]]
    note: Callable[[Hashes], None]
    workers: Workers[HashJob, Hashes]
    worker_count: int
    progress: Progress
    stopping: Callable[[], bool]

    def run(self) -> int:
        """Hash what can be hashed here; gives how many."""
        conveyor = Conveyor(self.workers, self.worker_count * _UNDER_WAY_PER_WORKER, _again)
        made = 0
        for page in self.unhashed():
            for begin in range(0, len(page), _AT_ONCE):
                if self.stopping():
                    conveyor.call_off()
                    break
                for done in conveyor.put(tuple(page[begin : begin + _AT_ONCE])):
                    made += self._take(*done)
            if self.stopping():
                break
        for done in conveyor.drain():
            made += self._take(*done)
        return made

    def _take(self, job: HashJob, hashes: Hashes) -> int:
        if hashes:
            self.note(hashes)
        self.progress.advance(len(job), 0)
        return len(hashes)


def _again(job: HashJob, attempt: int, error: Exception) -> Again[HashJob, Hashes]:
    """Live without the hashes of thumbnails that a worker died of."""
    return TryAgain(job) if is_first_kill(error, attempt) else Settled({})
