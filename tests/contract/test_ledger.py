"""Promises of the port ``Ledger``."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from picture_pipeline.durable.files import open_folder
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.ledger.chain import Ledger
from picture_pipeline.model.event import Event, LedgerLine
from samples import FIRST, WRITER, digest_of, event_of

JUNE = "2024-06-01T00:00:00Z"
GENESIS = "0" * 64


class Chains:
    """A folder that stands for an archive, with its ledger."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._fd = open_folder(root)
        self.ledger = Ledger(self._fd, str(root))

    def close(self) -> None:
        os.close(self._fd)

    @property
    def folder(self) -> Path:
        return self.root / ".picture-pipeline" / "ledger" / WRITER

    def month(self, name: str) -> Path:
        return self.folder / f"{name}.jsonl"

    def append(self, batch: str, *events: Event) -> list[int]:
        return [line.seq for line in self.ledger.append(WRITER, batch, 1, events)]

    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir())

    def lines(self) -> list[bytes]:
        return b"".join((self.folder / name).read_bytes() for name in self.files()).splitlines()

    def told(self, key: str) -> list[object]:
        return [json.loads(line)[key] for line in self.lines()]

    def is_sound(self) -> bool:
        """Verify the chain as the format is documented, with no code of the product."""
        before = GENESIS
        for number, line in enumerate(self.lines(), 1):
            record = json.loads(line)
            if (record["seq"], record["prev"]) != (number, before):
                return False
            before = hashlib.sha256(line).hexdigest()
        return True


@pytest.fixture
def chains(tmp_path: Path) -> Iterator[Chains]:
    made = Chains(tmp_path)
    yield made
    made.close()


def events(count: int, time: str = FIRST, padding: str = "") -> list[Event]:
    known = [event_of(digest_of(number), time=time) for number in range(count)]
    return [
        Event(e.type, e.time, e.outcome, e.digest, {**e.detail, "padding": padding}) for e in known
    ]


def test_what_is_appended_is_a_chain(chains: Chains) -> None:
    chains.append("a", *events(2))
    chains.append("b", *events(1))

    assert chains.told("batch") == ["a", "a", "b"]
    assert chains.is_sound()


def test_lines_are_numbered_across_batches(chains: Chains) -> None:
    assert chains.append("a", *events(2)) == [1, 2]
    assert chains.append("b", *events(3)) == [3, 4, 5]


def test_a_line_says_where_its_event_stands(chains: Chains) -> None:
    event = event_of(digest_of(1))

    assert chains.ledger.append(WRITER, "a", 7, [event]) == (LedgerLine(WRITER, 1, event),)
    assert chains.told("run") == [7]


def test_every_writer_has_a_chain_of_its_own(chains: Chains) -> None:
    chains.append("a", *events(2))

    lines = chains.ledger.append("host-2", "b", 1, events(1))

    assert [(line.writer, line.seq) for line in lines] == [("host-2", 1)]


def test_nothing_to_append_makes_no_file(chains: Chains) -> None:
    assert chains.append("a") == []
    assert not chains.folder.exists()


def test_a_new_month_goes_on_with_the_chain(chains: Chains) -> None:
    chains.append("a", *events(2))
    chains.append("b", *events(1, JUNE))

    assert chains.files() == ["2024-05.jsonl", "2024-06.jsonl"]
    assert chains.is_sound()


def test_a_clock_that_jumps_back_a_month_keeps_the_chain_in_order(chains: Chains) -> None:
    chains.append("a", *events(2, JUNE))
    chains.append("b", *events(2, FIRST))

    assert chains.files() == ["2024-06.jsonl"]
    assert chains.told("batch") == ["a", "a", "b", "b"]
    assert chains.is_sound()


def test_a_month_that_stayed_empty_does_not_begin_the_chain_anew(chains: Chains) -> None:
    chains.append("a", *events(2))
    chains.month("2024-06").touch()

    assert chains.append("b", *events(1, "2024-07-01T00:00:00Z")) == [3]
    assert chains.is_sound()


def test_a_foreign_file_beside_the_months_is_let_alone(chains: Chains) -> None:
    chains.append("a", *events(1))
    (chains.folder / "2024-05 (conflict copy).jsonl").write_bytes(b"nonsense")

    assert chains.append("b", *events(1)) == [2]
    assert (chains.folder / "2024-05 (conflict copy).jsonl").read_bytes() == b"nonsense"


def test_a_batch_appended_twice_stands_there_once(chains: Chains) -> None:
    chains.append("a", *events(2))
    before = chains.lines()

    assert chains.append("a", *events(2)) == [1, 2]
    assert chains.lines() == before


