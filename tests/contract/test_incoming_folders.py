"""Promises of the port ``IncomingFolders``."""

import multiprocessing
from pathlib import Path

import pytest

from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming

FORK = multiprocessing.get_context("fork")


def folder_of(archive: ArchiveHandle, run: str = "run") -> Path:
    return archive.root / ".picture-pipeline" / "incoming" / run


def test_a_run_has_its_folder_until_it_ends(archive: ArchiveHandle, incoming: Incoming) -> None:
    before = [name for name, _ in incoming.stagings()]

    incoming.end("run")

    assert before == ["run"]
    assert incoming.stagings() == []
    assert not folder_of(archive).exists()


def test_a_run_that_ends_takes_with_it_what_is_left(
    archive: ArchiveHandle, incoming: Incoming
) -> None:
    incoming.area("run").sidecar("token", b"<x/>")
    incoming.area("run").settle()
    (folder_of(archive) / "batch.tmp").write_bytes(b"half a redo record")

    incoming.end("run")

    assert not folder_of(archive).exists()


def test_a_run_may_end_twice(incoming: Incoming) -> None:
    incoming.end("run")
    incoming.end("run")

    assert incoming.stagings() == []


def test_a_run_with_an_announced_batch_keeps_its_folder(
    archive: ArchiveHandle, incoming: Incoming
) -> None:
    incoming.area("run").sidecar("token", b"<x/>")
    incoming.area("run").settle()
    incoming.write_redo("run", "batch", b"announced")

    incoming.end("run")

    assert sorted(file.name for file in folder_of(archive).iterdir()) == ["batch.redo", "token.xmp"]


def test_what_a_nas_put_into_the_folder_does_not_stop_us(
    archive: ArchiveHandle, incoming: Incoming
) -> None:
    incoming.area("run").sidecar("token", b"<x/>")
    incoming.area("run").settle()
    (folder_of(archive) / "@eaDir").mkdir()

    incoming.end("run")

    assert [entry.name for entry in folder_of(archive).iterdir()] == ["@eaDir"]


def test_a_redo_record_comes_back_as_it_was_written(incoming: Incoming) -> None:
    incoming.write_redo("run", "batch", b"\x00\xff")

    assert list(incoming.redos()) == [("run", "batch", b"\x00\xff")]


def test_redo_records_of_all_runs_are_given(incoming: Incoming) -> None:
    incoming.begin("another")
    incoming.write_redo("run", "2", b"two")
    incoming.write_redo("run", "1", b"one")
    incoming.write_redo("another", "3", b"three")

    assert list(incoming.redos()) == [
        ("another", "3", b"three"),
        ("run", "1", b"one"),
        ("run", "2", b"two"),
    ]


def test_half_a_redo_record_is_none(archive: ArchiveHandle, incoming: Incoming) -> None:
    (folder_of(archive) / "batch.tmp").write_bytes(b"half")

    assert list(incoming.redos()) == []


def test_a_redo_record_may_be_removed_twice(incoming: Incoming) -> None:
    incoming.write_redo("run", "batch", b"announced")

    incoming.remove_redo("run", "batch")
    incoming.remove_redo("run", "batch")

    assert list(incoming.redos()) == []


def test_a_redo_record_may_be_removed_whose_run_is_gone(incoming: Incoming) -> None:
    incoming.end("run")

    incoming.remove_redo("run", "batch")

    assert list(incoming.redos()) == []


def test_a_run_that_never_began_has_no_folder(incoming: Incoming) -> None:
    with pytest.raises(ArchiveUnavailable, match="No such file"):
        incoming.write_redo("never began", "batch", b"announced")

    assert list(incoming.redos()) == []


def test_files_beside_the_folders_of_runs_are_let_alone(
    archive: ArchiveHandle, incoming: Incoming
) -> None:
    folder_of(archive, ".DS_Store").write_bytes(b"litter")
    folder_of(archive, "dangling").symlink_to("nowhere")

    assert [name for name, _ in incoming.stagings()] == ["run"]


def test_runs_may_come_and_go_while_others_look(archive: ArchiveHandle, incoming: Incoming) -> None:
    def come_and_go() -> None:
        mine = Incoming(archive)
        for number in range(150):
            mine.begin(f"other-{number % 3}")
            mine.write_redo(f"other-{number % 3}", "batch", b"announced")
            mine.remove_redo(f"other-{number % 3}", "batch")
            mine.end(f"other-{number % 3}")

    others = [FORK.Process(target=come_and_go)]
    for other in others:
        other.start()
    found = set()
    while any(other.is_alive() for other in others):
        found |= {data for _, _, data in incoming.redos()}
        assert ("run", "batch") not in {(run, batch) for run, batch, _ in incoming.redos()}
    for other in others:
        other.join()

    assert [other.exitcode for other in others] == [0]
    assert found <= {b"announced"}
