"""A phone at the USB port, with shell scripts in the place of the outside programs.

They answer as libimobiledevice 1.3.0 and ifuse 1.1.4 do; "mounting" copies a
tree. No real phone was at hand.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from installed import Said, Storage
from pictures import jpeg, write

UDID = "00008101-000A1B2C3D4E"
PROGRAMS = {
    "idevice_id": 'cat "$PHONE/connected"',
    "idevicename": 'echo "Anna\'s iPhone"',
    "idevicepair": 'test "$3" = validate && cat "$PHONE/trust" && grep -q SUCCESS "$PHONE/trust"',
    "ifuse": 'shift 4; echo "$1" >> "$PHONE/mounts"; cp -Rp "$PHONE/files/." "$1"',
    "fusermount": 'rm -rf "$2/DCIM"; echo "$2" >> "$PHONE/unmounts"',
}


@dataclass(frozen=True, slots=True)
class Phone:
    """What the scripts read and write."""

    root: Path

    def lines(self, name: str) -> list[str]:
        """Give what the scripts noted."""
        path = self.root / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    """Give a phone with three pictures, connected and trusting."""
    root = tmp_path / "phone"
    write(root / "files/DCIM/100APPLE/IMG_0001.JPG", jpeg(1))
    write(root / "files/DCIM/100APPLE/IMG_0002.JPG", jpeg(2))
    write(root / "files/DCIM/101APPLE/IMG_0001.JPG", jpeg(3))
    write(root / "files/DCIM/.MISC/x.jpg", jpeg(4))
    write(root / "connected", f"{UDID}\n".encode())
    write(root / "trust", b"SUCCESS: Validated pairing\n")
    return Phone(root)


@pytest.fixture
def usb(storage: Storage, phone: Phone, tmp_path: Path) -> Storage:
    """Give a storage whose command finds the scripts first."""
    programs = tmp_path / "bin"
    for name, script in PROGRAMS.items():
        write(programs / name, f"#!/bin/sh\n{script}\n".encode())
        (programs / name).chmod(0o755)
    return storage.given(PATH=f"{programs}:{os.environ['PATH']}", PHONE=str(phone.root))


def taken(said: Said) -> tuple[int, int, int]:
    return said.json["imported"], said.json["skipped"], said.json["rejected"]


def test_its_pictures_are_taken_and_it_is_unmounted(usb: Storage, phone: Phone) -> None:
    said = usb.call("import", "--json", "usb:")

    assert (said.status, taken(said)) == (0, (3, 0, 1))
    assert phone.lines("mounts") == phone.lines("unmounts")
    assert not Path(phone.lines("mounts")[0]).exists()


def test_the_same_files_on_another_mount_are_not_read_again(usb: Storage, phone: Phone) -> None:
    usb.call("import", "usb:")

    again = usb.call("import", "--json", "usb:")

    assert (again.status, taken(again)) == (0, (0, 4, 0))
    assert len(set(phone.lines("mounts"))) == 2


def test_it_is_known_by_its_address(usb: Storage) -> None:
    usb.call("import", "usb:")

    (listed,) = usb.call("sources", "--json").json["sources"]

    assert (listed["name"], listed["path"], listed["kind"]) == (
        *(f"usb:{UDID}", f"usb:{UDID}"),
        "iphone_usb",
    )


def test_it_may_be_given_a_name_and_an_owner(usb: Storage) -> None:
    usb.call("sources", "add", "annas-phone", f"usb:{UDID}", "--owner", "anna")

    said = usb.call("import", "--json", "annas-phone")

    assert taken(said)[0] == 3
    assert said.json["sources"][0]["kind"] == "iphone_usb"
    digest = str(usb.call("list", "--json").lines[0]["digest"])
    assert usb.call("show", digest, "--json").json["owner"] == "anna"


def test_without_a_phone_the_command_says_so_and_may_be_run_again(
    usb: Storage, phone: Phone
) -> None:
    write(phone.root / "connected", b"")

    said = usb.call("import", "usb:")

    assert (said.status, "no iPhone is connected" in said.err) == (3, True)


def test_a_phone_that_does_not_trust_this_computer_is_left_alone(
    usb: Storage, phone: Phone
) -> None:
    write(phone.root / "trust", b"ERROR: Please accept the trust dialog\n")

    said = usb.call("import", "usb:")

    assert said.status == 3
    assert "Anna's iPhone does not let this computer read" in said.err
    assert phone.lines("mounts") == []


def test_missing_programs_are_named_with_what_to_install(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    said = storage.given(PATH=str(tmp_path / "empty")).call("import", "usb:")

    assert (said.status, "apt install usbmuxd libimobiledevice-utils ifuse" in said.err) == (
        2,
        True,
    )


def test_a_mounted_phone_is_a_folder_like_any_other(storage: Storage, phone: Phone) -> None:
    said = storage.call("import", "--json", phone.root / "files" / "DCIM")

    assert taken(said)[0] == 3
    assert said.json["sources"][0]["kind"] == "iphone"