def test_a_batch_appended_twice_after_another_stands_there_once(chains: Chains) -> None:
    chains.append("a", *events(2))
    chains.append("b", *events(2))

    assert chains.append("b", *events(2)) == [3, 4]
    assert chains.told("batch") == ["a", "a", "b", "b"]
    assert chains.is_sound()


def test_a_batch_that_was_cut_short_is_completed(chains: Chains) -> None:
    chains.append("a", *events(1))
    chains.append("b", *events(3))
    whole = chains.month("2024-05").read_bytes()
    chains.month("2024-05").write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))

    assert chains.append("b", *events(3)) == [2, 3, 4]
    assert chains.month("2024-05").read_bytes() == whole


@pytest.mark.parametrize("torn", [b'{"batch":"b","prev', b"\0" * 4096, b"x"])
def test_a_torn_last_line_is_cut_off(chains: Chains, torn: bytes) -> None:
    chains.append("a", *events(2))
    with chains.month("2024-05").open("ab") as file:
        file.write(torn)

    assert chains.append("b", *events(1)) == [3]
    assert chains.is_sound()


def test_a_file_of_nothing_but_a_torn_line_goes_on_with_the_month_before(chains: Chains) -> None:
    chains.append("a", *events(2))
    chains.month("2024-06").write_bytes(b'{"batch":"b"')

    assert chains.append("b", *events(1, JUNE)) == [3]
    assert chains.is_sound()


@pytest.mark.parametrize("size", [100, 70_000, 5_000_000])
def test_a_torn_line_of_any_length_is_cut_off(chains: Chains, size: int) -> None:
    chains.append("a", *events(2))
    with chains.month("2024-05").open("ab") as file:
        file.write(b"x" * size)

    assert chains.append("b", *events(1)) == [3]
    assert chains.is_sound()


@pytest.mark.parametrize(
    ("count", "padding"), [(2000, 0), (40, 4000), (3, 50_000), (12, 1_000_000)]
)
def test_a_chain_longer_than_what_is_read_at_once_goes_on(
    chains: Chains, count: int, padding: int
) -> None:
    chains.append("a", *events(count, padding="x" * padding))

    assert chains.append("b", *events(2)) == [count + 1, count + 2]
    assert chains.is_sound()


@pytest.mark.parametrize(("count", "padding"), [(300, 1000), (40, 200_000)])
def test_a_long_batch_appended_twice_stands_there_once(
    chains: Chains, count: int, padding: int
) -> None:
    chains.append("a", *events(3))
    chains.append("b", *events(count, padding="x" * padding))
    before = chains.lines()

    chains.append("b", *events(count, padding="x" * padding))

    assert chains.lines() == before


@pytest.mark.parametrize("damage", [b"nonsense\n", b"{}\n", b"[1]\n", b'{"seq":1}\n', b"\xff\n"])
def test_a_damaged_end_is_not_written_on(chains: Chains, damage: bytes) -> None:
    chains.append("a", *events(2))
    with chains.month("2024-05").open("ab") as file:
        file.write(damage)
    before = chains.month("2024-05").read_bytes()

    with pytest.raises(IntegrityError, match="restore it from a backup"):
        chains.append("b", *events(1))

    assert chains.month("2024-05").read_bytes() == before


def test_a_damaged_end_of_the_month_before_is_not_built_on(chains: Chains) -> None:
    chains.append("a", *events(2))
    with chains.month("2024-05").open("ab") as file:
        file.write(b"nonsense\n")

    with pytest.raises(IntegrityError):
        chains.append("b", *events(1, JUNE))


def test_a_ledger_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".picture-pipeline").write_bytes(b"a file where a folder should be")
    chains = Chains(tmp_path)

    with pytest.raises(ArchiveUnavailable, match="ledger could not be written"):
        chains.append("a", *events(1))

    chains.close()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a disk small enough to be full")
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder))
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(("umount", str(folder)), check=True)


def test_a_full_disk_leaves_the_chain_as_it_was(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "256k") as disk:
        chains = Chains(disk)
        chains.append("a", *events(2))
        before = chains.month("2024-05").read_bytes()

        with pytest.raises(ArchiveUnavailable, match="No space left"):
            chains.append("b", *events(2, padding="x" * 300_000))

        assert chains.month("2024-05").read_bytes() == before
        assert chains.append("b", *events(1)) == [3]
        assert chains.is_sound()
        chains.close()


def test_a_full_disk_at_the_start_of_a_month_does_not_begin_the_chain_anew(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "256k") as disk:
        chains = Chains(disk)
        chains.append("a", *events(2))
        with pytest.raises(ArchiveUnavailable):
            chains.append("b", *events(2, JUNE, padding="x" * 300_000))

        assert chains.append("c", *events(1, "2024-07-01T00:00:00Z")) == [3]
        assert chains.is_sound()
        chains.close()
