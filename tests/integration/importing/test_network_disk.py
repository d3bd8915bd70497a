"""SQLite is never opened on a network disk."""

import ctypes
import errno
import os
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from installed import Storage
from picture_pipeline.bootstrap.archive import databases_of
from picture_pipeline.config import load_config
from picture_pipeline.durable.mounts import Mount
from picture_pipeline.errors import UsageError
from picture_pipeline.workflows.setup import refuse_sqlite_on_network


def places(storage: Storage) -> tuple[Path, ...]:
    return databases_of(load_config(storage.environ, None, Path("/")))


def test_the_local_books_and_the_catalog_are_looked_at(storage: Storage) -> None:
    assert places(storage) == (storage.home, storage.home / "catalog.db")


def test_beside_postgresql_the_local_books_still_are(storage: Storage) -> None:
    url = "postgresql:///pictures"

    assert places(storage.given(PICTURE_PIPELINE_STORAGE__DATABASE__URL=url)) == (storage.home,)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_disk_is_refused(storage: Storage, kind: str) -> None:
    mounts = (Mount(Path("/"), "ext4", "disk"), Mount(storage.home.resolve(), kind, "nas"))

    with pytest.raises(UsageError, match="where SQLite loses data"):
        refuse_sqlite_on_network(places(storage), mounts)


def test_a_catalog_elsewhere_on_a_network_disk_is_refused(storage: Storage, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nas' / 'catalog.db'}"
    mounts = (Mount((tmp_path / "nas").resolve(), "nfs", "nas"),)

    with pytest.raises(UsageError):
        refuse_sqlite_on_network(
            places(storage.given(PICTURE_PIPELINE_STORAGE__DATABASE__URL=url)), mounts
        )


INIT, GETATTR, FORGET = 26, 3, 2
EMPTY_FOLDER = struct.pack("<QII6Q10I", 0, 0, 0, 1, *[0] * 8, 0o40755, 2, *[0] * 5)
HELLO = struct.pack("<IIIIHHI10I", 7, 31, 0, 0, 0, 0, 4096, *[0] * 10)


def serve(device: int) -> None:
    """Be a FUSE file system that holds nothing (linux/fuse.h)."""
    while True:
        try:
            request = os.read(device, 1 << 17)
        except OSError:
            return
        _, code, unique = struct.unpack_from("<IIQ", request)
        answer = {INIT: HELLO, GETATTR: EMPTY_FOLDER}.get(code, b"")
        error = 0 if answer else -errno.ENOENT
        if code != FORGET:
            with suppress(OSError):
                os.write(device, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)


@pytest.fixture
def fuse(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on which a FUSE file system is mounted; skip where that is not permitted."""
    point = tmp_path / "fuse"
    point.mkdir()
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError as error:
        pytest.skip(f"no FUSE here: {error}")
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"test", str(point).encode(), b"fuse", 0, options.encode()):
        os.close(device)
        pytest.skip(f"mounting is not permitted here: {os.strerror(ctypes.get_errno())}")
    thread = threading.Thread(target=serve, args=(device,))
    thread.start()
    yield point
    subprocess.run(["umount", "-l", point], check=True)
    thread.join()
    os.close(device)


@pytest.mark.parametrize("command", [("import", "/etc/hostname"), ("list",), ("storage-stats",)])
def test_every_command_refuses_a_network_disk(fuse: Path, command: tuple[str, ...]) -> None:
    said = Storage(fuse / "home").call(*command)

    assert (said.status, said.out) == (2, b"")
    assert "where SQLite loses data" in said.err
