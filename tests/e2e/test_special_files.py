"""What is no plain file is never opened, and everything is named with its reason."""

import hashlib
import os
import re
import shutil
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from installed import Said, Storage
from pictures import jpeg, picture, write

TEBIBYTE = 1 << 40
ICON = b"\0\0\1\0" + bytes(100)
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"/>'

REASONS = {
    "fifo.jpg": "special_file",
    "socket.jpg": "special_file",
    "dangling.jpg": "dangling_link",
    "one.jpg": "dangling_link",
    "two.jpg": "dangling_link",
    "loop": "link_to_folder",
    "folder": "link_to_folder",
    "passwd.jpg": "not_a_picture",
    "random.jpg": "not_a_picture",
    "empty.jpg": "empty",
    "placeholder.jpg": "placeholder",
    "favicon.ico": "unsupported_format",
    "drawing.svg": "unsupported_format",
    "half.jpg.part": "ignored",
    "@eaDir/thumb.jpg": "ignored",
}
DEVICES = {"null.jpg": "special_file", "loop0.jpg": "special_file"}


@dataclass(frozen=True, slots=True)
class Imported:
    """A folder of special files, imported twice."""

    storage: Storage
    source: Path
    entries: int
    first: Said
    again: Said


def fill(source: Path, beside: Path) -> None:
    write(source / "real.jpg", jpeg(1))
    write(source / "IMG_2.JPG", picture(2, "WEBP"))
    write(source / "deep" / "er" / "IMG_3.HEIC", jpeg(3))
    write(beside / "real.jpg", jpeg(4))
    os.mkfifo(source / "fifo.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(source / "socket.jpg"))
    for link, target in (
        ("dangling.jpg", "nowhere.jpg"),
        ("one.jpg", "two.jpg"),
        ("two.jpg", "one.jpg"),
        ("loop", "."),
        ("folder", str(beside)),
        ("passwd.jpg", "/etc/passwd"),
        ("linked.jpg", str(beside / "real.jpg")),
    ):
        (source / link).symlink_to(target)
    write(source / "random.jpg", hashlib.sha512(b"random").digest() * 80)
    write(source / "empty.jpg", b"")
    write(source / "favicon.ico", ICON)
    write(source / "drawing.svg", DRAWING)
    write(source / "half.jpg.part", jpeg(5))
    write(source / "@eaDir" / "thumb.jpg", jpeg(6))
    with (source / "placeholder.jpg").open("wb") as file:
        file.truncate(TEBIBYTE)
    if os.geteuid() == 0:
        os.mknod(source / "null.jpg", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        os.mknod(source / "loop0.jpg", stat.S_IFBLK | 0o666, os.makedev(7, 0))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("special")
    source = folder / "source"
    fill(source, folder / "beside")
    storage = Storage(folder / "home")
    first = storage.call("import", "--json", source)
    again = storage.call("import", "--json", source)
    return Imported(storage, source, count(source), first, again)


def count(folder: Path) -> int:
    """Count the entries that are no real folders, as ``find ! -type d`` does."""
    total = 0
    with os.scandir(folder) as found:
        for entry in found:
            real_folder = entry.is_dir(follow_symlinks=False)
            total += count(Path(entry.path)) if real_folder else 1
    return total


def reasons(said: Said, source: Path) -> dict[str, str]:
    problems = said.json["problems"]
    return {os.path.relpath(p["path"], source): p["reason"] for p in problems}


def test_everything_that_is_not_taken_in_is_named_with_its_reason(imported: Imported) -> None:
    expected = REASONS | (DEVICES if os.geteuid() == 0 else {})

    assert reasons(imported.first, imported.source) == expected


def test_every_entry_that_is_no_real_folder_is_seen(imported: Imported) -> None:
    assert imported.first.json["seen"] == imported.entries


@pytest.mark.parametrize("run", ["first", "again"])
def test_the_report_adds_up(imported: Imported, run: str) -> None:
    report = getattr(imported, run).json

    parts = ("imported", "duplicate", "skipped", "rejected", "failed")
    assert report["seen"] == sum(report[part] for part in parts)


def test_rejected_files_alone_do_not_change_the_exit_status(imported: Imported) -> None:
    assert (imported.first.status, imported.first.json["failed"]) == (0, 0)


def test_a_linked_file_is_imported_by_its_content(imported: Imported) -> None:
    (line,) = [
        line
        for line in imported.storage.call("list", "--json").lines
        if line["original_name"] == "linked.jpg"
    ]

    assert line["digest"] == hashlib.sha256(jpeg(4)).hexdigest()
    assert not (imported.storage.archive / str(line["path"])).is_symlink()


def test_content_decides_whatever_the_name_says(imported: Imported) -> None:
    types = {
        line["original_name"]: line["media_type"]
        for line in imported.storage.call("list", "--json").lines
    }

    assert (types["IMG_2.JPG"], types["IMG_3.HEIC"]) == ("image/webp", "image/jpeg")


def test_a_second_run_skips_everything(imported: Imported) -> None:
    report = imported.again.json

    assert (report["skipped"], report["problems"]) == (imported.entries, [])


def test_a_second_run_opens_no_file_of_the_source(imported: Imported) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    log = imported.storage.home.parent / "trace"

    tracing = (strace, "-f", "-e", "trace=open,openat,openat2", "-o", str(log))
    said = imported.storage.call("import", "--json", imported.source, before=tracing)

    opened = [line for line in log.read_text().splitlines() if f'"{imported.source}' in line]
    assert said.json["skipped"] == imported.entries
    assert opened
    assert not [line for line in opened if "O_DIRECTORY" not in line]


def test_neither_run_opens_what_is_special(tmp_path: Path, storage: Storage) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    fill(tmp_path / "source", tmp_path / "beside")
    log = tmp_path / "trace"

    storage.call(
        "import", tmp_path / "source", before=(strace, "-f", "-e", "openat", "-o", str(log))
    )

    opened = re.findall(rf'"{tmp_path}/source/([^"]+)"', log.read_text())
    never = {name for name, reason in REASONS.items() if reason in {"special_file", "ignored"}}
    assert "real.jpg" in opened
    assert not (never | DEVICES.keys() | {"loop", "folder", "dangling.jpg"}) & set(opened)


def test_only_a_retry_looks_at_rejected_files_again(imported: Imported) -> None:
    report = imported.storage.call("import", "--json", "--retry", imported.source).json

    assert report["rejected"] == imported.first.json["rejected"]
    assert report["skipped"] == imported.first.json["imported"]


@pytest.fixture
def bound() -> tuple[str, ...]:
    """Run a command for which permissions hold, also when root runs the tests."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return ()
    if setpriv is None:
        pytest.skip("setpriv is not installed, and root reads everything")
    return (setpriv, "--bounding-set=-dac_override,-dac_read_search")


def test_an_unreadable_file_fails_and_the_others_are_taken(
    storage: Storage, source: Path, bound: tuple[str, ...]
) -> None:
    write(source / "good.jpg", jpeg(1))
    write(source / "closed.jpg", jpeg(2))
    (source / "closed.jpg").chmod(0)

    said = storage.call("import", "--json", source, before=bound)

    assert (said.status, said.json["imported"], said.json["failed"]) == (1, 1, 1)
    assert reasons(said, source) == {"closed.jpg": "unreadable"}


def test_an_unreadable_file_is_tried_again_by_the_next_run(
    storage: Storage, source: Path, bound: tuple[str, ...]
) -> None:
    write(source / "closed.jpg", jpeg(2))
    (source / "closed.jpg").chmod(0)
    storage.call("import", source, before=bound)
    (source / "closed.jpg").chmod(0o644)

    said = storage.call("import", "--json", source, before=bound)

    assert (said.status, said.json["imported"]) == (0, 1)


def test_a_folder_that_cannot_be_listed_fails_and_is_named(
    storage: Storage, source: Path, bound: tuple[str, ...]
) -> None:
    write(source / "good.jpg", jpeg(1))
    write(source / "closed" / "hidden.jpg", jpeg(2))
    (source / "closed").chmod(0)

    said = storage.call("import", "--json", source, before=bound)

    assert (said.status, said.json["imported"], said.json["failed"]) == (1, 1, 1)
    assert reasons(said, source) == {"closed": "unreadable"}


def test_a_link_into_a_folder_without_rights_fails_rather_than_dangles(
    tmp_path: Path, storage: Storage, source: Path, bound: tuple[str, ...]
) -> None:
    write(tmp_path / "closed" / "there.jpg", jpeg(1))
    (source / "link.jpg").symlink_to(tmp_path / "closed" / "there.jpg")
    (tmp_path / "closed").chmod(0)

    said = storage.call("import", "--json", source, before=bound)

    assert (said.status, reasons(said, source)) == (1, {"link.jpg": "unreadable"})
