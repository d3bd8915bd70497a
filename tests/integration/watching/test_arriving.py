"""What arrives in a watched folder, and how; the clock is played, all else is real."""

import os
from functools import partial
from pathlib import Path

from pictures import jpeg, write
from played_watch import Play, imported

DAY = 86_400


def test_what_lies_there_is_taken_after_two_looks(play: Play, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    assert play.watch(phone, seconds=29) == []
    assert imported(play.watch(phone, seconds=60)) == 1


def test_a_new_file_is_taken_within_three_intervals(play: Play, phone: Path) -> None:
    new = partial(write, phone / "2024" / "one.jpg", jpeg(1))
    assert imported(play.watch(phone, seconds=3 * 60, meanwhile=[(1, new)])) == 1


def test_a_growing_file_is_taken_once_and_whole(play: Play, phone: Path) -> None:
    data, path = jpeg(1, 400), phone / "grows.jpg"
    parts = [
        (10 + 20 * number, partial(write, path, data[: len(data) * (number + 1) // 20]))
        for number in range(20)
    ]
    reports = play.watch(phone, seconds=3600, meanwhile=parts)
    assert imported(reports) == 1
    assert [path.read_bytes() for path in play.storage.originals()] == [data]


def test_a_file_under_its_temporary_name_is_left_alone(play: Play, phone: Path) -> None:
    write(phone / "ONE.part", jpeg(1))
    reports = play.watch(
        phone,
        seconds=600,
        meanwhile=[(300, lambda: (phone / "ONE.part").rename(phone / "ONE.JPG"))],
    )
    assert (imported(reports), play.listed()) == (1, ["ONE.JPG"])


def test_a_rewrite_in_place_with_its_time_restored_is_found_by_the_next_full_pass(
    play: Play, phone: Path
) -> None:
    path = phone / "one.jpg"
    write(path, jpeg(1))

    def rewrite() -> None:
        before = path.stat()
        write(path, jpeg(2))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    reports = play.watch(phone, seconds=2 * 3600, meanwhile=[(3600, rewrite)])
    assert imported(reports) == 2


def test_a_file_cut_short_waits_and_is_taken_when_it_is_whole(play: Play, phone: Path) -> None:
    data, path = jpeg(1, 400), phone / "cut.jpg"
    write(path, data[:-500])
    reports = play.watch(phone, seconds=3000, meanwhile=[(1000, partial(write, path, data))])
    assert [path.read_bytes() for path in play.storage.originals()] == [data]
    assert [len(report.warnings) for report in reports if report.counts.imported] == [0]


def test_a_file_that_stays_cut_short_is_taken_after_an_hour_and_flagged(
    play: Play, phone: Path
) -> None:
    write(phone / "cut.jpg", jpeg(1, 400)[:-500])
    assert imported(play.watch(phone, seconds=3590)) == 0
    assert play.health(phone).waiting == 1
    reports = play.watch(phone, seconds=200)
    assert [warned.reason for report in reports for warned in report.warnings] == ["incomplete"]


def test_the_wait_of_a_file_cut_short_goes_on_over_restarts(play: Play, phone: Path) -> None:
    write(phone / "cut.jpg", jpeg(1, 400)[:-500])
    for _ in range(10):
        assert imported(play.watch(phone, seconds=350)) == 0
    assert imported(play.watch(phone, seconds=350)) == 1


def test_the_wait_begins_anew_when_the_local_books_are_lost(play: Play, phone: Path) -> None:
    write(phone / "cut.jpg", jpeg(1, 400)[:-500])
    play.watch(phone, seconds=3000)
    (play.home / "local.db").unlink()
    assert imported(play.watch(phone, seconds=3000)) == 0
    assert imported(play.watch(phone, seconds=1000)) == 1


def test_what_is_no_picture_is_looked_at_once(play: Play, phone: Path) -> None:
    write(phone / "notes.txt", b"no picture")
    reports = play.watch(phone, seconds=2 * 3600)
    assert [report.counts.rejected for report in reports] == [1]


def test_a_file_that_cannot_be_read_is_tried_ever_more_rarely(play: Play, phone: Path) -> None:
    (phone / "gone.jpg").symlink_to("/proc/self/mem")
    assert len(play.watch(phone, seconds=DAY / 2)) < 20


def test_a_day_in_which_nothing_happens_opens_no_import(play: Play, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    play.watch(phone, seconds=200)
    assert play.watch(phone, seconds=DAY) == []


def test_several_sources_are_watched_at_once(play: Play, phone: Path, tmp_path: Path) -> None:
    card = tmp_path / "card"
    write(card / "DCIM" / "two.jpg", jpeg(2))
    write(phone / "one.jpg", jpeg(1))
    play.watch(phone, f"card={card}", seconds=120)
    assert play.listed() == ["one.jpg", "two.jpg"]


def test_what_is_known_is_not_taken_again_by_a_new_watch(play: Play, phone: Path) -> None:
    for number in range(5):
        write(phone / f"{number}.jpg", jpeg(number))
    play.storage.here("import", str(phone))
    assert play.watch(phone, seconds=600) == []


def test_many_files_are_taken_in_several_imports(play: Play, phone: Path) -> None:
    write(phone / "a" / "one.jpg", jpeg(1))
    write(phone / "b" / "two.jpg", jpeg(2))
    assert imported(play.watch(phone, seconds=200)) == 2


def test_many_imports_leave_no_descriptor_open(play: Play, phone: Path) -> None:
    counts = []
    for number in range(4):
        write(phone / f"{number}.jpg", jpeg(number))
        play.watch(phone, seconds=100)
        counts.append(len(os.listdir("/proc/self/fd")))
    assert counts[-1] == counts[1]
