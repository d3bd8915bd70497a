"""An iPhone or iPad at the USB port: its DCIM, mounted for one run, read only.

usbmuxd, libimobiledevice's programs and ifuse do the work; the file service
that they speak to (AFC) gives the bytes as they are stored. A phone is never
paired or unpaired here: that is a person's word, given once. A phone that
keeps smaller copies ("Optimise Storage") shows only what it holds itself.
"""

import os
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from picture_pipeline.errors import Unavailable, UsageError
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FileStamp,
    FolderListing,
    SourceName,
    SourceSpec,
    Unlistable,
    Unopenable,
    Way,
    Within,
    printable,
)
from picture_pipeline.model.inspected import InspectJob, OpenedFile
from picture_pipeline.sources.folder import FolderSource
from picture_pipeline.workers.programs import Ran

ADDRESS = b"usb:"
"""Begins the address of a phone; its UDID follows, or nothing: the one that is connected."""
_INSTALL = (
    "install usbmuxd, libimobiledevice-utils and ifuse "
    "(Debian: apt install usbmuxd libimobiledevice-utils ifuse)"
)
_TRUST = (
    "unlock it, let it trust this computer, and pair it once: idevicepair pair; then run this again"
)


class Phones(Protocol):
    """The phones at this computer's USB ports."""

    def connected(self) -> Sequence[str]:
        """Give the UDIDs of those that are connected. Raises UsageError, Unavailable."""
        ...

    def check_trust(self, udid: str) -> None:
        """Raise Unavailable unless the phone lets this computer read; asks nobody."""
        ...

    def mount(self, udid: str, folder: Path) -> None:
        """Let the phone's files appear in an empty folder, read only. Raises Unavailable."""
        ...

    def unmount(self, folder: Path) -> None:
        """Take them away again; one that is not mounted does no harm."""
        ...


@dataclass(frozen=True, slots=True)
class UsbPhones:
    """Phones by the programs of libimobiledevice; see ``Phones``."""

    run: Callable[[Sequence[str]], Ran]
    """Runs a program to its end; raises FileNotFoundError, TimeoutError."""

    def connected(self) -> Sequence[str]:
        """Ask ``idevice_id``."""
        ran = self._run("idevice_id", "-l")
        if ran.status:
            raise Unavailable(f"no iPhone could be looked for: {ran.said}; is usbmuxd running?")
        return tuple(dict.fromkeys(line.split()[0] for line in ran.said.splitlines() if line))

    def check_trust(self, udid: str) -> None:
        """Ask ``idevicepair validate``."""
        ran = self._run("idevicepair", "-u", udid, "validate")
        if ran.status:
            raise Unavailable(
                f"{self._name(udid)} does not let this computer read: {ran.said}; {_TRUST}"
            )

    def mount(self, udid: str, folder: Path) -> None:
        """Let ``ifuse`` do it."""
        ran = self._run("ifuse", "-u", udid, "-o", "ro", str(folder))
        if ran.status:
            raise Unavailable(f"{self._name(udid)} could not be mounted: {ran.said}; {_TRUST}")

    def unmount(self, folder: Path) -> None:
        """Let ``fusermount`` do it, by whichever name it has."""
        for program in ("fusermount", "fusermount3"):
            try:
                self.run((program, "-u", str(folder)))
            except (FileNotFoundError, TimeoutError):
                continue
            return

    def _name(self, udid: str) -> str:
        try:
            ran = self.run(("idevicename", "-u", udid))
        except (FileNotFoundError, TimeoutError):
            return udid
        return udid if ran.status or not ran.said else ran.said.splitlines()[0]

    def _run(self, *command: str) -> Ran:
        try:
            return self.run(command)
        except FileNotFoundError as error:
            raise UsageError(f"there is no program {command[0]}; {_INSTALL}") from error
        except TimeoutError as error:
            raise Unavailable(f"{error}; unlock the phone and plug it in again") from error


