"""A watched folder on a network disk that fails for a while."""

from functools import partial
from pathlib import Path

from fuse_nas import mounted
from picture_pipeline.model.watched import SourceStatus
from pictures import jpeg, write
from played_watch import Play, imported

HOUR = 3600


def test_a_disk_that_fails_is_waited_for_and_nothing_is_lost(play: Play, tmp_path: Path) -> None:
    with mounted(tmp_path / "nas", tmp_path / "behind", tmp_path / "control") as nas:
        write(nas.behind / "2024" / "one.jpg", jpeg(1))
        seen: list[SourceStatus] = []
        assert imported(play.watch(nas.point, seconds=200)) == 1
        script = [
            (50, partial(write, nas.behind / "2024" / "two.jpg", jpeg(2))),
            (65, partial(nas.fails, "EIO")),
            (600, lambda: seen.append(play.health(nas.point).status)),
            (HOUR, partial(nas.fails, "none")),
        ]
        assert imported(play.watch(nas.point, seconds=HOUR + 300, meanwhile=script)) == 1
        assert seen == [SourceStatus.UNMOUNTED]
        assert play.health(nas.point).status is SourceStatus.WATCHED
