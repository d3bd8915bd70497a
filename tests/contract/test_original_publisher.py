"""Promises of the port ``OriginalPublisher``."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.store import OriginalStore
from samples import bytes_of, digest_of

SIDECAR = b"<x:xmpmeta/>"
PATH = f"originals/2024/03/15/{digest_of(1)}.jpg"
XMP = f"originals/2024/03/15/{digest_of(1)}.xmp"
MTIME = 1_700_000_000_123_456_789


class Shelf:
    """A store with what it needs, and what a test asks of its disk."""

    def __init__(self, archive: ArchiveHandle, incoming: Incoming) -> None:
        self.archive = archive
        self.incoming = incoming
        self.store = OriginalStore(archive, incoming)

    def stage(self, token: str = "token", data: bytes | None = None) -> None:  # noqa: S107 - no secret
        area = self.incoming.area("run")
        copy = area.copy(token)
        copy.write(bytes_of(1) if data is None else data)
        copy.keep(MTIME)
        area.sidecar(token, SIDECAR)
        area.settle()

    def publish(self, token: str = "token") -> str:  # noqa: S107 - no secret
        sidecar = self.store.publish("run", token, digest_of(1), PATH)
        self.store.sync()
        return sidecar

    def staged(self) -> list[str]:
        return sorted(entry.name for entry in self.file(".picture-pipeline/incoming/run").iterdir())

    def published(self) -> list[str]:
        below = self.file("originals").rglob("*")
        return sorted(str(f.relative_to(self.archive.root)) for f in below if not f.is_dir())

    def file(self, path: str) -> Path:
        return self.archive.root / path

    def plant(self, path: str, data: bytes) -> None:
        self.file(path).parent.mkdir(parents=True, exist_ok=True)
        self.file(path).write_bytes(data)


@pytest.fixture
def shelf(archive: ArchiveHandle, incoming: Incoming) -> Iterator[Shelf]:
    made = Shelf(archive, incoming)
    yield made
    made.store.release()


def test_a_published_original_lies_at_its_path_with_its_sidecar(shelf: Shelf) -> None:
    shelf.stage()

    told = shelf.publish()

    assert shelf.file(PATH).read_bytes() == bytes_of(1)
    assert shelf.file(XMP).read_bytes() == SIDECAR
    assert told == hashlib.sha256(SIDECAR).hexdigest()
    assert shelf.staged() == []


def test_a_published_original_is_read_only_and_as_old_as_its_source(shelf: Shelf) -> None:
    shelf.stage()
    shelf.publish()

    status = shelf.file(PATH).stat()

    assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o444, MTIME)
    assert shelf.file(XMP).stat().st_mode & 0o777 == 0o664


def test_publishing_is_repeated_without_harm(shelf: Shelf) -> None:
    shelf.stage()
    first = shelf.publish()

    assert shelf.publish() == first
    assert shelf.published() == [PATH, XMP]


@pytest.mark.parametrize("done", ["sidecar", "both", "both, temp names left"])
def test_publishing_goes_on_where_a_crash_cut_it_short(shelf: Shelf, done: str) -> None:
    shelf.stage()
    run = shelf.file(".picture-pipeline/incoming/run")
    shelf.file(PATH).parent.mkdir(parents=True)
    (run / "token.xmp").rename(shelf.file(XMP))
    if done != "sidecar":
        (run / "token.original").rename(shelf.file(PATH))
    if done == "both, temp names left":
        shelf.stage()

    shelf.publish()

    assert shelf.published() == [PATH, XMP]
    assert shelf.file(PATH).read_bytes() == bytes_of(1)
    assert shelf.staged() == []


def test_the_same_bytes_that_lie_there_already_are_adopted(shelf: Shelf) -> None:
    shelf.plant(PATH, bytes_of(1))
    inode = shelf.file(PATH).stat().st_ino
    shelf.stage()

    shelf.publish()

    assert shelf.file(PATH).stat().st_ino == inode
    assert shelf.file(XMP).read_bytes() == SIDECAR
    assert shelf.staged() == []


def test_a_sidecar_that_lies_there_already_is_kept(shelf: Shelf) -> None:
    shelf.plant(XMP, b"edited elsewhere")
    shelf.stage()

    told = shelf.publish()

    assert shelf.file(XMP).read_bytes() == b"edited elsewhere"
    assert told == hashlib.sha256(b"edited elsewhere").hexdigest()


@pytest.mark.parametrize("other", [b"", b"other bytes", bytes_of(1) + b"\0"])
def test_other_bytes_at_the_place_are_named_and_never_overwritten(
    shelf: Shelf, other: bytes
) -> None:
    shelf.plant(PATH, other)
    shelf.stage()

    with pytest.raises(IntegrityError, match=f"{PATH}: other bytes lie here"):
        shelf.publish()

    assert shelf.file(PATH).read_bytes() == other
    assert "token.original" in shelf.staged()


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_at_the_place_is_named_too(shelf: Shelf, kind: str) -> None:
    shelf.plant("elsewhere", bytes_of(1))
    shelf.file(PATH).parent.mkdir(parents=True)
    {
        "folder": lambda: shelf.file(PATH).mkdir(),
        "link": lambda: shelf.file(PATH).symlink_to(shelf.file("elsewhere")),
        "pipe": lambda: os.mkfifo(shelf.file(PATH)),
    }[kind]()
    shelf.stage()

    with pytest.raises(IntegrityError, match=PATH):
        shelf.publish()


def test_a_batch_can_be_finished_while_everything_is_somewhere(shelf: Shelf) -> None:
    before = shelf.store.can_finish("run", "token", PATH)
    shelf.stage()
    staged = shelf.store.can_finish("run", "token", PATH)
    shelf.publish()
    published = shelf.store.can_finish("run", "token", PATH)

    assert (before, staged, published) == (False, True, True)


def test_a_batch_cannot_be_finished_when_its_sidecar_is_lost(shelf: Shelf) -> None:
    shelf.stage()
    shelf.file(".picture-pipeline/incoming/run/token.xmp").unlink()

    assert not shelf.store.can_finish("run", "token", PATH)


def test_a_file_where_a_folder_should_be_means_it_cannot_be_finished(shelf: Shelf) -> None:
    shelf.plant("originals/2024", b"")

    assert not shelf.store.can_finish("run", "token", PATH)


def test_what_was_staged_may_be_discarded_twice(shelf: Shelf) -> None:
    shelf.stage()

    shelf.store.discard("run", "token")
    shelf.store.discard("run", "token")

    assert shelf.staged() == []
    assert shelf.published() == []


def test_the_archive_that_is_there_passes_the_check(shelf: Shelf) -> None:
    shelf.store.check()

    assert shelf.published() == []


def test_an_empty_mount_point_fails_the_check(shelf: Shelf) -> None:
    root = shelf.archive.root
    root.rename(root.with_name("away"))
    root.mkdir()

    with pytest.raises(ArchiveUnavailable, match="no archive lies here"):
        shelf.store.check()

    root.rmdir()
    root.with_name("away").rename(root)


def test_a_copy_of_the_archive_fails_the_check(shelf: Shelf) -> None:
    root = shelf.archive.root
    marker = shelf.file(".picture-pipeline/archive.json").read_bytes()
    root.rename(root.with_name("away"))
    (root / ".picture-pipeline").mkdir(parents=True)
    (root / ".picture-pipeline" / "archive.json").write_bytes(marker)

    with pytest.raises(ArchiveUnavailable, match="another volume"):
        shelf.store.check()


def test_folders_are_open_to_the_group_and_closed_to_others(shelf: Shelf) -> None:
    shelf.stage()
    shelf.publish()

    assert shelf.file(PATH).parent.stat().st_mode & 0o7777 == 0o3775


def test_syncing_leaves_no_folder_open(shelf: Shelf) -> None:
    shelf.stage()
    before = len(os.listdir("/proc/self/fd"))

    shelf.publish()

    assert len(os.listdir("/proc/self/fd")) == before
