"""A phone is looked for, asked whether it trusts us, mounted, and let go; what ails it is told."""

import gc
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from picture_pipeline.errors import Unavailable, UsageError
from picture_pipeline.model.candidate import FolderListing, SourceName, SourceSpec
from picture_pipeline.sources.folder import FolderSource
from picture_pipeline.sources.iphone_usb import PhoneSource, UsbPhones, mount_phone
from picture_pipeline.workers.programs import Ran
from pictures import write

ONE, OTHER = "00008101-000A1", "00008030-000B2"
ANY = SourceSpec(SourceName("usb:"), b"usb:", "iphone_usb")
FINE = Ran(0, "")


@dataclass(slots=True)
class Programs:
    """Answers in the place of the outside programs, and remembers what was asked."""

    answers: Mapping[str, Ran]
    asked: list[Sequence[str]] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> Ran:
        """Answer; a program without an answer is not installed."""
        self.asked.append(command)
        if command[0] not in self.answers:
            raise FileNotFoundError(command[0])
        if command[0] == "ifuse":
            write(Path(command[-1]) / "DCIM/100APPLE/IMG_0001.JPG", b"x")
        if command[0] == "fusermount":
            folder = Path(command[-1])
            (folder / "DCIM/100APPLE/IMG_0001.JPG").unlink(missing_ok=True)
            for name in ("DCIM/100APPLE", "DCIM"):
                (folder / name).rmdir()
        return self.answers[command[0]]

    def mounted_at(self) -> Path:
        """Give the folder that was mounted last."""
        return Path(next(each[-1] for each in reversed(self.asked) if each[0] == "ifuse"))


def programs(**answers: Ran) -> Programs:
    usual = {
        "idevice_id": Ran(0, f"{ONE}\n"),
        "idevicename": Ran(0, "Anna's iPhone"),
        "idevicepair": Ran(0, f"SUCCESS: Validated pairing with device {ONE}"),
        "ifuse": FINE,
        "fusermount": FINE,
    }
    return Programs({**usual, **answers})


def mount(by: Programs, spec: SourceSpec = ANY) -> PhoneSource:
    return mount_phone(spec, UsbPhones(by), FolderSource)


def test_the_phone_that_is_connected_is_mounted_read_only() -> None:
    by = programs()

    source = mount(by)

    command = next(each for each in by.asked if each[0] == "ifuse")
    assert command[:5] == ("ifuse", "-u", ONE, "-o", "ro")
    assert by.mounted_at().stat().st_mode & 0o077 == 0
    assert source.spec.path == source.spec.name.encode() == b"usb:" + ONE.encode()


def test_a_phone_is_never_paired_or_unpaired() -> None:
    by = programs()

    mount(by)

    assert [each[-1] for each in by.asked if each[0] == "idevicepair"] == ["validate"]


def test_a_named_phone_keeps_its_name_and_address() -> None:
    spec = SourceSpec(SourceName("anna"), b"usb:" + ONE.encode(), "iphone_usb", "anna")

    assert mount(programs(), spec).spec == spec


def test_it_is_unmounted_when_nobody_holds_it_any_more() -> None:
    by = programs()
    source = mount(by)
    assert by.mounted_at().is_dir()

    del source
    gc.collect()

    assert not by.mounted_at().exists()


def test_stamps_hold_nothing_that_another_mount_numbers_anew() -> None:
    listings = [each for each in mount(programs()).listings() if isinstance(each, FolderListing)]

    stamps = [entry.stamp for each in listings for entry in each.entries]
    assert [(stamp.ctime_ns, stamp.inode) for stamp in stamps] == [(0, 0)]


def test_what_is_missing_is_named_with_the_packages_to_install() -> None:
    with pytest.raises(UsageError, match=r"no program idevice_id; install .*ifuse"):
        mount(Programs({}))


def test_no_phone_is_something_to_try_again_later() -> None:
    with pytest.raises(Unavailable, match="no iPhone is connected"):
        mount(programs(idevice_id=Ran(0, "")))


def test_without_usbmuxd_its_own_words_are_passed_on() -> None:
    with pytest.raises(Unavailable, match=r"Unable to retrieve device list!.*usbmuxd"):
        mount(programs(idevice_id=Ran(255, "ERROR: Unable to retrieve device list!")))


def test_another_phone_than_the_one_named_is_not_taken() -> None:
    spec = SourceSpec(SourceName("usb:" + OTHER), b"usb:" + OTHER.encode(), "iphone_usb")

    with pytest.raises(Unavailable, match=f"no iPhone {OTHER} is connected"):
        mount(programs(), spec)


def test_of_several_phones_one_must_be_named() -> None:
    with pytest.raises(UsageError, match=f"usb:{ONE}, usb:{OTHER}"):
        mount(programs(idevice_id=Ran(0, f"{ONE}\n{OTHER} (USB)\n{ONE}")))


def test_a_phone_that_does_not_trust_us_is_not_mounted() -> None:
    by = programs(idevicepair=Ran(1, "ERROR: Please accept the trust dialog"))

    with pytest.raises(Unavailable, match=r"Anna's iPhone .*trust dialog.*idevicepair pair"):
        mount(by)

    assert "ifuse" not in {each[0] for each in by.asked}


def test_a_mount_that_fails_leaves_no_folder() -> None:
    by = programs(ifuse=Ran(1, "Failed to connect to lockdownd"), idevicename=Ran(1, ""))

    with pytest.raises(Unavailable, match=f"{ONE} could not be mounted: Failed to connect"):
        mount(by)

    assert not by.mounted_at().exists()


def test_a_locked_phone_shows_no_pictures() -> None:
    class Locked(Programs):
        def __call__(self, command: Sequence[str]) -> Ran:
            return self.answers[command[0]]

    with pytest.raises(Unavailable, match="unlock it"):
        mount(Locked(programs().answers))


def test_a_phone_that_was_plugged_out_is_away() -> None:
    by = programs()
    source = mount(by)
    root = Path(os.fsdecode(source.inner.spec.path))
    (root / "100APPLE/IMG_0001.JPG").unlink()
    (root / "100APPLE").rmdir()
    root.rmdir()

    with pytest.raises(Unavailable, match="phone is gone"):
        next(source.listings())

    root.mkdir()
    (root / "100APPLE").mkdir()
