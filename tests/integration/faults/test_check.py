"""Every kind of violation is caught by the invariant that it breaks."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Tree

Plant = Callable[["Tree"], None]


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file's bytes in place, mode and times kept."""
    status = file.stat()
    file.chmod(0o644)
    file.write_bytes(change(file.read_bytes()))
    file.chmod(status.st_mode & 0o7777)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def flip_a_bit_of_an_original(tree: "Tree") -> None:
    rewrite(tree.original, flip)


def leave_a_temp_file_beside_originals(tree: "Tree") -> None:
    (tree.original.parent / ".tmp-1").write_bytes(b"half")


def file_an_original_by_its_camera_name(tree: "Tree") -> None:
    tree.original.rename(tree.original.with_name("IMG_0001.JPG"))


def put_a_folder_that_is_no_day(tree: "Tree") -> None:
    (tree.archive / "originals" / "2024" / "march").mkdir(parents=True)


def lose_an_original(tree: "Tree") -> None:
    tree.original.unlink()
    tree.sidecar.unlink()


def file_an_original_under_two_days(tree: "Tree") -> None:
    other = tree.archive / "originals" / "2023" / "01" / "01"
    other.mkdir(parents=True)
    for file in (tree.sidecar, tree.original):
        shutil.copy2(file, other)


def publish_an_empty_original(tree: "Tree") -> None:
    rewrite(tree.original, lambda _data: b"")


def cut_a_thumbnail_short(tree: "Tree") -> None:
    rewrite(tree.thumb("small"), lambda data: data[:-9])


def make_a_thumbnail_too_large(tree: "Tree") -> None:
    shutil.copyfile(tree.thumb("medium"), tree.thumb("small"))


def leave_a_temp_file_among_thumbs(tree: "Tree") -> None:
    (tree.thumb("tiny").parent / "x.tmp").write_bytes(b"half")


def leave_a_file_in_incoming(tree: "Tree") -> None:
    incoming = tree.archive / ".picture-pipeline" / "incoming" / "run"
    incoming.mkdir(parents=True)
    (incoming / "1.original").write_bytes(b"half")


def forget_an_original_in_the_catalog(tree: "Tree") -> None:
    forget_a_sighting(tree)
    ours = "(SELECT id FROM originals WHERE digest = ?)"
    tree.sql(f"DELETE FROM picture_hashes WHERE original_id = {ours}", tree.digest)  # noqa: S608 - fixed
    tree.sql("DELETE FROM originals WHERE digest = ?", tree.digest)


def book_a_wrong_size(tree: "Tree") -> None:
    tree.sql("UPDATE originals SET size = size + 1 WHERE digest = ?", tree.digest)


def forget_a_sighting(tree: "Tree") -> None:
    ours = "(SELECT id FROM originals WHERE digest = ?)"
    tree.sql(f"DELETE FROM sightings WHERE original_id = {ours}", tree.digest)  # noqa: S608 - fixed


def damage_the_catalog(tree: "Tree") -> None:
    rewrite(tree.local / "catalog.db", lambda data: data[:4096] + b"\x5a" * (len(data) - 4096))


def keep_a_thumbnail_of_nothing(tree: "Tree") -> None:
    strange = tree.local / "thumbs" / "tiny" / "aa" / f"{'a' * 64}.jpg"
    strange.parent.mkdir(exist_ok=True)
    shutil.copyfile(tree.thumb("tiny"), strange)


def move_a_source_file(tree: "Tree") -> None:
    (tree.source / "IMG_2.PNG").unlink()


def touch_a_source_file(tree: "Tree") -> None:
    os.utime(tree.source / "IMG_2.PNG", (1, 1))


def hard_link_out_of_the_source(tree: "Tree") -> None:
    (tree.folder / "elsewhere.jpg").hardlink_to(tree.source / "IMG_2.PNG")


def leave_a_file_in_the_source(tree: "Tree") -> None:
    (tree.source / ".processed").touch()


