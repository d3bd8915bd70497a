"""What two passes over a source tell apart."""

import os
from itertools import count
from pathlib import Path

import pytest

from picture_pipeline.errors import Interrupted
from picture_pipeline.sources.glance import Glance, stamp_at

OLD = 1_000_000_000 * 10**9
FUTURE = 4_000_000_000 * 10**9


def glance_of(root: Path, wall_ns: int = FUTURE) -> Glance:
    return Glance(os.fsencode(root), lambda: None, lambda: wall_ns)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a/1.jpg", "a/2.jpg", "b/c/3.jpg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
    for folder in (tmp_path, *tmp_path.rglob("*/")):
        os.utime(folder, ns=(OLD, OLD))
    return tmp_path


def watched(tree: Path) -> Glance:
    glance = glance_of(tree)
    glance.full_pass()
    glance.keep()
    return glance


def test_the_first_pass_finds_every_folder(tree: Path) -> None:
    assert glance_of(tree).full_pass().changed == {b"", b"a", b"b", b"b/c"}


def test_a_full_pass_counts_files_and_bytes(tree: Path) -> None:
    found = glance_of(tree).full_pass()
    assert (found.files, found.size, found.unlistable) == (3, 21, 0)


def test_where_nothing_changed_nothing_is_found(tree: Path) -> None:
    glance = watched(tree)
    assert glance.full_pass().changed == frozenset()
    assert glance.folder_pass().changed == frozenset()


def test_what_was_not_kept_is_found_again(tree: Path) -> None:
    glance = glance_of(tree)
    glance.full_pass()
    assert b"a" in glance.full_pass().changed


def test_a_folder_pass_finds_a_new_file(tree: Path) -> None:
    glance = watched(tree)
    (tree / "a" / "new.jpg").write_bytes(b"new")
    assert glance.folder_pass().changed == {b"a"}


def test_a_folder_pass_finds_a_new_folder_with_all_below_it(tree: Path) -> None:
    glance = watched(tree)
    (tree / "d" / "e").mkdir(parents=True)
    assert glance.folder_pass().changed == {b"d", b"d/e"}


def test_a_folder_that_went_and_came_back_is_found_again(tree: Path, tmp_path: Path) -> None:
    glance = watched(tree)
    (tree / "b").rename(tmp_path / "b-away")
    glance.folder_pass()
    glance.keep()
    (tmp_path / "b-away").rename(tree / "b")
    assert {b"b", b"b/c"} <= glance.folder_pass().changed


def test_a_file_rewritten_in_place_with_its_time_restored_is_found_by_the_full_pass(
    tree: Path,
) -> None:
    glance = watched(tree)
    path = tree / "a" / "1.jpg"
    before = path.stat()
    path.write_bytes(b"another")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert glance.folder_pass().changed == frozenset()
    assert glance.full_pass().changed == {b"a"}


def test_a_hint_finds_it_too(tree: Path) -> None:
    glance = watched(tree)
    (tree / "a" / "1.jpg").write_bytes(b"longer than before")
    assert glance.folder_pass(hinted=[b"a", b"nowhere"]).changed == {b"a"}


def test_the_file_that_a_link_leads_to_counts(tree: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.jpg"
    target.write_bytes(b"one")
    (tree / "a" / "link.jpg").symlink_to(target)
    glance = watched(tree)
    target.write_bytes(b"four")
    assert b"a" in glance.full_pass().changed


def test_a_link_to_a_folder_is_not_followed(tree: Path) -> None:
    (tree / "a" / "loop").symlink_to(tree)
    assert glance_of(tree).full_pass().changed == {b"", b"a", b"b", b"b/c"}


def test_a_folder_as_new_as_the_clock_is_listed_once_more(tree: Path) -> None:
    glance = glance_of(tree, wall_ns=OLD)
    glance.full_pass()
    glance.keep()
    added = tree / "a" / "unseen.jpg"
    added.write_bytes(b"within the same tick")
    os.utime(tree / "a", ns=(OLD, OLD))
    assert glance.folder_pass().changed == {b"a"}


def test_and_then_its_time_is_believed(tree: Path) -> None:
    glance = glance_of(tree, wall_ns=OLD)
    for _ in range(2):
        glance.full_pass()
        glance.keep()
    (tree / "a" / "unseen.jpg").write_bytes(b"hidden by its folder's time")
    os.utime(tree / "a", ns=(OLD, OLD))
    assert glance.folder_pass().changed == frozenset()


def test_a_folder_in_doubt_is_found_again(tree: Path) -> None:
    glance = watched(tree)
    glance.doubt([b"a", b"nowhere"])
    assert glance.folder_pass().changed == {b"a"}
    glance.keep()
    assert glance.folder_pass().changed == frozenset()


def test_our_own_folders_are_not_entered(tree: Path) -> None:
    status = (tree / "b").stat()
    own = frozenset({(status.st_dev, status.st_ino)})
    glance = Glance(os.fsencode(tree), lambda: None, lambda: FUTURE, lambda: own)
    assert glance.full_pass().changed == {b"", b"a"}


def test_a_folder_that_is_gone_drops_out(tree: Path) -> None:
    glance = watched(tree)
    (tree / "b" / "c" / "3.jpg").unlink()
    (tree / "b" / "c").rmdir()
    assert glance.folder_pass().changed == frozenset()
    glance.keep()
    assert glance.full_pass().files == 2


def test_a_source_that_is_not_there_has_one_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    found = glance_of(tmp_path / "away").full_pass()
    assert (found.files, found.unlistable) == (0, 1)


def test_a_pass_can_be_stopped(tree: Path) -> None:
    def stop() -> None:
        raise Interrupted("enough")

    glance = Glance(os.fsencode(tree), stop, lambda: FUTURE)
    with pytest.raises(Interrupted):
        glance.full_pass()


def test_long_passes_tell_that_they_are_alive(tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / str(number)).mkdir()
    pulses = count()
    glance = Glance(os.fsencode(tmp_path), lambda: void(next(pulses)), lambda: FUTURE)
    glance.full_pass()
    assert next(pulses) >= 3


def void(_: object) -> None:
    """Throw a value away."""


def test_a_file_that_is_gone_has_no_stamp(tree: Path) -> None:
    assert stamp_at(os.fsencode(tree), b"a", b"9.jpg") is None


def test_a_file_in_the_root_has_its_stamp(tree: Path) -> None:
    (tree / "0.jpg").write_bytes(b"four")
    found = stamp_at(os.fsencode(tree), b"", b"0.jpg")
    assert found is not None
    assert found.size == 4