@dataclass(frozen=True, slots=True, weakref_slot=True)
class PhoneSource:
    """What a mounted phone holds; see ``ports.Source``. It is unmounted when nobody needs it."""

    spec: SourceSpec
    """Its path is the phone's address: where it is mounted differs from run to run."""
    inner: FolderSource

    @property
    def shows_all(self) -> bool:
        """Always: it is one whole phone."""
        return True

    def check(self) -> None:
        """Raise Unavailable when it was plugged out."""
        if not os.path.isdir(self.inner.spec.path):  # noqa: PTH112 - paths are bytes
            raise Unavailable("the phone is gone; plug it in and unlock it")

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk DCIM; see ``ports.Source``."""
        # A generator holds this source, and so the mount, until the walk is over.
        self.check()
        for listing in self.inner.listings():
            yield _steady(listing)

    def list_one(self, folder: bytes) -> tuple[FolderListing | Unlistable, list[bytes]]:
        """List one folder (relative to DCIM); gives its subfolders too, in any order."""
        listing, folders = self.inner.list_one(folder)
        return _steady(listing), folders

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable:
        """Tell by kind and name alone whether an entry may be opened."""
        found = self.inner.classify(folder, entry)
        if isinstance(found, Unopenable):
            return found
        return replace(found, within=Within(Way.MOUNTED, self.inner.spec.path, ""))


def mount_phone(
    spec: SourceSpec, phones: Phones, make_source: Callable[[SourceSpec], FolderSource]
) -> PhoneSource:
    """Mount the phone that a spec's address means in a private folder.

    It stays mounted while somebody holds the source, at most until this
    process ends. Raises UsageError when programs are missing or the address
    may mean several phones, Unavailable when the phone is away or locked.
    """
    udid = _choose(printable(spec.path[len(ADDRESS) :]), phones.connected())
    phones.check_trust(udid)
    folder = Path(tempfile.mkdtemp(prefix="picture-pipeline-phone-"))
    with ExitStack() as undoing:
        undoing.callback(_leave, phones, folder)
        phones.mount(udid, folder)
        root = _pictures_in(folder)
        undoing.pop_all()
    source = PhoneSource(_named(spec, udid), make_source(replace(spec, path=os.fsencode(root))))
    weakref.finalize(source, _leave, phones, folder)
    return source


def open_mounted(job: InspectJob) -> OpenedFile:
    """Open a file of a phone; raises OSError."""
    candidate = job.candidate
    root = candidate.within.container if candidate.within else job.root
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | os.O_NOFOLLOW
    fd = os.open(root + b"/" + candidate.path, flags)
    return OpenedFile(fd, _steady_stamp(FileStamp.of(os.fstat(fd))))


def _pictures_in(folder: Path) -> Path:
    root = folder / "DCIM"
    if not root.is_dir():
        raise Unavailable("the phone shows no pictures; unlock it, then run this again")
    return root


def _choose(udid: str, connected: Sequence[str]) -> str:
    if udid in connected:
        return udid
    if udid or not connected:
        raise Unavailable(
            f"no iPhone {udid} is connected; plug it in, unlock it".replace("  ", " ")
        )
    if len(connected) > 1:
        phones = ", ".join(f"usb:{one}" for one in connected)
        raise UsageError(f"several phones are connected; name one: {phones}")
    return connected[0]


def _named(spec: SourceSpec, udid: str) -> SourceSpec:
    """Tell phones apart that have no name."""
    if spec.name != printable(ADDRESS):
        return spec
    address = printable(ADDRESS) + udid
    return replace(spec, name=SourceName(address), path=address.encode())


def _steady(listing: FolderListing | Unlistable) -> FolderListing | Unlistable:
    if isinstance(listing, Unlistable):
        return listing
    entries = (entry._replace(stamp=_steady_stamp(entry.stamp)) for entry in listing.entries)
    return listing._replace(entries=tuple(entries))


def _steady_stamp(stamp: FileStamp) -> FileStamp:
    """Leave out what another mount numbers anew: ifuse makes inodes up, and has no ctime."""
    return stamp._replace(ctime_ns=0, inode=0)


def _leave(phones: Phones, folder: Path) -> None:
    phones.unmount(folder)
    # Not empty, or busy: it is still mounted, and what lies there is the phone's.
    with suppress(OSError):
        folder.rmdir()