def cut_a_sidecar_short(tree: "Tree") -> None:
    rewrite(tree.sidecar, lambda data: data[: len(data) // 2])


def swap_a_sidecar(tree: "Tree") -> None:
    rewrite(tree.sidecar, lambda data: data.replace(tree.digest.encode(), b"0" * 64))


def lose_a_sidecar(tree: "Tree") -> None:
    tree.sidecar.unlink()


def make_an_original_writable(tree: "Tree") -> None:
    tree.original.chmod(0o644)


def write_an_original_anew(tree: "Tree") -> None:
    copy = tree.folder / "copy.jpg"
    shutil.copy2(tree.original, copy)
    copy.replace(tree.original)


def change_the_report(tree: "Tree", **changes: object) -> None:
    document = json.loads(tree.report.read_text())
    document["report"] |= {name: value for name, value in changes.items() if name != "status"}
    document |= {name: value for name, value in changes.items() if name in {"status", "stderr"}}
    tree.report.write_text(json.dumps(document))


def report_what_does_not_add_up(tree: "Tree") -> None:
    change_the_report(tree, imported=2)


def keep_silent_about_a_rejected_file(tree: "Tree") -> None:
    change_the_report(tree, problems=[])


def claim_success_with_a_failed_file(tree: "Tree") -> None:
    change_the_report(tree, status=1)


def end_in_a_traceback(tree: "Tree") -> None:
    change_the_report(tree, stderr="Traceback (most recent call last):\nValueError: x")


def write_below_the_mount_point(tree: "Tree") -> None:
    (tree.below / "originals").mkdir()


def lose_a_thumbnail(tree: "Tree") -> None:
    tree.thumb("medium").unlink()


def describe_an_original_otherwise(tree: "Tree") -> None:
    end = b"</rdf:Description>"
    rewrite(tree.sidecar, lambda data: data.replace(end, b"<xmp:Rating>5</xmp:Rating>" + end))


def lines_of(tree: "Tree", change: Callable[[list[bytes]], list[bytes]]) -> None:
    rewrite(tree.ledger, lambda data: b"".join(change(data.splitlines(keepends=True))))


def tamper_with_a_ledger_line(tree: "Tree") -> None:
    lines_of(tree, lambda lines: [lines[0].replace(b"ingestion", b"deletions"), *lines[1:]])


def drop_the_first_ledger_line(tree: "Tree") -> None:
    lines_of(tree, lambda lines: lines[1:])


def drop_the_last_ledger_line(tree: "Tree") -> None:
    lines_of(tree, lambda lines: lines[:-1])


def tear_the_last_ledger_line(tree: "Tree") -> None:
    rewrite(tree.ledger, lambda data: data[:-5])


def forget_an_event_in_the_catalog(tree: "Tree") -> None:
    tree.forget_event(2)


PLANTS: list[tuple[str, Plant]] = [
    ("I1", flip_a_bit_of_an_original),
    ("I1", leave_a_temp_file_beside_originals),
    ("I1", file_an_original_by_its_camera_name),
    ("I1", put_a_folder_that_is_no_day),
    ("I2", lose_an_original),
    ("I3", file_an_original_under_two_days),
    ("I4", publish_an_empty_original),
    ("I4", cut_a_thumbnail_short),
    ("I4", make_a_thumbnail_too_large),
    ("I4", leave_a_temp_file_among_thumbs),
    ("I4", leave_a_file_in_incoming),
    ("I5", forget_an_original_in_the_catalog),
    ("I5", book_a_wrong_size),
    ("I5", forget_a_sighting),
    ("I5", damage_the_catalog),
    ("I5", keep_a_thumbnail_of_nothing),
    ("I6", move_a_source_file),
    ("I6", touch_a_source_file),
    ("I6", hard_link_out_of_the_source),
    ("I6", leave_a_file_in_the_source),
    ("I7", cut_a_sidecar_short),
    ("I7", swap_a_sidecar),
    ("I7", lose_a_sidecar),
    ("I8", make_an_original_writable),
    ("I8", write_an_original_anew),
    ("I11", report_what_does_not_add_up),
    ("I11", keep_silent_about_a_rejected_file),
    ("I11", claim_success_with_a_failed_file),
    ("I11", end_in_a_traceback),
    ("I12", write_below_the_mount_point),
    ("I13", lose_a_thumbnail),
    ("I13", describe_an_original_otherwise),
    ("I15", tamper_with_a_ledger_line),
    ("I15", drop_the_first_ledger_line),
    ("I15", drop_the_last_ledger_line),
    ("I15", tear_the_last_ledger_line),
    ("I15", forget_an_event_in_the_catalog),
    ("I16", lose_an_original),
]


@pytest.mark.parametrize(
    ("invariant", "plant"), PLANTS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_planted_violation_is_caught(invariant: str, plant: Plant, tree: "Tree") -> None:
    plant(tree)
    assert invariant in tree.check()


def test_a_sound_archive_breaks_no_invariant(tree: "Tree") -> None:
    assert tree.check() == {}


def test_a_cut_off_run_may_leave_what_the_next_one_finishes(tree: "Tree") -> None:
    leave_a_file_in_incoming(tree)
    forget_an_original_in_the_catalog(tree)
    tear_the_last_ledger_line(tree)
    lose_a_thumbnail(tree)
    tree.forget_event(4)
    assert tree.check("--crashed") == {}


def test_the_time_of_ingest_is_no_difference(tree: "Tree") -> None:
    when = re.compile(rb"(?<=<pp:ingestedAt>)[^<]+")
    rewrite(tree.sidecar, lambda data: when.sub(b"1999-01-01T00:00:00Z", data))
    assert b"1999-01-01" in tree.sidecar.read_bytes()
    assert tree.check() == {}
